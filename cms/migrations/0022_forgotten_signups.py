"""Until now a sign-up without an address was one that had been forgotten."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def note(apps, _editor):
    ends = apps.get_model("cms", "EventPage").objects.filter(pk=OuterRef("event")).values("ends_at")
    apps.get_model("cms", "SignUp").objects.filter(email="").update(forgotten_at=Subquery(ends))


class Migration(migrations.Migration):
    dependencies = [("cms", "0021_signups_by_phone")]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]

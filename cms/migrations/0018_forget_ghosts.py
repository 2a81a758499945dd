"""Nothing forwards. Backwards, announcements of deleted events go, since they may not stand without one there."""

from django.db import migrations


def forget_ghosts(apps, _editor):
    events = apps.get_model("cms", "EventPage").objects.values("pk")
    apps.get_model("cms", "Announcement").objects.exclude(event_id__in=events).delete()


class Migration(migrations.Migration):
    dependencies = [("cms", "0017_announcements_outlive_events")]

    operations = [migrations.RunPython(migrations.RunPython.noop, forget_ghosts)]

"""Sign-ups and reminders of translations and aliases go to the page that was written first, which alone is announced.

Who wants the same reminder on both pages keeps one. A second sign-up of an inbox keeps its seats, without the address
that the first one has: staff see it as one to ring. Backwards nothing moves.
"""

from django.db import migrations

ACTIVE = ["going", "unpaid", "offered", "queued"]

def gather(apps, _editor):
    page = apps.get_model("cms", "EventPage")
    reminders = apps.get_model("cms", "ReminderRequest")
    signups = apps.get_model("cms", "SignUp")
    for other in page.objects.select_related("alias_of", "locale").order_by("pk"):
        key = other.alias_of.translation_key if other.alias_of_id else other.translation_key
        first = page.objects.filter(translation_key=key, alias_of=None).order_by("pk").first()
        reminders.objects.filter(event=other).update(language=other.locale.language_code)
        if first is None or first.pk == other.pk:
            continue
        for wish in reminders.objects.filter(event=other):
            twice = reminders.objects.filter(event=first, lead=wish.lead, email__iexact=wish.email)
            if wish.email and twice.exists():
                wish.email, wish.state = "", "expired"
            wish.event = first
            wish.save()
        for signup in signups.objects.filter(event=other):
            if signups.objects.filter(event=first, state__in=ACTIVE, email__iexact=signup.email).exists():
                signup.email = ""
            signup.event = first
            signup.save()
        apps.get_model("cms", "GuestLetter").objects.filter(event=other).update(event=first)
        apps.get_model("cms", "Announcement").objects.filter(pk=other.pk).delete()


class Migration(migrations.Migration):
    dependencies = [("cms", "0025_events_in_several_languages")]

    operations = [migrations.RunPython(gather, migrations.RunPython.noop)]

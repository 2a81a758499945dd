from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Innehåll")

    def ready(self) -> None:
        from wagtail.signals import page_published

        from cms import admin_labels, letter_examples
        from cms.kalender import signup_letters
        from cms.kalender.letters import calendar_file
        from cms.kalender.models import EventPage
        from cms.kalender.publishing import on_published
        from cms.sharing.telling import on_page_published
        from notifications import letters

        admin_labels.put()
        letters.attach("reminder", calendar_file)
        letters.attach("signup-going", signup_letters.request_file)
        letters.attach("signup-cancelled", signup_letters.cancel_file)
        letters.introduce(*letter_examples.KINDS)
        page_published.connect(on_published, sender=EventPage)
        page_published.connect(on_page_published)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Innehåll")

    def ready(self) -> None:
        from wagtail.signals import page_published, page_unpublished

        from cms import admin_labels, letter_examples
        from cms.kalender import attachments, reminders, signing_up, telling
        from cms.kalender.models import EventPage
        from cms.kalender.publishing import on_published, on_unpublished
        from cms.sharing.telling import on_page_published
        from notifications import letters
        from shop import event_places

        admin_labels.put()
        letters.renew("reminder", reminders.as_it_leaves)
        letters.attach("reminder", attachments.event_file)
        letters.attach("signup-going", attachments.request_file)
        letters.attach("signup-cancelled", attachments.cancel_file)
        letters.renew(telling.MOVED, telling.as_it_leaves)
        letters.renew(telling.ON_AGAIN, telling.as_it_leaves)
        letters.renew(telling.CANCELLED, telling.called_off_as_it_leaves)
        for letter in telling.LETTERS:
            letters.attach(letter, attachments.news_file)
        letters.introduce(*letter_examples.KINDS)
        event_places.hosted_by(signing_up.HOST)
        page_published.connect(on_published, sender=EventPage)
        page_unpublished.connect(on_unpublished, sender=EventPage)
        page_published.connect(on_page_published)

from typing import Any

from django.apps import AppConfig
from django.db import transaction
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = _("Bilder och filer")

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from library.limits import refuse_bombs
        from library.models import Picture

        refuse_bombs()
        post_save.connect(nudge, sender=Picture)


def nudge(instance: Any, **_sent: Any) -> None:
    """Have the worker draw a saved picture's sizes. Wagtail saves pictures in five views, so a signal sees them all."""
    from library.tasks import make_renditions

    transaction.on_commit(lambda: make_renditions.delay(instance.pk), robust=True)

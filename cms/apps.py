from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Innehåll")

    def ready(self) -> None:
        from cms.kalender.letters import calendar_file
        from notifications import letters

        letters.attach("reminder", calendar_file)

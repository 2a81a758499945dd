from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShopConfig(AppConfig):
    name = "shop"
    verbose_name = _("Butik")

    def ready(self) -> None:
        from notifications import letters
        from shop import low_stock

        letters.introduce(low_stock.KIND)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Beställningar")

    def ready(self) -> None:
        from notifications import letters as all_letters
        from orders import (
            attachments,
            checks,  # noqa: F401  registers them
            examples,
            examples_afterwards,
            examples_organisations,
            places,
        )
        from shop import event_places

        attachments.register()
        event_places.sold_by(places.SELLER)
        all_letters.introduce(*examples.KINDS, *examples_afterwards.KINDS, *examples_organisations.KINDS)

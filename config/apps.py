from contextlib import AbstractContextManager
from typing import Any

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Makes config's own commands known, tells letters who sends them, and has changes told to kept pages."""

    name = "config"

    def ready(self) -> None:
        from config.pages import telling
        from notifications import letters

        letters.common(seller)
        letters.remember_in(one_sending)
        telling.connect()


def seller() -> dict[str, Any]:
    from orders.letters import seller_facts

    return {"seller": seller_facts()}


def one_sending() -> AbstractContextManager[None]:
    from shop import freshness

    return freshness.one_request(only_reads=False)

from typing import Any

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Makes config's own commands (start-up checks, doctor, seed) known, and tells letters who sends them."""

    name = "config"

    def ready(self) -> None:
        from notifications import letters

        letters.common(seller)


def seller() -> dict[str, Any]:
    from orders.letters import seller_facts

    return {"seller": seller_facts()}

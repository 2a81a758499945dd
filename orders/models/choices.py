"""The words that orders are sorted by, and how a buyer's own numbers are shown."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _


class Buyer(models.TextChoices):
    PRIVATE = "private", _("Privatperson")
    COMPANY = "company", _("Företag")
    PUBLIC = "public", _("Offentlig verksamhet")


class WhyCancelled(models.TextChoices):
    """What the buyer reads of why an order was called off."""

    ASKED = "asked", _("Köparen bad om det")
    SOLD_OUT = "sold-out", _("Varan är slut")
    OUR_FAULT = "our-fault", _("Något blev fel hos oss")
    UNPAID = "unpaid", _("Betalningen har inte kommit")
    WORDS = "words", _("Det som står ovan, ord för ord")
    NOTHING = "nothing", _("Inget om skälet")
    NO_EVENT = "no-event", _("Träffen är inställd")  # said by the clock alone


class Method(models.TextChoices):
    INVOICE = "invoice", _("Faktura")
    CARD = "card", _("Kort")
    SWISH = "swish", _("Swish")
    KLARNA = "klarna", _("Klarna")

    @property
    def within(self) -> str:
        """The label inside a sentence: `kort`, but `Swish`."""
        return str(self.label) if self in {self.SWISH, self.KLARNA} else str(self.label).lower()


def new_key() -> str:
    """An unguessable address: 192 random bits."""
    return secrets.token_urlsafe(24)


def is_personal(organisation_number: str) -> bool:
    """Whether it is a sole trader's: the owner's personal number, whose third digit is 0 or 1 (sweden.md b)."""
    return organisation_number[2:3] in {"0", "1"}


def masked(organisation_number: str) -> str:
    """As lists and letters show it: `212999-0004`, `••••••-9805` of a sole trader; empty without a number."""
    if is_personal(organisation_number):
        return f"••••••-{organisation_number[6:]}"
    return f"{organisation_number[:6]}-{organisation_number[6:]}" if organisation_number else ""

"""What the asker and the accepter of a quote write."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from orders.deliveries import Sheet
from orders.forms import ORGANISATION, CheckoutForm, DeliveriesField, sent_key
from orders.models import Buyer, Quote
from shop.basket import Basket
from shop.typed import EMAIL, NAME, SummarisedForm, TypedField, mail_address

MAIL_INPUT = {"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}
ROLE = gettext_lazy("Skriv din roll, till exempel enhetschef")
ACCEPTER = ("accepter_name", "accepter_email", "accepter_role")


class QuoteForm(SummarisedForm):
    """Begär offert: no payment, no address; those come when it is accepted."""

    organisation = TypedField(
        label=gettext_lazy("Organisation"), sentence=ORGANISATION, longest=120,
        attrs={"autocomplete": "organization"},
    )  # fmt: skip
    name = TypedField(label=gettext_lazy("Ditt namn"), sentence=NAME, attrs={"autocomplete": "name"})
    email = TypedField(
        label=gettext_lazy("E-post"), help_text=gettext_lazy("Hit skickar vi offerten."),
        sentence=EMAIL, read=mail_address, longest=254, widget=forms.EmailInput, attrs=MAIL_INPUT,
    )  # fmt: skip
    reference = TypedField(
        label=gettext_lazy("Er referens"), help_text=gettext_lazy("Namn eller kostnadsställe"),
        longest=60, required=False, attrs={"autocomplete": "off"},
    )  # fmt: skip

    deliveries = DeliveriesField(
        label=gettext_lazy("Flera leveransadresser"),
        help_text=gettext_lazy(
            "Klistra in raderna ur ett kalkylblad. Då skickas ett paket till varje adress."
        ),
    )

    def __init__(self, *args: Any, sheet: Sheet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet

    def clean_deliveries(self) -> str:
        """Nothing is quoted while a row is wrong, or list and basket do not agree."""
        if self.sheet and (wrong := self.sheet.wrong):
            raise ValidationError(wrong)
        return str(self.cleaned_data["deliveries"])

    @property
    def details(self) -> dict[str, Any]:
        """The quote's own fields for who asks. Only for a valid form."""
        return {name: self.cleaned_data[name] for name in ("organisation", "name", "email", "reference")}

    @property
    def key(self) -> str:
        """A new one for a form that is opened, the sent one when it comes back."""
        sent: Any = self.data if self.is_bound else self.initial
        return sent_key(sent) or secrets.token_urlsafe(18)

    def key_with(self, held: Basket) -> str:
        """One form, one quote, however often it is sent; with anything changed in it, another. Only for a valid form.

        Who goes back and mends the e-mail address wants the letter there.
        """
        written = repr((self.key, sorted(self.cleaned_data.items()), list(held.rows.items())))
        return hashlib.sha256(written.encode()).hexdigest()


class AcceptForm(CheckoutForm):
    """The checkout without choices of goods and freight, and who it is that says yes."""

    accepter_name = TypedField(
        label=gettext_lazy("Namn på dig som accepterar"), sentence=NAME, attrs={"autocomplete": "name"}
    )  # fmt: skip
    accepter_email = TypedField(
        label=gettext_lazy("Din e-post"), sentence=EMAIL, read=mail_address, longest=254,
        widget=forms.EmailInput, attrs=MAIL_INPUT,
    )  # fmt: skip
    accepter_role = TypedField(
        label=gettext_lazy("Din roll"), help_text=gettext_lazy("Till exempel enhetschef"), sentence=ROLE,
        attrs={"autocomplete": "organization-title"},
    )  # fmt: skip
    field_order = [*ACCEPTER]

    @property
    def details(self) -> dict[str, Any]:
        return {name: value for name, value in super().details.items() if name not in ACCEPTER}


def first_answers(quote: Quote) -> dict[str, Any]:
    """What the quote knows of its buyer, for the accepter to change."""
    return {
        "buyer": quote.buyer or Buyer.COMPANY,
        "organisation": quote.organisation,
        "organisation_number": quote.organisation_number,
        "reference": quote.reference,
        "name": quote.name,
        "email": quote.email,
        "payment": "invoice",
    }

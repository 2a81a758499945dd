"""What buyers write. Fields stand in the order of the page; sentences are those of DESIGN.md section 8."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from orders.deliveries import Sheet
from orders.models import Buyer, Method
from shop import validators
from shop.pricing import FreightOption
from shop.typed import EMAIL, NAME, SummarisedForm, TypedField, mail_address

STREET = gettext_lazy("Skriv gatuadress eller box")
CITY = gettext_lazy("Skriv orten")
ORGANISATION = gettext_lazy("Skriv organisationens namn")
REFERENCE = gettext_lazy("Skriv en referens, så att fakturan hittar fram")
BUYER = gettext_lazy("Välj vem som handlar")
FREIGHT = gettext_lazy("Välj hur vi ska skicka")
PAYMENT = gettext_lazy("Välj hur du vill betala")

ORGANISATION_FIELDS = ("organisation", "organisation_number", "reference", "purchase_order", "deliveries")
INVOICE_ADDRESS = (
    "invoice_name",
    "invoice_address_line1",
    "invoice_address_line2",
    "invoice_postal_code",
    "invoice_city",
)
INVOICE_FIELDS = ("peppol_id", *INVOICE_ADDRESS)

# Who may pay by what. Klarna sells to persons only; our own invoice goes to organisations only.
METHODS: dict[str, tuple[str, ...]] = {
    Buyer.PRIVATE: (Method.CARD, Method.SWISH, Method.KLARNA),
    Buyer.COMPANY: (Method.INVOICE, Method.CARD, Method.SWISH),
    Buyer.PUBLIC: (Method.INVOICE, Method.CARD, Method.SWISH),
}


class Ignored(forms.Field):
    """Stands in for a field of a group that this buyer does not see: kept as typed, never judged."""

    def clean(self, value: Any) -> str:
        return ""


class DeliveriesField(forms.CharField):
    """Rows pasted from a spreadsheet, kept as they are; `orders.deliveries` reads them."""

    def __init__(self, **options: Any) -> None:
        attrs = {"class": "input", "rows": "6", "autocomplete": "off", "spellcheck": "false", "wrap": "off"}
        super().__init__(required=False, strip=False, widget=forms.Textarea(attrs=attrs), **options)
        self.validators = []  # a null character spoils its row, not the list

    def prepare_value(self, value: Any) -> Any:
        """For typing it again; a null character has no place in HTML."""
        return value.replace("\x00", "") if isinstance(value, str) else value


class CheckoutForm(SummarisedForm):
    """Kassan: one page, guests only.

    `freights` are the ways of sending on offer; `sheet` is what was pasted as several delivery addresses.
    """

    anchors = {"buyer": "kund-privat", "freight": "lev-1", "payment": "kort"}

    buyer = forms.ChoiceField(
        choices=Buyer.choices,
        initial=Buyer.PRIVATE,
        error_messages=dict.fromkeys(("required", "invalid_choice"), BUYER),
    )
    organisation = TypedField(
        label=gettext_lazy("Organisation"), sentence=ORGANISATION, longest=120,
        attrs={"autocomplete": "organization"},
    )  # fmt: skip
    organisation_number = TypedField(
        label=gettext_lazy("Organisationsnummer"), help_text=gettext_lazy("Tio siffror"),
        sentence=validators.ORGANISATION_NUMBER, read=validators.organisation_number,
        attrs={"autocomplete": "off", "inputmode": "numeric"},
    )  # fmt: skip
    reference = TypedField(
        label=gettext_lazy("Er referens"), help_text=gettext_lazy("Namn eller kostnadsställe"),
        sentence=REFERENCE, longest=60, attrs={"autocomplete": "off"},
    )  # fmt: skip
    purchase_order = TypedField(
        label=gettext_lazy("Ert ordernummer"), help_text=gettext_lazy("Om ni vill se det på fakturan."),
        longest=60, required=False, attrs={"autocomplete": "off"},
    )  # fmt: skip
    email = TypedField(
        label=gettext_lazy("E-post"), help_text=gettext_lazy("Hit skickar vi orderbekräftelsen."),
        sentence=EMAIL, read=mail_address, longest=254, widget=forms.EmailInput,
        attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"},
    )  # fmt: skip
    phone = TypedField(
        label=gettext_lazy("Mobilnummer"),
        help_text=gettext_lazy("Transportören aviserar med sms. Vi ringer bara om något är oklart."),
        sentence=validators.PHONE, read=validators.phone, css="w-10",
        widget=forms.TelInput, attrs={"autocomplete": "tel"},
    )  # fmt: skip
    name = TypedField(
        label=gettext_lazy("Namn"), sentence=NAME, attrs={"autocomplete": "shipping name"}
    )  # fmt: skip
    address_line1 = TypedField(
        label=gettext_lazy("Gatuadress"), sentence=STREET, longest=200,
        attrs={"autocomplete": "shipping address-line1"},
    )  # fmt: skip
    address_line2 = TypedField(
        label=gettext_lazy("Våning, port eller c/o"), longest=200, required=False,
        attrs={"autocomplete": "shipping address-line2"},
    )  # fmt: skip
    postal_code = TypedField(
        label=gettext_lazy("Postnummer"), sentence=validators.POSTAL_CODE, read=validators.postal_code, css="w-5",
        attrs={"autocomplete": "shipping postal-code", "inputmode": "numeric"},
    )  # fmt: skip
    city = TypedField(
        label=gettext_lazy("Ort"), sentence=CITY, attrs={"autocomplete": "shipping address-level2"}
    )  # fmt: skip
    deliveries = DeliveriesField(
        label=gettext_lazy("Flera leveransadresser"),
        help_text=gettext_lazy(
            "Klistra in raderna ur ett kalkylblad. Då skickas ett paket till varje adress."
        ),
    )
    freight = forms.CharField(
        required=False, error_messages={"null_characters_not_allowed": FREIGHT}
    )  # fmt: skip
    payment = forms.ChoiceField(
        choices=Method.choices, error_messages=dict.fromkeys(("required", "invalid_choice"), PAYMENT)
    )
    peppol_id = TypedField(
        label=gettext_lazy("E-fakturaadress (Peppol-id eller GLN)"), required=False,
        help_text=gettext_lazy(
            "Offentlig verksamhet kan lämna tomt: då går e-fakturan till ert organisationsnummer. "
            "Företag som lämnar tomt får fakturan som PDF till e-postadressen ovan."
        ),
        read=validators.peppol_id, longest=60, attrs={"autocomplete": "off"},
    )  # fmt: skip
    invoice_name = TypedField(
        label=gettext_lazy("Fakturamottagare"), longest=120, required=False,
        attrs={"autocomplete": "billing organization"},
    )  # fmt: skip
    invoice_address_line1 = TypedField(
        label=gettext_lazy("Fakturaadress"), sentence=STREET, longest=200, required=False,
        attrs={"autocomplete": "billing address-line1"},
    )  # fmt: skip
    invoice_address_line2 = TypedField(
        label=gettext_lazy("Fakturaadress, rad 2"), longest=200, required=False,
        attrs={"autocomplete": "billing address-line2"},
    )  # fmt: skip
    invoice_postal_code = TypedField(
        label=gettext_lazy("Fakturans postnummer"), sentence=validators.POSTAL_CODE, read=validators.postal_code,
        css="w-5", required=False, attrs={"autocomplete": "billing postal-code", "inputmode": "numeric"},
    )  # fmt: skip
    invoice_city = TypedField(
        label=gettext_lazy("Fakturans ort"), sentence=CITY, required=False,
        attrs={"autocomplete": "billing address-level2"},
    )  # fmt: skip
    greeting = TypedField(
        label=gettext_lazy("Hälsning till oss som packar"), longest=1000, several_lines=True, required=False,
        widget=forms.Textarea, attrs={"rows": "3"},
    )  # fmt: skip

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        freights: Sequence[FreightOption] = (),
        sheet: Sheet | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.freights, self.sheet = freights, sheet
        if data is not None:
            self._ignore_hidden_groups()

    def _ignore_hidden_groups(self) -> None:
        """What the page hides from this buyer is not judged: nobody could mend it there."""
        organisation = self.data.get("buyer") in {Buyer.COMPANY, Buyer.PUBLIC}
        invoice = organisation and self.data.get("payment") == Method.INVOICE
        hidden = (() if organisation else ORGANISATION_FIELDS) + (() if invoice else INVOICE_FIELDS)
        for name in hidden:
            shown = self.fields[name]
            self.fields[name] = Ignored(
                label=shown.label, help_text=shown.help_text, widget=shown.widget, required=shown.required
            )
        if invoice and any(str(self.data.get(name, "")).strip() for name in INVOICE_ADDRESS):
            for name in ("invoice_address_line1", "invoice_postal_code", "invoice_city"):
                self.fields[name].required = True

    def clean_freight(self) -> str:
        """Nothing sent means the first way; nothing on offer means that nothing needs to be sent."""
        code = str(self.cleaned_data["freight"])
        codes = [option.method.code for option in self.freights]
        if code and codes and code not in codes:
            raise ValidationError(FREIGHT)
        return code if code in codes else next(iter(codes), "")

    def clean_deliveries(self) -> str:
        """Nothing is ordered while a row is wrong, or list and basket do not agree."""
        if self.sheet and (wrong := self.sheet.wrong):
            raise ValidationError(wrong)
        return ""

    def clean(self) -> dict[str, Any]:
        buyer, payment = self.cleaned_data.get("buyer", ""), self.cleaned_data.get("payment")
        if payment and buyer and payment not in METHODS[buyer]:
            self.add_error("payment", PAYMENT)
        number = self.cleaned_data.get("organisation_number")
        if buyer == Buyer.PUBLIC and number:
            try:
                validators.legal_person(number)
            except ValidationError as error:
                self.add_error("organisation_number", error)
        return self.cleaned_data

    @property
    def details(self) -> dict[str, Any]:
        """The order's own fields for buyer and addresses. Only for a valid form."""
        elsewhere = {"freight", "payment", "deliveries"}
        return {name: value for name, value in self.cleaned_data.items() if name not in elsewhere}

    @property
    def invoice_address_open(self) -> bool:
        """Whether the other invoice address holds something, right or wrong."""
        return any(str(self[name].value() or "").strip() for name in INVOICE_ADDRESS)


_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


def sent_key(data: QueryDict) -> str:
    """The checkout's key as the form carried it; empty when it is none."""
    key = str(data.get("checkout_key", ""))
    return key if _KEY.fullmatch(key) else ""


def sent_total(data: QueryDict) -> int | None:
    """The sum in öre that the buyer saw; None when the form did not say."""
    text = str(data.get("shown_total", ""))
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None

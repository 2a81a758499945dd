"""What visitors write when they ask. Fields stand in the order of the page; sentences as DESIGN.md section 8."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.enquiries.dates import last_day
from cms.enquiries.models import Kind
from cms.enquiries.operations import Words
from shop import validators
from shop.typed import EMAIL, NAME, SummarisedForm, TypedField, mail_address

KIND = gettext_lazy("Välj vad du vill fråga om")
MESSAGE = gettext_lazy("Skriv några ord, så att vi kan svara")
ORGANISATION = gettext_lazy("Skriv organisationens namn")
PHONE = gettext_lazy("Kontrollera numret. Skriv med riktnummer, till exempel 0510-123 45")
PEOPLE = gettext_lazy("Skriv ungefär hur många ni blir med siffror, till exempel 40")

LONGEST_MESSAGE = 5000
MOST_PEOPLE = 100_000


def phone(text: str) -> str:
    try:
        return validators.phone(text)
    except ValidationError as error:
        raise ValidationError(PHONE) from error


def people(text: str) -> str:
    """`ca 40`, `30–40`, `1 500 fördelat på tre dagar`: as written, as long as a number of people is in it."""
    together = re.sub(r"(?<=\d)[\s\N{NO-BREAK SPACE}](?=\d{3}\b)", "", text)
    numbers = [int(number) for number in re.findall(r"\d{1,9}", together)]
    if not numbers or not 1 <= max(numbers) <= MOST_PEOPLE:
        raise ValidationError(PEOPLE)
    return text


def name_field() -> TypedField:
    return TypedField(label=gettext_lazy("Namn"), sentence=NAME, attrs={"autocomplete": "name"})


def email_field() -> TypedField:
    return TypedField(
        label=gettext_lazy("E-post"),
        help_text=gettext_lazy("Hit svarar vi."),
        sentence=EMAIL,
        read=mail_address,
        longest=254,
        widget=forms.EmailInput,
        attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"},
    )


def message_field(label: Any, rows: int) -> TypedField:
    return TypedField(
        label=label,
        sentence=MESSAGE,
        longest=LONGEST_MESSAGE,
        several_lines=True,
        widget=forms.Textarea,
        attrs={"rows": str(rows)},
    )


class EnquiryForm(SummarisedForm):
    """What both forms do with what was written."""

    @property
    def words(self) -> Words:
        """Only for a valid form."""
        return Words(**self.cleaned_data)


class ContactForm(EnquiryForm):
    """The contact page's form: a name, an address and a few words."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Vad gäller det?"),
        required=False,
        choices=[("", gettext_lazy("Något annat")), *Kind.choices[1:]],
        error_messages={"invalid_choice": KIND},
        widget=forms.Select(attrs={"class": "input"}),
    )
    name = name_field()
    email = email_field()
    message = message_field(gettext_lazy("Meddelande"), 7)

    def clean_kind(self) -> str:
        return str(self.cleaned_data["kind"] or Kind.QUESTION)


class BookingForm(EnquiryForm):
    """Enquiry for a lecture, a workshop or the material. `today` is Stockholm's."""

    anchors = {"kind": "f-kind"}

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in (Kind.LECTURE, Kind.WORKSHOP, Kind.MATERIAL)],
        error_messages=dict.fromkeys(("required", "invalid_choice"), KIND),
    )
    wished = TypedField(
        label=gettext_lazy("Önskat datum"), required=False,
        help_text=gettext_lazy("Skriv som du vill, till exempel 12 mars 2027 eller någon gång i maj."),
        attrs={"autocomplete": "off"},
    )  # fmt: skip
    people = TypedField(
        label=gettext_lazy("Antal personer"), required=False, read=people, longest=60, css="w-10",
        help_text=gettext_lazy("Ungefär räcker."), attrs={"autocomplete": "off"},
    )  # fmt: skip
    organisation = TypedField(
        label=gettext_lazy("Organisation"), sentence=ORGANISATION, longest=120,
        attrs={"autocomplete": "organization"},
    )  # fmt: skip
    name = name_field()
    email = email_field()
    phone = TypedField(
        label=gettext_lazy("Telefon"), required=False, read=phone, css="w-10",
        widget=forms.TelInput, attrs={"autocomplete": "tel"},
    )  # fmt: skip
    message = message_field(gettext_lazy("Berätta lite mer"), 6)

    def __init__(self, data: QueryDict | None = None, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today

    def clean_wished(self) -> str:
        wished = str(self.cleaned_data["wished"])
        day = last_day(wished)
        if day and day < self.today:
            raise ValidationError(
                _("Det datumet har redan varit. Skriv ett som ligger framför oss, eller lämna tomt")
            )
        return wished

    @property
    def chosen(self) -> str:
        return str(self["kind"].value() or "")

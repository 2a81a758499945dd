"""Other names on the places of a sign-up: a colleague comes instead, or a name was written or heard wrongly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.kalender.models import Guest
from cms.kalender.signup_forms import LONGEST_NAME, is_an_address
from shop.typed import SummarisedForm, TypedField

NAMELESS = gettext_lazy("Skriv namnet på den som kommer")
FIELD = "name-"


class NameField(TypedField):
    """One name, as the sign-up's form takes it: there each line has one, here each field."""

    def clean(self, value: Any) -> str:
        typed = str(value or "").strip()
        if len(typed.splitlines()) > 1:
            raise ValidationError(_("Skriv ett namn i varje ruta"))
        return super().clean(" ".join(typed.split()))


def name_of_a_person(text: str) -> str:
    """Raises ValidationError."""
    if is_an_address(text):
        raise ValidationError(_("Skriv ett namn, inte en e-postadress"))
    return text


class NamesForm(SummarisedForm):
    """A field for each guest, called by the guest's key."""

    words_its_own = True

    def __init__(self, guests: Iterable[Guest], data: QueryDict | None = None) -> None:
        super().__init__(data)
        for number, guest in enumerate(guests, 1):
            self.fields[f"{FIELD}{guest.pk}"] = NameField(
                label=_("Gäst %(number)s") % {"number": number},
                sentence=NAMELESS,
                read=name_of_a_person,
                longest=LONGEST_NAME,
                initial=guest.name,
                attrs={"autocomplete": "off"},
            )

    @property
    def names(self) -> dict[int, str]:
        """By the guest's key; only of a valid form."""
        return {int(name.removeprefix(FIELD)): text for name, text in self.cleaned_data.items()}

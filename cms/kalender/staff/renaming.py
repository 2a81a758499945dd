"""Other names on the places of a sign-up: a colleague comes instead, or a name was heard wrongly."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.kalender.models import Guest
from cms.kalender.signup_forms import LONGEST_NAME
from shop.typed import SummarisedForm, TypedField

NAMELESS = gettext_lazy("Skriv namnet på den som kommer")
FIELD = "name-"


class NamesForm(SummarisedForm):
    """A field for each guest, called by the guest's key."""

    def __init__(self, guests: Iterable[Guest], data: QueryDict | None = None) -> None:
        super().__init__(data)
        for number, guest in enumerate(guests, 1):
            self.fields[f"{FIELD}{guest.pk}"] = TypedField(
                label=_("Gäst %(number)s") % {"number": number},
                sentence=NAMELESS,
                longest=LONGEST_NAME,
                initial=guest.name,
                attrs={"autocomplete": "off"},
            )

    @property
    def names(self) -> dict[int, str]:
        """By the guest's key; only of a valid form."""
        return {int(name.removeprefix(FIELD)): text for name, text in self.cleaned_data.items()}

"""Which of several people in one sign-up give their places back, or their turn in the queue, while the rest stay."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.kalender.models import Guest
from shop.typed import SummarisedForm

UNCHOSEN = gettext_lazy("Välj minst en som inte kommer")
LONGEST_NUMBER = 18  # digits that a database's integer surely holds


def is_key(text: str) -> bool:
    """Whether it may be a guest's."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


class GuestsField(forms.MultipleChoiceField):
    """Keys of guests. Those of people who have left since, in another window perhaps, are no fault."""

    def valid_value(self, value: str) -> bool:
        return is_key(value)


class LeavingForm(SummarisedForm):
    """A box to tick for each guest, by the guest's key."""

    anchors = {"out": "f-out_0"}
    words_its_own = True

    def __init__(self, guests: Iterable[Guest], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["out"] = GuestsField(
            label=_("Vilka kommer inte?"),
            choices=[(str(guest.pk), guest.name) for guest in guests],
            widget=forms.CheckboxSelectMultiple,
            error_messages=dict.fromkeys(("required", "invalid_choice", "invalid_list"), UNCHOSEN),
        )

    @property
    def chosen(self) -> set[int]:
        """Only of a valid form."""
        return {int(key) for key in self.cleaned_data["out"]}

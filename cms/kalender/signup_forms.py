"""What guests write when they sign up. Fields stand in the order of the page; sentences as DESIGN.md section 8."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from cms.enquiries.forms import phone
from cms.kalender.models import new_key
from cms.kalender.signing_up import Wish
from shop import validators
from shop.typed import EMAIL, NAME, SummarisedForm, TypedField, mail_address

MOST_PLACES = 20  # in one sign-up
LONGEST_NAME = 120
LONGEST_NEEDS = 300
KEY = re.compile(r"[-\w]{16,40}", re.ASCII)


class SignUpForm(SummarisedForm):
    """One or several people, with one inbox. `seats` is how many the event has at all; None when not counted."""

    names = TypedField(
        label=gettext_lazy("Namn"), sentence=NAME, several_lines=True,
        help_text=gettext_lazy("Kommer ni flera? Skriv ett namn på varje rad."),
        longest=MOST_PLACES * (LONGEST_NAME + 2),
        widget=forms.Textarea, attrs={"rows": "3", "autocomplete": "name"},
    )  # fmt: skip
    email = TypedField(
        label=gettext_lazy("E-post"), sentence=EMAIL, read=mail_address, longest=254,
        help_text=gettext_lazy("Hit mejlar vi om ni fick plats, och allt annat om träffen."),
        widget=forms.EmailInput, attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"},
    )  # fmt: skip
    phone = TypedField(
        label=gettext_lazy("Telefon"), required=False, read=phone, css="w-10",
        help_text=gettext_lazy("Om något ändras samma dag."),
        widget=forms.TelInput, attrs={"autocomplete": "tel"},
    )  # fmt: skip
    organisation = TypedField(
        label=gettext_lazy("Organisation"),
        required=False,
        longest=120,
        attrs={"autocomplete": "organization"},
    )
    needs = TypedField(
        label=gettext_lazy("Mat och tillgänglighet"), required=False, several_lines=True, longest=LONGEST_NEEDS,
        help_text=gettext_lazy("Något vi ska tänka på för att det ska bli bra för er? Till exempel vegansk mat."),
        widget=forms.Textarea, attrs={"rows": "2", "autocomplete": "off"},
    )  # fmt: skip
    needs_agreed = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict | None = None, *, seats: int | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.seats = seats
        typed = data.get("signup_key", "") if data else ""
        self.key = typed if KEY.fullmatch(typed) else new_key()

    def clean_names(self) -> list[str]:
        lines = (
            validators.printable(" ".join(line.split())) for line in self.cleaned_data["names"].splitlines()
        )
        names = [line for line in lines if line]
        if fault := self._fault_of(names):
            raise ValidationError(fault)
        return names

    def _fault_of(self, names: list[str]) -> str:
        most = min(self.seats or MOST_PLACES, MOST_PLACES)
        if len(names) > most:
            return self._too_many(most)
        if any(len(name) > LONGEST_NAME for name in names):
            return _("Skriv högst %(most)s tecken på varje rad") % {"most": LONGEST_NAME}
        if any("@" in name for name in names):
            return _("Skriv ett namn på varje rad, inte en e-postadress")
        return ""

    def _too_many(self, most: int) -> str:
        if most < MOST_PLACES:
            words = ngettext(
                "Träffen har %(most)s plats i allt. Skriv högst så många namn",
                "Träffen har %(most)s platser i allt. Skriv högst så många namn",
                most,
            )
        else:
            words = _("Skriv högst %(most)s namn i en anmälan. Är ni fler, hör av er till oss")
        return words % {"most": most}

    def clean(self) -> dict[str, Any]:
        """Needs tell of health or faith (GDPR article 9): kept by an own consent or not at all."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("needs") and not data.get("needs_agreed"):
            self.add_error("needs_agreed", _("Kryssa i att vi får spara det, eller ta bort det ni skrev"))
        return data

    def refuse_for_good(self, sentence: str) -> None:
        """For whatever was written: the next try is another sign-up."""
        self.key = new_key()
        self.add_error(None, sentence)

    @property
    def heading(self) -> str:
        return _("Det gick inte den här gången") if self.non_field_errors() else super().heading

    @property
    def wish(self) -> Wish:
        """Only for a valid form."""
        language = (get_language() or "sv")[:5]
        return Wish(form_key=self.key, language=language, **self.cleaned_data)

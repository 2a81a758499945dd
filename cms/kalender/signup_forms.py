"""What guests write when they sign up. Fields stand in the order of the page; sentences as DESIGN.md section 8."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from cms.enquiries.forms import phone
from cms.kalender.models import EventPage, new_key
from cms.kalender.same_inbox import MOST_PLACES, repeated
from cms.kalender.signing_up import Payer, Wish
from shop import event_places, known, validators
from shop.money import Money
from shop.typed import EMAIL, NAME, SummarisedForm, TypedField, mail_address
from shop.vat import vat_in

LONGEST_NAME = 120
LONGEST_NEEDS = 300
KEY = re.compile(r"[-\w]{16,40}", re.ASCII)
SUM = re.compile(r"[0-9]{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bill:
    """What so many places at an event cost; VAT is reckoned on the sum."""

    places: int
    price: Money
    percent: int

    @property
    def total(self) -> Money:
        return self.price * self.places

    @property
    def vat(self) -> Money:
        return vat_in(self.total, self.percent)


def bill_of(event: EventPage, places: int) -> Bill:
    return Bill(places, event.place_price, event.place_vat)


def is_an_address(name: str) -> bool:
    """Whether somebody has written an e-mail address where a name belongs."""
    return "@" in name


def told_of(event: EventPage) -> str:
    """Marks what the page with the button that binds told, but for the sum: when and where, and whether a private
    person may withdraw.
    """
    place = (event.online, event.city, event.place, event.address)
    facts = (event.starts_at, event.ends_at, *place, known.company().places_may_be_withdrawn)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


class BuyerPart:
    """Who pays for an event's places, as its form's part; `form` is the shop's orders' own."""

    def __init__(
        self, event: EventPage, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        self.event, self.data = event, data
        self.form = self.ask(data, initial)

    def ask(self, data: QueryDict | None, initial: Mapping[str, Any] | None) -> event_places.BuyerForm:
        return event_places.seller().form(data, initial)

    @property
    def shown(self) -> int | None:
        """The sum in öre on the page before, if it told one."""
        text = str(self.data.get("shown_total", "")) if self.data else ""
        return int(text) if SUM.fullmatch(text) else None

    @property
    def was_told(self) -> bool:
        """Whether the page before told what is true still."""
        sent = self.data.get("shown_event") if self.data else None
        return sent in {None, told_of(self.event)}

    @property
    def payer(self) -> Payer:
        """Only for a valid form."""
        return Payer(self.shown or 0, self.form.details)


def buyer_part(event: EventPage, data: QueryDict | None = None, kept: object = None) -> BuyerPart | None:
    """None when the places are free. An unsent one begins with the answers that were kept, if they still fit."""
    if not event.place_price_ore:
        return None
    return BuyerPart(event, data, event_places.seller().fitting(kept))


class SignUpForm(SummarisedForm):
    """One or several people, with one inbox, and who pays when the places cost.

    `only_queue`: nothing is ordered, since there are no places to have. `answered` is then the buyer's part that was
    filled in before that was known: kept when it is right, never asked for.
    """

    part = BuyerPart

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

    def __init__(self, data: QueryDict | None = None, *, event: EventPage, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.event, self.seats = event, event.seats
        typed = data or self.initial
        self.only_queue = bool(typed.get("queue")) or (data is None and event.is_full)
        self.buyer: BuyerPart | None = None
        self.answered: BuyerPart | None = None
        if event.place_price_ore and not self.only_queue:
            self.buyer = self.part(event, data, self.initial)
        elif event.place_price_ore and typed.get("buyer"):
            self.answered = self.part(event, data, self.initial)
        if self.buyer or self.answered:
            del self.fields["organisation"]  # the buyer's part asks for it
        key = str(typed.get("signup_key", ""))
        self.key = key if KEY.fullmatch(key) else new_key()

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
        if any(map(is_an_address, names)):
            return _("Skriv ett namn på varje rad, inte en e-postadress")
        if twice := repeated(names):
            return _(
                "%(name)s står på flera rader. Är det samma person, ta bort en av dem. Är det två som heter "
                "likadant, skriv något som skiljer dem åt"
            ) % {"name": twice}
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

    def is_valid(self) -> bool:
        """Both parts are judged, so that one answer names all that is to be mended."""
        parts = [super().is_valid(), self.buyer is None or self.buyer.form.is_valid()]
        return all(parts)

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [*super().faults, *(self.buyer.form.faults if self.buyer else [])]

    @property
    def asks_organisation(self) -> bool:
        return "organisation" in self.fields

    @property
    def heading(self) -> str:
        return _("Det gick inte den här gången") if self.non_field_errors() else super().heading

    @property
    def bill(self) -> Bill:
        """Only for a valid form."""
        return bill_of(self.event, len(self.cleaned_data["names"]))

    @property
    def is_to_review(self) -> bool:
        """Whether the sum, or the event, is not the one that has been shown: only a valid form has one."""
        buyer = self.buyer
        return buyer is not None and (buyer.shown != self.bill.total.ore or not buyer.was_told)

    @property
    def typed(self) -> list[tuple[str, str]]:
        """All that was typed, by name, for a page that carries it on."""
        parts: list[Any] = [self, *([self.buyer.form] if self.buyer else [])]
        found = [(name, str(self.data.get(name, ""))) for part in parts for name in part.fields]
        return [("signup_key", self.key), *((name, value) for name, value in found if value)]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was answered before the queue, by name, for a page that does not ask for it."""
        if self.answered is None:
            return []
        form = self.answered.form
        return [(name, value) for name in form.fields if (value := form[name].value())]

    @property
    def of_buyer(self) -> dict[str, Any]:
        """What a wish has from the buyer's part, asked now or before."""
        part = self.buyer or self.answered
        if part is None or not part.form.is_valid():
            return {}
        answers = part.form.answers
        return {"answers": answers, "organisation": answers.get("organisation", "")}

    @property
    def wish(self) -> Wish:
        """Only for a valid form."""
        language = (get_language() or "sv")[:5]
        payer = self.buyer.payer if self.buyer else None
        facts = {"form_key": self.key, "language": language, **self.cleaned_data, **self.of_buyer}
        return Wish(**facts, payer=payer, only_queue=self.only_queue)

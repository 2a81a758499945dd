"""What buyers write after the order: that they withdraw, or that something is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import handed_over
from orders.models import Order, OrderLine, Wish
from shop.typed import EMAIL, NAME, SummarisedForm, TypedField, mail_address

ORDER_NUMBER = gettext_lazy("Skriv ordernumret, till exempel VS-2026-000123")
NO_COPIES = gettext_lazy("Skriv hur många du ångrar, på minst en rad.")
FAULT = gettext_lazy("Skriv vad som är fel, så att vi förstår.")
HOW_MANY = gettext_lazy("Skriv hur många det är fel på, på minst en rad.")
NOTHING_THERE = gettext_lazy(
    "Vi ser inga varor hos dig från den här beställningen. "
    "Har du ändå fått något som är fel, ring oss eller svara på mejlet."
)
WISH = gettext_lazy("Välj vad du helst vill.")


class WithdrawalForm(SummarisedForm):
    """Ångra avtalet: the three things the law lets us ask for, and which rows when not all.

    With the buyer's own `order` its rows can be chosen by number; they become the statement's words.
    """

    words_its_own = True

    name = TypedField(label=gettext_lazy("Namn"), sentence=NAME, attrs={"autocomplete": "name"})
    order_number = TypedField(
        label=gettext_lazy("Ordernummer"), help_text=gettext_lazy("Det står i orderbekräftelsen."),
        sentence=ORDER_NUMBER, longest=40, css="w-10", attrs={"autocomplete": "off", "autocapitalize": "characters"},
    )  # fmt: skip
    email = TypedField(
        label=gettext_lazy("E-post"), help_text=gettext_lazy("Hit skickar vi kvittot på att du ångrat dig."),
        sentence=EMAIL, read=mail_address, longest=254, widget=forms.EmailInput,
        attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"},
    )  # fmt: skip
    rows = TypedField(
        label=gettext_lazy("Vilka varor gäller det?"),
        help_text=gettext_lazy("Lämna tomt om du ångrar hela beställningen."),
        longest=1000, several_lines=True, required=False, widget=forms.Textarea, attrs={"rows": "3"},
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, order: Order | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.order = order
        self.copies = list(order.lines.all()) if order and _names_rows(data, order) else []
        if order and order.is_of_places:  # those of a sign-up are given back together
            self.copies = []
            del self.fields["rows"]
        for line in self.copies:
            self.fields[_row(line)] = _copies_field(line)

    @property
    def row_fields(self) -> list[forms.BoundField]:
        """A number for each row of the buyer's own order; none when the rows are told in words."""
        return [self[_row(line)] for line in self.copies]

    def clean(self) -> dict[str, Any]:
        if self.copies and not any(_row(line) in self.errors for line in self.copies):
            self.cleaned_data["rows"] = self._in_words()
        return self.cleaned_data

    def _in_words(self) -> str:
        """`2 × Skriften om värdskap` a line; empty for the whole order."""
        chosen = {line: int(self.cleaned_data[_row(line)] or 0) for line in self.copies}
        if not any(chosen.values()):
            self.add_error(_row(self.copies[0]), NO_COPIES)
        if all(number == line.quantity for line, number in chosen.items()):
            return ""
        return "\n".join(f"{number} × {line.name}" for line, number in chosen.items() if number)

    @property
    def stated(self) -> dict[str, str]:
        """The statement itself, without the means by which it was written."""
        return {name: self.cleaned_data.get(name, "") for name in ("name", "order_number", "email", "rows")}


def _row(line: OrderLine) -> str:
    return f"row-{line.position}"


def _names_rows(data: QueryDict | None, order: Order) -> bool:
    """A form that was sent without numbers told its rows in words."""
    return data is None or any(_row(line) in data for line in order.lines.all())


def _copies_field(line: OrderLine) -> TypedField:
    told = _("Du köpte %(count)s. Skriv 0 för det du behåller.") % {"count": line.quantity}
    return _number_field(line, told, most=line.quantity, initial=str(line.quantity))


def _faulty_field(line: OrderLine, has: int, waiting: int) -> TypedField:
    """How many of the buyer's copies are faulty. Those that wait for our answer may be named for another fault."""
    told = _("Du har %(count)s. Skriv hur många det är fel på.") % {"count": has}
    if waiting:
        said = {"count": min(waiting, has)}
        told += " " + _("%(count)s har du redan skrivit till oss om och väntar på svar.") % said
    return _number_field(line, told, most=has, initial="")


def _number_field(line: OrderLine, told: str, *, most: int, initial: str) -> TypedField:
    return TypedField(
        label=line.name, help_text=told, read=_copies_up_to(most), longest=7, css="w-5", required=False,
        initial=initial, attrs={"inputmode": "numeric", "autocomplete": "off"},
    )  # fmt: skip


def _copies_up_to(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        digits = "".join(text.split())
        if not (digits.isascii() and digits.isdigit()) or int(digits) > most:
            raise ValidationError(_("Skriv ett antal från 0 till %(most)s.") % {"most": most})
        return str(int(digits))

    return read


class ComplaintForm(SummarisedForm):
    """Reklamera: how many copies of which rows, what is wrong, and what the buyer would like.

    Only what the buyer has can be chosen.
    """

    anchors = {"wish": "f-wish_0"}
    words_its_own = True

    fault = TypedField(
        label=gettext_lazy("Vad är fel?"),
        help_text=gettext_lazy("Skriv gärna när du märkte det. Bilder kan du skicka som svar på kvittot."),
        sentence=FAULT, longest=2000, several_lines=True, widget=forms.Textarea, attrs={"rows": "5"},
    )  # fmt: skip
    wish = forms.ChoiceField(
        label=gettext_lazy("Vad vill du helst?"),
        choices=Wish.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), WISH),
    )

    def __init__(self, data: QueryDict | None = None, *, order: Order, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        has, waiting = handed_over.with_buyer(order), handed_over.waiting_for_answer(order)
        self.lines = [line for line in order.lines.all() if line.pk in has]
        for line in self.lines:
            self.fields[_row(line)] = _faulty_field(line, has[line.pk], waiting.get(line.pk, 0))
        self.order_fields([_row(line) for line in self.lines])

    @property
    def row_fields(self) -> list[forms.BoundField]:
        return [self[_row(line)] for line in self.lines]

    @property
    def copies(self) -> dict[int, int]:
        """OrderLine pk → copies. Only for a valid form."""
        return {line.pk: int(self.cleaned_data.get(_row(line)) or 0) for line in self.lines}

    def clean(self) -> dict[str, Any]:
        rows = [_row(line) for line in self.lines]
        if not rows:
            self.add_error(None, NOTHING_THERE)
        elif not any(row in self.errors for row in rows) and not any(self.copies.values()):
            self.add_error(rows[0], HOW_MANY)
        return self.cleaned_data

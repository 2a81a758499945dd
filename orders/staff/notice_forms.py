"""The forms on a notice's and a complaint's staff page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import handed_over
from orders.models import Order, OrderLine, Shipment, Wish
from orders.staff import words
from orders.staff.forms import PlainForm
from shop.forms import KronorField
from shop.money import ZERO, Money

Copies = dict[int, int]  # OrderLine pk → number


class Plain(forms.Form):
    use_required_attribute = False  # the sentences are ours, also without script


class TieForm(Plain):
    number = forms.CharField(
        label=gettext_lazy("Ordernummer"),
        max_length=40,
        help_text=gettext_lazy("Sök upp beställningen under Alla beställningar och skriv numret här."),
        error_messages={"required": gettext_lazy("Skriv ordernumret, till exempel VS-2026-000123.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        number = "".join(self.cleaned_data["number"].split()).upper()
        if not Order.objects.filter(number=number).exists():
            raise ValidationError(_("Det finns ingen beställning med det numret."))
        return number


class ReasonForm(Plain):
    """Words that the buyer reads, or that tell colleagues why."""

    reason = forms.CharField(
        label=gettext_lazy("Skäl"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Skriv skälet.")},
    )


class RefuseForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "Köparen läser det i ett brev, tillsammans med vägen till Allmänna reklamationsnämnden."
        )


class AsideForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "För samma ånger två gånger, eller ett nummer som ingen känner till. Inget brev går ut."
        )


class SettleForm(ReasonForm):
    """What was done about a complaint."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Vad ni gjorde")


class DenyForm(ReasonForm):
    """Why nothing will be done about it."""


def copies_field(label: str, most: int) -> forms.IntegerField:
    sentence = _("Skriv ett antal från 0 till %(most)s.") % {"most": most}
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), sentence),
    )


class CopiesForm(Plain):
    """So many copies of each of an order's rows."""

    def _ask_for_rows(self, order: Order, most: Copies) -> None:
        """A field for each row of which there is any to speak of."""
        self.lines = [line for line in order.lines.all() if most.get(line.pk, 0) > 0]
        for line in self.lines:
            label = _("%(name)s, av %(count)s") % {"name": words.goods(order, line), "count": most[line.pk]}
            self.fields[_copies(line)] = copies_field(label, most[line.pk])

    @property
    def row_fields(self) -> list[forms.BoundField]:
        return [self[_copies(line)] for line in self.lines]

    @property
    def copies(self) -> Copies:
        return {line.pk: self.cleaned_data.get(_copies(line)) or 0 for line in self.lines}


class RefundForm(CopiesForm):
    """So many copies of each row, less a deduction. `left` is what earlier notices have not taken.

    Of places at an event nothing is asked: those of a sign-up are given back together.
    """

    def __init__(self, *args: Any, order: Order, left: Copies, stated: Copies, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.together = left if order.is_of_places else {}
        self._ask_for_rows(order, {} if self.together else left)
        for line in self.lines:
            self.fields[_copies(line)].initial = stated.get(line.pk, 0)
        self.fields["deduction"] = KronorField(
            label=_("Avdrag i kronor"),
            required=False,
            help_text=_("Bara om varan är använd mer än som behövs för att prova den. Tomt: inget avdrag."),
        )
        self.fields["reason"] = forms.CharField(
            label=_("Skäl till avdraget"),
            max_length=500,
            required=False,
            help_text=_("Köparen läser det i brevet."),
        )

    @property
    def copies(self) -> Copies:
        return self.together or super().copies

    @property
    def taken_off(self) -> Money:
        return Money(self.cleaned_data.get("deduction") or 0)

    def clean(self) -> dict[str, Any]:
        if self.lines and not self.errors and not any(self.copies.values()):
            self.add_error(_copies(self.lines[0]), _("Skriv hur många som ångras, på minst en rad."))
        if self.taken_off > ZERO and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("Skriv varför ni gör avdrag. Köparen har rätt att få veta det."))
        return self.cleaned_data


class BackForm(Plain):
    """A parcel that has come back: how many of each row are fit to sell, and how many are not."""

    def __init__(self, *args: Any, shipment: Shipment, order: Order, stated: Copies, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(shipment.lines.all())
        lines = {line.pk: line for line in order.lines.all()}
        for row in self.rows:
            name = words.goods(order, lines[row.line_id])
            self.fields[f"restock-{row.line_id}"] = copies_field(
                _("%(name)s, till hyllan") % {"name": name}, row.quantity
            )
            self.fields[f"restock-{row.line_id}"].initial = min(stated.get(row.line_id, 0), row.quantity)
            self.fields[f"spoilt-{row.line_id}"] = copies_field(
                _("%(name)s, kasserade") % {"name": name}, row.quantity
            )

    def _numbers(self, kind: str) -> Copies:
        found = {row.line_id: self.cleaned_data.get(f"{kind}-{row.line_id}") or 0 for row in self.rows}
        return {pk: number for pk, number in found.items() if number}

    @property
    def restock(self) -> Copies:
        return self._numbers("restock")

    @property
    def write_off(self) -> Copies:
        return self._numbers("spoilt")

    def clean(self) -> dict[str, Any]:
        for row in self.rows:
            back = self.restock.get(row.line_id, 0) + self.write_off.get(row.line_id, 0)
            if back > row.quantity:
                sentence = _("Det fanns bara %(count)s i paketet.") % {"count": row.quantity}
                self.add_error(f"restock-{row.line_id}", sentence)
        if not self.errors and not self.restock and not self.write_off:
            self.add_error(None, _("Skriv hur många som kom tillbaka."))
        return self.cleaned_data


class PhoneComplaintForm(PlainForm, CopiesForm):
    """A complaint that came by phone or mail, written down by staff: of what the buyer has."""

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, order=order, **kwargs)
        self._ask_for_rows(order, handed_over.with_buyer(order) if order.has_left else {})
        self.fields["fault"] = forms.CharField(
            label=_("Vad är fel"),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": _("Skriv vad som är fel.")},
        )
        self.fields["wish"] = forms.ChoiceField(
            label=_("Vad vill köparen"), choices=Wish.choices, initial=Wish.ADVICE
        )

    def clean(self) -> dict[str, Any]:
        if not self.lines:
            self.add_error(None, _("Köparen har inga varor från den här beställningen."))
        elif not self.errors and not any(self.copies.values()):
            self.add_error(_copies(self.lines[0]), _("Skriv hur många det är fel på, på minst en rad."))
        return self.cleaned_data


def _copies(line: OrderLine) -> str:
    return f"copies-{line.pk}"

"""The forms on an order's staff page."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Order, WhyCancelled
from shop.days import stockholm_today
from shop.forms import KronorField
from shop.money import Money
from shop.staff.dates import DayField


class PlainForm(forms.Form):
    """A form about an order. A button alone is a form without fields."""

    use_required_attribute = False  # the sentences are ours, also without script

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        self.order = order
        super().__init__(*args, **kwargs)


class PaymentForm(PlainForm):
    """Money that has come to the bankgiro."""

    amount = KronorField(
        label=gettext_lazy("Belopp"),
        help_text=gettext_lazy("I kronor, så som det kom till kontot"),
        error_messages={"required": gettext_lazy("Skriv beloppet som har kommit.")},
    )
    reference = forms.CharField(
        label=gettext_lazy("Referens"),
        max_length=60,
        help_text=gettext_lazy("Bankens referens eller löpnummer. Varje inbetalning bokförs en gång."),
        error_messages={"required": gettext_lazy("Skriv bankens referens, så att betalningen hittas igen.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    paid_on = DayField(
        label=gettext_lazy("Datum"),
        past=True,
        error_messages={
            "required": gettext_lazy("Skriv dagen då pengarna kom."),
        },
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        first = {"amount": order.due.ore or None, "paid_on": stockholm_today()}
        super().__init__(*args, order=order, initial=first, **kwargs)

    def clean_amount(self) -> Money:
        if not self.cleaned_data["amount"]:
            raise ValidationError(_("Beloppet ska vara större än noll."))
        return Money(self.cleaned_data["amount"])

    def clean_paid_on(self) -> datetime:
        """The day at noon in Stockholm: the bank tells no hour."""
        day: date = self.cleaned_data["paid_on"]
        if not date(2000, 1, 1) <= day <= stockholm_today():
            raise ValidationError(_("Skriv en dag som har varit, så här: 2026-11-23."))
        return datetime.combine(day, time(12), settings.STOCKHOLM)


class CancelForm(PlainForm):
    reason = forms.CharField(
        label=gettext_lazy("Varför avbeställs den?"),
        max_length=200,
        help_text=gettext_lazy("Står i historiken. Betalda pengar läggs upp att betala tillbaka."),
        error_messages={"required": gettext_lazy("Skriv varför beställningen avbeställs.")},
    )
    why = forms.ChoiceField(
        label=gettext_lazy("Vad ska köparen läsa?"),
        choices=[
            ("", gettext_lazy("Välj …")),
            *(choice for choice in WhyCancelled.choices if choice[0] != WhyCancelled.NO_EVENT),
        ],
        help_text=gettext_lazy(
            "Köparen får ett mejl om att beställningen är avbeställd och vad som händer med pengarna."
        ),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Välj vad köparen ska läsa.")
        ),
    )

    def clean_why(self) -> WhyCancelled:
        return WhyCancelled(self.cleaned_data["why"])


class RefuseForm(PlainForm):
    reason = forms.CharField(
        label=gettext_lazy("Varför nekas den?"),
        max_length=200,
        help_text=gettext_lazy("Står i historiken, inte i mejlet till köparen."),
        error_messages={"required": gettext_lazy("Skriv varför beställningen nekas.")},
    )


class NoteForm(PlainForm):
    text = forms.CharField(
        label=gettext_lazy("Anteckning"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Skriv något att spara.")},
    )

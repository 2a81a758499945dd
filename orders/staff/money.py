"""The money box of an order's staff page: sending back, trying again, a new link to pay by."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import addresses
from orders.models import Dispute, Order, Refund
from orders.payments.choice import current
from orders.staff.forms import PlainForm
from orders.states import RefundState
from shop.forms import KronorField
from shop.money import Money


class RefundForm(PlainForm):
    """A sum to send back. The key in the form makes a second click the same refund."""

    amount = KronorField(
        label=gettext_lazy("Belopp att betala tillbaka"),
        help_text=gettext_lazy("I kronor. Pengarna går samma väg som de kom."),
        error_messages={"required": gettext_lazy("Skriv beloppet som ska betalas tillbaka.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Varför?"),
        max_length=200,
        help_text=gettext_lazy("Står i historiken. Köparen ser det inte."),
        error_messages={"required": gettext_lazy("Skriv varför pengarna betalas tillbaka.")},
    )
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        first = {"amount": order.may_be_sent_back.ore or None, "key": secrets.token_urlsafe(16)}
        super().__init__(*args, order=order, initial=first, **kwargs)

    def clean_amount(self) -> Money:
        amount, most = Money(self.cleaned_data["amount"]), self.order.may_be_sent_back
        if not amount:
            raise ValidationError(_("Beloppet ska vara större än noll."))
        if amount > most:
            raise ValidationError(_("Högst %(most)s kan betalas tillbaka.") % {"most": most.exact()})
        return amount


@dataclass(frozen=True, slots=True)
class RefundShown:
    refund: Refund
    tried_again: bool

    @property
    def needs_a_hand(self) -> bool:
        return self.refund.state == RefundState.FAILED and not self.tried_again

    @property
    def may_be_cancelled(self) -> bool:
        return self.refund.state == RefundState.PLANNED or self.needs_a_hand


@dataclass(frozen=True, slots=True)
class DisputeShown:
    dispute: Dispute

    @property
    def page(self) -> str:
        return current().dispute_page(self.dispute.gateway_id)


class MoneyShown:
    """What the box reads of an order from OrderQuerySet.whole()."""

    def __init__(self, order: Order) -> None:
        self.order = order
        again = {refund.again_id for refund in order.refunds.all()}
        self.refunds = [RefundShown(refund, refund.pk in again) for refund in order.refunds.all()]
        # Only money that came by the payment service can be disputed: no question asked for the rest.
        online = any(row.attempt_id for row in order.payments.all())
        self.disputes = [DisputeShown(dispute) for dispute in order.disputes.all()] if online else []

    @property
    def failed(self) -> list[Refund]:
        return [row.refund for row in self.refunds if row.needs_a_hand]

    @property
    def by_hand(self) -> list[Refund]:
        return [row.refund for row in self.refunds if row.refund.is_open and row.refund.is_by_hand]

    @property
    def to_answer(self) -> list[DisputeShown]:
        return [row for row in self.disputes if row.dispute.waits_for_us]

    @property
    def may_be_sent_back(self) -> Money:
        return self.order.may_be_sent_back

    @property
    def pay_url(self) -> str:
        """Where the buyer pays an order that waits for its money; empty for one that takes none."""
        return addresses.url(self.order, "waiting") if self.order.takes_payment(timezone.now()) else ""

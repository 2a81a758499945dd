"""The state machines: one table of allowed moves each, and one door for all of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Agreement(TextChoices):
    """What buyer and seller have agreed. Says nothing of money or parcels."""

    DRAFT = "draft", _("Utkast")
    PLACED = "placed", _("Lagd")
    CONFIRMED = "confirmed", _("Bekräftad")
    CLOSED = "closed", _("Avslutad")
    CANCELLED = "cancelled", _("Avbeställd")


class Attempt(TextChoices):
    """One try to pay online."""

    CREATED = "created", _("Påbörjad")
    OPEN = "open", _("Väntar på betalning")
    SUCCEEDED = "succeeded", _("Genomförd")
    FAILED = "failed", _("Gick inte igenom")
    EXPIRED = "expired", _("Hann gå ut")


class Parcel(TextChoices):
    """One shipment."""

    PLANNED = "planned", _("Att packa")
    PACKED = "packed", _("Packad")
    SENT = "sent", _("Skickad")
    DELIVERED = "delivered", _("Framme")
    RETURNED = "returned", _("Åter")
    CANCELLED = "cancelled", _("Struken")


class RefundState(TextChoices):
    """One sum that goes back to the buyer."""

    PLANNED = "planned", _("Ska betalas tillbaka")
    REQUESTED = "requested", _("Begärd")
    PENDING = "pending", _("På väg")
    SUCCEEDED = "succeeded", _("Återbetald")
    FAILED = "failed", _("Gick inte igenom")
    CANCELLED = "cancelled", _("Struken")


class InvoiceState(TextChoices):
    """One invoice. The document itself comes with the invoicing module."""

    PLANNED = "planned", _("Ska skickas")
    ISSUED = "issued", _("Skickad")
    PAID = "paid", _("Betald")
    CREDITED = "credited", _("Krediterad")
    CANCELLED = "cancelled", _("Struken")


class Quotation(TextChoices):
    """One quote. That its time has run out is told by its last day, not by a state."""

    DRAFT = "draft", _("Utkast")
    OPEN = "open", _("Gäller")
    ACCEPTED = "accepted", _("Accepterad")
    WITHDRAWN = "withdrawn", _("Återkallad")


class Notice(TextChoices):
    """A notice of withdrawal: what the buyer said stands as it is, this is what became of it."""

    RECEIVED = "received", _("Mottagen")
    AWAITED = "awaited", _("Väntar på varorna")
    REFUNDED = "refunded", _("Godtagen")  # the sum is decided; whether it has come is told by its refunds
    REFUSED = "refused", _("Avslagen")
    SET_ASIDE = "set-aside", _("Lagd åt sidan")


class Fault(TextChoices):
    """A complaint of a fault (reklamation)."""

    OPEN = "open", _("Öppen")
    SETTLED = "settled", _("Löst")
    REFUSED = "refused", _("Avslagen")


Table = dict[str, set[str]]

AGREEMENT: Table = {
    Agreement.DRAFT: {Agreement.PLACED, Agreement.CANCELLED},
    Agreement.PLACED: {Agreement.CONFIRMED, Agreement.CANCELLED},
    Agreement.CONFIRMED: {Agreement.CLOSED, Agreement.CANCELLED},
    Agreement.CLOSED: set(),
    # Late money revives an order that lapsed, if the goods are still there; nothing else does.
    Agreement.CANCELLED: {Agreement.PLACED},
}
ATTEMPT: Table = {
    Attempt.CREATED: {Attempt.OPEN, Attempt.FAILED, Attempt.EXPIRED},
    Attempt.OPEN: {Attempt.SUCCEEDED, Attempt.FAILED, Attempt.EXPIRED},
    # Money that arrives after we had given up is still money.
    Attempt.FAILED: {Attempt.SUCCEEDED},
    Attempt.EXPIRED: {Attempt.SUCCEEDED},
    Attempt.SUCCEEDED: set(),
}
LIVE_ATTEMPT = frozenset({Attempt.CREATED, Attempt.OPEN})
REFUND: Table = {
    # Straight to succeeded: somebody has sent the money by hand.
    RefundState.PLANNED: {RefundState.REQUESTED, RefundState.SUCCEEDED, RefundState.CANCELLED},
    RefundState.REQUESTED: {RefundState.PENDING, RefundState.SUCCEEDED, RefundState.FAILED},
    RefundState.PENDING: {RefundState.SUCCEEDED, RefundState.FAILED},
    # The buyer's bank may send the money back weeks later.
    RefundState.SUCCEEDED: {RefundState.FAILED},
    # A new try is a refund of its own. Struck out: nothing is left to send, or staff have settled it otherwise.
    RefundState.FAILED: {RefundState.CANCELLED},
    RefundState.CANCELLED: set(),
}
OPEN_REFUND = frozenset({RefundState.PLANNED, RefundState.REQUESTED, RefundState.PENDING})
PARCEL: Table = {
    Parcel.PLANNED: {Parcel.PACKED, Parcel.CANCELLED},
    Parcel.PACKED: {Parcel.SENT, Parcel.PLANNED, Parcel.CANCELLED},
    Parcel.SENT: {Parcel.DELIVERED, Parcel.RETURNED},
    Parcel.DELIVERED: {Parcel.RETURNED},
    Parcel.RETURNED: set(),
    Parcel.CANCELLED: set(),
}
STILL_HERE = frozenset({Parcel.PLANNED, Parcel.PACKED})
OUT = frozenset({Parcel.SENT, Parcel.DELIVERED})  # with the buyer, or on the way there
LEFT_US = OUT | {Parcel.RETURNED}
INVOICE: Table = {
    InvoiceState.PLANNED: {InvoiceState.ISSUED, InvoiceState.CANCELLED},
    InvoiceState.ISSUED: {InvoiceState.PAID, InvoiceState.CREDITED},
    InvoiceState.PAID: {InvoiceState.CREDITED},
    InvoiceState.CREDITED: set(),
    InvoiceState.CANCELLED: set(),
}
QUOTATION: Table = {
    Quotation.DRAFT: {Quotation.OPEN},
    Quotation.OPEN: {Quotation.ACCEPTED, Quotation.WITHDRAWN},
    # An order that was called off unpaid leaves the quote for another try.
    Quotation.ACCEPTED: {Quotation.OPEN},
    Quotation.WITHDRAWN: set(),
}
# The law knows received, goods awaited, refunded and refused (sweden.md b). Set aside is for what is no notice:
# the same one twice, or an order that nobody knows. A judgement can be made anew, money that went back cannot.
NOTICE: Table = {
    Notice.RECEIVED: {Notice.AWAITED, Notice.REFUNDED, Notice.REFUSED, Notice.SET_ASIDE},
    Notice.AWAITED: {Notice.REFUNDED, Notice.REFUSED},
    Notice.REFUNDED: set(),
    Notice.REFUSED: {Notice.RECEIVED},
    Notice.SET_ASIDE: {Notice.RECEIVED},
}
OPEN_NOTICE = frozenset({Notice.RECEIVED, Notice.AWAITED})
DECIDES_RETURNS = OPEN_NOTICE | {Notice.REFUNDED}  # what goes back is said by the notice, not by the parcel
FAULT: Table = {
    Fault.OPEN: {Fault.SETTLED, Fault.REFUSED},
    Fault.SETTLED: {Fault.OPEN},
    Fault.REFUSED: {Fault.OPEN},
}


class WrongState(Exception):
    """A move that the table does not allow."""

    def __init__(self, what: str, old: str, new: str) -> None:
        super().__init__(f"{what}: {old} → {new}")
        self.what, self.old, self.new = what, old, new


class Stateful(Protocol):
    """A row with a state, the table for it, and an order whose history it is noted in."""

    state: Any
    MACHINE: str
    TABLE: Table

    def save(self, *, update_fields: list[str]) -> None: ...

    def note(self, machine: str, old: str, new: str, *, actor: str, cause: str, now: datetime) -> None: ...


def move(row: Stateful, new: str, *, actor: str, cause: str, now: datetime) -> bool:
    """Take one step in the row's table and note who, when and why. The caller holds the order's row lock.

    The same move again is a no-op and answers False. Raises WrongState for a step not in the table.
    """
    old = str(row.state)
    if old == new:
        return False
    if new not in row.TABLE.get(old, set()):
        raise WrongState(f"{row.MACHINE} {row}", old, new)
    row.state = new
    row.save(update_fields=["state"])
    row.note(row.MACHINE, old, new, actor=actor, cause=cause, now=now)
    return True

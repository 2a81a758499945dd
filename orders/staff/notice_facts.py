"""What a notice's staff page tells: whose it is, what the law gives, what is out and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from orders import operations, periods, withdrawal_sums
from orders.models import HistoryLine, Order, Refund, Shipment, Withdrawal
from orders.staff import words
from orders.states import OUT, STILL_HERE, Agreement, Notice
from orders.withdrawal_sums import Copies, Proposal
from shop import event_places
from shop.days import stockholm_today

CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    name: str
    text: str
    late: bool = False


class NoticeShown:
    """Reads an order from OrderQuerySet.whole(), when there is one."""

    def __init__(self, notice: Withdrawal) -> None:
        self.notice, self.order = notice, notice.order
        self.today = stockholm_today()

    # --- Whose ----------------------------------------------------------------------------------
    @property
    def name_matches(self) -> bool:
        return self.order is not None and _same(self.notice.name, self.order.name)

    @property
    def email_matches(self) -> bool:
        return self.notice.is_the_buyers

    @cached_property
    def candidates(self) -> list[Order]:
        """Orders that a notice of no known order may be about: the same address, newest first."""
        if self.order is not None:
            return []
        return list(Order.objects.of_inbox(self.notice.email)[:CANDIDATES])

    @cached_property
    def others(self) -> list[Withdrawal]:
        """Other notices about the same order: the same words twice need no second answer."""
        rows = self.order.withdrawals.all() if self.order else []
        return [row for row in rows if row.pk != self.notice.pk]

    @cached_property
    def judged_before(self) -> Withdrawal | None:
        """What was decided of the same places before their event was off."""
        earlier = (row for row in self.others if row.gave_places_back and row.decided_at)
        return next(earlier, None) if self.notice.is_asked_anew else None

    @property
    def payment(self) -> str:
        return words.payment(self.order) if self.order else ""

    @property
    def fulfilment(self) -> str:
        return words.fulfilment(self.order) if self.order else ""

    # --- The law --------------------------------------------------------------------------------
    @cached_property
    def deadlines(self) -> list[Deadline]:
        if self.order is None or not self.order.has_right_to_withdraw:
            return self._event
        shown = [
            *self._event,
            Deadline(self._period_name, words.last_day_to_withdraw(self.order), self.came_late),
        ]
        if not self.notice.is_withdrawal:
            return shown
        if last := periods.withdraw_by_when_misinformed(self.order):
            shown.append(Deadline(_("Om vi inte har informerat rätt"), _until(last)))
        notice = self.notice
        if periods.sends_nothing(self.order) or not self.order.has_left:
            return [*shown, self._money]
        goods = Deadline(
            _("Köparen skickar varorna"), _until(notice.goods_due), notice.goods_are_late(self.today)
        )
        return [*shown, goods, self._money]

    @property
    def _event(self) -> list[Deadline]:
        """When the event of its places begins: there is nothing to withdraw from after that."""
        if self.order is None or not self.order.is_of_places:
            return []
        known = event_places.host().times([str(self.order.number)]).values()
        return [
            Deadline(_("Träffen börjar"), _("Inställd") if event.is_off else _moment(event.begins))
            for event in known
        ]

    @property
    def _period_name(self) -> str:
        if self.order and periods.sends_nothing(self.order):
            return _("Ångerfrist, från avtalets dag")
        return _("Ångerfrist, från sista paketet")

    @property
    def _money(self) -> Deadline:
        name = _("Pengarna tillbaka")
        if self.notice.waits_for_goods:
            return Deadline(name, _("När varorna är här, eller köparen har visat att de är skickade"))
        return Deadline(name, _until(self.notice.refund_due), self.notice.is_late(self.today))

    @property
    def came_late(self) -> bool:
        last = periods.withdraw_by(self.order) if self.order else None
        return last is not None and self.notice.received_on > last

    # --- What there is to do --------------------------------------------------------------------
    @cached_property
    def out(self) -> list[Shipment]:
        """Parcels that the buyer has, or that are on their way there."""
        rows = self.order.shipments.all() if self.order and self.notice.is_open else []
        return [row for row in rows if row.state in OUT]

    @property
    def may_wait(self) -> bool:
        return self.notice.state == Notice.RECEIVED and bool(self.out)

    @property
    def may_let_rest_go(self) -> bool:
        """Goods are awaited back while others of the order are still here."""
        rows = self.order.shipments.all() if self.order else []
        is_held = self.notice.state == Notice.AWAITED and self.notice.holds_parcels
        return is_held and any(row.state in STILL_HERE for row in rows)

    @property
    def may_be_proven(self) -> bool:
        return self.notice.waits_for_goods

    @property
    def calls_off(self) -> bool:
        """Nothing has left: giving the money back calls the whole order off."""
        return self.order is not None and not self.order.has_left and self.order.state != Agreement.CLOSED

    @cached_property
    def left(self) -> dict[int, int]:
        """Copies of each row that no other notice has had the money back for."""
        if self.order is None:
            return {}
        earlier = withdrawal_sums.withdrawn_before(self.notice, self.order)
        return {line.pk: line.quantity - earlier.get(line.pk, 0) for line in self.order.lines.all()}

    @cached_property
    def stated(self) -> dict[int, int]:
        return withdrawal_sums.stated_copies(self.notice, self.order) if self.order else {}

    def reckon(self, copies: Copies) -> Proposal:
        """The sums for these rows. Raises NoOrder for a notice that is tied to none."""
        if self.order is None:
            raise operations.NoOrder(self.notice.order_number)
        return withdrawal_sums.proposal(self.notice, self.order, copies)

    @cached_property
    def proposed(self) -> Proposal | None:
        return self.reckon(self.stated) if self.order else None

    @cached_property
    def refunds(self) -> list[Refund]:
        """What was planned for this notice and for an order called off with it, and how far each has come."""
        own = f"cancelled:{self.order.number}" if self.order else ""
        rows = self.order.refunds.all() if self.order else []
        return [*self.notice.refunds, *(row for row in rows if row.key.partition("/")[0] == own)]

    @cached_property
    def history(self) -> list[tuple[str, HistoryLine]]:
        rows = self.order.history.all() if self.order else []
        own = {Withdrawal.MACHINE, Withdrawal.PLACES}
        return [(words.happening(row), row) for row in rows if row.machine in own]


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")


def _until(day: date) -> str:
    return _("Senast %(day)s") % {"day": date_format(day, "j F Y")}


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())

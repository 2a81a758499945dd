"""What shop and orders must add up to, kept in plain numbers beside the database: the walk's second bookkeeper."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

Copies = dict[int, int]  # id to number of copies
STAGES = ["planned", "packed", "sent", "delivered", "returned"]
HERE = {"planned", "packed"}
LEFT = ("sent", "delivered", "returned")


@dataclass
class Box:
    """A parcel: what lies in it by order line, and which of the order's addresses it goes to."""

    state: str
    copies: Copies
    to: int | None
    tracking: str = ""


@dataclass
class Known:
    """An order as the second bookkeeper sees it."""

    pk: int
    total: int
    on_invoice: bool
    lines: Copies  # line to copies
    products: dict[int, int]  # line to product
    key: str
    state: str = "placed"
    by_the_clock: bool = False  # how it was cancelled
    was_confirmed: bool = False
    paid: int = 0
    back: int = 0
    held_until: datetime | None = None
    gross: Copies = field(default_factory=dict)  # line to öre
    withdrawn: Counter[int] = field(default_factory=Counter)  # line to copies
    struck: Counter[int] = field(default_factory=Counter)  # of them, those that had not left
    withdrawn_ore: int = 0
    disputed: bool = False  # whether the bank has ever taken money
    taken: int = 0  # öre that the bank has taken and not given back
    quote: int = 0
    boxes: dict[int, Box] = field(default_factory=dict)
    addresses: dict[int, Copies] = field(default_factory=dict)  # delivery to line to copies
    promised: Counter[int] = field(default_factory=Counter)  # product to copies
    away: Counter[int] = field(default_factory=Counter)

    @property
    def held(self) -> int:
        return self.paid - self.back

    @property
    def kept(self) -> int:
        return self.total - self.withdrawn_ore

    @property
    def awaits_approval(self) -> bool:
        return self.state == "placed" and self.on_invoice

    @property
    def has_left(self) -> bool:
        return any(box.state in LEFT for box in self.live)

    def lying(self, line: int, *states: str) -> int:
        """Copies of a row in parcels that stand there."""
        return sum(box.copies.get(line, 0) for box in self.live if box.state in states)

    @property
    def live(self) -> list[Box]:
        return [box for box in self.boxes.values() if box.state != "cancelled"]

    @property
    def is_cleared(self) -> bool:
        gave_some = not self.taken and self.paid >= self.kept and self.held > 0
        return self.state == "confirmed" and (self.on_invoice or self.held >= self.kept or gave_some)

    @property
    def wanted(self) -> Copies:
        """Product to copies."""
        return {self.products[line]: number for line, number in self.lines.items()}

    @property
    def payment_word(self) -> str:
        if self.back > 0:
            return "refunded" if self.back >= self.paid else "part-refunded"
        if self.paid == 0:
            return "unpaid"
        if self.paid > self.total:
            return "overpaid"
        return "part-paid" if self.paid < self.kept else "paid"

    @property
    def fulfilment_word(self) -> str:
        reached = min((STAGES.index(box.state) for box in self.live), default=0)
        return "none" if reached == 0 else STAGES[reached]

    @property
    def may_be_cancelled(self) -> bool:
        return self.state in {"placed", "confirmed"} and all(box.state in HERE for box in self.live)

    def has_ended(self, unsettled: int, *, judged: bool) -> bool:
        """Whether it closes, long after the last parcel. `judged`: some notice of withdrawal has been answered."""
        states = {box.state for box in self.live}
        if self.state != "confirmed" or unsettled or not states or not states <= {"delivered", "returned"}:
            return False
        return (judged or self.held == 0) if states == {"returned"} else self.paid >= self.kept >= self.held

    def planned(self) -> list[tuple[int | None, Copies]]:
        """The parcels that a confirmation plans: address, copies."""
        rest = Counter(self.lines)
        for copies in self.addresses.values():
            rest.subtract(copies)
        own: list[tuple[int | None, Copies]] = [(None, dict(+rest))] if +rest else []
        return [*self.addresses.items(), *own]


@dataclass
class Said:
    """A notice of withdrawal."""

    pk: int
    order: int | None
    writer: int | None  # the order whose buyer wrote it
    state: str = "received"
    goods_here: bool = False
    rest_goes: bool = False

    @property
    def holds_parcels(self) -> bool:
        return self.state == "received" or (self.state == "awaited" and not self.rest_goes)


@dataclass
class Offer:
    """A quote."""

    pk: int
    wanted: Copies  # product to copies
    on_invoice: bool
    last_day: date
    withdrawn: bool = False


@dataclass
class Books:
    shelf: Copies = field(default_factory=dict)  # product to copies
    counted: dict[int, bool] = field(default_factory=dict)
    orders: dict[int, Known] = field(default_factory=dict)
    parcels_sent: int = 0
    notices: list[Said] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    told_of_refund: int = 0  # letters about withdrawals that were granted
    told_of_cancelling: int = 0

    def promised(self, product: int) -> int:
        return sum(order.promised[product] for order in self.orders.values())

    def available(self, product: int) -> int:
        return self.shelf[product] - self.promised(product)

    def may_be_packed(self, order: Known) -> bool:
        held = any(said.holds_parcels for said in self.notices if said.order == order.pk)
        return order.is_cleared and not held

    def is_withdrawn_from(self, order: Known) -> bool:
        """Whether the buyer has said so and nobody has refused it, or somebody has granted it."""
        own = [said.state for said in self.notices if said.order == said.writer == order.pk]
        return order.withdrawn_ore > 0 or any(state in {"received", "awaited", "refunded"} for state in own)

    def enough(self, wanted: Copies) -> bool:
        return all(self.available(pk) >= number for pk, number in wanted.items() if self.counted[pk])

    def reserve(self, order: Known) -> None:
        for product, number in order.wanted.items():
            if self.counted[product]:
                order.promised[product] += number

    def hand_over(self, order: Known, box: Box) -> None:
        for line, number in box.copies.items():
            product = order.products[line]
            left = min(number, order.promised[product])
            order.promised[product] -= left
            order.away[product] += left
            self.shelf[product] -= left

    def take_back(self, order: Known, restock: Copies, spoilt: Copies) -> None:
        for line in {*restock, *spoilt}:
            product = order.products[line]
            came = min(restock.get(line, 0) + spoilt.get(line, 0), order.away[product])
            order.away[product] -= came
            self.shelf[product] += came - min(spoilt.get(line, 0), came)

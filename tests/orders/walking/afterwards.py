"""Steps of buyers who have second thoughts: notices of withdrawal, calling off, complaints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from orders import operations
from orders.handed_over import in_words, with_buyer
from orders.models import Complaint, Order
from orders.operations import NotHandedOver
from orders.states import WrongState
from shop.money import Money
from tests.orders.walking.books import LEFT, Box, Copies, Known, Said
from tests.orders.walking.ordering import given_back
from tests.orders.walking.shipping import came_back, some_back
from tests.orders.walking.walk import Refusal, Walk

OPEN = {"received", "awaited"}


# --- Notices ------------------------------------------------------------------------------------------
def give_notice(walk: Walk) -> None:
    """Of a known order, from its own address or another, or of a number that nobody knows."""
    order = (
        (walk.an_order("confirmed") if walk.chance(0.7) else walk.an_order()) if walk.chance(0.9) else None
    )
    known = Order.objects.get(pk=order.pk) if order else None
    own = known is not None and walk.chance(0.6)
    statement = operations.Statement(
        name="Karin Ek",
        order_number=str(known.number) if known else f"VS-{walk.number}",
        email=known.email if known and own else f"annan{walk.number}@example.com",
        rows=walk.die.choice(["", f"en bok, {walk.number}"]),
    )
    walk.say(f"give notice of {statement.order_number}, {statement.rows or 'all'}")
    made = operations.withdraw(statement, now=walk.now)
    if made.pk not in {said.pk for said in walk.books.notices}:
        walk.books.notices.append(
            Said(made.pk, order.pk if order else None, order.pk if order and own else None)
        )
    walk.again(lambda: operations.withdraw(statement, now=walk.now))


def a_notice(walk: Walk) -> tuple[Said, Known | None] | None:
    if not walk.books.notices:
        return None
    waiting = [said for said in walk.books.notices if said.state in OPEN]
    said = walk.die.choice(waiting[-8:] if waiting and walk.chance(0.8) else walk.books.notices[-8:])
    return said, walk.books.orders[said.order] if said.order else None


def tie(walk: Walk) -> None:
    if not (found := a_notice(walk)) or not (other := walk.an_order()):
        return
    said, _order = found
    number = str(Order.objects.get(pk=other.pk).number)
    act = lambda: operations.tie(said.pk, number, actor="eva", now=walk.now)  # noqa: E731
    words = f"tie notice {said.pk} {said.state} to {other.pk}"
    if said.order == other.pk:
        walk.nothing_comes_of(words, act)
    elif walk.does(words, act, None if said.state == "received" else WrongState):
        said.order = other.pk


def _judge(walk: Walk, word: str, new: str, from_states: set[str], act: Callable[[Said], Any]) -> None:
    if not (found := a_notice(walk)):
        return
    said, _order = found
    words = f"{word} notice {said.pk} {said.state}"
    if said.state == new:
        walk.nothing_comes_of(words, lambda: act(said))
    elif walk.does(words, lambda: act(said), None if said.state in from_states else WrongState):
        said.state = new


def refuse_notice(walk: Walk) -> None:
    act = lambda said: operations.refuse_withdrawal(said.pk, "sent", actor="eva", now=walk.now)  # noqa: E731
    _judge(walk, "refuse", "refused", OPEN, act)


def set_aside(walk: Walk) -> None:
    act = lambda said: operations.set_aside(said.pk, "samma igen", actor="eva", now=walk.now)  # noqa: E731
    _judge(walk, "set aside", "set-aside", {"received"}, act)


def judge_anew(walk: Walk) -> None:
    act = lambda said: operations.judge_anew(said.pk, actor="eva", now=walk.now)  # noqa: E731
    _judge(walk, "judge anew", "received", {"refused", "set-aside"}, act)
    for said in walk.books.notices:
        said.rest_goes = said.rest_goes and said.state != "received"


def let_rest_go(walk: Walk) -> None:
    if not (found := a_notice(walk)):
        return
    said, order = found
    act = lambda: operations.let_rest_go(said.pk, actor="eva", now=walk.now)  # noqa: E731
    words = f"let the rest go of notice {said.pk} {said.state} of {said.order}"
    if order is None:
        walk.does(words, act, operations.NoOrder)
    elif said.state == "awaited" and said.rest_goes:
        walk.nothing_comes_of(words, act)
    elif walk.does(words, act, None if said.state == "awaited" else WrongState):
        said.rest_goes = True


def await_goods(walk: Walk) -> None:
    if not (found := a_notice(walk)):
        return
    said, order = found
    act = lambda: operations.await_goods(said.pk, actor="eva", now=walk.now)  # noqa: E731
    words = f"await the goods of notice {said.pk} {said.state} of {said.order}"
    if order is None:
        walk.does(words, act, operations.NoOrder)
    elif said.state == "awaited":
        walk.nothing_comes_of(words, act)
    else:
        refused = None if said.state == "received" else WrongState
        if walk.does(words, act, refused if order.has_left else operations.NothingSent):
            said.state = "awaited"


def goods_proven(walk: Walk) -> None:
    if not (found := a_notice(walk)):
        return
    said, order = found
    act = lambda: operations.goods_proven(said.pk, actor="maja", now=walk.now)  # noqa: E731
    words = f"proof for notice {said.pk} {said.state}"
    if order is not None and said.state in OPEN and said.goods_here:
        walk.nothing_comes_of(words, act)
        return
    refused: Refusal = operations.NoOrder if order is None else WrongState
    if walk.does(words, act, None if order is not None and said.state in OPEN else refused):
        said.goods_here = True


def goods_back(walk: Walk) -> None:
    """A parcel of the notice's order, in whatever state either is."""
    if not (found := a_notice(walk)):
        return
    said, order = found
    if order is None or not order.boxes:
        return
    pk = walk.die.choice(list(order.boxes))
    box = order.boxes[pk]
    back = some_back(walk, box)

    def act() -> None:
        operations.goods_back(
            said.pk, pk, restock=back.restock, write_off=back.spoilt, actor="maja", now=walk.now
        )

    words = f"goods of notice {said.pk} {said.state}: {back} of {pk} {box.state} {box.copies} of {order.pk}"
    is_back = box.state == "returned"
    refused = None if is_back else back.refused(box)
    refused = refused or (None if said.state in OPEN else WrongState)
    if not refused and is_back and said.goods_here:
        walk.nothing_comes_of(words, act)
    elif walk.does(words, act, refused):
        said.goods_here = True
        if not is_back:
            came_back(walk, order, box, back)


# --- The money ----------------------------------------------------------------------------------------
@dataclass
class Grant:
    """What granting a notice should do to an order, reckoned from the books alone."""

    order: Known
    rows: Copies
    deduction: int
    asked_for: bool

    @property
    def whole(self) -> bool:
        order = self.order
        return all(
            order.withdrawn[line] + self.rows.get(line, 0) == number for line, number in order.lines.items()
        )

    @property
    def goods(self) -> int:
        """Each row's share, cut from its whole sum."""
        order, found = self.order, 0
        for line, number in self.rows.items():
            before, of = order.withdrawn[line], order.lines[line]
            found += order.gross[line] * (before + number) // of - order.gross[line] * before // of
        return found

    @property
    def calls_off(self) -> bool:
        return self.whole and not self.order.has_left

    @property
    def strikes(self) -> bool:
        return self.order.state in {"confirmed", "closed"} and not self.calls_off

    def out(self, line: int) -> int:
        order = self.order
        return order.lying(line, *LEFT) - (order.withdrawn[line] - order.struck[line])

    def to_strike(self, line: int) -> int:
        order = self.order
        back = max(0, order.lying(line, "returned") - (order.withdrawn[line] - order.struck[line]))
        meant = min(self.rows[line], back or (self.out(line) if self.asked_for else 0))
        return min(self.rows[line] - meant, order.lying(line, "planned"))

    def refused(self, said: Said) -> Refusal:
        order = self.order
        if not self.rows:
            return operations.NothingLeft
        if self.deduction > (self.goods if order.has_left else 0):
            return operations.TooMuchOff
        if self.strikes and any(n > order.lying(x, "planned") + self.out(x) for x, n in self.rows.items()):
            return operations.StillPacked
        if said.state not in OPEN or (order.state == "placed" and not self.calls_off):
            return WrongState
        return None

    def planned_after(self, planned: int) -> int:
        """Öre of open refunds, `planned` being those of before."""
        order = self.order
        unpaid = max(0, order.kept - order.paid)
        free = max(0, order.held - planned)
        if self.calls_off and order.state != "cancelled":
            return planned + free
        return planned + max(0, min(self.goods - self.deduction - unpaid, free))


def grant(walk: Walk) -> None:
    if not (found := a_notice(walk)):
        return
    said, order = found
    if order is None:
        act = lambda: operations.refund_withdrawal(said.pk, {}, actor="eva", now=walk.now)  # noqa: E731
        walk.does(f"grant notice {said.pk} of nobody", act, operations.NoOrder)
        return
    given = _some_grant(walk, said, order)

    def act_on() -> None:
        operations.refund_withdrawal(
            said.pk, given.rows, deduction=Money(given.deduction), reason="läst", actor="eva", now=walk.now
        )

    words = f"grant {given.rows} less {given.deduction} of notice {said.pk} {said.state}, {order.pk} {order.state}"
    if said.state == "refunded":
        walk.nothing_comes_of(words, act_on)
        return
    expected = given.planned_after(walk.open_refunds(order))
    if walk.does(words, act_on, given.refused(said)):
        assert walk.open_refunds(order) == expected
        _granted(walk, said, given)


def _some_grant(walk: Walk, said: Said, order: Known) -> Grant:
    left = {line: number - order.withdrawn[line] for line, number in order.lines.items()}
    rows = {line: number for line, number in left.items() if number}
    if rows and walk.chance(0.75):
        rows = walk.some_of(rows)
    given = Grant(order, rows, 0, asked_for=said.state == "awaited")
    if walk.chance(0.2):
        given.deduction = walk.die.choice([100, given.goods, given.goods + 1])
    return given


def _granted(walk: Walk, said: Said, given: Grant) -> None:
    order = given.order
    walk.books.told_of_refund += 1 if said.writer == order.pk else 2
    said.state = "refunded"
    calls_off = given.calls_off
    struck = {line: given.to_strike(line) for line in given.rows} if given.strikes else {}
    order.withdrawn_ore += given.goods - given.deduction
    order.withdrawn.update(given.rows)
    if calls_off and order.state != "cancelled":
        given_back(order, by_the_clock=False)
    elif struck:
        _strike(walk, order, struck)


def _strike(walk: Walk, order: Known, struck: Copies) -> None:
    """Out of the parcels that wait, the first first; what is left of such a parcel is a new one."""
    order.struck.update({line: number for line, number in struck.items() if number})
    wanted, made = dict(struck), []
    for _pk, box in sorted(order.boxes.items()):
        out = {x: min(n, box.copies.get(x, 0)) for x, n in wanted.items() if box.state == "planned"}
        if not any(out.values()):
            continue
        rest = {line: number - out.get(line, 0) for line, number in box.copies.items()}
        rest = {line: number for line, number in rest.items() if number}
        if rest:
            made.append(Box("planned", rest, box.to))
        box.state, box.copies = "cancelled", {}
        for line, number in out.items():
            wanted[line] -= number
            product = order.products[line]
            order.promised[product] -= min(number, order.promised[product])
    assert not any(wanted.values())
    walk.adopt_boxes(order, made)


# --- Calling off and complaining ------------------------------------------------------------------------
def call_off(walk: Walk) -> None:
    if not (order := walk.an_order()):
        return
    act = lambda: operations.call_off(order.pk, now=walk.now)  # noqa: E731
    words = f"call off {order.pk} {order.state}"
    open_yet = order.state in {"placed", "confirmed"} and all(box.state == "planned" for box in order.live)
    if order.state == "cancelled":
        walk.nothing_comes_of(words, act)
    elif walk.does(words, act, None if open_yet else WrongState):
        given_back(order, by_the_clock=False)
        walk.books.told_of_cancelling += 1


def complain(walk: Walk) -> None:
    if not (order := walk.an_order()):
        return

    def act() -> None:
        operations.complain(
            order.pk, one, fault=fault, wish="new", written_by="köparen", language="sv", now=walk.now
        )

    bought = Order.objects.get(pk=order.pk)
    one = dict.fromkeys(list(with_buyer(bought))[:1], 1)

    fault = walk.die.choice(["Sidan 3 saknas.", "Trasig rygg."])
    known = Complaint.objects.filter(order=order.pk, fault=fault, rows=in_words(bought, one))
    waiting, before = known.filter(state="open").exists(), known.count()
    if walk.does(f"complain of {order.pk}", act, None if one else NotHandedOver):
        assert known.count() == before + (not waiting)


def answer_complaint(walk: Walk) -> None:
    latest = list(Complaint.objects.order_by("-pk")[:6])
    if not latest:
        return
    found = walk.die.choice(latest)
    how: dict[str, Any] = {"actor": "eva", "now": walk.now}
    new, act = walk.die.choice([
        ("settled", lambda: operations.settle_complaint(found.pk, "ny sänd", **how)),
        ("refused", lambda: operations.refuse_complaint(found.pk, "slitage", **how)),
        ("open", lambda: operations.reopen_complaint(found.pk, **how)),
    ])  # fmt: skip
    words = f"complaint {found.pk} {found.state} becomes {new}"
    if found.state == new:
        walk.nothing_comes_of(words, act)
    else:
        allowed = found.state == "open" or new == "open"
        walk.does(words, act, None if allowed else WrongState)


STEPS = {
    give_notice: 10,
    tie: 2,
    refuse_notice: 1,
    set_aside: 1,
    judge_anew: 1,
    await_goods: 3,
    let_rest_go: 2,
    goods_proven: 1,
    goods_back: 4,
    grant: 16,
    call_off: 1,
    complain: 1,
    answer_complaint: 1,
}

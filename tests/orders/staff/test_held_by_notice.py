"""What the buyer has withdrawn from and nobody has judged is neither packed nor sent, whichever way it is tried."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from notifications.models import Message
from orders import operations
from orders.models import Order, Shipment, Withdrawal
from orders.states import WrongState
from tests.factories import NOON, OrderFactory
from tests.staff import ORDER_DESK, in_role, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_house")]

DESK = "/admin/bestallningar/"
QUEUE, PACKED, NOTICES = DESK + "att-packa/", DESK + "att-skicka/", DESK + "angrade/"
WAITS = "Avgör ångern först"


@pytest.fixture
def staff() -> Client:
    return logged_in(*ORDER_DESK)


def withdrawn(order: Order, rows: str = "", email: str = "") -> Withdrawal:
    statement = operations.Statement(order.name, str(order.number), email or order.email, rows)
    return operations.withdraw(statement, now=NOON)


def parcel(order: Order) -> Shipment:
    return order.shipments.exclude(state="cancelled").order_by("pk")[0]


def state(order: Order) -> str:
    return str(parcel(order).state)


def plain(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def press(client: Client, address: str, **facts: Any) -> str:
    return plain(client.post(address, facts, follow=True))


def half_sent() -> Order:
    """Two copies are out, three are still here."""
    order = OrderFactory(lines={"SKRIFTEN": 5}, paid=True)
    line, first = order.lines.get(), parcel(order)
    operations.pack(first.pk, only={line.pk: 2}, actor="test", now=NOON)
    operations.send(first.pk, tracking_number="", actor="test", now=NOON)
    return Order.objects.get(pk=order.pk)


# --- It stays -------------------------------------------------------------------------------------
def test_the_queues_leave_it_out_and_name_it(staff):
    planned, packed, good = OrderFactory(paid=True), OrderFactory(packed=True), OrderFactory(paid=True)
    withdrawn(planned)
    withdrawn(packed)
    for page, order in ((QUEUE, planned), (PACKED, packed)):
        answer = staff.get(page)
        assert order not in [row.order for row in answer.context["object_list"]]
        assert f"så det här varken packas eller skickas: {order.number}." in plain(answer)
    assert f"Välj {good.number}" in plain(staff.get(QUEUE))


def test_a_queue_that_nobody_is_kept_out_of_says_nothing(staff):
    OrderFactory(paid=True)
    assert "varken packas eller skickas" not in plain(staff.get(QUEUE))


def test_only_the_first_ten_are_named(staff):
    for _each in range(12):
        withdrawn(OrderFactory(paid=True))
    assert "och 2 till." in plain(staff.get(QUEUE))


@pytest.mark.parametrize(
    ("how", "page", "button"),
    [("paid", QUEUE, "pack"), ("packed", PACKED, "send")],
)
def test_one_that_was_ticked_before_the_notice_came_stays_and_the_others_go(staff, how, page, button):
    held, good = OrderFactory(**{how: True}), OrderFactory(**{how: True})
    before = state(held)
    withdrawn(held)
    chosen = [parcel(held).pk, parcel(good).pk]
    told = press(staff, f"{page}valda/", gor=button, forsandelse=chosen)
    assert f"{held.number} får inte packas eller skickas: köpet är ångrat. {WAITS}." in told
    assert state(held) == before
    assert state(good) != before


@pytest.mark.parametrize(("how", "button"), [("paid", "pack"), ("packed", "send")])
def test_the_order_lists_buttons_leave_it_and_name_it(staff, how, button):
    held, good = OrderFactory(**{how: True}), OrderFactory(**{how: True})
    before = state(held)
    withdrawn(held)
    told = press(staff, f"{DESK}valda/", gor=button, order=[held.number, good.number])
    assert f"{held.number} får inte packas eller skickas: köpet är ångrat. {WAITS}." in told
    assert (state(held), state(good) != before) == (before, True)


@pytest.mark.parametrize(
    ("how", "page"),
    [("paid", "packa/{parcel}/"), ("packed", "skicka/{parcel}/"), ("paid", "{number}/")],
)
def test_each_screen_says_why_and_has_no_button(staff, how, page):
    order = OrderFactory(**{how: True})
    withdrawn(order)
    told = plain(staff.get(DESK + page.format(parcel=parcel(order).pk, number=order.number)))
    assert f"{order.number} får inte packas eller skickas: köpet är ångrat." in told
    for button in ("Packad, nästa", "Skicka, nästa", '>Packad<span class="w-sr-only">'):
        assert button not in told


@pytest.mark.parametrize(
    ("how", "page"),
    [
        ("paid", "packa/{parcel}/"),
        ("paid", "{number}/forsandelse/{parcel}/packad/"),
        ("packed", "skicka/{parcel}/"),
        ("packed", "{number}/forsandelse/{parcel}/skickad/"),
    ],
)
def test_a_post_to_any_desk_moves_nothing_and_writes_no_letter(staff, how, page):
    order = OrderFactory(**{how: True})
    before = state(order)
    withdrawn(order)
    line = order.lines.get().pk
    facts = {f"tick-{line}": "on", f"copies-{line}": "1", "tracking_number": "373599"}
    told = press(staff, DESK + page.format(parcel=parcel(order).pk, number=order.number), **facts)
    assert "får inte packas eller skickas" in told
    assert state(order) == before
    assert not Message.objects.filter(letter="sent").exists()


def test_no_slip_of_it_is_printed(staff):
    order = OrderFactory(packed=True)
    withdrawn(order)
    told = press(staff, f"{PACKED}valda/", gor="print", forsandelse=[parcel(order).pk])
    assert f"{order.number} får inte packas eller skickas" in told


def test_a_strangers_notice_holds_it_too_until_it_is_laid_aside_and_the_buyers_page_says_nothing(
    staff, client
):
    order = OrderFactory(paid=True)
    notice = withdrawn(order, email="annan@example.com")
    assert not order.may_be_packed
    assert "din ånger" not in plain(client.get(f"/order/{order.key}/"))
    operations.set_aside(notice.pk, "Någon annans.", actor="eva", now=NOON)
    assert Order.objects.get(pk=order.pk).may_be_packed


@pytest.mark.parametrize("how", ["paid", "packed"])
def test_the_buyers_page_says_that_the_parcel_waits_for_the_judgement(client, how):
    order = OrderFactory(**{how: True})
    withdrawn(order)
    assert "Vi väntar med paketet tills din ånger är avgjord." in plain(client.get(f"/order/{order.key}/"))


# --- Some of the copies ---------------------------------------------------------------------------
def test_a_notice_about_some_copies_holds_all_until_it_is_judged_and_then_the_rest_goes(staff):
    order = OrderFactory(lines={"SKRIFTEN": 5}, paid=True)
    notice = withdrawn(order, rows="2 × Skriften om värdskap")
    told = press(staff, f"{DESK}valda/", gor="pack", order=[order.number])
    assert f"en del av köpet är ångrad. {WAITS}, sedan går resten." in told
    operations.refund_withdrawal(notice.pk, {order.lines.get().pk: 2}, actor="eva", now=NOON)
    assert f"{order.number}" in press(staff, f"{DESK}valda/", gor="pack", order=[order.number])
    packed = order.shipments.get(state="packed")
    assert [row.quantity for row in packed.lines.all()] == [3]


def test_while_goods_are_awaited_the_rest_stays_until_somebody_lets_it_go(staff):
    order = half_sent()
    notice = withdrawn(order, rows="1 × Skriften om värdskap")
    operations.await_goods(notice.pk, actor="eva", now=NOON)
    told = press(staff, f"{DESK}valda/", gor="pack", order=[order.number])
    assert "vi väntar på varor tillbaka. Ska det som är kvar här gå ändå, säg det på ångerns sida." in told
    assert "Skicka det som är kvar" in plain(staff.get(f"{NOTICES}{notice.pk}/"))
    assert "Det som är kvar här får packas och skickas." in press(staff, f"{NOTICES}{notice.pk}/resten-gar/")
    desk = plain(staff.get(f"{DESK}packa/{order.shipments.get(state='planned').pk}/"))
    assert "Det som ligger här får gå." in desk
    press(staff, f"{DESK}valda/", gor="pack", order=[order.number])
    assert not order.shipments.filter(state="planned").exists()


def test_to_let_the_rest_go_twice_is_to_do_it_once(staff):
    order = half_sent()
    notice = withdrawn(order)
    operations.await_goods(notice.pk, actor="eva", now=NOON)
    for _press in range(2):
        press(staff, f"{NOTICES}{notice.pk}/resten-gar/")
    assert order.history.filter(new="rest-goes", actor="maja").count() == 1


@pytest.mark.parametrize("judged", ["received", "refused"])
def test_nothing_is_let_go_before_the_goods_are_awaited(staff, judged):
    order = half_sent()
    notice = withdrawn(order)
    if judged == "refused":
        operations.refuse_withdrawal(notice.pk, "För sent.", actor="eva", now=NOON)
    with pytest.raises(WrongState):
        operations.let_rest_go(notice.pk, actor="eva", now=NOON)
    assert "Det går inte från det läge" in press(staff, f"{NOTICES}{notice.pk}/resten-gar/")


def test_a_notice_that_is_judged_anew_holds_anew():
    order = half_sent()
    notice = withdrawn(order)
    operations.await_goods(notice.pk, actor="eva", now=NOON)
    operations.let_rest_go(notice.pk, actor="eva", now=NOON)
    operations.refuse_withdrawal(notice.pk, "För sent.", actor="eva", now=NOON)
    operations.judge_anew(notice.pk, actor="eva", now=NOON)
    operations.await_goods(notice.pk, actor="eva", now=NOON)
    assert not Order.objects.get(pk=order.pk).may_be_packed


def test_who_may_not_judge_may_not_let_go():
    order = half_sent()
    notice = withdrawn(order)
    operations.await_goods(notice.pk, actor="eva", now=NOON)
    assert in_role("Packare").post(f"{NOTICES}{notice.pk}/resten-gar/").status_code == 403
    assert not Withdrawal.objects.get(pk=notice.pk).rest_goes


def test_the_rule_in_sql_is_the_rule_of_the_order():
    for judged in ("received", "awaited", "let go", "refused", "set aside"):
        order = half_sent()
        notice = withdrawn(order)
        if judged in {"awaited", "let go"}:
            operations.await_goods(notice.pk, actor="eva", now=NOON)
        if judged == "let go":
            operations.let_rest_go(notice.pk, actor="eva", now=NOON)
        if judged == "refused":
            operations.refuse_withdrawal(notice.pk, "Nej.", actor="eva", now=NOON)
        if judged == "set aside":
            operations.set_aside(notice.pk, "Nej.", actor="eva", now=NOON)
    OrderFactory(paid=True)
    by_rule = {one.pk: one.may_be_packed for one in Order.objects.all()}
    assert set(Order.objects.may_be_packed().values_list("pk", flat=True)) == {
        pk for pk, may in by_rule.items() if may
    }
    held = {pk for pk, may in by_rule.items() if not may}
    assert set(Order.objects.held_by_notice().values_list("pk", flat=True)) == held
    assert len(held) == 2

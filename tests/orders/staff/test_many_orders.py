"""The list of orders: age, steps with many at once, and searches kept as links."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from notifications.models import Message
from orders import operations
from orders.models import Order, SavedList
from orders.states import Parcel, WrongState
from tests.factories import NOON, OrderFactory
from tests.staff import in_role, logged_in

pytestmark = pytest.mark.django_db

LIST = "/admin/bestallningar/"
CHOSEN = LIST + "valda/"
SAVED = LIST + "listor/"


def told(answer: Any) -> str:
    """The sentences above the page that a button leads to."""
    return " ".join(str(message) for message in answer.context["messages"])


def press(client: Client, deed: str, *orders: Order, query: str = "", **typed: str) -> Any:
    numbers = [order.number for order in orders]
    return client.post(f"{CHOSEN}?{query}", {"gor": deed, "order": numbers, **typed}, follow=True)


def parcels(*orders: Order) -> list[str]:
    return [str(order.shipments.get().state) for order in orders]


# --- Age -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("age", "found"),
    [
        ("today", {0}),
        ("week", {0, 1, 6}),
        ("month", {0, 1, 6, 7, 29}),
        ("over-2", {6, 7, 29, 30, 31}),
        ("over-7", {29, 30, 31}),
        ("over-30", {31}),
    ],
)
def test_an_order_is_found_by_how_many_swedish_days_it_has_waited(age, found):
    """Each is placed at 0.30 in Stockholm, which is the day before in UTC."""
    made = {
        days: OrderFactory(at=NOON.replace(hour=23, minute=30) - timedelta(days=days + 1))
        for days in (0, 1, 6, 7, 29, 30, 31)
    }
    with time_machine.travel(NOON, tick=False):
        answer = in_role("Ekonom").get(LIST, {"age": age})
    assert {order.number for order in answer.context["object_list"]} == {made[days].number for days in found}


# --- Steps with many -------------------------------------------------------------------------------
def test_the_ticked_orders_take_a_step_each_and_the_list_is_as_it_was_filtered(mailoutbox):
    client, orders = in_role("Packare"), [OrderFactory(on_invoice=True) for _order in range(3)]
    answer = press(client, "pack", *orders[:2], query="payment=unpaid")
    assert answer.redirect_chain == [(f"{LIST}?payment=unpaid", 302)]
    assert f"2 beställningar är packade. ({orders[0].number}, {orders[1].number})" in told(answer)
    assert parcels(*orders) == [Parcel.PACKED, Parcel.PACKED, Parcel.PLANNED]
    assert "2 beställningar är skickade. Köparna får varsitt mejl." in told(
        press(client, "send", *orders[:2])
    )
    assert Message.objects.filter(letter="sent").count() == 2
    press(client, "deliver", *orders[:2])
    assert parcels(*orders) == [Parcel.DELIVERED, Parcel.DELIVERED, Parcel.PLANNED]


def test_one_that_cannot_take_the_step_is_named_with_the_reason_and_stops_no_other():
    client = in_role("Ägare")
    unpaid, packed, good = OrderFactory(), OrderFactory(packed=True), OrderFactory(paid=True)
    answer = told(press(client, "pack", unpaid, packed, good))
    assert "1 beställning är packad." in answer
    assert f"Beställning {packed.number} är redan packad." in answer
    assert f"Beställning {unpaid.number} får inte packas: den är obetald eller avbeställd." in answer
    assert parcels(good) == [Parcel.PACKED]
    assert f"Markera {good.number} som skickad först." in told(press(client, "deliver", good))


def test_an_order_of_several_parcels_takes_the_step_whole_or_not_at_all(monkeypatch):
    """The second parcel is refused, so the first one's step is taken back, letter and all."""
    order = OrderFactory(on_invoice=True, lines={"SKRIFTEN": 3})
    line, first = order.lines.get(), order.shipments.get()
    operations.pack(first.pk, actor="test", now=NOON, only={line.pk: 1})
    operations.pack(order.shipments.exclude(pk=first.pk).get().pk, actor="test", now=NOON)
    real, seen = operations.send, []

    def refuse_the_second(pk: int, **how: Any) -> None:
        seen.append(pk)
        if len(seen) == 2:
            raise WrongState("shipment", Parcel.DELIVERED, Parcel.SENT)
        real(pk, **how)

    monkeypatch.setattr(operations, "send", refuse_the_second)
    answer = told(press(in_role("Packare"), "send", order))
    assert "1 gick inte:" in answer
    assert {row.state for row in order.shipments.all()} == {Parcel.PACKED}
    assert not Message.objects.filter(letter="sent").exists()
    monkeypatch.setattr(operations, "send", real)
    press(in_role("Ägare"), "send", order)
    assert {row.state for row in order.shipments.all()} == {Parcel.SENT}


def test_an_order_of_which_a_parcel_is_still_here_is_not_told_to_have_come():
    order, whole = OrderFactory(paid=True, lines={"SKRIFTEN": 3}), OrderFactory(sent=True)
    line, first = order.lines.get(), order.shipments.get()
    operations.pack(first.pk, actor="test", now=NOON, only={line.pk: 1})
    operations.send(first.pk, tracking_number="", actor="test", now=NOON)
    answer = told(press(in_role("Ägare"), "deliver", order, whole))
    assert f"1 beställning är framme. ({whole.number})" in answer
    assert f"Bara en del av paketen har kommit så långt: {order.number}." in answer


def test_what_is_called_off_is_told_to_be_called_off_and_not_that_it_may_not_be_packed():
    order = OrderFactory(paid=True)
    operations.cancel(order.pk, actor="test", cause="ringde", now=NOON)
    answer = told(press(in_role("Ägare"), "deliver", order))
    assert f"Beställning {order.number} är avbeställd" in answer
    assert "packas" not in answer


def test_the_unpaid_are_those_that_money_is_still_to_come_for():
    waits, off = OrderFactory(on_invoice=True), OrderFactory(on_invoice=True)
    operations.cancel(off.pk, actor="test", cause="ringde", now=NOON)
    client = in_role("Ekonom")

    def numbers(query: str) -> set[str]:
        return {row.number for row in client.get(LIST + query).context["object_list"]}

    assert numbers("?method=invoice&payment=unpaid") == {waits.number}
    assert numbers("?payment=unpaid&state=cancelled") == {off.number}


def test_a_note_comes_into_each_history_once_and_an_empty_one_keeps_the_ticks():
    client, orders = in_role("Ekonom"), [OrderFactory(), OrderFactory(), OrderFactory()]
    answer = press(client, "note", *orders[:2], query="payment=unpaid", text="")
    assert "Skriv det som ska stå i historiken." in answer.content.decode()
    assert answer.content.decode().count('form="valda" checked>') == 2
    for _press in range(2):
        press(client, "note", *orders[:2], text="Ringt om fakturan")
    notes = [list(order.history.filter(machine="note").values_list("cause", "actor")) for order in orders]
    assert notes == [[("Ringt om fakturan", "en Ekonom")]] * 2 + [[]]


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        ("Packare", {"pack": 302, "note": 302}),
        ("Ekonom", {"pack": 403, "note": 302}),
        ("Redaktör", {"pack": 403}),
    ],
)
def test_a_role_takes_the_steps_that_it_may_and_sees_no_other_button(role, statuses):
    order, client = OrderFactory(on_invoice=True), in_role(role)
    for deed, status in statuses.items():
        posted = {"gor": deed, "order": [order.number], "text": "x"}
        assert client.post(CHOSEN, posted).status_code == status
    page = client.get(LIST).content.decode()
    assert ('value="pack"' in page) == (statuses["pack"] == 302)
    assert ("Markera de valda som:" in page) == (statuses["pack"] == 302)
    assert parcels(order) == [Parcel.PACKED if statuses["pack"] == 302 else Parcel.PLANNED]


def test_who_may_only_look_has_no_boxes():
    order = OrderFactory()
    page = logged_in("orders.view_order").get(LIST).content.decode()
    assert str(order.number) in page
    assert 'type="checkbox" name="order"' not in page


@pytest.mark.parametrize(
    ("numbers", "status"),
    [(["VS-2026-999999"], 404), (["\x00"], 404), (["x" * 10_000], 404), ([], 302), (["x"] * 3, 404)],
)
def test_numbers_that_no_box_says_change_nothing(numbers, status):
    assert in_role("Ägare").post(CHOSEN, {"gor": "pack", "order": numbers}).status_code == status


def test_more_than_a_page_can_hold_is_refused_with_a_sentence_and_an_unknown_step_too():
    client, order = in_role("Ägare"), OrderFactory(paid=True)
    many = client.post(CHOSEN, {"gor": "pack", "order": [f"VS-{n}" for n in range(101)]}, follow=True)
    assert "Välj högst 100 beställningar åt gången." in told(many)
    assert "Välj minst en beställning först." in told(press(client, "explode", order))
    assert parcels(order) == [Parcel.PLANNED]


# --- Kept searches ---------------------------------------------------------------------------------
def test_a_search_is_kept_under_a_name_and_stands_above_the_list():
    client, order = in_role("Ekonom"), OrderFactory(name="Olof Strand")
    OrderFactory()
    query = "payment=unpaid&q=strand"
    assert f"{SAVED}?{query.replace('&', '&amp;')}" in client.get(f"{LIST}?{query}").content.decode()
    answer = client.post(f"{SAVED}?{query}&p=7&okand=1", {"name": "Strand & Co, obetalda"}, follow=True)
    assert answer.redirect_chain == [(f"{LIST}?{query}", 302)]
    assert "är sparad" in told(answer)
    page = client.get(LIST).content.decode()
    assert "Strand &amp; Co, obetalda" in page
    kept = SavedList.objects.get()
    assert kept.query == query
    found = client.get(f"{LIST}?{kept.query}")
    assert [row.number for row in found.context["object_list"]] == [order.number]
    assert 'aria-current="page"' in found.content.decode()


def test_the_same_name_again_replaces_and_another_persons_list_stays():
    mine, others = in_role("Ekonom"), in_role("Ägare")
    mine.post(f"{SAVED}?q=a", {"name": "Min"})
    others.post(f"{SAVED}?q=b", {"name": "Min"})
    mine.post(f"{SAVED}?q=c", {"name": "Min", "shared": "on"})
    kept = SavedList.objects.order_by("pk").values_list("owner__username", "query", "shared")
    assert list(kept) == [("en Ekonom", "q=c", True), ("en Ägare", "q=b", False)]


def test_a_shared_list_is_seen_by_all_who_see_orders_and_taken_away_by_its_owner_alone():
    owner, other = in_role("Ägare"), in_role("Packare")
    owner.post(f"{SAVED}?q=a", {"name": "Allas", "shared": "on"})
    owner.post(f"{SAVED}?q=b", {"name": "Enskild"})
    page = other.get(LIST).content.decode()
    assert "Allas" in page
    assert "Enskild" not in page
    for kept in SavedList.objects.all():
        assert other.post(f"{SAVED}{kept.pk}/bort/").status_code == 404
        assert owner.post(f"{SAVED}{kept.pk}/bort/").status_code == 302
    assert not SavedList.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\x00"])
def test_a_name_that_cannot_be_kept_is_said_at_the_field_and_what_was_typed_stays(name):
    answer = in_role("Ekonom").post(f"{SAVED}?q=strand", {"name": name, "shared": "on"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["name"]
    assert not SavedList.objects.exists()
    assert 'name="shared" id="id_shared" checked' in " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    "query", ["payment=x'+OR+1", "state=%00x", "placed_at_from=igår", "q=" + "ö" * 900, "age=never"]
)
def test_a_search_that_the_list_could_not_show_is_not_kept(query):
    answer = in_role("Ekonom").post(f"{SAVED}?{query}", {"name": "Konstig"})
    assert (answer.status_code, SavedList.objects.count()) == (302, 0)

"""The staff page of a notice of withdrawal: what it tells, and its buttons, each role its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from notifications.models import Message
from orders import operations
from orders.models import Order, Withdrawal
from tests.factories import NOON, FreightFactory, OrderFactory
from tests.shopping import fields
from tests.staff import ORDER_DESK, in_role, logged_in

pytestmark = pytest.mark.django_db

NOTICES = "/admin/bestallningar/angrade/"


@pytest.fixture(autouse=True)
def noon():
    """The clock stands at noon, and a parcel costs 49 kr."""
    with time_machine.travel(NOON, tick=False):
        FreightFactory()
        yield


@pytest.fixture
def staff() -> Client:
    return logged_in(*ORDER_DESK)


def notice_of(order: Order | None = None, rows: str = "", **stated: str) -> Withdrawal:
    known = {"name": order.name, "order_number": str(order.number), "email": order.email} if order else {}
    return operations.withdraw(operations.Statement(**{**known, "rows": rows, **stated}), now=NOON)


def look(client: Client, notice: Withdrawal) -> str:
    answer = client.get(f"{NOTICES}{notice.pk}/")
    assert answer.status_code == 200
    return plain(answer)


def press(client: Client, notice: Withdrawal, step: str, **facts: Any) -> Any:
    return client.post(f"{NOTICES}{notice.pk}/{step}/", facts, follow=True)


def plain(answer: Any) -> str:
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def fresh(notice: Withdrawal) -> Withdrawal:
    return Withdrawal.objects.get(pk=notice.pk)


def copies(order: Order, *numbers: int) -> dict[str, str]:
    return {f"copies-{line.pk}": str(number) for line, number in zip(order.lines.all(), numbers, strict=True)}


def test_it_tells_what_was_said_whose_it_is_and_the_last_days(staff):
    order = OrderFactory(sent=True)
    operations.deliver(order.shipments.get().pk, actor="maja", now=NOON)
    page = look(staff, notice_of(order))
    for words in (
        "Mottagen 23 november 2026, 12.00.00",
        "samma som på beställningen",
        "Till och med 7 december 2026",  # 14 days
        "Senast 7 december 2027",  # a year longer, when informed wrongly
        "Senast 7 december 2026",
        "Vänta på varorna",
    ):
        assert words in page, words


def test_a_name_or_address_that_does_not_match_is_marked(staff):
    order = OrderFactory(paid=True)
    page = look(staff, notice_of(order, name="Någon Annan", email="annan@example.com"))
    assert "på beställningen står Karin Ek" in page
    assert f"på beställningen står {order.email}" in page


def test_a_notice_of_no_known_order_offers_those_of_the_same_address(staff):
    order = OrderFactory(paid=True)
    notice = notice_of(name="Karin Ek", order_number="skriften", email=order.email.upper())
    assert f"Den gäller {order.number}" in look(staff, notice)
    page = press(staff, notice, "koppla", number=f" {str(order.number).lower()} ")
    assert f"Ångern hör nu till {order.number}." in plain(page)
    assert fresh(notice).order == order


@pytest.mark.parametrize("number", ["", "VS-0", "\x00", "x" * 10_000])
def test_a_number_that_is_none_is_told_and_kept(staff, number):
    notice = notice_of(name="Karin", order_number="x", email="k@example.com")
    assert press(staff, notice, "koppla", number=number).status_code == 422
    assert fresh(notice).order is None


def test_the_whole_way_from_waiting_over_the_goods_to_the_money(staff):
    order = OrderFactory(lines={"SKRIFTEN": 3}, sent=True)
    notice = notice_of(order)
    assert "Nu väntar vi på varorna." in plain(press(staff, notice, "vanta"))
    parcel, line = order.shipments.get(), order.lines.get()
    back = {f"restock-{line.pk}": "2", f"spoilt-{line.pk}": "1"}
    assert "Varorna är mottagna" in plain(press(staff, notice, f"varorna-har/{parcel.pk}", **back))
    reckoned = press(staff, notice, "betala-tillbaka", **copies(order, 3))
    assert "Betala tillbaka 214,00 kr" in plain(reckoned)
    assert not order.refunds.exists(), "a sum that nobody has seen is not sent"
    sent = press(staff, notice, "betala-tillbaka", **copies(order, 3), seen="21400")
    assert "214,00 kr betalas tillbaka" in plain(sent)
    assert [row.amount_ore for row in order.refunds.all()] == [214_00]
    assert fresh(notice).state == "refunded"


def test_a_sum_that_is_no_longer_the_one_seen_is_shown_again(staff):
    order = OrderFactory(lines={"SKRIFTEN": 3}, sent=True)
    notice = notice_of(order)
    answer = press(staff, notice, "betala-tillbaka", **copies(order, 2), seen="21400")
    assert "Betala tillbaka 110,00 kr" in plain(answer)
    assert not order.refunds.exists()


def test_the_rows_that_the_notice_names_are_proposed(staff):
    order = OrderFactory(lines={"SKRIFTEN": 3, "DET-GODA-VARDSKAPET": 1}, sent=True)
    page = staff.get(f"{NOTICES}{notice_of(order, '2 × Skriften om värdskap').pk}/")
    assert "Förslag enligt meddelandet: varor 110,00 kr, frakt 0,00 kr." in plain(page)
    proposed = [fields(page)[f"copies-{line.pk}"] for line in order.lines.all()]
    assert proposed == ["2", "0"]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"copies": "0"}, "Skriv hur många som ångras, på minst en rad."),
        ({"copies": "4"}, "Skriv ett antal från 0 till 3."),
        ({"copies": "-1"}, "Skriv ett antal från 0 till 3."),
        ({"copies": "9" * 5_000}, "Skriv ett antal från 0 till 3."),
        ({"copies": "\x00"}, "Skriv ett antal från 0 till 3."),
        ({"deduction": "tio"}, "Skriv ett belopp i kronor"),
        ({"deduction": "10"}, "Skriv varför ni gör avdrag."),
    ],
)
def test_what_cannot_be_reckoned_is_told_and_nothing_typed_is_lost(staff, facts, sentence):
    order = OrderFactory(lines={"SKRIFTEN": 3}, sent=True)
    notice, line = notice_of(order), order.lines.get()
    typed = {"copies": "3", "deduction": "", "reason": "", **facts}
    typed[f"copies-{line.pk}"] = typed.pop("copies")
    answer = press(staff, notice, "betala-tillbaka", **typed)
    assert answer.status_code == 422
    assert sentence in plain(answer)
    assert not order.refunds.exists()


def test_a_deduction_larger_than_the_goods_is_told(staff):
    order = OrderFactory(sent=True)
    notice = notice_of(order)
    facts = {**copies(order, 1), "deduction": "60", "reason": "Trasig", "seen": "4400"}
    assert "Avdraget är större än varornas pris." in plain(press(staff, notice, "betala-tillbaka", **facts))


def test_more_copies_than_the_parcel_held_do_not_come_back(staff):
    order = OrderFactory(lines={"SKRIFTEN": 3}, sent=True)
    notice, line, parcel = notice_of(order), order.lines.get(), order.shipments.get()
    for facts in ({f"restock-{line.pk}": "2", f"spoilt-{line.pk}": "2"}, {}):
        answer = press(staff, notice, f"varorna-har/{parcel.pk}", **facts)
        assert answer.status_code == 422
    assert order.shipments.get().state == "sent"


def test_another_orders_parcel_and_a_notice_that_is_none_are_not_found(staff):
    other = OrderFactory(sent=True).shipments.get().pk
    notice = notice_of(OrderFactory(sent=True))
    assert press(staff, notice, f"varorna-har/{other}").status_code == 404
    assert staff.get(f"{NOTICES}0/").status_code == 404
    loose = notice_of(name="Karin", order_number="x", email="k@example.com")
    assert press(staff, loose, "betala-tillbaka").status_code == 404


def test_a_refusal_needs_a_reason_and_writes_once(staff):
    notice = notice_of(OrderFactory(sent=True))
    assert "Skriv skälet." in plain(press(staff, notice, "avsla"))
    for _press in range(2):
        press(staff, notice, "avsla", reason="Kom för sent.")
    assert Message.objects.filter(letter="withdrawal-refused").count() == 1
    page = look(staff, notice)
    assert "Kom för sent." in page
    assert "Pröva igen" in page


@pytest.mark.parametrize(
    ("role", "buttons"),
    [("Packare", {"varorna-har/"}), ("Ekonom", {"vanta/", "betala-tillbaka/", "avsla/", "lagg-at-sidan/"})],
)
def test_a_role_is_shown_its_own_buttons(role, buttons):
    page = look(in_role(role), notice_of(OrderFactory(sent=True)))
    every = {"vanta/", "varorna-har/", "betala-tillbaka/", "avsla/", "lagg-at-sidan/"}
    assert {button for button in every if button in page.partition("<main")[2]} == buttons


def test_the_list_shows_what_waits_first_and_filters_by_state(staff):
    old, new, done = (notice_of(OrderFactory(sent=True)) for _each in range(3))
    Withdrawal.objects.filter(pk=new.pk).update(received_at=NOON + timedelta(days=1))
    Withdrawal.objects.filter(pk=done.pk).update(state="refused", received_at=NOON + timedelta(days=2))
    page = plain(staff.get(NOTICES))
    places = [page.index(f'href="{NOTICES}{row.pk}/"') for row in (old, new, done)]
    assert places == sorted(places)
    refused = plain(staff.get(f"{NOTICES}?state=refused"))
    assert f'href="{NOTICES}{done.pk}/"' in refused
    assert f'href="{NOTICES}{old.pk}/"' not in refused


def test_the_page_costs_the_same_for_one_and_twenty_rows(staff, django_assert_num_queries):
    small, large = (
        notice_of(OrderFactory(lines={f"RAD-{count}-{row}": 1 for row in range(count)}, sent=True))
        for count in (1, 20)
    )
    look(staff, small)
    with django_assert_num_queries(40, exact=False) as few:
        look(staff, small)
    with django_assert_num_queries(len(few.captured_queries)):
        look(staff, large)

"""The lists of the staff pages: what stands in them, who sees them, what they cost."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock
from urllib.parse import parse_qsl, urlencode, urljoin

import pytest
from django.test import Client
from django.utils.translation import override

from orders import operations
from orders.handed_over import with_buyer
from orders.models import Difference, Order, Withdrawal
from shop.models import FreightMethod, Product
from tests.factories import NOON, FreightFactory, OrderFactory, ProductFactory, pay
from tests.staff import ORDER_DESK, logged_in

pytestmark = pytest.mark.django_db

LIST = "/admin/bestallningar/"
QUEUE = "/admin/bestallningar/att-packa/"
NOTICES = "/admin/bestallningar/angrade/"


@pytest.fixture
def staff() -> Client:
    return logged_in(*ORDER_DESK)


def text(client: Client, address: str, **query: str) -> str:
    answer = client.get(f"{address}?{urlencode(query)}" if query else address)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client: Client, **query: str) -> list[str]:
    """The numbers in the list, in its order."""
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return [str(order.number) for order in answer.context["object_list"]]


# --- Who sees them ----------------------------------------------------------------------------------
@pytest.mark.parametrize("address", [LIST, QUEUE, NOTICES])
def test_a_stranger_is_sent_to_the_login(client, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/admin/login/")


@pytest.mark.parametrize("address", [LIST, QUEUE, NOTICES])
def test_staff_without_the_right_get_403_and_no_order(address):
    order = OrderFactory(paid=True)
    answer = logged_in().get(address)
    assert answer.status_code == 403
    assert str(order.number) not in answer.content.decode()


def test_the_menu_shows_orders_only_to_those_who_may_see_them():
    assert "bestallningar" in logged_in(*ORDER_DESK).get("/admin/").content.decode()
    assert "bestallningar" not in logged_in(name="other").get("/admin/").content.decode()


# --- What stands in the list ------------------------------------------------------------------------
def test_the_list_is_newest_first_and_says_the_words(staff):
    first = OrderFactory(paid=True, at=NOON)
    second = OrderFactory(on_invoice=True, sent=True, at=NOON + timedelta(hours=1))
    assert listed(staff) == [second.number, first.number]
    page = text(staff, LIST)
    for words in ("Björkviks kommun", "212999-0004", "Björkvik", "Betald", "Obetald", "Skickad", "Bekräftad"):
        assert words in page


def test_a_sole_traders_number_is_masked(staff):
    OrderFactory(on_invoice=True, organisation="Eks Snickeri", organisation_number="8507099805")
    for address in (LIST, QUEUE):
        page = text(staff, address)
        assert "••••••-9805" in page
        assert "850709" not in page


def test_a_page_holds_fifty(staff):
    OrderFactory.create_batch(51)
    assert len(listed(staff)) == 50
    assert len(listed(staff, p="2")) == 1


def test_markup_in_a_name_is_text(staff):
    OrderFactory(name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in text(staff, LIST)


# --- Filters and search -----------------------------------------------------------------------------
@pytest.fixture
def orders() -> dict[str, str]:
    """One order of each kind, by a word for it."""
    made = {
        "waiting": OrderFactory(),
        "paid": OrderFactory(paid=True),
        "packed": OrderFactory(packed=True),
        "invoice": OrderFactory(on_invoice=True, at=NOON - timedelta(days=40)),
        "sent": OrderFactory(on_invoice=True, sent=True, buyer="company", organisation="Strand AB"),
        "cancelled": OrderFactory(name="Olof Strand"),
    }
    operations.cancel(made["cancelled"].pk, actor="test", cause="ångrade sig", now=NOON)
    return {name: str(order.number) for name, order in made.items()}


NARROWED = {
    "payment=paid": {"paid", "packed"},
    "payment=unpaid": {"waiting", "invoice", "sent"},
    "payment=unpaid&state=cancelled": {"cancelled"},
    "fulfilment=packed": {"packed"},
    "fulfilment=sent": {"sent"},
    "fulfilment=none": {"waiting", "paid", "invoice", "cancelled"},
    "state=cancelled": {"cancelled"},
    "buyer=public": {"invoice"},
    "method=invoice": {"invoice", "sent"},
    "placed_at_to=2026-10-31": {"invoice"},
    "placed_at_from=2026-11-23&payment=paid": {"paid", "packed"},
    "q=strand": {"sent", "cancelled"},
    "q=strand&state=confirmed": {"sent"},
    "payment=part-refunded": set(),
}


def test_filters_and_search_narrow_the_list_and_stand_in_the_address(staff, orders):
    names = {number: name for name, number in orders.items()}
    found = {
        query: {names[number] for number in listed(staff, **dict(parse_qsl(query)))} for query in NARROWED
    }
    assert found == NARROWED


def test_the_days_of_a_period_are_swedish_days(staff):
    late = OrderFactory(at=NOON.replace(hour=22, minute=59))  # 23.59 in Stockholm
    after = OrderFactory(at=NOON.replace(hour=23, minute=1))  # 0.01 the day after
    assert listed(staff, placed_at_from="2026-11-23", placed_at_to="2026-11-23") == [late.number]
    assert listed(staff, placed_at_from="2026-11-24") == [after.number]


HOSTILE: list[dict[str, str]] = [
    {"q": "\x00"},
    {"q": "a" * 10_000},
    {"q": "% _ \\ ' \" ; <script>"},
    {"q": "\u202eåäö 🙂"},
    {"payment": "x' OR 1=1"},
    {"state": "\x00"},
    {"placed_at_from": "0001-01-01", "placed_at_to": "9999-12-31"},
    {"placed_at_from": "i går"},
    {"p": "-1"},
    {"p": "9" * 400},
    {"ordering": "checkout_key"},
]


def test_hostile_queries_are_answered_with_a_list(staff):
    OrderFactory()
    for query in HOSTILE:
        assert len(listed(staff, **query)) <= 1, query


def test_the_rows_alone_can_be_fetched_for_the_search_as_one_types(staff, orders):
    page = text(staff, LIST + "rader/", q="strand", _w_filter_fragment="1")
    assert orders["sent"] in page
    assert orders["paid"] not in page
    assert "<html" not in page


# --- What it costs ----------------------------------------------------------------------------------
def some_orders(count: int) -> None:
    """Of several kinds; made without looking for a worker."""
    with mock.patch("notifications.outbox.send_message"):
        for place in range(count):
            OrderFactory(paid=place % 2 == 0, on_invoice=place % 3 == 0)


@pytest.mark.parametrize("address", [LIST, LIST + "?payment=paid&fulfilment=none&q=karin", QUEUE])
def test_a_list_costs_the_same_for_one_and_twelve_orders(staff, address, django_assert_num_queries):
    some_orders(1)
    staff.get(address)  # warm what outlives a request
    with django_assert_num_queries(16, exact=False) as few:  # eight of them Wagtail's own
        staff.get(address)
    some_orders(11)
    with django_assert_num_queries(len(few.captured_queries)):
        staff.get(address)


@pytest.mark.parametrize("page", ["angrade/", "reklamationer/", "att-godkanna/", "../pengar/avvikelser/"])
def test_a_list_of_what_waits_costs_the_same_for_one_and_nine(page, django_assert_num_queries):
    client, address = logged_in(*ORDER_DESK), urljoin(LIST, page)
    one_that_waits()
    client.get(address)
    with django_assert_num_queries(16, exact=False) as few:
        client.get(address)
    for _each in range(8):
        one_that_waits()
    with django_assert_num_queries(len(few.captured_queries)):
        assert client.get(address).context["items_count"] == 9


def one_that_waits() -> None:
    """An order that was sent, withdrawn from, complained of and booked otherwise at Stripe; and one to approve."""
    with mock.patch("notifications.outbox.send_message"):
        order, other = OrderFactory(sent=True), OrderFactory(on_invoice=True)
        operations.withdraw(operations.Statement(order.name, str(order.number), order.email), now=NOON)
        operations.complain(
            order.pk,
            with_buyer(order),
            fault="Trasig",
            wish="repair",
            written_by="x",
            language="sv",
            now=NOON,
        )
    Order.objects.filter(pk=other.pk).update(state="placed")
    Difference.objects.create(
        kind="payment", reference=str(order.number), order=order, happened_at=NOON, found_at=NOON
    )


# --- The queue and the notices ----------------------------------------------------------------------
def test_the_queue_is_oldest_first_and_holds_only_what_may_be_packed(staff, orders):
    answer = staff.get(QUEUE)
    assert [parcel.order.number for parcel in answer.context["object_list"]] == [
        orders["invoice"],
        orders["paid"],
    ]
    assert "1 × Skriften om värdskap" in answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_an_order_joins_the_queue_when_its_money_has_come(staff):
    order = OrderFactory()
    assert str(order.number) not in text(staff, QUEUE)
    pay(order)
    assert str(order.number) in text(staff, QUEUE)


def test_the_queue_leads_to_the_packed_that_wait_to_be_sent(staff, orders):
    assert "/admin/bestallningar/att-skicka/" in text(staff, QUEUE)


def test_notices_of_withdrawal_are_listed_with_and_without_a_known_order(staff):
    order = OrderFactory(paid=True)
    for number, known in (("1", order), ("2", None)):
        Withdrawal.objects.create(
            key=number,
            order=known,
            name="Karin",
            order_number=f"VS-{number}",
            email="k@e.se",
            received_at=NOON,
        )
    page = text(staff, NOTICES)
    assert "VS-1" in page
    assert "VS-2" in page
    assert page.count(f'href="{NOTICES}{order.withdrawals.get().pk}/"') == 1


def test_a_notice_can_not_be_changed_here(staff):
    assert staff.post(NOTICES, {"name": "x"}).status_code == 405


def test_drafts_are_nobodys_business(staff):
    order = OrderFactory()
    Order.objects.filter(pk=order.pk).update(state="draft", number=None)
    assert listed(staff) == []


def test_a_withdrawn_order_is_marked_in_the_list_and_named_above_the_queue(staff):
    order = OrderFactory(paid=True)
    assert "Köpet är ångrat" not in text(staff, QUEUE)
    statement = operations.Statement(order.name, str(order.number), order.email)
    operations.withdraw(statement, now=NOON)
    assert f"varken packas eller skickas: {order.number}." in text(staff, QUEUE)
    assert "Ångrad av köparen" in text(staff, LIST)


def test_a_notice_that_is_judged_holds_no_parcel_up(staff):
    order = OrderFactory(lines={"SKRIFTEN": 30}, paid=True)
    notice = operations.withdraw(operations.Statement(order.name, str(order.number), order.email), now=NOON)
    operations.refund_withdrawal(notice.pk, {order.lines.get().pk: 6}, actor="eva", now=NOON)
    queue = text(staff, QUEUE).replace("\N{NO-BREAK SPACE}", " ")
    assert "24 × Skriften om värdskap" in queue
    assert "Ångrad av köparen" not in queue
    assert "Ånger godtagen" in text(staff, LIST)


def test_a_notice_that_is_refused_marks_nothing(staff):
    order = OrderFactory(paid=True)
    notice = operations.withdraw(
        operations.Statement(order.name, str(order.number), "annan@example.com"), now=NOON
    )
    operations.refuse_withdrawal(notice.pk, "Någon annans.", actor="eva", now=NOON)
    assert "Ångrad av köparen" not in text(staff, QUEUE)
    assert "Ångrad av köparen" not in text(staff, LIST)


def test_an_order_that_was_called_off_is_not_one_to_pack(staff):
    order = OrderFactory(paid=True)
    operations.cancel(order.pk, actor="maja", cause="dubblett", now=NOON)
    assert "Skickas inte" in text(staff, LIST)


def test_staff_read_the_names_on_the_shelf_whatever_language_the_buyer_reads(staff):
    ProductFactory(skriften=True, name_en="The booklet on hostmanship")
    FreightFactory(name_en="To your home or workplace")
    with override("en"):
        order = OrderFactory(paid=True, language="en")
    assert order.freight_name == "To your home or workplace"
    for page in (text(staff, QUEUE), text(staff, f"{LIST}{order.number}/")):
        assert "Hem eller till arbetsplatsen" in page
        assert "Skriften om värdskap" in page
        assert "To your home or workplace" not in page
        assert "The booklet on hostmanship" not in page


def test_staff_read_what_a_swedish_buyer_agreed_to_after_a_change_of_names(staff):
    FreightFactory()
    order = OrderFactory(paid=True)
    Product.objects.update(name="Skriften, andra upplagan")
    FreightMethod.objects.update(name="Hem")
    for page in (text(staff, QUEUE), text(staff, f"{LIST}{order.number}/")):
        assert "Hem eller till arbetsplatsen" in page
        assert "Skriften om värdskap" in page

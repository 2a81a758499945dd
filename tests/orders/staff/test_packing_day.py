"""Packing day: choose and print, pack one at a time, scan and send; by one packer, two, or a hostile one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from notifications.models import Message
from orders import operations, packing_papers
from orders.models import Delivery, Order, Shipment
from orders.states import Parcel
from tests.factories import NOON, OrderFactory, ProductFactory
from tests.staff import ORDER_DESK, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_house")]

DESK = "/admin/bestallningar/"
QUEUE, PACKED = DESK + "att-packa/", DESK + "att-skicka/"


@pytest.fixture
def staff() -> Client:
    return logged_in(*ORDER_DESK)


def parcel(order: Order) -> Shipment:
    return order.shipments.order_by("pk")[0]


def press(client: Client, address: str, **facts: Any) -> str:
    """Post, and follow to the page that it leads to."""
    return words(client.post(address, facts, follow=True))


def words(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def ticked(of: Shipment, **less: int) -> dict[str, str]:
    """The packing form with every line ticked; `SKRIFTEN=2` puts fewer copies of that one in."""
    facts = {}
    for row in of.lines.select_related("line"):
        facts[f"tick-{row.line_id}"] = "on"
        facts[f"copies-{row.line_id}"] = str(less.get(row.line.sku.replace("-", "_"), row.quantity))
    return facts


def pack(client: Client, of: Shipment, query: str = "", **less: int) -> Any:
    return client.post(f"{DESK}packa/{of.pk}/{query}", ticked(of, **less))


# --- Choosing ---------------------------------------------------------------------------------------
def test_the_chosen_are_printed_as_one_pdf_and_nothing_has_changed(staff):
    orders = [OrderFactory(paid=True) for _each in range(3)]
    chosen = [parcel(order).pk for order in orders]
    answer = staff.post(QUEUE + "valda/", {"gor": "print", "forsandelse": chosen}, follow=True)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert (
        staff.get(answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"]).content
        == answer.content
    )
    assert {row.state for row in Shipment.objects.all()} == {"planned"}


@pytest.mark.parametrize("button", ["print", "pack", "desk"])
def test_without_a_choice_a_sentence_says_what_to_do(staff, button):
    assert "Välj minst en försändelse först." in press(staff, QUEUE + "valda/", gor=button)


def test_what_sends_many_without_a_number_stands_below_the_rows_that_send_one_with_it(staff):
    order = OrderFactory(packed=True)
    page = words(staff.get(PACKED))
    row = page.index(f'id="sparning-{parcel(order).pk}"')
    without = page.index("Markera de valda som skickade utan spårning")
    assert page.index("Skriv ut igen") < row < without
    assert 'type="submit" form="valda" name="gor" value="send"' in page[row:without]


def test_a_number_typed_in_a_row_and_sent_by_the_button_of_the_list_is_told_where_to_go(staff):
    told = press(staff, PACKED + "valda/", gor="send")
    assert "Välj minst en försändelse först. Har försändelsen ett spårningsnummer? Skriv det i raden" in told


def test_more_than_two_hundred_are_asked_for_in_parts(staff):
    told = press(staff, QUEUE + "valda/", gor="print", forsandelse=list(range(1, 202)))
    assert "Välj högst 200 försändelser åt gången." in told


@pytest.mark.parametrize("typed", ["x", "-1", "1e3", "٣", "1\x00", "9" * 10_000, "999999999999999999"])
def test_what_no_box_says_is_not_found(staff, typed):
    for button in ("print", "pack"):
        answer = staff.post(QUEUE + "valda/", {"gor": button, "forsandelse": typed}, follow=True)
        assert answer.status_code == 404


@pytest.mark.parametrize("query", ["", "?forsandelse=", "?annat=1"])
def test_a_print_of_nothing_leads_back_to_the_queue(staff, query):
    answer = staff.get(QUEUE + "utskrift.pdf" + query, follow=True)
    assert "Välj minst en försändelse först." in words(answer)


def test_what_was_called_off_or_sent_meanwhile_is_left_out_and_named(staff):
    good, off, gone = OrderFactory(paid=True), OrderFactory(paid=True), OrderFactory(sent=True)
    operations.cancel(off.pk, actor="eva", cause="ringde", now=NOON)
    query = ",".join(str(parcel(order).pk) for order in (good, off, gone))
    with mock.patch("orders.packing_papers.pdf", return_value=b"%PDF") as made:
        staff.get(f"{QUEUE}utskrift.pdf?forsandelse={query}")
    parcels, left_out = made.call_args.args
    assert [row.order.number for row in parcels] == [good.number]
    assert left_out == [
        f"{off.number} får inte packas: den är obetald eller avbeställd.",
        f"{gone.number} är redan skickad.",
    ]


def test_the_papers_follow_the_queue_however_the_choice_was_made(staff):
    orders = [OrderFactory(paid=True, at=NOON - timedelta(hours=hour)) for hour in (1, 3, 2)]
    query = ",".join(str(parcel(order).pk) for order in orders)
    with mock.patch("orders.packing_papers.pdf", return_value=b"%PDF") as made:
        staff.get(f"{QUEUE}utskrift.pdf?forsandelse={query}")
    expected = [orders[place].number for place in (1, 2, 0)]
    assert [row.order.number for row in made.call_args.args[0]] == expected
    assert [row.order.number for row in staff.get(QUEUE).context["object_list"]] == expected


def test_a_parcel_whose_money_went_back_is_in_no_queue(staff):
    waiting, packed = OrderFactory(paid=True), OrderFactory(packed=True)
    Order.objects.update(goods_ore=999_00)
    for address, order in ((QUEUE, waiting), (PACKED, packed)):
        assert str(order.number) not in words(staff.get(address))


def test_when_nothing_of_the_choice_may_be_packed_no_paper_is_made(staff):
    unpaid = OrderFactory(paid=True)
    Order.objects.filter(pk=unpaid.pk).update(goods_ore=999_00)
    answer = staff.get(f"{QUEUE}utskrift.pdf?forsandelse={parcel(unpaid).pk}", follow=True)
    assert "får inte packas" in words(answer)


def test_choose_all_works_without_script(staff):
    OrderFactory(paid=True)
    assert words(staff.get(QUEUE)).count(" checked>") == 0
    assert words(staff.get(QUEUE + "?alla=1")).count(" checked>") == 1


def test_who_may_only_look_sees_the_queue_without_its_buttons():
    OrderFactory(paid=True)
    page = words(logged_in("orders.view_order").get(QUEUE))
    assert "1 × Skriften om värdskap" in page
    assert "Skriv ut för packning" not in page


# --- Many at once -----------------------------------------------------------------------------------
def test_many_are_packed_and_sent_and_the_others_are_told_by_number(staff):
    orders = [OrderFactory(paid=True) for _each in range(3)]
    chosen = [parcel(order).pk for order in orders]
    operations.pack(chosen[0], actor="eva", now=NOON)
    operations.cancel(orders[1].pk, actor="eva", cause="ringde", now=NOON)
    told = press(staff, QUEUE + "valda/", gor="pack", forsandelse=chosen)
    assert "1 försändelse är packad." in told
    assert f"2 gick inte: Beställning {orders[0].number} är redan packad." in told
    assert f"Beställning {orders[1].number} får inte packas: den är obetald eller avbeställd." in told
    told = press(staff, PACKED + "valda/", gor="send", forsandelse=[chosen[0], chosen[2]])
    assert "2 försändelser är skickade. Köparna får varsitt mejl." in told
    assert Message.objects.filter(letter="sent").count() == 2


def test_a_long_list_of_refusals_is_cut(staff):
    orders = [OrderFactory(packed=True) for _each in range(12)]
    told = press(staff, QUEUE + "valda/", gor="pack", forsandelse=[parcel(order).pk for order in orders])
    assert "12 gick inte:" in told
    assert "Och 2 till." in told


# --- One at a time ----------------------------------------------------------------------------------
def test_packing_leads_from_parcel_to_parcel_oldest_first_and_then_to_sending(staff):
    first, second = OrderFactory(paid=True), OrderFactory(paid=True)
    assert staff.get(DESK + "packa/").url == f"{DESK}packa/{parcel(first).pk}/"
    assert pack(staff, parcel(first)).url == f"{DESK}packa/{parcel(second).pk}/"
    assert pack(staff, parcel(second)).url == PACKED
    assert [row.state for row in Shipment.objects.order_by("pk")] == ["packed", "packed"]


def test_the_screen_shows_lines_shelves_address_and_how_many_are_left(staff):
    ProductFactory(skriften=True, shelf="A2")
    order = OrderFactory(
        on_invoice=True, lines={"SKRIFTEN": 1200}, greeting="Hälsa Åsa", purchase_order="INK-7"
    )
    OrderFactory(paid=True)
    page = words(staff.get(f"{DESK}packa/{parcel(order).pk}/"))
    for fact in ("1 200", "Plats A2", "Att: Karin Ek", "BJÖRKVIK", "INK-7", "Hälsa Åsa", "2 kvar att packa"):
        assert fact in page, fact


def test_a_line_without_its_tick_keeps_the_parcel_and_what_was_typed(staff):
    order = OrderFactory(paid=True, lines={"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1})
    box = parcel(order)
    facts = ticked(box, SKRIFTEN=20)
    facts.pop(f"tick-{order.lines.get(sku='DET-GODA-VARDSKAPET').pk}")
    told = press(staff, f"{DESK}packa/{box.pk}/", **facts)
    assert "Kryssa i raden när den ligger i paketet." in told
    assert 'value="20"' in told
    assert told.count(" checked") == 1
    assert parcel(order).state == Parcel.PLANNED


def test_fewer_copies_leave_a_parcel_with_the_rest_which_comes_next(staff):
    order = OrderFactory(paid=True, lines={"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1})
    answer = pack(staff, parcel(order), SKRIFTEN=20, DET_GODA_VARDSKAPET=0)
    packed, rest = order.shipments.order_by("pk")
    assert answer.url == f"{DESK}packa/{rest.pk}/"
    assert (packed.state, [row.quantity for row in packed.lines.all()]) == (Parcel.PACKED, [20])
    assert (rest.state, [row.quantity for row in rest.lines.all()]) == (Parcel.PLANNED, [10, 1])


def test_a_parcel_with_less_than_its_papers_say_asks_for_new_papers(staff):
    box = parcel(OrderFactory(paid=True, lines={"SKRIFTEN": 20}))
    told = words(staff.post(f"{DESK}packa/{box.pk}/", ticked(box, SKRIFTEN=15), follow=True))
    rest = Shipment.objects.exclude(pk=box.pk).get()
    assert f"{box.order.number} · 1 av 2 är packad." in told
    assert f"5 exemplar blir paket {box.order.number} · 2 av 2. Skriv ut följesedlarna igen" in told
    assert f"{QUEUE}utskrift.pdf?forsandelse={box.pk},{rest.pk}" in told


def test_an_invoice_that_is_not_paid_does_not_read_as_a_reason_not_to_pack(staff):
    OrderFactory(on_invoice=True)
    shown = words(staff.get(QUEUE))
    assert "Obetald" not in shown
    assert "Faktura" in shown


def test_parcels_of_one_order_are_told_apart_by_their_units(staff):
    order = OrderFactory(paid=True, lines={"SKRIFTEN": 3})
    address = {"name": "Eva", "address_line1": "Storgatan 1", "postal_code": "53132", "city": "Björkvik"}
    first = parcel(order)
    operations.pack(first.pk, only={order.lines.get().pk: 1}, actor="eva", now=NOON)
    for place, (unit, box) in enumerate(
        zip(("Reception", "Kök"), order.shipments.order_by("pk"), strict=True)
    ):
        box.delivery = Delivery.objects.create(order=order, position=place, unit=unit, **address)
        box.save()
    to_pack, to_send = words(staff.get(QUEUE)), words(staff.get(PACKED))
    assert f"Välj {order.number} · 2 av 2, Kök" in to_pack
    assert "<small>Kök</small>" in to_pack
    assert f"Spårningsnummer för {order.number} · 1 av 2, Reception" in to_send
    rest = Shipment.objects.for_papers().get(state="planned")
    assert packing_papers.slip(rest, 1)["receiver"] == "Kök, 531 32 BJÖRKVIK"


def test_an_empty_parcel_is_no_parcel(staff):
    order = OrderFactory(paid=True)
    told = press(staff, f"{DESK}packa/{parcel(order).pk}/", **ticked(parcel(order), SKRIFTEN=0))
    assert "Minst ett exemplar ska ligga i paketet." in told


@pytest.mark.parametrize("typed", ["", "-1", "31", "två", "1e1", "9" * 10_000, "1\x00", "2,5"])
def test_a_number_of_copies_that_cannot_be_is_answered_at_its_field(staff, typed):
    order = OrderFactory(paid=True, lines={"SKRIFTEN": 30})
    line = order.lines.get().pk
    facts = {f"tick-{line}": "on", f"copies-{line}": typed}
    assert "Skriv ett antal mellan 0 och 30." in press(staff, f"{DESK}packa/{parcel(order).pk}/", **facts)
    assert parcel(order).state == Parcel.PLANNED


def test_skipping_leads_on_and_after_the_last_to_those_that_were_skipped(staff):
    first, second = OrderFactory(paid=True), OrderFactory(paid=True)
    assert f'href="{DESK}packa/{parcel(second).pk}/">Hoppa över' in words(
        staff.get(f"{DESK}packa/{parcel(first).pk}/")
    )
    assert f'href="{DESK}packa/{parcel(first).pk}/">Hoppa över' in words(
        staff.get(f"{DESK}packa/{parcel(second).pk}/")
    )
    operations.cancel(first.pk, actor="eva", cause="ringde", now=NOON)
    assert "Hoppa över" not in words(staff.get(f"{DESK}packa/{parcel(second).pk}/"))


def test_the_chosen_ones_are_packed_and_no_other_comes_between(staff):
    orders = [OrderFactory(paid=True) for _each in range(4)]
    mine = [parcel(orders[place]) for place in (1, 3)]
    query = f"?forsandelse={mine[0].pk},{mine[1].pk}"
    start = staff.post(
        QUEUE + "valda/", {"gor": "desk", "forsandelse": [box.pk for box in mine]}, follow=True
    )
    assert start.request["PATH_INFO"] == f"{DESK}packa/{mine[0].pk}/"
    assert "2 kvar att packa" in words(start)
    answer = pack(staff, mine[0], query.replace(",", "%2C"))
    assert answer.url == f"{DESK}packa/{mine[1].pk}/{query}"
    assert pack(staff, mine[1], query).url == PACKED


def test_two_packers_with_the_same_parcel_pack_it_once(staff):
    first, second = OrderFactory(paid=True), OrderFactory(paid=True)
    operations.pack(parcel(first).pk, actor="eva", now=NOON)
    answer = pack(staff, parcel(first))
    assert answer.url == f"{DESK}packa/{parcel(second).pk}/"
    assert f"Beställning {first.number} är redan packad." in words(staff.get(answer.url))
    assert first.history.filter(machine="shipment", new="packed").count() == 1


def test_a_parcel_that_was_changed_meanwhile_is_looked_at_anew(staff):
    order = OrderFactory(paid=True, lines={"SKRIFTEN": 30})
    seen = ticked(parcel(order))
    line = order.lines.get()
    box = parcel(order)
    with mock.patch("orders.staff.packing_desk.operations.pack", side_effect=operations.WrongCopies("less")):
        told = press(staff, f"{DESK}packa/{box.pk}/", **seen)
    assert "Försändelsen har ändrats under tiden." in told
    assert line.quantity == 30


def test_an_order_called_off_meanwhile_is_not_packed(staff):
    order = OrderFactory(paid=True)
    box = parcel(order)
    operations.cancel(order.pk, actor="eva", cause="ringde", now=NOON)
    assert "Packad, nästa" not in words(staff.get(f"{DESK}packa/{box.pk}/"))
    assert "får inte packas" in press(staff, f"{DESK}packa/{box.pk}/", **ticked(box))
    assert parcel(order).state == Parcel.CANCELLED


def test_a_withdrawn_purchase_is_pointed_out_before_it_is_packed(staff):
    order = OrderFactory(paid=True)
    order.withdrawals.create(
        key="k", name="Karin", order_number=order.number, email="k@e.se", received_at=NOON
    )
    assert "Köpet är ångrat av köparen." in words(staff.get(f"{DESK}packa/{parcel(order).pk}/"))


@pytest.mark.parametrize("page", ["packa", "skicka"])
@pytest.mark.parametrize("number", ["999999", "9" * 30])
def test_an_unknown_parcel_is_not_found(staff, page, number):
    assert staff.get(f"{DESK}{page}/{number}/").status_code == 404
    assert staff.post(f"{DESK}{page}/{number}/").status_code == 404


def test_a_queue_that_is_empty_says_so(staff):
    assert "Allt är packat." in words(staff.get(DESK + "packa/", follow=True))
    assert "De valda är packade." in words(staff.get(DESK + "packa/?forsandelse=1", follow=True))
    assert "Allt som är packat är skickat." in words(staff.get(DESK + "skicka/", follow=True))


# --- Sending ----------------------------------------------------------------------------------------
def send(client: Client, of: Shipment, **facts: Any) -> Any:
    return client.post(f"{DESK}skicka/{of.pk}/", facts)


def test_a_scanned_number_sends_the_parcel_and_the_next_one_comes(staff):
    first, second = OrderFactory(packed=True), OrderFactory(packed=True)
    assert staff.get(DESK + "skicka/").url == f"{DESK}skicka/{parcel(first).pk}/"
    answer = send(staff, parcel(first), tracking_number=" 3735 0048 9530 ")
    assert answer.url == f"{DESK}skicka/{parcel(second).pk}/"
    assert (parcel(first).state, parcel(first).tracking_number) == (Parcel.SENT, "373500489530")
    assert send(staff, parcel(second), untracked="on").url == PACKED


def test_in_the_list_a_row_is_sent_and_the_list_comes_back_with_the_cursor_in_the_next(staff):
    first, second = OrderFactory(packed=True), OrderFactory(packed=True)
    page = words(staff.get(PACKED))
    assert f'id="sparning-{parcel(first).pk}" autocomplete="off" size="20" autofocus' in page
    answer = send(staff, parcel(first), tracking_number="3735", lista="1")
    assert answer.url == PACKED
    page = words(staff.get(PACKED))
    assert f'id="sparning-{parcel(second).pk}" autocomplete="off" size="20" autofocus' in page


def test_a_stray_enter_sends_nothing(staff):
    order = OrderFactory(packed=True)
    assert "Skanna eller skriv spårningsnumret, eller kryssa i Utan spårning." in words(
        send(staff, parcel(order))
    )
    assert parcel(order).state == Parcel.PACKED


def test_the_slips_bar_code_opens_its_parcel(staff):
    first, second = OrderFactory(packed=True), OrderFactory(packed=True)
    answer = send(staff, parcel(first), tracking_number=second.number)
    assert answer.url == f"{DESK}skicka/{parcel(second).pk}/"
    told = press(staff, f"{DESK}skicka/{parcel(first).pk}/", tracking_number="VS-2026-999999")
    assert "VS-2026-999999 är inte packad, eller redan skickad." in told
    assert parcel(first).state == Parcel.PACKED


def test_of_an_order_in_several_parcels_each_slip_opens_its_own_and_the_search_knows_the_order(staff):
    order = OrderFactory(on_invoice=True, lines={"SKRIFTEN": 30})
    line, first = order.lines.get(), order.shipments.get()
    operations.pack(first.pk, only={line.pk: 20}, actor="test", now=NOON)
    second = operations.pack(order.shipments.exclude(pk=first.pk).get().pk, actor="test", now=NOON)
    codes = [packing_papers.slip_code(row) for row in Shipment.objects.for_papers().order_by("pk")]
    assert codes == [f"{order.number}-{first.pk}", f"{order.number}-{second.pk}"]
    for code, parcel_pk in zip(codes, (first.pk, second.pk), strict=True):
        answer = send(staff, first, tracking_number=f" {code.lower()} ")
        assert answer.url == f"{DESK}skicka/{parcel_pk}/"
        found = staff.get("/admin/bestallningar/", {"q": code}).context["object_list"]
        assert [row.number for row in found] == [order.number]


@pytest.mark.parametrize("page", ["skickad", "sparning"])
def test_on_the_orders_page_too_a_slip_is_no_tracking_number_and_anothers_label_is_refused(staff, page):
    other, order = OrderFactory(sent=True, tracking_number="3735"), OrderFactory(packed=True)
    if page == "sparning":
        operations.send(parcel(order).pk, tracking_number="1", actor="test", now=NOON)
    before = parcel(order)
    for scanned, sentence in (
        (order.number, "Det där är följesedelns streckkod. Skanna fraktsedelns."),
        ("3735", f"Numret står redan på {other.number}."),
        ("1\u202e2", "Numret innehåller tecken som inte syns."),
    ):
        address = f"{DESK}{order.number}/forsandelse/{before.pk}/{page}/"
        assert sentence in words(staff.post(address, {"tracking_number": scanned}))
    after = parcel(order)
    assert (after.state, after.tracking_number) == (before.state, before.tracking_number)


def test_a_notice_that_was_refused_warns_no_packer(staff):
    order = OrderFactory(paid=True)
    statement = operations.Statement(order.name, str(order.number), order.email)
    notice = operations.withdraw(statement, now=NOON)
    warnings = {QUEUE: "Köpet är ångrat", f"{DESK}packa/{parcel(order).pk}/": "ångrat av köparen"}
    assert all(warning in words(staff.get(page)) for page, warning in warnings.items())
    operations.refuse_withdrawal(notice.pk, "Företag", actor="test", now=NOON)
    assert not any(warning in words(staff.get(page)) for page, warning in warnings.items())


def test_the_same_label_scanned_for_two_orders_is_refused(staff):
    first, second = OrderFactory(packed=True), OrderFactory(packed=True)
    send(staff, parcel(first), tracking_number="3735")
    told = words(send(staff, parcel(second), tracking_number="3735"))
    assert f"Numret står redan på {first.number}." in told
    Shipment.objects.filter(order=first).update(sent_at=NOON - timedelta(days=91))
    send(staff, parcel(second), tracking_number="3735")
    assert parcel(second).state == Parcel.SENT


@pytest.mark.parametrize("typed", ["x" * 61, "x" * 10_000, "1\x002", "1\u202e2"])
def test_a_number_that_cannot_be_comes_back_as_it_was_typed(staff, typed):
    order = OrderFactory(packed=True)
    told = words(send(staff, parcel(order), tracking_number=typed))
    assert "error-message" in told
    assert typed.replace("\x00", "") in told.replace("\x00", "")
    assert parcel(order).state == Parcel.PACKED


def test_a_parcel_that_somebody_else_sent_is_told_and_left_alone(staff):
    order = OrderFactory(sent=True)
    told = press(staff, f"{DESK}skicka/{parcel(order).pk}/", tracking_number="")
    assert f"Beställning {order.number} är redan skickad." in told
    assert Message.objects.filter(letter="sent").count() == 1


# --- What it costs ----------------------------------------------------------------------------------
def some(count: int, **how: Any) -> None:
    with mock.patch("notifications.outbox.send_message"):
        for _each in range(count):
            OrderFactory(lines={"SKRIFTEN": 1, "DET-GODA-VARDSKAPET": 1}, **how)


PAGES = [("paid", QUEUE), ("packed", PACKED), ("paid", "packa/"), ("packed", "skicka/")]


@pytest.mark.parametrize(("how", "address"), PAGES)
def test_a_page_costs_the_same_for_few_and_many(staff, how, address, django_assert_num_queries):
    some(2, **{how: True})
    address = (
        address if address.startswith("/") else f"{DESK}{address}{Shipment.objects.order_by('pk')[0].pk}/"
    )
    staff.get(address)  # warm what outlives a request
    with django_assert_num_queries(17, exact=False) as few:
        staff.get(address)
    some(18, **{how: True})
    with django_assert_num_queries(len(few.captured_queries)):
        staff.get(address)

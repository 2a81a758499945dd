"""Paid places that are given back: the right to withdraw, what staff decide, and seats that go to the next."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp
from cms.kalender.signing_up import Payer
from notifications.mail import build
from orders import operations, receipts
from orders.models import Order, Withdrawal
from orders.operations import Statement, withdrawing
from shop import known
from tests.factories import CompanyFactory, OrderFactory, TermsFactory, pay
from tests.flows.test_last_copies import all_at_once
from tests.kalender.facts import KARIN, NOON, letters
from tests.kalender.signups import CANCELLED, GOING, OFFERED, QUEUED, sign_up, state, wish
from tests.kalender.test_paid_places import DETAILS, PRICE, met, order_of
from tests.kalender.test_signing_up_pages import words as seen
from tests.notifications.test_order_letters import files
from tests.staff import in_role

pytestmark = pytest.mark.django_db

KARINS = {
    "buyer": "private",
    "name": "Karin Ek",
    "address_line1": "Storgatan 12",
    "postal_code": "53132",
    "city": "Björkvik",
    "organisation": "",
}


@pytest.fixture
def course(publish):
    """Ten seats at 1 950 kr."""
    CompanyFactory()
    TermsFactory()
    return publish(slug="2026-12-10-grunderna", signup=True, seats=10, place_price_ore=PRICE, title="Kurs")


def bought(event: EventPage, people: int = 1, details: dict[str, str] = KARINS, **facts: Any) -> SignUp:
    """Paid places of a private person's, unless told."""
    names = [f"Gäst {number}" for number in range(people)]
    payer = Payer(people * PRICE, {"method": "card", **details})
    signup = sign_up(event, wish(names=names, payer=payer, **{"email": KARIN, **facts}))
    pay(order_of(signup))
    return signup


def without_right() -> None:
    company = known.company()
    company.places_may_be_withdrawn = False
    company.save()


# --- What is told --------------------------------------------------------------------------------
def test_a_private_buyer_reads_of_the_right_on_the_order_s_page_and_in_its_letter(course, client):
    order = order_of(bought(course))
    told = "14 dagars ångerrätt, räknat från dagen du beställer, men inte sedan träffen har börjat"
    page = seen(client.get(f"/order/{order.key}/"))
    assert told in page
    assert "Om du inte kan komma" in page
    assert f"/angra/?order={order.key}" in client.get(f"/order/{order.key}/").content.decode()
    mail = build(letters("order-confirmation")[0])
    assert told in " ".join(str(mail.body).split())
    assert "Till Värdskapet: jag ångrar mitt köp." in str(mail.body)
    assert "fjorton dagars" not in str(mail.body)  # what the terms say of goods
    assert "Köpvillkor och ångerrätt.pdf" in files(mail)


def test_places_sold_as_leisure_say_why_there_is_no_right_and_keep_saying_it(course, client):
    without_right()
    order = order_of(bought(course))
    company = known.company()
    company.places_may_be_withdrawn = True
    company.save()
    page = client.get(f"/order/{order.key}/")
    assert "en fritidsaktivitet på en bestämd dag" in seen(page)
    assert f"/angra/?order={order.key}" not in page.content.decode()
    mail = build(letters("order-confirmation")[0])
    assert "INGEN ÅNGERRÄTT" in str(mail.body)
    assert "jag ångrar mitt köp" not in str(mail.body)
    assert "Köpvillkor.pdf" in files(mail)


def test_places_that_were_bought_with_the_right_keep_it(course, client):
    order = order_of(bought(course))
    without_right()
    assert "14 dagars ångerrätt" in seen(client.get(f"/order/{order.key}/"))


def test_an_organisation_is_promised_no_right(course, client):
    order = order_of(bought(course, details=DETAILS))
    assert "Ångerrätten gäller privatpersoner." in seen(client.get(f"/order/{order.key}/"))
    assert "ÅNGERRÄTT" not in str(build(letters("order-confirmation")[0]).body)
    assert Order.objects.get().has_right_to_withdraw is False


# --- A guest who cancels -------------------------------------------------------------------------
def cancels(client: Client, signup: SignUp, at: datetime = NOON) -> None:
    with time_machine.travel(at, tick=False):
        assert client.post(f"/anmalan/{signup.key}/", {"cancel": "1"}).status_code == 303


def body(letter: str) -> str:
    return " ".join(str(build(letters(letter)[-1]).body).split())


@pytest.fixture
def staff() -> Client:
    return in_role("Ekonom")


def press(staff: Client, name: str, **typed: str) -> str:
    """What staff are told after a button on the notice's page."""
    page = reverse(f"order_staff:notice_{name}", args=[Withdrawal.objects.get().pk])
    return seen(staff.post(page, typed, follow=True))


def grant(staff: Client, sum_ore: int) -> str:
    assert "Räkna om" in press(staff, "refund")
    return press(staff, "refund", seen=str(sum_ore))


def test_a_private_person_who_cancels_in_time_withdraws_and_has_a_receipt(course, client):
    signup, waiting = bought(course, 10), sign_up(course, wish(payer=Payer(PRICE, KARINS)))
    with time_machine.travel(NOON, tick=False):
        page = seen(client.get(f"/anmalan/{signup.key}/"))
    assert "Du har ångerrätt till och med 7 december 2026. Avanmäler du dig nu ångrar du köpet" in page
    for _press in range(2):
        cancels(client, signup)
    assert (state(signup), state(waiting)) == (CANCELLED, OFFERED)
    notice, order = Withdrawal.objects.get(), order_of(signup)
    assert (notice.kind, notice.state, notice.order, notice.email) == ("signed-off", "received", order, KARIN)
    assert (notice.refund_due, order.state) == (date(2026, 12, 7), "confirmed")
    receipt = body("withdrawal-receipt")
    assert "Du avanmälde dig från träffen, och ångrade (frånträdde) därmed avtalet." in receipt
    assert "skicka den till" not in receipt
    assert "Vi har tagit emot din ånger" in seen(client.get(f"/order/{order.key}/"))


def test_staff_grant_it_with_two_presses_and_all_that_was_paid_goes_back(course, client, staff):
    signup = bought(course, 2)
    cancels(client, signup)
    assert "1 ånger att ta hand om" in seen(staff.get("/admin/"))
    assert "3 900,00 kr betalas tillbaka" in grant(staff, 2 * PRICE).replace("\N{NO-BREAK SPACE}", " ")
    order = order_of(signup)
    assert (order.state, [row.amount.ore for row in order.refunds.all()]) == ("cancelled", [2 * PRICE])
    assert len(letters("withdrawal-refunded")) == 1
    assert not letters("cancelled")
    page = seen(client.get(f"/order/{order.key}/"))
    assert "Din ånger från 23 november 2026 är godtagen." in page


@pytest.mark.parametrize("case", ["organisation", "late", "leisure"])
def test_without_the_right_the_money_is_staff_s_decision_and_no_withdrawal_is_spoken_of(
    course, client, staff, change, case
):
    if case == "leisure":
        without_right()
    signup = bought(course, details=DETAILS if case == "organisation" else KARINS)
    if case == "late":
        change(
            course,
            starts_at=course.starts_at + timedelta(days=40),
            ends_at=course.ends_at + timedelta(days=40),
        )
    at = NOON + timedelta(days=20 if case == "late" else 1)
    with time_machine.travel(at, tick=False):
        assert "Vi hör av oss om vad som gäller för betalningen" in seen(
            client.get(f"/anmalan/{signup.key}/")
        )
    cancels(client, signup, at)
    notice, order = Withdrawal.objects.get(), order_of(signup)
    assert (notice.kind, notice.state, state(signup)) == ("given-back", "received", CANCELLED)
    assert not letters("withdrawal-receipt")
    assert f"Vi hör av oss om betalningen av {order.number}" in body("signup-cancelled")
    page = seen(client.get(f"/order/{order.key}/"))
    assert "Vi hör av oss om betalningen." in page
    assert "Vi har tagit emot din ånger" not in page
    start = seen(staff.get("/admin/"))
    assert "1 avanmälan att avgöra betalningen för" in start
    assert "ånger att ta hand om" not in start
    found = staff.get("/admin/bestallningar/angrade/", {"state": "waiting", "kind": "given-back"})
    assert [row.pk for row in found.context["object_list"]] == [notice.pk]
    assert "Platserna avanmälda, att avgöra" in seen(staff.get("/admin/bestallningar/"))


def test_staff_give_an_organisation_its_money_back_in_words_of_places(course, client, staff):
    signup = bought(course, details=DETAILS)
    cancels(client, signup)
    grant(staff, PRICE)
    order = order_of(signup)
    assert order.state == "cancelled"
    assert [(row.amount.ore, row.reason) for row in order.refunds.all()] == [
        (PRICE, "Platserna är avanmälda")
    ]
    told = body("withdrawal-refunded")
    assert "är avanmälda, och vi har avgjort betalningen" in told
    assert "ånger" not in told.lower()
    assert "ånger" not in " ".join(order.history.values_list("cause", flat=True)).lower()


def test_an_unpaid_invoice_that_is_let_go_asks_for_nothing(course, client, staff):
    signup = sign_up(course, wish(names=["Karin Ek"], payer=Payer(PRICE, DETAILS), email=KARIN))
    cancels(client, signup)
    grant(staff, 0)
    assert (order_of(signup).state, order_of(signup).invoices.get().state) == ("cancelled", "cancelled")
    assert "Inget ska betalas för platserna" in body("withdrawal-refunded")


def test_staff_keep_the_price_with_a_reason_that_the_buyer_reads(course, client, staff):
    signup = bought(course, details=DETAILS)
    cancels(client, signup)
    notice = Withdrawal.objects.get()
    page = seen(staff.get(reverse("order_staff:notice", args=[notice.pk])))
    assert "genast lediga för andra, i första hand för dem som står på kö" in page
    assert "Behåll betalningen och skriv till köparen" in page
    assert "Träffen börjar 10 december 2026" in page
    assert "Gäller en annan beställning" not in page
    assert "ni har lovat om avbokning" in page
    press(staff, "refuse", reason="Avbokat dagen före, se villkoren.")
    order = order_of(signup)
    assert (order.state, order.refunds.count()) == ("confirmed", 0)
    told = body("withdrawal-refused")
    assert "Avbokat dagen före, se villkoren." in told
    assert "Priset för dem gäller ändå." in told
    for promised in ("ånger", "ARN", "reklamationsnämnden"):
        assert promised not in told
    page = seen(client.get(f"/order/{order.key}/"))
    assert "Priset gäller ändå, och skälet står i mejlet du fick." in page
    assert "Om ni inte kan komma" not in page
    assert "Platsen är bokad" not in page


def test_a_consumer_who_must_pay_all_the_same_hears_who_can_try_it(course, client, staff):
    without_right()
    signup = bought(course)
    cancels(client, signup)
    press(staff, "refuse", reason="Avbokat samma dag.")
    assert "Allmänna reklamationsnämnden" in body("withdrawal-refused")


def test_staff_who_cancel_for_somebody_have_the_money_to_decide_on_too(course):
    signup = bought(course)
    staff = in_role("Ägare")
    assert "där ni avgör om pengarna går tillbaka" in seen(
        staff.get(reverse("guest_staff:signup", args=[signup.pk]))
    )
    staff.post(reverse("guest_staff:cancel", args=[signup.pk]), {"why": "removed"})
    assert Withdrawal.objects.get().kind == "given-back"
    assert not letters("withdrawal-receipt")


def test_an_order_that_nobody_has_approved_ends_with_its_places(course, client):
    company = known.company()
    company.approve_new_invoice_buyers = True
    company.save()
    signup = sign_up(course, wish(payer=Payer(PRICE, DETAILS), email=KARIN))
    cancels(client, signup)
    assert (order_of(signup).state, Withdrawal.objects.count()) == ("cancelled", 0)
    assert "så som du bad om" in body("cancelled")


# --- Ångra avtalet här ---------------------------------------------------------------------------
def withdraw(client: Client, order: Order) -> Withdrawal:
    page = seen(client.get("/angra/", {"order": order.key}))
    assert "Hur många ångrar du av varje?" not in page
    assert ("Du har 14 dagar på dig" in page) == order.has_right_to_withdraw
    stated = {"name": order.name, "order_number": order.number, "email": order.email, "order": order.key}
    assert "Stämmer det här?" in seen(client.post("/angra/", stated))
    assert client.post("/angra/bekrafta/", stated).status_code == 200
    return Withdrawal.objects.get(kind="stated")


@pytest.mark.parametrize("has_right", [True, False])
def test_granted_places_go_to_the_next_in_the_queue_and_no_goods_are_awaited(
    course, client, staff, has_right
):
    if not has_right:
        without_right()
    signup, waiting = bought(course, 10), sign_up(course, wish(payer=Payer(PRICE, KARINS)))
    notice = withdraw(client, order_of(signup))
    assert (state(signup), state(waiting)) == (GOING, QUEUED)  # nothing is decided yet
    page = seen(staff.get(reverse("order_staff:notice", args=[notice.pk])))
    assert "Alla platser i anmälan blir lediga för andra" in page
    for of_goods in ("Vänta på varorna", "Billigaste frakten", "frakt 0,00"):
        assert of_goods not in page
    grant(staff, 10 * PRICE)
    assert (state(signup), state(waiting)) == (CANCELLED, OFFERED)
    order = order_of(signup)
    assert (order.state, [row.amount.ore for row in order.refunds.all()]) == ("cancelled", [10 * PRICE])
    assert f"Beställning {order.number} är avbeställd, och då är anmälan det också." in body(
        "signup-cancelled"
    )


@pytest.mark.parametrize("case", ["organisation", "leisure"])
def test_a_notice_after_places_were_given_back_is_taken_and_receipted_all_the_same(course, client, case):
    if case == "leisure":
        without_right()
    signup = bought(course, details=DETAILS if case == "organisation" else KARINS)
    cancels(client, signup)
    assert withdraw(client, order_of(signup)).pk != Withdrawal.objects.get(kind="given-back").pk
    assert len(letters("withdrawal-receipt")) == 1


def test_who_has_withdrawn_by_cancelling_need_not_say_it_twice(course, client):
    signup = bought(course)
    cancels(client, signup)
    order = order_of(signup)
    stated = {"name": order.name, "order_number": order.number, "email": order.email, "order": order.key}
    assert "Vi har tagit emot din ånger" in seen(client.post("/angra/bekrafta/", stated))
    assert (Withdrawal.objects.get().kind, len(letters("withdrawal-receipt"))) == ("signed-off", 1)


def test_a_part_of_the_places_is_not_granted_by_itself(course, client):
    signup = bought(course, 3)
    notice = withdraw(client, order_of(signup))
    line = order_of(signup).lines.get()
    with pytest.raises(operations.NotWhole):
        operations.refund_withdrawal(notice.pk, {line.pk: 1}, actor="anna", now=NOON)
    assert state(signup) == GOING


def test_a_grant_that_fails_gives_no_place_back(course, client, monkeypatch):
    signup = bought(course)
    notice = withdraw(client, order_of(signup))

    def broken(*_args: Any, **_facts: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(withdrawing, "_tell_of_money", broken)
    copies = {order_of(signup).lines.get().pk: 1}
    with pytest.raises(RuntimeError):
        operations.refund_withdrawal(notice.pk, copies, actor="anna", now=NOON)
    assert (state(signup), order_of(signup).state) == (GOING, "confirmed")


# --- Staff's lists and pages ---------------------------------------------------------------------
LIST = "/admin/bestallningar/"


def test_the_list_finds_orders_by_what_they_are_of(course, client, staff):
    goods, going, back = (
        OrderFactory(paid=True),
        bought(course),
        bought(course, email="mona@bjorkvik.example"),
    )
    cancels(client, back)
    for word, found in {
        "goods": {goods.number},
        "places": {order_of(going).number, order_of(back).number},
        "given-back": {order_of(back).number},
    }.items():
        shown = staff.get(LIST, {"contents": word}).context["object_list"]
        assert {order.number for order in shown} == found


def test_the_lists_cost_the_same_for_two_and_eight_orders_of_places(
    course, client, staff, django_assert_num_queries
):
    course.seats = None
    course.save()
    pages = [LIST, f"{LIST}angrade/", f"{LIST}?contents=places", f"{LIST}?contents=given-back", "/admin/"]

    def cost() -> list[int]:
        counts = []
        for page in pages:
            with django_assert_num_queries(100, exact=False) as made:
                assert staff.get(page).status_code == 200
            counts.append(len(made.captured_queries))
        return counts

    for number in range(8):
        if number == 2:
            cost()  # what a process reads once
            few = cost()
        cancels(
            client,
            bought(course, email=f"gast{number}@bjorkvik.example", details=(KARINS, DETAILS)[number % 2]),
        )
    assert cost() == few


def test_a_list_and_an_order_agree_on_what_is_of_places(course):
    bought(course)
    OrderFactory(paid=True)
    told = {order.pk: order.is_of_places for order in Order.objects.with_places()}
    assert told == {order.pk: order.is_of_places for order in Order.objects.all()}
    assert set(told.values()) == {True, False}
    assert [order.pk for order in Order.objects.of_places()] == [
        pk for pk, of_places in told.items() if of_places
    ]


def test_staff_read_of_places_and_of_nothing_to_pack(course, client, staff):
    order = order_of(bought(course))
    page = seen(staff.get(f"{LIST}{order.number}/"))
    for told in (
        "Beställningen gäller platser på en träff. Här finns inget att packa.",
        "Inget skickas: beställningen gäller platser på en träff.",
        "Till och med 7 december 2026",
        "Skickas inte",
        "Till träffen",
    ):
        assert told in page
    operations.cancel(order.pk, actor="anna", cause="fel", now=NOON)
    page = seen(staff.get(f"{LIST}{order.number}/"))
    assert "Platserna är lediga igen." in page
    assert "tillbaka i lagret" not in page
    EventPage.objects.filter(pk=course.pk).update(status="cancelled")
    page = seen(staff.get(f"{LIST}{order.number}/"))
    assert "Beställningen är avbeställd. Träffen är inställd." in page
    assert "lediga igen" not in page
    page = seen(client.get(f"/order/{order.key}/"))
    assert "Inget skickas" not in page
    assert "Vi betalar tillbaka 1 950 kr samma väg som de kom." in page.replace("\N{NO-BREAK SPACE}", " ")


def test_the_receipt_of_places_paid_by_card_speaks_of_the_place_and_its_vat_and_of_no_parcel(course):
    order = order_of(bought(course, 2))
    facts = receipts.facts(Order.objects.whole().get(pk=order.pk), list(order.payments.all()))
    assert [(row["name"], row["quantity"], row["gross"]) for row in facts["lines"]] == [
        ("Plats: Kurs, 10 december 2026", 2, "3\N{NO-BREAK SPACE}900,00\N{NO-BREAK SPACE}kr")
    ]
    assert [row["vat"] for row in facts["vat"]] == ["780,00\N{NO-BREAK SPACE}kr"]
    assert (facts["freight"], facts["due"]) == (None, "")
    assert [name for name, _value in facts["facts"]] == ["Datum", "Ordernummer", "Beställt"]
    assert facts["buyer"] == ["Karin Ek", "Storgatan 12", "531 32 Björkvik"]
    assert receipts.pdf(Order.objects.whole().get(pk=order.pk)).startswith(b"%PDF")


def test_places_ticked_among_parcels_are_not_packed(course):
    order = order_of(bought(course))
    answer = in_role("Packare").post(f"{LIST}valda/", {"gor": "pack", "order": [order.number]}, follow=True)
    assert "gäller platser på en träff, så inget packas eller skickas." in seen(answer)


# --- At once -------------------------------------------------------------------------------------
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_guest_who_cancels_while_staff_grant_the_notice_gives_the_places_back_once(course, monkeypatch):
    """Each is held up with its first row locked until the other has one too, or for a second."""
    monkeypatch.setattr("notifications.outbox.nudge", lambda _pk: None)
    going = bought(course, 10)
    waiting = [sign_up(course, wish(names=["A"] * 6, only_queue=True)) for _one in range(2)]
    order, meeting = order_of(going), threading.Barrier(2)
    notice = operations.withdraw(Statement(order.name, str(order.number), order.email), now=NOON)
    for module, name in ((signing_up, "lock"), (withdrawing, "_locked_row")):
        monkeypatch.setattr(module, name, partial(met, getattr(module, name), meeting))
    copies = {order.lines.get().pk: 10}
    all_at_once(
        [
            lambda: signing_up.cancel(going.pk, actor=Actor.GUEST, now=NOON),
            lambda: operations.refund_withdrawal(notice.pk, copies, actor="anna", now=NOON),
        ]
    )
    assert (state(going), order_of(going).state) == (CANCELLED, "cancelled")
    assert sorted(state(one) for one in waiting) == sorted([OFFERED, QUEUED])
    assert [row.amount.ore for row in order.refunds.all()] == [10 * PRICE]

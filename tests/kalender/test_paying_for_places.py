"""Places paid online: held while the buyer pays, the guest's when the money is here, and free again when it is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cms.kalender import guest_letters, signing_up
from cms.kalender.models import Actor, EventPage, Guest, SignUp
from cms.kalender.tasks import tend_signups
from notifications.mail import build
from notifications.models import Message
from orders.models import Order
from orders.payments import practice_gateway, sweep
from orders.payments.kinds import Unavailable
from tests.cms.translating import in_english
from tests.factories import pay
from tests.kalender.facts import KARIN, NOON, letters
from tests.kalender.signups import (
    CANCELLED,
    FORM,
    GOING,
    LAPSED,
    OFFERED,
    QUEUED,
    UNPAID,
    sign_up,
    state,
    wish,
)
from tests.kalender.test_paid_places import ADDRESS, DETAILS, PRICE, THREE, buy, course, order_of
from tests.orders.payments.conftest import attempts
from tests.shopping import Shopper, fields, sums, text, title

__all__ = ["course"]  # a fixture

pytestmark = pytest.mark.django_db

SLUG = "2026-12-10-grunderna"
LATE = NOON + timedelta(minutes=30)
PRIVATE = {
    **FORM,
    "buyer": "private",
    "name": "Karin Ek",
    "address_line1": "Storgatan 12",
    "postal_code": "531 32",
    "city": "Björkvik",
    "payment": "card",
}

COMPANY = {**PRIVATE, **DETAILS, "payment": "invoice"}


@pytest.fixture
def shopper(course, client) -> Shopper:
    return Shopper(client)


def review(shopper: Shopper, **typed: str) -> Any:
    """Write the form and go on to the sum."""
    return shopper.client.post(ADDRESS, {**PRIVATE, **typed})


def order(shopper: Shopper, **typed: str) -> Any:
    """Press the button under the sum."""
    return shopper.client.post(ADDRESS, fields(review(shopper, **typed)))


def written() -> list[str]:
    return sorted(Message.objects.values_list("letter", flat=True))


# --- To the sum, and on --------------------------------------------------------------------------
def test_the_event_s_own_page_says_what_a_place_costs_unless_the_editor_has_put_it_in_words(shopper, change):
    told = "Pris 1 950 kr med moms"
    for page in (f"/kalender/{SLUG}/", ADDRESS):
        assert told in text(shopper.client.get(page))
    change(EventPage.objects.get(), price_text="1 950 kr, lunch ingår")
    page = text(shopper.client.get(f"/kalender/{SLUG}/"))
    assert "Pris 1 950 kr, lunch ingår" in page
    assert told not in page


def test_a_private_person_sees_the_sum_then_orders_pays_and_has_the_seat(shopper):
    page = review(shopper)
    assert page.status_code == 200
    for told in (
        "Inget är beställt än.",
        "Vilka som kommer Karin Ek",
        "Karin Ek, Storgatan 12, 531 32 Björkvik",
        "Betalning Kort",
        "14 dagars ångerrätt",
        "köpvillkor",
        "Du handlar av",
        "Att betala, med moms 1 950,00 kr varav moms 25 % 390,00 kr Beställ och betala 1 950 kr",
    ):
        assert told in text(page)
    assert (Order.objects.count(), SignUp.objects.count()) == (0, 0)
    ordered = shopper.client.post(ADDRESS, fields(page))
    made, signup = Order.objects.get(), SignUp.objects.get()
    assert (ordered.status_code, ordered.headers["Location"]) == (303, made.attempts.get().url)
    assert (signup.state, made.state, made.method, made.buyer) == (UNPAID, "placed", "card", "private")
    assert written() == []
    assert "Platsen är bokad" in text(shopper.pay())
    assert (state(signup), order_of(signup).state) == (GOING, "confirmed")
    assert written() == ["order-confirmation", "signup-going"]
    told = str(build(letters("order-confirmation")[0]).body)
    assert "Din beställning är hos oss och betald, och platsen är bokad." in told


def test_an_organisation_reads_another_button_and_has_its_seats_on_invoice(shopper):
    page = review(shopper, **{**DETAILS, "payment": "invoice", "names": THREE})
    assert sums(page) == {
        "3 platser à 1\xa0950\xa0kr": "5 850,00 kr",
        "Att betala, med moms": "5 850,00 kr",
        "varav moms 25 %": "1 170,00 kr",
    }
    assert "Beställ mot faktura – medför betalningsskyldighet, 5 850 kr" in text(page)
    assert "14 dagars ångerrätt" not in text(page)
    answer = shopper.client.post(ADDRESS, fields(page))
    assert answer.headers["Location"] == f"/order/{Order.objects.get().key}/"
    assert (SignUp.objects.get().state, Order.objects.get().state) == (GOING, "confirmed")


@pytest.mark.parametrize("payment", ["card", "swish"])
def test_an_organisation_may_pay_online_too(shopper, payment):
    order(shopper, **DETAILS, payment=payment)
    assert (SignUp.objects.get().state, Order.objects.get().method) == (UNPAID, payment)


def test_the_way_back_leads_to_the_form_with_all_that_was_typed(shopper):
    typed = {"names": THREE, "needs": "Vegansk mat", "needs_agreed": "1", "phone": "070-123 45 67"}
    page = shopper.client.post(ADDRESS, {**fields(review(shopper, **typed)), "edit": "1"})
    assert (page.status_code, title(page).startswith("Fel")) == (200, False)
    kept = fields(page)
    expected = {**PRIVATE, **typed}
    assert {name: kept[name].replace("\r\n", "\n") for name in expected} == expected
    assert "shown_total" not in kept
    assert not Order.objects.exists()


def test_a_price_that_changes_while_the_buyer_reads_is_told_before_it_binds(shopper, change):
    sent = fields(review(shopper))
    change(EventPage.objects.get(), place_price_ore=200_000)
    answer = shopper.client.post(ADDRESS, sent)
    assert answer.status_code == 422
    assert title(answer).startswith("Fel: ")
    assert "Summan är 2 000 kr" in text(answer)
    assert not Order.objects.exists()
    assert shopper.client.post(ADDRESS, fields(answer)).status_code == 303
    assert Order.objects.get().total.ore == 200_000


@pytest.mark.parametrize("names", ["", "\n".join(f"Gäst {number}" for number in range(1_000))])
def test_a_form_with_faults_never_comes_to_the_sum(shopper, names):
    answer = review(shopper, names=names)
    assert answer.status_code == 422
    assert "Gå vidare till summan" in text(answer)


def test_markup_in_what_is_typed_is_only_text(shopper):
    page = review(shopper, names="<script>alert(1)</script>", name='"><img src=x>', city="<b>Björkvik")
    html = page.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert shopper.client.post(ADDRESS, fields(page)).status_code == 303
    assert Guest.objects.get().name == "<script>alert(1)</script>"


@pytest.fixture
def english(course) -> EventPage:
    """The same event's English page."""
    page: EventPage = in_english(course)
    page.title, page.slug = "Course", SLUG
    page.save_revision().publish()
    found: EventPage = EventPage.objects.get(pk=page.pk)
    return found


def test_on_the_english_page_the_sum_the_button_and_the_letters_are_english(shopper, english):
    address = f"/en/calendar/{SLUG}/sign-up/"
    page = shopper.client.post(address, PRIVATE)
    for told in (
        "Is this right?",
        "To pay, VAT included SEK 1,950.00",
        "Order with obligation to pay, SEK 1,950",
    ):
        assert told in text(page)
    assert shopper.client.post(address, fields(page)).status_code == 303
    assert "The place is booked" in text(shopper.pay())
    assert (Order.objects.get().language, Order.objects.get().lines.get().name) == (
        "en",
        "Place: Course, 10 December 2026",
    )
    assert str(build(letters("signup-going")[0]).subject).startswith("You are signed up")


def test_who_starts_over_in_english_comes_back_to_the_english_page(shopper, english):
    address = f"/en/calendar/{SLUG}/sign-up/"
    shopper.client.post(address, fields(shopper.client.post(address, PRIVATE)))
    answer = shopper.client.post(f"/en/checkout/waiting/{Order.objects.get().key}/", {"do": "cancel"})
    assert answer.headers["Location"] == english.url
    assert SignUp.objects.get().state == CANCELLED


# --- Twice ---------------------------------------------------------------------------------------
def test_two_clicks_are_one_order_and_lead_to_the_same_payment_page(shopper):
    sent = fields(review(shopper))
    first, second = (shopper.client.post(ADDRESS, sent).headers["Location"] for _click in range(2))
    assert first == second
    assert (SignUp.objects.count(), Order.objects.count(), attempts(Order.objects.get())) == (1, 1, ["open"])


@pytest.mark.parametrize("other", [{"names": THREE}, {"payment": "swish"}, {"city": "Skara"}])
def test_the_same_form_with_other_answers_orders_nothing_more_and_says_so(shopper, other):
    order(shopper)
    answer = order(shopper, **other)
    assert answer.headers["Location"].endswith("?fanns=1")
    assert "Du har redan lagt den här beställningen." in text(shopper.follow(answer))
    assert (Order.objects.count(), Order.objects.get().total.ore) == (1, PRICE)


def test_who_begins_anew_from_the_same_inbox_is_written_to_and_has_one_order(shopper):
    order(shopper)
    answer = order(shopper, signup_key="n" * 32)
    assert answer.headers["Location"] == f"{ADDRESS}tack/"
    assert (Order.objects.count(), written()) == (1, ["signup-unpaid"])
    assert "Vi håller en plats till dig" in str(build(letters("signup-unpaid")[0]).body)


def test_who_pays_twice_has_one_seat_and_one_letter_of_it(shopper):
    order(shopper)
    page = Order.objects.get().attempts.get().url
    for _time in range(2):
        shopper.client.post(page, {"action": "pay"})
    assert (Order.objects.get().payments.count(), written().count("signup-going")) == (1, 1)


# --- The sign-up's own page ----------------------------------------------------------------------
def own_page(signup: SignUp) -> str:
    return f"/anmalan/{signup.key}/"


def test_the_sign_up_s_page_leads_to_the_payment_and_holds_the_seat(shopper):
    order(shopper)
    signup = SignUp.objects.get()
    page = shopper.client.get(own_page(signup))
    assert "Vi håller den till måndag 23 november klockan 12.30." in text(page)
    assert "Betala 1 950 kr" in text(page)
    answer = shopper.client.post(own_page(signup), {"pay": "1"})
    assert answer.headers["Location"] == Order.objects.get().attempts.get().url
    assert EventPage.objects.get().seats_left == 9


def test_a_guest_who_cancels_before_paying_ends_the_order_and_its_payment_page(shopper):
    order(shopper)
    signup = SignUp.objects.get()
    page = Order.objects.get().attempts.get().url
    answer = shopper.client.post(own_page(signup), {"cancel": "1"})
    assert "Du är avanmäld" in text(shopper.follow(answer))
    assert (state(signup), order_of(signup).state, attempts(order_of(signup))) == (
        CANCELLED, "cancelled", ["expired"],
    )  # fmt: skip
    assert written() == ["signup-cancelled"]
    shopper.client.post(page, {"action": "pay"})
    assert not order_of(signup).payments.exists()


def test_who_starts_over_at_the_payment_comes_back_to_the_event_and_gives_the_seat_back(shopper):
    order(shopper)
    made = Order.objects.get()
    waiting = text(shopper.client.get(f"/kassa/vantar/{made.key}/?avbruten=1"))
    assert "Platserna är undanlagda, inget har dragits." in waiting
    assert "Vi håller platserna till måndag 23 november klockan 12.30. Sedan släpper vi dem" in waiting
    assert "varor" not in waiting.lower()
    answer = shopper.client.post(f"/kassa/vantar/{made.key}/", {"do": "cancel"})
    assert answer.headers["Location"] == "/kalender/2026-12-10-grunderna/"
    assert SignUp.objects.get().state == CANCELLED


def test_while_nobody_knows_of_the_payment_a_guest_cannot_cancel(shopper, monkeypatch):
    order(shopper)

    def silent(_session: str) -> None:
        raise Unavailable("no answer")

    monkeypatch.setattr(practice_gateway, "expire", silent)
    answer = shopper.client.post(own_page(SignUp.objects.get()), {"cancel": "1"})
    assert answer.status_code == 503
    assert "vi vågar inte avanmäla" in text(answer)
    assert (SignUp.objects.get().state, Order.objects.get().state) == (UNPAID, "placed")


def test_a_payment_page_that_cannot_be_opened_leaves_the_seat_held_and_a_way_to_try_again(
    shopper, monkeypatch
):
    def silent(_attempt: Any) -> None:
        raise Unavailable("no answer")

    monkeypatch.setattr(practice_gateway, "create_session", silent)
    answer = order(shopper)
    assert "Betalningen gick inte att öppna" in text(shopper.follow(answer))
    assert SignUp.objects.get().state == UNPAID


# --- The queue -----------------------------------------------------------------------------------
def test_a_full_event_asks_for_no_payer_and_queues(shopper):
    buy(EventPage.objects.get(), 10)
    page = shopper.client.get(ADDRESS)
    assert "En plats kostar 1 950 kr med moms." in text(page)
    assert "Vem handlar?" not in text(page)
    answer = shopper.client.post(ADDRESS, {**fields(page), **FORM})
    assert answer.headers["Location"] == f"{ADDRESS}tack/"
    assert (SignUp.objects.latest("pk").state, Order.objects.count()) == (QUEUED, 1)


def test_too_many_for_the_seats_that_are_left_are_told_before_they_queue(shopper):
    buy(EventPage.objects.get(), 9)
    page = review(shopper, names=THREE)
    assert "De räcker inte till er alla." in text(page)
    assert "Beställ och betala" not in text(page)
    shopper.client.post(ADDRESS, {**fields(page), "queue": "1"})
    assert (SignUp.objects.latest("pk").state, Order.objects.count()) == (QUEUED, 1)


def test_who_asks_for_the_queue_is_never_sold_a_seat_but_offered_a_free_one(shopper):
    shopper.client.post(ADDRESS, {**PRIVATE, "queue": "1", "shown_total": str(PRICE)})
    assert (SignUp.objects.get().state, Order.objects.count()) == (OFFERED, 0)


def test_who_takes_an_offered_seat_sees_the_sum_and_pays_for_it(shopper):
    going = buy(EventPage.objects.get(), 10)
    waiting = sign_up(going.event, wish(email=KARIN, only_queue=True))
    signing_up.cancel(going.pk, actor=Actor.GUEST, now=NOON)
    page = shopper.client.get(own_page(waiting))
    assert "Att betala, med moms 1 950,00 kr varav moms 25 % 390,00 kr Beställ och betala 1 950 kr" in text(
        page
    )
    sent = {**fields(page), **PRIVATE, "accept": "1"}
    wrong = shopper.client.post(own_page(waiting), {**sent, "shown_total": "100"})
    assert (wrong.status_code, state(waiting)) == (422, OFFERED)
    assert "Summan är en annan" in text(wrong)
    first, second = (shopper.client.post(own_page(waiting), sent) for _click in range(2))
    assert first.headers["Location"] == second.headers["Location"] == order_of(waiting).attempts.get().url
    assert (state(waiting), Order.objects.count()) == (UNPAID, 2)
    shopper.pay()
    assert state(waiting) == GOING


# --- Time that runs out --------------------------------------------------------------------------
def test_a_seat_that_nobody_paid_goes_to_the_next_with_one_letter_each(shopper):
    event = EventPage.objects.get()
    buy(event, 9)
    order(shopper)
    waiting = sign_up(event, wish(only_queue=True))
    sweep.lapse_due(now=LATE - timedelta(seconds=1))
    assert (SignUp.objects.get(email=KARIN).state, state(waiting)) == (UNPAID, QUEUED)
    Message.objects.all().delete()
    sweep.lapse_due(now=LATE)
    assert (SignUp.objects.get(email=KARIN).state, state(waiting)) == (LAPSED, OFFERED)
    assert written() == ["signup-lapsed", "signup-offered"]
    assert "Betalningen kom inte i tid" in str(build(letters("signup-lapsed")[0]).body)
    page = shopper.client.get(own_page(SignUp.objects.get(email=KARIN)))
    assert "Tiden för att betala gick ut" in text(page)


def late_money(signup: SignUp) -> None:
    """The payment service says now that the money came, in spite of all."""
    pay(order_of(signup), ore=order_of(signup).total.ore, at=LATE + timedelta(minutes=1))


def test_late_money_takes_the_seats_again_when_they_are_free(shopper):
    order(shopper)
    signup = SignUp.objects.get()
    sweep.lapse_due(now=LATE)
    late_money(signup)
    assert (state(signup), order_of(signup).state) == (GOING, "confirmed")
    assert written() == ["order-confirmation", "signup-going", "signup-lapsed"]
    assert EventPage.objects.get().seats_left == 9


@pytest.mark.parametrize(
    "what_happened",
    ["somebody else has them", "the event is cancelled", "sign-up has closed", "the guest is there anew"],
)
def test_late_money_goes_back_when_the_seats_are_not_to_be_had(shopper, change, what_happened):
    event = EventPage.objects.get()
    buy(event, 9)
    order(shopper)
    signup = SignUp.objects.get(email=KARIN)
    sweep.lapse_due(now=LATE)
    {
        "somebody else has them": lambda: buy(event),
        "the event is cancelled": lambda: change(event, status="cancelled"),
        "sign-up has closed": lambda: EventPage.objects.update(signup_closes_at=LATE),
        "the guest is there anew": lambda: buy(event, email=KARIN),
    }[what_happened]()
    late_money(signup)
    made = order_of(signup)
    assert (state(signup), made.state) == (LAPSED, "cancelled")
    assert [row.amount.ore for row in made.refunds.all()] == [PRICE]
    told = " ".join(str(build(letters("late-money")[0]).body).split())
    assert "platserna går inte längre att få" in told


def test_late_money_passes_nobody_in_the_queue(shopper):
    """A seat more has been given to the event, and nobody who waits has been asked about it yet."""
    event = EventPage.objects.get()
    buy(event, 9)
    order(shopper)
    first, second = (sign_up(event, wish(only_queue=True)) for _number in range(2))
    signup = SignUp.objects.get(email=KARIN)
    sweep.lapse_due(now=LATE)
    assert (state(first), state(second)) == (OFFERED, QUEUED)
    EventPage.objects.update(seats=11)
    late_money(signup)
    assert (state(signup), order_of(signup).state) == (LAPSED, "cancelled")
    tend_signups()
    assert state(second) == OFFERED


def test_an_event_that_is_cancelled_ends_what_is_not_paid_and_lets_nobody_pay(shopper, change):
    order(shopper)
    made = Order.objects.get()
    change(EventPage.objects.get(), status="cancelled")
    tend_signups()
    sweep.settle_unsettled(now=LATE)
    assert (SignUp.objects.get().state, order_of(SignUp.objects.get()).state) == (CANCELLED, "cancelled")
    assert attempts(made) == ["expired"]
    assert "signup-lapsed" not in written()


# --- Staff ---------------------------------------------------------------------------------------
def test_who_is_to_pay_is_told_of_changes_but_gets_no_letter_to_all_guests(shopper, change):
    order(shopper)
    event = EventPage.objects.get()
    assert not guest_letters.receivers(event, guest_letters.Audience.ALL).exists()
    assert not Guest.objects.expected(event).exists()
    change(event, place="Stora salen")
    (moved,) = letters("event-moved")
    assert "VS-" not in str(build(moved).body)


def test_the_guest_list_shows_who_is_to_pay_as_a_group_of_its_own(shopper, admin_client):
    order(shopper)
    event = EventPage.objects.get()
    page = admin_client.get(reverse("guest_staff:list", args=[event.pk]))
    assert "0 av 10 platser · 1 väntar på betalning" in text(page)
    assert "Väntar på betalning" in text(page)


def test_staff_take_an_unpaid_seat_back_with_its_order(shopper, admin_client):
    order(shopper)
    signup = SignUp.objects.get()
    page = text(admin_client.get(reverse("guest_staff:signup", args=[signup.pk])))
    assert "Beställningen avbeställs samtidigt." in page
    admin_client.post(reverse("guest_staff:cancel", args=[signup.pk]))
    assert (state(signup), order_of(signup).state, written()) == (
        CANCELLED, "cancelled", ["signup-cancelled"],
    )  # fmt: skip

"""Every door that is guarded, knocked on by whole requests: so many pass, the next is told when to come back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cms.enquiries.models import Enquiry
from cms.kalender.models import EventPage, ReminderRequest
from config import services
from config.cache import ForgettingCache
from notifications.models import Message
from orders.models import Order, PaymentAttempt, Quote, Wish, Withdrawal
from orders.states import Attempt
from shop import limit_table, limits
from shop.limit_table import Limit
from tests.factories import OrderFactory
from tests.shopping import KARIN, KOMMUN, Shopper, fields, text, title
from tests.staff import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

HERE, ELSEWHERE = "198.51.100.7", "198.51.100.8"
STATED = {"name": "Karin Ek", "order_number": "VS-2026-000123", "rows": ""}


def email(number: int) -> str:
    return f"person{number}@bjorkvik.example"


def browser(address: str = HERE, **environ: Any) -> Client:
    return Client(REMOTE_ADDR=address, **environ)


# --- What people do, each time as somebody else ----------------------------------------------------
def order(client: Client, number: int) -> Any:
    shopper = Shopper(client)
    shopper.put()
    return shopper.order(email=email(number))


def withdraw(client: Client, number: int) -> Any:
    return client.post("/angra/bekrafta/", {**STATED, "email": email(number)})


def begin_to_withdraw(client: Client, number: int) -> Any:
    return client.post("/angra/", {**STATED, "email": email(number)})


def be_reminded(client: Client, number: int) -> Any:
    event = next(event for event in EventPage.objects.upcoming(timezone.now()) if event.leads(timezone.now()))
    lead = event.leads(timezone.now())[-1]
    return client.post(f"/kalender/{event.slug}/paminn/", {"email": email(number), "lead": lead})


def ask(client: Client, number: int) -> Any:
    words = {"name": "Karin Ek", "email": email(number), "message": f"Hej nummer {number}"}
    return client.post("/forfragan/kontakt/", {"kind": "", **words})


def enquire(client: Client, number: int) -> Any:
    words = {"name": "Karin Ek", "email": email(number), "message": "Hej", "organisation": "Björkviks skola"}
    return client.post("/forfragan/", {"kind": "workshop", **words})


def ask_for_a_quote(client: Client, number: int) -> Any:
    shopper = Shopper(client)
    shopper.put(quantity=25)
    who = {"organisation": "Björkviks skola", "name": "Karin Ek", "email": email(number)}
    return client.post("/offert/", {**fields(client.get("/offert/")), **who})


def guess_an_order(client: Client, number: int) -> Any:
    return client.get(f"/order/gissning-{number}/")


def guess_a_page(client: Client, number: int) -> Any:
    return client.get(f"/kassa/vantar/gissning-{number}/")


def guess_a_receipt(client: Client, number: int) -> Any:
    return client.get(f"/order/gissning-{number}/kvitto.pdf")


def guess_a_quote(client: Client, number: int) -> Any:
    return client.get(f"/offert/gissning-{number}/")


def guess_from_the_form(client: Client, number: int) -> Any:
    return client.get(f"/angra/?order=gissning-{number}")


def log_in(client: Client, number: int) -> Any:
    return client.post("/admin/login/", {"username": f"person{number}", "password": "fel"})


def forget_password(client: Client, number: int) -> Any:
    return client.post("/admin/password_reset/", {"email": email(number)})


def claim_a_payment(client: Client, _number: int) -> Any:
    return client.post("/stripe/webhook/", json.dumps({"id": "evt_1"}), content_type="application/json")


def sign_up(client: Client, number: int, **more: str) -> Any:
    event = EventPage.objects.upcoming(timezone.now()).last()
    EventPage.objects.filter(pk=event.pk).update(signup=True, place_price_ore=None)
    sent = {"names": "Karin Ek", "email": email(number), **more}
    return client.post(f"/kalender/{event.slug}/anmalan/", sent)


@dataclass(frozen=True, slots=True)
class Door:
    limit: str
    knock: Callable[[Client, int], Any]
    passes: int
    sentence: str

    def __str__(self) -> str:
        return self.knock.__name__


PAGE = "Det har kommit många försök härifrån på kort tid. Prova igen om"
DOORS = [
    Door("payment-address", order, 303, "Det blev många beställningar på en gång Prova igen om"),
    Door("withdrawal-address", withdraw, 200, "Det har kommit många meddelanden på kort tid. Prova igen om"),
    Door("withdrawal-address", begin_to_withdraw, 200, "Prova igen om 10 minuter, eller ring oss"),
    Door(
        "reminder-address", be_reminded, 303, "Det kom många påminnelser härifrån på kort tid. Prova igen om"
    ),
    Door("signup-address", sign_up, 303, "Det kom många anmälningar på kort tid. Prova igen om"),
    Door("enquiry-address", ask, 303, "Det kom många meddelanden på kort tid. Prova igen om"),
    Door("enquiry-address", enquire, 303, "Det kom många meddelanden på kort tid. Prova igen om"),
    Door(
        "quote-address", ask_for_a_quote, 303, "Det blev många offerter på en gång Prova igen om 10 minuter."
    ),
    Door("lookup-address", guess_a_quote, 404, PAGE),
    Door("lookup-address", guess_an_order, 404, PAGE),
    Door("lookup-address", guess_a_page, 404, PAGE),
    Door("lookup-address", guess_a_receipt, 404, PAGE),
    Door("lookup-address", guess_from_the_form, 200, PAGE),
    Door("login-address", log_in, 200, "Det blev många försök att logga in. Prova igen om"),
    Door(
        "reset-address", forget_password, 302, "Det blev många försök att få ett nytt lösenord. Prova igen om"
    ),
]
WEBHOOK = Door("webhook-address", claim_a_payment, 400, "Too many.")
ALL = pytest.mark.parametrize("door", [*DOORS, WEBHOOK], ids=str)


def narrowed(narrow: Any, door: Door, most: int) -> int:
    """Only so many at this door; how long its window is, in seconds."""
    narrow(**{door.limit.replace("-", "_"): most})
    return int(limit_table.TABLE[door.limit].within.total_seconds())


@ALL
def test_so_many_pass_and_the_next_is_told_when_to_come_back_and_then_let_in(door, narrow, clock):
    within = narrowed(narrow, door, 2)
    assert [door.knock(browser(), number).status_code for number in range(2)] == [door.passes] * 2
    clock.shift(timedelta(seconds=10))
    stopped = door.knock(browser(), 2)
    assert (stopped.status_code, stopped.headers["Retry-After"]) == (429, str(within - 10))
    assert "no-store" in stopped.headers["Cache-Control"]
    assert door.sentence in (text(stopped) if b"<main" in stopped.content else stopped.content.decode())
    forged = browser(HTTP_X_FORWARDED_FOR=ELSEWHERE)
    assert door.knock(forged, 3).status_code == 429, "who says to come from elsewhere gets no other answer"
    assert door.knock(browser(ELSEWHERE), 4).status_code == door.passes, "and shuts nobody out there"
    clock.shift(timedelta(seconds=within - 10))
    assert door.knock(browser(), 2).status_code == door.passes


# --- A class behind one address --------------------------------------------------------------------
def do_everything(number: int) -> None:
    for knock in (order, begin_to_withdraw, withdraw, be_reminded, sign_up, ask):
        answer = knock(browser(), number)
        assert answer.status_code in {200, 303}, (knock.__name__, number)


def look_pay_again_ask_for_a_quote_and_log_in_wrong_once(number: int) -> None:
    order(browser(), number)
    placed = Order.objects.get(email=email(number))
    fail(placed)
    asked = ask_for_a_quote(browser(), number)
    seen = [
        guess_an_order(browser(), number),  # a key with a slip of the hand
        browser().get(f"/order/{placed.key}/"),
        browser().post(f"/kassa/vantar/{placed.key}/", {"do": "pay"}),
        browser().get(asked.headers["Location"]),
        browser().post(f"/order/{placed.key}/igen/"),
        log_in(browser(), number),
    ]
    assert [answer.status_code for answer in seen] == [404, 200, 303, 200, 303, 200], number


PUPILS = 25
LESSON = pytest.mark.parametrize(
    "lesson", [do_everything, look_pay_again_ask_for_a_quote_and_log_in_wrong_once]
)


@pytest.mark.chaos
@LESSON
def test_25_pupils_behind_one_address_have_their_lesson_within_ten_minutes(real_limits, clock, lesson):
    for number in range(PUPILS):
        clock.shift(timedelta(seconds=20))
        lesson(number)
    assert Order.objects.count() == PUPILS


@LESSON
def test_a_pupil_needs_no_more_than_a_25th_of_what_an_address_may(settings, clock, lesson):
    settings.LIMITS = {name: share(name, limit) for name, limit in limit_table.TABLE.items()}
    lesson(0)
    assert Order.objects.count() == 1


def share(name: str, limit: Limit) -> Limit:
    """What counts by e-mail, order or user is each pupil's own; nobody forgets a password."""
    if not name.endswith("-address") or name == "reset-address":
        return limit
    assert limit.most >= PUPILS, name
    return Limit(limit.most // PUPILS, limit.within)


def test_behind_our_own_proxy_each_visitor_is_counted_alone(narrow, settings):
    settings.TRUSTED_PROXIES = services.networks(["10.0.0.5"])
    narrow(lookup_address=1)
    seen = [
        guess_an_order(browser("10.0.0.5", HTTP_X_FORWARDED_FOR=f"203.0.113.9, {who}"), number).status_code
        for number, who in enumerate([HERE, ELSEWHERE, HERE])
    ]
    assert seen == [404, 404, 429]


def test_without_redis_every_door_is_open(real_limits, monkeypatch, caplog):
    monkeypatch.setattr(limits, "cache", ForgettingCache("redis://127.0.0.1:9/0", {}))
    for door in DOORS:
        assert door.knock(browser(), 0).status_code == door.passes, str(door)
    assert "cache.run" in caplog.text


# --- Nothing typed is lost, and nothing was done ---------------------------------------------------
def test_an_order_too_many_keeps_the_form_and_takes_no_goods(narrow):
    narrow(payment_address=1)
    order(browser(), 0)
    stopped = order(browser(), 1)
    assert title(stopped).startswith("Fel: ")
    assert fields(stopped)["email"] == email(1)
    assert fields(stopped)["address_line1"] == KARIN["address_line1"]
    assert not Order.objects.filter(email=email(1)).exists()


@pytest.mark.parametrize(
    ("knock", "model"), [(be_reminded, ReminderRequest), (ask, Enquiry), (withdraw, Withdrawal)]
)
def test_a_form_too_many_stands_there_as_it_was_typed_and_writes_no_letter(narrow, knock, model):
    narrow(reminder_address=1, enquiry_address=1, withdrawal_address=1)
    knock(browser(), 0)
    letters = Message.objects.count()
    assert f'value="{email(1)}"' in knock(browser(), 1).content.decode()
    assert (model.objects.filter(email=email(1)).count(), Message.objects.count()) == (0, letters)


def test_the_page_that_says_wait_speaks_the_language_of_the_address_and_names_another_way(narrow):
    narrow(lookup_address=1)
    guess_an_order(browser(), 0)
    assert "Prova igen om 10 minuter. Brådskar det? Ring 08-555 000 00" in text(guess_an_order(browser(), 1))
    english = browser().get("/en/order/gissning/")
    assert "Try again in 10 minutes. In a hurry? Ring 08-555 000 00" in text(english)


# --- Cards that are tried out ----------------------------------------------------------------------
def test_one_inbox_orders_only_so_often_from_wherever_and_under_whatever_plus_name(narrow):
    narrow(payment_email=2)
    sent = []
    for number, name in enumerate(["karin", "Karin+1", "karin+2"]):
        shopper = Shopper(browser(f"198.51.100.{number}"))
        shopper.put()
        sent.append(shopper.order(email=f"{name}@bjorkvik.example").status_code)
    assert sent == [303, 303, 429]


@pytest.mark.chaos
def test_cards_tried_out_under_many_names_are_stopped_where_they_come_from(real_limits, clock):
    assert_stopped_after(limit_table.TABLE["payment-address"].most, orders=45)


def test_a_few_cards_tried_out_under_many_names_are_stopped_where_they_come_from(narrow, clock):
    narrow(payment_address=6)
    assert_stopped_after(6, orders=6)


def assert_stopped_after(most: int, *, orders: int) -> None:
    """Small orders under an e-mail each, every card refused, every other order paid again."""
    opened = []
    for number in range(orders):
        opened.append(order(browser(), number).status_code)
        if (placed := Order.objects.filter(email=email(number)).first()) and number % 2:
            fail(placed)
            again = browser().post(f"/kassa/vantar/{placed.key}/", {"do": "pay"})
            opened.append(again.status_code)
    assert (opened.count(303), opened[:most].count(303)) == (most, most)
    assert PaymentAttempt.objects.count() == most
    placed = Order.objects.get(email=email(0))
    fail(placed)
    stopped = browser().post(f"/kassa/vantar/{placed.key}/", {"do": "pay", "payment": "card"})
    assert (stopped.status_code, stopped.headers["Retry-After"]) == (429, "600")
    assert order(browser(ELSEWHERE), 99).status_code == 303


def test_an_invoice_has_its_own_count(narrow):
    narrow(payment_email=1, invoice_email=2)
    sent = []
    for _number in range(3):
        shopper = Shopper(browser())
        shopper.put()
        sent.append(shopper.order(KOMMUN).status_code)
    assert sent == [303, 303, 429]


def test_a_double_click_is_one_order_to_the_count(narrow):
    narrow(payment_address=1, payment_email=1, payment_order=1)
    shopper = Shopper(browser())
    shopper.put()
    form = {**shopper.form(), **KARIN}
    assert [shopper.send(form).status_code for _click in range(5)] == [303] * 5
    assert (Order.objects.count(), PaymentAttempt.objects.count()) == (1, 1)


def test_a_quote_is_accepted_only_so_often_and_the_form_is_kept(narrow):
    narrow(invoice_email=1)
    seen = []
    for number in range(2):
        ask_for_a_quote(browser(), number)
        quote = Quote.objects.get(email=email(number))
        who = {"accepter_name": "Åsa Rektor", "accepter_email": email(9), "accepter_role": "rektor"}
        seen.append(browser().post(f"/offert/{quote.key}/acceptera/", {**KOMMUN, **who}))
    assert [answer.status_code for answer in seen] == [303, 429]
    assert fields(seen[1])["accepter_name"] == "Åsa Rektor"
    assert "Det blev många beställningar på en gång Prova igen om en timme." in text(seen[1])
    assert quote.live_order is None


def fail(placed: Order) -> None:
    """The payment service has said that the card was refused."""
    placed.attempts.update(state=Attempt.FAILED)


def test_an_order_opens_only_so_many_payment_pages_and_says_so_on_its_own(narrow, clock):
    narrow(payment_order=2)
    order(browser(), 0)
    placed = Order.objects.get(email=email(0))
    address = f"/kassa/vantar/{placed.key}/"
    for number in range(2):
        fail(placed)
        assert browser(f"198.51.100.{number}").post(address, {"do": "pay"}).status_code == 303
    fail(placed)
    stopped = browser().post(address, {"do": "pay"})
    assert stopped.status_code == 429
    assert "Det blev många försök på en gång Varorna ligger kvar, inget har dragits." in text(stopped)
    assert 'name="payment"' in stopped.content.decode()
    assert placed.attempts.count() == 3


def test_the_page_that_is_open_already_is_opened_again_as_often_as_one_likes(narrow):
    narrow(payment_order=1, payment_address=1, payment_email=1)
    order(browser(), 0)
    placed = Order.objects.get(email=email(0))
    answers = [browser().post(f"/kassa/vantar/{placed.key}/", {"do": "pay"}) for _click in range(4)]
    assert {answer.headers["Location"] for answer in answers} == {placed.attempts.get().url}


def test_the_checkout_form_sent_again_is_no_way_round(narrow):
    narrow(payment_order=1)
    shopper = Shopper(browser())
    shopper.put()
    form = {**shopper.form(), **KARIN}
    shopper.send(form)
    placed = Order.objects.get(email=KARIN["email"])
    fail(placed)
    assert shopper.send(form).status_code == 303
    fail(placed)
    assert shopper.send(form).status_code == 429


def test_a_sign_up_s_form_sent_again_for_somebody_else_is_no_way_round(narrow):
    narrow(signup_address=2)
    client, key = browser(), "k" * 32
    answers = [sign_up(client, number, signup_key=key).status_code for number in (1, 1, 2, 3, 2)]
    assert answers == [303, 303, 303, 429, 303]
    assert not Message.objects.filter(to=email(3)).exists()


def test_staff_who_order_for_others_are_not_stopped(narrow):
    narrow(payment_address=1)
    staff = logged_in()
    staff.defaults["REMOTE_ADDR"] = HERE
    assert [order(staff, number).status_code for number in range(3)] == [303] * 3
    assert order(browser(), 4).status_code == 429


# --- Complaints ------------------------------------------------------------------------------------
def test_an_order_is_complained_of_only_so_often_and_the_words_are_kept(narrow):
    narrow(complaint_order=1)
    placed = OrderFactory(sent=True)
    where = f"/order/{placed.key}/reklamera/"
    told = {"row-0": "1", "wish": Wish.values[0]}
    seen = [browser().post(where, {**told, "fault": fault}) for fault in ("Trasig", "Våt")]
    assert [answer.status_code for answer in seen] == [200, 429]
    assert seen[1].headers["Retry-After"] in {"3599", "3600"}
    assert "på kort tid. Prova igen om en timme, eller ring oss." in text(seen[1])
    assert fields(seen[1])["fault"] == "Våt"


# --- Orders that are guessed -----------------------------------------------------------------------
def test_who_has_guessed_too_often_is_not_told_when_a_guess_is_right(narrow):
    narrow(lookup_address=2)
    placed = OrderFactory(paid=True)
    addresses = [f"/order/{placed.key}/", f"/order/{placed.key}/kvitto.pdf", f"/kassa/vantar/{placed.key}/"]
    for number in range(2):
        guess_an_order(browser(), number)
    wrong = guess_an_order(browser(), 3)
    for address in (*addresses, f"/angra/?order={placed.key}"):
        right = browser().get(address)
        assert right.status_code == 429
        assert text(right) == text(wrong)
    assert browser(ELSEWHERE).get(addresses[0]).status_code == 200


def test_who_looks_at_an_order_of_one_s_own_is_never_counted(narrow):
    narrow(lookup_address=1)
    placed = OrderFactory(paid=True)
    assert {browser().get(f"/order/{placed.key}/").status_code for _look in range(5)} == {200}
    assert guess_an_order(browser(), 0).status_code == 404


def test_what_stripe_has_signed_is_not_stopped_by_what_others_send(narrow, settings):
    import stripe as sdk

    settings.STRIPE_WEBHOOK_SECRET = "whsec_prov"
    narrow(webhook_address=1)
    assert [claim_a_payment(browser(), 0).status_code for _time in range(2)] == [400, 429]
    body = json.dumps(
        {"id": "evt_1", "object": "event", "type": "prov", "data": {"object": {}}, "created": 1}
    )
    signature = sdk.WebhookSignature.generate_signature_header(body, "whsec_prov")
    signed = browser().post(
        "/stripe/webhook/", body, content_type="application/json", headers={"Stripe-Signature": signature}
    )
    assert signed.status_code == 200

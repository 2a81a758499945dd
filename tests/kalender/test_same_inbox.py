"""Further forms from one inbox: who is new comes too, who is there already is not signed up twice, and each is told
the truth by letter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.kalender import guest_letters, signing_up, telling
from cms.kalender.consequences import audiences
from cms.kalender.models import Actor, EventPage, Guest, SignUp
from cms.kalender.staff import guest_mail
from cms.kalender.tasks import tend_signups
from notifications.mail import build
from notifications.models import Message
from orders.models import Order
from orders.payments import sweep
from tests.kalender.facts import KARIN, NOON, letters
from tests.kalender.signups import (
    CANCELLED,
    FORM,
    GOING,
    LAPSED,
    OFFERED,
    QUEUED,
    UNPAID,
    party,
    sign_up,
    state,
    wish,
)
from tests.kalender.test_paid_places import ADDRESS, INVOICED, PRICE, buy, course, order_of
from tests.kalender.test_paying_for_places import LATE, late_money, order, shopper
from tests.staff import in_role

__all__ = ["course", "shopper"]  # fixtures

pytestmark = pytest.mark.django_db

THANKS = f"{ADDRESS}tack/"


@pytest.fixture
def seats(publish) -> EventPage:
    """Three seats, free."""
    event: EventPage = publish(slug="2026-12-10-grunderna", signup=True, seats=3)
    return event


def names(signup: SignUp) -> list[str]:
    return list(signup.guests.values_list("name", flat=True))


def said(letter: Message) -> list[str]:
    """Subject and both texts, on one line each."""
    mail = build(letter)
    texts = (mail.subject, mail.body, mail.alternatives[0][0])
    return [" ".join(str(text).split()) for text in texts]


def send(client: Client, *people: str, key: str, **facts: Any) -> Any:
    return client.post(ADDRESS, {**FORM, "names": "\n".join(people), "signup_key": key * 32, **facts})


# --- An offer that ran out -------------------------------------------------------------------------
def test_who_signs_up_again_when_an_offer_has_run_out_waits_anew_before_anybody_has_swept(seats):
    full, mine = sign_up(seats, party(3)), sign_up(seats, names=["Karin Ek"], email=KARIN)
    signing_up.cancel(full.pk, actor=Actor.GUEST, now=NOON)
    next_one = sign_up(seats, party(3), now=NOON)
    late = NOON + signing_up.LONGEST_OFFER
    anew, is_new = signing_up.sign_up(seats.pk, wish(names=["Karin Ek"], email=KARIN), now=late)
    assert (is_new, state(mine), state(next_one), state(anew)) == (True, LAPSED, OFFERED, QUEUED)
    signing_up.lapse_offers(now=late)
    assert state(anew) == QUEUED
    assert not Message.objects.filter(to=KARIN, context__again=True).exists()


# --- Free ----------------------------------------------------------------------------------------
def test_a_colleague_signed_up_from_the_same_inbox_comes_too_with_a_letter_and_a_page_of_their_own(
    seats, client
):
    send(client, "Dan Ek", key="a")
    send(client, "Eva Ek", key="b")
    dan, eva = SignUp.objects.order_by("pk")
    assert ([names(dan), names(eva)], dan.state, eva.state) == ([["Dan Ek"], ["Eva Ek"]], GOING, GOING)
    assert [letter.context["page_url"].rpartition("/anmalan/")[2] for letter in letters("signup-going")] == [
        f"{dan.key}/",
        f"{eva.key}/",
    ]
    for text in said(letters("signup-going")[1])[1:]:
        assert "Vi har en plats till dig." in text
        assert "redan" not in text
    client.post(f"/anmalan/{dan.key}/", {"cancel": "1"})
    assert (state(dan), state(eva)) == (CANCELLED, GOING)


@pytest.mark.parametrize("again", ["Anna Ek", "anna  EK", "Ａnna Ek"])
def test_a_form_without_a_new_name_signs_nobody_up_and_its_letter_says_so(seats, client, again):
    send(client, "Anna Ek", key="a")
    send(client, again, key="b")
    assert names(SignUp.objects.get()) == ["Anna Ek"]
    first, second = letters("signup-going")
    assert (first.to, second.to) == (KARIN, KARIN)
    note = "Det här är anmälan som du redan hade. Den du skickade nu hade inga nya namn, så inget är ändrat."
    for before, after in zip(said(first)[1:], said(second)[1:], strict=True):
        assert (note in before, note in after) == (False, True)
        assert "Vi har en plats till dig." in after


def test_of_two_of_whom_one_is_there_the_other_is_signed_up_and_the_letter_says_so(seats, client):
    send(client, "Anna Ek", key="a")
    send(client, "Anna Ek", "Calle Ek", key="b")
    anna, calle = SignUp.objects.order_by("pk")
    assert (names(anna), names(calle), calle.places, seats.signups.seats_held()) == (
        ["Anna Ek"],
        ["Calle Ek"],
        1,
        2,
    )
    for text in said(letters("signup-going")[1])[1:]:
        assert "Ett av namnen du skrev var redan anmält från din adress." in text
        assert "Den anmälan gäller som förut, och den här är för resten. Vi har en plats till dig." in text
        assert "beställt" not in text
        assert "Calle" not in text, "what was typed is not mailed to whom it names"


def test_names_that_stand_in_two_sign_ups_are_answered_in_one_letter_that_leads_to_both(seats, client):
    for key, person in (("a", "Anna Ek"), ("b", "Calle Ek")):
        send(client, person, key=key)
    send(client, "Calle Ek", "Anna Ek", key="c")
    anna, calle = SignUp.objects.order_by("pk")
    assert len(letters("signup-going")) == 3
    for text in said(letters("signup-going")[2])[1:]:
        assert f"/anmalan/{anna.key}/" in text
        assert "Du har fler anmälningar till träffen:" in text
        assert f"/anmalan/{calle.key}/" in text


def test_who_goes_back_and_writes_another_name_in_the_same_form_signs_up_another(seats, client):
    for _click in range(2):
        send(client, "Dan Ek", key="a")
    for _click in range(2):
        send(client, "Eva Ek", key="a")
    assert [names(signup) for signup in SignUp.objects.order_by("pk")] == [["Dan Ek"], ["Eva Ek"]]
    assert len(letters("signup-going")) == 2


def test_who_goes_back_and_mends_the_address_is_written_to_there(seats, client):
    for _click in range(2):
        send(client, "Dan Ek", key="a", email="fel@bjorkvik.example")
    for _click in range(2):
        send(client, "Dan Ek", key="a")
    assert [letter.to for letter in letters("signup-going")] == ["fel@bjorkvik.example", KARIN]


def test_the_same_form_without_an_inbox_is_still_one_sign_up(seats):
    form = wish(email="", phone="+46701234567", form_key="k" * 32)
    assert sign_up(seats, form) == sign_up(seats, form)
    assert SignUp.objects.count() == 1


def test_the_answer_is_the_same_whoever_is_there_already(seats, client):
    answers = [
        send(client, "Anna Ek", key="a"),
        send(client, "Anna Ek", key="b"),
        send(client, "Anna Ek", "Calle Ek", key="c"),
        send(client, *(f"Gäst {number}" for number in range(3)), key="d", email="annan@bjorkvik.example"),
    ]
    assert {(answer.status_code, answer.headers["Location"], answer.content) for answer in answers} == {
        (303, THANKS, b"")
    }


def test_who_waits_and_signs_up_a_further_one_waits_in_two_sign_ups(seats):
    sign_up(seats, party(3))
    anna = sign_up(seats, email=KARIN, names=["Anna Ek"])
    both = sign_up(seats, email=KARIN, names=["Anna Ek", "Calle Ek"])
    assert (anna.state, both.state, names(both), SignUp.objects.ahead_of(both)) == (
        QUEUED,
        QUEUED,
        ["Calle Ek"],
        1,
    )
    assert sign_up(seats, email=KARIN, names=["Anna Ek"]) == anna
    assert "Den du skickade nu hade inga nya namn" in said(letters("signup-queued")[2])[1]


def test_a_name_that_has_been_given_back_or_corrected_away_is_new_again(seats):
    anna = sign_up(seats, email=KARIN, names=["Anna Ek"])
    signing_up.rename(anna.pk, {anna.guests.get().pk: "Eva Ek"}, actor=Actor.GUEST, now=NOON)
    again = sign_up(seats, email=KARIN, names=["Anna Ek"])
    assert again != anna
    signing_up.cancel(again.pk, actor=Actor.GUEST, now=NOON)
    assert names(sign_up(seats, email=KARIN, names=["Anna Ek"])) == ["Anna Ek"]


def test_another_inbox_may_name_the_same_person(seats):
    assert sign_up(seats, names=["Anna Ek"]) != sign_up(seats, names=["Anna Ek"])


def test_one_inbox_has_no_more_places_in_all_than_one_form_and_is_told_by_letter(publish, client):
    publish(slug="2026-12-10-grunderna", signup=True)
    first = [f"Gäst {number}" for number in range(19)]
    send(client, *first, key="a")
    answer = send(client, "Anna Ek", "Calle Ek", key="b")
    assert (answer.status_code, answer.headers["Location"]) == (303, THANKS)
    assert Guest.objects.count() == 19
    (letter,) = letters("signup-refused")
    assert said(letter)[0].startswith("Inte med: ")
    for text in said(letter)[1:]:
        assert "Den du skickade nu har vi inte kunnat ta emot." in text
        assert "högst 20 platser" in text
        assert f"/anmalan/{SignUp.objects.get().key}/" in text
    send(client, *first, "Anna Ek", key="c")
    assert Guest.objects.count() == 20, "one more is not too many"


# --- The calendar --------------------------------------------------------------------------------
def test_the_event_leaves_the_calendar_with_the_last_seat_of_its_inbox(seats):
    anna, calle = (sign_up(seats, email=KARIN, names=[name]) for name in ("Anna Ek", "Calle Ek"))
    signing_up.cancel(anna.pk, actor=Actor.GUEST, now=NOON)
    first = build(letters("signup-cancelled")[0])
    assert not first.attachments
    assert "Det andra du har anmält till träffen gäller som förut." in first.body
    assert "tar bort träffen" not in first.body
    signing_up.cancel(calle.pk, actor=Actor.GUEST, now=NOON)
    last = build(letters("signup-cancelled")[1])
    ((_name, _content, kind),) = last.attachments
    assert kind.endswith("method=CANCEL")
    assert "Det andra du har anmält" not in last.body
    assert "tar bort träffen" in last.body


def test_who_still_waits_elsewhere_has_the_seat_taken_out_of_the_calendar(seats):
    going = sign_up(seats, party(3, email=KARIN))
    sign_up(seats, email=KARIN, names=["Calle Ek"])
    sign_up(seats, email=KARIN, names=["Dan Ek"])
    SignUp.objects.exclude(pk=going.pk).update(state=QUEUED)
    signing_up.cancel(going.pk, actor=Actor.GUEST, now=NOON)
    mail = build(letters("signup-cancelled")[0])
    assert mail.attachments
    assert "Det andra du har anmält till träffen gäller som förut." in mail.body


# --- Told of changes -----------------------------------------------------------------------------
@pytest.fixture
def both(seats) -> list[SignUp]:
    """Of one inbox: who waits, and who has come to a seat since."""
    sign_up(seats, party(3))
    made = [sign_up(seats, email=KARIN, names=[name]) for name in ("Anna Ek", "Calle Ek")]
    SignUp.objects.filter(pk=made[1].pk).update(state=GOING)
    return made


def test_a_move_is_told_to_an_inbox_in_one_letter_with_the_file_of_its_seat(seats, both, change):
    change(seats, place="Stora salen")
    (letter,) = [letter for letter in letters(telling.MOVED) if letter.to == KARIN]
    mail = build(letter)
    ((_name, _content, kind),) = mail.attachments
    assert kind.endswith("method=REQUEST")
    for text in said(letter)[1:]:
        assert all(f"/anmalan/{signup.key}/" in text for signup in both)


def test_a_cancelled_event_is_told_to_an_inbox_in_one_letter(seats, both, change):
    change(seats, status="cancelled")
    (letter,) = [letter for letter in letters(telling.CANCELLED) if letter.to == KARIN]
    assert letter.context["method"] == "CANCEL"


def test_the_page_before_publishing_counts_inboxes(seats, both):
    assert audiences([seats.pk])[seats.pk].letters == 2


def test_what_staff_write_comes_to_an_inbox_once_and_is_counted_so(seats, both):
    sign_up(seats, email=KARIN.upper(), names=["Dan Ek"])
    assert guest_mail.count(seats) == {"going": 2, "queue": 1, "all": 2}
    draft = guest_letters.Draft("k" * 20, "Inneskor", "Golvet är nyslipat.", "all")
    written, _new = guest_letters.write(seats.pk, draft, author="maja", now=NOON)
    mine = [letter for letter in letters(guest_letters.LETTER) if letter.to == KARIN]
    assert (written.receivers, len(mine)) == (2, 1)
    for text in said(mine[0])[1:]:
        assert all(f"/anmalan/{signup.key}/" in text for signup in both)


# --- By phone ------------------------------------------------------------------------------------
def test_staff_are_told_whom_they_have_not_signed_up_twice(seats):
    sign_up(seats, email=KARIN, names=["Anna Ek"])
    staff = in_role("Redaktör")
    address = reverse("guest_staff:sign_up", args=[seats.pk])
    answer = staff.post(address, {**FORM, "names": "Anna Ek\nCalle Ek"}, follow=True)
    assert "inte inlagda en gång till: Anna Ek." in answer.content.decode()
    answer = staff.post(address, {**FORM, "names": "Calle Ek", "signup_key": "n" * 32}, follow=True)
    assert "Inget nytt är inlagt." in answer.content.decode()
    assert SignUp.objects.count() == 2


# --- Paid ----------------------------------------------------------------------------------------
def invoiced(client: Client, *people: str, key: str) -> Any:
    facts = {"names": "\n".join(people), "signup_key": key * 32, "shown_total": str(len(people) * PRICE)}
    return client.post(ADDRESS, {**INVOICED, **facts})


def test_a_colleague_is_ordered_for_on_invoice_as_the_first_one_was(course, client):
    for key, person in (("a", "Dan Ek"), ("b", "Eva Ek")):
        assert invoiced(client, person, key=key).status_code == 303
    dan, eva = SignUp.objects.order_by("pk")
    assert order_of(dan) != order_of(eva)
    assert [made.total.ore for made in Order.objects.all()] == [PRICE, PRICE]
    assert len(letters("order-confirmation")) == 2


def test_the_same_name_once_more_is_not_ordered_for_again(course, client):
    for key in "ab":
        invoiced(client, "Dan Ek", key=key)
    assert (Order.objects.count(), SignUp.objects.count()) == (1, 1)
    for text in said(letters("signup-going")[1])[1:]:
        assert "så inget är ändrat. Inget nytt är beställt. Vi har en plats till dig." in text


def test_only_who_is_new_is_ordered_for_and_the_letter_says_so(course, client):
    invoiced(client, "Dan Ek", key="a")
    invoiced(client, "Dan Ek", "Eva Ek", key="b")
    assert [(made.total.ore, made.lines.get().quantity) for made in Order.objects.order_by("pk")] == [
        (PRICE, 1),
        (PRICE, 1),
    ]
    for text in said(letters("signup-going")[1])[1:]:
        assert "var redan anmält från din adress" in text
        assert "Bara resten är beställt. Vi har en plats till dig." in text


def test_a_colleague_has_an_order_and_a_payment_page_of_their_own(shopper):
    order(shopper, names="Dan Ek")
    answer = order(shopper, names="Eva Ek", signup_key="n" * 32)
    first, second = Order.objects.order_by("pk")
    assert answer.headers["Location"] == second.attempts.get().url != first.attempts.get().url
    assert [signup.state for signup in SignUp.objects.all()] == [UNPAID, UNPAID]
    shopper.pay()
    assert sorted(SignUp.objects.values_list("state", flat=True)) == [GOING, UNPAID]


def test_who_orders_online_for_one_that_is_there_and_one_that_is_not_pays_for_one(shopper):
    order(shopper, names="Dan Ek")
    for _click in range(2):
        answer = order(shopper, names="Dan Ek\nEva Ek", signup_key="n" * 32)
        made = Order.objects.latest("pk")
        assert answer.headers["Location"] == made.attempts.get().url
    assert (Order.objects.count(), made.total.ore) == (2, PRICE)
    (letter,) = letters("signup-unpaid")
    for text in said(letter)[1:]:
        assert "Ett av namnen du skrev var redan anmält från din adress." in text
        assert "Bara resten är beställt. Vi håller en plats till dig" in text


def test_who_has_ordered_and_goes_back_for_a_colleague_orders_once_more(course, client):
    for _click in range(2):
        invoiced(client, "Dan Ek", key="a")
    for _click in range(2):
        invoiced(client, "Eva Ek", key="a")
    assert [made.total.ore for made in Order.objects.all()] == [PRICE, PRICE]


def test_who_has_paid_and_goes_back_for_a_colleague_comes_to_another_payment_page(shopper):
    order(shopper, names="Dan Ek")
    shopper.pay()
    for _click in range(2):
        answer = order(shopper, names="Eva Ek")
        assert answer.headers["Location"] == Order.objects.latest("pk").attempts.get().url
    assert Order.objects.count() == 2


def test_late_money_brings_a_guest_whose_colleague_has_signed_up_since(shopper):
    order(shopper, names="Dan Ek")
    dan = SignUp.objects.get()
    sweep.lapse_due(now=LATE)
    buy(EventPage.objects.get(), email=KARIN)
    late_money(dan)
    assert (state(dan), order_of(dan).state) == (GOING, "confirmed")


# --- Forgotten -----------------------------------------------------------------------------------
def test_all_that_an_inbox_has_signed_up_is_forgotten(seats, clock):
    for name in ("Anna Ek", "Calle Ek"):
        sign_up(seats, wish(email=KARIN, names=[name]))
    clock.move_to(seats.ends_at + timedelta(days=90))
    tend_signups()
    assert {(signup.email, *names(signup)) for signup in SignUp.objects.all()} == {("", "")}

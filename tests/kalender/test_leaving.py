"""Some of several people in one sign-up leave it: the rest keep their places, and the next in the queue is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp, Status
from cms.kalender.models.signup import GUEST_MEMORY
from notifications.models import Message
from tests.factories import pay
from tests.kalender.conftest import fresh
from tests.kalender.facts import KARIN, NOON, letters
from tests.kalender.signups import CANCELLED, GOING, OFFERED, QUEUED, UNPAID, party, sign_up, state, wish
from tests.kalender.test_guest_list import workbook
from tests.kalender.test_paid_places import DETAILS, PRICE, buy, course, order_of
from tests.kalender.test_renaming import names_of
from tests.kalender.test_signing_up_letters import invited, said, written
from tests.kalender.test_signing_up_pages import own, words
from tests.staff import in_role, logged_in

__all__ = ["course"]  # a fixture

THREE = ["Karin Ek", "Anders Öst", "Mona Ek"]
DONE = "Avanmält. De som står här är kvar."
DAY = timedelta(days=1)


@pytest.fixture
def event(publish) -> EventPage:
    made: EventPage = publish(signup=True, seats=3, slug="2026-12-10-grunderna")
    return made


@pytest.fixture
def made(event) -> SignUp:
    """Three people in one sign-up, who fill the event."""
    return sign_up(event, names=THREE, email=KARIN)


def keys(signup: SignUp, *names: str) -> list[str]:
    return [str(guest.pk) for guest in signup.guests.filter(name__in=names)]


def gone(client: Client, signup: SignUp, *names: str) -> Any:
    return client.post(own(signup), {"leave": "1", "out": keys(signup, *names)})


def places(signup: SignUp) -> int:
    return SignUp.objects.get(pk=signup.pk).places


# --- Who has a place ------------------------------------------------------------------------------
def test_the_rest_keep_their_places_and_the_free_one_is_offered_to_the_next(made, client):
    first, second = sign_up(made.event), sign_up(made.event)
    answer = gone(client, made, "Anders Öst")
    assert answer.status_code == 303
    assert (state(made), places(made), names_of(made)) == (GOING, 2, ["Karin Ek", "Mona Ek"])
    assert (state(first), state(second)) == (OFFERED, QUEUED)
    page = client.get(answer.headers["Location"])
    assert DONE in words(page)
    assert "Vem Karin Ek Mona Ek" in words(page)
    assert DONE not in words(client.get(own(made)))
    assert not answer.cookies


def test_two_leave_at_once_and_two_are_asked(made, client):
    waiting = [sign_up(made.event) for _number in range(3)]
    gone(client, made, "Anders Öst", "Karin Ek")
    assert names_of(made) == ["Mona Ek"]
    assert [state(one) for one in waiting] == [OFFERED, OFFERED, QUEUED]
    assert "Blir ni färre?" not in words(client.get(own(made)))
    assert "Vilka kommer inte?" not in words(client.get(own(made)))


def test_without_a_queue_the_place_is_free_for_anybody(made, client):
    gone(client, made, "Anders Öst")
    assert fresh(made.event).seats_left == 1
    assert state(sign_up(made.event)) == GOING


def test_of_an_event_that_is_called_full_what_is_given_back_is_offered_and_no_more(made, client):
    waiting = [sign_up(made.event) for _number in range(2)]
    EventPage.objects.filter(pk=made.event.pk).update(status=Status.FULL, seats=9)
    gone(client, made, "Anders Öst")
    assert [state(one) for one in waiting] == [OFFERED, QUEUED]


def test_the_letter_names_who_is_out_and_who_stays_and_takes_nothing_out_of_the_calendar(made, client):
    assert invited(written("signup-going"), "REQUEST")
    gone(client, made, "Anders Öst")
    mail = written("signup-fewer")
    assert (mail.to, mail.attachments) == ([KARIN], [])
    assert mail.subject == "Ni blir färre: Öppen halvdag: grunderna i värdskap, torsdag 10 december"
    for text in said(mail):
        assert text.index("Anders Öst") < text.index("Karin Ek") < text.index("Mona Ek")
        assert "Tack för att du sa till." in text
        assert "Vi har 2 platser kvar till er. Kalenderfilen som ni har fått gäller fortfarande." in text
        assert own(made) in text
    assert not letters("signup-cancelled")


def test_markup_in_a_name_is_text_in_the_letter(event, client):
    signup = sign_up(event, names=["Karin Ek", "<b>Anders</b>"])
    gone(client, signup, "<b>Anders</b>")
    text, html = said(written("signup-fewer"))
    assert "<b>Anders</b>" in text
    assert "&lt;b&gt;Anders&lt;/b&gt;" in html


def test_the_names_in_the_letter_are_forgotten_with_the_guests(made, client):
    gone(client, made, "Anders Öst")
    assert "Anders Öst" in str(letters("signup-fewer")[0].context)
    Message.objects.update(state="sent")
    signing_up.forget(now=made.event.ends_at + GUEST_MEMORY + DAY)
    assert (letters("signup-fewer")[0].context, letters("signup-fewer")[0].to) == ({}, "")


def test_the_guest_list_the_workbook_and_the_door_expect_those_who_stay(made, client):
    editor = in_role("Redaktör")
    gone(client, made, "Anders Öst")
    for name in ("list", "check_in", "check_in_print"):
        page = editor.get(reverse(f"guest_staff:{name}", args=[made.event.pk])).content.decode()
        assert "Mona Ek" in page
        assert "Anders Öst" not in page
    assert "2 av 3 platser" in editor.get(reverse("guest_staff:list", args=[made.event.pk])).content.decode()
    assert [row["Namn"] for row in workbook(editor, made.event)] == ["Karin Ek", "Mona Ek"]


def test_when_all_are_chosen_the_whole_sign_up_is_cancelled(event, client):
    signup = sign_up(event, names=THREE, email=KARIN, needs="Glutenfritt", needs_agreed=True)
    waiting = sign_up(event, party(3))
    answer = gone(client, signup, *THREE)
    assert "Du är avanmäld" in words(client.get(answer.headers["Location"]))
    assert (state(signup), SignUp.objects.get(pk=signup.pk).needs) == (CANCELLED, "")
    assert state(waiting) == OFFERED
    assert invited(written("signup-cancelled"), "CANCEL")
    assert not letters("signup-fewer")


def test_when_the_last_ones_leave_after_the_others_it_is_cancelled_too(made, client):
    gone(client, made, "Anders Öst", "Mona Ek")
    gone(client, made, "Karin Ek")
    assert (state(made), len(letters("signup-cancelled"))) == (CANCELLED, 1)


# --- Who waits ------------------------------------------------------------------------------------
def test_a_smaller_party_keeps_its_turn_and_is_asked_at_once_when_the_seats_suffice(event, client):
    sign_up(event, party(2))
    waiting, later = sign_up(event, party(3)), sign_up(event, party(2))
    assert (state(waiting), state(later)) == (QUEUED, QUEUED)
    page = words(client.get(own(waiting)))
    assert "Blir ni färre?" in page
    gone(client, waiting, "Gäst 0")
    assert (state(waiting), places(waiting)) == (QUEUED, 2)
    assert "Ni står kvar i kön, nu till 2 platser." in said(written("signup-fewer"))[0]
    assert "Ni står först i kön" in words(client.get(own(waiting)))
    gone(client, waiting, "Gäst 1")
    assert (state(waiting), state(later)) == (OFFERED, QUEUED)


def test_who_waits_for_a_full_event_frees_no_seat_by_being_fewer(event, client):
    sign_up(event, party(2))
    waiting = sign_up(event, party(3))
    EventPage.objects.filter(pk=event.pk).update(status=Status.FULL)
    gone(client, waiting, "Gäst 0", "Gäst 1")
    assert (state(waiting), places(waiting)) == (QUEUED, 1)


def test_of_an_offer_the_rest_stands_as_long_as_before_and_the_next_is_asked(made, client, clock):
    asked, later = sign_up(made.event, party(3)), sign_up(made.event)
    signing_up.cancel(made.pk, actor=Actor.GUEST, now=NOON)
    clock.move_to(NOON + timedelta(hours=3))
    gone(client, asked, "Gäst 0")
    assert (state(asked), places(asked), state(later)) == (OFFERED, 2, OFFERED)
    told = said(written("signup-fewer"))[0]
    assert "Vi håller 2 platser till tisdag 24 november klockan 12.00." in told
    client.post(own(asked), {"accept": "1"})
    assert (state(asked), fresh(made.event).seats_left) == (GOING, 0)


def test_an_offer_that_has_run_out_is_no_one_s_to_make_smaller(made, client, clock):
    asked = sign_up(made.event, party(3))
    signing_up.cancel(made.pk, actor=Actor.GUEST, now=NOON)
    clock.move_to(NOON + DAY)
    assert gone(client, asked, "Gäst 0").headers["Location"] == own(asked)
    assert "Platsen gick vidare" in words(client.get(own(asked)))
    assert (places(asked), letters("signup-fewer")) == (3, [])


# --- What is not done -----------------------------------------------------------------------------
@pytest.mark.parametrize("out", [[], [""], ["Anders"], ["-1"], ["9" * 30], ["٣"]])
def test_nobody_chosen_is_told_and_the_choice_stays_open(made, client, out):
    answer = client.post(own(made), {"leave": "1", "out": out})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Fel: Din anmälan" in text.replace("\n", "")
    assert '<a href="#f-out_0">Välj minst en som inte kommer</a>' in text
    assert '<input type="checkbox" id="f-out_0" name="out"' in text
    assert '<details class="toc-m" open><summary>Kan du inte komma?' in text
    assert names_of(made) == THREE


def test_the_same_press_twice_gives_one_place_back(made, client):
    waiting = [sign_up(made.event) for _number in range(2)]
    out = keys(made, "Anders Öst")
    for _press in range(2):
        assert client.post(own(made), {"leave": "1", "out": out}).status_code == 303
    assert ([state(one) for one in waiting], len(letters("signup-fewer"))) == ([OFFERED, QUEUED], 1)


def test_a_guest_of_another_sign_up_stays(made, client):
    other = sign_up(made.event, party(2))
    client.post(own(made), {"leave": "1", "out": keys(other, "Gäst 0")})
    assert (places(other), places(made)) == (2, 3)


def test_links_and_other_sites_take_nobody_off(made, client):
    facts = {"leave": "1", "out": keys(made, "Anders Öst")}
    client.get(own(made), facts)
    answer = client.post(own(made), facts, headers={"Origin": "https://elak.example"})
    assert (answer.status_code, names_of(made)) == (403, THREE)


def test_once_the_event_has_begun_nobody_leaves(made, client, clock):
    clock.move_to(made.event.starts_at)
    assert gone(client, made, "Anders Öst").headers["Location"] == own(made)
    assert names_of(made) == THREE


def test_one_alone_has_nobody_to_choose(event, client):
    page = words(client.get(own(sign_up(event))))
    assert "Kan du inte komma?" in page
    assert "Vilka kommer inte?" not in page


# --- What costs -----------------------------------------------------------------------------------
TOGETHER = "Platserna är beställda tillsammans, så de avanmäls tillsammans."


def test_ordered_places_go_together_and_the_page_says_so(course, client):
    bought = buy(course, 3, method="card")
    for what in (UNPAID, GOING):
        if what == GOING:
            pay(order_of(bought))
        page = words(client.get(own(bought)))
        assert TOGETHER in page
        assert "Vilka kommer inte?" not in page
        assert gone(client, bought, "Gäst 0").headers["Location"] == own(bought)
        assert (state(bought), places(bought)) == (what, 3)
    with pytest.raises(signing_up.Ordered):
        signing_up.leave(bought.pk, [bought.guests.earliest("pk").pk], actor=Actor.STAFF, now=NOON)
    assert TOGETHER not in words(client.get(own(buy(course))))


def test_who_is_offered_paid_places_needs_fewer_and_pays_for_those(course, client):
    EventPage.objects.filter(pk=course.pk).update(seats=3)
    signing_up.cancel(buy(course, 3).pk, actor=Actor.GUEST, now=NOON)
    asked = sign_up(course, party(3, only_queue=True))
    assert state(asked) == OFFERED
    gone(client, asked, "Gäst 0")
    page = client.get(own(asked)).content.decode()
    assert f'name="shown_total" value="{2 * PRICE}"' in page
    accepted = {**DETAILS, "accept": "1", "payment": "invoice"}
    late = client.post(own(asked), {**accepted, "shown_total": str(3 * PRICE)})
    assert late.status_code == 422
    assert "Summan är en annan än den som stod här." in words(late)
    client.post(own(asked), {**accepted, "shown_total": str(2 * PRICE)})
    assert (state(asked), order_of(asked).total.ore) == (GOING, 2 * PRICE)


def test_who_is_made_fewer_while_the_places_are_ordered_sees_the_new_sum(course, client, monkeypatch):
    EventPage.objects.filter(pk=course.pk).update(seats=3)
    asked = sign_up(course, party(3, only_queue=True))
    accept = signing_up.accept

    def meanwhile(key: str, **more: Any) -> SignUp:
        if places(asked) == 3:
            signing_up.leave(asked.pk, [asked.guests.earliest("pk").pk], actor=Actor.STAFF, now=NOON)
        return accept(key, **more)

    monkeypatch.setattr(signing_up, "accept", meanwhile)
    facts = {**DETAILS, "accept": "1", "payment": "invoice", "shown_total": str(3 * PRICE)}
    answer = client.post(own(asked), facts)
    assert answer.status_code == 422
    assert f'name="shown_total" value="{2 * PRICE}"' in answer.content.decode()


# --- English --------------------------------------------------------------------------------------
def test_in_english_page_and_letter_are_english(event, client):
    signup = sign_up(event, names=THREE, language="en")
    address = f"/en/sign-up/{signup.key}/"
    assert "Who is not coming?" in words(client.get(address))
    assert "Choose at least one who is not coming" in words(client.post(address, {"leave": "1"}))
    client.post(address, {"leave": "1", "out": keys(signup, "Anders Öst")})
    told = said(written("signup-fewer"))[0]
    assert "NOT COMING\nAnders Öst" in told
    assert "We still have 2 places for you." in told
    assert "/en/sign-up/" in told


# --- By staff -------------------------------------------------------------------------------------
@pytest.fixture
def staff(event) -> Client:
    return in_role("Redaktör")


def taken_off(client: Client, signup: SignUp, *names: str) -> Any:
    facts = {"out": keys(signup, *names)}
    return client.post(reverse("guest_staff:leave", args=[signup.pk]), facts, follow=True)


def test_staff_take_some_off_and_the_guest_is_told_that_they_did(made, staff):
    waiting = sign_up(made.event)
    page = words(taken_off(staff, made, "Anders Öst"))
    assert "Avanmält. Det som blir ledigt erbjuds den som står på tur. Gästen får ett brev." in page
    assert (names_of(made), state(waiting)) == (["Karin Ek", "Mona Ek"], OFFERED)
    assert "Vi har avanmält några av er." in said(written("signup-fewer"))[0]
    assert "Anders Öst" not in page


def test_who_has_no_e_mail_is_to_be_told_by_staff(event, staff):
    phoned = sign_up(event, names=THREE, email="", phone="+46701234567")
    assert "Inget brev går ut: säg det till gästen." in words(taken_off(staff, phoned, "Anders Öst"))
    assert (places(phoned), Message.objects.count()) == (2, 0)


def test_staff_who_choose_all_cancel_the_sign_up(made, staff):
    taken_off(staff, made, *THREE)
    assert (state(made), len(letters("signup-cancelled"))) == (CANCELLED, 1)
    assert "Vi har tagit bort din anmälan." in said(written("signup-cancelled"))[0]


def test_staff_who_choose_nobody_or_somebody_who_has_left_are_told(made, staff):
    answer = taken_off(staff, made)
    assert answer.status_code == 422
    assert "Välj minst en som inte kommer" in words(answer)
    facts = {"out": keys(made, "Anders Öst")}
    signing_up.leave(made.pk, [int(facts["out"][0])], actor=Actor.GUEST, now=NOON)
    answer = staff.post(reverse("guest_staff:leave", args=[made.pk]), facts, follow=True)
    assert "De var redan avanmälda. Inget är ändrat." in words(answer)
    assert places(made) == 2


def test_staff_make_no_offer_smaller_that_has_run_out(made):
    asked = sign_up(made.event, wish(names=["Olle Kö", "Åsa Kö"]))
    signing_up.cancel(made.pk, actor=Actor.GUEST, now=NOON - 2 * DAY)
    page = words(taken_off(in_role("Redaktör"), asked, "Olle Kö"))
    assert "Erbjudandet gäller inte längre. Inget är ändrat." in page
    assert places(asked) == 2


def test_staff_read_that_ordered_places_go_together(course):
    bought, owner = buy(course, 2), in_role("Ägare")
    page = words(owner.get(reverse("guest_staff:signup", args=[bought.pk])))
    assert TOGETHER in page
    assert "Avanmäl någon av dem" not in page
    assert "avanmäls tillsammans. Inget är ändrat." in words(taken_off(owner, bought, "Gäst 0"))
    assert places(bought) == 2


def test_only_those_who_may_change_take_anybody_off_and_never_by_a_link(made, staff):
    watcher = logged_in("cms.view_signup")
    page = watcher.get(reverse("guest_staff:signup", args=[made.pk])).content.decode()
    assert "Avanmäl någon av dem" not in page
    assert taken_off(watcher, made, "Anders Öst").status_code == 403
    assert staff.get(reverse("guest_staff:leave", args=[made.pk])).status_code == 405
    assert names_of(made) == THREE

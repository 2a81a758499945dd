"""Signing up over HTTP: the button, the form, the sign-up's own page, and what hostile hands send."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp
from cms.kalender.models.signup import GUEST_MEMORY
from tests.factories import CompanyFactory
from tests.kalender.facts import KARIN, NOON, letters, stockholm
from tests.kalender.signups import CANCELLED, FORM, GOING, OFFERED, sign_up, state
from tests.kalender.test_admin import create
from tests.kalender.test_remind_pages import HOSTILE, WRONG_EMAIL

EVENT = "/kalender/2026-12-10-grunderna/"
ADDRESS = f"{EVENT}anmalan/"
THANKS = f"{ADDRESS}tack/"
EMAIL_SENTENCES = [WRONG_EMAIL, "Texten innehåller tecken som inte syns", "Skriv högst 254 tecken"]


@pytest.fixture
def seats(publish):
    """Ten seats, and sign-up on the page."""
    return publish(slug="2026-12-10-grunderna", signup=True, seats=10)


@pytest.fixture
def post(seats, client):
    return lambda **facts: client.post(ADDRESS, {**FORM, **facts})


def form_key(response) -> str:
    (key,) = re.findall(r'name="signup_key" value="([-\w]+)"', response.content.decode())
    return str(key)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- The event's page ----------------------------------------------------------------------------
def panel(client: Client) -> str:
    return client.get(EVENT).content.decode()


def test_the_page_leads_to_the_form_and_counts_the_seats(seats, client):
    assert f'<a class="btn btn--full" href="{ADDRESS}">Anmäl dig</a>' in panel(client)
    sign_up(seats, names=["Karin Ek", "Anders Ek", "Mona Ek"])
    assert "7 kvar av 10" in panel(client)
    assert "7 platser kvar" in client.get("/kalender/").content.decode()


def test_a_full_event_leads_to_the_queue(seats, client):
    sign_up(seats, names=[f"Gäst {number}" for number in range(10)])
    text = panel(client)
    assert f'<a class="btn btn--full" href="{ADDRESS}">Ställ dig på kö</a>' in text
    assert "<dd>Fullt</dd>" in text
    assert "SoldOut" in text
    assert "Fullt, ställ dig på kö" in client.get("/kalender/").content.decode()


def test_the_form_tells_how_long_the_guest_list_is_kept_and_what_books_keep_longer(publish, client):
    """As the page about personal data has it; a receipt or an invoice there is only of a place that costs."""
    list_days = f"suddar dem {GUEST_MEMORY.days} dagar efter den"
    in_books = "kvittot eller fakturan så länge bokföringslagen kräver, minst sju år"
    publish(slug="2026-12-10-grunderna", signup=True)
    free = words(client.get(ADDRESS))
    assert (list_days in free, in_books in free) == (True, False)
    CompanyFactory()
    publish(slug="2026-12-11-kurs", signup=True, place_price_ore=195_000)
    paid = words(client.get("/kalender/2026-12-11-kurs/anmalan/"))
    assert (list_days in paid, in_books in paid) == (True, True)


def test_without_sign_up_on_the_page_it_goes_by_mail(publish, client):
    CompanyFactory(email="hej@vardskapet.example")
    publish(slug="2026-12-10-grunderna", signup=False)
    text = panel(client)
    assert "Anmäl dig via mejl" in text
    assert ADDRESS not in text
    for answer in (client.get(ADDRESS), client.post(ADDRESS, FORM)):
        assert (answer.status_code, answer.headers["Location"]) == (303, EVENT)
    assert not SignUp.objects.exists()


def test_an_open_house_that_nobody_needs_to_announce_asks_for_no_sign_up(publish, client):
    CompanyFactory(email="hej@vardskapet.example")
    publish(slug="2026-12-10-grunderna", signup=False, free=True)
    text = panel(client)
    assert ">Mejla oss om träffen</a>" in text
    assert "Anmäl dig" not in text


def test_a_closed_sign_up_says_so_and_takes_nobody(seats, client, clock):
    EventPage.objects.filter(pk=seats.pk).update(signup_closes_at=NOON + timedelta(hours=1))
    clock.move_to(NOON + timedelta(hours=1))
    assert "Anmälan har stängt." in panel(client)
    assert ADDRESS not in panel(client)
    assert client.get(ADDRESS).headers["Location"] == EVENT
    answer = client.post(ADDRESS, {**FORM, "names": "Karin Ek"})
    assert answer.status_code == 422
    assert "Anmälan har stängt. Hör av dig till oss om du undrar något." in words(answer)
    assert "Karin Ek</textarea>" in answer.content.decode()


def test_when_sign_up_closes_kept_pages_turn(seats):
    closes = NOON + timedelta(hours=1)
    EventPage.objects.filter(pk=seats.pk).update(signup_closes_at=closes)
    assert EventPage.objects.next_turn(NOON, before=NOON + timedelta(hours=12)) == closes


def test_every_step_is_told_to_the_pages_that_are_kept(seats, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr("cms.kalender.signing_up.changed", lambda: told.append("changed"))
    first = sign_up(seats, names=[f"Gäst {number}" for number in range(10)])
    second = sign_up(seats)
    assert len(told) == 2
    signing_up.cancel(first.pk, actor=Actor.STAFF, now=NOON)
    assert len(told) == 4, "the cancellation, and the offer"
    signing_up.accept(second.key, now=NOON)
    assert len(told) == 5


# --- The form ------------------------------------------------------------------------------------
def test_the_form_s_page_has_a_key_of_its_own_and_is_kept_by_nobody(seats, client):
    first, second = client.get(ADDRESS), client.get(ADDRESS)
    keys = {form_key(page) for page in (first, second)}
    assert len(keys) == 2
    assert first.headers["Cache-Control"] == "private, no-store"
    assert first.headers["X-Robots-Tag"] == "noindex"
    assert not first.cookies


def test_the_consent_is_never_ticked_beforehand(seats, client):
    assert re.search(
        r'<input type="checkbox" id="f-needs_agreed" name="needs_agreed" value="1">',
        client.get(ADDRESS).content.decode(),
    )


def test_signing_up_leads_to_thanks_and_the_letter_tells_the_rest(post, client):
    answer = post(names=" Karin  Ek \r\n\r\nAnders Ek\r\n", email=f" {KARIN} ", phone="070-123 45 67")
    assert (answer.status_code, answer.headers["Location"]) == (303, THANKS)
    signup = SignUp.objects.get()
    assert (signup.state, signup.places, signup.email, signup.phone) == (GOING, 2, KARIN, "+46701234567")
    assert [one.name for one in signup.guests.all()] == ["Karin Ek", "Anders Ek"]
    assert "Tack. Titta i inkorgen." in words(client.get(THANKS))
    assert [letter.to for letter in letters("signup-going")] == [KARIN]
    assert not answer.cookies


def test_a_double_click_is_one_sign_up(post):
    assert {post().headers["Location"] for _click in range(2)} == {THANKS}
    assert SignUp.objects.count() == len(letters("signup-going")) == 1


def test_the_answer_does_not_tell_whether_an_inbox_is_signed_up(post):
    answers = [post(signup_key=letter * 32) for letter in "abc"]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(303, THANKS)}
    assert {answer.content for answer in answers} == {b""}
    assert SignUp.objects.count() == 1


def test_an_inbox_that_has_had_its_letters_is_refused_alike_whether_it_is_signed_up_or_not(
    post, publish, client
):
    for number in range(6):
        assert post(signup_key=f"{number}" * 32).status_code == 303
    publish(slug="en-annan", signup=True)
    for again in (
        post(signup_key="x" * 32),
        client.post("/kalender/en-annan/anmalan/", {**FORM, "signup_key": "y" * 32}),
    ):
        assert (again.status_code, again.headers["Retry-After"]) == (429, "3600")
        assert "Det kom många anmälningar på kort tid. Prova igen om en timme." in words(again)
        assert f'value="{KARIN}"' in again.content.decode()


def test_a_form_whose_sign_up_has_been_cancelled_asks_to_be_sent_again(post):
    post()
    signing_up.cancel(SignUp.objects.get().pk, actor=Actor.GUEST, now=NOON)
    answer = post()
    assert answer.status_code == 422
    assert "Den anmälan är borttagen. Skicka igen, så gör vi en ny." in words(answer)
    assert post(signup_key=form_key(answer)).status_code == 303
    assert sorted(SignUp.objects.values_list("state", flat=True)) == [CANCELLED, GOING]


@pytest.mark.parametrize("key", ["", "kort", "å" * 30, "a" * 41, "a\x00" * 16, "🙂" * 20])
def test_a_form_without_a_key_of_ours_signs_up_all_the_same(post, key):
    assert post(signup_key=key).status_code == 303
    assert SignUp.objects.count() == 1


@pytest.mark.parametrize("email", HOSTILE, ids=range(len(HOSTILE)))
def test_a_wrong_address_gets_the_form_again_with_the_typing_kept(post, email):
    answer = post(email=email, names="Karin Ek\nAnders Ek", needs="Vegansk mat", needs_agreed="1")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Fel: " in text.replace("\n", "")
    assert any(f'<a href="#f-email">{sentence}' in text for sentence in EMAIL_SENTENCES)
    assert "Karin Ek\nAnders Ek</textarea>" in text
    assert "Vegansk mat</textarea>" in text
    assert 'name="needs_agreed" value="1" checked' in text
    assert "<script>alert" not in text
    assert not SignUp.objects.exists()
    assert not letters("signup-going")


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("", "Skriv ditt namn"),
        (" \n\u200b\n", "Skriv ditt namn"),
        ("a" * 121, "Skriv högst 120 tecken på varje rad"),
        (
            "karin@bjorkvik.example\nanders@bjorkvik.example",
            "Skriv ett namn på varje rad, inte en e-postadress",
        ),
        ("\n".join(["Karin"] * 11), "Träffen har 10 platser i allt. Skriv högst så många namn"),
        (
            "Karin Ek\nAnders Ek\nkarin  ek",
            "Karin Ek står på flera rader. Är det samma person, ta bort en av dem.",
        ),
        ("Kar\x00in", "Texten innehåller tecken som inte syns"),
        ("\u202eKarin", "Texten innehåller tecken som inte syns"),
        ("a" * 100_000, "Skriv högst"),
    ],
)
def test_wrong_names_are_told_in_one_sentence(post, names, sentence):
    answer = post(names=names)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not SignUp.objects.exists()


def test_twenty_people_in_one_sign_up_are_enough(publish, client):
    publish(slug="2026-12-10-grunderna", signup=True)
    many = "\n".join(f"Gäst {number}" for number in range(1, 22))
    assert "Skriv högst 20 namn i en anmälan. Är ni fler, hör av er till oss" in words(
        client.post(ADDRESS, {**FORM, "names": many})
    )
    assert client.post(ADDRESS, {**FORM, "names": many.partition("\n")[2]}).status_code == 303
    assert SignUp.objects.get().places == 20


def test_needs_without_consent_are_not_stored(post):
    answer = post(needs="Jag är allergisk mot nötter")
    assert answer.status_code == 422
    assert (
        '<a href="#f-needs_agreed">Kryssa i att vi får spara det, eller ta bort det ni skrev</a>'
        in answer.content.decode()
    )
    assert not SignUp.objects.exists()
    assert post(needs="Jag är allergisk mot nötter", needs_agreed="1").status_code == 303
    assert SignUp.objects.get().needs == "Jag är allergisk mot nötter"


def test_markup_in_names_is_text_on_the_page_and_stands_in_no_letter(post, client, clock):
    markup = '<script>alert(1)</script>"; DROP TABLE'
    post(names=markup, organisation="<b>Skolan</b>", needs="<img src=x>", needs_agreed="1")
    signup = SignUp.objects.get()
    text = client.get(f"/anmalan/{signup.key}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text
    (letter,) = letters("signup-going")
    assert not any(typed in str(letter.context) for typed in ("script", "Skolan", "img"))


def test_another_site_s_page_signs_nobody_up(seats, client):
    signup = sign_up(seats)
    for address, form in ((ADDRESS, FORM), (f"/anmalan/{signup.key}/", {"cancel": "1"})):
        for headers in ({"Origin": "https://elak.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert client.post(address, form, headers=headers).status_code == 403
    assert SignUp.objects.get().state == GOING


def test_the_form_works_without_token_and_cookie(seats):
    assert Client(enforce_csrf_checks=True).post(ADDRESS, FORM).status_code == 303


@pytest.mark.parametrize(
    "address",
    ["/kalender/finns-inte/anmalan/", "/kalender/a%00b/anmalan/", "/kalender/finns-inte/anmalan/tack/"],
)
def test_nobody_signs_up_to_an_event_that_is_not_there(kalender, client, address):
    assert client.post(address, FORM).status_code in {404, 405}
    assert client.get(address).status_code == 404


def test_a_renamed_event_s_form_leads_on_whole(seats, change, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        change(seats, slug="nytt-namn")
    answer = client.post(ADDRESS, FORM)
    assert (answer.status_code, answer.headers["Location"]) == (308, "/kalender/nytt-namn/anmalan/")


def test_an_alias_signs_up_to_its_original(seats, kalender, client):
    seats.create_alias(parent=kalender, update_slug="samma-traff")
    assert client.post("/kalender/samma-traff/anmalan/", FORM).status_code == 303
    assert SignUp.objects.get().event == seats


@pytest.mark.parametrize("seats", ["-1", "0", "många"])
def test_an_event_gets_no_number_of_seats_that_is_none(admin_client, kalender, seats):
    assert create(admin_client, kalender, seats=seats, signup="on").status_code == 200
    assert not EventPage.objects.exists()


def test_an_editor_opens_sign_up_and_says_when_it_closes(admin_client, kalender):
    create(admin_client, kalender, seats="10", signup="on", signup_closes_at="2027-03-27 12:00")
    event = EventPage.objects.get()
    assert (event.signup, event.signup_ends_at) == (True, stockholm("2027-03-27 12:00"))


# --- The sign-up's own page ----------------------------------------------------------------------
@pytest.fixture
def mine(seats) -> SignUp:
    return sign_up(seats, email=KARIN, names=["Karin Ek", "Anders Ek"])


def own(signup: SignUp) -> str:
    return f"/anmalan/{signup.key}/"


def test_the_own_page_says_who_comes_to_what(mine, client):
    answer = client.get(own(mine))
    text = words(answer)
    assert "Du är anmäld. Välkommen." in text
    assert "Karin Ek Anders Ek" in text
    assert "torsdag 10 december 2026, 13.00–16.30" in text
    assert KARIN not in text
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert f'href="/kalender/{mine.event.slug}.ics"' in answer.content.decode()
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_opening_links_changes_nothing_buttons_do(mine, client):
    for _scanner in range(2):
        client.get(own(mine))
        client.head(own(mine))
        client.get(own(mine), {"cancel": "1"})
    client.post(own(mine))
    assert state(mine) == GOING
    answer = client.post(own(mine), {"cancel": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, own(mine))
    assert state(mine) == CANCELLED
    assert "Du är avanmäld" in words(client.get(own(mine)))
    client.post(own(mine), {"cancel": "1"})
    client.post(own(mine), {"accept": "1"})
    assert (state(mine), len(letters("signup-cancelled"))) == (CANCELLED, 1)


@pytest.fixture
def waiting(seats) -> list[SignUp]:
    """Ten are going in one sign-up; three wait."""
    return [sign_up(seats, names=["Gäst"] * 10), *(sign_up(seats) for _number in range(3))]


def test_who_waits_sees_the_place_in_the_queue(waiting, client):
    assert "Du står först i kön" in words(client.get(own(waiting[1])))
    assert "Du står på plats 3 i kön" in words(client.get(own(waiting[3])))
    client.post(own(waiting[1]), {"cancel": "1"})
    assert "Du står på plats 2 i kön" in words(client.get(own(waiting[3])))


def test_an_offered_seat_is_taken_by_a_button(waiting, client):
    client.post(own(waiting[0]), {"cancel": "1"})
    assert [state(one) for one in waiting[1:]] == [OFFERED] * 3
    assert "Vi håller den till tisdag 24 november klockan 12.00." in words(client.get(own(waiting[1])))
    client.get(own(waiting[1]), {"accept": "1"})
    assert state(waiting[1]) == OFFERED
    client.post(own(waiting[1]), {"accept": "1"})
    assert state(waiting[1]) == GOING
    assert "Du är anmäld. Välkommen." in words(client.get(own(waiting[1])))


def test_an_offer_that_has_run_out_says_so_before_the_beat_has_come(waiting, client, clock):
    client.post(own(waiting[0]), {"cancel": "1"})
    clock.move_to(NOON + timedelta(days=1))
    assert client.post(own(waiting[1]), {"accept": "1"}).status_code == 303
    assert state(waiting[1]) == OFFERED
    assert "Platsen gick vidare" in words(client.get(own(waiting[1])))


def test_once_the_event_has_begun_nobody_cancels(mine, client, clock):
    clock.move_to(stockholm("2026-12-10 13:00"))
    client.post(own(mine), {"cancel": "1"})
    assert state(mine) == GOING
    assert "Träffen har börjat eller varit" in words(client.get(own(mine)))


def test_a_cancelled_event_says_so(mine, change, client):
    change(mine.event, status="cancelled")
    assert "Träffen är inställd" in words(client.get(own(mine)))


@pytest.mark.parametrize("key", ["a" * 32, "kort", "a%00" * 8, "å" * 20, "a" * 5000])
def test_a_guessed_key_finds_nothing(mine, client, key):
    for answer in (client.get(f"/anmalan/{key}/"), client.post(f"/anmalan/{key}/", {"cancel": "1"})):
        assert answer.status_code == 404


def test_a_key_opens_one_door_alone_and_none_once_it_is_forgotten(mine, client):
    assert client.get(f"/paminnelse/{mine.key}/").status_code == 404
    assert client.get(f"{own(mine)[:-2]}/").status_code == 404
    assert client.get(own(mine).swapcase().replace("/ANMALAN/", "/anmalan/")).status_code == 404
    signing_up.forget(now=mine.event.ends_at + timedelta(days=90))
    assert client.get(own(mine)).status_code == 404


def test_in_english_the_addresses_and_words_are_english(seats, client):
    signup = sign_up(seats, language="en")
    (letter,) = letters("signup-going")
    assert letter.context["page_url"] == f"http://testserver/en/sign-up/{signup.key}/"
    assert "You are signed up. Welcome." in words(client.get(f"/en/sign-up/{signup.key}/"))

"""Who comes, as staff see it: the list, somebody who rings, who is taken off, and the list as a workbook."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook  # type: ignore[import-untyped]

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, Guest, SignUp
from tests.kalender.facts import NOON, letters
from tests.kalender.signups import CANCELLED, GOING, OFFERED, QUEUED, guest, sign_up, state
from tests.staff import in_role, logged_in

SEES, CHANGES, NEEDS = "cms.view_signup", "cms.change_signup", "cms.see_needs"
MARKUP = '<img src=x onerror="alert(1)">'
PHONED = {"names": "Karin Ek\nAnders Öst", "email": "karin@bjorkvik.example", "signup_key": "k" * 32}


@pytest.fixture
def party(publish) -> EventPage:
    """Two seats on 10 December."""
    event: EventPage = publish(signup=True, seats=2, slug="2026-12-10-grunderna")
    return event


@pytest.fixture
def editor(party) -> Client:
    return in_role("Redaktör")


def address(name: str, event: EventPage | SignUp) -> str:
    return reverse(f"guest_staff:{name}", args=[event.pk])


def shown(client: Client, event: EventPage, **query: str) -> str:
    answer: Any = client.get(address("list", event), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def order_of(page: str, *words: str) -> list[str]:
    return sorted(words, key=page.index)


def workbook(client: Client, event: EventPage) -> list[dict[str, Any]]:
    answer: Any = client.get(address("xlsx", event))
    assert answer.status_code == 200
    assert answer.streaming
    heading, *body = load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows(values_only=True)
    return [dict(zip(map(str, heading), row, strict=True)) for row in body]


def crowd(event: EventPage, people: int) -> None:
    """As many, each with a sign-up of their own."""
    made = SignUp.objects.bulk_create(
        SignUp(
            event=event,
            form_key=f"folk{n}",
            state=GOING,
            places=1,
            email=f"folk{n}@x.example",
            created_at=NOON,
        )
        for n in range(people)
    )
    Guest.objects.bulk_create(Guest(signup=one, name=f"Gäst {one.pk}") for one in made)


# --- The list -------------------------------------------------------------------------------------
def test_the_list_tells_who_has_a_seat_who_is_offered_one_and_who_waits_in_order(party, editor):
    going = sign_up(party, names=["Wilma Går"], phone="0701234567", organisation="Björkviks kommun")
    leaving = sign_up(party, names=["Lena Borta"])
    for name in ("Ofelia Erbjuden", "Klas Först", "Anna Sedan"):
        sign_up(party, names=[name])
    signing_up.cancel(leaving.pk, actor=Actor.GUEST, now=NOON)
    SignUp.objects.filter(pk=going.pk).update(order_number="VS-2026-0001")
    page = shown(editor, party)
    words = ("Wilma Går", "Ofelia Erbjuden", "Klas Först", "Anna Sedan")
    assert order_of(page, *words) == list(words)
    assert "Lena Borta" not in page
    for fact in (
        going.email,
        "0701234567",
        "Björkviks kommun",
        "VS-2026-0001",
        "<small>till 24 nov 2026, 12.00",
    ):
        assert fact in page
    assert "1 av 2 platser · 1 erbjuden · 2 på kö" in page


def test_needs_are_seen_by_those_who_may_and_erased_two_weeks_after_the_event(party, editor):
    made = sign_up(party, needs="Glutenfritt", needs_agreed=True)
    watcher = logged_in(SEES)
    for name, where in (("list", party), ("signup", made)):
        assert "Glutenfritt" in editor.get(address(name, where)).content.decode()
        assert "Glutenfritt" not in watcher.get(address(name, where)).content.decode()
    assert workbook(editor, party)[0]["Mat och tillgänglighet"] == "Glutenfritt"
    assert "Mat och tillgänglighet" not in workbook(watcher, party)[0]
    signing_up.forget(now=party.ends_at + timedelta(days=14))
    assert "Glutenfritt" not in shown(editor, party)


def test_the_list_is_searched_by_what_a_guest_says_but_not_by_needs(party, editor):
    sign_up(
        party,
        names=["Karin Ek", "Åsa Öman"],
        phone="0701234567",
        organisation="Björkviks kommun",
        needs="Glutenfritt",
        needs_agreed=True,
    )
    sign_up(party, names=["Någon Annan"])
    for words in ("karin", "åsa öman", "070123", "björkvik", guest(0)[:4] + " Ek"):
        found = shown(editor, party, q=words)
        assert "Karin Ek" in found, words
        assert "Någon Annan" not in found, words
    assert "Karin Ek" not in shown(editor, party, q="gluten")
    assert "Karin Ek" in shown(editor, party, state="going")
    assert "Karin Ek" not in shown(editor, party, state="queued")


def test_the_list_is_sorted_by_organisation_and_by_when_they_came(party, editor):
    for name, organisation in (("Första", "Beta"), ("Andra", "Alfa"), ("Tredje", "Gamma")):
        sign_up(party, names=[name], organisation=organisation)
    words = ("Första", "Andra", "Tredje")
    assert order_of(shown(editor, party, ordering="organisation"), *words) == ["Andra", "Första", "Tredje"]
    assert order_of(shown(editor, party, ordering="-created_at"), *words)[0] == "Första", (
        "in one moment: as they came"
    )
    assert order_of(shown(editor, party, ordering="-organisation"), *words)[0] == "Tredje"
    for strange in ("password", "event__owner__password", "\x00", "-"):
        assert order_of(shown(editor, party, ordering=strange), *words) == list(words)


@pytest.mark.parametrize("words", ["x" * 10_000, "\x00", "%' OR 1=1 --", "a " * 5000])
def test_a_strange_search_finds_nobody_and_costs_nothing(party, editor, words):
    sign_up(party)
    assert editor.get(address("list", party), {"q": words}).status_code == 200


def test_the_calendar_leads_to_the_list_and_an_alias_shows_the_same_guests(party, editor, home):
    sign_up(party, names=["Karin Ek"])
    assert (
        address("list", party)
        in editor.get(reverse("wagtailadmin_pages:edit", args=[party.pk])).content.decode()
    )
    alias = party.create_alias(parent=home, update_slug="samma")
    assert "Karin Ek" in shown(editor, alias)


def test_a_thousand_guests_cost_as_many_questions_as_one(party, editor):
    def cost(name: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer: Any = editor.get(address(name, party))
            assert answer.status_code == 200
            b"".join(answer.streaming_content) if answer.streaming else answer.content
        return len(asked)

    pages = ("list", "check_in", "check_in_print")
    crowd(party, 1)
    before = {name: cost(name) for name in pages}
    before = {name: cost(name) for name in pages}  # what is kept in memory has been fetched
    few = cost("xlsx")
    crowd_of_many = 999
    SignUp.objects.filter(event=party).delete()
    crowd(party, crowd_of_many)
    assert {name: cost(name) for name in pages} == before
    assert cost("xlsx") <= few + 2, "a second portion of five hundred"


@pytest.mark.parametrize("role", ["Packare", "Ekonom"])
def test_other_roles_are_refused_and_those_who_only_see_change_nothing(party, role):
    made = sign_up(party)
    stranger, watcher = in_role(role), logged_in(SEES)
    for name in ("list", "list_results", "xlsx", "sign_up", "letter", "check_in", "check_in_print"):
        assert stranger.get(address(name, party)).status_code == 403, name
    assert watcher.get(address("list", party)).status_code == 200
    for client in (stranger, watcher):
        assert client.post(address("sign_up", party), PHONED).status_code == 403
        assert client.post(address("letter", party), {"gor": "skicka"}).status_code == 403
        assert client.post(address("tick", party), {"kom": "1"}).status_code == 403
        assert client.post(address("cancel", made)).status_code == 403
    assert (state(made), SignUp.objects.count()) == (GOING, 1)


def test_markup_in_names_is_text_everywhere(party, editor):
    made = sign_up(party, names=[MARKUP], organisation=MARKUP, needs=MARKUP, needs_agreed=True)
    for name, where in (
        ("list", party),
        ("signup", made),
        ("check_in", party),
        ("check_in_print", party),
    ):
        page = editor.get(address(name, where)).content.decode()
        assert "<img src=x" not in page, name
        assert "&lt;img src=x" in page, name


# --- Somebody rings -------------------------------------------------------------------------------
def test_who_rings_is_signed_up_as_on_the_web_and_gets_the_letter(party, editor):
    answer = editor.post(address("sign_up", party), PHONED, follow=True)
    made = SignUp.objects.get()
    assert (made.state, made.places, made.email) == (GOING, 2, PHONED["email"])
    assert "det finns plats" in answer.content.decode()
    assert [letter.to for letter in letters("signup-going")] == [PHONED["email"]]


def test_sent_twice_signs_up_once(party, editor):
    for _time in range(2):
        editor.post(address("sign_up", party), PHONED)
    assert SignUp.objects.count() == 1
    assert len(letters("signup-going")) == 1


def test_nobody_is_moved_past_the_queue(party, editor):
    sign_up(party, names=["A", "B"])
    waiting = sign_up(party)
    answer = editor.post(address("sign_up", party), {**PHONED, "names": "Karin Ek"}, follow=True)
    assert "står sist i kön" in answer.content.decode()
    assert list(party.signups.queue().values_list("email", flat=True)) == [waiting.email, PHONED["email"]]


def test_needs_told_by_phone_are_kept_by_consent_only(party, editor):
    asked = {**PHONED, "needs": "Hörslinga"}
    refused = editor.post(address("sign_up", party), asked)
    assert refused.status_code == 422
    assert "Hörslinga" in refused.content.decode()
    editor.post(address("sign_up", party), {**asked, "needs_agreed": "on"})
    assert SignUp.objects.get().needs == "Hörslinga"


@pytest.mark.parametrize(
    "fault",
    [
        {"names": ""},
        {"names": "\n".join("abc")},
        {"email": "a@b.example, c@d.example, e@f.example"},
        {"names": "x" * 10_000},
        {"language": "xx"},
        {"organisation": "x" * 10_000},
        {"names": "\x00"},
    ],
)
def test_a_fault_is_told_and_what_was_typed_stays(party, editor, fault):
    answer = editor.post(address("sign_up", party), {**PHONED, "phone": "070-123 45 67", **fault})
    assert answer.status_code == 422
    assert "070-123 45 67" in answer.content.decode()
    assert not SignUp.objects.exists()


def test_a_closed_sign_up_says_so(party, editor, change):
    change(party, signup=False)
    assert "Anmälan är inte öppen" in editor.get(address("sign_up", party)).content.decode()
    answer = editor.post(address("sign_up", party), PHONED)
    assert answer.status_code == 422
    assert "Anmälan har stängt" in answer.content.decode()


# --- Taken off ------------------------------------------------------------------------------------
def test_taking_somebody_off_offers_the_seat_to_the_next_once(party, editor):
    first, _second, waiting, last = (sign_up(party) for _number in range(4))
    for _time in range(2):
        answer = editor.post(address("cancel", first), follow=True)
    assert "redan borttagen" in answer.content.decode()
    assert [state(one) for one in (first, waiting, last)] == [CANCELLED, OFFERED, QUEUED]
    assert [letter.to for letter in letters("signup-cancelled")] == [first.email]
    assert [letter.to for letter in letters("signup-offered")] == [waiting.email]
    assert "Avanmäl</button>" not in editor.get(address("signup", first)).content.decode()


def test_a_get_takes_nobody_off_and_what_is_not_there_is_not_found(party, editor):
    made = sign_up(party)
    assert editor.get(address("cancel", made)).status_code == 405
    assert state(made) == GOING
    for name in ("list", "xlsx", "sign_up", "letter", "check_in", "check_in_print", "signup"):
        assert editor.get(reverse(f"guest_staff:{name}", args=[999_999])).status_code == 404, name
    assert editor.post(reverse("guest_staff:cancel", args=[999_999])).status_code == 404


# --- The workbook ---------------------------------------------------------------------------------
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", " =", "\u00a0=", "＝"])
def test_what_begins_like_a_formula_is_text_in_each_column_that_a_guest_has_written(party, editor, sign):
    typed = f"{sign}cmd|' /C calc'!A0"
    sign_up(party, names=[typed], organisation=typed, phone=typed, needs=typed, needs_agreed=True)
    answer: Any = editor.get(address("xlsx", party))
    cells = list(load_workbook(io.BytesIO(answer.getvalue())).active[2])
    written = [cell for cell in cells if isinstance(cell.value, str) and "calc" in cell.value]
    assert len(written) == 4
    assert {(cell.data_type, cell.quotePrefix) for cell in written} == {("s", True)}


def test_the_workbook_has_a_row_for_each_guest_and_runs_no_formula(party, editor):
    made = sign_up(party, names=["=HYPERLINK(1)", "Åsa Öman"], organisation="+46", phone="0701234567")
    first, second = workbook(editor, party)
    assert (first["Namn"], second["Namn"]) == ("=HYPERLINK(1)", "Åsa Öman")
    assert {first["E-post"], second["E-post"]} == {made.email}
    assert (first["Läge"], first["Organisation"], first["Kom"]) == ("Anmäld", "+46", None)
    answer: Any = editor.get(address("xlsx", party))
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].quotePrefix
    assert "no-store" in answer.headers["Cache-Control"]
    assert "gaster-2026-12-10-grunderna.xlsx" in answer.headers["Content-Disposition"]

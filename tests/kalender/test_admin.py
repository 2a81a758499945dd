"""What an editor does in the admin, with Swedish hours typed into the form."""

from __future__ import annotations

import html
import re

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.kalender.models import EventPage
from tests.kalender.conftest import fresh
from tests.kalender.facts import stockholm


@pytest.fixture
def editor(client, db):
    client.force_login(get_user_model().objects.create_superuser("redaktör", "red@vardskapet.example", "x"))
    return client


def typed(**facts):
    """The whole form as the browser sends it from the page that shows remarks: the night is Easter Sunday's."""
    return nested_form_data(
        {
            "title": "Värdskap på natten",
            "slug": "vardskap-pa-natten",
            "kind": "kurs",
            "status": "planned",
            "starts_at": "2027-03-28 09:00",
            "ends_at": "2027-03-28 12:00",
            "city": "Göteborg",
            "access": rich_text("<p>Porten är öppen.</p>", features=["bold", "italic", "link"]),
            "body": rich_text(""),
            "seats_taken": "0",
            "place_vat": "25",
            "tell_guests": "on",
            "programme_heading": "Natten",
            "programme": streamfield([("item", {"time": "09.00", "text": "Kaffe"})]),
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            "action-publish": "sett",
            **facts,
        }
    )


def draft(**facts):
    """The same without the publish button's word."""
    sent = typed(**facts)
    del sent["action-publish"]
    return sent


def create(editor, kalender, **facts):
    return editor.post(
        reverse("wagtailadmin_pages:add", args=["cms", "eventpage", kalender.pk]), typed(**facts)
    )


def test_a_new_event_gets_the_date_into_its_address_and_swedish_hours(editor, kalender):
    assert create(editor, kalender).status_code == 302
    event = EventPage.objects.get()
    assert event.slug == "2027-03-28-vardskap-pa-natten"
    assert (event.starts_at, event.live, event.announcement.sequence) == (
        stockholm("2027-03-28 09:00"),
        True,
        0,
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("28 mars 2027 9.00", "28/3 2027 12:00"),
        ("sön 28/3 kl 9", "söndagen den 28 mars kl. 12"),
        ("28.3.2027 09.00", "2027-03-28T12:00"),
    ],
)
def test_hours_are_read_as_people_write_them(editor, kalender, first, last):
    assert create(editor, kalender, starts_at=first, ends_at=last).status_code == 302
    event = EventPage.objects.get()
    assert (event.starts_at, event.ends_at) == (stockholm("2027-03-28 09:00"), stockholm("2027-03-28 12:00"))


def test_what_was_typed_stands_in_the_form_that_comes_back(editor, kalender):
    response = create(editor, kalender, starts_at="10 februari 2027 18:30", ends_at="2027-02-30 20:00")
    page = html.unescape(response.content.decode())
    assert 'value="10 februari 2027 18:30"' in page
    assert 'value="2027-02-30 20:00"' in page


def test_a_draft_that_is_saved_while_it_is_written_keeps_up_with_title_and_day(editor, kalender):
    """The form goes on sending the address without a date, which the browser makes from the title."""
    editor.post(reverse("wagtailadmin_pages:add", args=["cms", "eventpage", kalender.pk]), draft())
    event = EventPage.objects.get()
    assert (event.live, event.slug) == (False, "2027-03-28-vardskap-pa-natten")
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    later = {
        "title": "Ny natt",
        "slug": "ny-natt",
        "starts_at": "2027-03-29 09:00",
        "ends_at": "2027-03-29 12:00",
    }
    editor.post(address, draft(**later))
    assert fresh(event).get_latest_revision_as_object().slug == "2027-03-29-ny-natt"
    next_day = {"slug": "2027-03-29-ny-natt", "starts_at": "2027-03-30 09:00", "ends_at": "2027-03-30 10:00"}
    editor.post(address, typed(**{**later, **next_day}))
    assert (fresh(event).live, fresh(event).slug) == (True, "2027-03-30-ny-natt")


def test_two_events_of_the_same_name_and_day_have_an_address_each(editor, kalender):
    for _time in range(2):
        assert create(editor, kalender).status_code == 302
    second = EventPage.objects.latest("pk")
    assert second.slug == "2027-03-28-vardskap-pa-natten-1"
    editor.post(reverse("wagtailadmin_pages:edit", args=[second.pk]), typed(slug=second.slug))
    assert fresh(second).slug == "2027-03-28-vardskap-pa-natten-1"


def test_the_address_of_a_published_event_stays_when_it_moves(editor, kalender):
    create(editor, kalender)
    event = EventPage.objects.get()
    moved = typed(slug=event.slug, starts_at="2027-03-29 09:00", ends_at="2027-03-29 12:00")
    editor.post(reverse("wagtailadmin_pages:edit", args=[event.pk]), moved)
    assert fresh(event).slug == "2027-03-28-vardskap-pa-natten"


@pytest.mark.parametrize("hours", [(" 09:00", " 12:00"), ("", ""), (" 18:00", " 02:00")])
def test_whole_days_are_kept_from_midnight_to_midnight_whatever_hours_were_typed(editor, kalender, hours):
    first, last = (f"2026-12-{day}{hour}" for day, hour in zip((10, 12), hours, strict=True))
    assert create(editor, kalender, all_day="on", starts_at=first, ends_at=last).status_code == 302
    event = EventPage.objects.get()
    assert (event.starts_at, event.ends_at) == (stockholm("2026-12-10 00:00"), stockholm("2026-12-12 23:59"))
    assert event.slug == "2026-12-10-vardskap-pa-natten"


def test_one_whole_day_may_begin_and_end_on_itself(editor, kalender):
    create(editor, kalender, all_day="on", starts_at="2026-12-10", ends_at="2026-12-10")
    assert EventPage.objects.get().ends_at == stockholm("2026-12-10 23:59")


def test_a_price_is_typed_in_kronor(editor, kalender):
    create(editor, kalender, signup="on", place_price_ore="1 950", signup_closes_at="2027-03-27 12:00")
    event = EventPage.objects.get()
    assert (event.place_price_ore, event.place_vat, event.signup) == (195_000, 25, True)


def test_an_address_that_the_editor_chose_stays(editor, kalender):
    create(editor, kalender, slug="natten")
    assert EventPage.objects.get().slug == "natten"


def test_moving_an_event_by_the_publish_button_raises_the_sequence(editor, kalender):
    create(editor, kalender)
    event = EventPage.objects.get()
    moved = typed(slug=event.slug, starts_at="2027-03-28 10:00")
    assert editor.post(reverse("wagtailadmin_pages:edit", args=[event.pk]), moved).status_code == 302
    assert fresh(event).announcement.sequence == 1
    assert fresh(event).starts_at == stockholm("2027-03-28 10:00")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"ends_at": "2027-03-28 08:00"}, "Träffen slutar innan den börjar."),
        ({"ends_at": "2027-03-28 09:00"}, "Träffen slutar i samma stund som den börjar."),
        ({"ends_at": "2037-03-28 12:00"}, "Träffen är längre än ett år."),
        ({"starts_at": "2027-03-28 02:30"}, "Klockan 2.30 den 28 mars 2027 finns inte"),
        ({"starts_at": "28 mars 2027 kl 2.30"}, "Klockan 2.30 den 28 mars 2027 finns inte"),
        ({"starts_at": "2027-02-30 18:30"}, "Den dagen finns inte i almanackan."),
        ({"starts_at": "lördag 28 mars 2027 9.00"}, "28 mars 2027 är en söndag."),
        ({"starts_at": "28 mars 2027"}, "Skriv klockslaget också"),
        ({"signup_closes_at": "28 mars 2027"}, "Skriv klockslaget också"),
        ({"signup_closes_at": "2027-03-28 09:30"}, "Anmälan kan inte stänga efter att träffen har börjat."),
        ({"free": "on", "place_price_ore": "100"}, "Träffen är kostnadsfri."),
        ({"title": "x" * 10_000}, "255"),
        ({"city": ""}, "Skriv orten, eller kryssa för att träffen är digital."),
        ({"seats": "-1"}, "större än eller lika med 0"),
        ({"seats": "0"}, "Skriv minst 1, eller lämna tomt"),
        ({"starts_at": "0001-01-01 00:05"}, "Kontrollera årtalet."),  # before all time, in Greenwich
        ({"starts_at": "9999-12-01 09:00", "ends_at": "9999-12-01 12:00"}, "Kontrollera årtalet."),
    ],
)
def test_an_impossible_event_is_not_published_and_the_editor_told_why(editor, kalender, facts, sentence):
    response = create(editor, kalender, **facts)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not EventPage.objects.filter(live=True).exists()


def test_the_form_explains_itself_in_swedish(editor, event):
    text = editor.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    assert "Ställ in en träff här i stället för att ta bort" in text
    assert "T.ex. Ekmanssalen" in text


@pytest.mark.parametrize("address", ["wagtailadmin_explore", "wagtailadmin_pages:edit"])
def test_moving_in_the_tree_is_not_called_as_moving_the_day(editor, kalender, event, address):
    shown = event if "edit" in address else kalender
    page = html.unescape(editor.get(reverse(address, args=[shown.pk])).content.decode())
    assert "Flytta i sidträdet" in page
    assert not re.search(r">\s*Flytta\s*<", page)


NAMED = {"starts_at": "2026-12-10 13:00", "ends_at": "2026-12-10 16:30", "slug": ""}


def drafted(editor, kalender, **facts):
    """A draft that has been saved once, by the name Kvällsfika."""
    address = reverse("wagtailadmin_pages:add", args=["cms", "eventpage", kalender.pk])
    editor.post(address, draft(**{**NAMED, "title": "Kvällsfika", **facts}))
    return EventPage.objects.latest("pk")


def saved(editor, event, **facts):
    """The draft as it is after one more save of its form, as it stands but for some facts."""
    now = fresh(event).get_latest_revision_as_object()
    sent = {**NAMED, "title": now.title, "slug": now.slug, **facts}
    editor.post(reverse("wagtailadmin_pages:edit", args=[event.pk]), draft(**sent))
    return fresh(event).get_latest_revision_as_object()


def test_the_address_of_a_draft_follows_its_title(editor, kalender):
    event = drafted(editor, kalender)
    assert event.slug == "2026-12-10-kvallsfika"
    assert saved(editor, event, title="Kvällssamtal").slug == "2026-12-10-kvallssamtal"
    assert saved(editor, event, title="Nattsamtal").slug == "2026-12-10-nattsamtal"


def test_two_drafts_that_come_to_one_title_have_an_address_each(editor, kalender):
    drafted(editor, kalender, title="Nattsamtal")
    assert saved(editor, drafted(editor, kalender), title="Nattsamtal").slug == "2026-12-10-nattsamtal-1"


def test_an_address_that_somebody_chose_does_not_follow_the_title(editor, kalender):
    event = drafted(editor, kalender)
    assert saved(editor, event, slug="fika").slug == "fika"
    assert saved(editor, event, title="Kvällssamtal").slug == "fika"


def test_an_address_of_the_title_and_a_year_is_somebody_s_choice(editor, kalender):
    event = drafted(editor, kalender)
    assert saved(editor, event, slug="kvallsfika-2027").slug == "kvallsfika-2027"
    assert saved(editor, event, title="Kvällssamtal").slug == "kvallsfika-2027"


@pytest.mark.parametrize("title", ["!!!", "Å" * 255, "<b>Fika</b>", "2026-12-10-"])
def test_a_draft_of_any_title_has_an_address(editor, kalender, title):
    event = drafted(editor, kalender)
    address = saved(editor, event, title=title).slug
    assert address.startswith("2026-12-10")
    assert len(address) <= 255
    assert saved(editor, event, title="Nattsamtal").slug == "2026-12-10-nattsamtal"


def test_an_address_chosen_together_with_a_new_title_is_kept(editor, kalender):
    event = drafted(editor, kalender)
    assert saved(editor, event, title="Kvällssamtal", slug="samtal").slug == "samtal"


@pytest.mark.parametrize("is_taken_away", [False, True])
def test_an_address_that_has_been_published_stays(editor, kalender, is_taken_away):
    event = drafted(editor, kalender)
    event.get_latest_revision().publish()
    if is_taken_away:
        fresh(event).unpublish()
    assert saved(editor, event, title="Kvällssamtal").slug == "2026-12-10-kvallsfika"

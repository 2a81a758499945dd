"""Vad händer när du publicerar: counted, shown, chosen; nothing typed is lost and nothing happens by itself."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Workflow
from wagtail.test.utils.form_data import nested_form_data, streamfield

from cms.kalender import reminders
from cms.kalender.models import EventPage, ReminderRequest, SignUp, SignUpState
from notifications.models import Message
from tests.kalender.conftest import fresh
from tests.kalender.facts import NOON, confirmed, stockholm
from tests.kalender.test_admin import draft, editor, typed  # noqa: F401  the fixture

HEADING = "Vad händer när du publicerar"


@pytest.fixture
def awaited(event):
    """Three people going, two queued, one offered a place, one reminder: five letters in all."""
    for number, (state, places) in enumerate([("going", 2), ("going", 1), ("queued", 2), ("offered", 1)]):
        SignUp.objects.create(
            event=event, form_key=str(number), state=SignUpState(state), places=places,
            email=f"g{number}@bjorkvik.example", created_at=NOON,
        )  # fmt: skip
    confirmed(event)
    return event


def form(event: EventPage, **facts: Any) -> dict[str, Any]:
    """What the edit form sends, an hour later than published."""
    sent = {"title": event.title, "slug": event.slug, "place": event.place, "city": event.city}
    hours = {"starts_at": "2026-12-10 14:00", "ends_at": "2026-12-10 17:30"}
    return {**typed(**{**sent, **hours, **facts}), "action-publish": "action-publish"}


def post(editor: Any, event: EventPage, sent: dict[str, Any]) -> Any:  # noqa: F811
    return editor.post(reverse("wagtailadmin_pages:edit", args=[event.pk]), sent)


def text_of(answer: Any) -> str:
    main = html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode().partition("<main")[2]))
    return " ".join(main.split())


def headings(answer: Any) -> list[str]:
    """What the window is called, but for the house, and the heading."""
    page = BeautifulSoup(answer.content, "html.parser")
    title, heading = page.select_one("title"), page.select_one("h1")
    assert title is not None
    assert heading is not None
    return [title.get_text().split(" - ")[0].strip(), heading.get_text(" ", strip=True)]


def pressed(answer: Any, value: str) -> dict[str, Any]:
    """What the page in between sends when a button is pressed; "" is the way back."""
    page = BeautifulSoup(answer.content, "html.parser").select_one("form.staff-before")
    assert page is not None
    sent: dict[str, Any] = {}
    for field in page.select("input[type=hidden]"):
        sent.setdefault(str(field["name"]), []).append(str(field["value"]))
    buttons = {str(button.get("value", "")): button.get("name") for button in page.select("button")}
    return sent | ({str(buttons[value]): value} if buttons[value] else {})


def test_who_moves_an_event_is_shown_who_would_be_told_and_what(editor, awaited):  # noqa: F811
    answer = post(editor, awaited, form(awaited))
    page = text_of(answer)
    assert HEADING in answer.content.decode()
    for words in (
        "3 anmälda gäster",
        "2 på kö",
        "1 som har en plats erbjuden",
        "1 har bett om en påminnelse",
        "5 brev",
    ):
        assert words in page
    assert "När torsdag 10 december 2026, 13.00–16.30 torsdag 10 december 2026, 14.00–17.30" in page
    assert "Var " not in page.partition("Förut")[2].partition("brev")[0]
    assert fresh(awaited).starts_at == stockholm("2026-12-10 13:00")


@pytest.mark.parametrize(("choice", "tells"), [("beratta", True), ("tyst", False)])
def test_the_choice_is_kept_and_the_event_published(editor, awaited, choice, tells):  # noqa: F811
    answer = post(editor, awaited, form(awaited, lede="Ny ingress\nmed två rader & <tecken>"))
    assert post(editor, awaited, pressed(answer, choice)).status_code == 302
    event = fresh(awaited)
    assert (event.starts_at, event.tell_guests) == (stockholm("2026-12-10 14:00"), tells)
    assert event.lede.splitlines() == ["Ny ingress", "med två rader & <tecken>"]
    assert [(item.value["time"], item.value["text"]) for item in event.programme] == [("09.00", "Kaffe")]
    assert event.announcement.sequence == 1


def test_the_way_back_publishes_nothing_and_keeps_what_was_typed(editor, awaited):  # noqa: F811
    answer = post(editor, awaited, form(awaited, lede="Ny ingress"))
    back = editor.post(
        reverse("wagtailadmin_pages:edit", args=[awaited.pk]), pressed(answer, ""), follow=True
    )
    assert "Ny ingress" in back.content.decode()
    assert (fresh(awaited).starts_at, fresh(awaited).announcement.sequence) == (awaited.starts_at, 0)
    kept = fresh(awaited).get_latest_revision_as_object()
    assert (kept.starts_at, len(kept.programme)) == (stockholm("2026-12-10 14:00"), 1)


@pytest.mark.parametrize(
    "facts",
    [
        {"starts_at": "2026-12-10 13:00", "ends_at": "2026-12-10 16:30", "title": "Nytt namn"},
        {"starts_at": "", "ends_at": "2026-12-10 16:30"},  # Wagtail refuses the form
    ],
)
def test_nobody_is_asked_when_nothing_moves_or_the_form_is_wrong(editor, awaited, facts):  # noqa: F811
    assert HEADING not in post(editor, awaited, form(awaited, **facts)).content.decode()


def test_nobody_is_asked_when_nobody_waits(editor, event):  # noqa: F811
    assert post(editor, event, form(event)).status_code == 302
    assert fresh(event).starts_at == stockholm("2026-12-10 14:00")


def test_nobody_is_asked_about_an_event_that_is_over(editor, awaited, clock):  # noqa: F811
    clock.move_to(awaited.ends_at + timedelta(hours=2))
    assert post(editor, awaited, form(awaited)).status_code == 302


def test_saving_a_draft_asks_nothing(editor, awaited):  # noqa: F811
    sent = form(awaited)
    del sent["action-publish"]
    assert post(editor, awaited, sent).status_code == 302


def test_a_cancelled_event_shows_its_new_status(editor, awaited):  # noqa: F811
    same = {"starts_at": "2026-12-10 13:00", "ends_at": "2026-12-10 16:30", "status": "cancelled"}
    assert "Läge Planerad Inställd" in text_of(post(editor, awaited, form(awaited, **same)))


SAME = {"starts_at": "2026-12-10 13:00", "ends_at": "2026-12-10 16:30"}
GONE = (
    "De som bara har bett om en påminnelse får brevet om du berättar, och sedan glömmer vi deras adresser. "
    "Blir träffen av ändå får de be om en ny."
)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "Påminnelserna går ut på den nya tiden."),
        ({**SAME, "place": "Stora salen"}, "Påminnelserna går ut som förut."),
        ({"status": "cancelled"}, f"Inställd Inga påminnelser går ut. {GONE}"),
        ({"status": "cancelled", "place_price_ore": "1 950"}, GONE),  # nothing is ordered yet
    ],
)
def test_what_becomes_of_reminders_and_money_is_said_of_each_event(editor, awaited, facts, sentence):  # noqa: F811
    text = text_of(post(editor, awaited, form(awaited, **facts)))
    assert f"{sentence} Om du berättar" in text


@pytest.mark.parametrize("facts", [{}, {"status": "cancelled"}])
def test_of_reminders_that_nobody_has_asked_for_nothing_is_promised(editor, awaited, facts):  # noqa: F811
    ReminderRequest.objects.all().delete()
    text = text_of(post(editor, awaited, form(awaited, **facts)))
    assert "Påminnelserna" not in text
    assert "be om en ny" not in text


def test_reminders_that_have_gone_out_are_not_promised_once_more(editor, awaited, clock):  # noqa: F811
    clock.move_to(stockholm("2026-12-09 14:30"))
    reminders.send_due(now=stockholm("2026-12-09 14:30"))
    text = text_of(post(editor, awaited, form(awaited)))
    assert "Påminnelserna har redan gått ut, och inga fler går ut." in text
    post(editor, awaited, pressed(post(editor, awaited, form(awaited)), "beratta"))
    assert reminders.send_due(now=stockholm("2026-12-10 13:00")) == 0


def test_who_revives_an_event_is_told_that_its_reminders_are_gone(editor, awaited, change):  # noqa: F811
    """One of them is a guest's, who was told as a guest: that one is still there, and comes."""
    confirmed(awaited, email="g0@bjorkvik.example")
    change(awaited, status="cancelled")
    answer = post(editor, awaited, form(awaited, **SAME))
    assert (
        "De påminnelser som finns kvar går ut i tid till träffen. 1 påminnelse togs bort när träffen ställdes in, "
        "och adressen är glömd. Den som bad om den hör inget nu, men kan be om en ny på träffens sida. "
        "Finns det lediga platser får de som står på tur i kön frågan, vad du än väljer."
    ) in text_of(answer)
    post(editor, awaited, pressed(answer, "beratta"))
    assert reminders.send_due(now=stockholm("2026-12-09 13:00")) == 1
    assert Message.objects.get(letter="reminder").to == "g0@bjorkvik.example"


def test_who_revives_what_nobody_had_a_reminder_of_reads_nothing_about_any(editor, awaited, change):  # noqa: F811
    ReminderRequest.objects.all().delete()
    change(awaited, status="cancelled")
    assert "åminnelse" not in text_of(post(editor, awaited, form(awaited, **SAME)))


def test_a_new_place_shows_the_old_one_without_its_markup_doing_anything(editor, awaited):  # noqa: F811
    same = {"starts_at": "2026-12-10 13:00", "ends_at": "2026-12-10 16:30", "place": "<b>Stora</b> salen"}
    answer = post(editor, awaited, form(awaited, **same))
    assert "Var Ekmanssalen, Göteborg" in text_of(answer)
    assert "<b>Stora" not in answer.content.decode()


BOX = "kalender-flyttad"


def boxes(answer: Any) -> list[str]:
    page = BeautifulSoup(answer.content, "html.parser")
    return [str(box["value"]) for box in page.select(f"input[type=checkbox][checked][name={BOX}]")]


@pytest.mark.parametrize(("is_ticked", "status"), [(True, "moved"), (False, "planned")])
@pytest.mark.parametrize("choice", ["beratta", "tyst"])
def test_the_page_itself_says_what_has_moved_unless_the_box_is_unticked(
    editor,  # noqa: F811
    awaited,
    client,
    choice,
    is_ticked,
    status,
):
    answer = post(editor, awaited, form(awaited))
    assert boxes(answer) == [str(awaited.pk)]
    post(editor, awaited, pressed(answer, choice) | ({BOX: boxes(answer)} if is_ticked else {}))
    event = fresh(awaited)
    assert (event.status, event.announcement.sequence) == (status, 1)
    page = text_of(client.get(event.url))
    assert ("Flyttad från torsdag 10 december klockan 13.00." in page) is is_ticked


@pytest.mark.parametrize(
    "facts",
    [{"status": "cancelled"}, {"status": "moved"}, {"status": "full"}],
)
def test_no_box_calls_an_event_moved_that_is_called_something_already(editor, awaited, facts):  # noqa: F811
    answer = post(editor, awaited, form(awaited, **facts))
    assert HEADING in answer.content.decode()
    assert boxes(answer) == []


def moved_among_several(event: EventPage) -> str:
    """Where the draft by which it begins an hour later is published with others."""
    moved = fresh(event).get_latest_revision_as_object()
    moved.starts_at = stockholm("2026-12-10 14:00")
    moved.save_revision()
    return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'publish'])}?id={event.pk}&next=/admin/"


def test_each_of_several_events_has_a_box_of_its_own(editor, awaited):  # noqa: F811
    address = moved_among_several(awaited)
    answer = editor.post(address)
    editor.post(address, pressed(answer, "tyst") | {BOX: boxes(answer)})
    assert fresh(awaited).status == "moved"


WRONG = {"lede": "Välkommen fredag 10 december.", "place": "Ekmanssalen <b>"}
REMARK = "Ingress: Det står ”fredag 10 december”, men 10 december 2026 är en torsdag."


def way_to_mend(answer: Any) -> str:
    """Where the button or link beside the remark on the introduction leads."""
    rows = BeautifulSoup(answer.content, "html.parser").select("form.staff-before .help-block li")
    (control,) = [row.select_one("button, a") for row in rows if "Ingress:" in row.text]
    assert control is not None
    return str(control.get("formaction") or control["href"])


def test_what_the_proof_reader_remarks_on_is_repeated_above_the_choice(editor, awaited):  # noqa: F811
    answer = post(editor, awaited, form(awaited, **WRONG))
    assert REMARK in text_of(answer).partition("Publicera och berätta")[0]
    address, _hash, place = way_to_mend(answer).partition("#:w:contentpath=")
    sent = pressed(answer, "")
    assert "action-publish" not in sent
    back = editor.post(address, sent, follow=True)
    assert BeautifulSoup(back.content, "html.parser").select_one(f"[data-contentpath={place}] [name=lede]")
    assert fresh(awaited).lede != WRONG["lede"]


def test_remarks_stop_nothing_and_the_choice_goes_through(editor, awaited):  # noqa: F811
    answer = post(editor, awaited, form(awaited, **WRONG))
    assert post(editor, awaited, pressed(answer, "tyst")).status_code == 302
    assert fresh(awaited).lede == WRONG["lede"]


def test_nothing_is_remarked_on_where_all_is_right(editor, awaited):  # noqa: F811
    fitting = streamfield([("item", {"time": "14.00", "text": "Kaffe"})])
    sent = form(awaited) | nested_form_data({"programme": fitting})
    assert "Värt att titta på" not in text_of(post(editor, awaited, sent))


@pytest.mark.parametrize("facts", [{"go_live_at": "2026-12-01 08:00"}, {"action-submit": "1"}])
def test_what_goes_out_by_the_schedule_or_after_a_review_is_remarked_on_too(editor, awaited, facts):  # noqa: F811
    sent = form(awaited, **WRONG, **facts)
    if "action-submit" in facts:
        del sent["action-publish"]
    assert REMARK in text_of(post(editor, awaited, sent))


def test_each_of_several_has_its_own_remarks_and_a_way_to_its_form(editor, awaited):  # noqa: F811
    moved = fresh(awaited).get_latest_revision_as_object()
    moved.starts_at, moved.lede = stockholm("2026-12-10 14:00"), WRONG["lede"]
    moved.save_revision()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = editor.post(f"{address}?id={awaited.pk}&next=/admin/")
    assert REMARK in text_of(answer)
    form_url = reverse("wagtailadmin_pages:edit", args=[awaited.pk])
    assert way_to_mend(answer) == f"{form_url}#:w:contentpath=lede"


def test_a_schedule_and_a_review_keep_the_choice(editor, awaited):  # noqa: F811
    later = form(awaited, go_live_at="2026-12-01 08:00")
    answer = post(editor, awaited, later)
    assert "enligt schemat" in text_of(answer)
    post(editor, awaited, pressed(answer, "tyst"))
    assert fresh(awaited).scheduled_revision.content["tell_guests"] is False


def test_a_review_keeps_the_choice(editor, awaited):  # noqa: F811
    assert Workflow.objects.filter(active=True).exists()
    sent = form(awaited)
    del sent["action-publish"]
    answer = post(editor, awaited, {**sent, "action-submit": "1"})
    assert "när granskningen är klar" in text_of(answer)
    post(editor, awaited, pressed(answer, "tyst"))
    event = fresh(awaited)
    assert event.latest_revision.content["tell_guests"] is False
    assert event.current_workflow_state is not None


# --- Taking away -----------------------------------------------------------------------------------
def test_unpublishing_what_somebody_waits_for_is_asked_about_first(editor, awaited):  # noqa: F811
    address = reverse("wagtailadmin_pages:unpublish", args=[awaited.pk])
    answer = editor.post(address)
    assert "De som väntar får genast ett brev om att träffen är inställd" in text_of(answer)
    assert "3 anmälda gäster" in text_of(answer)
    assert headings(answer) == ["Någon väntar på det här"] * 2
    assert fresh(awaited).live
    assert editor.post(address, pressed(answer, "1")).status_code == 302
    assert not fresh(awaited).live


@pytest.mark.parametrize(
    "facts",
    [{"status": "cancelled"}, {"ends_at": NOON - timedelta(days=1), "starts_at": NOON - timedelta(days=2)}],
)
def test_a_cancelled_event_or_one_that_is_over_is_unpublished_at_once(editor, awaited, change, facts):  # noqa: F811
    change(awaited, **facts)
    editor.post(reverse("wagtailadmin_pages:unpublish", args=[awaited.pk]))
    assert not fresh(awaited).live


def test_unpublishing_the_calendar_with_all_below_asks_about_its_events(editor, awaited, kalender):  # noqa: F811
    kalender.save_revision().publish()
    answer = editor.post(
        reverse("wagtailadmin_pages:unpublish", args=[kalender.pk]), {"include_descendants": "on"}
    )
    assert awaited.title in text_of(answer)
    assert fresh(awaited).live


@pytest.mark.parametrize("action", ["unpublish", "delete"])
def test_several_at_once_are_asked_about_too(editor, event, publish, action):  # noqa: F811
    confirmed(event)
    alone = publish(title="Ingen väntar", starts_at=stockholm("2026-12-11 13:00"))
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    address += f"?id={event.pk}&id={alone.pk}&next=/admin/"
    answer = editor.post(address)
    assert "1 har bett om en påminnelse" in text_of(answer)
    assert "Ingen väntar" not in text_of(answer)
    assert EventPage.objects.live().count() == 2
    editor.post(address, pressed(answer, "1"))
    assert EventPage.objects.live().count() == 0


@pytest.mark.parametrize(("choice", "tells"), [("beratta", True), ("tyst", False)])
def test_publishing_several_at_once_keeps_the_choice_in_each_revision(editor, awaited, choice, tells):  # noqa: F811
    address = moved_among_several(awaited)
    answer = editor.post(address)
    assert "5 brev" in text_of(answer)
    assert fresh(awaited).starts_at == awaited.starts_at
    editor.post(address, pressed(answer, choice))
    assert (fresh(awaited).starts_at, fresh(awaited).tell_guests) == (stockholm("2026-12-10 14:00"), tells)


def test_deleting_is_asked_about_once_and_then_done(editor, event):  # noqa: F811
    confirmed(event)
    address = reverse("wagtailadmin_pages:delete", args=[event.pk])
    answer = editor.post(address)
    assert "1 har bett om en påminnelse" in text_of(answer)
    editor.post(address, pressed(answer, "1"))
    assert not EventPage.objects.filter(pk=event.pk).exists()

"""The proof-reader where an editor meets it: errors at the field, warnings after saving and above the form."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from cms.kalender import proofread
from cms.kalender.models import EventPage
from tests.kalender.conftest import fresh
from tests.kalender.facts import stockholm
from tests.kalender.test_admin import create, draft, editor, typed  # noqa: F401  the fixture

THURSDAY = {"starts_at": "2026-12-10 13:00", "ends_at": "2026-12-10 16:30", "programme_heading": "Dagen"}


def read(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def save(editor: Any, event: EventPage, **facts: Any) -> str:  # noqa: F811
    """The page that follows, with its messages."""
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    return read(editor.post(address, draft(**{**THURSDAY, "slug": event.slug, **facts}), follow=True))


def programme(time: str = "13.00", text: str = "Kaffe") -> dict[str, Any]:
    return dict(nested_form_data({"programme": streamfield([("item", {"time": time, "text": text})])}))


FITTING = programme()


def test_an_hour_that_comes_twice_is_the_first_and_the_editor_is_told(editor, kalender):  # noqa: F811
    facts = {"starts_at": "2027-10-31 02:30", "ends_at": "2027-10-31 05:00", **programme("02.30")}
    address = reverse("wagtailadmin_pages:add", args=["cms", "eventpage", kalender.pk])
    page = read(editor.post(address, draft(**facts), follow=True))
    event = EventPage.objects.get()
    assert event.starts_at.isoformat() == "2027-10-31T00:30:00+00:00"
    assert "Klockan 2.30 kommer två gånger natten till 31 oktober. Vi räknar med den första." in page


def test_a_schedule_at_an_hour_that_does_not_exist_is_refused_in_swedish(editor, kalender):  # noqa: F811
    answer = create(editor, kalender, go_live_at="2027-03-28 02:30")
    assert "Klockan 2.30 den 28 mars 2027 finns inte" in read(answer)


def test_what_is_probably_wrong_is_told_after_saving_and_above_the_form(editor, event):  # noqa: F811
    page = save(editor, event, lede="Vi ses fredag 10 december.", **FITTING)
    told = (
        "Det står ”fredag 10 december”, men 10 december 2026 är en torsdag. Rätta veckodagen eller datumet."
    )
    assert page.count(told) == 2
    assert "Värt att titta på i ”Värdskap på natten”:" in page
    assert fresh(event).get_latest_revision_as_object().lede == "Vi ses fredag 10 december."


def test_nothing_is_remarked_on_what_is_right(editor, event):  # noqa: F811
    assert "Värt att titta på" not in save(editor, event, lede="Vi ses torsdag 10 december.", **FITTING)


def test_publishing_a_change_tells_of_what_is_probably_wrong_too(editor, event):  # noqa: F811
    sent = typed(**{**THURSDAY, **FITTING, "title": "Fredagsfika", "slug": event.slug, "action-publish": "1"})
    page = read(editor.post(reverse("wagtailadmin_pages:edit", args=[event.pk]), sent, follow=True))
    assert "Titel: Det står ”Fredagsfika”, men träffen är torsdag 10 december 2026." in page
    assert fresh(event).title == "Fredagsfika"


def test_publishing_into_the_past_is_told(editor, event):  # noqa: F811
    past = {"starts_at": "2026-11-10 13:00", "ends_at": "2026-11-10 16:30", "slug": event.slug}
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    assert "Starten har redan varit: tisdag 10 november 2026." in read(
        editor.post(address, typed(**past, **{"action-publish": "1"}), follow=True)
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"starts_at": "2027-06-25 13:00", "ends_at": "2027-06-25 16:30"},
            "lediga: Midsommarafton. Kontrollera",
        ),
        (
            {"starts_at": "2027-05-06 13:00", "ends_at": "2027-05-06 16:30"},
            "röd dag: Kristi himmelsfärdsdag.",
        ),
        (
            {"starts_at": "2026-12-13 13:00", "ends_at": "2026-12-13 16:30"},
            "Söndag 13 december 2026 är röd dag.",
        ),
        (
            {
                "starts_at": "2027-02-02 13:00",
                "ends_at": "2027-02-02 16:30",
                "lede": "Vi ses tisdag 2 februari.",
            },
            "”tisdag 2 februari” saknar årtal. Skriv 2027, så tror ingen att det är i år.",
        ),
        ({"lede": "Välkommen torsdag 10 december 2025."}, "är en onsdag. Rätta veckodagen eller datumet."),
        (
            {"lede": "Välkommen den 12 december."},
            "men träffen är torsdag 10 december 2026. Rätta texten eller träffens dag.",
        ),
    ],
)
def test_the_editor_is_told_what_is_probably_wrong_and_what_to_do(editor, event, facts, sentence):  # noqa: F811
    """The event is saved all the same."""
    assert sentence in save(editor, event, **FITTING, **facts)
    saved = fresh(event).get_latest_revision_as_object()
    assert saved.starts_at == stockholm(facts.get("starts_at", THURSDAY["starts_at"]))


def test_the_leaders_other_event_is_a_clash(editor, event, kalender):  # noqa: F811
    other = EventPage(
        title="Frukost", slug="frukost", city="Umeå", place="Björksalen", leader="disa  LJUNG", live=True,
        starts_at=event.starts_at, ends_at=event.ends_at,
    )  # fmt: skip
    kalender.add_child(instance=other)
    page = save(editor, event, leader="Disa Ljung", place="Lindsalen", **FITTING)
    assert (
        "Samma ledare, Disa Ljung, har ”Frukost” då: 10 december 13.00–16.30. Byt tid eller ledare." in page
    )


def test_a_message_is_not_left_behind_by_a_form_that_saves_itself(editor, event):  # noqa: F811
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    wrong = draft(**{**THURSDAY, **FITTING, "slug": event.slug, "title": "Fredagsfika"})
    answer = editor.post(address, wrong, headers={"accept": "application/json"})
    assert answer.json()["success"]
    assert "Värt att titta på i" not in read(editor.get(reverse("wagtailadmin_home")))


def test_a_draft_of_another_event_in_the_same_room_is_a_clash(editor, event, kalender):  # noqa: F811
    draft = EventPage(
        title="Utkastet", slug="utkastet", city="Göteborg", place="Ekmanssalen", live=False,
        starts_at=event.starts_at, ends_at=event.ends_at,
    )  # fmt: skip
    kalender.add_child(instance=draft)
    page = save(editor, event, place="ekmanssalen", **FITTING)
    assert "Samma plats, ekmanssalen, har ”Utkastet” då: 10 december 13.00–16.30 (utkast)." in page


def test_markup_in_what_is_remarked_on_is_shown_as_text(editor, event, kalender):  # noqa: F811
    other = EventPage(
        title="<script>alert(1)</script>", slug="x", city="Göteborg", place="Ekmanssalen", live=False,
        starts_at=event.starts_at, ends_at=event.ends_at,
    )  # fmt: skip
    kalender.add_child(instance=other)
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    sent = draft(**{**THURSDAY, **FITTING, "slug": event.slug, "place": "Ekmanssalen"})
    page = editor.post(address, sent, follow=True).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_nothing_is_remarked_on_the_demos_events(demo):
    found = {
        event.title: [
            remark.sentence for remark in proofread.remarks_on(event, known_start=event.starts_at, now=now)
        ]
        for event in EventPage.objects.all()
        for now in [event.first_published_at]
    }
    assert found
    assert {title: sentences for title, sentences in found.items() if sentences} == {}


@pytest.mark.parametrize("status", ["cancelled", "planned"])
def test_translations_and_aliases_of_an_event_do_not_clash_with_it(event, kalender, status):
    event.create_alias(parent=kalender, update_slug="alias")
    assert proofread.others_of(event) == []

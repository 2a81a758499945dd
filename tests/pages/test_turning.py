"""What the clock changes: a page is kept until then and not longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cms.models import CalendarPage, EventPage
from config.pages import keeping
from config.pages.asking import Address
from config.pages.turning import next_midnight, next_turn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # twelve in Stockholm
MIDNIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_other_events():
    EventPage.objects.all().delete()


def event(starts_at: datetime, hours: float = 2, **more) -> EventPage:
    fields = {"title": "Öppen frukost", "city": "Lidköping", "slug": "frukost", **more}
    page = EventPage(starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), **fields)
    CalendarPage.objects.get(locale__language_code="sv").add_child(instance=page)
    return page


@pytest.mark.parametrize(
    ("starts_at", "turns_at"),
    [
        (NOON + timedelta(hours=8), NOON + timedelta(hours=6)),  # too late for a reminder two hours before
        (NOON + timedelta(hours=1), NOON + timedelta(hours=1)),  # it begins
        (NOON - timedelta(hours=1), NOON + timedelta(hours=1)),  # it ends
        (NOON + timedelta(days=1, hours=3), NOON + timedelta(hours=3)),  # too late for the day before
        (NOON + timedelta(days=7, hours=3), NOON + timedelta(hours=3)),  # too late for the week before
        (NOON + timedelta(days=3), MIDNIGHT),  # nothing today but the day itself
        (NOON - timedelta(days=3), MIDNIGHT),  # over
    ],
)
def test_an_events_hours_turn_pages(starts_at, turns_at):
    event(starts_at)
    assert next_turn(NOON) == turns_at


def test_a_whole_days_reminders_end_at_nine():
    event(MIDNIGHT, 23.9, all_day=True)
    assert next_turn(MIDNIGHT + timedelta(hours=8)) == MIDNIGHT + timedelta(hours=9)


def test_an_unpublished_event_turns_nothing():
    event(NOON + timedelta(hours=1), live=False)
    assert next_turn(NOON) == MIDNIGHT


def test_midnight_is_stockholms_also_when_the_clock_is_changed():
    assert next_midnight(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == datetime(
        2026, 10, 25, 23, 0, tzinfo=UTC
    )
    assert next_midnight(datetime(2026, 3, 29, 0, 30, tzinfo=UTC)) == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


def test_the_question_is_one_query(django_assert_num_queries):
    event(NOON + timedelta(hours=1))
    with django_assert_num_queries(1):
        next_turn(NOON)


def test_every_page_of_the_calendar_is_warm_the_second_time(reader, time_machine, django_assert_num_queries):
    time_machine.move_to(NOON, tick=False)
    coming, past = event(NOON + timedelta(days=1)), event(NOON - timedelta(days=20), slug="forra")
    below = ("2026/11/", "arkiv/", "arkiv/2026/", "prenumerera/")
    addresses = ["/kalender/", *(f"/kalender/{rest}" for rest in below), coming.url, past.url]
    cold = {address: reader.get(address) for address in addresses}
    assert {(page.status, page.headers.get("Set-Cookie")) for page in cold.values()} == {(200, None)}
    with django_assert_num_queries(0):
        assert {address: reader.get(address) for address in addresses} == cold
    assert reader.kept == len(addresses)


def test_a_choice_in_the_address_is_answered_but_takes_no_room(
    reader, time_machine, django_assert_max_num_queries
):
    """And costs two queries where the process knows the calendar: the page itself, and what happened there."""
    time_machine.move_to(NOON, tick=False)
    event(NOON + timedelta(days=1), kind="kurs"), event(NOON - timedelta(days=20), slug="forra")
    for address in ("/kalender/", "/kalender/2026/11/", "/kalender/arkiv/", "/kalender/arkiv/2026/"):
        for query in ("typ=kurs", "typ=kurs&ort=Lidk%C3%B6ping", "ort=Atlantis", "typ=", "x=1"):
            assert reader.get(f"{address}?{query}").status == 200
        with django_assert_max_num_queries(2):
            reader.get(f"{address}?typ=kurs")
    assert reader.kept == 0


@pytest.mark.parametrize(
    ("address", "leaves", "comes"),
    [
        ("/", ["Sista frukosten"], ["Lunch 3"]),
        ("/kalender/", ["Sista frukosten", ">Pågår<"], []),
        ("/kalender/2026/11/", [">Pågår<"], [">Har varit<"]),
        ("/kalender/arkiv/", ["Det har inte hunnit bli något än."], ["1 träff"]),
        ("/kalender/arkiv/2026/", [], ["Sista frukosten"]),
        ("/kalender/frukost/", [], ["Det här var 24 november."]),
        ("/kalender/installd/", ["Sista frukosten"], ["Lunch 1"]),
    ],
)
def test_when_an_event_ends_each_page_says_so_at_that_moment(address, leaves, comes, reader, time_machine):
    """The clock of the wall and the clock of the store go on together; nobody tells, the minute is not up."""
    event(NOON - timedelta(hours=2) + timedelta(seconds=30), title="Sista frukosten")
    event(NOON + timedelta(days=4), slug="installd", status="cancelled")
    for number in (1, 2, 3):
        event(NOON + timedelta(days=number), title=f"Lunch {number}", slug=f"lunch-{number}")
    time_machine.move_to(NOON, tick=False)
    for seconds, over in ((0, False), (29, False), (1, True)):
        time_machine.shift(seconds)
        reader.later(seconds)
        main = reader.get(address).text.partition("<main")[2].partition("</main>")[0]
        assert [word in main for word in leaves] == [not over for _word in leaves]
        assert [word in main for word in comes] == [over for _word in comes]


def test_the_next_turn_is_asked_for_once_while_nothing_changes(
    reader, django_assert_num_queries, time_machine
):
    time_machine.move_to(NOON, tick=False)
    reader.get("/")
    with django_assert_num_queries(0):
        reader.get("/")
    with django_assert_num_queries(1) as asked:
        pages = keeping.pages()
        wanted = pages.wanted(Address("http", "testserver", "/", ""), "another sign")
        pages._next_turn(wanted)
        pages._next_turn(wanted)
    assert "cms_eventpage" in asked[0]["sql"]

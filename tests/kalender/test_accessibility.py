"""The calendar's other states in Chromium: axe-core, one h1, headings in order, and nothing the CSP refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from cms.kalender import clock, letters
from cms.kalender.models import CalendarPage, EventPage, ReminderRequest, State, Status
from shop.models import Company
from tests import axe

# The summary of faults stands before everything else, its heading too (DESIGN.md 8).
SKIPPED_LEVEL = """() => {
  const headings = [...document.querySelectorAll("h1,h2,h3,h4")].filter((one) => !one.closest(".errsum"));
  const levels = headings.map((heading) => Number(heading.tagName[1]));
  return levels[0] !== 1 || levels.filter((level) => level === 1).length !== 1
    || levels.some((level, place) => level > (levels[place - 1] ?? 0) + 1);
}"""


def wish(event: EventPage, state: State, *, lead: str = "1d") -> ReminderRequest:
    now = timezone.now()
    email = f"{state}@bjorkvik.example" if state in {State.ASKED, State.CONFIRMED} else ""
    return ReminderRequest.objects.create(
        event=event, email=email, lead=lead, state=state, asked_at=now, due_at=now + timedelta(days=1)
    )


def states() -> Iterator[str]:
    """Addresses of events and reminders in each state that the demo has not."""
    event, cancelled, full, past = (
        EventPage.objects.filter(locale__language_code="sv").live().order_by("starts_at")[:4]
    )
    EventPage.objects.filter(pk=cancelled.pk).update(status=Status.CANCELLED)
    EventPage.objects.filter(pk=full.pk).update(status=Status.FULL)
    over = timezone.now() - timedelta(days=1)
    EventPage.objects.filter(pk=past.pk).update(starts_at=over, ends_at=over + timedelta(hours=1))
    yield from (page.url for page in (cancelled, full, past))
    yield f"{event.url}paminn/"
    yield f"{event.url}?utskrift=1"
    for state in State:
        yield f"/paminnelse/{wish(event, state).key}/"
    yield f"/avregistrera/{letters.token(wish(event, State.SENT))}/"
    yield "/kalender/?typ=kurs"
    yield f"/kalender/arkiv/{clock.local_date(over).year}/"
    yield "/kalender/arkiv/"
    month = f"{clock.local_date(event.starts_at):%Y/%m}"
    yield from (
        f"/kalender/{month}/",
        f"/kalender/{month}/?typ=frukost",
        f"/kalender/{month}/?ort=Malm%C3%B6",
    )
    yield EventPage.objects.get(all_day=True, locale__language_code="sv").url
    yield "/sok/?q=xyzzy"


@axe.in_both_lanes
def test_axe_finds_nothing_in_any_state_of_the_calendar(live_server, own_demo, open_page):
    event = EventPage.objects.filter(locale__language_code="sv").live().order_by("starts_at").first()
    page = open_page("mobile", bypass_csp=True)
    faults: dict[str, object] = {}

    def look(name: str) -> None:
        if found := axe.violations(page):
            faults[name] = found
        if page.evaluate(SKIPPED_LEVEL):
            faults[f"headings at {name}"] = page.evaluate("document.body.innerText")

    for address in states():
        page.goto(address)
        look(address)
    token = letters.token(wish(event, State.CONFIRMED, lead="2h"))
    page.goto(f"/avregistrera/{token}/")
    page.click("main button")
    look("unsubscribed")
    page.goto(event.url)
    page.click("#paminn button")
    assert page.locator(".errsum").is_visible()
    look("the form with a fault")
    CalendarPage.objects.get(locale__language_code="sv").get_children().delete()
    Company.objects.all().delete()
    page.goto("/kalender/")
    look("an empty calendar of a site without facts")
    assert not faults


def test_nothing_on_these_pages_is_refused_by_the_csp(live_server, own_demo, open_page):
    page = open_page()
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security" in line.text else None)
    for address in states():
        page.goto(address)
    assert not refused
    assert not page.context.cookies()

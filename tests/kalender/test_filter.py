"""What a reader wants to see of the calendar goes along from page to page, in the address alone."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.cms.translating import in_english
from tests.kalender.facts import stockholm

LUND_COURSES = "?typ=kurs&ort=Lund"


@pytest.fixture
def text(client):
    """text("/kalender/"): a page that answers 200 and sets no cookie."""

    def text(address: str) -> str:
        response = client.get(address)
        assert (response.status_code, len(response.cookies)) == (200, 0)
        return unescape(response.content.decode())

    return text


@pytest.fixture
def year(publish):
    """A course in Lund in September, December and March; every month in between something else."""
    for month in ("2026-09", "2026-12", "2027-03"):
        publish(title=f"Kurs {month}", city="Lund", starts_at=stockholm(f"{month}-10 13:00"))
    for month in ("2026-10", "2026-11", "2027-01", "2027-02"):
        publish(title=f"Frukost {month}", kind="frukost", starts_at=stockholm(f"{month}-11 13:00"))


def ways(page: str) -> dict[str, str]:
    return dict(re.findall(r'rel="(prev|next)" href="([^"]+)"', page))


def titles(page: str) -> list[str]:
    return re.findall(r">([^<>]+)</a></h3>", page)


def chosen(page: str) -> list[str]:
    return re.findall(r'<option value="([^"]+)" selected>', page)


def test_the_ways_to_other_months_keep_to_the_choice_and_skip_where_nothing_fits(year, text):
    there = {"prev": f"/kalender/2026/09/{LUND_COURSES}", "next": f"/kalender/2027/03/{LUND_COURSES}"}
    assert ways(text(f"/kalender/{LUND_COURSES}")) == there
    assert ways(text(f"/kalender/2026/12/{LUND_COURSES}")) == there
    assert ways(text(f"/kalender/2027/01/{LUND_COURSES}")) == {
        "prev": f"/kalender/2026/12/{LUND_COURSES}",
        "next": f"/kalender/2027/03/{LUND_COURSES}",
    }
    assert ways(text("/kalender/2026/12/")) == {"prev": "/kalender/2026/11/", "next": "/kalender/2027/01/"}


def test_a_month_has_the_filter_and_answers_it_itself(year, publish, text):
    publish(title="Julkurs", city="Umeå", starts_at=stockholm("2026-12-11 13:00"))
    page = text("/kalender/2026/12/")
    assert '<form class="filter" action="/kalender/2026/12/" method="get"' in page
    assert titles(page) == ["Kurs 2026-12", "Julkurs"]
    narrow = text(f"/kalender/2026/12/{LUND_COURSES}")
    assert (titles(narrow), chosen(narrow)) == (["Kurs 2026-12"], ["kurs", "Lund"])
    assert narrow.count('<td class="has">') == 1
    assert "1 träff i urvalet." in narrow
    assert f'href="/kalender/{LUND_COURSES}"' in narrow


def test_a_month_in_which_nothing_fits_says_so_and_when_something_does(year, text):
    page = text(f"/kalender/2027/01/{LUND_COURSES}")
    assert "Inget inplanerat i januari med det urvalet. Vi ses i mars." in page
    assert "Kurs 2027-03, 10 mars" in page
    assert 'href="/kalender/2027/01/">Visa allt i januari' in page


def test_the_archive_keeps_to_the_choice(year, publish, text):
    publish(title="Förra året", city="Lund", starts_at=stockholm("2025-05-10 13:00"))
    publish(title="Länge sedan", starts_at=stockholm("2024-05-10 13:00"))
    years = [f"/kalender/arkiv/{number}/{LUND_COURSES}" for number in (2026, 2025)]
    for address in ("/kalender/", "/kalender/arkiv/", "/kalender/arkiv/2026/"):
        assert re.findall(r'href="(/kalender/arkiv/\d+/[^"]*)"', text(address + LUND_COURSES)) == years
    page = text(years[0])
    assert (titles(page), chosen(page)) == (["Kurs 2026-09"], ["kurs", "Lund"])
    assert "Inget med det urvalet 2024." in text(f"/kalender/arkiv/2024/{LUND_COURSES}")


def test_what_only_was_is_not_offered_in_the_list_but_is_kept_when_asked_for(year, publish, text):
    publish(title="I Kiruna", city="Kiruna", kind="samtal", starts_at=stockholm("2026-05-10 13:00"))
    assert "Kiruna" not in text("/kalender/")
    page = text("/kalender/?typ=samtal&ort=Kiruna")
    assert chosen(page) == ["samtal", "Kiruna"]
    assert "Inget inplanerat med det urvalet just nu." in page


@pytest.mark.parametrize(
    "query", ["?typ=%00&ort=Atlantis", "?typ=kurser", "?typ=kurs%3Cb%3E", "?x=" + "y" * 3000]
)
def test_a_choice_that_the_calendar_never_had_is_none(year, text, query):
    for address in ("/kalender/", "/kalender/2026/12/", "/kalender/arkiv/2026/", "/kalender/arkiv/"):
        page = text(address + query)
        assert chosen(page) == [], address
        assert "urvalet" not in page, address
        assert re.findall(r'href="/kalender/[^"]*\?', page) == [], address


@pytest.mark.parametrize("address", ["/kalender/", "/kalender/2026/12/", "/kalender/arkiv/2026/"])
def test_for_search_engines_a_choice_is_the_page_that_it_is_chosen_from(year, text, address):
    page = text(address + LUND_COURSES)
    assert f'<link rel="canonical" href="http://testserver{address}">' in page
    assert f'<meta property="og:url" content="http://testserver{address}">' in page
    assert "noindex" not in page  # which would speak against the canonical address
    assert "kurs&ort" not in page.partition("</head>")[0]


def test_in_english_too(year, publish, text):
    in_english(publish(title="In Lund", city="Lund", starts_at=stockholm("2026-11-20 13:00")))
    in_english(publish(title="In Malmö", city="Malmö", starts_at=stockholm("2027-01-20 13:00")))
    kept = "?typ=kurs"
    page = text(f"/en/kalender/2027/01/{kept}")
    assert ways(page) == {"prev": f"/en/kalender/2026/11/{kept}"}
    assert "1 event in this selection." in page
    assert f'href="/en/kalender/archive/2026/{kept}"' in text(f"/en/kalender/{kept}")
    assert 'href="/en/kalender/archive/2026/"' in text("/en/kalender/archive/")

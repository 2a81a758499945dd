"""What stands below the calendar's address: months beside each other, the archive, how to subscribe."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from shop.money import NBSP
from tests.cms.every_block import picture
from tests.kalender.facts import stockholm


@pytest.fixture
def text(client):
    """text("/kalender/"): a page that answers 200 and sets no cookie."""

    def text(address: str) -> str:
        response = client.get(address)
        assert (response.status_code, len(response.cookies)) == (200, 0)
        return str(response.content.decode())

    return text


def ways(page: str) -> dict[str, str]:
    return dict(re.findall(r'rel="(prev|next)" href="([^"]+)"', page))


# --- Months ----------------------------------------------------------------------------------------
def test_the_ways_to_other_months_skip_those_in_which_nothing_happens(publish, text):
    for day in ("2026-08-20", "2026-12-10", "2027-05-06"):
        publish(starts_at=stockholm(f"{day} 13:00"))
    there = {"prev": "/kalender/2026/08/", "next": "/kalender/2027/05/"}
    assert ways(text("/kalender/2026/12/")) == ways(text("/kalender/")) == there
    assert ways(text("/kalender/2026/10/")) == {"prev": "/kalender/2026/08/", "next": "/kalender/2026/12/"}
    assert ways(text("/kalender/2027/05/")) == {"prev": "/kalender/2026/12/"}
    assert ways(text("/kalender/2026/08/")) == {"next": "/kalender/2026/12/"}


def test_an_event_over_several_months_is_in_each_of_them(publish, text):
    publish(
        title="Utställning", starts_at=stockholm("2026-12-20 09:00"), ends_at=stockholm("2027-03-01 00:00")
    )
    assert ways(text("/kalender/2026/12/")) == {"next": "/kalender/2027/01/"}
    assert ways(text("/kalender/2027/02/")) == {"prev": "/kalender/2027/01/"}
    assert ways(text("/kalender/2027/04/")) == {"prev": "/kalender/2027/02/"}
    january = text("/kalender/2027/01/")
    assert january.count('<td class="has">') == 31
    assert "<b>20</b><span>december</span>" in january
    assert "<b>20</b></time>" in text("/kalender/2026/12/")


def test_a_month_long_ago_is_there_when_something_happened_in_it(publish, text, client):
    publish(starts_at=stockholm("2019-05-10 13:00"))
    assert "Har varit" in text("/kalender/2019/05/")
    assert client.get("/kalender/2019/06/").status_code == 404


def test_drafts_and_what_is_kept_for_some_make_no_month(publish, text):
    publish()
    publish(starts_at=stockholm("2027-01-14 13:00")).unpublish()
    kept = publish(starts_at=stockholm("2027-02-14 13:00"))
    kept.view_restrictions.create(restriction_type="login")
    assert ways(text("/kalender/")) == {}


def test_weeks_have_the_numbers_of_a_swedish_calendar(event, text):
    page = text("/kalender/2027/01/")
    weeks = re.findall(r'<th scope="row" class="wk"><span class="vh">vecka </span>(\d+)</th>', page)
    assert weeks == ["53", "1", "2", "3", "4"]


def test_holidays_are_named_also_on_a_day_with_an_event(publish, text):
    publish(starts_at=stockholm("2026-12-25 13:00"))
    page = text("/kalender/2026/12/")
    assert '<span class="vh"> december, Juldagen:</span>' in page
    assert '<span class="d">26</span><span class="ev"> Annandag jul</span>' in page


@pytest.mark.parametrize(
    ("month", "day", "name", "css"),
    [
        ("2026/12", 24, "Julafton", ""),
        ("2026/12", 31, "Nyårsafton", ""),
        ("2027/06", 25, "Midsommarafton", ""),
        ("2027/06", 26, "Midsommardagen", ' class="red"'),
        ("2027/05", 6, "Kristi himmelsfärdsdag", ' class="red"'),
        ("2027/06", 6, "Sveriges nationaldag", ' class="red"'),
    ],
)
def test_eves_are_named_and_only_red_days_are_red(event, text, month, day, name, css):
    cell = f'<td{css}><span class="d">{day}</span><span class="ev"> {name}</span></td>'
    assert cell in text(f"/kalender/{month}/")


def test_today_is_marked_whatever_the_day_holds(publish, text, clock):
    assert '<td class="today"><span class="d">23</span><span class="vh"> (i dag)</span>' in text(
        publish(starts_at=stockholm("2026-11-25 13:00")) and "/kalender/2026/11/"
    )
    publish(starts_at=stockholm("2026-11-23 18:00"))
    page = text("/kalender/2026/11/")
    assert '<td class="has today">' in page
    assert '<span class="vh"> november (i dag):</span>' in page
    clock.move_to(stockholm("2026-12-06 12:00"))
    assert '<td class="red today"><span class="d">6</span>' in text("/kalender/2026/12/")


def test_a_day_on_which_all_is_cancelled_is_not_lit(publish, text):
    publish(title="Frukost", status="cancelled", starts_at=stockholm("2026-12-03 08:00"))
    publish(title="Middag", status="cancelled", starts_at=stockholm("2026-12-04 08:00"))
    publish(title="Kvällen", starts_at=stockholm("2026-12-04 18:00"))
    page = text("/kalender/2026/12/")
    assert (page.count('<td class="has off">'), page.count('<td class="has">')) == (1, 1)
    assert '<span class="ev">Inställt: Frukost</span>' in page


def test_a_day_of_several_events_leads_to_the_last_that_has_begun(publish, text):
    publish(title="Läger", starts_at=stockholm("2026-12-08 09:00"), ends_at=stockholm("2026-12-11 12:00"))
    publish(title="Samtal", starts_at=stockholm("2026-12-10 13:00"))
    page = text("/kalender/2026/12/")
    assert page.count('href="#dag-2026-12-10"') == 1
    assert page.count('id="dag-2026-12-10"') == 1


# --- Whole days and several ------------------------------------------------------------------------
@pytest.fixture
def camp(publish):
    """Thursday 10 to Saturday 12 December 2026, whole days."""
    return publish(
        title="Läger",
        slug="lager",
        all_day=True,
        starts_at=stockholm("2026-12-10 00:00"),
        ends_at=stockholm("2026-12-12 23:59"),
    )


def test_whole_days_are_told_without_hours(camp, text):
    assert f"Göteborg, till lördag 12{NBSP}december" in text("/kalender/")
    page = text("/kalender/lager/")
    assert '<time datetime="2026-12-10">' in page
    assert f"torsdag till lördag 12{NBSP}december" in page
    assert '"startDate":"2026-12-10","endDate":"2026-12-12"' in page
    assert "0.00" not in page.partition("<main")[2].partition("</main>")[0]


def test_what_goes_on_stays_in_the_list_until_it_is_over(camp, text, clock):
    clock.move_to(camp.ends_at - timedelta(minutes=1))
    assert ">Läger</a></h3>" in text("/kalender/")
    assert ">Pågår</span>" in text("/kalender/")
    clock.move_to(camp.ends_at)
    assert "Läger" not in text("/kalender/")


def test_several_days_are_lit_in_the_grid(camp, text):
    assert text("/kalender/").count('<td class="has">') == 3


# --- Picture and contact ---------------------------------------------------------------------------
def test_an_events_picture_has_its_words_its_sizes_and_who_took_it(publish, text):
    photo = picture(drawn=True)
    page = text(publish(picture_id=photo.pk).url)
    image = re.search(
        r'<picture>(.+?)<img [^>]*width="(\d+)" height="(\d+)" alt="Två stolar vid ett fönster"', page
    )
    assert image
    assert 'type="image/avif"' in image[1]
    assert "Foto: Karin Exempelsson" in page


def test_whom_to_ask_is_told_with_a_link(publish, text):
    page = text(publish(contact="Kansliet, kansli@bjorkvik.example").url)
    assert '<dt>Kontakt</dt><dd>Kansliet, <a href="mailto:kansli@bjorkvik.example">' in page


# --- The archive -----------------------------------------------------------------------------------
@pytest.fixture
def past(publish):
    for day in ("2024-05-10", "2025-12-31", "2026-03-10", "2026-11-01"):
        publish(title=f"Träff {day}", slug=f"forra-{day}", starts_at=stockholm(f"{day} 22:30"))


def test_the_calendar_leads_to_the_years_that_hold_something(past, text):
    found = re.findall(r'href="/kalender/arkiv/(\d+)/"', text("/kalender/"))
    assert found == ["2026", "2025", "2024"]
    assert "arkiv/" not in text("/kalender/2026/12/")


def test_without_a_past_there_is_no_archive(event, text):
    assert "arkiv/" not in text("/kalender/")


def test_a_year_holds_what_began_in_it_in_sweden_the_last_first(past, event, text):
    page = text("/kalender/arkiv/2026/")
    assert re.findall(r">(Träff [-\d]+|Öppen[^<]+)</a></h3>", page) == [
        "Träff 2026-11-01",
        "Träff 2026-03-10",
    ]
    assert 'href="/kalender/arkiv/2026/" aria-current="page"' in page
    assert "Träff 2025-12-31" in text("/kalender/arkiv/2025/")


def test_in_the_archive_only_what_was_cancelled_is_marked(past, publish, text):
    publish(starts_at=stockholm("2026-04-10 13:00"), status="cancelled")
    publish(starts_at=stockholm("2026-04-11 13:00"), seats=10, seats_taken=10, free=True)
    assert re.findall(r'<span class="tag[^>]*>([^<]+)', text("/kalender/arkiv/2026/")) == ["Inställt"]


def test_the_archive_s_own_address_offers_the_years(past, event, text):
    page = text("/kalender/arkiv/")
    assert re.findall(r'href="/kalender/arkiv/(\d+)/">', page) == ["2026", "2025", "2024"]
    assert re.findall(r"<p>(\d+ träffa?r?)</p>", page) == ["2 träffar", "1 träff", "1 träff"]
    assert '<link rel="canonical" href="http://testserver/kalender/arkiv/">' in page


def test_the_archive_of_a_new_calendar_says_so(event, text):
    assert "Det har inte hunnit bli något än." in text("/kalender/arkiv/")


def test_an_event_comes_into_the_archive_when_it_is_over(event, text, client, clock):
    assert client.get("/kalender/arkiv/2026/").status_code == 404
    clock.move_to(event.ends_at)
    assert event.title in text("/kalender/arkiv/2026/")


@pytest.mark.parametrize("year", ["2023", "2027", "0000", "20266", "abcd", "2026/12", ""])
def test_a_year_in_which_nothing_was_is_a_missing_page(past, client, year):
    assert client.get(f"/kalender/arkiv/{year}/").status_code == 404


def test_a_past_event_offers_the_next_of_its_kind_else_the_next(publish, text, clock):
    over = publish(title="Förra", slug="forra", kind="frukost", starts_at=stockholm("2026-11-20 08:00"))
    publish(title="Kursen", starts_at=stockholm("2026-12-01 08:00"))
    assert "Kursen, 1 december" in text(over.url)
    publish(title="Frukosten", kind="frukost", starts_at=stockholm("2027-01-14 08:00"))
    assert "Frukosten, 14 januari" in text(over.url)
    publish(title="Inställda", kind="frukost", status="cancelled", starts_at=stockholm("2026-12-01 07:00"))
    assert "Frukosten, 14 januari" in text(over.url)
    clock.move_to(stockholm("2027-01-02 08:00"))
    assert "Det här var 20 november 2026." in text(over.url)


# --- Subscribing -----------------------------------------------------------------------------------
def test_the_calendar_leads_to_a_page_that_explains_subscribing(kalender, text):
    assert text("/kalender/").count('href="/kalender/prenumerera/"') == 2
    page = text("/kalender/prenumerera/")
    for words in (
        'href="webcal://testserver/kalender.ics"',
        'href="/kalender.ics"',
        ">http://testserver/kalender.ics<",
        'href="webcal://testserver/kalender-kurs.ics"',
        'href="/kalender-frukost.ics"',
        "Google Kalender",
        "Apple Kalender",
        "Outlook",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("prenumerera", "prenumererar"),
        ("subscribe", "prenumererar"),
        ("arkiv", "har varit"),
        ("archive", "har varit"),
    ],
)
def test_no_event_may_stand_where_the_calendar_itself_answers(event, slug, words):
    assert words in str(event.address_fault(slug, event.get_parent()))


# --- What cannot be --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"ends_at": stockholm("2036-12-10 13:00")}, "ends_at"),
        ({"signup_closes_at": stockholm("2026-12-10 13:01")}, "signup_closes_at"),
        ({"free": True, "place_price_ore": 100}, "place_price_ore"),
        ({"title": "x" * 10_000}, "title"),
        ({"contact": "x" * 201}, "contact"),
    ],
)
def test_an_impossible_event_is_refused_at_its_field(event, facts, field):
    for name, value in facts.items():
        setattr(event, name, value)
    with pytest.raises(ValidationError) as refused:
        event.full_clean()
    assert field in refused.value.message_dict


def test_markup_in_place_and_contact_is_shown_not_run(publish, text):
    bad = "</script><script>alert(1)</script>\"'>"
    url = publish(title=bad, place=bad, address=bad, city=bad[:60], contact=bad, leader=bad).url
    for address in (url, "/kalender/", "/kalender/2026/12/", "/"):
        assert "<script>alert" not in text(address)

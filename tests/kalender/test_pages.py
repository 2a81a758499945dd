"""The list, the month and the event as visitors see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cms.kalender.models import EventPage
from shop.models import Company
from shop.money import NBSP
from tests.kalender.facts import NOON, stockholm


@pytest.fixture
def page(client):
    """page("/kalender/"): the text of a page that answers 200."""

    def page(address: str) -> str:
        response = client.get(address)
        assert response.status_code == 200
        assert not response.cookies
        return str(response.content.decode())

    return page


def test_a_day_in_the_grid_leads_to_a_row_that_is_there(publish, client):
    for number in range(2):
        publish(slug=f"dagar-{number}", ends_at=stockholm("2026-12-12 15:00"))
    page = client.get("/kalender/").content.decode()
    rows = re.findall(r'href="#(dag-[^"]+)"', page)
    assert len(rows) == 3
    assert all(f'id="{row}"' in page for row in rows)


def test_the_list_has_months_as_headings_and_a_row_for_each_event(publish, page):
    publish(title="Frukost", starts_at=stockholm("2026-12-03 08:00"), ends_at=stockholm("2026-12-03 09:00"))
    publish(title="Bli samtalsledare", starts_at=stockholm("2027-01-14 09:00"), online=True, city="")
    text = page("/kalender/")
    assert text.index("December 2026") < text.index("Frukost") < text.index("Januari 2027")
    assert "Göteborg, 8.00–9.00" in text
    assert "Digitalt, 9.00–12.30" in text


def test_an_event_late_in_the_evening_stands_in_its_swedish_month(publish, page):
    publish(starts_at=stockholm("2026-12-31 23:30"), ends_at=stockholm("2027-01-01 00:30"))
    text = page("/kalender/")
    assert "December 2026</h2>" in text
    assert "Januari 2027</h2>" not in text


@pytest.mark.parametrize(
    ("facts", "tag"),
    [
        ({"free": True}, "Kostnadsfri"),
        ({"seats": 24, "seats_taken": 18}, "6 platser kvar"),
        ({"seats": 24, "seats_taken": 23}, "1 plats kvar"),
        ({"seats": 24}, "Platser finns"),
        ({"signup": True}, "Platser finns"),
        ({"seats": 24, "seats_taken": 24}, "Fullt, ställ dig på kö"),
        ({"status": "full"}, "Fullt, ställ dig på kö"),
        ({"status": "cancelled", "free": True}, "Inställt"),
        ({"status": "moved"}, "Ny tid eller plats"),
    ],
)
def test_a_tag_tells_the_seats(publish, page, facts, tag):
    publish(**facts)
    assert f">{tag}</span>" in page("/kalender/")


def test_where_nobody_counts_seats_and_nobody_signs_up_there_is_no_tag(publish, page):
    publish()
    assert '<p class="seats"></p>' in page("/kalender/").replace("\n", "")


def test_the_list_tells_what_a_place_costs_while_it_can_be_bought(publish, page):
    event = publish(signup=True, seats=24, place_price_ore=243_750)
    price = f"<br>2{NBSP}437,50{NBSP}kr</p>"
    assert price in page("/kalender/")
    EventPage.objects.filter(pk=event.pk).update(status="cancelled")
    assert price not in page("/kalender/")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Frukost", "Kursen", "Nätkursen"}),
        ("?typ=&ort=", {"Frukost", "Kursen", "Nätkursen"}),
        ("?typ=kurs", {"Kursen", "Nätkursen"}),
        ("?typ=kostnadsfritt", {"Frukost"}),
        ("?typ=digitalt", {"Nätkursen"}),
        ("?ort=Göteborg", {"Frukost", "Kursen"}),
        ("?ort=digitalt", {"Nätkursen"}),
        ("?typ=kurs&ort=Göteborg", {"Kursen"}),
        ("?typ=okänt&ort=%00", {"Frukost", "Kursen", "Nätkursen"}),
    ],
)
def test_the_filter_narrows_by_kind_and_place(publish, page, query, shown):
    publish(title="Frukost", kind="frukost", free=True)
    publish(title="Kursen")
    publish(title="Nätkursen", online=True, city="")
    text = page(f"/kalender/{query}")
    assert {title for title in ("Frukost", "Kursen", "Nätkursen") if f">{title}</a></h3>" in text} == shown


def test_a_choice_that_fits_nothing_says_so_and_leads_on(publish, page):
    publish(kind="frukost")
    publish(free=True, online=True, city="")
    text = page("/kalender/?typ=kostnadsfritt&ort=Göteborg")
    assert "Inget inplanerat med det urvalet just nu." in text
    assert "Visa allt som händer" in text


def test_an_empty_calendar_says_so(kalender, page):
    assert "Inget inplanerat just nu." in page("/kalender/")


def test_the_month_grid_links_the_days_that_have_something(publish, page):
    publish(title="Öppen halvdag: grunderna", slug="halvdag")
    text = page("/kalender/")
    assert "December som månad" in text
    assert '<td class="has"><a href="/kalender/halvdag/"><span class="d">10</span>' in text
    assert '<td class="red"><span class="d">25</span><span class="ev"> Juldagen</span></td>' in text
    assert '<td class="out"><span class="d">30</span></td>' in text


def test_an_evening_until_midnight_is_one_day_in_the_grid(publish, page):
    publish(starts_at=stockholm("2026-12-10 18:00"), ends_at=stockholm("2026-12-11 00:00"))
    assert page("/kalender/").count('<td class="has">') == 1


def test_what_is_over_in_the_small_hours_is_one_evening_of_its_own_month(publish, page):
    hours = {"starts_at": stockholm("2026-12-31 20:00"), "ends_at": stockholm("2027-01-01 01:00")}
    publish(title="Nyårsfest", slug="nyar", **hours)
    december = page("/kalender/2026/12/")
    assert december.count('<td class="has">') == 1
    assert 'rel="next"' not in december
    assert "Göteborg, 20.00–1.00" in december
    assert "Nyårsfest" not in page("/kalender/2027/01/")
    assert 'rel="prev" href="/kalender/2026/12/"' in page("/kalender/2027/02/")
    event_page = page("/kalender/nyar/")
    assert "torsdag 20.00–1.00" in event_page
    assert '"endDate":"2027-01-01T01:00:00+01:00"' in event_page


def test_a_day_with_two_events_leads_to_them_in_the_list(publish, page):
    publish(title="Ett")
    publish(title="Två", starts_at=stockholm("2026-12-10 18:00"))
    text = page("/kalender/")
    assert 'href="#dag-2026-12-10"' in text
    assert text.count('id="dag-2026-12-10"') == 1


def test_the_list_costs_the_same_however_many_events_it_shows(publish, client, django_assert_max_num_queries):
    for day in range(10, 20):
        publish(starts_at=stockholm(f"2026-12-{day} 09:00"))
    client.get("/kalender/")  # warm what outlives a request
    with django_assert_max_num_queries(15):
        client.get("/kalender/")


def test_an_event_page_tells_what_is_needed_to_come(publish, page):
    publish(
        slug="halvdag",
        access="<p>Entrén är i markplan.</p>",
        programme=[{"type": "item", "value": {"time": "14.15", "text": "Fika"}}],
        programme_heading="Eftermiddagen",
        address="Storgatan 1",
        leader="Katarina Bergström",
        price_text="1 950 kr",
        seats=24,
        seats_taken=18,
    )
    text = page("/kalender/halvdag/")
    for words in (
        "Kurs i Göteborg",
        'datetime="2026-12-10T13:00:00+01:00"',
        "torsdag 13.00–16.30",
        f"Ekmanssalen, Storgatan{NBSP}1, Göteborg",
        "Katarina Bergström",
        f"1{NBSP}950{NBSP}kr",
        "6 kvar av 24",
        "Eftermiddagen",
        '<dt class="num">14.15</dt><dd>Fika</dd>',
        "Hitta hit",
        "Entrén är i markplan.",
        'href="/kalender/halvdag.ics"',
        'action="/kalender/halvdag/paminn/"',
    ):
        assert words in text, words


def test_an_event_in_a_room_and_online_says_both_and_is_found_by_either(publish, page):
    link = "https://moten.example/a"
    publish(slug="bada", title="Båda", address="Storgatan 1", online_link=link, access="<p>Porten.</p>")
    text = page("/kalender/bada/")
    assert f'<dd>Ekmanssalen, Storgatan{NBSP}1, Göteborg<br class="noprint">' in text
    assert f'Eller digitalt: <a href="{link}">öppna träffen</a>' in text
    assert "Hitta hit, eller var med digitalt" in text
    for query in ("?ort=Göteborg", "?ort=digitalt", "?typ=digitalt"):
        assert "Göteborg och digitalt, 13.00–16.30" in page(f"/kalender/{query}")


def test_the_link_of_what_is_over_is_not_shown(publish, page, clock):
    over = publish(slug="bada", online_link="https://moten.example/a")
    clock.move_to(over.ends_at)
    text = page("/kalender/bada/")
    assert "Eller digitalt" in text
    assert "moten.example" not in text.partition("<main")[2]


def test_the_company_s_phone_is_filled_in_where_an_editor_has_named_it(publish, page):
    Company.objects.update_or_create(pk=Company.load().pk, defaults={"phone": "0510-123 45"})
    text = page(publish(access="<p>Ring {{telefon}}.</p>", body="<p>Eller {{ telefon }}.</p>").url)
    assert "<p>Ring 0510-123 45.</p>" in text
    assert "<p>Eller 0510-123 45.</p>" in text


@pytest.mark.parametrize("is_over", [False, True])
def test_a_cancelled_event_says_so_before_anything_else_and_invites_nobody(publish, page, clock, is_over):
    publish(slug="halvdag", title="Halvdag", lede="Välkommen till en halvdag.", status="cancelled")
    if is_over:
        clock.move_to(stockholm("2026-12-11 12:00"))
    text = page("/kalender/halvdag/")
    assert "<title>Inställt: Halvdag, 10 december" in text
    assert "<h1>Inställt: Halvdag</h1>" in text
    assert '<p class="lede muted">Den här träffen är inställd.' in text
    assert '<p class="lede muted">Välkommen' not in text


def test_a_past_event_says_when_it_was_and_offers_the_next(event, publish, page, clock):
    publish(title="Nästa gång", starts_at=stockholm("2027-01-14 09:00"))
    clock.move_to(event.ends_at)
    text = page("/kalender/2026-12-10-grunderna/")
    assert "Det här var 10 december." in text
    assert "Nästa gång, 14 januari" in text
    assert "paminn/" not in text


def test_an_event_that_is_over_has_no_seats_to_tell_of(publish, page, clock):
    event = publish(slug="halvdag", seats=40)
    assert "Platser finns, 40 i allt" in page("/kalender/halvdag/")
    clock.move_to(event.ends_at)
    assert "40 i allt" not in page("/kalender/halvdag/")


@pytest.mark.parametrize(("status", "struck"), [("cancelled", 1), ("planned", 0)])
def test_the_date_of_what_is_cancelled_is_struck_out(publish, page, status, struck):
    publish(slug="halvdag", status=status)
    assert page("/kalender/halvdag/").count("text-decoration:line-through") == struck


def test_an_event_in_progress_is_no_past_event_but_needs_no_reminder(event, page, clock):
    clock.move_to(event.starts_at + timedelta(minutes=1))
    text = page("/kalender/2026-12-10-grunderna/")
    assert "Det här var" not in text
    assert "paminn/" not in text


def test_a_cancelled_event_says_so_and_offers_the_next_but_no_reminder(publish, page, clock):
    publish(slug="halvdag", status="cancelled")
    publish(title="Nästa gång", starts_at=stockholm("2027-01-14 09:00"))
    text = page("/kalender/halvdag/")
    assert "<strong>Vi har fått ställa in.</strong><br>Nästa träff:" in text
    assert "Nästa gång, 14 januari" in text
    assert "paminn/" not in text
    assert "Lägg till i kalendern" not in text
    clock.move_to(stockholm("2026-12-11 09:00"))
    over = page("/kalender/halvdag/")
    assert "Det här skulle ha varit 10 december. Vi fick ställa in." in over
    assert "Det här var" not in over


@pytest.mark.parametrize(("tell_guests", "told"), [(True, 1), (False, 0)])
def test_a_cancelled_event_says_that_guests_are_told_only_where_they_are(publish, page, tell_guests, told):
    publish(slug="halvdag", status="cancelled", signup=True, tell_guests=tell_guests)
    assert page("/kalender/halvdag/").count("Alla anmälda får ett mejl.") == told


def test_a_moved_event_says_when_it_was_before(event, change, page):
    later = event.starts_at + timedelta(days=7)
    change(event, starts_at=later, ends_at=later + timedelta(hours=2), status="moved")
    assert "Flyttad från torsdag 10 december klockan 13.00." in page(event.url)
    assert "Flyttad från" not in page("/kalender/")


def test_an_event_that_only_changed_its_room_tells_no_other_time(event, change, page):
    change(event, place="Biblioteket", status="moved")
    text = page(event.url)
    assert "Ny tid eller plats" in text
    assert "Flyttad från" not in text


def test_markup_in_an_editor_s_plain_fields_is_shown_not_run(publish, page):
    publish(slug="halvdag", title="<script>x</script>", place="<b>Salen</b>", summary="<i>rad</i>")
    for address in ("/kalender/", "/kalender/halvdag/"):
        text = page(address)
        assert "<script>x" not in text
        assert "<b>Salen" not in text
        assert "<i>rad" not in text


def test_the_first_month_is_this_one_when_an_event_began_in_an_earlier(publish, page, clock):
    publish(starts_at=stockholm("2026-10-30 09:00"), ends_at=stockholm("2026-11-24 12:00"))
    assert clock
    assert NOON
    assert "November som månad" in page("/kalender/")


# --- A month as a page of its own ----------------------------------------------------------------
def test_a_month_has_its_grid_its_events_and_ways_to_the_months_beside(publish, page):
    publish(title="Frukost", starts_at=stockholm("2026-12-03 08:00"), ends_at=stockholm("2026-12-03 09:00"))
    publish(title="Nyår", starts_at=stockholm("2026-12-31 12:00"), ends_at=stockholm("2027-01-01 12:00"))
    publish(title="Februari", starts_at=stockholm("2027-02-03 08:00"))
    text = page("/kalender/2026/12/")
    assert "<h1>December 2026</h1>" in text
    assert 'rel="prev"' not in text
    assert 'rel="next" href="/kalender/2027/01/"' in text
    assert "Frukost" in text
    assert "Nyår" in text
    assert "Februari" not in text
    assert "Nyår" in page("/kalender/2027/01/")


def test_a_month_that_is_over_still_tells_what_was(publish, page):
    publish(title="I våras", starts_at=stockholm("2026-04-10 13:00"), seats=24, seats_taken=20)
    publish(title="Blev inte av", starts_at=stockholm("2026-04-11 13:00"), status="cancelled")
    text = page("/kalender/2026/04/")
    assert "I våras" in text
    assert (text.count("Har varit"), text.count(">Inställt<"), "kvar" in text) == (1, 1, False)


def test_an_empty_month_says_when_we_meet(event, page):
    text = page("/kalender/2026/11/")
    assert "Inget inplanerat i november. Vi ses i december." in text
    assert event.title in text
    assert "Vi ses i" not in page("/kalender/2027/01/")


def test_the_months_end_a_year_back_and_two_years_ahead(event, page, client):
    assert 'rel="prev"' not in page("/kalender/2025/11/")
    assert 'rel="next"' not in page("/kalender/2028/11/")
    for beyond in ("2025/10", "2028/12"):
        assert client.get(f"/kalender/{beyond}/").status_code == 404


@pytest.mark.parametrize(
    "month",
    [
        "2026/13",
        "2026/00",
        "2026/1",
        "2026/012",
        "0000/01",
        "9999/12",
        "99999/01",
        "2026",
        "abcd/ef",
        "２０２６/12",
    ],
)
def test_an_odd_month_is_a_missing_page(event, client, month):
    assert client.get(f"/kalender/{month}/").status_code == 404


def test_a_month_costs_the_same_with_one_event_and_with_eight(publish, client, django_assert_max_num_queries):
    counts = []
    for batch in (1, 7):
        for number in range(batch):
            publish(slug=f"traff-{batch}-{number}")
        client.get("/kalender/2026/12/?nr=varm")
        with django_assert_max_num_queries(40) as asked:
            client.get(f"/kalender/2026/12/?nr={batch}")
        counts.append(len(asked))
    assert counts[0] == counts[1]

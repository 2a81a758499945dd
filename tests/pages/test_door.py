"""Whole requests: which pages are kept, for whom, and that nobody gets another's or an old one."""

from __future__ import annotations

import re

import pytest
from django.core import signing
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from wagtail.models import Page, PageViewRestriction

from cms.models import PartPage, StandardPage
from shop import basket, freshness
from shop.basket import Basket, Row
from tests.staff import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

PART = "/filosofin/lyssna-fardigt/"
KEPT = ["/", PART, "/bocker/skriften/", "/kalender/", "/referenser/lidkopings-kommun/", "/om-oss/"]


def cookie(*skus: str) -> str:
    held = Basket({sku: Row(1, 5500) for sku in skus}, "key")
    content = {"k": held.key, "r": [[sku, 1, 5500] for sku in held.rows]}
    return f"{basket.COOKIE}={signing.dumps(content, salt=basket.SALT, compress=True)}"


@pytest.mark.parametrize("address", KEPT)
def test_a_warm_page_asks_the_database_nothing_and_is_the_same_page(
    address, reader, django_assert_num_queries
):
    cold = reader.get(address, Accept_Encoding="br, gzip")
    assert (cold.status, reader.kept) == (200, 1)
    with django_assert_num_queries(0):
        warm = reader.get(address, Accept_Encoding="br, gzip")
    assert warm == cold
    assert warm.headers["Content-Encoding"] == "br"


def test_every_page_of_the_tree_is_kept(reader):
    pages = [page.url for page in Page.objects.live().public().filter(depth__gt=1)]
    assert {reader.get(address).status for address in pages} == {200}
    assert reader.kept == len(pages)


def test_a_warm_page_has_every_header_of_safety(reader):
    reader.get(PART)
    headers = reader.get(PART).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in headers


def test_a_reader_who_has_the_page_gets_304_warm_or_cold(reader):
    etag = reader.get(PART).headers["ETag"]
    assert reader.get(PART, If_None_Match=etag).status == 304
    freshness.take_down()
    reader.later()
    made_anew = reader.get(PART, If_None_Match=etag)
    assert (made_anew.status, made_anew.sent) == (304, b"")
    assert made_anew.headers["ETag"] == etag


def test_head_is_the_page_without_its_body(reader):
    page = reader.get(PART, Accept_Encoding="gzip")
    head = reader.get(PART, method="HEAD", Accept_Encoding="gzip")
    assert (head.status, head.headers, head.sent) == (200, page.headers, b"")


def test_a_question_by_head_alone_keeps_nothing(reader):
    assert reader.get(PART, method="HEAD").status == 200
    assert reader.kept == 0


# --- Addresses ---------------------------------------------------------------------------------


def test_the_print_view_is_a_page_of_its_own(reader):
    plain, printed = reader.get(PART), reader.get(f"{PART}?utskrift=1")
    assert plain.headers["ETag"] != printed.headers["ETag"]
    assert (reader.get(PART), reader.get(f"{PART}?utskrift=1")) == (plain, printed)
    assert reader.kept == 2


@pytest.mark.parametrize("page", ["/", "/bocker/", "/bocker/skriften/", "/en/books/"])
def test_how_a_visitor_wants_to_see_prices_changes_no_reading_page_which_shows_both(reader, page):
    plain = reader.get(page)
    assert re.search(r"55\xa0kr|SEK\xa055", plain.text)
    assert re.search(r"51,89\xa0kr exkl\. moms|SEK\xa051\.89 excl\. VAT", plain.text)
    assert reader.get(page, cookie="moms=exkl") == plain
    assert reader.kept == 1


def test_a_page_that_was_first_read_by_who_chose_prices_without_vat_is_everybodys(reader):
    first = reader.get("/bocker/", cookie="moms=exkl")
    assert reader.get("/bocker/") == first


@pytest.mark.parametrize(
    "query", ["utm_source=brev", "fbclid=abc&utm_medium=x", "gclid=1", "&", "utm_x=%22%3E"]
)
def test_what_a_campaign_hangs_on_is_neither_seen_nor_kept(query, reader, monkeypatch):
    seen, serve = [], PartPage.serve

    def noted(self, request, *args, **kwargs):
        seen.append(request.get_full_path())
        return serve(self, request, *args, **kwargs)

    monkeypatch.setattr(PartPage, "serve", noted)
    assert reader.get(f"{PART}?{query}") == reader.get(PART)
    assert (seen, reader.kept) == ([PART], 1)


@pytest.mark.parametrize("query", ["utskrift=0", "utskrift=1&x=1", "x", "typ=kurs", "utskrift=1&utskrift=1"])
def test_any_other_question_is_answered_but_not_kept(query, reader):
    assert reader.get(f"/kalender/?{query}").status == 200
    assert reader.kept == 0


def test_ten_thousand_odd_addresses_are_not_kept(reader):
    for number in range(40):
        reader.get(f"/{number}/")
        reader.get(f"{PART}?sida={number}")
        reader.get(f"{PART}?{'x' * 10_000}{number}")
    assert reader.kept == 0


@pytest.mark.parametrize(
    "address", ["/finns-inte/", "/om-oss", "/varukorg/", "/sok/?q=lyssna", "/admin/login/", "/angra/"]
)
def test_what_is_no_page_for_all_is_not_kept(address, reader):
    reader.get(address)
    assert reader.kept == 0


def test_an_unknown_host_is_refused_also_when_the_page_is_warm(reader):
    reader.get(PART)
    assert reader.get(PART, Host="evil.example").status == 400
    assert reader.kept == 1


def test_invented_names_ports_and_schemes_take_no_room(reader, settings):
    """Each would be a page of its own, and push out those that people read."""
    settings.ALLOWED_HOSTS = [".exempel.se", "testserver"]
    settings.SITE_URL = "https://www.exempel.se"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    page = reader.get(PART)
    for number in range(3):
        assert reader.get(PART, Host=f"TestServer.:{8000 + number}") == page
        assert reader.get(PART, X_Forwarded_Proto=f"http{number}") == page
        assert reader.get(PART, Host=f"{number}.exempel.se").status == 200
    assert reader.kept == 1
    for name in ("exempel.se", "www.exempel.se"):
        reader.get(PART, Host=name)
    assert reader.kept == 3
    assert {reader.get(PART, Host=host).status for host in ("testserver:http", "testserver:1/", "")} == {400}


def test_http_still_leads_to_https_when_the_page_is_warm(reader, settings, monkeypatch):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 3600
    reader.get("/health/live")  # loads config.wsgi
    monkeypatch.setattr("config.wsgi._django", get_wsgi_application())
    for _time in range(2):
        encrypted = reader.get(PART, X_Forwarded_Proto="https")
        plain = reader.get(PART, X_Forwarded_Proto="http")
        assert (encrypted.status, encrypted.headers["Strict-Transport-Security"]) == (200, "max-age=3600")
        assert (plain.status, plain.headers["Location"]) == (301, f"https://testserver{PART}")


# --- Visitors ----------------------------------------------------------------------------------


def test_a_buyer_gets_the_same_page_with_a_count(reader, django_assert_num_queries):
    plain = reader.get(PART)
    with django_assert_num_queries(0):
        counted = reader.get(PART, Cookie=cookie("A", "B"), If_None_Match=plain.headers["ETag"])
    assert counted.status == 200
    assert ", antal titlar: </span>2</span>" in counted.text
    assert (counted.headers["Cache-Control"], counted.headers.get("ETag")) == ("private, no-store", None)
    assert reader.get(PART, Cookie=cookie("A", "B")) == counted
    assert reader.get(PART) == plain


def test_a_page_that_a_buyer_was_first_to_read_has_no_count_for_the_next(reader):
    assert "antal titlar" in reader.get(PART, Cookie=cookie("A")).text
    assert "antal titlar" not in reader.get(PART).text


@pytest.mark.parametrize(
    "held", [f"{basket.COOKIE}=forged", f"{basket.COOKIE}=", f"x{basket.COOKIE}=1", "=;=", "å"]
)
def test_a_cookie_that_is_no_basket_counts_nothing(held, reader):
    plain = reader.get(PART)
    assert reader.get(PART, Cookie=held) == plain


def test_staff_read_what_is_kept_but_what_they_are_shown_is_not_kept(reader):
    client = logged_in()
    session = f"sessionid={client.cookies['sessionid'].value}"
    page = StandardPage.objects.get(slug="om-oss")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    shown = reader.get("/om-oss/", Cookie=session)
    assert (shown.status, shown.headers["Cache-Control"].startswith("max-age=0")) == (200, True)
    assert reader.get(PART, Cookie=session).status == 200
    assert reader.kept == 0
    assert reader.get("/om-oss/").status == 302


def test_a_preview_is_not_kept(reader):
    page = StandardPage.objects.get(slug="om-oss")
    assert page.make_preview_request().status_code == 200
    assert reader.kept == 0


def test_a_page_of_ones_own_is_compressed_too(reader):
    answer = reader.get("/varukorg/", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Varukorg" in answer.text


# --- Changes -----------------------------------------------------------------------------------


def rename(title: str) -> None:
    PartPage.objects.filter(slug="lyssna-fardigt").update(title=title)
    freshness.take_down()


def test_a_change_is_seen_within_a_second_and_not_by_chance(reader):
    reader.get(PART)
    PartPage.objects.filter(slug="lyssna-fardigt").update(title="Hör färdigt")
    reader.later(1)
    assert "Hör färdigt" not in reader.get(PART).text  # nobody told
    freshness.take_down()
    reader.later(1)
    assert "Hör färdigt" in reader.get(PART).text


def test_a_change_that_nobody_told_of_is_seen_within_a_minute(reader):
    reader.get(PART)
    PartPage.objects.filter(slug="lyssna-fardigt").update(title="Hör färdigt")
    reader.later(60)
    assert "Hör färdigt" in reader.get(PART).text


def test_a_page_made_of_what_is_remembered_lasts_no_longer_than_that(reader):
    reader.get(PART)
    PartPage.objects.filter(slug="lyssna-fardigt").update(title="Hör färdigt")
    reader.later(59)
    assert "Hör färdigt" not in reader.get("/filosofin/").text
    reader.later(1)
    assert "Hör färdigt" in reader.get("/filosofin/").text


def test_a_page_that_was_published_while_it_was_made_is_not_kept_as_it_was(reader, monkeypatch):
    """The old text has been read from the database, then the new one is published, then the page is done."""
    serve = PartPage.serve

    def slowly(self, request, *args, **kwargs):
        response = serve(self, request, *args, **kwargs).render()
        rename("Hör färdigt")
        reader.later(1)
        reader.get("/om-oss/")  # another visitor, who has this process hear of the change
        return response

    with monkeypatch.context() as patch:
        patch.setattr(PartPage, "serve", slowly)
        assert "Hör färdigt" not in reader.get(PART).text
    assert "Hör färdigt" in reader.get(PART).text


def test_while_redis_is_silent_pages_are_made_anew(reader, monkeypatch):
    reader.get(PART)
    PartPage.objects.filter(slug="lyssna-fardigt").update(title="Hör färdigt")
    monkeypatch.setattr(freshness.watch, "_ask", lambda: None)
    reader.later(1)
    assert "Hör färdigt" in reader.get(PART).text
    assert reader.get(PART).status == 200


def test_with_an_emptied_redis_pages_are_made_anew_once(reader, django_assert_num_queries):
    reader.get(PART)
    cache.clear()
    reader.later(1)
    reader.get(PART)
    with django_assert_num_queries(0):
        reader.get(PART)

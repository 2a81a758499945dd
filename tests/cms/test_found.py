"""What search engines and share pages are told: head tags, JSON-LD, sitemap, robots."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from cms.models import ArticlePage, CasePage, EventPage, HomePage, PartPage, ProductPage, StandardPage
from shop.models import Company, Product, StockLevel
from tests import as_seeded
from tests.cms import vocabulary
from tests.cms.translating import in_english
from tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

SITE = "http://testserver"
ARTICLES = (PartPage, CasePage, ArticlePage)
PART = "/filosofin/lyssna-fardigt/"
BOOK = "/bocker/skriften/"
XML = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def html(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def graph(markup: str) -> list[dict[str, Any]]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', markup, re.DOTALL)
    assert len(blocks) == 1
    found = json.loads(blocks[0])
    assert found["@context"] == "https://schema.org"
    nodes: list[dict[str, Any]] = found["@graph"]
    return nodes


def node(client: Client, address: str, kind: str) -> dict[str, Any]:
    return next(one for one in graph(html(client, address)) if kind in vocabulary.types(one))


def kinds(markup: str) -> set[str]:
    return {kind for one in graph(markup) for kind in vocabulary.types(one)}


def meta(markup: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', markup))


def canonical(markup: str) -> list[str]:
    return re.findall(r'<link rel="canonical" href="([^"]+)"', markup)


def every_page() -> list[Page]:
    return list(Page.objects.live().filter(depth__gt=1).specific())


# --- JSON-LD ----------------------------------------------------------------------------------
def test_every_page_holds_to_the_vocabulary():
    for page in every_page():
        assert vocabulary.faults(graph(as_seeded.html(page.url))) == [], page.url


@pytest.mark.parametrize(
    ("model", "things"),
    [
        (HomePage, {"WebSite"}),
        (PartPage, {"BreadcrumbList", "Article"}),
        (CasePage, {"BreadcrumbList", "Article"}),
        (ArticlePage, {"BreadcrumbList", "Article"}),
        (EventPage, {"BreadcrumbList", "Event"}),
        (StandardPage, {"BreadcrumbList"}),
    ],
)
def test_each_type_of_page_tells_what_it_is_about(model, things):
    for page in model.objects.live():
        assert kinds(as_seeded.html(page.url)) == {"Organization", *things}, page.url


def test_a_printed_book_is_a_book_and_the_material_is_not(client):
    assert {"Product", "Book"} <= kinds(html(client, BOOK))
    assert "Book" not in kinds(html(client, "/utbildningsmaterial/vardskap-i-praktiken/"))


def test_the_offer_follows_price_and_stock(client):
    offer = node(client, BOOK, "Product")["offers"]
    assert (offer["price"], offer["priceCurrency"]) == ("55.00", "SEK")
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["url"] == SITE + BOOK
    Product.objects.filter(sku="SKRIFTEN").update(price_ore=57_50)
    StockLevel.objects.filter(product__sku="SKRIFTEN").update(on_hand=0)
    offer = node(client, BOOK, "Product")["offers"]
    assert (offer["price"], offer["availability"]) == ("57.50", "https://schema.org/OutOfStock")


def test_what_is_never_counted_never_runs_out(client):
    StockLevel.objects.filter(product__sku="SKRIFTEN").update(on_hand=0)
    Product.objects.filter(sku="SKRIFTEN").update(counted=False)
    assert node(client, BOOK, "Product")["offers"]["availability"] == "https://schema.org/InStock"


def test_a_number_that_is_not_known_is_not_told(client):
    assert not {"isbn", "gtin"} & set(node(client, BOOK, "Book"))
    Product.objects.filter(sku="SKRIFTEN").update(isbn="978-0-00-000000-2", gtin="0000000000000")
    found = graph(html(client, BOOK))
    assert vocabulary.faults(found) == []
    assert [one.get("isbn") for one in found if "isbn" in one] == ["9780000000002"]


@pytest.mark.parametrize("gone", [{"product": None}, {"product__active": False}])
def test_a_page_without_anything_to_sell_offers_nothing(client, gone):
    if "product" in gone:
        ProductPage.objects.filter(slug="skriften").update(product=None)
    else:
        Product.objects.filter(sku="SKRIFTEN").update(active=False)
    assert kinds(html(client, BOOK)) == {"Organization", "BreadcrumbList"}


def event(**facts: Any) -> str:
    """One of the demo's events with these facts; its address."""
    page = EventPage.objects.live().filter(online=facts.get("online", False)).first()
    assert page is not None
    for name, value in facts.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return str(page.url)


def test_an_event_starts_by_the_wall_clock_with_its_distance_to_utc(client):
    winter = datetime(2027, 1, 14, 12, 0, tzinfo=UTC)
    address = event(starts_at=winter, ends_at=winter + timedelta(hours=2))
    found = node(client, address, "Event")
    assert (found["startDate"], found["endDate"]) == (
        "2027-01-14T13:00:00+01:00",
        "2027-01-14T15:00:00+01:00",
    )
    summer = datetime(2027, 6, 14, 12, 0, tzinfo=UTC)
    address = event(starts_at=summer, ends_at=summer + timedelta(hours=2))
    assert node(client, address, "Event")["startDate"] == "2027-06-14T14:00:00+02:00"


@pytest.mark.parametrize(
    ("status", "told", "seats"),
    [
        ("planned", "EventScheduled", "InStock"),
        ("moved", "EventRescheduled", "InStock"),
        ("cancelled", "EventCancelled", "InStock"),
        ("full", "EventScheduled", "SoldOut"),
    ],
)
def test_an_events_status_is_told(client, status, told, seats):
    found = node(client, event(status=status, seats=None), "Event")
    assert found["eventStatus"] == f"https://schema.org/{told}"
    assert found["offers"]["availability"] == f"https://schema.org/{seats}"
    assert vocabulary.faults(graph(html(client, EventPage.objects.get(title=found["name"]).url))) == []


def test_a_moved_event_tells_when_it_was_before(client):
    first = datetime(2027, 1, 14, 12, 0, tzinfo=UTC)
    event(starts_at=first, ends_at=first + timedelta(hours=2))
    later = first + timedelta(days=7)
    page = EventPage.objects.get(starts_at=first, locale__language_code="sv")
    page.starts_at, page.ends_at, page.status = later, later + timedelta(hours=2), "moved"
    page.save_revision().publish()
    found = node(client, page.url, "Event")
    assert found["previousStartDate"] == "2027-01-14T13:00:00+01:00"
    assert found["startDate"] == "2027-01-21T13:00:00+01:00"
    page.title = "Nya ord"
    page.save_revision().publish()
    assert node(client, page.url, "Event")["previousStartDate"] == "2027-01-14T13:00:00+01:00"


def test_an_online_event_has_a_virtual_place_also_without_an_open_link(client):
    address = event(online=True, online_link="")
    found = node(client, address, "Event")
    assert found["location"] == {"@type": "VirtualLocation", "url": SITE + address}
    assert found["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"


@pytest.mark.parametrize(
    ("link", "way_in"), [("https://moten.example/frukost", "https://moten.example/frukost"), ("", "")]
)
def test_an_event_in_a_room_and_online_has_both_places(client, link, way_in):
    address = event(city="Lund", place="Salen", online_link=link)
    EventPage.objects.filter(slug=address.split("/")[-2]).update(online=not link)
    found = node(client, address, "Event")
    room, online = found["location"]
    assert (room["@type"], room["name"], room["address"]["addressLocality"]) == ("Place", "Salen", "Lund")
    assert online == {"@type": "VirtualLocation", "url": way_in or SITE + address}
    assert found["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert vocabulary.faults(graph(html(client, address))) == []


def test_an_event_whose_seats_are_all_taken_is_sold_out(client):
    found = node(client, event(seats=12, seats_taken=12), "Event")
    assert found["offers"]["availability"] == "https://schema.org/SoldOut"


def test_a_free_event_costs_nothing_and_other_prices_are_the_editors_words(client):
    found = node(client, event(free=True), "Event")
    assert (found["isAccessibleForFree"], found["offers"]["price"]) == (True, "0.00")
    found = node(client, event(free=False), "Event")
    assert (found["isAccessibleForFree"], found["offers"].get("price")) == (False, None)
    found = node(client, event(free=False, place_price_ore=195_000), "Event")
    assert (found["offers"]["price"], found["offers"]["priceCurrency"]) == ("1950.00", "SEK")


def test_the_breadcrumb_is_the_one_that_readers_see(client):
    markup = html(client, PART)
    shown = re.findall(r'<nav class="crumbs".*?</nav>', markup, re.DOTALL)[0]
    told = node(client, PART, "BreadcrumbList")["itemListElement"]
    assert [one["name"] for one in told] == re.findall(r"<li[^>]*>(?:<a[^>]*>)?([^<]+)", shown)
    assert [one["item"] for one in told] == [f"{SITE}/", f"{SITE}/filosofin/", SITE + PART]


def test_a_title_cannot_break_out_of_the_data(client):
    page = PartPage.objects.get(slug="lyssna-fardigt")
    page.title = '</script><script>alert(1)</script><!-- "&\\'
    page.save_revision().publish()
    markup = html(client, PART)
    assert "<script>alert" not in markup
    article = next(one for one in graph(markup) if one["@type"] == "Article")
    assert article["headline"] == page.title


@pytest.mark.parametrize(("extra", "refused"), [(b"", []), (b"<script>1</script>", ["script-src-elem"])])
def test_chromium_lets_the_data_stand_under_the_content_security_policy(client, open_page, extra, refused):
    answer = client.get(PART)
    page = open_page()
    page.add_init_script(
        "window.refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.violatedDirective))"
    )
    headers = {"Content-Type": "text/html", "Content-Security-Policy": answer["Content-Security-Policy"]}
    body = answer.content.replace(b"</body>", extra + b"</body>")
    page.route("**/*", lambda route: route.abort())
    page.route(f"{SITE}/sida", lambda route: route.fulfill(body=body, headers=headers))
    page.goto(f"{SITE}/sida")
    assert page.evaluate("refused") == refused
    assert json.loads(page.locator('script[type="application/ld+json"]').inner_text())["@graph"]


def test_the_vocabulary_sees_what_is_wrong():
    company = {"@type": "Organization", "@id": "x", "name": "V", "url": f"{SITE}/", "logo": f"{SITE}/a.svg"}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"@type": "Organisation"}, "unknown type"),
        ({"@type": "Brand"}, "lacks name"),
        ({**company, "emial": "a@b.example"}, "has no emial"),
        ({"@type": "Offer", "url": SITE, "availability": "InStock"}, "no member"),
        ({"@type": "UnitPriceSpecification", "price": 55.0, "priceCurrency": "SEK"}, "is no price"),
        ({"@type": "WebSite", "name": "V", "url": SITE, "publisher": {"@id": "y"}}, "is no"),
    ]
    for wrong, fault in cases:
        assert any(fault in told for told in vocabulary.faults([wrong])), wrong
    assert vocabulary.faults([company]) == []


# --- Tags in the head -------------------------------------------------------------------------
def test_every_page_says_where_it_belongs_and_how_it_is_shared():
    for page in every_page():
        markup = as_seeded.html(page.url)
        tags = meta(markup)
        assert canonical(markup) == [SITE + page.url]
        assert tags["og:url"] == SITE + page.url
        assert tags["og:site_name"] == "Värdskapet"
        assert tags["og:locale"] == ("en_GB" if page.url.startswith("/en/") else "sv_SE")
        assert tags["og:title"]
        assert tags["og:description"] == tags["description"] != ""
        assert tags["og:type"] == ("article" if isinstance(page, ARTICLES) else "website")
        assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
        assert tags["og:image"].startswith(SITE)
        assert tags["og:image:alt"]
        assert tags["twitter:card"] == "summary_large_image"
        assert "noindex" not in tags["robots"]


def test_a_year_of_articles_and_a_further_sheet_have_addresses_of_their_own(client, monkeypatch):
    year = ArticlePage.objects.live().years()[0]
    address = f"/artiklar/{year}/"
    assert canonical(html(client, address + "?utm_source=brev")) == [SITE + address]
    told = node(client, address, "BreadcrumbList")["itemListElement"]
    assert [(one["name"], one["item"]) for one in told][1:] == [
        ("Artiklar", f"{SITE}/artiklar/"),
        (str(year), SITE + address),
    ]
    monkeypatch.setattr("cms.models.articles.PER_SHEET", 2)
    assert canonical(html(client, "/artiklar/?sida=2")) == [f"{SITE}/artiklar/?sida=2"]
    assert canonical(html(client, "/artiklar/?sida=1")) == [f"{SITE}/artiklar/"]
    in_english(ArticlePage.objects.first().get_parent())
    for query, is_said in [("", True), ("?sida=1", True), ("?sida=2", False)]:
        head = html(client, f"/artiklar/{query}").partition("<body>")[0]
        assert ("hreflang" in head) is is_said, query


def test_a_month_has_an_address_of_its_own(client):
    day = EventPage.objects.upcoming(NOON).first().starts_at
    address = f"/kalender/{day:%Y/%m}/"
    markup = html(client, address)
    assert canonical(markup) == [SITE + address]
    assert "hreflang" not in markup.partition("<body>")[0]
    told = node(client, address, "BreadcrumbList")["itemListElement"]
    assert [one["item"] for one in told][1:] == [f"{SITE}/kalender/", SITE + address]
    assert meta(markup)["og:title"].endswith(str(day.year))


def test_an_article_names_its_author_and_the_day_that_stands_over_it(client):
    page = ArticlePage.objects.newest_first().first()
    page.author = "Karin Ek"
    page.save_revision().publish()
    article = node(client, page.url, "Article")
    assert article["author"] == {"@type": "Person", "name": "Karin Ek"}
    assert article["datePublished"] == page.date.isoformat()


@pytest.mark.parametrize("query", ["?utskrift=1", "?utm_source=brev", "?typ=kurs"])
def test_the_address_of_a_page_has_no_query(client, query):
    address = "/kalender/" if "typ" in query else PART
    assert canonical(html(client, address + query)) == [SITE + address]


def test_the_address_is_the_sites_whatever_name_was_asked(settings):
    settings.ALLOWED_HOSTS = ["*"]
    markup = Client(headers={"host": "annan.example"}).get(PART).content.decode()
    assert canonical(markup) == [SITE + PART]
    assert "annan.example" not in markup


def test_an_alias_belongs_where_the_original_stands(client):
    part = PartPage.objects.get(slug="lyssna-fardigt")
    alias = part.create_alias(update_slug="samma-igen", parent=part.get_parent())
    assert canonical(html(client, alias.url)) == [SITE + PART]


@pytest.mark.parametrize(
    "address", ["/varukorg/", "/kassa/", "/sok/?q=lyssna", "/angra/", "/finns-inte/", "/forfragan/?om={page}"]
)
def test_what_is_no_page_of_the_tree_is_not_for_search_engines(client, address):
    address = address.format(page=CasePage.objects.live()[0].pk)
    markup = client.get(address, follow=True).content.decode()
    assert "hreflang" not in markup.partition("<body>")[0]
    assert re.findall(r'<meta name="robots" content="([^"]+)"', markup) == ["noindex"]
    assert canonical(markup) == []
    assert kinds(markup) == {"Organization"}


def test_a_wrong_form_on_an_events_page_still_belongs_to_the_event(client):
    address = EventPage.objects.upcoming(NOON).exclude(status="cancelled").last().url
    answer = client.post(f"{address}paminn/", {"email": "fel", "lead": "1d"})
    assert answer.status_code == 422
    assert canonical(answer.content.decode()) == [SITE + address]


@pytest.mark.usefixtures("remembering")
def test_the_head_asks_for_the_pictures_once(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(40) as first:
        client.get(PART)
    with django_assert_max_num_queries(2) as second:
        client.get("/filosofin/oppna-dorren/")
    asked = [
        sum("cms_sharepicture" in one["sql"] for one in each.captured_queries) for each in (first, second)
    ]
    assert asked == [1, 0]


# --- sitemap.xml and robots.txt ---------------------------------------------------------------
def listed(client: Client) -> dict[str, str]:
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    rows = ElementTree.fromstring(answer.content).findall("s:url", XML)  # noqa: S314 - our own
    return {row.findtext("s:loc", "", XML): row.findtext("s:lastmod", "", XML) for row in rows}


def test_the_sitemap_lists_every_public_page_once(client):
    assert sorted(listed(client)) == sorted(SITE + page.url for page in every_page())


def test_a_page_in_two_languages_names_both_everywhere(client):
    part = PartPage.objects.get(slug="lyssna-fardigt")
    english = in_english(part)
    markup = html(client, english.url)
    assert canonical(markup) == [SITE + english.url]
    assert (meta(markup)["og:locale"], meta(markup)["og:locale:alternate"]) == ("en_GB", "sv_SE")
    assert vocabulary.faults(graph(markup)) == []
    assert node(client, english.url, "Article")["inLanguage"] == "en"
    assert node(client, "/en/", "WebSite")["potentialAction"]["target"]["urlTemplate"].startswith(
        f"{SITE}/en/"
    )
    assert meta(html(client, PART))["og:locale:alternate"] == "en_GB"
    rows = ElementTree.fromstring(client.get("/sitemap.xml").content).findall("s:url", XML)  # noqa: S314 - our own
    told = {
        row.findtext("s:loc", "", XML): {
            link.get("hreflang"): link.get("href") for link in row.findall("x:link", XML)
        }
        for row in rows
    }
    both = {"sv": SITE + PART, "en": SITE + english.url, "x-default": SITE + PART}
    assert told[SITE + PART] == told[SITE + english.url] == both
    english.unpublish()
    assert "og:locale:alternate" not in meta(html(client, PART))


def test_drafts_restricted_pages_and_aliases_are_not_listed(client):
    about, delivery = (StandardPage.objects.get(slug=slug) for slug in ("om-oss", "leverans"))
    part = PartPage.objects.get(slug="lyssna-fardigt")
    alias = part.create_alias(update_slug="samma-igen", parent=part.get_parent())
    PageViewRestriction.objects.create(page=about, restriction_type="login")
    delivery.unpublish()
    assert not {SITE + page.url for page in (about, delivery, alias)} & set(listed(client))


def test_a_page_is_changed_when_it_is_published_not_when_a_price_is(client):
    before = listed(client)[SITE + BOOK]
    assert datetime.fromisoformat(before).tzinfo is not None
    product = Product.objects.get(sku="SKRIFTEN")
    product.price_ore = 60_00
    product.save()
    assert listed(client)[SITE + BOOK] == before
    ProductPage.objects.get(slug="skriften").save_revision().publish()
    assert listed(client)[SITE + BOOK] > before


def test_the_sitemap_may_be_kept_and_costs_the_same_however_long(client, django_assert_max_num_queries):
    answer = client.get("/sitemap.xml")
    assert answer["Cache-Control"] == "public, max-age=600"
    assert client.get("/sitemap.xml", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert not answer.cookies
    with django_assert_max_num_queries(4):
        client.get("/sitemap.xml")


def test_a_document_that_names_no_icon_gets_the_sites_mark(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "public, max-age=86400")
    assert re.fullmatch(r"/static/img/mark[.0-9a-f]*\.svg", answer.headers["Location"])
    assert not answer.cookies


def test_robots_are_kept_from_what_is_ones_own_and_shown_the_map(client):
    answer = client.get("/robots.txt")
    lines = answer.content.decode().splitlines()
    assert answer["Content-Type"].startswith("text/plain")
    assert lines[0] == "User-agent: *"
    for path in ("/admin/", "/varukorg/", "/kassa/", "/order/", "/sok/"):
        assert f"Disallow: {path}" in lines
    assert lines[-1] == f"Sitemap: {SITE}/sitemap.xml"


def test_a_site_whose_company_is_not_filled_in_answers_too(client):
    Company.objects.all().delete()
    assert kinds(html(client, "/")) == {"Organization", "WebSite"}

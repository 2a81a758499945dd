"""The pages that readers meet, as the demo has them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page

from cms.models import PartPage, ProductPage, SiteTexts, StandardPage
from shop.models import Company, FreightMethod, Product, StockLevel, Terms
from tests import as_seeded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

ADDRESSES = [
    "/",
    "/filosofin/",
    *(
        f"/filosofin/{slug}/"
        for slug in (
            "oppna-dorren",
            "se-den-som-kommer",
            "lyssna-fardigt",
            "tjana-med-gladje",
            "ta-ansvar-for-motet",
            "visa-omtanke",
            "dela-det-du-kan",
            "hall-ihop-helheten",
            "var-varsam-med-dig-sjalv",
            "sag-hej-da-som-en-van",
        )
    ),
    "/bocker/",
    "/bocker/skriften/",
    "/bocker/det-goda-vardskapet/",
    "/utbildningsmaterial/",
    "/utbildningsmaterial/vardskap-i-praktiken/",
    "/kalender/",
    "/referenser/",
    "/referenser/lidkopings-kommun/",
    "/om-oss/",
    "/kontakt/",
    "/kopvillkor/",
    "/leverans/",
    "/personuppgifter/",
    "/tillganglighet/",
    "/sok/",
]


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\xa0", " ").replace("&nbsp;", " ").split())


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_has_one_heading_a_description_and_sets_no_cookie(address):
    answer = as_seeded.answer(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<h1") == 1
    assert re.search(r"<title>[^<]*Värdskap", page)
    assert not answer.cookies
    assert "Ångra avtalet här" in page
    assert re.search(r'<html lang="sv">', page)
    assert not re.search(r'(src|href)="https?://(?!testserver)[^"]*\.(js|css|png|woff2)', page)


def test_every_published_page_of_the_tree_answers():
    pages = Page.objects.live().filter(depth__gt=1)
    assert pages.count() >= 35
    for page in pages:
        assert as_seeded.answer(page.url).status_code == 200, page.url


@pytest.mark.parametrize(
    ("address", "door"),
    [
        ("/filosofin/lyssna-fardigt/", "Filosofin"),
        ("/bocker/skriften/", "Böcker"),
        ("/kalender/", "Kalender"),
        ("/referenser/lidkopings-kommun/", "Referenser"),
    ],
)
def test_the_header_marks_the_door_one_came_in_by(client, address, door):
    marked = re.findall(r'<nav class="nav".*?</nav>', html(client, address), re.DOTALL)[0]
    assert re.findall(r'aria-current="[a-z]+">([^<]+)<', marked) == [door]


def test_the_parts_lead_on_to_each_other_and_end_at_the_edges(client):
    first, third, last = (
        html(client, f"/filosofin/{slug}/")
        for slug in ("oppna-dorren", "lyssna-fardigt", "sag-hej-da-som-en-van")
    )
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last
    assert re.findall(r'href="([^"]+)" rel="(?:prev|next)"', third) == [
        "/filosofin/se-den-som-kommer/",
        "/filosofin/tjana-med-gladje/",
    ]
    assert "Del 3 av 10" in third


def test_each_part_has_350_to_700_words_of_text():
    for part in PartPage.objects.live():
        words = len(text(str(part.body)).split())
        assert 350 <= words <= 700, (part.title, words)


def test_the_book_page_shows_prices_and_promises_from_the_shops_own_data(client):
    page = text(html(client, "/bocker/skriften/"))
    for words in ("55 kr", "inklusive 6 % moms", "1–24", "25–99", "49 kr", "250 eller fler", "39 kr", "29 %"):
        assert words in page
    assert "Frakt 49 kr. Fri frakt från 500 kr." in page
    assert "Finns i lager. Skickas inom 1–2 vardagar." in page  # which holds at any hour of any day
    Product.objects.filter(sku="SKRIFTEN").update(price_ore=57_50)
    FreightMethod.objects.update(free_from_ore=None)
    page = text(html(client, "/bocker/skriften/"))
    assert "57,50 kr" in page
    assert "Frakt 49 kr." in page
    assert "Fri frakt" not in page


def test_a_sold_out_book_says_when_it_comes_back(client):
    StockLevel.objects.filter(product__sku="SKRIFTEN").update(on_hand=0)
    Product.objects.filter(sku="SKRIFTEN").update(restock_note="Nästa tryckning kommer vecka 50.")
    page = text(html(client, "/bocker/skriften/"))
    assert "Nästa tryckning kommer vecka 50." in page
    assert "Finns i lager" not in page


def test_a_product_that_is_no_longer_sold_leaves_the_shelf_and_has_no_button(client):
    Product.objects.filter(sku="SKRIFTEN").update(active=False)
    assert "/bocker/skriften/" not in re.findall(
        r'<article class="shelf__item">.*?</article>', html(client, "/bocker/"), re.DOTALL
    )
    assert "Lägg i varukorgen" not in html(client, "/bocker/skriften/")


def test_mixed_goods_name_both_rates(client):
    page = text(html(client, "/utbildningsmaterial/vardskap-i-praktiken/"))
    assert "inklusive 6 och 25 % moms (exempelpris)" in page


def test_the_terms_page_shows_the_version_in_force(client):
    Terms.objects.create(version="2099", valid_from=date(2099, 1, 1), body="<p>Framtidens villkor</p>")
    Terms.objects.create(version="ny", valid_from=date(2026, 11, 2), body="<p>Gäller nu: {{orgnr}}</p>")
    page = html(client, "/kopvillkor/")
    assert "Gäller nu: 559999-0008" in page
    assert "Framtidens villkor" not in page


def test_the_companys_facts_stand_in_one_place(client):
    Company.objects.update(phone="08-123 45 67", legal_name="Nya <b>Namnet</b> AB")
    page = html(client, "/personuppgifter/")
    assert 'href="tel:+4681234567"' in page
    assert "Nya &lt;b&gt;Namnet&lt;/b&gt; AB" in page
    assert "{{" not in page


def test_the_withdrawal_link_stays_whatever_the_footer_holds(client):
    texts = SiteTexts.load()
    texts.footer_columns = [("column", {"heading": "Allt", "links": []})]
    texts.save()
    assert '<a href="/angra/">Ångra avtalet här</a>' in html(client, "/")


def test_a_second_seed_changes_nothing_that_an_editor_has_changed():
    page = StandardPage.objects.get(slug="om-oss")
    page.title, page.slug = "Vilka vi är", "vilka-vi-ar"
    page.save_revision().publish()
    Product.objects.filter(sku="SKRIFTEN").update(price_ore=60_00)
    StandardPage.objects.get(slug="leverans").delete()
    before = {page.pk: page.latest_revision_id for page in Page.objects.all()}
    call_command("seed", verbosity=0)
    assert {page.pk: page.latest_revision_id for page in Page.objects.all()} == before
    assert StandardPage.objects.get(pk=page.pk).title == "Vilka vi är"
    assert Product.objects.get(sku="SKRIFTEN").price_ore == 60_00


def test_a_missing_page_is_a_closed_door_with_a_search_field(client):
    answer = client.get("/finns-inte/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Den här dörren leder ingenstans." in page
    assert 'name="q"' in page
    assert not answer.cookies


@pytest.mark.parametrize(
    "query",
    [
        "",
        "lyssna",
        "\x00",
        "<script>alert(1)</script>",
        "å" * 10_000,
        "' OR 1=1 --",
        "🎉",
        "\u202eabc",
        "AND OR NOT ()",
        '"',
        'a"b',
        "*",
        "%",
    ],
)
def test_search_takes_any_question(client, query):
    answer = client.get("/sok/", {"q": query})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_search_finds_a_part_a_book_and_an_event_under_their_headings(client):
    page = text(html(client, "/sok/?q=lyssna"))
    assert "Lyssna färdigt" in page
    assert "Filosofin" in page
    assert "Skriften om värdskap" in text(html(client, "/sok/?q=skriften"))


@pytest.mark.usefixtures("remembering")
@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 2),
        ("/filosofin/lyssna-fardigt/", 2),
        ("/bocker/skriften/", 2),
        ("/kalender/", 3),
        ("/om-oss/", 2),
    ],
)
def test_a_page_that_is_made_anew_asks_for_little(client, address, most, django_assert_max_num_queries):
    """The page itself; what pages share has been read. See docs/bench.md."""
    client.get(address)
    with django_assert_max_num_queries(most):
        client.get(address)


def test_a_page_without_a_product_still_answers(client):
    ProductPage.objects.filter(slug="skriften").update(product=None)
    assert "Den här säljer vi inte just nu." in html(client, "/bocker/skriften/")


def test_readers_get_the_same_bytes_and_buyers_a_count(client):
    bare = client.get("/bocker/skriften/").content
    assert bare == Client().get("/bocker/skriften/").content
    client.post("/varukorg/lagg-till/", {"sku": "SKRIFTEN", "quantity": "2"})
    counted = client.get("/bocker/skriften/")
    assert b'<span class="count">' in counted.content
    assert re.sub(rb'<span class="count">.*?</span>\d+</span>', b"<!--cart-count-->", counted.content) == bare
    assert counted["Cache-Control"] == "private, no-store"


def test_a_product_that_is_taken_off_sale_while_the_page_is_made_breaks_nothing(client, monkeypatch):
    offered = type(Product.objects).for_sale

    def just_now(products):
        Product.objects.filter(sku="SKRIFTEN").update(active=False)
        return offered(products)

    monkeypatch.setattr(type(Product.objects), "for_sale", just_now)
    page = client.get("/bocker/").content.decode()
    assert "Det goda värdskapet</a></h3>" in page
    assert "/bocker/skriften/" not in page.partition("<footer")[0]

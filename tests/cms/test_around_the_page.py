"""What every page has around it, and what stands in when a page is missing or broken."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import DatabaseError
from django.template import Context
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from cms.models import (
    CasePage,
    ContactPage,
    HomePage,
    PartPage,
    ProductPage,
    ShopIndexPage,
    SiteTexts,
    StandardPage,
)
from cms.tasks import publish_scheduled
from cms.templatetags.shelf import product_url
from cms.views import server_error
from shop import freshness
from shop.models import Company, Product, StockLevel, Terms
from tests import as_seeded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def html(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_print_view_keeps_the_text_and_says_how_to_print(client):
    page = html(client, "/filosofin/lyssna-fardigt/?utskrift=1")
    assert "Tryck Ctrl+P" in page
    assert "css/utskrift.css" in page
    assert '<link rel="canonical" href="http://testserver/filosofin/lyssna-fardigt/">' in page
    assert "Tystnaden är också ett svar" in page
    assert "Tryck Ctrl+P" not in html(client, "/filosofin/lyssna-fardigt/")


@pytest.mark.parametrize(
    "address", ["/filosofin/lyssna-fardigt/", "/referenser/lidkopings-kommun/", "/om-oss/"]
)
def test_an_article_can_be_shared_by_plain_links(client, address, settings):
    settings.SITE_URL = "https://ny.example"  # has moved since Wagtail's own row for the site was written
    page = html(client, address)
    row = re.findall(r'<div class="share.*?</details></div>', page, re.DOTALL)[0]
    assert re.findall(r'href="(?:https://(?:www\.)?)?([a-z]+)[.:?]', row) == [
        "mailto",
        "facebook",
        "x",
        "linkedin",
        "blogger",
    ]
    assert "onclick" not in row
    assert row.count(quote(f"https://ny.example{address}", safe="")) == 5
    assert "testserver" not in row


def test_no_page_holds_a_style_or_script_that_the_csp_refuses():
    for page in Page.objects.live().filter(depth__gt=1):
        assert as_seeded.answer(page.url).status_code == 200, page.url
        markup = as_seeded.html(page.url)
        assert "<style" not in markup
        assert re.findall(r"<script(?! type=\"module\" src=| type=\"application/ld\+json\">)", markup) == []
        assert re.findall(r"\son[a-z]+=", markup) == []


def test_the_withdrawal_link_stays_when_the_footer_is_emptied(client):
    SiteTexts.objects.update(footer_columns="[]")
    assert '<a href="/angra/">Ångra avtalet här</a>' in html(client, "/om-oss/")


def test_the_words_about_paying_are_the_editors(client):
    SiteTexts.objects.update(payment_note="Kort eller faktura.")
    assert "Kort eller faktura." in html(client, "/bocker/skriften/")


def outside_the_site() -> Page:
    return Page.get_first_root_node().add_child(instance=StandardPage(title="Lös", slug="los", body=[]))


def deleted() -> Page:
    page = StandardPage.objects.get(slug="om-oss")
    StandardPage.objects.get(slug="om-oss").delete()
    return page


def unpublished() -> Page:
    page = StandardPage.objects.get(slug="om-oss")
    page.unpublish()
    return page


@pytest.mark.parametrize("lost", [outside_the_site, deleted, unpublished])
def test_a_link_whose_page_is_lost_is_left_out_everywhere(lost, client):
    body = [("button", {"label": "Vilsen", "page": lost(), "address": ""})]
    texts, contact = SiteTexts.load(), ContactPage.objects.get(slug="kontakt")
    texts.doors = [("door", body[0][1]), *((door.block_type, door.value) for door in texts.doors)]
    texts.footer_columns = [("column", {"heading": "Spalt", "links": [body[0][1]]})]
    contact.body = body
    texts.save()
    contact.save()
    page = html(client, "/kontakt/")
    assert "Vilsen" not in page
    assert 'href=""' not in page
    assert ">Filosofin</a>" in page


def test_the_home_page_leads_to_no_page_that_is_unpublished(client):
    home = HomePage.objects.get(slug="start")
    for page in (home.hero_button_page, home.hero_more_page, home.case):
        page.unpublish()
    front = html(client, "/")
    for gone in (home.hero_button, home.hero_more, home.case_button):
        assert gone not in front
    CasePage.objects.live().first().next_page.unpublish()
    assert "Se utbildningsmaterialet" not in html(client, CasePage.objects.live().first().url)


@pytest.mark.parametrize("model", [Company, SiteTexts, Terms])
def test_a_site_without_its_facts_answers_without_empty_links(model, client):
    model.objects.all().delete()
    for page in Page.objects.live().filter(depth__gt=1):
        markup = html(client, page.url)
        assert not re.findall(r'<a [^>]*href="(?:|None|tel:\+?|mailto:)"', markup), page.url
        assert not re.findall(r"<a [^>]*>\s*</a>", markup), page.url
    assert "gärna: ." not in html(client, "/sok/?q=xyzzy")


def test_without_a_site_every_address_is_a_missing_page(client):
    Site.objects.all().delete()
    assert client.get("/").status_code == 404
    assert client.get("/sok/?q=lyssna").status_code == 200


def test_a_form_from_elsewhere_is_refused_in_our_own_words():
    answer = Client(enforce_csrf_checks=True).post("/kontakt/")
    assert answer.status_code == 403
    assert "Formuläret kom från ett annat håll" in answer.content.decode()
    assert "<style" not in answer.content.decode()


def test_what_cannot_be_read_is_answered_in_swedish(client):
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "Det där kunde vi inte läsa." in answer.content.decode()


def test_a_page_for_staff_leads_to_their_own_log_in(client):
    page = StandardPage.objects.get(slug="om-oss")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    answer = client.get("/om-oss/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/om-oss/")


@pytest.mark.parametrize("address", ["/", "/kontakt/", "/forfragan/", "/sok/", "/en/contact/", "/nope/"])
def test_a_method_that_no_page_has_is_told_as_that_and_not_as_a_forged_form(address):
    client = Client(enforce_csrf_checks=True)
    for method in (client.put, client.delete, client.patch):
        answer = method(address)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")


def test_a_broken_page_tells_so_with_the_companys_number():
    Company.objects.update(phone="08-123 45 67")
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "eller ring 08-123 45 67." in answer.content.decode()
    assert "<style" not in answer.content.decode()


def test_staff_read_words_of_their_own_on_a_broken_page(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = server_error(RequestFactory().get("/admin/pages/4/edit/")).content.decode()
    assert "Det som redan var sparat finns kvar." in page
    assert 'href="/admin/"' in page
    assert "varukorg" not in page


def test_a_broken_database_still_gives_the_broken_page(monkeypatch):
    def broken(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr(Company.objects, "values_list", broken)
    page = server_error(RequestFactory().get("/")).content.decode()
    assert "Prova igen om en stund." in page


@pytest.mark.parametrize(
    "address",
    ["/%00/", "/om-oss/%00", "/filosofin/%F0%9F%8E%89/", "/" + "a" * 5000 + "/", "/..%2F..%2Fetc/", "/%E5/"],
)
def test_a_strange_address_is_a_missing_page(client, address):
    assert client.get(address).status_code in {400, 404}


def test_a_part_moved_in_the_tree_gets_its_new_number(client):
    last = PartPage.objects.get(slug="sag-hej-da-som-en-van")
    last.move(PartPage.objects.get(slug="oppna-dorren"), pos="left")
    page = html(client, "/filosofin/sag-hej-da-som-en-van/")
    assert "Del 1 av 10" in page
    assert 'rel="prev"' not in page
    assert "Del 4 av 10" in html(client, "/filosofin/lyssna-fardigt/")


def test_the_first_shelf_shows_the_whole_shop_and_the_other_its_own(client):
    assert "Värdskap i praktiken" in html(client, "/bocker/")
    assert "Det goda värdskapet" not in html(client, "/utbildningsmaterial/")
    ShopIndexPage.objects.filter(slug="bocker").update(whole_shop=False)
    assert "/utbildningsmaterial/vardskap-i-praktiken/" not in html(client, "/bocker/")


def test_a_sold_out_book_offers_no_button_that_cannot_work(client):
    StockLevel.objects.filter(product__sku="SKRIFTEN").update(on_hand=0)
    page = html(client, "/bocker/skriften/")
    assert "Slut just nu." in page
    assert "Lägg i varukorgen" not in page


def test_many_products_find_their_pages_in_one_query(rf, django_assert_num_queries):
    context = Context({"request": rf.get("/")})
    products = list(Product.objects.all())
    ProductPage.objects.filter(product__sku="DET-GODA-VARDSKAPET").update(live=False)
    with freshness.one_request(only_reads=True):
        product_url(context, products[0])
        with django_assert_num_queries(0):
            addresses = [product_url(context, product) for product in products]
    assert addresses == ["/bocker/skriften/", "/bocker/", "/utbildningsmaterial/vardskap-i-praktiken/"]


def test_a_link_inside_the_terms_leads_to_its_page(client):
    page = StandardPage.objects.get(slug="leverans")
    Terms.objects.update(body=f'<p><a linktype="page" id="{page.pk}">Leverans</a></p>')
    assert '<a href="/leverans/">Leverans</a>' in html(client, "/kopvillkor/")


def test_a_scheduled_page_opens_when_its_hour_has_come(client, time_machine):
    page = StandardPage.objects.get(slug="om-oss")
    page.title = "Om oss i vår"
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision(approved_go_live_at=page.go_live_at)
    publish_scheduled()
    assert "Om oss i vår" not in html(client, "/om-oss/")
    time_machine.move_to(page.go_live_at + timedelta(minutes=1))
    publish_scheduled()
    assert "Om oss i vår" in html(client, "/om-oss/")

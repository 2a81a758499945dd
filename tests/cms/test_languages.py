"""Swedish at the root, English under /en/: the address decides, and nothing else does."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from cms.models import CaseIndexPage, HomePage, StandardPage
from tests.shopping import text
from tests.staff import in_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.mark.parametrize(
    ("name", "swedish", "english"),
    [
        ("shop:basket", "/varukorg/", "/en/basket/"),
        ("shop:add", "/varukorg/lagg-till/", "/en/basket/add/"),
        ("orders:checkout", "/kassa/", "/en/checkout/"),
        ("orders:withdraw", "/angra/", "/en/withdraw/"),
        ("orders:withdraw-confirm", "/angra/bekrafta/", "/en/withdraw/confirm/"),
        ("cms:search", "/sok/", "/en/search/"),
        ("kalender:feed", "/kalender.ics", "/en/calendar.ics"),
    ],
)
def test_an_address_reads_in_its_own_language(client, name, swedish, english):
    assert reverse(name) == swedish
    with override("en"):
        assert reverse(name) == english
    assert client.get(f"/en{swedish}").status_code == 404
    assert client.get(english.removeprefix("/en")).status_code == 404


@pytest.mark.parametrize(("address", "language"), [("/varukorg/", "sv"), ("/en/basket/", "en")])
def test_a_page_says_which_language_it_speaks_and_asks_no_browser(client, address, language):
    client.cookies["django_language"] = "en" if language == "sv" else "sv"
    answer = client.get(address, headers={"Accept-Language": "en" if language == "sv" else "sv"})
    assert f'<html lang="{language}">' in answer.content.decode()
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    "address", ["/de/", "/en-GB/", "/EN/", "/sv/", "/english/", "/en/nowhere/", "/en/%00/"]
)
def test_a_language_we_do_not_speak_is_a_missing_page(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert f'<html lang="{"en" if address.startswith("/en/") else "sv"}">' in answer.content.decode()


def test_an_address_without_its_last_stroke_leads_on_in_its_language(client):
    assert client.get("/en/basket").headers["Location"] == "/en/basket/"


def test_the_admin_keeps_its_users_language(client, admin_client, admin_user):
    UserProfile.objects.update_or_create(user=admin_user, defaults={"preferred_language": "en"})
    assert '<html lang="en"' in admin_client.get("/admin/").content.decode()
    assert '<html lang="sv"' in client.get("/admin/login/").content.decode()


def test_english_without_a_first_page_of_its_own_is_a_missing_page_and_no_swedish_feed(client):
    HomePage.objects.filter(locale__language_code="en").delete()
    assert client.get("/en/").status_code == 404
    assert client.get("/en/bocker/").status_code == 404
    assert client.get("/en/feed.xml").status_code == 404


def test_a_page_written_in_both_languages_names_them_both(client):
    swedish, english = client.get("/om-oss/").content.decode(), client.get("/en/about/").content.decode()
    assert alternates(swedish) == alternates(english)
    assert alternates(swedish) == {
        "sv": "http://testserver/om-oss/",
        "en": "http://testserver/en/about/",
        "x-default": "http://testserver/om-oss/",
    }
    assert across(swedish) == ("en", "/en/about/", "In English")
    assert across(english) == ("sv", "/om-oss/", "På svenska")


def test_a_translation_that_is_not_published_is_not_offered(client):
    StandardPage.objects.get(slug="about").unpublish()
    page = client.get("/om-oss/").content.decode()
    assert alternates(page) == {}
    assert across(page) == ("en", "/en/", "In English")


def test_an_editor_makes_a_pages_translation_in_the_admin(client):
    editor, page = in_role("Redaktör"), CaseIndexPage.objects.get(slug="referenser")
    address = reverse("simple_translation:submit_page_translation", args=[page.pk])
    assert address in editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    english = Locale.objects.get(language_code="en")
    editor.post(address, {"locales": [english.pk]})
    draft = page.get_translation(english)
    assert (draft.live, draft.get_parent().slug) == (False, HomePage.objects.get(locale=english).slug)
    draft.specific.save_revision().publish()
    assert across(client.get("/referenser/").content.decode()) == ("en", draft.url, "In English")


def test_a_page_in_one_language_leads_to_the_other_first_page(client):
    page = client.get("/referenser/").content.decode()
    assert alternates(page) == {}
    assert across(page) == ("en", "/en/", "In English")


def test_nothing_leads_to_a_language_whose_first_page_is_taken_down(client):
    """Those below it stay published, and answer 404 all the same."""
    HomePage.objects.get(locale__language_code="en").unpublish()
    assert client.get("/en/about/").status_code == 404
    for address in ("/", "/om-oss/", "/kalender/", "/varukorg/"):
        page = client.get(address).content.decode()
        assert alternates(page) == {}
        assert 'lang="en"' not in page, address
    assert "/en/" not in client.get("/sitemap.xml").content.decode()
    assert across(client.get("/en/basket/").content.decode())[1] == "/varukorg/"


@pytest.mark.parametrize(("here", "there"), [("/varukorg/", "/en/basket/"), ("/angra/", "/en/withdraw/")])
def test_the_basket_and_its_like_are_the_same_page_in_the_other_language(client, here, there):
    assert across(client.get(here).content.decode())[1] == there
    assert across(client.get(there).content.decode())[1] == here


def test_the_way_across_keeps_what_the_reader_asked_and_nothing_else(client):
    searched = client.get("/sok/?q=mod+%26+lugn%22&other=%3Cscript%3E").content.decode()
    assert across(searched)[1] == "/en/search/?q=mod+%26+lugn%22"
    assert across(client.get("/sok/?q=").content.decode())[1] == "/en/search/"
    swedish, english = StandardPage.objects.get(slug="om-oss"), StandardPage.objects.get(slug="about")
    only_swedish = CaseIndexPage.objects.get(slug="referenser")
    for here, there in [(swedish, english), (only_swedish, only_swedish)]:
        asking = client.get(f"/forfragan/?om={here.pk}&other=1").content.decode()
        assert across(asking)[1] == f"/en/enquiry/?om={there.pk}"
    assert (
        across(client.get(f"/en/enquiry/?om={english.pk}").content.decode())[1]
        == f"/forfragan/?om={swedish.pk}"
    )
    assert across(client.get("/forfragan/?om=99999999").content.decode())[1] == "/en/enquiry/"


def test_both_languages_share_one_basket(client):
    client.post("/varukorg/lagg-till/", {"sku": "SKRIFTEN", "quantity": "3"})
    answer = client.post("/en/basket/add/", {"sku": "DET-GODA-VARDSKAPET", "quantity": "1"})
    assert answer.headers["Location"].startswith("/en/basket/?")
    page = client.get("/en/basket/")
    assert '<html lang="en">' in page.content.decode()
    assert "165" in text(page)


def alternates(page: str) -> dict[str, str]:
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))


def across(page: str) -> tuple[str, str, str]:
    found = re.findall(r'<a href="([^"]+)" lang="(..)" hreflang="\2">([^<]+)</a>', page)
    (url, language, label) = found[0]
    return language, url, label

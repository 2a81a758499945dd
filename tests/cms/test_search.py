"""The site's search: what is found, in which order, how it is shown, and what it stands."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from wagtail.images.blocks import ImageBlock
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.search.models import IndexEntry

from cms.models import CalendarPage, EventPage, StandardPage
from cms.searching import index, words
from cms.tasks import publish_scheduled
from shop.models import Product
from tests.cms import every_block

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def html(client: Client, query: str, address: str = "/sok/") -> str:
    answer = client.get(address, {"q": query})
    assert answer.status_code == 200, query
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def plain(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def found(client: Client, query: str, address: str = "/sok/") -> list[str]:
    """The addresses of the hits, in their order."""
    return re.findall(r'<h3><a href="([^"]*)">', html(client, query, address))


def groups(client: Client, query: str) -> dict[str, list[str]]:
    sections = re.findall(r"<section[^>]*><h2>([^<]*)</h2>(.*?)</section>", html(client, query), re.DOTALL)
    return {name: re.findall(r'<h3><a href="([^"]*)">', inside) for name, inside in sections}


def status(client: Client, query: str) -> str:
    told = re.findall(r'<p role="status"[^>]*>(.*?)</p>', html(client, query), re.DOTALL)
    return plain(told[0]) if told else ""


def page(parent: Page, slug: str, model: type[Page] = StandardPage, **facts: Any) -> Page:
    new = parent.add_child(instance=model(slug=slug, **{"title": slug, **facts}))
    new.save_revision().publish()
    return new


@pytest.fixture
def home() -> Page:
    return Site.objects.get().root_page


# --- What is found first ----------------------------------------------------------------------------
WELCOME = {
    "/bocker/det-goda-vardskapet/",  # in its lede
    "/filosofin/oppna-dorren/",
    "/filosofin/hall-ihop-helheten/",
    "/referenser/lidkopings-kommun/",
    "/om-oss/",
}
HOST = ["/bocker/skriften/", "/bocker/det-goda-vardskapet/", "/utbildningsmaterial/vardskap-i-praktiken/"]


@pytest.mark.parametrize("query", ["välkommen", "välkomna", "valkomnande", "VÄLKOMNAR", "valkommen"])
def test_every_form_of_a_word_finds_the_pages_that_speak_of_it(query, client):
    hits = found(client, query)
    assert set(hits) == WELCOME
    assert hits[0] in {"/bocker/det-goda-vardskapet/", "/filosofin/oppna-dorren/"}


@pytest.mark.parametrize("query", ["värdskap", "vardskap", "värdskapet", "vardskp", "värsdkap"])
def test_a_word_without_its_dots_or_with_a_slip_finds_the_books_about_it_first(query, client):
    assert sorted(found(client, query)[:3]) == sorted(HOST)


FIRST = {
    "om oss": "/om-oss/",  # nothing but the smallest words, and a title
    "kontakt": "/kontakt/",
    "lyssna": "/filosofin/lyssna-fardigt/",
    "Lidköping": "/referenser/lidkopings-kommun/",
    "se den som kommer": "/filosofin/se-den-som-kommer/",
    "frukost": "/kalender/",
    "bok": "/bocker/",
    "SKRIFTEN": "/bocker/skriften/",  # also its article number
    "DET-GODA-VARDSKAPET": "/bocker/det-goda-vardskapet/",
    "hållbar kommun": "/referenser/lidkopings-kommun/",
    "ångerrätt": "/kopvillkor/",
    "oppna dorren": "/filosofin/oppna-dorren/",
    "lysna färdigt": "/filosofin/lyssna-fardigt/",
}


@pytest.mark.parametrize("query", FIRST)
def test_the_page_that_is_meant_comes_first(query, client):
    assert found(client, query)[0].startswith(FIRST[query])


def test_the_title_counts_before_the_lede_and_the_lede_before_the_text(client, home):
    page(home, "brodtext", body=[("text", "<p>Något om kvastskaft.</p>")], lede="Allt annat.")
    page(home, "rubrik", title="Kvastskaft", body=[("text", "<p>Annat.</p>")])
    page(home, "ingressen", lede="Mest om kvastskaft.", body=[("text", "<p>Annat.</p>")])
    expected = ["/rubrik/", "/ingressen/", "/brodtext/"]
    hits = found(client, "kvastskaft")
    # SQLite knows titles and texts only.
    assert (
        hits == expected
        if connection.vendor == "postgresql"
        else (hits[0], set(hits)) == ("/rubrik/", set(expected))
    )


def test_the_word_itself_comes_before_its_kin(client, home):
    page(home, "ett", body=[("text", "<p>Kvasten, kvastar, kvastgubben och kvastskaftet.</p>")])
    page(home, "tva", title="Kvastgubben")
    page(home, "tre", body=[("text", "<p>En kvast står i hörnet.</p>")])
    assert found(client, "kvast")[-1] == "/tva/"
    assert set(found(client, "kvast")) == {"/ett/", "/tva/", "/tre/"}
    assert found(client, "gubben") == ["/tva/", "/ett/"]  # the end of a compound


def test_all_words_must_stand_on_the_page_and_else_any_of_them_may(client):
    assert found(client, "lapp bygdegården") == ["/filosofin/oppna-dorren/"]
    assert "Ingen sida har alla orden" in status(client, "bygdegården sophämtningen")
    assert set(found(client, "bygdegården sophämtningen")) == {
        "/filosofin/oppna-dorren/",
        "/filosofin/hall-ihop-helheten/",
    }


# --- How it is shown --------------------------------------------------------------------------------
def test_hits_stand_under_the_headings_that_visitors_know(client):
    by_name = groups(client, "värdskap")
    assert list(by_name) == ["Böcker", *[name for name in by_name if name != "Böcker"]]
    assert set(by_name) <= {"Filosofin", "Böcker", "Kalender", "Referenser", "Artiklar", "Sidor"}
    assert "/filosofin/" in by_name["Filosofin"]
    assert set(HOST) == set(by_name["Böcker"])


def test_the_hit_stands_marked_in_its_context(client):
    shown = html(client, "bygdegården")
    assert "På dörren till <mark>bygdegården</mark> sitter en lapp." in shown
    assert "<mark>Lyssna</mark> färdigt</a>" in html(client, "lyssna")


def test_the_query_is_kept_in_the_field_and_told_in_the_title(client):
    shown = html(client, 'lyssna "färdigt"')
    assert 'value="lyssna &quot;färdigt&quot;"' in shown
    assert "<title>Sök: lyssna &quot;färdigt&quot; – Värdskapet</title>" in shown
    assert '<meta name="robots" content="noindex">' in shown


def test_the_number_of_hits_is_told(client):
    assert status(client, "lapp bygdegården") == "1 träff på ”lapp bygdegården”."
    assert status(client, "välkommen") == "5 träffar på ”välkommen”."


def test_a_slip_is_answered_with_what_was_meant_and_its_hits(client):
    assert status(client, "vardskp") == (
        "Vi hittade inget för ”vardskp”. Menade du värdskap ? Eller fråga oss: 08-555 000 00."
    )
    assert '<a href="/sok/?q=v%C3%A4rdskap">värdskap</a>?' in html(client, "vardskp")
    assert found(client, "vardskp") == found(client, "värdskap")


def test_a_compound_that_nobody_wrote_is_parted(client):
    assert "Menade du" in status(client, "receptionsbibliotek")
    assert found(client, "receptionsbibliotek")


def test_nothing_found_shows_the_telephone_and_the_doors(client):
    shown = html(client, "xyzzyqwert")
    assert (
        status(client, "xyzzyqwert") == "Vi hittade inget för ”xyzzyqwert”. Fråga oss gärna: 08-555 000 00."
    )
    main = shown.partition("<main")[2]
    assert "#lampi" in main
    for door in ("/filosofin/", "/bocker/", "/kalender/", "/referenser/"):
        assert f'href="{door}"' in main


def test_more_hits_than_anyone_reads_are_cut_and_told(client, home):
    for number in range(62):
        home.add_child(instance=StandardPage(title=f"Kvastskaft {number}", slug=f"k{number}"))
    assert len(found(client, "kvastskaft")) == 60
    assert status(client, "kvastskaft").startswith("Fler än 60 träffar på ”kvastskaft”. Här är de 60 bästa.")


def test_a_book_shows_its_price_and_that_it_is_sold_out(client):
    product = Product.objects.get(sku="SKRIFTEN")
    assert "55 kr" in plain(html(client, "skriften"))
    assert "Slut just nu" not in html(client, "skriften")
    product.stock.reserved = product.stock.on_hand
    product.stock.save()
    assert "Slut just nu" in html(client, "skriften")


def test_an_event_shows_its_day_and_state_and_what_is_over_comes_last(client, home):
    calendar, now = CalendarPage.objects.get(locale__language_code="sv"), timezone.now()
    for slug, days, state in (
        ("forra", -9, "planned"),
        ("nasta", 9, "planned"),
        ("instalt", 19, "cancelled"),
    ):
        starts = now + timedelta(days=days)
        page(
            calendar, slug, EventPage, title=f"Kvastbindning {slug}", city="Växjö",
            starts_at=starts, ends_at=starts + timedelta(hours=1), status=state,
        )  # fmt: skip
    hits = found(client, "kvastbindning")
    assert hits[-1] == "/kalender/forra/"
    shown = plain(html(client, "kvastbindning"))
    assert "Har varit" in shown
    assert "Inställt" in shown
    assert "Växjö" in shown


# --- What is not shown ------------------------------------------------------------------------------
def test_a_product_is_found_by_its_number_but_never_without_a_page(client):
    assert found(client, "DET-GODA-VARDSKAPET")[0] == "/bocker/det-goda-vardskapet/"
    Product.objects.create(sku="KVASTSKAFT", name="Kvastskaft", price_ore=100)
    assert found(client, "kvastskaft") == []


def test_drafts_kept_pages_and_what_lies_outside_the_site_are_not_found(client, home):
    page(home, "utkast", title="Kvastskaft ett").unpublish()
    kept = page(home, "hemlig", title="Kvastskaft två")
    PageViewRestriction.objects.create(page=kept, restriction_type=PageViewRestriction.LOGIN)
    page(Page.get_first_root_node(), "los", title="Kvastskaft tre")
    assert found(client, "kvastskaft") == []
    assert "kvastskaft" not in status(client, "kvastskft").replace("kvastskft", "")


def test_a_page_that_stands_at_two_places_is_found_once(client):
    about = StandardPage.objects.get(slug="om-oss")
    alias = about.create_alias(update_slug="samma-igen", parent=about.get_parent())
    assert client.get(alias.url).status_code == 200
    hits = found(client, about.title)
    assert about.url in hits
    assert alias.url not in hits


def test_a_page_is_found_as_soon_as_it_is_published_and_not_after_it_is_taken_back(client, home):
    new = home.add_child(instance=StandardPage(title="Kvastskaft", slug="k", live=False))
    assert found(client, "kvastskaft") == []
    new.save_revision().publish()
    assert found(client, "kvastskaft") == ["/k/"]
    assert found(client, "kvastskft") == ["/k/"]  # the vocabulary has followed
    new.title = "Borste"
    new.save_revision()
    assert found(client, "borste") == []
    new.save_revision().publish()
    assert (found(client, "borste"), found(client, "kvastskaft")) == (["/k/"], [])
    Page.objects.get(pk=new.pk).unpublish()
    assert found(client, "borste") == []


def test_a_page_that_the_schedule_publishes_is_found(client, home):
    new = home.add_child(instance=StandardPage(title="Kvastskaft", slug="k", live=False))
    new.go_live_at = timezone.now() - timedelta(minutes=1)
    new.save_revision(approved_go_live_at=new.go_live_at)
    assert found(client, "kvastskaft") == []
    publish_scheduled()
    assert found(client, "kvastskaft") == ["/k/"]


def test_the_index_can_be_made_anew(client):
    call_command("update_index", verbosity=0)
    assert set(found(client, "valkomnande")) == WELCOME


def indexed(home: Page) -> str:
    """All that the search has of the site that begins with a page."""
    return "\n".join(index.texts(index.Corpus(home)))


def test_an_empty_field_is_no_word(client, home):
    """A quote that nobody is named for, in the middle of a text; a picture that still waits for its words."""
    pieces = [
        ("text", "<p>Kvastskaft står i hörnet.</p>"),
        ("pull", {"quote": "Skulle du tala så till en gäst?"}),
        ("picture", {"image": every_block.shown_picture(alt="")}),
        ("picture", {"image": ImageBlock().normalize({"image": every_block.picture(), "alt_text": None})}),
        ("text", "<p>Tonen inåt hörs utåt.</p>"),
    ]
    page(home, "tom", body=pieces)
    assert "Skulle du tala så till en gäst? Tonen inåt hörs utåt." in plain(html(client, "kvastskaft"))


def test_every_piece_is_found_by_what_readers_read_of_it_and_nothing_else():
    """Not by its choices ("Rubrik", "Svenska"), an anchor or an address."""
    body = every_block.new_page().body
    text = " ".join(body.stream_block.get_searchable_content(body))
    for told in ("Så började det", "En medarbetare", "Receptionen efter ombyggnaden", "Två stolar", "7 år"):
        assert told in text
    for untold in ("None", "Rubrik", "Svenska", "/utbildningsmaterial/"):
        assert untold not in text


def test_no_page_of_the_demo_has_the_words_of_an_editors_choice_in_its_index(home):
    for tree in (home, home.get_translation(Locale.objects.get(language_code="en"))):
        assert re.findall(r".{,40}\b(?:None,|Vanlig\b|Underrubrik\b).{,40}", indexed(tree)) == []


def test_the_terms_that_a_page_shows_are_found(client):
    assert "/kopvillkor/" in found(client, "reklamation")


# --- What it stands ---------------------------------------------------------------------------------
ODD = [
    "", " ", "och", "och att det", "\x00", "\x00\x1b\x7f", "%", "_", "%_%", "'", "''", '"', '"""', "\\", "\\'",
    "a' | 'b", "lyssna & !färdigt", "lyssna:*", "lyssna:A", "(((", "AND", "OR", "NOT", "NEAR(a b)", "title: x",
    "lyssna*", "^lyssna", "-", "--", "- lyssna", "🙂", "lyssna 🙂", "½²", "à la carte", "<script>alert(1)</script>",
    "‮", "​", "日本語", "ß", "ﬃ", "İ", "1", "4 000", "a" * 10_000, "lyssna " * 2_000, "ö" * 5_000,
    "%s %d {} {{x}}", "{{telefon}}", "<mark>", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(ODD)))
def test_whatever_is_asked_is_answered_and_nothing_of_it_becomes_markup(number, client):
    query = ODD[number].encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    shown = html(client, query)
    assert "<script>" not in shown
    assert "alert(1)<" not in shown
    kept = re.findall(r'name="q" type="search" value="([^"]*)"', shown)
    assert kept == [escape(words.tidy(query))]


@pytest.mark.parametrize(
    "query", ['"lyssna färdigt"', "lyssna, färdigt.", "lyssna-färdigt", "(lyssna) färdigt?"]
)
def test_signs_around_the_words_do_no_harm(query, client):
    assert found(client, query)[0] == "/filosofin/lyssna-fardigt/"


def test_å_typed_as_two_signs_is_an_å(client):
    assert found(client, "a\u030angerra\u0308tt") == found(client, "ångerrätt")


def test_a_text_with_markup_in_it_stays_text(client, home):
    page(home, "farlig", title="<b>Kvastskaft</b>", lede="<script>alert('kvastskaft')</script>")
    shown = html(client, "kvastskaft")
    assert "&lt;b&gt;<mark>Kvastskaft</mark>&lt;/b&gt;" in shown
    assert "<script>alert" not in shown


def test_a_search_leaves_no_cookie(client):
    answer = client.get("/sok/", {"q": "lyssna"})
    assert not answer.cookies


@pytest.mark.parametrize("pages", [1, 50])
def test_a_search_costs_the_same_however_much_it_finds(pages, client, home, django_assert_max_num_queries):
    for number in range(pages):
        home.add_child(instance=StandardPage(title=f"Kvastskaft {number}", slug=f"k{number}"))
    html(client, "kvastskaft")  # warms what outlives a request
    with django_assert_max_num_queries(18):
        html(client, "kvastskaft")


def test_a_product_that_gets_another_name_is_meant_by_its_new_one(client):
    assert "Menade du" not in status(client, "Trappstegsboken")
    product = Product.objects.get(sku="SKRIFTEN")
    product.name = "Trappstegsboken"
    product.save()
    assert status(client, "trapstegsboken").startswith(
        "Vi hittade inget för ”trapstegsboken”. Menade du trappstegsboken"
    )
    assert found(client, "trapstegsboken") == ["/bocker/skriften/"]


# --- English ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("query", ["freight", "shipping", "delivery", "postage", "delivery cost"])
def test_words_that_mean_the_same_lead_to_the_same_page(query, client):
    assert found(client, query, "/en/search/")[0] == "/en/delivery/"


def test_the_english_address_finds_english_pages_in_english(client):
    english = in_english(Site.objects.get().root_page)
    page(english, "brooms", title="Brooms", locale=english.locale, lede="We were sweeping together.")
    assert found(client, "broom", "/en/search/") == ["/en/brooms/"]
    assert found(client, "sweep", "/en/search/") == ["/en/brooms/"]
    assert found(client, "lyssna", "/en/search/") == []
    assert found(client, "broom") == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no stems")
def test_each_page_is_stemmed_in_its_own_language(home):
    english = in_english(home)
    there = page(english, "brooms", title="Sweeping", locale=english.locale)
    here = page(home, "kvastar", title="Kvastarna")
    stems = {found.pk: str(IndexEntry.objects.get(object_id=str(found.pk)).title) for found in (there, here)}
    assert stems == {there.pk: "'sweep':1B", here.pk: "'kvast':1B"}


def in_english(home: Page) -> Page:
    english = Locale.objects.get(language_code="en")
    there = home.get_translation_or_none(english) or home.copy_for_translation(english)
    there.specific.save_revision().publish()
    return Page.objects.get(pk=there.pk)

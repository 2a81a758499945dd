"""Builds the page tree."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Page, Site

import cms.kalender.seed
from cms.models import (
    CaseIndexPage,
    CasePage,
    ContactPage,
    HomePage,
    PartPage,
    PhilosophyPage,
    ProductPage,
    ShopIndexPage,
    SiteTexts,
    StandardPage,
)
from cms.seed import articles, content, english
from cms.seed.tree import add, link_to
from shop.models import Product, Terms

# File, SKU, shelf, link on the shelf, the cover in words.
PRODUCTS = [
    (
        "skriften",
        "SKRIFTEN",
        "bocker",
        "Till skriften",
        "Omslag: Skriften om värdskap. Ett runt bord sett uppifrån med tio stolar, en utdragen.",
    ),
    (
        "det-goda-vardskapet",
        "DET-GODA-VARDSKAPET",
        "bocker",
        "Till boken",
        "Omslag: Det goda värdskapet. En öppen dörr med ljus som faller ut över golvet.",
    ),
    (
        "vardskap-i-praktiken",
        "VARDSKAP-I-PRAKTIKEN",
        "utbildningsmaterial",
        "Till materialet",
        "Asken Värdskap i praktiken: film, övningskort och handledarguide.",
    ),
]
CASES = ["lidkoping", "case-region", "case-hotell", "case-bibliotek"]
PAGES = ["om-oss", "kopvillkor", "leverans", "personuppgifter", "tillganglighet"]
TERMS_FROM = date(2026, 11, 1)


def run(*, now: datetime) -> None:
    """Build each language's tree once. Afterwards it is the editors': what they rename or remove stays so."""
    if not HomePage.objects.exists():
        _swedish(now=now)
    english.terms(TERMS_FROM)
    english.run()


def _swedish(*, now: datetime) -> None:
    _terms()
    home = _home()
    philosophy = _philosophy(home)
    shelves = _shelves(home)
    _products(shelves)
    cases = _cases(home, shelves["utbildningsmaterial"])
    for name in PAGES:
        _standard(home, content.read(f"sidor/{name}"))
    _contact(home, content.read("sidor/kontakt"))
    articles.run(home)
    cms.kalender.seed.run(home, now=now)
    _finish_home(home, philosophy, shelves["bocker"], cases)
    _chrome(home)


def _terms() -> None:
    """The terms stand as a version of their own, since orders keep theirs."""
    page, letter = content.read("sidor/kopvillkor"), content.read("leveranstexter")
    Terms.objects.get_or_create(
        version=letter["version"],
        language="sv",
        defaults={"valid_from": TERMS_FROM, **content.terms(page, letter)},
    )


def _home() -> HomePage:
    """The home page takes the place of Wagtail's welcome page."""
    text = content.read("hem")
    fields = {name: value for name, value in text.items() if hasattr(HomePage, name)}
    home = add(
        Page.get_first_root_node(),
        HomePage,
        "start",
        title="Värdskapet – konsten att få människor att känna sig välkomna",
        search_description=text["description"],
        **fields,
    )
    _site(home)
    return home


def _site(home: HomePage) -> None:
    address = urlsplit(settings.SITE_URL)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    welcome = site.root_page if site.pk else None
    site.hostname, site.port = (
        address.hostname or "localhost",
        address.port or (443 if address.scheme == "https" else 80),
    )
    site.root_page, site.site_name = home, "Värdskapet"
    site.save()
    if welcome and welcome.depth == home.depth and not welcome.get_children().exists():
        Page.objects.get(pk=welcome.pk).delete()


def _philosophy(home: HomePage) -> PhilosophyPage:
    text = content.read("filosofin")
    overview = add(
        home,
        PhilosophyPage,
        "filosofin",
        title=text["title"],
        lede=text["lede"],
        intro=text["intro"].strip(),
        search_description=text["description"],
        show_in_menus=True,
    )
    for name in content.names("delar"):
        _part(overview, content.read(name))
    return overview


def _part(overview: PhilosophyPage, text: dict[str, Any]) -> None:
    add(
        overview,
        PartPage,
        text["slug"],
        title=text["title"],
        lede=text["lede"],
        reading_minutes=text["reading_minutes"],
        colour=text["colour"],
        drawing=text["drawing"],
        body=content.body(text["body"]),
        search_description=text["description"],
        **content.exercise(text["exercise"]),
    )


def _shelves(home: HomePage) -> dict[str, ShopIndexPage]:
    text = content.read("bocker")
    books = add(
        home,
        ShopIndexPage,
        "bocker",
        title=text["title"],
        lede=text["lede"],
        whole_shop=True,
        organisation_title=text["organisation_title"],
        organisation_text=text["organisation_html"].strip(),
        search_description=text["description"],
        show_in_menus=True,
    )
    material = add(
        home,
        ShopIndexPage,
        "utbildningsmaterial",
        title="Utbildningsmaterial",
        lede="Filmer, övningar och handledarguide för samtal om bemötande på den egna arbetsplatsen.",
        search_description="Utbildningsmaterial om värdskap: filmer, övningar och handledarguide för arbetsgrupper.",
    )
    return {"bocker": books, "utbildningsmaterial": material}


def _products(shelves: dict[str, ShopIndexPage]) -> None:
    for name, sku, shelf, link, cover in PRODUCTS:
        text = content.read(name)
        add(
            shelves[shelf],
            ProductPage,
            text["slug"],
            title=text["title"],
            product=Product.objects.get(sku=sku),
            lede=text["lede"],
            card_text=text["card_text"],
            card_link=link,
            cover_text=cover,
            body_heading=text["body_heading"],
            body=[("text", text["body_html"].strip())],
            facts=content.facts(text["facts"]),
            search_description=text["description"],
            **content.spread(text.get("spread")),
        )


def _cases(home: HomePage, material: ShopIndexPage) -> CaseIndexPage:
    text = content.read("referenser")
    cases = add(
        home,
        CaseIndexPage,
        "referenser",
        title=text["title"],
        lede=text["lede"],
        search_description=text["description"],
        show_in_menus=True,
    )
    for name in CASES:
        story = content.read(name)
        add(
            cases,
            CasePage,
            story["slug"],
            title=story["title"],
            client=story["eyebrow"],
            lede=story["lede"],
            card_text=story["card_text"],
            is_example=story["example"],
            note=story["example_note"],
            facts=content.facts(story["facts"]),
            interview=content.interview(story["interview"]),
            next_page=material,
            search_description=story["description"],
        )
    return cases


def _standard(home: HomePage, text: dict[str, Any]) -> None:
    terms = text["slug"] == "kopvillkor"
    add(
        home,
        StandardPage,
        text["slug"],
        title=text["title"],
        lede=text["lede"],
        body=[("terms", None)] if terms else content.body(text["body"]),
        search_description=text["description"],
    )


def _contact(home: HomePage, text: dict[str, Any]) -> None:
    add(
        home,
        ContactPage,
        text["slug"],
        title=text["title"],
        lede=text["lede"],
        form_title=text["form_title"],
        form_text=text["form_text"],
        directions=text["directions"],
        body=content.body(text["body"]),
        search_description=text["description"],
    )


def _finish_home(home: HomePage, philosophy: Page, books: Page, cases: Page) -> None:
    """Links that could not be made before their pages."""
    home.hero_button_page = philosophy
    home.hero_more_page = books.get_children().filter(slug="skriften").first()
    home.case = CasePage.objects.child_of(cases).filter(is_example=False).first()
    home.save_revision().publish()


def _chrome(home: HomePage) -> None:
    texts = SiteTexts.load()
    pages = {page.slug: page for page in home.get_children()}
    doors = [
        ("Filosofin", "filosofin"),
        ("Böcker", "bocker"),
        ("Kalender", "kalender"),
        ("Referenser", "referenser"),
    ]
    texts.doors = [("door", link_to(label, pages[slug])) for label, slug in doors]
    texts.footer_columns = [("column", column) for column in _columns(pages)]
    texts.save()


def _columns(pages: dict[str, Page]) -> list[dict[str, Any]]:
    columns = {
        "Läs": [
            ("Filosofin i tio delar", "filosofin"),
            ("Artiklar", "artiklar"),
            ("Referenser", "referenser"),
            ("Om oss", "om-oss"),
        ],
        "Beställ": [
            ("Böcker och material", "bocker"),
            ("Leverans och retur", "leverans"),
            ("För kommuner och företag", "/bocker/#organisationer"),
        ],
        "Bra att veta": [
            ("Köpvillkor", "kopvillkor"),
            ("Så hanterar vi dina uppgifter", "personuppgifter"),
            ("Tillgänglighet", "tillganglighet"),
            ("Kontakt", "kontakt"),
        ],
    }
    return [
        {"heading": heading, "links": [link_to(label, pages.get(place), place) for label, place in links]}
        for heading, links in columns.items()
    ]

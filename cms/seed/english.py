"""The English tree: translations of the Swedish pages, from the texts in content/en/."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale, Page

import cms.kalender.seed
from cms.models import HomePage, SiteTexts
from cms.seed import content
from cms.seed.tree import link_to, translate
from shop.language import ENGLISH
from shop.models import Terms

# In this order: a page comes after the one it stands below.
TEXTS = [
    "philosophy",
    *(f"parts/{name}" for name in ("01-open-the-door", "02-see-who-comes", "03-listen-to-the-end")),
    "books",
    "booklet",
    "book",
    *(
        f"pages/{name}"
        for name in ("about", "contact", "terms", "delivery", "personal-data", "accessibility")
    ),
]
# Read from the file as they stand.
SAME = (
    *("title", "slug", "lede", "card_text", "card_link", "cover_text", "body_heading", "companions_title"),
    *("form_title", "form_text", "directions"),
)
# What the Swedish first page tells of, and the English one does not.
LEFT_OUT = ("case_eyebrow", "case_title", "case_lede", "case_button", "more_cases_title")


def run() -> None:
    """Build the tree once, also in a database that was seeded before there was one."""
    swedish = HomePage.objects.filter(depth=2).exclude(locale__language_code=ENGLISH).first()
    locale = Locale.objects.get(language_code=ENGLISH)
    if swedish is None or swedish.has_translation(locale):
        return
    home = _home(swedish, locale)
    pages = {"": home}
    for name in TEXTS:
        text = content.read(f"en/{name}")
        source = Page.objects.filter(url_path=f"{swedish.url_path}{text['swedish']}/").first()
        parent = source.get_parent().get_translation_or_none(locale) if source else None
        if source and parent:
            pages[text["slug"]] = translate(source.specific, parent, locale, _fields(text))
    if calendar := cms.kalender.seed.in_english(home):
        pages[calendar.slug] = calendar
    _finish_home(home, pages)
    _chrome(pages)


def terms(valid_from: Any) -> None:
    page, letter = content.read("en/pages/terms"), content.read("en/letters")
    Terms.objects.get_or_create(
        version=letter["version"],
        language=ENGLISH,
        defaults={"valid_from": valid_from, **content.terms(page, letter)},
    )


def _home(swedish: HomePage, locale: Locale) -> HomePage:
    text = content.read("en/home")
    fields: dict[str, Any] = {name: value for name, value in text.items() if hasattr(HomePage, name)}
    fields |= {**dict.fromkeys(LEFT_OUT, ""), "case": None, "search_description": text["description"]}
    home: HomePage = translate(swedish, swedish.get_parent(), locale, {**fields, "slug": "start-en"})
    return home


def _finish_home(home: HomePage, pages: dict[str, Page]) -> None:
    home.refresh_from_db()  # the tree has counted its children meanwhile
    home.hero_button_page, home.hero_more_page = pages.get("philosophy"), pages.get("booklet")
    home.save_revision().publish()


def _fields(text: dict[str, Any]) -> dict[str, Any]:
    """The file's texts as the page's own fields. The terms themselves stand in shop.Terms."""
    fields: dict[str, Any] = {name: text[name] for name in SAME if name in text}
    fields["search_description"] = text["description"]
    for name in ("intro", "organisation_title"):
        if name in text:
            fields[name] = text[name].strip()
    if "organisation_html" in text:
        fields["organisation_text"] = text["organisation_html"].strip()
    if "body" in text and text["slug"] != "terms":
        fields["body"] = content.body(text["body"])
    if "body_html" in text:
        fields["body"] = [("text", text["body_html"].strip())]
    if "facts" in text:
        fields["facts"] = content.facts(text["facts"])
    return {**fields, **content.exercise(text.get("exercise")), **content.spread(text.get("spread"))}


def _chrome(pages: dict[str, Page]) -> None:
    texts = SiteTexts.load()
    # Four words fit side by side on a narrow phone; "Contact" stands in the foot.
    doors = [
        ("Philosophy", "philosophy"),
        ("Books", "books"),
        ("Calendar", "calendar"),
        ("About us", "about"),
    ]
    texts.doors_en = [("door", link_to(label, pages[slug])) for label, slug in doors if slug in pages]
    texts.footer_columns_en = [("column", column) for column in _columns(pages)]
    texts.save()


def _columns(pages: dict[str, Page]) -> list[dict[str, Any]]:
    columns = {
        "Read": [("The philosophy", "philosophy"), ("Calendar", "calendar"), ("About us", "about")],
        "Order": [("Books", "books"), ("Delivery and returns", "delivery")],
        "Good to know": [
            ("Terms of sale", "terms"),
            ("How we handle your data", "personal-data"),
            ("Accessibility", "accessibility"),
            ("Contact", "contact"),
        ],
    }
    return [
        {"heading": heading, "links": [link_to(label, pages[slug]) for label, slug in links if slug in pages]}
        for heading, links in columns.items()
    ]

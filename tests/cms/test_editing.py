"""The pages as editors meet them: forms, previews and the block picker in Wagtail's admin, in Swedish."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.blocks import Block
from wagtail.models import Page, Site

from cms import blocks
from cms.models import (
    ArticlePage,
    CalendarPage,
    CaseIndexPage,
    CasePage,
    ContactPage,
    EventPage,
    HomePage,
    NewsIndexPage,
    PartPage,
    PhilosophyPage,
    ProductPage,
    ShopIndexPage,
    SiteTexts,
    StandardPage,
)
from shop.models import Terms

OWN_PAGES: list[Any] = [
    HomePage,
    PhilosophyPage,
    PartPage,
    ShopIndexPage,
    ProductPage,
    CaseIndexPage,
    CasePage,
    NewsIndexPage,
    ArticlePage,
    StandardPage,
    ContactPage,
    CalendarPage,
    EventPage,
]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_every_page_of_the_demo_opens_for_editing_in_swedish(admin_client):
    for page in Page.objects.filter(depth__gt=1):
        form = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert form.status_code == 200, page
        assert "Publicera" in form.content.decode()


def test_the_terms_open_for_editing(admin_client):
    terms: Any = Terms.objects.get(language="sv")
    form = admin_client.get(reverse(terms.snippet_viewset.get_url_name("edit"), args=[terms.pk]))
    assert form.status_code == 200


def test_a_part_that_was_never_published_can_be_previewed_as_the_last(admin_client):
    overview = PhilosophyPage.objects.get(slug="filosofin")
    part = PartPage(title="Elfte delen", slug="elfte", lede="Ny.", live=False, body=[])
    overview.add_child(instance=part)
    part.save_revision()
    preview = admin_client.get(reverse("wagtailadmin_pages:view_draft", args=[part.pk])).content.decode()
    assert "Del 11 av 11" in preview
    assert 'rel="prev"' in preview
    assert "Elfte delen" not in admin_client.get("/filosofin/").content.decode()


BELONGS = {
    HomePage: {Page},
    PhilosophyPage: {HomePage},
    PartPage: {PhilosophyPage},
    ShopIndexPage: {HomePage},
    ProductPage: {ShopIndexPage},
    CaseIndexPage: {HomePage},
    CasePage: {CaseIndexPage},
    StandardPage: {HomePage, StandardPage},
    CalendarPage: {HomePage},
    ContactPage: {HomePage},
    NewsIndexPage: {HomePage},
    ArticlePage: {NewsIndexPage},
    EventPage: {CalendarPage},
}


@pytest.mark.parametrize(
    ("model", "parents"), BELONGS.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_a_page_can_only_be_made_where_it_belongs(model, parents):
    assert set(model.allowed_parent_page_models()) == parents


def test_no_page_type_can_be_put_just_anywhere():
    """Also one that is added later says what it may stand under, and pages without children say so."""
    types: list[Any] = [
        model for model in apps.get_models() if issubclass(model, Page) and model._meta.app_label == "cms"
    ]
    assert [model for model in types if len(model.allowed_parent_page_models()) > 3] == []
    leaves: set[Any] = {PartPage, ProductPage, CasePage, ArticlePage, EventPage}
    assert {model for model in leaves if model.allowed_subpage_models()} == set()


PREVIEWED = [
    blocks.TextSectionBlock,
    blocks.HeadingBlock,
    blocks.ExerciseBlock,
    blocks.FilmBlock,
    blocks.OutsideFilmBlock,
    blocks.FileBlock,
    blocks.EventBlock,
    blocks.PullQuoteBlock,
    blocks.PictureBlock,
    blocks.QuestionBlock,
    blocks.FactBlock,
    blocks.PanelBlock,
    blocks.TableBlock,
    blocks.ProductBlock,
    blocks.ButtonBlock,
    blocks.TermsBlock,
]


@pytest.mark.parametrize("kind", PREVIEWED)
def test_every_block_can_be_seen_in_the_block_picker(kind, admin_client):
    block = next(known for known in Block.definition_registry.values() if type(known) is kind)
    assert block.is_previewable
    assert block.meta.description
    preview = admin_client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert preview.status_code == 200
    assert "css/vardskapet.css" in preview.content.decode()


def test_the_header_and_footer_are_edited_in_the_admin(admin_client):
    address = reverse("wagtailsettings:edit", args=["cms", "sitetexts", SiteTexts.load().pk])
    form = admin_client.get(address).content.decode()
    assert "sidhuvudets länkar".capitalize() in form
    assert json.dumps("Filosofin").strip('"') in form


def test_a_link_wants_a_page_or_an_address():
    link = blocks.LinkBlock()
    assert link.clean(link.normalize({"label": "Varukorg", "page": None, "address": "/varukorg/"}))
    for address in ("", "javascript:alert(1)", "varukorg"):
        with pytest.raises(ValidationError):
            link.clean(link.normalize({"label": "Fel", "page": None, "address": address}))


def test_a_renamed_page_leads_on_from_its_old_address(client, django_capture_on_commit_callbacks):
    page = StandardPage.objects.get(slug="om-oss")
    page.slug = "vilka-vi-ar"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    old = client.get("/om-oss/")
    assert (old.status_code, old["Location"]) == (301, "/vilka-vi-ar/")


def test_the_site_stands_at_the_address_of_the_settings(settings):
    site = Site.objects.get(is_default_site=True)
    assert site.root_url == settings.SITE_URL
    assert HomePage.objects.get(slug="start") == site.root_page.specific

"""From the first word to a published page, for editors who never saw the admin before."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from wagtail.fields import StreamField
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, rich_text, streamfield

from cms.editing import PROMOTE_PANELS, PageForm
from cms.models import ArticlePage, CasePage, EventPage, PartPage, PhilosophyPage, StandardPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

PAGE_TYPES: list[Any] = [
    model for model in apps.get_models() if issubclass(model, Page) and model._meta.app_label == "cms"
]
TEXT = rich_text("<p>Hej.</p>")
NAMES = [model.__name__ for model in PAGE_TYPES]


def editor(*permissions: str, name: str = "elin", below: Page | None = None) -> Client:
    """Somebody whose group may do these things at a page and below it, else everywhere: `add_page`, `publish_page`."""
    group = Group.objects.create(name=f"{name}s grupp")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in permissions:
        permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(
            group=group, page=below or Page.get_first_root_node(), permission=permission
        )
    user = get_user_model()._default_manager.create(username=name, is_staff=True)
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


def buttons_in_sight(html: str) -> list[str]:
    """The names of the buttons before the menu with further actions; the nameless one saves a draft."""
    bar = html[html.index("footer__container") :]
    bar = bar[: bar.index("</nav>")].partition('data-controller="w-dropdown"')[0]
    tags = re.findall(r"<button[^>]*>", bar)
    names = [re.search(r' name="([^"]+)"', tag) for tag in tags]
    return [name[1] if name else "save" for name in names]


def typed_form(client: Client, page: Page, **facts: str) -> QueryDict:
    """What the browser sends of the page's form. Blocks are drawn by script: each text gets one that will do."""
    typed: QueryDict = querydict_from_html(form_of(client, page), form_id="page-edit-form")
    for field in type(page)._meta.get_fields():
        if isinstance(field, StreamField):
            blocks = {
                "body": [("text", TEXT)],
                "interview": [("question", {"question": "Hur?", "answer": TEXT})],
            }
            typed.update(nested_form_data({field.name: streamfield(blocks.get(field.name, []))}))
    for name, value in {"title": "Ett namn som just skrivs", **facts}.items():
        typed[name] = value
    return typed


def form_of(client: Client, page: Page) -> str:
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def test_who_may_publish_finds_the_button_beside_save():
    client = editor("add_page", "change_page", "publish_page")
    assert buttons_in_sight(form_of(client, PartPage.objects.first())) == ["save", "action-publish"]
    new = client.get(
        reverse(
            "wagtailadmin_pages:add",
            args=["cms", "partpage", PhilosophyPage.objects.get(slug="filosofin").pk],
        )
    )
    assert buttons_in_sight(new.content.decode()) == ["save", "action-publish"]


def test_the_enter_key_saves_a_draft_and_never_publishes():
    """A browser presses the form's first button."""
    html = form_of(editor("change_page", "publish_page"), PartPage.objects.first())
    shown = re.sub(
        r"<template.*?</template>", "", html, flags=re.DOTALL
    )  # the schedule's dialog waits in one
    form = shown[shown.index('id="page-edit-form"') :]
    first = re.search(r'<button[^>]*type="submit"[^>]*>', form)
    assert first
    assert "action-save" in first[0]


@pytest.mark.parametrize("model", PAGE_TYPES, ids=NAMES)
def test_every_page_can_be_previewed_as_it_is_typed(model, admin_client):
    """The whole form goes to the preview, is found fit to show, and shows what was typed."""
    page = model.objects.live().first()
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    typed = typed_form(admin_client, page)
    for mode, _label in page.preview_modes:
        assert admin_client.post(address, typed).json() == {"is_valid": True, "is_available": True}
        shown = admin_client.get(address, {"mode": mode})
        assert (shown.status_code, "Ett namn som just skrivs" in shown.content.decode()) == (200, True)


@pytest.mark.parametrize("model", [PartPage, CasePage, EventPage])
def test_a_page_can_be_previewed_before_it_is_saved_for_the_first_time(model, admin_client):
    other = model.objects.live().first()
    typed = typed_form(admin_client, other, slug="ny")
    address = reverse(
        "wagtailadmin_pages:preview_on_add", args=["cms", model._meta.model_name, other.get_parent().pk]
    )
    assert admin_client.post(address, typed).json() == {"is_valid": True, "is_available": True}
    shown = admin_client.get(address, {"mode": ""})
    assert (shown.status_code, "Ett namn som just skrivs" in shown.content.decode()) == (200, True)


def test_the_print_view_can_be_previewed_too(admin_client):
    page = PartPage.objects.first()
    typed = typed_form(admin_client, page)
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    admin_client.post(address, typed)
    assert "css/utskrift.css" in admin_client.get(address, {"mode": "print"}).content.decode()
    assert "css/utskrift.css" not in admin_client.get(address, {"mode": ""}).content.decode()


def test_the_content_checker_is_in_the_preview_and_speaks_swedish_but_never_on_the_public_page(admin_client):
    page = StandardPage.objects.first()
    html = form_of(admin_client, page)
    assert "En bild saknar beskrivning" in html
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    admin_client.post(address, typed_form(admin_client, page))
    preview = admin_client.get(address, {"in_preview_panel": "true", "mode": ""}).content.decode()
    assert "wagtail-userbar" in preview
    assert "En bild saknar beskrivning" in preview
    assert "wagtail-userbar" not in admin_client.get(page.url).content.decode()


@pytest.mark.parametrize("model", PAGE_TYPES, ids=NAMES)
def test_every_page_type_explains_its_address_and_its_words_for_search_engines(model):
    """A new page type has Edited among its bases."""
    assert model.promote_panels[-len(PROMOTE_PANELS) :] == PROMOTE_PANELS
    assert issubclass(model.base_form_class, PageForm)


@pytest.mark.parametrize("model", [PartPage, EventPage])
def test_an_empty_address_is_no_fault_of_the_writers(model, admin_client):
    """The tab that nobody has opened yet bears no mark; a forgotten title is told once, at the title."""
    page = model.objects.live().first()
    form = model.get_edit_handler().get_form_class()(
        typed_form(admin_client, page, title="", slug=""), instance=page, parent_page=page.get_parent()
    )
    assert "title" in form.errors
    assert "slug" not in form.errors


def test_an_address_that_nobody_chose_is_made_of_the_title_and_is_free(admin_client):
    above = StandardPage.objects.get(slug="om-oss")
    other = StandardPage.objects.exclude(pk=above.pk).first()
    typed = typed_form(admin_client, other, title="Så hittar du hit", **{"action-publish": "1"})
    for slug in ("", "sa-hittar-du-hit"):  # without script, and what script makes of the title
        typed["slug"] = slug
        address = reverse("wagtailadmin_pages:add", args=["cms", "standardpage", above.pk])
        assert admin_client.post(address, typed).status_code == 302
    made = StandardPage.objects.child_of(above).live().filter(title="Så hittar du hit")
    assert {page.slug for page in made} == {"sa-hittar-du-hit", "sa-hittar-du-hit-1"}


@pytest.mark.parametrize(
    ("model", "facts", "field", "sentence"),
    [
        (StandardPage, {"slug": "kassa"}, "slug", "Den adressen använder webbplatsen till annat"),
        (StandardPage, {"title": "Sök", "slug": ""}, "slug", "Den adressen använder webbplatsen till annat"),
        (StandardPage, {"slug": "en"}, "slug", "Den adressen använder webbplatsen till annat"),
        (StandardPage, {"title": "?!", "slug": ""}, "slug", "Av titeln går det inte att göra någon."),
        (ArticlePage, {"title": "2026", "slug": ""}, "slug", "Adressen kan inte vara bara ett årtal"),
        (ArticlePage, {"date": "0026-11-16"}, "date", "Kontrollera årtalet."),
        (StandardPage, {"go_live_at": "0001-01-01 00:05"}, "go_live_at", "Kontrollera årtalet."),
    ],
)
def test_what_would_make_a_page_that_nobody_reaches_is_told_at_its_field(
    model, facts, field, sentence, admin_client
):
    page = model.objects.live().first()
    typed = typed_form(admin_client, page, **{"slug": "egen", **facts, "action-publish": "1"})
    pages = model.objects.count()
    address = reverse("wagtailadmin_pages:add", args=["cms", model._meta.model_name, page.get_parent().pk])
    answer = admin_client.post(address, typed)
    assert sentence in str(answer.context["form"].errors[field])
    assert model.objects.count() == pages


@pytest.mark.parametrize(("model", "slug"), [(ArticlePage, "2026"), (StandardPage, "kassa")])
def test_a_copy_is_not_put_where_nobody_reaches_it(model, slug, admin_client):
    page = model.objects.live().first()
    typed = {"new_title": "Kopian", "new_slug": slug, "new_parent_page": page.get_parent().pk}
    answer = admin_client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), typed)
    assert answer.context["form"].errors["new_slug"]
    assert not Page.objects.filter(title="Kopian").exists()


def test_a_page_is_not_moved_to_where_nobody_reaches_it(admin_client):
    above = StandardPage.objects.get(slug="om-oss")
    page = above.add_child(instance=StandardPage(title="Kassa", slug="kassa", body=[]))
    move = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, above.get_parent().pk])
    answer = admin_client.post(move, follow=True)
    assert "Den adressen använder webbplatsen till annat" in answer.content.decode()
    assert Page.objects.get(pk=page.pk).get_parent().pk == above.pk


def test_a_page_with_a_fault_says_what_is_true_of_drafts_and_of_new_pages(admin_client):
    page = PartPage.objects.first()
    faulty = typed_form(admin_client, page, lede="", **{"action-publish": "1"})
    for address in (
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_pages:add", args=["cms", "partpage", page.get_parent().pk]),
    ):
        html = admin_client.post(address, faulty).content.decode()
        assert "Något behöver rättas innan sidan kan sparas eller publiceras." in html
        assert "kunde inte skapas" not in html


def test_an_address_is_ascii(admin_client):
    overview = PhilosophyPage.objects.get(slug="filosofin")
    page = PartPage(title="Se den som är här", lede="x", body=[])
    overview.add_child(instance=page)
    assert page.slug == "se-den-som-ar-har"

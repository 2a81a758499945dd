"""A renamed or moved page leads on from each of its old addresses, whatever an editor does next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.blocks import SHORT_FEATURES
from cms.models import EventPage, PartPage, PhilosophyPage, StandardPage
from tests.cms.translating import in_english

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

PART = "/filosofin/lyssna-fardigt/"
TEXT = "<p>En kvinna kommer fram till en reception.</p>"


@pytest.fixture
def rename(admin_client: Client, django_capture_on_commit_callbacks: Any) -> Callable[..., None]:
    """rename(page, slug): by the publish button of the edit view."""

    def rename(page: Page, slug: str) -> None:
        form = {"title": page.title, "slug": slug, **_fields(page), "action-publish": "1"}
        form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
        with django_capture_on_commit_callbacks(execute=True):
            answer = admin_client.post(
                reverse("wagtailadmin_pages:edit", args=[page.pk]), nested_form_data(form)
            )
        assert answer.status_code == 302, answer.context["form"].errors
        page.refresh_from_db()
        assert page.slug == slug

    return rename


def _fields(page: Page) -> dict[str, Any]:
    """The other fields that the form wants."""
    short, body = rich_text(TEXT, features=SHORT_FEATURES), streamfield([("text", rich_text(TEXT))])
    if isinstance(page, PhilosophyPage):
        return {"lede": page.lede, "intro": short}
    if isinstance(page, PartPage):
        own = {"reading_minutes": "5", "colour": page.colour, "drawing": page.drawing}
        return {"lede": page.lede, "body": body, "exercise": short, "exercise_hint": short, **own}
    return {"lede": "Om oss.", "body": body}


@pytest.fixture
def move(admin_client: Client, django_capture_on_commit_callbacks: Any) -> Callable[..., None]:
    """move(page, to=parent): by the admin's own view."""

    def move(page: Page, *, to: Page) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            address = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, to.pk])
            assert admin_client.post(address).status_code == 302
        page.refresh_from_db()

    return move


def leads(client: Client, address: str) -> str:
    """Where an address leads in one permanent step, to a page that is there."""
    answer = client.get(address)
    assert answer.status_code == 301, address
    assert client.get(answer["Location"]).status_code == 200
    return answer["Location"]


def page(model: type[Page], slug: str) -> Any:
    return model.objects.get(slug=slug)


def test_a_renamed_page_leads_on(client, rename):
    rename(page(StandardPage, "om-oss"), "vilka-vi-ar")
    assert leads(client, "/om-oss/") == "/vilka-vi-ar/"
    assert client.get("/om-oss", follow=True).redirect_chain[-1] == ("/vilka-vi-ar/", 301)


def test_the_children_of_a_renamed_page_lead_on_too(client, rename):
    rename(page(PhilosophyPage, "filosofin"), "vart-satt")
    assert leads(client, "/filosofin/") == "/vart-satt/"
    assert leads(client, PART) == "/vart-satt/lyssna-fardigt/"


def test_each_of_several_old_names_leads_to_the_last_in_one_step(client, rename):
    philosophy, part = page(PhilosophyPage, "filosofin"), page(PartPage, "lyssna-fardigt")
    rename(part, "lyssna")
    rename(philosophy, "vart-satt")
    rename(part, "lyssna-klart")
    for old in (PART, "/filosofin/lyssna/", "/vart-satt/lyssna/"):
        assert leads(client, old) == "/vart-satt/lyssna-klart/"


def test_a_page_that_is_renamed_back_stands_there_again(client, rename):
    about = page(StandardPage, "om-oss")
    rename(about, "vilka-vi-ar")
    rename(about, "om-oss")
    assert client.get("/om-oss/").status_code == 200
    assert leads(client, "/vilka-vi-ar/") == "/om-oss/"


def test_an_unpublished_page_is_missing_at_all_its_names_and_never_goes_in_a_ring(client, rename):
    about = page(StandardPage, "om-oss")
    rename(about, "vilka-vi-ar")
    rename(about, "om-oss")
    about.unpublish()
    assert client.get("/om-oss/").status_code == 404
    assert client.get("/vilka-vi-ar/").status_code == 404
    about.save_revision().publish()
    assert leads(client, "/vilka-vi-ar/") == "/om-oss/"


def test_a_new_page_may_take_an_old_name(client, rename):
    about = page(StandardPage, "om-oss")
    rename(about, "vilka-vi-ar")
    newcomer = StandardPage(title="Om oss", slug="om-oss", body=about.body)
    about.get_parent().add_child(instance=newcomer)
    assert client.get("/om-oss/").status_code == 200
    rename(newcomer, "om-foretaget")
    assert leads(client, "/om-oss/") == "/om-foretaget/"


def test_a_deleted_page_is_missing(client, rename):
    about = page(StandardPage, "om-oss")
    rename(about, "vilka-vi-ar")
    about.delete()
    assert client.get("/om-oss/").status_code == 404


def test_a_moved_page_leads_on_with_what_stands_below_it(client, move):
    about, delivery = page(StandardPage, "om-oss"), page(StandardPage, "leverans")
    child = StandardPage(title="Packning", slug="packning", body=delivery.body)
    delivery.add_child(instance=child)
    move(delivery, to=about)
    assert leads(client, "/leverans/") == "/om-oss/leverans/"
    assert leads(client, "/leverans/packning/") == "/om-oss/leverans/packning/"
    move(delivery, to=about.get_parent())
    assert client.get("/leverans/").status_code == 200
    assert leads(client, "/om-oss/leverans/") == "/leverans/"


def test_a_change_of_order_leaves_no_redirect(client, admin_client, django_capture_on_commit_callbacks):
    part = page(PartPage, "lyssna-fardigt")
    with django_capture_on_commit_callbacks(execute=True):
        address = reverse("wagtailadmin_pages:set_page_position", args=[part.pk])
        admin_client.post(f"{address}?position=0")
    assert not Redirect.objects.exists()
    assert client.get(PART).status_code == 200


def test_an_alias_and_a_translation_keep_their_own_addresses(
    client, rename, django_capture_on_commit_callbacks
):
    part = page(PartPage, "lyssna-fardigt")
    alias = part.create_alias(update_slug="samma-igen", parent=part.get_parent())
    english = in_english(part)
    there = english.url
    assert there.startswith("/en/")
    rename(part, "lyssna-klart")
    assert client.get(alias.url).status_code == 200
    assert client.get(there).status_code == 200
    english = PartPage.objects.get(pk=english.pk)
    rename(english, "hear-it-out")
    assert leads(client, there) == PartPage.objects.get(pk=english.pk).url
    assert leads(client, PART) == "/filosofin/lyssna-klart/"


# --- Query, forms, costs ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?utskrift=1", "?utskrift=1"),
        ("?a=1&a=2", "?a=1&a=2"),
        ("?next=//elak.example/%0d%0aX:1", "?next=//elak.example/%0d%0aX:1"),
        ("?" + "å" * 100, None),
        ("?q=" + "x" * 10_000, None),
        ("?%00", None),
    ],
)
def test_a_query_does_no_harm(client, rename, query, kept):
    rename(page(StandardPage, "om-oss"), "vilka-vi-ar")
    answer = client.get(f"/om-oss/{query}")
    assert answer.status_code == 301
    assert answer["Location"].startswith("/vilka-vi-ar/")
    assert kept is None or answer["Location"] == f"/vilka-vi-ar/{kept}"
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("address", ["/%00/", "/" + "x" * 5000 + "/", "/%ff%fe/", "/om-oss%0d%0aX: y/"])
def test_an_odd_address_is_missing(client, address):
    assert client.get(address).status_code == 404


def test_what_staff_have_put_in_themselves_holds(client):
    Redirect.add_redirect("/gammalt/", redirect_to="https://annan.example/ny", is_permanent=False)
    Redirect.add_redirect("/ring/", redirect_to="/ring/")
    answer = client.get("/gammalt/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "https://annan.example/ny?a=1")
    assert client.get("/ring/").status_code == 404


def test_only_a_missing_page_asks_for_redirects(client):
    with CaptureQueriesContext(connection) as asked:
        client.get(PART)
    assert not any("wagtailredirects" in one["sql"] for one in asked.captured_queries)


# --- Events -----------------------------------------------------------------------------------
@pytest.fixture
def renamed(django_capture_on_commit_callbacks: Any) -> tuple[str, EventPage]:
    """An event that was renamed twice, and its first name."""
    event = EventPage.objects.exclude(status="cancelled").order_by("-starts_at").first()
    assert event is not None
    first = event.slug
    for slug in ("2027-01-01-nytt", "2027-01-01-nyast"):
        event.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            event.save_revision().publish()
    return first, EventPage.objects.get(pk=event.pk)


def test_a_renamed_event_leads_on_with_its_file_and_its_reminder(client, renamed):
    first, event = renamed
    for name in (first, "2027-01-01-nytt"):
        assert leads(client, f"/kalender/{name}/") == event.url
        assert leads(client, f"/kalender/{name}.ics") == "/kalender/2027-01-01-nyast.ics"
        assert leads(client, f"/kalender/{name}/paminn/") == f"{event.url}paminn/"


def test_a_reminder_that_is_asked_for_at_an_old_address_is_not_lost(client, renamed):
    first, event = renamed
    wish = {"email": "karin@bjorkvik.example", "lead": "1d"}
    answer = client.post(f"/kalender/{first}/paminn/", wish)
    assert (answer.status_code, answer["Location"]) == (308, f"{event.url}paminn/")
    assert client.post(answer["Location"], wish).status_code == 303
    assert event.reminders.count() == 1


def test_an_event_that_never_was_is_missing(client):
    for address in (
        "/kalender/aldrig.ics",
        "/kalender/aldrig/paminn/",
        "/kalender/%25.ics",
        "/kalender/_.ics",
    ):
        assert client.get(address).status_code == 404


def redirect(old: str, link: str) -> Redirect:
    return Redirect.objects.create(old_path=Redirect.normalise_path(old), redirect_link=link)


def test_the_same_path_on_another_website_is_no_ring(client):
    redirect("/flyttad/kurs/", "https://annan.example/flyttad/kurs/")
    assert client.get("/flyttad/kurs/")["Location"] == "https://annan.example/flyttad/kurs/"


def test_a_query_is_put_before_the_anchor(client):
    redirect("/gammal/", "/bocker/#sist")
    assert client.get("/gammal/?a=1")["Location"] == "/bocker/?a=1#sist"


def test_redirects_that_lead_back_to_each_other_lead_nowhere(client):
    redirect("/ett/", "/tva/")
    redirect("/tva/", "/tre/")
    redirect("/tre/", "/ett/")
    assert [client.get(path).status_code for path in ("/ett/", "/tva/", "/tre/")] == [404, 404, 404]


def test_redirects_in_a_row_lead_on(client):
    redirect("/ett/", "/tva/")
    redirect("/tva/", "/bocker/")
    assert client.get("/ett/", follow=True).redirect_chain == [("/tva/", 301), ("/bocker/", 301)]


@pytest.mark.usefixtures("remembering")
def test_a_process_that_remembers_the_tree_leads_on_too(client, rename):
    """What it remembers once made every rename end in a fault after the page had got its new name."""
    client.get(PART)
    rename(PartPage.objects.get(slug="lyssna-fardigt"), "hor-fardigt")
    assert Redirect.objects.filter(old_path=PART.rstrip("/")).exists()

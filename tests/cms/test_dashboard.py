"""The start page of the admin: what each role finds there, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from cms.links import checking
from cms.models import EventPage, NewsIndexPage, PageLink, PartPage, StandardPage
from tests.cms.test_publishing import editor
from tests.staff import in_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def start_page(client: Any) -> str:
    answer = client.get(reverse("wagtailadmin_home"))
    assert answer.status_code == 200
    return str(answer.content.decode())


def draft(page: Any, title: str) -> None:
    page.title = title
    page.save_revision()


def break_a_link(page: StandardPage) -> None:
    page.body = [("text", '<p><a href="/finns-inte/">x</a></p>')]
    page.save()
    checking.read(now=timezone.now())


def test_an_editor_finds_what_is_coming_what_waits_and_what_needs_mending():
    client = in_role("Redaktör")
    event = EventPage.objects.upcoming(timezone.now()).first()
    draft(PartPage.objects.first(), "Ett utkast om dörren")
    page = StandardPage.objects.get(slug="om-oss")
    break_a_link(page)
    picture = get_image_model().objects.create(title="Utan ord", file=get_test_image_file())
    html = start_page(client)
    for words in ("Närmast i kalendern", "Utkast som väntar", "Trasiga länkar", "Bilder utan beskrivning"):
        assert words in html, words
    for where in (
        reverse("wagtailadmin_pages:edit", args=[event.pk]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailimages:edit", args=[picture.pk]),
        reverse("links_staff:list"),
    ):
        assert f'href="{where}"' in html, where
    assert "Ett utkast om dörren" in html
    assert "/finns-inte/" in html


def test_an_editor_may_search_all_pages_from_there():
    assert "Sök bland alla sidor" in start_page(in_role("Redaktör"))


def test_a_draft_with_a_set_hour_says_when_in_stockholm():
    """Also on a page that is published already, whose own row does not tell."""
    page = PartPage.objects.first()
    page.title = "Sommarens dörr"
    next_year = timezone.now().year + 1
    page.go_live_at = datetime(next_year, 7, 1, 6, 0, tzinfo=UTC)
    page.save_revision().publish()
    assert f"Publiceras 1 jul {next_year}, 8.00" in start_page(in_role("Redaktör"))


def test_a_list_that_is_cut_says_of_how_many():
    for number, page in enumerate(PartPage.objects.filter(alias_of=None, locale__language_code="sv")[:6]):
        draft(page, f"Utkast {number}")
    html = start_page(in_role("Redaktör"))
    assert html.count("Utkast ") == 6  # five and the heading
    assert "5 av 6 visas." in html


def test_a_page_that_was_taken_down_is_not_called_new():
    StandardPage.objects.get(slug="om-oss").unpublish()
    html = start_page(in_role("Redaktör"))
    assert ">Avpublicerad</span>" in html
    assert ">Ny</span>" not in html


def test_who_writes_articles_alone_is_not_sent_to_events_that_stay_closed():
    html = start_page(editor("add_page", "change_page", below=NewsIndexPage.objects.get()))
    assert "Ny artikel" in html
    assert "Närmast i kalendern" not in html


def test_what_is_in_order_takes_no_room():
    html = start_page(in_role("Redaktör"))
    assert "Trasiga länkar</span>" not in html
    assert "Bilder utan beskrivning" not in html


def test_the_ways_to_write_lead_to_forms_that_open():
    client = in_role("Redaktör")
    html = start_page(client)
    assert "Ny träff" in html
    assert "Ny artikel" in html
    place = EventPage.objects.first().get_parent()
    address = reverse("wagtailadmin_pages:add", args=["cms", "eventpage", place.pk])
    assert f'href="{address}"' in html
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("role", ["Packare", "Ekonom"])
def test_who_writes_no_pages_finds_the_own_work_instead(role):
    html = start_page(in_role(role))
    assert "Det här sköter du" in html
    assert reverse("order_staff:to_pack") in html
    for words in (
        "Skriv något nytt",
        "Utkast som väntar",
        "Närmast i kalendern",
        'role="search"',
        "alla sidor",
    ):
        assert words not in html
    assert 'href="#"' not in html[html.index("Det här sköter du") :]


def test_the_start_page_costs_the_same_however_much_waits():
    client = in_role("Redaktör")

    def cost() -> int:
        start_page(client)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            start_page(client)
        return len(queries)

    draft(PartPage.objects.first(), "Ett")
    break_a_link(StandardPage.objects.get(slug="om-oss"))
    get_image_model().objects.create(title="Ett", file=get_test_image_file())
    few = cost()
    for page in PartPage.objects.all():
        draft(page, "Fler")
    for page in StandardPage.objects.all()[:4]:
        break_a_link(page)
    for number in range(4):
        get_image_model().objects.create(
            title=str(number), file=get_test_image_file(filename=f"{number}.png")
        )
    assert PageLink.objects.faults().count() >= 4
    assert cost() == few


# --- The report ------------------------------------------------------------------------------------
def test_the_report_names_page_address_and_fault_and_leads_to_the_form():
    page = StandardPage.objects.get(slug="om-oss")
    break_a_link(page)
    html = in_role("Redaktör").get(reverse("links_staff:list")).content.decode()
    assert f'href="{reverse("wagtailadmin_pages:edit", args=[page.pk])}"' in html
    for words in ("Om oss", "/finns-inte/", "Adressen finns inte på webbplatsen."):
        assert words in html, words


def test_the_links_of_the_demo_all_lead_somewhere():
    checking.read(now=timezone.now())
    assert [str(row) for row in PageLink.objects.faults()] == []


def test_reading_now_is_asked_of_the_worker(settings):
    answer = in_role("Redaktör").post(reverse("links_staff:check"), follow=True)
    assert "Länkarna läses nu." in answer.content.decode()

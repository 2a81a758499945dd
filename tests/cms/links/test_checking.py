"""The nightly reading: which links lead nowhere, and who is told."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page, Site

from cms.links import checking, fetching
from cms.links.finding import links_in_html
from cms.models import HomePage, PageLink, PartPage, PhilosophyPage, SiteTexts, StandardPage
from cms.models.links import Reason
from config import worker
from tests.factories import NOON
from tests.staff import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> HomePage:
    root = Page.get_first_root_node()
    page: HomePage = root.add_child(
        instance=HomePage(
            title="Hem",
            slug="hem",
            hero_title="x",
            hero_lede="x",
            hero_button="x",
            ten_title="x",
            shelf_title="x",
            events_title="x",
            events_more="x",
        )
    )
    site = Site.objects.get()
    site.root_page, site.hostname, site.port = page, "testserver", 80
    site.save()
    return page


def page_with(home: HomePage, html: str, *, slug: str = "sida", live: bool = True) -> StandardPage:
    page: StandardPage = home.add_child(
        instance=StandardPage(title=slug.capitalize(), slug=slug, live=live, body=[("text", html)])
    )
    return page


def faults() -> set[tuple[str, str]]:
    return {(row.address, row.reason) for row in PageLink.objects.faults()}


def test_a_link_to_a_page_that_is_gone_or_not_published_is_a_fault(home):
    hidden, gone = page_with(home, "x", slug="dold", live=False), page_with(home, "x", slug="borta")
    page_with(
        home,
        f'<p><a linktype="page" id="{hidden.pk}">a</a> <a linktype="page" id="{gone.pk}">b</a> '
        f'<a linktype="page" id="{home.pk}">c</a></p>',
    )
    number = str(gone.pk)
    gone.delete()
    checking.read(now=NOON)
    assert faults() == {("Dold", Reason.UNPUBLISHED), (number, Reason.GONE)}


def test_a_link_to_a_file_that_is_removed_is_a_fault(home):
    kept = get_document_model().objects.create(title="Guide", file=ContentFile(b"x", "guide.pdf"))
    page_with(
        home,
        f'<a linktype="document" id="{kept.pk}">a</a> <a linktype="document" id="999">b</a>'
        f'<a href="/dokument/{kept.pk}/guide.pdf">c</a> <a href="/dokument/998/x.pdf">d</a>',
    )
    checking.read(now=NOON)
    assert faults() == {("999", Reason.NO_FILE), ("/dokument/998/x.pdf", Reason.NOWHERE)}


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("/varukorg/", ""),
        ("/sok/?q=lampa", ""),
        ("/", ""),
        ("/mal/", ""),
        ("/mal/#del", ""),
        ("http://testserver/mal/", ""),
        ("#langre-ner", ""),
        ("/flyttad/", ""),
        ("mailto:hej@vardskapet.example", ""),
        ("tel:+46855500000", ""),
        ("/finns-inte/", Reason.NOWHERE),
        ("http://testserver/finns-inte/", Reason.NOWHERE),
        ("/en/finns-inte/", Reason.NOWHERE),
        ("sida-utan-streck", Reason.UNREADABLE),
        ("mailto:hej", Reason.UNREADABLE),
        ("ftp://filer.example/", Reason.UNREADABLE),
        ("https://[trasig", Reason.UNREADABLE),
    ],
)
def test_an_address_on_the_site_is_looked_up_among_its_pages_without_any_network(home, address, reason):
    page_with(home, "<p>Mål</p>", slug="mal")
    Redirect.objects.create(old_path="/flyttad", redirect_link="/mal/")
    page_with(home, f'<p><a href="{address}">x</a></p>')
    checking.read(now=NOON)
    assert faults() == ({(address, reason)} if reason else set())
    assert not PageLink.objects.filter(outside=True)


def test_links_in_blocks_choosers_and_the_footer_are_read_too(home):
    overview = home.add_child(instance=PhilosophyPage(title="Filosofin", slug="filosofin", lede="x"))
    button = {"label": "Vidare", "page": None, "address": "/ingenstans/"}
    overview.add_child(
        instance=PartPage(
            title="Del", slug="del", lede="x", body=[("button", button)], exercise='<a href="/inte/">x</a>'
        )
    )
    texts = SiteTexts.load()
    texts.footer_columns = [("column", {"heading": "Läs", "links": [{**button, "address": "/fot/"}]})]
    texts.save()
    checking.read(now=NOON)
    assert faults() == {(address, Reason.NOWHERE) for address in ("/ingenstans/", "/inte/", "/fot/")}
    assert PageLink.objects.get(address="/fot/").page is None


def test_a_fault_keeps_the_day_it_was_found_and_goes_when_it_is_mended(home):
    page = page_with(home, '<a href="/inte/">x</a>')
    checking.read(now=NOON)
    checking.read(now=NOON + timedelta(days=1))
    assert [row.found_at for row in PageLink.objects.faults()] == [NOON]
    page.body = [("text", "<p>Utan länk</p>")]
    page.save()
    checking.read(now=NOON + timedelta(days=2))
    assert not PageLink.objects.exists()


def test_drafts_are_left_alone(home):
    page_with(home, '<a href="/inte/">x</a>', live=False)
    checking.read(now=NOON)
    assert faults() == set()


def missing_at_w1(address: str, *, guard: fetching.Guard) -> str:
    return Reason.MISSING if "w1" in address else ""


def test_other_websites_are_asked_a_few_at_a_time_and_each_once_a_round(home):
    """Seven addresses at six websites: five websites first, the sixth and the second page of the first one later."""
    addresses = [f"https://w{n}.example/" for n in range(6)] + ["https://w0.example/andra"]
    page_with(home, "".join(f'<a href="{address}">x</a>' for address in addresses))
    checking.read(now=NOON)
    with mock.patch.object(fetching, "fault", side_effect=missing_at_w1) as asked:
        assert [checking.ask(now=NOON) for _round in range(3)] == [5, 2, 0]
    assert sorted(call.args[0] for call in asked.call_args_list) == sorted(addresses)
    assert faults() == {("https://w1.example/", Reason.MISSING)}


def test_a_round_ends_before_the_workers_patience_and_leaves_the_rest_for_the_next(home, monkeypatch):
    a_lookup = 30
    assert checking.SECONDS_TO_BEGIN + fetching.SECONDS_IN_ALL + a_lookup < worker.task_time_limit
    page_with(home, "".join(f'<a href="https://w{n}.example/">x</a>' for n in range(5)))
    checking.read(now=NOON)
    clock = iter(range(0, 1000, 25))
    monkeypatch.setattr(checking, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    with mock.patch.object(fetching, "fault", return_value=""):
        assert [checking.ask(now=NOON) for _round in range(4)] == [2, 2, 1, 0]


def test_what_an_address_answered_stands_until_it_is_asked_again(home):
    page_with(home, '<a href="https://w.example/">x</a>')
    checking.read(now=NOON)
    with mock.patch.object(fetching, "fault", return_value=Reason.SILENT):
        checking.ask(now=NOON)
    checking.read(now=NOON + timedelta(days=1))
    assert [row.found_at for row in PageLink.objects.faults()] == [NOON]
    with mock.patch.object(fetching, "fault", return_value=""):
        checking.ask(now=NOON + timedelta(days=1))
    assert faults() == set()


def test_an_asker_that_dies_does_not_ask_for_the_same_address_for_ever(home):
    page_with(home, '<a href="https://w.example/">x</a>')
    checking.read(now=NOON)
    with (
        mock.patch.object(fetching, "fault", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        checking.ask(now=NOON)
    assert not PageLink.objects.to_ask()


def test_a_staff_member_is_told_of_the_pages_that_are_theirs(home):
    page_with(home, '<a href="/inte/">x</a>')
    checking.read(now=NOON)
    owner = logged_in(name="utan-sidor")
    user: Any = owner.get("/admin/").wsgi_request.user
    assert not PageLink.objects.to_mend_by(user)
    user.is_superuser = True
    assert PageLink.objects.to_mend_by(user).count() == 1


def test_stored_html_is_read_as_wagtail_writes_it():
    html = '<p><a linktype="page" id="7">a</a><a href="/b/">b</a><a name="c">c</a></p>'
    assert [link.target for link in links_in_html(html)] == ["7", "/b/"]

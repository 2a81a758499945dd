"""What the process knows of the tree is what Wagtail would have answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY, SITE_ROOT_PATHS_CACHE_VERSION

from cms import tree
from cms.kalender.models import coming_below
from cms.models import CalendarPage, EventPage, HomePage, PartPage, StandardPage
from shop import freshness
from tests import as_seeded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo", "remembering")]

PART = "/filosofin/lyssna-fardigt/"


def changed() -> None:
    freshness.take_down()


def about() -> StandardPage:
    page: StandardPage = StandardPage.objects.get(slug="om-oss")
    return page


def test_every_page_is_found_by_its_address():
    for page in Page.objects.live().filter(depth__gt=1):
        answer = as_seeded.answer(page.get_url())
        assert (answer.status_code, answer.context["page"].pk) == (200, page.pk)


def test_an_address_below_a_page_is_the_pages_to_answer(client):
    year = EventPage.objects.earliest("starts_at").starts_at.year
    assert client.get(f"{PART}mer/").status_code == 404
    assert client.get("/artiklar/1999/").status_code == 404
    assert client.get(f"/kalender/{year}/99/").status_code == 404


def test_a_page_below_one_that_is_not_published_is_still_found(client):
    Page.objects.filter(slug="filosofin").update(live=False)
    assert client.get("/filosofin/").status_code == 404
    assert client.get(PART).status_code == 200


def test_a_page_that_is_gone_or_moved_since_is_a_missing_one_also_before_the_news_has_come(client):
    client.get("/om-oss/")
    about().delete()
    assert client.get("/om-oss/").status_code == 404


def test_a_place_has_the_address_and_the_ways_of_its_page(rf):
    request = rf.get("/")
    for page in Page.objects.filter(depth__gt=1).select_related("locale"):
        place = tree.by_path()[page.path]
        assert place.url == page.get_url(request)
        assert (place.language, place.live) == (page.locale.language_code, page.live)
        above = page.get_ancestors().live().filter(depth__gt=1)
        assert [step.pk for step in tree.above(page)] == [parent.pk for parent in above]


def test_what_stands_outside_of_every_site_has_no_address():
    lost = Page.get_first_root_node().add_child(instance=StandardPage(title="Lös", slug="los", body=[]))
    assert tree.by_path()[lost.path].url == ""


def test_a_restricted_branch_is_kept_from_readers_as_soon_as_it_is_told(client):
    assert client.get(PART).status_code == 200
    branch = Page.objects.get(slug="filosofin")
    PageViewRestriction.objects.create(page=branch, restriction_type=PageViewRestriction.LOGIN)
    changed()
    assert client.get(PART)["Location"] == f"/admin/login/?next={PART}"
    assert not PartPage.objects.public().descendant_of(branch).exists()
    assert not tree.by_url_path()[branch.url_path].is_public
    assert "Lyssna färdigt" not in client.get("/").content.decode()


def test_a_restriction_that_this_process_has_not_heard_of_can_be_lifted_here(client, admin_client):
    """Another process has made it, a moment ago: nothing is told in this test."""
    assert client.get(PART).status_code == 200
    part = Page.objects.get(slug="lyssna-fardigt")
    PageViewRestriction.objects.create(page=part, restriction_type=PageViewRestriction.LOGIN)
    answer = admin_client.post(
        reverse("wagtailadmin_pages:set_privacy", args=[part.pk]), {"restriction_type": "none"}
    )
    assert answer.json()["step"] == "set_privacy_done"
    assert not PageViewRestriction.objects.exists()


def test_the_roots_of_the_sites_are_new_though_somebody_read_them_before_the_change_was_out(
    django_capture_on_commit_callbacks,
):
    home = HomePage.objects.get(slug="start")
    before = Site.get_site_root_paths()
    with django_capture_on_commit_callbacks(execute=True):
        home.slug = "hem"
        home.save()
        cache.set(SITE_ROOT_PATHS_CACHE_KEY, before, version=SITE_ROOT_PATHS_CACHE_VERSION)
    assert "/hem/" in [root.root_path for root in tree.root_paths()]


def test_names_and_ports_that_no_site_has_take_no_room():
    with freshness.one_request(only_reads=True):
        known: Any = freshness.answers()
        tree.site("testserver", "80")
        before = len(known)
        for number in range(5):
            tree.site(f"{number}.exempel.se", str(number))
        assert len(known) == before + 1


def test_the_site_is_the_one_that_wagtail_would_find():
    for host in ("testserver", "www.exempel.se"):
        request = RequestFactory().get("/", headers={"Host": host})
        assert tree.site(host, request.get_port()) == Site.find_for_request(request)
    Site.objects.all().delete()
    changed()
    assert tree.site("testserver", "80") is None


def test_an_event_leaves_the_list_when_it_is_over_though_the_day_is_known(django_assert_num_queries):
    noon = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    calendar = CalendarPage.objects.first()
    event = EventPage(title="Frukost", slug="frukost", city="Lidköping", starts_at=noon - timedelta(hours=2))
    event.ends_at = noon
    calendar.add_child(instance=event)
    with freshness.one_request(only_reads=True):
        coming_below(calendar.path, noon - timedelta(hours=3))
    with freshness.one_request(only_reads=True), django_assert_num_queries(0):
        before = coming_below(calendar.path, noon - timedelta(seconds=1))
        after = coming_below(calendar.path, noon)
    assert event in before
    assert event not in after


def test_what_is_known_is_the_same_in_the_other_language_in_its_own_words(client):
    swedish, english = (client.get(path).content.decode() for path in ("/", "/en/"))
    assert ">Referenser</a>" in swedish
    assert ">Referenser</a>" not in english


def test_while_redis_is_silent_a_page_still_asks_once(client, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(freshness, "watch", freshness.Watch(lambda: None))
    with django_assert_max_num_queries(30) as asked:
        client.get(PART)
    whole = [one["sql"] for one in asked.captured_queries if "WHERE" not in one["sql"]]
    of_pages = [sql for sql in whole if '"translation_key"' in sql and '"wagtailcore_site"' not in sql]
    assert len(of_pages) == 1

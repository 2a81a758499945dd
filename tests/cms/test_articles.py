"""Articles: the list, the year archive, older and newer, and the Atom feed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cms.models import ArticlePage, NewsIndexPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def html(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert not answer.cookies
    return answer.content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r'<h2 style="font-size:var\(--t2\)"><a [^>]*>([^<]+)<', page)


def write(number: int, **facts: object) -> ArticlePage:
    news = NewsIndexPage.objects.get()
    day = date(2020, 1, 1) + timedelta(days=number)
    given = {
        "title": f"Artikel {number}",
        "slug": f"artikel-{number}",
        "date": day,
        "lede": "Kort.",
        "body": [],
    }
    article: ArticlePage = news.add_child(instance=ArticlePage(**{**given, **facts}))
    article.save_revision().publish()
    return article


def test_the_list_has_the_newest_first_and_a_way_to_each_year(client):
    page = html(client, "/artiklar/")
    assert titles(page)[0] == "Kaffet som redan var bryggt"
    assert titles(page)[-1] == "Ett nej att leva med"
    assert re.findall(r'href="(/artiklar/2\d+/)"', page) == [
        "/artiklar/2026/",
        "/artiklar/2025/",
        "/artiklar/2024/",
    ]


def test_a_year_holds_its_own_articles_only(client):
    page = html(client, "/artiklar/2025/")
    assert titles(page) == ["Första dagen varar i ett år"]
    assert "Artiklar från 2025" in page
    assert '<li><a href="/artiklar/">Artiklar</a></li><li aria-current="page">2025</li>' in page


@pytest.mark.parametrize("year", ["1999", "0000", "9999", "20266", "abcd", "2026/11", "-2026", "２０２６"])
def test_a_year_without_articles_is_a_missing_page(client, year):
    assert client.get(f"/artiklar/{year}/").status_code == 404


def test_eleven_articles_take_two_sheets_with_plain_links(client):
    for number in range(6):
        write(number)
    first, second = html(client, "/artiklar/"), html(client, "/artiklar/?sida=2")
    assert (len(titles(first)), len(titles(second))) == (10, 1)
    assert '<a class="more" rel="next" href="?sida=2">' in first
    assert '<a class="more" rel="prev" href="?">' in second
    assert "Sida 2 av 2" in second


@pytest.mark.parametrize(
    "number", ["abc", "-1", "0", "99", "9" * 20, "9" * 6000, "", "1.5", "\x00", "å" * 10_000, "1 OR 1=1"]
)
def test_an_odd_sheet_number_is_a_missing_page(client, number):
    answer = client.get("/artiklar/", {"sida": number})
    assert answer.status_code == 404
    assert "Den här dörren leder ingenstans." in answer.content.decode()


def test_an_empty_list_says_so_and_shows_a_way_on(client):
    ArticlePage.objects.all().delete()
    assert "Här är det tomt än." in html(client, "/artiklar/")


def test_an_article_leads_to_the_older_and_the_newer_one_also_on_the_same_day(client):
    first, second = write(0), write(1, date=date(2020, 1, 1))
    ways = re.compile(r'href="([^"]+)" rel="(prev|next)"')
    assert ways.findall(html(client, first.url)) == [(second.url, "next")]
    assert ways.findall(html(client, second.url)) == [
        (first.url, "prev"),
        ("/artiklar/ett-nej-att-leva-med/", "next"),
    ]
    assert ways.findall(html(client, "/artiklar/kaffet-som-redan-var-bryggt/")) == [
        ("/artiklar/vem-halsar-pa-den-som-stadar/", "prev")
    ]


def test_an_article_tells_when_by_whom_and_how_long_it_takes(client):
    article = write(0, author="Katarina Bergström", body=[("text", "<p>" + "ord " * 400 + "</p>")])
    page = html(client, article.url)
    assert '<time datetime="2020-01-01">1 januari 2020</time>' in page
    assert "Text: Katarina Bergström" in page
    assert "3 minuters läsning" in page
    assert '<p class="start">' in page


def test_an_article_may_not_take_a_years_address():
    with pytest.raises(ValidationError) as refusal:
        write(0, slug="2026")
    assert "bara ett årtal" in str(refusal.value)


def test_a_new_article_can_be_previewed_before_it_is_saved(admin_client):
    news = NewsIndexPage.objects.get()
    address = reverse("wagtailadmin_pages:preview_on_add", args=["cms", "articlepage", news.pk])
    form = {
        "title": "Alldeles ny", "slug": "alldeles-ny", "date": "2026-11-20", "lede": "Kort.", "author": "",
        "colour": "lera", "drawing": "d4", "picture-count": "0", "body-count": "1", "body-0-deleted": "",
        "body-0-order": "0", "body-0-type": "pull", "body-0-value-quote": "Ett citat.", "body-0-id": "",
    }  # fmt: skip
    assert admin_client.post(address, form).json() == {"is_valid": True, "is_available": True}
    assert "Alldeles ny" in admin_client.get(address).content.decode()


# --- The feed ------------------------------------------------------------------------------------
def feed(client) -> ElementTree.Element:
    return ElementTree.fromstring(client.get("/flode.xml").content)  # noqa: S314 - our own


def texts(root: ElementTree.Element, path: str) -> list[str | None]:
    return [found.text for found in root.findall(path, ATOM)]


def links(root: ElementTree.Element, path: str) -> list[str]:
    return [found.attrib["href"] for found in root.findall(path, ATOM)]


def test_the_feed_is_atom_in_swedish_with_absolute_addresses(client):
    root = feed(client)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "sv"
    assert links(root, "a:link[@rel='self']") == ["http://testserver/flode.xml"]
    assert links(root, "a:link[@rel='alternate']") == ["http://testserver/artiklar/"]
    assert links(root, "a:entry/a:link")[0] == "http://testserver/artiklar/kaffet-som-redan-var-bryggt/"
    for name in ("id", "title", "updated"):
        assert len(texts(root, f"a:{name}")) == 1
        assert len(texts(root, f"a:entry/a:{name}")) == 5
    assert texts(root, "a:entry/a:published")[0] == "2026-11-16T00:00:00+01:00"


def test_an_entry_keeps_its_id_when_the_article_is_renamed(client):
    before = texts(feed(client), "a:entry/a:id")
    article = ArticlePage.objects.get(slug="skylten-vid-hissen")
    article.slug = "skylten"
    article.save_revision().publish()
    root = feed(client)
    assert texts(root, "a:entry/a:id") == before
    assert len(set(before)) == 5
    assert "http://testserver/artiklar/skylten/" in links(root, "a:entry/a:link")


def test_a_reader_that_has_the_feed_gets_304_until_something_is_published(client):
    first = client.get("/flode.xml")
    assert first.content == client.get("/flode.xml").content
    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert first["Cache-Control"] == "public, max-age=300"
    known = {"If-None-Match": first["ETag"]}
    assert client.get("/flode.xml", headers=known).status_code == 304
    assert client.get("/flode.xml", headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    write(0)
    assert client.get("/flode.xml", headers=known).status_code == 200


def test_strange_signs_make_no_broken_feed(client):
    write(0, title="Tecken\x01 & <b>", lede="<script>x</script> &\x0b", author="A & B")
    root = feed(client)
    assert texts(root, "a:entry/a:title")[-1] == "Tecken  & <b>"
    assert texts(root, "a:entry/a:summary")[-1] == "&lt;script&gt;x&lt;/script&gt; &amp;"


def test_an_empty_feed_is_still_a_feed_and_the_same_each_time(client):
    ArticlePage.objects.all().delete()
    first = client.get("/flode.xml")
    assert not texts(feed(client), "a:entry")
    assert first.content == client.get("/flode.xml").content


def test_every_page_tells_of_the_feed(client):
    assert 'href="/flode.xml" type="application/atom+xml"' in html(client, "/om-oss/")

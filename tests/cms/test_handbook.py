"""Handboken: it tells how things are done, with the words and pictures of the pages as they are."""

from __future__ import annotations

import re
from functools import cache

import pytest
from django.urls import reverse
from django.utils.text import capfirst
from PIL import Image

from cms.staff import handbook
from config import catalogues
from tests.harness.place import ROOT
from tests.staff import in_role

LABEL = re.compile(r"<b>(.*?)</b>", re.DOTALL)
LINK = re.compile(r'<a href="#([^"]+)">')
WAGTAILS = {"Inställningar"}
CHAPTERS = [chapter for part in handbook.PARTS for chapter in part.chapters]


@pytest.mark.django_db
def test_the_handbook_is_one_page_with_a_chapter_for_each_task_and_pictures_that_exist():
    html = in_role("Packare").get(reverse("handbook:list")).content.decode()
    for chapter in CHAPTERS:
        assert f'href="#{chapter.name}"' in html
        assert f'id="{chapter.name}"' in html
    pictures = re.findall(
        r'<img src="/static/(handbok/[^"]+)" alt="([^"]+)" width="(\d+)" height="(\d+)"', html
    )
    assert len(pictures) >= 6
    for name, _alt, width, height in pictures:
        with Image.open(ROOT / "static" / name) as picture:
            assert picture.size == (int(width), int(height)), name
    assert sum((ROOT / "static" / name).stat().st_size for name, *_rest in pictures) < 600_000


@pytest.mark.django_db
def test_each_link_within_the_handbook_leads_to_a_chapter():
    html = in_role("Packare").get(reverse("handbook:list")).content.decode()
    assert set(LINK.findall(html)) == {chapter.name for chapter in CHAPTERS}


@pytest.mark.parametrize("chapter", handbook.ORDERS.chapters, ids=lambda chapter: chapter.name)
def test_what_the_chapters_about_orders_say_to_press_is_called_so_on_the_pages(chapter):
    text = (ROOT / "templates" / chapter.template).read_text()
    named = {name for label in LABEL.findall(text) for name in label.split(" → ")}
    assert named
    assert named - texts() - WAGTAILS == set()


@cache
def texts() -> set[str]:
    """Every Swedish text of our own pages; plurals in the singular."""
    catalogue = catalogues.read(ROOT / "locale/en/LC_MESSAGES/django.po")
    found = {text.id if isinstance(text.id, str) else text.id[0] for text in catalogue if text.id}
    return found | {capfirst(text) for text in found}

"""The sizes of a picture: drawn by the worker, without place and camera; a reader's request draws none."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image
from wagtail.images.models import Filter

from library import decoding, renditions, tasks
from library.models import Picture, Rendition
from tests.library import files

pytestmark = pytest.mark.django_db


def test_all_sizes_are_drawn_once(new_picture):
    picture = new_picture()
    assert renditions.make(picture) == list(renditions.SPECS)
    assert renditions.make(picture) == []
    assert not renditions.missing().exists()


@pytest.mark.parametrize("kind", ["avif", "webp"])
def test_a_size_is_of_its_kind_and_width(kind, new_picture):
    picture = new_picture(drawn=True)
    drawn = picture.renditions.get(filter_spec=f"width-640|format-{kind}")
    assert (drawn.width, drawn.height) == (640, 480)
    assert Image.open(drawn.file).format == kind.upper()


@pytest.mark.parametrize("spec", renditions.SPECS)
def test_no_size_tells_where_it_was_taken_and_all_stand_upright(spec, new_picture):
    picture = new_picture(files.with_place())
    with picture.generate_rendition_file(Filter(spec=spec)) as drawn:
        image = Image.open(BytesIO(drawn.read()))
    assert not dict(image.getexif())
    assert b"Kameramakarna" not in image.tobytes()
    assert image.height > image.width


def test_the_original_would_have_told(new_picture):
    with new_picture(files.with_place()).open_file() as original:
        assert b"Kameramakarna" in original.read()


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGB"])
def test_pictures_for_print_and_in_grey_are_drawn(mode, new_picture):
    picture = new_picture(files.picture(mode=mode), drawn=True)
    assert picture.renditions.count() == len(renditions.SPECS)


@pytest.mark.parametrize("mode", ["P", "1", "RGBA", "I;16", "LA"])
def test_every_kind_of_png_is_drawn(mode, new_picture):
    picture = new_picture(files.picture("PNG", mode=mode), name="bild.png", drawn=True)
    assert picture.renditions.count() == len(renditions.SPECS)


def test_a_small_picture_is_not_blown_up_and_stands_once_in_the_list(new_picture):
    picture = new_picture(files.picture(size=(500, 300)), drawn=True)
    widths = [source.srcset.count("w,") + 1 for source in renditions.shown(picture).sources]
    assert widths == [2, 2]  # 320 and 500


def shown_size(picture):
    image = renditions.shown(picture).image
    return image and (image.width, image.height)


def test_a_new_file_gets_new_sizes(
    new_picture, admin_client, django_capture_on_commit_callbacks, monkeypatch
):
    picture = new_picture(drawn=True)
    asked: list[int] = []
    monkeypatch.setattr(tasks.make_renditions, "delay", asked.append)
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(
            reverse("wagtailimages:edit", args=[picture.pk]),
            {"title": "Ny", "file": files.upload("ny.jpg", files.picture(size=(800, 200)))},
        )
    assert asked == [picture.pk]
    picture = Picture.objects.get()
    renditions.make(picture)
    assert shown_size(picture) == (640, 160)


def test_a_damaged_file_leaves_the_worker_standing(new_picture, caplog):
    picture = new_picture()
    Picture.objects.filter(pk=picture.pk).update(file="original_images/borta.jpg")
    tasks.make_renditions(picture.pk)
    assert "cannot be read" in caplog.text
    tasks.make_renditions(picture.pk + 1)


def test_the_sweep_asks_for_what_was_left_undone(new_picture, monkeypatch):
    new_picture(drawn=True)
    waiting = new_picture()
    half = new_picture(drawn=True)
    half.renditions.first().delete()
    asked: list[int] = []
    monkeypatch.setattr(tasks.make_renditions, "delay", asked.append)
    tasks.sweep_pictures()
    assert sorted(asked) == [waiting.pk, half.pk]


def test_what_stands_ready_is_shown_and_nothing_is_drawn(new_picture, monkeypatch):
    picture = new_picture()
    monkeypatch.setattr(decoding, "master", lambda _file: pytest.fail("drawn in a reader's request"))
    assert renditions.shown(picture) == renditions.Shown(None, [])
    Rendition.objects.create(
        image=picture,
        filter_spec="max-165x165",
        file=files.upload("a.webp", files.picture("WEBP", (165, 124))),
    )
    assert shown_size(picture) == (165, 124)


def test_sizes_of_many_pictures_cost_one_query(new_picture, django_assert_num_queries):
    pictures = [new_picture(drawn=True), new_picture(), None]
    with django_assert_num_queries(1):
        renditions.prefetch(pictures)
        for picture in pictures[:2]:
            renditions.shown(picture)

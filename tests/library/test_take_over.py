"""Wagtail's own images become pictures under their numbers, and can become images again."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from taggit.models import TaggedItem
from wagtail.images.models import Image

from library.models import Picture
from tests.library import files

MOVE = import_module("library.migrations.0002_take_over_pictures")


@pytest.mark.django_db(transaction=True)  # SQLite changes its tables outside of a transaction only
def test_images_become_pictures_and_back():
    image = Image(id=7041, title="Gammal", description="En dörr")
    image.file.save("gammal.jpg", files.upload("gammal.jpg", files.picture()), save=False)
    image.save()
    image.tags.add("dörrar")

    def run(step):
        with connection.schema_editor(atomic=False) as editor:
            step(apps, editor)

    run(MOVE.take_over)
    picture = Picture.objects.get(pk=7041)
    assert (picture.title, picture.file.name, picture.created_at) == (
        "Gammal",
        image.file.name,
        image.created_at,
    )
    assert TaggedItem.objects.get().content_type == ContentType.objects.get_for_model(Picture)
    assert Picture.objects.create(title="Ny", file=image.file.name, width=1, height=1).pk > 7041

    Picture.objects.filter(pk=7041).update(title="Ändrad")
    run(MOVE.give_back)
    assert Image.objects.get(pk=7041).title == "Ändrad"
    assert Image.objects.count() == 2
    assert TaggedItem.objects.get().content_type == ContentType.objects.get_for_model(Image)

"""Uploaded pictures reach the reader; documents beside them do not."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.images import get_image_model

FILES = "django.core.files.storage.FileSystemStorage"


@pytest.fixture
def on_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": FILES}}
    return tmp_path


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "kind"), [("bord.png", "image/png"), ("bord.webp", "image/webp"), ("bord.avif", "image/avif")]
)
def test_a_picture_put_in_by_an_editor_is_served(name, kind, client, on_disk):
    picture = get_image_model()(title="Bord")
    picture.file.save(name, ContentFile(b"bytes"), save=False)
    answer = client.get(picture.file.url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == kind
    assert "max-age" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.getvalue() == b"bytes"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/media/documents/hemligt.html",
        "/media/images/../documents/hemligt.html",
        "/media/images/%2e%2e/documents/hemligt.html",
        "/media/images/..%2fdocuments%2fhemligt.html",
        "/media/images/%00",
        "/media/images/saknas.png",
        "/media/images/",
        "/media/db.sqlite3",
    ],
)
def test_nothing_but_pictures_is_served(address, client, on_disk):
    default_storage.save("documents/hemligt.html", ContentFile(b"<script>"))
    default_storage.save("images/en.png", ContentFile(b""))
    assert client.get(address).status_code in {301, 404}

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from wagtail.documents.models import Document

from library import renditions
from library.models import Picture
from tests.library import files


@pytest.fixture
def on_disk(settings, tmp_path):
    backend = "django.core.files.storage.FileSystemStorage"
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend}}
    return tmp_path


@pytest.fixture
def new_picture(db: None) -> Callable[..., Picture]:
    """new_picture(content, drawn=True, **fields): in the library, with or without its sizes."""

    def make(
        content: bytes = b"", *, name: str = "reception.jpg", drawn: bool = False, **fields: Any
    ) -> Picture:
        told = {"title": "Receptionen", "description": "Två stolar vid ett fönster", **fields}
        picture = Picture(**told)
        picture.file.save(name, files.upload(name, content or files.picture()), save=False)
        picture.save()
        if drawn:
            renditions.make(picture)
        return picture

    return make


@pytest.fixture
def new_document(db: None) -> Callable[..., Document]:
    """new_document("film.mp4", content): in the library."""

    def make(name: str, content: bytes, **fields: Any) -> Document:
        document = Document(title=name, **fields)
        document.file.save(name, files.upload(name, content), save=False)
        document._set_document_file_metadata()
        document.file.close()
        document.save()
        return document

    return make

"""Files in the admin's five ways in: what harms or cannot be shown is refused with a sentence, nothing is kept."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.urls import reverse
from wagtail.documents.models import Document

from config.uploads import FORM_BYTES
from library.kinds import KINDS, is_what_it_says
from library.limits import FILE_BYTES, FILM_BYTES, PICTURE_BYTES
from library.models import Picture
from tests.library import files

pytestmark = pytest.mark.django_db

AJAX = {"x-requested-with": "XMLHttpRequest"}


def send_picture(client, name, content):
    return client.post(
        reverse("wagtailimages:add"), {"title": "Reception", "file": SimpleUploadedFile(name, content)}
    ).content.decode()


def choose_picture(client, name, content):
    return client.post(
        reverse("wagtailimages_chooser:create"),
        {
            "image-chooser-upload-title": "Reception",
            "image-chooser-upload-file": SimpleUploadedFile(name, content),
        },
    ).json()["htmlFragment"]


def send_many_pictures(client, name, content):
    return client.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Reception", "files[]": SimpleUploadedFile(name, content)},
        headers=AJAX,
    ).json()["error_message"]


def send_document(client, name, content):
    return client.post(
        reverse("wagtaildocs:add"), {"title": "Guide", "file": SimpleUploadedFile(name, content)}
    ).content.decode()


def choose_document(client, name, content):
    return client.post(
        reverse("wagtaildocs_chooser:create"),
        {
            "document-chooser-upload-title": "Guide",
            "document-chooser-upload-file": SimpleUploadedFile(name, content),
        },
    ).json()["htmlFragment"]


def send_many_documents(client, name, content):
    return client.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "Guide", "files[]": SimpleUploadedFile(name, content)},
        headers=AJAX,
    ).json()["error_message"]


WAYS_FOR_PICTURES = [send_picture, choose_picture, send_many_pictures]
WAYS_FOR_DOCUMENTS = [send_document, choose_document, send_many_documents]


NO_PICTURE = "Det här är ingen bild som går att visa. Spara den som JPEG, PNG, WebP eller AVIF."
MANY_PIXELS = "Bilden har fler än 50 miljoner bildpunkter."
MOVING = "Bilden rör sig. Spara en stillbild"
DAMAGED = "Filen är skadad eller kom inte fram hel."

BAD_PICTURES = {
    "svg with script": ("bild.svg", files.SVG, NO_PICTURE),
    "svg named png": ("bild.png", files.SVG, "Filen heter .png men är ingen bild."),
    "html named jpg": ("bild.jpg", files.HTML, "Filen heter .jpg men är ingen bild."),
    "html after a picture's first bytes": (
        "bild.jpg",
        b"\xff\xd8\xff\xe0" + files.HTML,
        "men är ingen bild.",
    ),
    "png named jpg": ("bild.jpg", files.picture("PNG"), "Filen heter .jpg men är en PNG."),
    "picture named html": ("bild.html", files.picture(), NO_PICTURE),
    "no ending": ("bild", files.picture(), NO_PICTURE),
    "only an ending": (".jpg", files.picture(), NO_PICTURE),
    "telephone's own format": ("bild.heic", b"\0\0\0\x18ftypheic", "Webbläsare kan inte visa HEIC."),
    "20 000 × 20 000": ("stor.png", files.bomb(), MANY_PIXELS),
    "just above the limit": (
        "stor.png",
        files.bomb(4001, 4000),
        "Bilden har fler än 16 miljoner bildpunkter.",
    ),
    "cut off": ("halv.jpg", files.picture()[:-2000], DAMAGED),
    "cut off png": ("halv.png", files.picture("PNG")[:-200], DAMAGED),
    "moving gif": ("dans.gif", files.moving("GIF"), "GIF går inte. Spara en stillbild som PNG"),
    "moving webp": ("dans.webp", files.moving("WEBP"), MOVING),
    "moving png": ("dans.png", files.moving("PNG"), MOVING),
    "moving avif": ("dans.avif", files.moving("AVIF"), MOVING),
    "heavy": ("tung.jpg", files.picture() + b"\0" * PICTURE_BYTES, "Filen är för stor: "),
}


@pytest.mark.parametrize("kind", BAD_PICTURES)
def test_a_picture_that_harms_or_cannot_be_shown_is_refused_with_a_sentence(kind, admin_client):
    name, content, sentence = BAD_PICTURES[kind]
    assert sentence in send_picture(admin_client, name, content)
    assert not Picture.objects.exists()


@pytest.mark.parametrize("way", WAYS_FOR_PICTURES)
@pytest.mark.parametrize("kind", ["svg with script", "html named jpg", "20 000 × 20 000", "heavy", "cut off"])
def test_every_way_in_says_the_same_of_a_picture(kind, way, admin_client):
    name, content, sentence = BAD_PICTURES[kind]
    assert sentence in way(admin_client, name, content)
    assert not Picture.objects.exists()


BAD_DOCUMENTS = {
    "svg": ("bild.svg", files.SVG, "Den sortens fil går inte att lägga in."),
    "html": ("sida.html", files.HTML, "Den sortens fil går inte att lägga in."),
    "zip": ("allt.zip", b"PK\x03\x04", "Den sortens fil går inte att lägga in."),
    "script": ("kod.js", b"alert(1)", "Den sortens fil går inte att lägga in."),
    "html named pdf": ("guide.pdf", files.HTML, "Filen heter .pdf men är skadad eller något helt annat."),
    "html named docx": ("guide.docx", files.HTML, "Spara den på nytt som Word och prova igen."),
    "zip named docx": (
        "guide.docx",
        files.zipped({"kod.js": b"alert(1)"}),
        "Spara den på nytt som Word och prova igen.",
    ),
    "cut off xlsx": (
        "siffror.xlsx",
        files.office("xlsx")[:-60],
        "Spara den på nytt som Excel och prova igen.",
    ),
    "html named vtt": ("text.vtt", files.HTML, "Spara den på nytt som WebVTT och prova igen."),
    "picture named mp4": ("film.mp4", files.picture(), "Spara den på nytt som MP4 och prova igen."),
    "heavy pdf": ("guide.pdf", files.PDF + b"\0" * FILE_BYTES, "Filen är för stor: "),
    "no ending": ("guide", files.PDF, "Den sortens fil går inte att lägga in."),
}


@pytest.mark.parametrize("way", WAYS_FOR_DOCUMENTS)
@pytest.mark.parametrize("kind", BAD_DOCUMENTS)
def test_a_file_of_a_kind_that_we_do_not_take_is_refused_with_a_sentence(kind, way, admin_client):
    name, content, sentence = BAD_DOCUMENTS[kind]
    answer = way(admin_client, name, content)
    assert sentence in answer
    assert "Filändelsen" not in answer  # one fault, one sentence
    assert not Document.objects.exists()


CONTENTS = "[Content_Types].xml"
WORD = KINDS["docx"].mime.encode() + b".main+xml"
NO_WORD_FILES = {
    "sheet": files.office("xlsx"),
    "slides": files.office("pptx"),
    "nothing": b"",
    "first bytes alone": b"PK\3\4",
    "something before it": files.HTML + files.office("docx"),
    "no main part": files.zipped({CONTENTS: WORD}),
    "no contents": files.zipped({"word/document.xml": WORD}),
    "other contents": files.zipped({CONTENTS: b"<Types/>", "word/document.xml": WORD}),
    "broken contents": files.office("docx").replace(b"[Content", b"[Kontent", 1),
    "a bomb": files.zipped({CONTENTS: bytes(5_000_000) + WORD, "word/document.xml": b""}),
    "packed as Office never does": files.zipped({CONTENTS: WORD, "word/a.xml": b""}, zipfile.ZIP_BZIP2),
    "an overlong table": files.overlong_table(),
}


@pytest.mark.parametrize("kind", NO_WORD_FILES)
def test_what_word_would_not_open_is_no_word_file(kind):
    assert not is_what_it_says(BytesIO(NO_WORD_FILES[kind]), KINDS["docx"])


def test_a_broken_office_file_is_refused_or_taken_and_never_a_fault():
    dice, whole = random.Random("docx"), files.office("docx")
    fates = set()
    for _time in range(2000):
        broken = bytearray(whole)
        for _byte in range(dice.randint(1, 6)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        fates.add(is_what_it_says(BytesIO(broken[: dice.choice([-1, None, None])]), KINDS["docx"]))
    assert fates == {True, False}


@pytest.mark.parametrize(
    "name",
    ["Räksmörgås på bordet.jpg", "a" * 300 + ".jpg", "../../etc/passwd.jpg", "<script>.jpg", "BILD.JPEG"],
)
def test_odd_names_are_kept_out_of_the_address(name, admin_client):
    send_picture(admin_client, name, files.picture())
    picture = Picture.objects.get()
    assert picture.file.name.isascii()
    assert picture.file.name.startswith("original_images/")
    assert picture.file.name.count("/") == 1
    assert "<" not in picture.file.name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("guide.pdf", files.PDF),
        ("film.mp4", files.MP4),
        ("film.webm", files.WEBM),
        ("text.vtt", files.CAPTIONS),
        ("guide.docx", files.office("docx")),
        ("siffror.xlsx", files.office("xlsx")),
        ("bilder.PPTX", files.office("pptx")),
        ("med märke.vtt", "\N{ZERO WIDTH NO-BREAK SPACE}WEBVTT\n".encode()),
    ],
)
def test_the_kinds_that_we_take_come_in(name, content, admin_client):
    send_document(admin_client, name, content)
    assert Document.objects.get().file_size == len(content)


@pytest.mark.parametrize(
    ("kind", "name"), [("PNG", "a.png"), ("WEBP", "a.webp"), ("AVIF", "a.avif"), ("JPEG", "a.jpg")]
)
def test_the_pictures_that_we_take_come_in(kind, name, admin_client):
    send_picture(admin_client, name, files.picture(kind))
    assert (Picture.objects.get().width, Picture.objects.get().height) == (700, 525)


def test_a_file_put_in_place_of_another_is_looked_at_too(admin_client, new_picture):
    picture = new_picture()
    answer = admin_client.post(
        reverse("wagtailimages:edit", args=[picture.pk]),
        {"title": "Ny", "file": SimpleUploadedFile("bild.jpg", files.HTML)},
    )
    assert "Filen heter .jpg men är ingen bild." in answer.content.decode()
    picture.refresh_from_db()
    assert picture.title == "Receptionen"


def test_of_a_body_that_is_too_large_nothing_is_stored(admin_client, monkeypatch):
    stored: list[int] = []
    for handler in (MemoryFileUploadHandler, TemporaryFileUploadHandler):
        monkeypatch.setattr(handler, "receive_data_chunk", lambda _self, raw, _start: stored.append(len(raw)))
    heavy = files.PDF + b"\0" * (FILE_BYTES + FORM_BYTES)
    assert "Filen är för stor: 21" in send_document(admin_client, "guide.pdf", heavy)
    assert not stored


def test_who_is_not_staff_has_files_thrown_away(client):
    answer = client.post(
        "/varukorg/lagg-till/",
        {"sku": "INGEN", "quantity": "1", "fil": SimpleUploadedFile("film.mp4", files.MP4)},
    )
    assert not answer.wsgi_request.FILES


def test_films_may_be_larger_than_other_files():
    assert FILM_BYTES > FILE_BYTES

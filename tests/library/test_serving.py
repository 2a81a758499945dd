"""What was uploaded, on its way out: pictures to all, originals to staff, documents to keep, films in pieces."""

from __future__ import annotations

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Collection, CollectionViewRestriction

from config import ranges
from tests.library import files

SIZE = 5_000_000
FILM = files.MP4 + bytes(SIZE - len(files.MP4))


@pytest.mark.parametrize(
    ("name", "kind"), [("bord.jpg", "image/jpeg"), ("bord.webp", "image/webp"), ("bord.avif", "image/avif")]
)
def test_a_drawn_size_is_served_to_everyone(name, kind, client, on_disk):
    default_storage.save(f"images/{name}", ContentFile(b"bytes"))
    answer = client.get(f"/media/images/{name}")
    assert (answer.status_code, answer["Content-Type"], answer.getvalue()) == (200, kind, b"bytes")
    assert "public" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert not answer.cookies


@pytest.mark.django_db
def test_an_original_is_for_staff_alone(client, admin_client, on_disk, new_picture):
    address = new_picture().file.url
    assert client.get(address).status_code == 404
    answer = admin_client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-cache")
    assert answer.getvalue() == files.picture()


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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("guide.pdf", files.PDF, "application/pdf"),
        ("film.mp4", files.MP4, "video/mp4"),
        ("film.webm", files.WEBM, "video/webm"),
        ("text.vtt", files.CAPTIONS, "text/vtt"),
        # Came in before we looked at what comes in.
        ("gammal.svg", files.SVG, "image/svg+xml"),
        ("gammal.html", files.HTML, "text/html"),
    ],
)
def test_a_document_is_kept_never_run(name, content, kind, client, on_disk, new_document):
    answer = client.get(new_document(name, content).url)
    assert (answer.status_code, answer.getvalue()) == (200, content)
    assert answer["Content-Type"].startswith(kind)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Content-Encoding" not in answer
    assert not answer.cookies


@pytest.fixture
def film(on_disk, new_document):
    return new_document("film.mp4", FILM).url


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wish", "told", "length"),
    [
        ("bytes=0-1", f"bytes 0-1/{SIZE}", 2),
        ("bytes=7-7", f"bytes 7-7/{SIZE}", 1),
        ("bytes=0-", f"bytes 0-{ranges.LONGEST - 1}/{SIZE}", ranges.LONGEST),
        (f"bytes={SIZE - 1}-", f"bytes {SIZE - 1}-{SIZE - 1}/{SIZE}", 1),
        ("bytes=-10", f"bytes {SIZE - 10}-{SIZE - 1}/{SIZE}", 10),
        (f"bytes=4999990-{SIZE * 2}", f"bytes 4999990-{SIZE - 1}/{SIZE}", 10),
    ],
)
def test_a_piece_of_a_film_is_sent_as_asked(wish, told, length, client, film):
    answer = client.get(film, headers={"range": wish})
    start = int(re.findall(r"\d+", told)[0])
    assert (answer.status_code, answer["Content-Range"], len(answer.content)) == (206, told, length)
    assert answer.content == FILM[start : start + length]
    assert answer["Content-Length"] == str(length)
    assert answer["Content-Type"] == "video/mp4"


@pytest.mark.django_db
@pytest.mark.parametrize("wish", ["bytes=5000000-", "bytes=-0", "bytes=999999999999-"])
def test_a_piece_after_the_end_is_refused(wish, client, film):
    answer = client.get(film, headers={"range": wish})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{SIZE}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wish", ["bytes=5-1", "bytes=-", "bytes=0-1,4-5", "rader=0-1", "bytes=a-b", "", "bytes=٣-٤"]
)
def test_a_wish_that_cannot_be_read_gets_the_whole(wish, client, film):
    answer = client.get(film, headers={"range": wish})
    assert (answer.status_code, answer["Accept-Ranges"], len(answer.getvalue())) == (200, "bytes", SIZE)


@pytest.mark.django_db
def test_a_piece_of_a_film_that_has_been_changed_is_not_put_behind_the_old(client, film):
    whole = client.get(film)
    version = whole["ETag"]
    assert len(whole.getvalue()) == SIZE
    same = client.get(film, headers={"range": "bytes=0-9", "if-range": version})
    other = client.get(film, headers={"range": "bytes=0-9", "if-range": '"annan"'})
    assert (same.status_code, other.status_code, len(other.getvalue())) == (206, 200, SIZE)
    assert client.get(film, headers={"if-none-match": version}).status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/dokument/1/annan.pdf", "/dokument/99999999999999999999/a.pdf", "/dokument/0/"]
)
def test_a_document_that_is_not_there_is_not_found(address, client):
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_private_collection_stays_private_in_pieces_too(client, on_disk, new_document):
    kept = Collection.get_first_root_node().add_child(name="Bara för oss")
    CollectionViewRestriction.objects.create(collection=kept, restriction_type="login")
    address = new_document("film.mp4", FILM, collection=kept).url
    for headers in ({}, {"range": "bytes=0-9"}):
        answer = client.get(address, headers=headers)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/admin/login/")


@given(header=st.one_of(st.text(), st.from_regex(r"bytes=\d{0,20}-\d{0,20}")), size=st.integers(1, 10**7))
def test_no_wish_leads_outside_the_file(header, size):
    try:
        places = ranges.wanted(header, size=size)
    except ranges.Unsatisfiable:
        return
    assert places is None or 0 <= places.start < places.stop <= min(size, places.start + ranges.LONGEST)

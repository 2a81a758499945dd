"""Whatever reaches the editor's text field, readers get text: sent as the admin's own forms send it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from cms.models import StandardPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def content(text: str, **entity: Any) -> str:
    """A paragraph as the text field's script sends it, the whole of it held by an entity if there is one."""
    ranges = [{"key": 0, "offset": 0, "length": len(text)}] if entity else []
    block = {
        "key": "a",
        "text": text,
        "type": "unstyled",
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": ranges,
    }
    return json.dumps({"blocks": [block], "entityMap": {"0": entity} if entity else {}})


def send(client: Any, *sent: str) -> Any:
    """Publish the page "Om oss" with each of these in a text field of its own."""
    page = StandardPage.objects.get(slug="om-oss")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = querydict_from_html(client.get(edit).content.decode(), form_id="page-edit-form")
    form.update(nested_form_data({"body": streamfield([("text", text) for text in sent])}))
    form["action-publish"] = "1"
    return client.post(edit, form)


def read(client: Any) -> str:
    """The article of "Om oss": what stands around it has links and scripts of its own."""
    html: str = client.get("/om-oss/").content.decode()
    return html[html.index('<div class="prose">') : html.index('<div class="share')]


def link(address: str) -> str:
    return content("Läs mer", type="LINK", mutability="MUTABLE", data={"url": address})


RUNNING = [
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)"),
    *("vbscript:x", "data:text/html;base64,PHNjcmlwdD4="),
]


def test_a_link_that_would_run_something_leads_nowhere(admin_client, client):
    send(admin_client, *map(link, RUNNING))
    text = read(client)
    assert text.count("Läs mer") == len(RUNNING)
    assert "href" not in text


def test_an_honest_link_stays(admin_client, client):
    send(
        admin_client,
        content("Läs mer", type="LINK", mutability="MUTABLE", data={"url": "https://exempel.se/"}),
    )
    assert '<a href="https://exempel.se/">Läs mer</a>' in read(client)


def test_written_markup_is_read_as_words(admin_client, client):
    send(admin_client, content(SCRIPT))
    text = read(client)
    assert "&lt;script&gt;alert(1)" in text
    assert "<script" not in text
    assert "<img" not in text


def test_what_the_field_does_not_offer_is_left_out(admin_client, client):
    data = {
        "url": "https://evil.example",
        "embedType": "video",
        "html": SCRIPT,
        "src": "x",
        "id": 1,
        "alt": SCRIPT,
    }
    kinds = ("EMBED", "IMAGE", "SCRIPT", "HORIZONTAL_RULE")
    answer = send(
        admin_client, *(content(" ", type=kind, mutability="IMMUTABLE", data=data) for kind in kinds)
    )
    assert answer.status_code == 302
    text = read(client)
    assert "evil.example" not in text
    assert "<script" not in text


def test_markup_that_no_editor_sends_is_cleaned(admin_client, client):
    assert send(admin_client, "<p>Hej</p>" + SCRIPT, content("Resten")).status_code == 302
    text = read(client)
    assert "<p" in text
    assert "Hej" in text
    assert "Resten" in text
    assert "<script" not in text
    assert "<img" not in text


def test_half_a_sign_becomes_a_question_mark(admin_client, client):
    assert send(admin_client, content("Ett \ud83d ord")).status_code == 302
    assert "Ett ? ord" in read(client)


def test_what_cannot_be_read_at_all_is_refused_as_an_empty_text(admin_client):
    odd = ["{", "[]", '{"blocks": 1}', '{"blocks": [1], "entityMap": 2}', "{}", "null"]
    assert send(admin_client, *odd, content("Resten")).status_code == 200

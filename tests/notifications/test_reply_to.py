"""A letter may be answered to somebody else than the company, and to nobody unasked."""

from __future__ import annotations

import pytest

from notifications import outbox
from notifications.mail import build

pytestmark = pytest.mark.django_db
KARIN = "karin@bjorkvik.example"


def put(reply_to: str):
    return outbox.put("plain", key="1", to="hej@vardskapet.example", context={"name": "K"}, reply_to=reply_to)


def test_answers_go_where_the_letter_says():
    mail = build(put(KARIN)).message()
    assert mail.get_all("Reply-To") == [KARIN]


@pytest.mark.parametrize(
    "address",
    [
        f"{KARIN}\nBcc: alla@x.example",
        f"{KARIN}\r\nBcc: alla@x.example",
        f"{KARIN}, alla@x.example",
        f"Karin <{KARIN}>",
        f"{KARIN}\x00",
        "ingen adress",
        "\u2028" + KARIN,
    ],
)
def test_what_could_grow_into_another_header_or_receiver_is_refused(address):
    with pytest.raises(ValueError, match="not one bare address"):
        put(address)


def test_a_stored_address_that_was_tampered_with_stays_one_line():
    message = put(KARIN)
    message.headers["Reply-To"] = f"{KARIN}\nBcc: alla@x.example"
    mail = build(message).message()
    assert "Bcc" not in mail

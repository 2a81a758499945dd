"""The mail itself: its headers hold whatever stands in names, and it is what a mail server gets."""

from __future__ import annotations

from email.utils import parseaddr

import pytest

from notifications import letters, mail, sending
from notifications.mail import build, one_line
from notifications.models import Message, State
from tests.factories import NOON, CompanyFactory

NASTY = "Karin\r\nBcc: alla@example.com\u2028X-Ond: ja\x00\u202e"


@pytest.mark.django_db
def test_the_mail_comes_from_the_company_and_replies_reach_a_person(letter):
    CompanyFactory(email="hej@vardskapet.example")
    built = build(letter()).message()
    name, address = parseaddr(str(built["From"]))
    assert (mail.one_line(name), address) == ("=?utf-8?q?V=C3=A4rdskapet?=", "hej@vardskapet.example")
    assert built["Reply-To"] == "hej@vardskapet.example"
    assert built["Message-ID"] == "<plain-1@vardskapet.example>"
    assert built["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
def test_a_bare_sender_address_gets_the_company_s_name(letter, settings):
    CompanyFactory(name="Värdskapet")
    settings.DEFAULT_FROM_EMAIL = "brev@vardskapet.example"
    assert build(letter()).from_email == "=?utf-8?q?V=C3=A4rdskapet?= <brev@vardskapet.example>"


@pytest.mark.django_db
@pytest.mark.parametrize("name", [NASTY, "\r\n\r\n<script>", "‮gnp.exe", "x" * 5000, "👩‍👩‍👧 Ünal Śmigły"])
def test_no_name_can_add_a_header(name):
    CompanyFactory(email="hej@vardskapet.example")
    nasty = Message(letter="plain", to="karin@bjorkvik.example", message_id="<1@x>", context={"name": name})
    nasty.headers = {"X-Name": name[:200]}
    raw = build(nasty).message().as_bytes()
    head = raw.partition(b"\n\n")[0]
    assert b"\nBcc:" not in head
    assert b"\nX-Ond:" not in head
    assert max(len(line) for line in head.splitlines()) < 998


@pytest.mark.django_db
def test_no_stored_header_can_change_the_message_id(letter):
    built = build(letter(headers={"Message-ID": "<other@x>", "List-Unsubscribe": "<https://x/>"})).message()
    assert built["Message-ID"] == "<plain-1@vardskapet.example>"
    assert built["List-Unsubscribe"] == "<https://x/>"


def test_one_line_keeps_what_can_be_seen():
    assert one_line("  Åsa\t\n Öberg–Łoś\x00\u202e\x07 ") == "Åsa Öberg–Łoś"


@pytest.mark.django_db
def test_html_is_escaped_and_text_is_not(letter):
    built = build(letter(context={"name": "<b>Å & Ö</b>"}))
    assert built.body == "Hej <b>Å & Ö</b> & <alla>.\n"
    assert built.alternatives[0][0] == "<p>Hej &lt;b&gt;Å &amp; Ö&lt;/b&gt;.</p>\n"


@pytest.mark.django_db
def test_a_letter_s_own_facts_go_before_the_common_ones(letter):
    built = build(letter(context={"name": "Karin", "seller": {"email": "da@vardskapet.example"}}))
    assert built.reply_to == ["da@vardskapet.example"]
    assert letters.common_facts()["seller"]["name"] == "Värdskapet"


def test_a_maker_registered_twice_makes_its_file_once(monkeypatch):
    monkeypatch.setattr(letters, "_makers", {})

    def maker(_context):
        return [letters.Attachment("a.txt", b"a", "text/plain")]

    letters.attach("plain", maker)
    letters.attach("plain", maker)
    assert len(letters.attachments("plain", {})) == 1


# --- Over real SMTP -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_mail_server_gets_text_html_and_the_letter_s_own_message_id(letter, smtp_sink):
    CompanyFactory()
    assert sending.send(letter().pk, now=NOON)
    [got] = smtp_sink.messages
    assert smtp_sink.recipients == [["karin@bjorkvik.example"]]
    assert got["Subject"] == "Hej Karin"
    assert got["From"] == "Värdskapet <hej@vardskapet.example>"
    assert [part.get_content_type() for part in got.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.mark.django_db
def test_every_try_goes_out_under_the_same_message_id(letter, smtp_sink):
    """The server takes the letter and then says no: the reader may get it twice, but as one."""
    message = letter()
    smtp_sink.refusals.append("451 kom igen senare")
    assert not sending.send(message.pk, now=NOON)
    message.refresh_from_db()
    assert (message.state, message.error) == (State.WAITING, "SMTPDataError: (451, b'kom igen senare')")
    assert sending.send(message.pk, now=message.next_try_at)
    assert [mail["Message-ID"] for mail in smtp_sink.messages] == [message.message_id]


@pytest.mark.django_db
def test_a_mail_server_that_is_down_is_a_failed_try(letter, smtp_sink, settings):
    message = letter()
    settings.EMAIL_PORT = 1
    assert not sending.send(message.pk, now=NOON)
    message.refresh_from_db()
    assert message.error.startswith("ConnectionRefusedError")

"""The demo's mail: kept as files, shown at /dev/mail/, unable to do anything."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications import devmail

BACKEND = "notifications.devmail.Backend"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    mails: Path = tmp_path / "mail"
    settings.MAIL_DIR = mails
    return mails


def send(subject: str = "Tack, Åsa!", html: str = "<head></head><p>Hej</p>") -> None:
    mail = EmailMultiAlternatives(subject, "Hej <b> https://x.example/å", to=["asa@example.com"])
    mail.attach_alternative(html, "text/html")
    mail.attach("Kvitto å.pdf", b"%PDF-1.7", "application/pdf")
    assert get_connection(BACKEND).send_messages([mail]) == 1


def test_each_mail_is_a_whole_file_however_many_are_written_at_once(folder):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: send(f"Brev {number}"), range(50)))
    assert len(devmail.names()) == 50
    assert list(folder.glob("*.part")) == []
    assert {entry.subject for entry in devmail.entries(devmail.names())} == {f"Brev {n}" for n in range(50)}
    assert devmail.names() == sorted(devmail.names(), reverse=True)


def test_a_mail_is_read_as_it_was_written():
    send()
    mail = devmail.read(devmail.names()[0])
    assert mail["Subject"] == "Tack, Åsa!"
    assert devmail.text(mail, "plain").strip() == "Hej <b> https://x.example/å"
    assert [part.get_filename() for part in devmail.attachments(mail)] == ["Kvitto å.pdf"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "x", "00000000000000000000-1-00000000", ""])
def test_a_name_that_is_not_ours_is_not_found(name):
    with pytest.raises(FileNotFoundError):
        devmail.read(name)


@pytest.mark.django_db
def test_the_pages_show_list_letter_and_files(client):
    assert "Inga brev än" in client.get("/dev/mail/").content.decode()
    send(subject="<i>Tack</i>")
    page = client.get("/dev/mail/").content.decode()
    assert "&lt;i&gt;Tack&lt;/i&gt;" in page
    assert "asa@example.com" in page
    name = devmail.names()[0]
    assert f"/dev/mail/{name}/" in page
    shown = client.get(f"/dev/mail/{name}/").content.decode()
    assert "Hej &lt;b&gt;" in shown
    assert 'sandbox="allow-top-navigation-by-user-activation"' in shown
    assert f'<a href="/dev/mail/{name}/html/">' in shown
    assert "Kvitto å.pdf" in shown
    assert "Content-Type: multipart/mixed" in shown


@pytest.mark.django_db
def test_the_html_part_can_neither_run_nor_fetch_anything(client):
    send(html="<head></head><script>alert(1)</script>")
    answer = client.get(f"/dev/mail/{devmail.names()[0]}/html/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert "script" not in policy
    assert b'<base target="_top">' in answer.content


@pytest.mark.django_db
def test_an_attachment_is_a_download(client):
    send()
    name = devmail.names()[0]
    answer = client.get(f"/dev/mail/{name}/bilaga/0/")
    assert answer.content == b"%PDF-1.7"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Kvitto")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/dev/mail/{name}/bilaga/1/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["x/", "..%2f..%2fetc/", "x/html/", "x/bilaga/0/"])
def test_an_unknown_mail_is_a_404(client, path):
    assert client.get(f"/dev/mail/{path}").status_code == 404


@pytest.mark.django_db
def test_a_broken_file_among_the_mails_breaks_no_page(client, folder):
    send()
    name = f"{'9' * 20}-1-00000000"
    (folder / f"{name}.eml").write_bytes(b"\xff\x00 inget brev")
    assert client.get("/dev/mail/").status_code == 200
    for path in ("", "html/"):
        assert client.get(f"/dev/mail/{name}/{path}").status_code == 200

"""The heaviest that may be sent, and the worst that can be, through real processes: none passes 512 MB."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from library import renditions
from library.limits import MEGABYTE
from library.models import Rendition
from tests.library import files

MOST_MEGABYTES = 512
HEAVY = 200 * MEGABYTE
HARMFUL = {
    "bomb.png": (files.bomb(), "miljoner bildpunkter"),
    "halv.jpg": (files.picture()[:-2000], "skadad"),
    "steg.jpg": (files.picture(size=(4100, 4000), progressive=True), "16 miljoner bildpunkter"),
    "sida.jpg": (files.HTML, "ingen bild"),
}
BOUNDARY = "slut-pa-delen"


@pytest.fixture
def staff(admin_user) -> Iterator[requests.Session]:
    """Somebody logged in, outside this process."""
    client = Client()
    client.force_login(admin_user)
    session = requests.Session()
    session.cookies.set("sessionid", client.cookies["sessionid"].value)
    yield session
    session.close()


def send(staff: requests.Session, site: str, name: str, content: bytes) -> str:
    form = staff.get(f"{site}/admin/images/add/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    return staff.post(
        f"{site}/admin/images/add/",
        data={"title": name, "csrfmiddlewaretoken": token[1]},
        files={"file": (name, content)},
        headers={"Referer": site},
    ).text


def send_heavy(staff: requests.Session, site: str) -> str:
    """200 MB, made as they go."""
    token = str(staff.cookies["csrftoken"])
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\nFilm\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="film.mp4"\r\n\r\n'
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=240)
    connection.putrequest("POST", "/admin/documents/add/")
    for name, value in {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(len(head) + HEAVY + len(tail)),
        "Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in staff.cookies),
        "X-CSRFToken": token,
        "Referer": site,
    }.items():
        connection.putheader(name, value)
    connection.endheaders(head)
    for _megabyte in range(HEAVY // MEGABYTE):
        connection.send(b"\0" * MEGABYTE)
    connection.send(tail)
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def family(pid: int) -> Iterator[int]:
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from family(int(child))


def peaks(pid: int) -> dict[int, int]:
    """The most that each process below `pid` has ever held, in megabytes."""
    told = {member: Path(f"/proc/{member}/status").read_text() for member in family(pid)}
    return {member: int(re.findall(r"VmHWM:\s+(\d+)", text)[0]) // 1024 for member, text in told.items()}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells what a process has held")
@pytest.mark.chaos
def test_no_upload_takes_a_process_above_512_megabytes(live_site, worker, staff):
    site = live_site()
    for name, (content, sentence) in HARMFUL.items():
        assert sentence in send(staff, site, name, content)
    assert "Filen är för stor: 200" in send_heavy(staff, site)
    largest = {
        "telefon.jpg": files.picture(size=(8000, 6250)),
        "tryck.jpg": files.picture(size=(5119, 9766), mode="CMYK"),
        "skärm.png": files.picture("PNG", (4900, 3265), "RGBA", compress_level=1),
        "webb.webp": files.picture("WEBP", (4900, 3265), "RGBA", method=0),
        "överfull.png": files.overfull(),
    }
    for name, content in largest.items():
        send(staff, site, name, content)
    worker.wait_idle(600)
    assert Rendition.objects.filter(filter_spec__in=renditions.SPECS).count() == len(largest) * len(
        renditions.SPECS
    )
    held = peaks(live_site.services[0].process.pid) | peaks(worker.service.process.pid)
    assert max(held.values()) < MOST_MEGABYTES

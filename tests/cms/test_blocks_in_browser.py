"""A page with every block in Chromium: axe-core, no sideways scroll, and a film that is fetched when it is played."""

from __future__ import annotations

import base64

import pytest

from tests import axe
from tests.cms import every_block

NARROW = {"width": 320, "height": 640}
# A second of a moving square, recorded by the browser itself: a real film, and nothing to keep in the repository.
RECORD = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 320, height: 180});
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(25), {mimeType: "video/webm"});
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const stopped = new Promise((done) => (recorder.onstop = done));
  recorder.start();
  for (let step = 0; step < 25; step++) {
    pen.fillStyle = step % 2 ? "#17493C" : "#F7D070";
    pen.fillRect(0, 0, 320, 180);
    await new Promise((next) => setTimeout(next, 40));
  }
  recorder.stop();
  await stopped;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


@pytest.fixture
def on_disk(settings, tmp_path):
    backend = "django.core.files.storage.FileSystemStorage"
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend}}


def test_every_block_reads_well_and_a_film_comes_when_it_is_asked_for(
    live_server, own_demo, open_page, on_disk
):
    page = open_page("mobile", bypass_csp=True)
    film = base64.b64decode(page.evaluate(RECORD))
    address = every_block.new_page(pieces={
        **every_block.every_block(),
        "film": every_block.film(film, "lyssna.webm", every_block.picture(drawn=True)),
    }).url  # fmt: skip
    asked: list[str] = []
    answers: dict[str, int] = {}
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: answers.setdefault(answer.url, answer.status))

    page.goto(address, wait_until="networkidle")
    assert not [url for url in asked if "/dokument/" in url]
    assert all(url.startswith((live_server.url, "data:")) for url in asked)
    assert axe.violations(page, thoroughly=True) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]

    page.evaluate("() => Object.assign(document.querySelector('video'), {muted: true}).play()")
    page.wait_for_function("document.querySelector('video').currentTime > 0.2")
    assert [status for url, status in answers.items() if url.endswith(".webm")] == [206]
    assert not page.context.cookies()


def test_every_block_reads_well_in_the_evening_without_script(live_server, own_demo, open_page, on_disk):
    address = every_block.new_page().url
    page = open_page("desktop", color_scheme="dark", bypass_csp=True)
    page.goto(address)
    assert axe.colours_by_night(page) == []
    plain = open_page("desktop", javascript=False)
    plain.goto(address)
    assert plain.locator("video").get_attribute("controls") == ""
    assert plain.locator("figure.film video").bounding_box()["height"] > 100
    plain.get_by_text("Läs filmen som text").click()
    assert plain.get_by_text("En kvinna öppnar en dörr.").is_visible()

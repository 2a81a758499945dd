"""The drawn picture of a page: what it shows, when it is made anew, and that a lost nudge loses nothing."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from wagtail.models import Page, PageViewRestriction, Workflow

from cms.models import EventPage, HomePage, PartPage, ProductPage, SharePicture, StandardPage
from cms.models.philosophy import Colour, Drawing
from cms.sharing import motif, pictures
from cms.sharing.motif import Motif, drawn
from cms.tasks import draw_share_picture, publish_scheduled, sweep_share_pictures
from library.models import Picture
from library.renditions import PLAIN
from shop.models import Company, Product
from shop.typesetting import compile_layout
from tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

PART = "/filosofin/lyssna-fardigt/"
HEAVIEST = 100_000


@pytest.fixture(autouse=True)
def _clean_folder(settings: Any, tmp_path: Any) -> None:
    settings.STORAGES = {
        **django_settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


@pytest.fixture
def part() -> PartPage:
    found: PartPage = PartPage.objects.get(slug="lyssna-fardigt")
    return found


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The pages whose pictures were asked for."""
    asked: list[int] = []
    monkeypatch.setattr("cms.sharing.telling.draw_share_picture.delay", asked.append)
    return asked


def kept(page: Page) -> SharePicture:
    return SharePicture.objects.get(page_id=page.pk)


@pytest.fixture
def small_site(part: PartPage) -> None:
    """Few pages are published: drawing all of the demo's takes seconds."""
    Page.objects.exclude(pk=part.pk).exclude(slug__in=["start", "om-oss"]).update(live=False)


def files() -> set[str]:
    return (
        set(default_storage.listdir(pictures.FOLDER)[1]) if default_storage.exists(pictures.FOLDER) else set()
    )


def image(page: Page) -> Image.Image:
    with default_storage.open(kept(page).file) as file:
        return Image.open(io.BytesIO(file.read()))


def shared(client, address: str) -> str:
    found = re.search(
        r'<meta property="og:image" content="http://testserver([^"]+)"', client.get(address).content.decode()
    )
    assert found
    return found[1]


# --- What it shows ----------------------------------------------------------------------------
def test_a_page_has_the_one_that_fits_all_until_its_own_is_made(client, part):
    assert shared(client, PART) == "/static/img/delning.png"
    draw_share_picture(part.pk)
    assert shared(client, PART) == f"/media/{kept(part).file}"
    assert image(part).size == (1200, 630)
    assert default_storage.size(kept(part).file) < HEAVIEST


def test_every_page_of_the_demo_gets_one(part):
    sweep_share_pictures()
    pages = Page.objects.live().filter(depth__gt=1)
    assert SharePicture.objects.count() == pages.count() == len(files())
    assert all(default_storage.size(f"{pictures.FOLDER}/{name}") < HEAVIEST for name in files())


@pytest.mark.parametrize(
    "title",
    [
        "Skriften",
        "Öppna dörren innan någon hunnit knacka, så vet den som kommer att den är väntad hos dig i dag",
        "Bemötandekompetensutvecklingsstrategigruppmöteskallelse i Lidköping",
        "W" * 255,
        "Å" * 100 + " " + "ö" * 150,
        "🎉 #panic[x] $x$ *b* \\ // {{ x }} \u202egnirts \x07",
        "👩‍👩‍👧‍👦",
        "Łukasz Śmigły och Đặng Thị",
    ],
)
def test_no_title_reaches_the_door_or_the_floor(title):
    """Around the title's own field the picture is the same as without a title."""
    shown, bare = (
        typeset(Motif(words, drawn(Drawing.CUP), Colour.SKY, eyebrow="Kurs")) for words in (title, "")
    )
    for box in [(780, 0, 1200, 630), (0, 478, 1200, 630), (0, 0, 64, 630)]:
        assert shown.crop(box).tobytes() == bare.crop(box).tobytes(), box


def typeset(shown: Motif) -> Image.Image:
    """Before its colours are made fewer."""
    return Image.open(io.BytesIO(compile_layout(motif.LAYOUT, shown.facts, format="png", ppi=72)))


def test_an_event_shows_its_day_and_that_it_is_off():
    event = EventPage.objects.exclude(status="cancelled").order_by("starts_at").first()
    day = motif.of(event)
    assert re.search(r"\d+ [a-zåäö]+ 20\d\d$", day.eyebrow)
    event.status = "cancelled"
    assert motif.of(event).eyebrow.startswith("Inställt, ")
    assert motif.of(event).colour == Colour.FALU != day.colour


def test_a_part_shows_its_own_colour_and_drawing(part):
    part.colour, part.drawing = Colour.CLAY, Drawing.KEY
    assert (motif.of(part).colour, motif.of(part).drawing) == (Colour.CLAY, drawn(Drawing.KEY))
    made = Image.open(io.BytesIO(pictures.png(motif.of(part)))).convert("RGB")
    assert made.getpixel((5, 5)) == (0xF0, 0xCD, 0xBD)


def photograph() -> Picture:
    """Put in as the cover of Skriften; none of its sizes is drawn yet."""
    file = io.BytesIO()
    Image.new("RGB", (600, 848), "#0000FF").save(file, "PNG")
    cover: Picture = Picture.objects.create(title="Omslag", file=ContentFile(file.getvalue(), "omslag.png"))
    Product.objects.filter(sku="SKRIFTEN").update(cover_image=cover)
    return cover


def of_the_book() -> Motif:
    return motif.of(ProductPage.objects.get(slug="skriften"))


def test_a_real_cover_goes_before_the_drawn_one_as_soon_as_it_stands_ready():
    drawn_cover = of_the_book().digest
    cover = photograph()
    assert of_the_book().digest == drawn_cover
    cover.get_rendition(PLAIN)
    blue = Image.open(io.BytesIO(pictures.png(of_the_book()))).convert("RGB").getpixel((935, 400))
    assert isinstance(blue, tuple)
    assert blue[2] > 200 > 60 > blue[0]


def test_a_cover_that_cannot_be_read_leaves_the_drawn_one():
    drawn_cover = of_the_book().digest
    name = photograph().get_rendition(PLAIN).file.name
    assert of_the_book().digest != drawn_cover
    for damage in (None, b"", b"\xff\xd8\xff\xe0 half a JPEG"):
        default_storage.delete(name)
        if damage is not None:
            default_storage.save(name, ContentFile(damage))
        assert of_the_book().digest == drawn_cover


# --- When it is made --------------------------------------------------------------------------
def test_twice_is_once(part):
    draw_share_picture(part.pk)
    first = kept(part)
    pictures.draw(part.pk, now=NOON + timedelta(days=400))
    assert (kept(part).file, kept(part).made_at) == (first.file, first.made_at)


@pytest.mark.parametrize("change", [{"title": "Lyssna klart"}, {"colour": "lamp"}, {"drawing": "d9"}])
def test_what_is_seen_makes_a_new_one(part, change):
    draw_share_picture(part.pk)
    before = kept(part).file
    for name, value in change.items():
        setattr(part, name, value)
    part.save_revision().publish()
    draw_share_picture(part.pk)
    assert kept(part).file != before


def test_what_is_not_seen_makes_none(part):
    draw_share_picture(part.pk)
    before = kept(part).file
    part.lede = "En annan ingress."
    part.save_revision().publish()
    draw_share_picture(part.pk)
    assert kept(part).file == before


def test_a_file_that_was_lost_is_made_again(part):
    draw_share_picture(part.pk)
    default_storage.delete(kept(part).file)
    draw_share_picture(part.pk)
    assert default_storage.exists(kept(part).file)


def test_the_sweep_finds_lost_nudges_a_new_name_and_old_files(part, small_site, monkeypatch):
    sweep_share_pictures()
    before = kept(part).file
    Company.objects.update(name="Värdarna")
    sweep_share_pictures()
    assert kept(part).file != before
    assert default_storage.exists(before)  # a page that is kept somewhere may still name it
    monkeypatch.setattr(pictures, "GRACE", -timedelta(hours=1))
    sweep_share_pictures()
    assert not default_storage.exists(before)
    assert len(files()) == SharePicture.objects.count()


def test_the_sweep_makes_a_lost_file_again(part, small_site):
    sweep_share_pictures()
    default_storage.delete(kept(part).file)
    sweep_share_pictures()
    assert default_storage.exists(kept(part).file)


def test_a_page_that_changes_while_it_is_drawn_keeps_no_old_picture(part, monkeypatch):
    stored = pictures._stored

    def slowly(page_id: int, shown: Motif) -> str:
        Page.objects.filter(pk=page_id).update(title="Nytt namn")
        return stored(page_id, shown)

    monkeypatch.setattr(pictures, "_stored", slowly)
    draw_share_picture(part.pk)
    assert not SharePicture.objects.filter(page_id=part.pk).exists()
    monkeypatch.undo()


@pytest.mark.parametrize("state", ["draft", "restricted", "deleted"])
def test_what_not_everyone_may_read_has_none(state, small_site):
    page = StandardPage.objects.get(slug="om-oss")
    pk = page.pk
    if state == "draft":
        page.unpublish()
    elif state == "restricted":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    else:
        page.delete()
    draw_share_picture(pk)
    sweep_share_pictures()
    assert not SharePicture.objects.filter(page_id=pk).exists()


def test_an_alias_is_shared_with_the_originals_picture(client, part):
    alias = part.create_alias(update_slug="samma-igen", parent=part.get_parent())
    draw_share_picture(part.pk)
    assert shared(client, alias.url) == f"/media/{kept(part).file}"


# --- Who asks for it --------------------------------------------------------------------------
def test_every_way_to_publish_asks_for_it(part, nudged, admin_client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        part.save_revision().publish()  # by code
    assert nudged == [part.pk]
    with django_capture_on_commit_callbacks(execute=True):
        part.go_live_at = NOON - timedelta(days=1000)
        part.save_revision(approved_go_live_at=part.go_live_at)
        publish_scheduled()
    assert nudged == [part.pk] * 2
    workflow = Workflow.objects.create(name="Utan steg")
    with django_capture_on_commit_callbacks(execute=True):
        part.save_revision()
        workflow.start(part, None)
    assert nudged == [part.pk] * 3


def test_a_draft_asks_for_nothing(part, nudged, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        part.title = "Utkast"
        part.save_revision()
    assert nudged == []


def test_a_silent_broker_does_not_stop_the_editor(part, monkeypatch, django_capture_on_commit_callbacks):
    def refuse(_page_id: int) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr("cms.sharing.telling.draw_share_picture.delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        part.save_revision().publish()
    assert PartPage.objects.get(pk=part.pk).live


def test_no_reader_waits_for_a_picture(client, monkeypatch):
    monkeypatch.setattr(pictures, "png", lambda _shown: pytest.fail("drawn in a visitor's request"))
    assert client.get(HomePage.objects.get(slug="start").url).status_code == 200


def test_the_picture_is_served_and_may_be_kept(client, part, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    draw_share_picture(part.pk)
    answer = client.get(shared(client, PART))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "max-age" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    answer.close()

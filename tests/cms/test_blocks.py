"""What editors build with: what readers get of each block, and what is refused before it is published."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from wagtail.images.blocks import ImageBlock

from cms import blocks
from cms.models import EventPage
from library import renditions
from tests.cms import every_block
from tests.library import files
from tests.quality import nu

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture(scope="module")
def everything(demo, django_db_blocker):
    """The address of a page with every block; it goes with the demo."""
    with django_db_blocker.unblock():
        return every_block.new_page().url


@pytest.fixture
def html(everything, client):
    return client.get(everything).content.decode()


def shown(client, **pieces):
    return client.get(every_block.new_page("nagot", pieces).url).content.decode()


def body(*pieces, drafted=False):
    """What the admin does with a text before it is published, or saved as a draft."""
    block = blocks.BodyBlock()
    value = block.normalize(list(pieces))
    return block.clean_deferred(value) if drafted else block.clean(value)


def heading(text, level="h2", anchor=""):
    return ("heading", {"text": text, "level": level, "anchor": anchor})


def test_a_film_is_a_plain_player_that_waits_to_be_asked(html):
    assert (
        '<video controls playsinline preload="none" aria-label="Att lyssna färdigt" poster="/media/images/'
        in html
    )
    assert 'type="video/mp4">' in html
    assert '<track kind="captions" src="/dokument/' in html
    assert 'srclang="sv" label="Svenska"' in html
    assert "default" not in html[html.index("<track") : html.index("</video>")]
    assert "<summary>Läs filmen som text " in html
    assert "<iframe" not in html


@pytest.mark.skipif(bool(nu.missing()), reason=nu.missing())
def test_the_html_checker_finds_nothing_in_any_block(html, tmp_path):
    assert nu.faults({"/allt/": html}, tmp_path) == []


def test_a_film_elsewhere_is_a_link_that_says_where_it_leads(html):
    assert 'href="https://www.youtube.com/watch?v=exempel" rel="noreferrer">Värdskap på en minut</a>' in html
    assert "Film hos youtube.com. Du lämnar vår webbplats." in html


def test_a_file_tells_its_kind_and_size(html):
    assert 'download>Handledarguide för chefer</a> <span class="small muted">(PDF, 15' in html


def test_a_picture_tells_its_size_words_and_photographer(html):
    assert '<source type="image/avif" srcset="/media/images/reception' in html
    assert 'alt="Två stolar vid ett fönster" loading="lazy"' in html
    assert "Foto: Karin Exempelsson" in html


def test_a_decorative_picture_is_passed_over(client):
    picture = {"image": every_block.shown_picture(alt="", drawn=True), "caption": ""}
    assert 'alt="" loading="lazy"' in shown(client, picture=picture)


def test_a_picture_that_is_not_drawn_yet_keeps_its_place_and_its_words(client):
    html = shown(client, picture={"image": every_block.shown_picture(), "caption": ""})
    assert (
        'class="waiting" style="aspect-ratio:700/394" role="img" aria-label="Två stolar vid ett fönster"'
        in html
    )


def test_a_picture_whose_file_can_no_longer_be_read_breaks_neither_the_page_nor_the_admin(
    client, admin_client
):
    picture = every_block.picture()
    picture.file.name = default_storage.save("original_images/rota.jpg", ContentFile(files.picture()[:-2000]))
    picture.save()
    shown_picture = ImageBlock().normalize({"image": picture, "alt_text": "Två stolar", "decorative": False})
    page = every_block.new_page("trasig-bild", {"picture": {"image": shown_picture, "caption": ""}})
    assert 'aria-label="Två stolar"' in client.get(page.url).content.decode()
    for way in ("edit", "delete", "image_usage"):
        assert admin_client.get(reverse(f"wagtailimages:{way}", args=[picture.pk])).status_code == 200
    for way in ("chosen", "select_format"):
        assert admin_client.get(reverse(f"wagtailimages_chooser:{way}", args=[picture.pk])).status_code == 200
    for way in ("wagtailimages:index", "wagtailimages_chooser:choose", "wagtailadmin_api:images:listing"):
        assert picture.title in admin_client.get(reverse(way)).content.decode()
    assert admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


def test_a_picture_without_words_is_refused():
    block = ImageBlock()
    bare = block.normalize({"image": every_block.picture(), "alt_text": "", "decorative": False})
    with pytest.raises(ValidationError):
        block.clean(bare)


def test_a_heading_can_be_led_to(html, client):
    assert '<h2 id="avsnitt-sa-borjade-det">Så började det</h2>' in html
    own = shown(client, heading={"text": "Ordet", "level": "h2", "anchor": "forsta-ordet"})
    assert '<h2 id="forsta-ordet">Ordet</h2>' in own


@pytest.mark.parametrize(
    ("pieces", "sentence"),
    [
        ([heading("Under", "h3")], "En underrubrik behöver en rubrik ovanför sig."),
        ([("text", "<h3>Under</h3>")], "En underrubrik behöver en rubrik ovanför sig."),
        ([heading("Två gånger"), heading("Två gånger")], "En annan rubrik har samma ankare. Skriv ett eget."),
        ([heading("Ett", anchor="innehall")], "Några ord är upptagna."),
        ([heading("Ett", anchor="search")], "Några ord är upptagna."),  # the magnifier's drawing
        ([heading("Ett", anchor="Stora Ord")], "Skriv små bokstäver"),
    ],
)
def test_headings_come_in_order_and_are_told_apart(pieces, sentence):
    with pytest.raises(ValidationError) as fault:
        body(*pieces)
    assert sentence in str(told(fault.value))


def told(error):
    """Every sentence in an error of nested blocks."""
    if whole := getattr(error, "non_block_errors", None):
        return whole.data[0].messages
    nested = getattr(error, "block_errors", None)
    if not nested:
        return error.messages
    return [sentence for inner in nested.values() for sentence in told(inner)]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "En tabell behöver en rubrikrad och minst en rad till."),
        ([["Vad", "Hur länge"]], "En tabell behöver en rubrikrad och minst en rad till."),
        ([["Vad", "Hur länge"], ["Namn"]], "Alla rader ska ha lika många celler som rubrikraden."),
    ],
)
def test_a_table_has_a_heading_for_each_cell_before_it_is_published(rows, sentence):
    table = ("table", {"caption": "Vad vi sparar", "rows": rows})
    with pytest.raises(ValidationError) as fault:
        body(table)
    assert sentence in str(told(fault.value))
    assert body(table, drafted=True)


def test_headings_in_order_are_taken():
    assert body(
        heading("Ett"), heading("Under", "h3"), ("text", "<h2>Två</h2><h3>Under</h3>"), heading("Tre")
    )


def test_a_draft_may_have_its_headings_in_any_order():
    assert body(heading("Under", "h3"), drafted=True)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"captions": None}, "En film kan inte publiceras utan undertexter. Välj en .vtt-fil."),
        ({"still": None}, "Det här fältet är obligatoriskt"),
        ({"video": "guide.pdf"}, "Välj en film som slutar på .mp4 eller .webm."),
        ({"captions": "guide.pdf"}, "Välj undertexter som slutar på .vtt."),
    ],
)
def test_a_film_needs_its_captions_before_it_is_published(missing, sentence):
    chosen = {name: value and every_block.document(value, b"%PDF-") for name, value in missing.items()}
    with pytest.raises(ValidationError) as fault:
        body(("film", {**every_block.film(), **chosen}))
    assert sentence in told(fault.value)


def test_a_film_may_wait_for_its_captions_as_a_draft():
    assert body(("film", {**every_block.film(), "captions": None}), drafted=True)


def test_an_event_is_shown_as_it_stands_in_the_calendar(client):
    event = EventPage.objects.upcoming(timezone.now()).first()
    page = every_block.new_page("traffen", {"event": {"event": event}})

    def card():
        html = client.get(page.url).content.decode()
        return html[html.index('class="note meet"') :][:1500] if 'class="note meet"' in html else ""

    def publish(**facts):
        for name, value in facts.items():
            setattr(event, name, value)
        event.save_revision().publish()

    assert event.title in card()
    publish(title="Nytt namn på träffen")
    assert "Nytt namn på träffen" in card()
    publish(status="cancelled")
    assert "Inställt" in card()
    now = timezone.now()
    publish(status="planned", starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    assert "Det här var" in card()
    event.unpublish()
    assert not card()


BAD_ADDRESSES = [
    *(
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,hej",
        "vbscript:x",
    ),
    *("//evil.example", "/\\evil.example", "http://evil.example", "https://a\\b", "/a\nb", "", "varukorg"),
]
GOOD_ADDRESSES = [
    *("/varukorg/", "/", "/bocker/#organisationer", "https://exempel.se/a?b=c"),
    *("tel:08-555 000 00", "mailto:hej@exempel.se"),
]


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_a_link_leads_to_a_page_or_an_honest_address(address):
    link = blocks.LinkBlock()
    with pytest.raises(ValidationError) as fault:
        link.clean(link.normalize({"label": "Fel", "page": None, "address": address}))
    assert told(fault.value) == ["Välj en sida, eller skriv en adress som börjar med / eller https://"]


@pytest.mark.parametrize("address", GOOD_ADDRESSES)
def test_an_honest_address_is_taken(address):
    link = blocks.LinkBlock()
    assert link.clean(link.normalize({"label": "Rätt", "page": None, "address": address}))


def test_an_outside_film_must_be_https():
    with pytest.raises(ValidationError):
        body(("outside_film", {"title": "Film", "address": "http://www.youtube.com/"}))


def test_a_page_asks_for_all_its_pictures_at_once(django_assert_num_queries):
    pictures = [
        ("picture", {"image": every_block.shown_picture(drawn=True), "caption": ""}) for _ in range(4)
    ]
    page = every_block.new_page("bilder", pictures)
    with django_assert_num_queries(2):
        shown = [renditions.shown(block.value["image"]) for block in page.body]
    assert len(shown) == 4

"""Everything that readers see tells when it changes, however it is changed; what they do not see is quiet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction, Site

from cms.kalender import announcing, reminders, signing_up
from cms.models import CasePage, EventPage, HomePage, PartPage, SiteTexts, StandardPage
from config.pages.telling import UNSEEN_MODELS, is_seen
from shop import freshness, stock
from shop.models import Company, FreightMethod, FreightPrice, PriceStep, Product, StockLevel, Terms, VatShare
from tests.factories import ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Whether doing it tells, once it is committed."""

    def told(do) -> bool:
        with django_capture_on_commit_callbacks() as callbacks:
            do()
        return freshness.take_down in callbacks

    return told


def about() -> StandardPage:
    page: StandardPage = StandardPage.objects.get(slug="om-oss")
    return page


def publish() -> None:
    page = about()
    page.title = "Om oss i dag"
    page.save_revision().publish()


def unpublish() -> None:
    about().unpublish()


def delete() -> None:
    about().delete()


def rename() -> None:
    page = about()
    page.slug = "vilka-vi-ar"
    page.save()


def move() -> None:
    about().move(StandardPage.objects.get(slug="leverans"), pos="last-child")


def reorder() -> None:
    PartPage.objects.get(slug="sag-hej-da-som-en-van").move(
        PartPage.objects.get(slug="oppna-dorren"), pos="left"
    )


def add() -> None:
    HomePage.objects.get(slug="start").add_child(instance=StandardPage(title="Nytt", slug="nytt", body=[]))


def copy() -> None:
    about().copy(update_attrs={"slug": "kopia", "title": "Kopia"})


def restrict() -> None:
    PageViewRestriction.objects.create(page=about(), restriction_type=PageViewRestriction.LOGIN)


def name_the_site() -> None:
    site = Site.objects.get()
    site.site_name = "Värdskapet"
    site.save()


def reprice() -> None:
    product = Product.objects.get(sku="SKRIFTEN")
    product.price_ore += 100
    product.save()


def book_seats() -> None:
    event = EventPage.objects.exclude(seats=None).filter(locale__language_code="sv").first()
    event.seats_taken = event.seats
    event.save(update_fields=["seats_taken"])


def sign_up() -> None:
    event = EventPage.objects.filter(signup=True, free=True, seats=40, locale__language_code="sv").first()
    wish = signing_up.Wish(form_key="en", email="karin@bjorkvik.example", names=["Karin Ek"])
    signing_up.sign_up(event.pk, wish, now=timezone.now())


def announce_that_it_is_moved() -> None:
    """Noted after the event itself was published; a page's JSON-LD tells from when it was moved."""
    event = EventPage.objects.upcoming(timezone.now()).first()
    announcing.announce(event.pk, now=timezone.now())
    EventPage.objects.filter(pk=event.pk).update(starts_at=event.starts_at - timedelta(hours=1))
    announcing.announce(event.pk, now=timezone.now())


def picture() -> Any:
    return get_image_model().objects.create(title="Dörren", file=get_test_image_file(size=(200, 100)))


def make_rendition() -> None:
    picture().renditions.create(filter_spec="width-100", width=100, height=50, file="images/door.jpg")


def saved(model):
    def save() -> None:
        model.objects.first().save()

    save.__name__ = f"save a {model.__name__}"
    return save


@pytest.mark.parametrize(
    "change",
    [
        *(publish, unpublish, delete, rename, move, reorder, add, copy, restrict, name_the_site),
        *(reprice, book_seats, sign_up, announce_that_it_is_moved, picture, make_rendition),
        *(
            saved(model)
            for model in (PriceStep, VatShare, FreightMethod, FreightPrice, Company, SiteTexts, Terms)
        ),
    ],
    ids=lambda change: change.__name__,
)
def test_what_readers_see_is_told(change, told):
    assert told(change)


def write_a_draft() -> None:
    page = about()
    page.title = "Om oss i vår"
    page.save_revision(log_action=True, changed=True)


def lock() -> None:
    page = about()
    page.locked = True
    page.locked_at = timezone.now()
    page.save(update_fields=["locked", "locked_at", "locked_by"])


def ask_for_a_reminder() -> None:
    event = EventPage.objects.upcoming(timezone.now()).last()
    reminders.ask(event_id=event.pk, email="karin@bjorkvik.example", lead="2h", now=timezone.now())


def reserve(number: int, cause: str = "VS-1"):
    product = Product.objects.get(sku="SKRIFTEN")
    stock.reserve({product.pk: number}, cause=cause, actor="test", at=timezone.now())


@pytest.mark.parametrize(
    "change",
    [write_a_draft, lock, ask_for_a_reminder, lambda: reserve(1)],
    ids=["draft", "lock", "reminder", "sale"],
)
def test_what_readers_do_not_see_leaves_the_pages_warm(change, told):
    assert not told(change)


def test_the_last_copy_is_told_when_it_goes_and_when_it_comes_back(told):
    level = StockLevel.objects.get(product__sku="SKRIFTEN")
    assert not told(lambda: reserve(level.available - 1, "VS-1"))
    assert told(lambda: reserve(1, "VS-2"))
    ids = {level.product_id: 1}
    assert told(lambda: stock.release(ids, cause="VS-2", actor="test", at=timezone.now()))
    assert not told(lambda: stock.count_in(ids, cause="2026-1", actor="test", at=timezone.now()))


def test_asking_whether_it_is_sold_out_costs_no_query(django_assert_num_queries):
    product = ProductFactory.create(on_hand=3)
    with django_assert_num_queries(
        6
    ):  # savepoint and its end; balances, what the cause has made; balance, ledger
        stock.reserve({product.pk: 3}, cause="VS-1", actor="test", at=timezone.now())


def test_every_model_of_ours_is_seen_or_known_to_be_unseen():
    """A new one is seen, and so safe, until somebody says otherwise; a name that is gone is no exception."""
    assert is_seen(CasePage)
    assert is_seen(Page)
    assert not is_seen(StockLevel)
    for name in UNSEEN_MODELS:
        apps.get_model(name)

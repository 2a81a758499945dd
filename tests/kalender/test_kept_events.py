"""An event with guests is not deleted, by whatever way: they are told by calling it off."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from cms.kalender import signing_up
from cms.kalender.models import Actor, CalendarPage, EventPage, SignUp
from cms.kalender.models.signup import GUEST_MEMORY
from tests.flows.test_last_copies import all_at_once
from tests.kalender.facts import NOON, letters
from tests.kalender.signups import sign_up
from tests.kalender.test_admin import editor  # noqa: F401  the fixture
from tests.kalender.test_consequences import text_of

REFUSED = "Det som någon har anmält sig till går inte att ta bort"


@pytest.fixture
def party(publish) -> EventPage:
    event: EventPage = publish(signup=True, seats=2, slug="2026-12-10-grunderna", title="Öppen halvdag")
    return event


def delete(client: Client, page: Any) -> Any:
    return client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))


def is_there(event: EventPage) -> bool:
    return bool(EventPage.objects.filter(pk=event.pk).exists())


def test_deleting_is_refused_with_who_comes_and_what_to_do_instead(editor, party):  # noqa: F811
    made = sign_up(party, names=["Karin Ek", "Anders Ek"])
    for answer in (
        editor.get(reverse("wagtailadmin_pages:delete", args=[party.pk])),
        delete(editor, party),
    ):
        page = text_of(answer)
        assert REFUSED in page
        assert "2 anmälda gäster" in page
        assert "Öppna ”Öppen halvdag” och sätt läge till Inställd" in page
        assert reverse("guest_staff:list", args=[party.pk]) in answer.content.decode()
    assert is_there(party)
    assert SignUp.objects.filter(pk=made.pk).exists()
    assert not letters("event-cancelled")


def test_no_button_of_the_page_between_passes_the_refusal(editor, party):  # noqa: F811
    sign_up(party)
    editor.post(reverse("wagtailadmin_pages:delete", args=[party.pk]), {"kalender-anda": "1"})
    assert is_there(party)


@pytest.mark.parametrize("above", ["kalender", "home"])
def test_neither_is_what_it_stands_below(editor, party, kalender, home, above):  # noqa: F811
    sign_up(party)
    page = {"kalender": kalender, "home": home}[above]
    answer = editor.post(
        reverse("wagtailadmin_pages:delete", args=[page.pk]), {"confirm_site_name": "Värdskapet"}
    )
    assert REFUSED in text_of(answer)
    assert is_there(party)


def test_nor_several_at_once_of_which_one_has_guests(editor, party, publish):  # noqa: F811
    sign_up(party)
    alone = publish(title="Ingen väntar", slug="ensam")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    page = text_of(editor.post(f"{address}?id={party.pk}&id={alone.pk}&next=/admin/"))
    assert REFUSED in page
    assert "Ingen väntar" not in page
    assert is_there(party)
    assert is_there(alone)


@pytest.mark.parametrize("model", [EventPage, CalendarPage, Page])
def test_code_is_refused_too(party, model):
    sign_up(party)
    page = party if model is EventPage else party.get_parent()
    with pytest.raises(ProtectedError):
        model.objects.get(pk=page.pk).delete()
    assert is_there(party)


def test_called_off_and_unpublished_it_keeps_its_guest_list(editor, party, change):  # noqa: F811
    sign_up(party, names=["Karin Ek"])
    change(party, status="cancelled")
    EventPage.objects.get(pk=party.pk).unpublish()
    page = text_of(delete(editor, party))
    assert REFUSED in page
    assert "sätt läge till Inställd" not in page, "it has been"
    assert "Karin Ek" in editor.get(reverse("guest_staff:list", args=[party.pk])).content.decode()


def test_who_has_left_keeps_no_event_unless_by_an_order(editor, party):  # noqa: F811
    left = sign_up(party)
    signing_up.cancel(left.pk, actor=Actor.GUEST, now=NOON)
    SignUp.objects.filter(pk=left.pk).update(order_number="VS-2026-0001")
    assert REFUSED in text_of(delete(editor, party))
    SignUp.objects.filter(pk=left.pk).update(order_number="")
    assert delete(editor, party).status_code == 302
    assert not is_there(party)


def test_once_its_guests_are_forgotten_it_can_go(editor, party):  # noqa: F811
    sign_up(party)
    signing_up.forget(now=party.ends_at + GUEST_MEMORY - timedelta(hours=1))
    assert REFUSED in text_of(delete(editor, party))
    signing_up.forget(now=party.ends_at + GUEST_MEMORY)
    assert delete(editor, party).status_code == 302
    assert not is_there(party)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_who_signs_up_while_it_is_deleted_has_a_seat_or_finds_no_event(client, publish, monkeypatch):
    monkeypatch.setattr("notifications.outbox.nudge", lambda _pk: None)
    for number in range(4):
        event = publish(signup=True, seats=9, slug=f"traff-{number}")
        answers = all_at_once([partial(_guest_comes, event), partial(_staff_delete, event, number)])
        assert answers in [[True, 200], [False, 302]]
        assert (SignUp.objects.filter(event=event.pk).exists(), is_there(event)) == (answers[0],) * 2


def _guest_comes(event: EventPage) -> bool:
    try:
        sign_up(event)
    except EventPage.DoesNotExist:
        return False
    return True


def _staff_delete(event: EventPage, number: int) -> int:
    from django.contrib.auth import get_user_model

    client = Client()
    client.force_login(get_user_model().objects.create_superuser(f"red{number}", "red@vard.example", "x"))
    return int(delete(client, event).status_code)

"""Granska före publicering: sent by one, read by another, told by letters."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, TaskState, Workflow

from cms.models import PartPage
from notifications.models import Message
from tests.cms.test_publishing import buttons_in_sight, editor, form_of, typed_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture(autouse=True)
def _as_in_the_product(settings: Any) -> None:
    settings.EMAIL_BACKEND = "notifications.relay.Backend"


@pytest.fixture
def writer() -> Client:
    """May write but not publish."""
    client = editor("add_page", "change_page")
    get_user_model()._default_manager.filter(username="elin").update(
        email="elin@vardskapet.example", first_name="Elin"
    )
    return client


@pytest.fixture
def reader() -> Client:
    user = get_user_model()._default_manager.create_user(
        "rut", "rut@vardskapet.example", "x", first_name="Rut"
    )
    user.groups.add(Group.objects.get(name="Redaktör"))
    client = Client()
    client.force_login(user)
    return client


def submit(writer: Client, page: Page) -> None:
    sent = typed_form(writer, page, **{"action-submit": "1"})
    assert writer.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), sent).status_code == 302


def decide(reader: Client, page: Page, action: str, **facts: str) -> None:
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    assert reader.post(address, facts).status_code in {200, 302}


def letters() -> list[tuple[str, str]]:
    return [(letter.to, letter.context["subject"]) for letter in Message.objects.order_by("pk")]


def test_the_routine_is_on_offer_for_every_page_and_owners_and_editors_read():
    routine = Page.get_first_root_node().get_descendants().last().get_workflow()
    assert routine.name == "Granska före publicering"
    [task] = routine.tasks
    assert {group.name for group in task.specific.groups.all()} == {"Redaktör", "Ägare"}
    assert [row.name for row in Workflow.objects.active()] == ["Granska före publicering"]


def test_who_may_not_publish_finds_the_button_that_sends_for_review(writer):
    html = form_of(writer, PartPage.objects.first())
    assert buttons_in_sight(html) == ["save", "action-submit"]
    assert "Skicka för granskning" in html
    assert 'name="action-publish"' not in html


def test_a_draft_is_sent_read_and_published_and_both_get_a_letter(writer, reader, mailoutbox, settings):
    settings.SITE_URL = "https://ny.example"  # has moved since Wagtail's own row for the site was written
    page = PartPage.objects.first()
    submit(writer, page)
    asked = ["agare", "redaktor", "rut"]  # the demo's own editor and owner too
    assert sorted(letters()) == [
        (f"{name}@vardskapet.example", "Vill du läsa Ett namn som just skrivs?") for name in asked
    ]
    assert page.title == PartPage.objects.get(pk=page.pk).title
    decide(reader, page, "approve")
    assert PartPage.objects.get(pk=page.pk).title == "Ett namn som just skrivs"
    assert letters()[len(asked) :] == [("elin@vardskapet.example", "Ett namn som just skrivs är godkänd")]
    told = Message.objects.get(to="elin@vardskapet.example").context["text"]
    assert f"Här står den:\nhttps://ny.example{page.url}\n" in told
    assert mailoutbox == []


def test_a_draft_that_needs_a_change_goes_back_with_the_readers_words(writer, reader):
    page = PartPage.objects.first()
    submit(writer, page)
    decide(reader, page, "reject", comment="Berätta mer om <dörren>.")
    letter = Message.objects.get(to="elin@vardskapet.example")
    assert letter.context["subject"] == "Ett namn som just skrivs behöver ändras"
    assert "Berätta mer om <dörren>." in letter.context["text"]
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in letter.context["text"]

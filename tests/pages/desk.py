"""Somebody who runs the whole site from the admin, one form at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import time_machine
from django.contrib.auth import get_user_model
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, TaskState
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, rich_text, streamfield

from cms.models import SiteTexts
from cms.tasks import publish_scheduled
from shop.models import Company, Product
from tests.cms.test_publishing import typed_form
from tests.shopping import Fields


class Desk:
    def __init__(self) -> None:
        owner = get_user_model()._default_manager.create(username="maja", is_superuser=True, is_staff=True)
        self.client = Client()
        self.client.force_login(owner)

    def send(self, address: str, form: Mapping[str, Any] | None = None) -> None:
        """Raises AssertionError when the form comes back with faults."""
        answer = self.client.post(address, form or {})
        faults = answer.context["form"].errors if answer.status_code == 200 and answer.context else {}
        assert (answer.status_code in {200, 302}, faults) == (True, {}), address

    def on(self, page: Page, view: str, *args: Any, **form: Any) -> None:
        """One of Wagtail's own views on a page: `desk.on(page, "unpublish")`."""
        self.send(reverse(f"wagtailadmin_pages:{view}", args=[page.pk, *args]), form)

    # --- One page -------------------------------------------------------------------------------
    def create(self, parent: Page, slug: str) -> None:
        form = {"title": "Alldeles nytt", "slug": slug, "lede": "Nyss.", "action-publish": "1"}
        form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
        form |= {"body": streamfield([("text", rich_text("<p>Hej.</p>"))])}
        address = reverse("wagtailadmin_pages:add", args=["cms", "standardpage", parent.pk])
        self.send(address, nested_form_data(form))

    def edit(self, page: Page, action: str = "action-publish", **facts: str) -> None:
        """The edit form with what is typed over it. An empty `action` saves a draft."""
        typed = typed_form(self.client, page.specific, **{"title": page.title, **facts})
        self.send(reverse("wagtailadmin_pages:edit", args=[page.pk]), with_button(typed, action))

    def schedule(self, page: Page, **facts: str) -> None:
        """Typed to be published in an hour; then the hour comes, and the worker with it."""
        hour = timezone.localtime() + timedelta(hours=1)
        self.edit(page, go_live_at=f"{hour:%Y-%m-%d %H:%M}", **facts)
        with time_machine.travel(hour + timedelta(minutes=1), tick=False):
            publish_scheduled()

    def have_reviewed(self, page: Page, **facts: str) -> None:
        self.edit(page, "action-submit", **facts)
        state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
        self.on(page, "workflow_action", "approve", state.pk)

    def go_back(self, page: Page) -> None:
        """Publish the page as it was before it was last published."""
        _now, before = page.revisions.order_by("-created_at")[:2]
        was = before.as_object()
        typed = typed_form(
            self.client, page.specific, title=was.title, slug=was.slug, revision=str(before.pk)
        )
        self.send(reverse("wagtailadmin_pages:edit", args=[page.pk]), with_button(typed, "action-publish"))

    def copy(self, page: Page, slug: str, **boxes: str) -> Page:
        """With `copy_subpages`, `publish_copies` or `alias` ticked."""
        parent = page.get_parent()
        words = {"new_title": f"{page.title} en gång till", "new_slug": slug, "new_parent_page": parent.pk}
        self.on(page, "copy", **words, **boxes)
        made: Page = parent.get_children().get(slug=slug)
        return made

    def translate(self, page: Page) -> Page:
        english = Locale.objects.get(language_code="en")
        address = reverse("simple_translation:submit_page_translation", args=[page.pk])
        self.send(address, {"locales": [english.pk]})
        made: Page = page.get_translation(english)
        return made

    def restrict(self, page: Page, kind: str) -> None:
        self.on(page, "set_privacy", restriction_type=kind)

    def put_first(self, page: Page) -> None:
        self.send(reverse("wagtailadmin_pages:set_page_position", args=[page.pk]) + "?position=0")

    def all_at_once(self, action: str, *pages: Page) -> None:
        chosen = "&".join(f"id={page.pk}" for page in pages)
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        self.send(f"{address}?{chosen}", {"include_descendants": "on"})

    # --- The shop, and what stands around every page --------------------------------------------
    def change(self, address: str, **facts: Any) -> None:
        """A form of the admin, as it stands there, with what is typed over it."""
        page = self.client.get(address, follow=True)
        typed = querydict_from_html(page.content.decode(), form_id="w-editor-form")
        typed.update(nested_form_data(facts))
        self.send(address, typed)

    def price(self, product: Product, kronor: str) -> None:
        ticked = {"active": "on", "counted": "on"}  # Wagtail's reader of forms leaves boxes empty
        address = reverse("wagtailsnippets_shop_product:edit", args=[product.pk])
        self.change(address, price_ore=kronor, **ticked)

    def count(self, product: Product, movement: str, number: int) -> None:
        address = f"/admin/butik/lager/{product.pk}/"
        token = Fields(self.client.get(address).content.decode()).values["token"]
        self.send(address, {"movement": movement, "quantity": number, "reason": "Räknat", "token": token})

    def name_the_company(self, name: str) -> None:
        self.change(reverse("wagtailsettings:edit", args=["shop", "company", Company.load().pk]), name=name)

    def hang_the_doors(self, **pages: Page) -> None:
        """In the header: one door for each page, by its label."""
        doors = [("door", {"label": label, "page": page.pk, "address": ""}) for label, page in pages.items()]
        streams = {"doors": doors, "doors_en": doors, "footer_columns": [], "footer_columns_en": []}
        address = reverse("wagtailsettings:edit", args=["cms", "sitetexts", SiteTexts.load().pk])
        self.change(address, **{name: streamfield(blocks) for name, blocks in streams.items()})


def with_button(typed: QueryDict, action: str) -> QueryDict:
    if action:
        typed[action] = "1"
    return typed

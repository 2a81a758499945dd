"""Tells shop.freshness of everything that is saved, moved or deleted and that readers see.

By signals, against the house rule, since no operation stands behind an editor's "publish", a dragged page or a
snippet's form; see docs/adr/0011. Rows changed without a signal (update, bulk) are told of where that is done.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.models import Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from shop import freshness

SEEN_APPS = {"cms", "shop", "library", "wagtaildocs"}
SEEN_MODELS = {
    "wagtailcore.page",
    "wagtailcore.site",
    "wagtailcore.pageviewrestriction",
    "wagtailcore.locale",
}
# Written in the course of visits and sales; stock tells by itself when a product sells out (shop.stock).
UNSEEN_MODELS = {
    "cms.allowance",
    "cms.enquiry",
    "cms.enquirystep",
    "cms.pagelink",
    "cms.reminderrequest",
    "shop.stocklevel",
    "shop.stockmovement",
}
# What Wagtail notes on a page while somebody works on a draft, or has it to herself.
DRAFTING = {
    "latest_revision",
    "latest_revision_created_at",
    "draft_title",
    "has_unpublished_changes",
    "wagtail_admin_comments",
    "locked",
    "locked_at",
    "locked_by",
}


def connect() -> None:
    for model in apps.get_models():
        if is_seen(model):
            post_save.connect(on_saved, sender=model)
            post_delete.connect(on_changed, sender=model)
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(on_changed)
    m2m_changed.connect(on_linked)


def is_seen(model: type[Model]) -> bool:
    meta = model._meta
    return meta.label_lower not in UNSEEN_MODELS and (
        meta.app_label in SEEN_APPS or meta.label_lower in SEEN_MODELS
    )


def on_saved(update_fields: Collection[str] | None = None, **_details: Any) -> None:
    if update_fields is None or not DRAFTING.issuperset(update_fields):
        on_changed()


def on_changed(**_details: Any) -> None:
    """Wagtail forgets where the sites begin before the commit: who reads in between puts it back as it was."""
    transaction.on_commit(Site.clear_site_root_paths_cache, robust=True)
    freshness.changed()


def on_linked(sender: type[Model], **_details: Any) -> None:
    if is_seen(sender):
        on_changed()

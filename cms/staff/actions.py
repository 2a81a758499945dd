"""The buttons under a page's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.admin.action_menu import (
    ActionMenuItem,
    PublishMenuItem,
    SaveDraftMenuItem,
    SubmitForModerationMenuItem,
)


class SubmitForReview(SubmitForModerationMenuItem):
    """In place of "Skicka till Granska före publicering", which is the name of a routine, not of a deed."""

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), "label": _("Skicka för granskning")}


class SideBySide(ActionMenuItem):
    """Two buttons in sight, where Wagtail hides the second in a menu behind an arrow.

    "Spara utkast" stays first in the markup: the first button is the one that the Enter key presses.
    """

    def __init__(self, quiet: ActionMenuItem, main: ActionMenuItem) -> None:
        super().__init__(order=quiet.order)
        self.buttons = [quiet, main]
        self.quiet, self.main = quiet, main

    @property
    def media(self) -> Any:
        return self.quiet.media + self.main.media

    def render_html(self, parent_context: Mapping[str, Any]) -> SafeString:
        return mark_safe("".join(button.render_html(parent_context) for button in self.buttons))  # noqa: S308


def arrange(items: list[ActionMenuItem]) -> None:
    """Put "Spara utkast" and the way on beside each other: publish for those who may, else send for review."""
    _replace_submit(items)
    save = next((item for item in items if isinstance(item, SaveDraftMenuItem)), None)
    main = _first(items, PublishMenuItem) or _first(items, SubmitForReview)
    if save is None or main is None:
        return
    items.remove(save)
    items.remove(main)
    items.insert(0, SideBySide(save, main))


def _replace_submit(items: list[ActionMenuItem]) -> None:
    for place, item in enumerate(items):
        if type(item) is SubmitForModerationMenuItem:
            items[place] = SubmitForReview(order=item.order)


def _first(items: list[ActionMenuItem], kind: type[ActionMenuItem]) -> ActionMenuItem | None:
    return next((item for item in items if isinstance(item, kind)), None)

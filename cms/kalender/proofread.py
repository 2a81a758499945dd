"""The proof-reader's view of the tree: an event as its facts, and the others that it may clash with."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.html import strip_tags

from cms.kalender import proof
from cms.kalender.models.choices import Status
from cms.kalender.proof import Facts, Remark

if TYPE_CHECKING:
    from cms.kalender.models import EventPage

_PARAGRAPH = re.compile(r"</(?:p|h\d|li)>|<br\s*/?>", re.IGNORECASE)
SAME = (
    "starts_at",
    "ends_at",
    "title",
    "summary",
    "lede",
    "price_text",
    "place_price_ore",
    "all_day",
    "leader",
    "place",
    "city",
    "online",
    "online_link",
    "seats",
    "slug",
)
CLASHING = (
    "starts_at",
    "ends_at",
    "all_day",
    "title",
    "leader",
    "place",
    "city",
    "online",
    "online_link",
    "live",
    "status",
)
MOST_OTHERS = 1000


def remarks_on(event: EventPage, *, known_start: datetime | None, now: datetime) -> list[Remark]:
    """What is remarkable about an event as it stands in memory, saved or not; nothing while it has no hours.

    `known_start` is what readers saw before; see below.
    """
    if not (event.starts_at and event.ends_at):
        return []
    promised = event.seats_taken + event.seats_held
    facts = facts_of(event, known_start=known_start, seats_promised=promised)
    return proof.remarks(facts, others_of(event), now=now)


def facts_of(event: EventPage, *, known_start: datetime | None = None, seats_promised: int = 0) -> Facts:
    same: dict[str, Any] = {name: getattr(event, name) for name in SAME}
    return Facts(
        **same,
        body=_plain(event.body),
        access=_plain(event.access),
        programme=[(str(item.value["time"]), str(item.value["text"])) for item in event.programme],
        is_published=event.first_published_at
        != event.last_published_at,  # the same moment after the first time
        is_cancelled=event.is_cancelled,
        known_start=known_start,
        seats_promised=seats_promised,
    )


def _plain(rich_text: str) -> str:
    return html.unescape(strip_tags(_PARAGRAPH.sub("\n", rich_text))).strip()


def known_start(event: EventPage) -> datetime | None:
    """The start that readers see now, whatever a draft says."""
    live = type(event).objects.filter(pk=event.pk, live=True)
    found: datetime | None = live.values_list("starts_at", flat=True).first()
    return found


def others_of(event: EventPage) -> list[Facts]:
    """Events at the same time, drafts too; neither translations of this one nor its places elsewhere in the tree."""
    return others_between(event, event.starts_at, event.ends_at)


def others_between(event: EventPage, begins: datetime, ends: datetime) -> list[Facts]:
    together = type(event).objects.filter(starts_at__lt=ends, ends_at__gt=begins)
    others = together.filter(alias_of=None).exclude(pk=event.pk).exclude(status=Status.CANCELLED)
    apart = others.exclude(translation_key=event.translation_key).order_by("starts_at", "pk")
    return [_other(row) for row in apart.values(*CLASHING)[:MOST_OTHERS]]


def _other(row: dict[str, Any]) -> Facts:
    live, status = row.pop("live"), row.pop("status")
    return Facts(**row, is_published=live, is_cancelled=status == Status.CANCELLED)

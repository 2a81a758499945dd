"""The nightly reading of every published page, and the questions to other websites that follow, a few at a time.

The table is the queue: what is outside and unasked waits there, so that a worker that dies loses nothing, and no
task takes so long that letters have to wait.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from wagtail.models import Page

from cms.links import fetching
from cms.links.finding import Link, links_of
from cms.links.judging import Judge, Verdict
from cms.models.links import LONGEST_ADDRESS, PageLink
from cms.models.settings import SiteTexts

A_FEW = 5
# No question is begun later in a round, so that the last one ends before config.worker.task_time_limit: it takes
# SECONDS_IN_ALL, and the lookup of a name half a minute at worst (resolv.conf: three servers, twice, 5 s each).
SECONDS_TO_BEGIN = 60
Place = tuple[int | None, str]  # a page's primary key, an address


def read(*, now: datetime) -> None:
    """Replace what is known of the links: faults on the site at once, addresses outside to be asked for anew."""
    judge = Judge()
    found: dict[Place, Verdict] = {}
    for page in Page.objects.live().specific().iterator(chunk_size=100):
        found |= _verdicts(judge, page.pk, links_of(page))
    for texts in SiteTexts.objects.all():
        found |= _verdicts(judge, None, links_of(texts))
    _replace(found, now=now)


def _verdicts(judge: Judge, page_id: int | None, links: Iterable[Link]) -> dict[Place, Verdict]:
    verdicts = [judge.judge(link) for link in links]
    return {
        (page_id, verdict.address[:LONGEST_ADDRESS]): verdict
        for verdict in verdicts
        if verdict.reason or verdict.outside
    }


@transaction.atomic
def _replace(found: dict[Place, Verdict], *, now: datetime) -> None:
    """What was a fault before stays dated as it was; what an outside address answered stands until it is asked."""
    before = {(row.page_id, row.address): row for row in PageLink.objects.select_for_update()}
    rows = [_row(place, verdict, before.get(place), now) for place, verdict in found.items()]
    PageLink.objects.all().delete()
    PageLink.objects.bulk_create(rows, ignore_conflicts=True)


def _row(place: Place, verdict: Verdict, before: PageLink | None, now: datetime) -> PageLink:
    page_id, address = place
    reason = before.reason if verdict.outside and before else verdict.reason
    since = before.found_at if before and before.reason == reason else now
    return PageLink(
        page_id=page_id,
        address=address,
        outside=verdict.outside,
        reason=reason,
        found_at=since if reason else None,
    )


def ask(*, now: datetime, guard: fetching.Guard = fetching.is_public) -> int:
    """Ask for a few addresses, each at another website; how many. No transaction is open meanwhile."""
    asked, until = 0, time.monotonic() + SECONDS_TO_BEGIN
    for address in _next():
        if time.monotonic() >= until:
            break
        # Marked before it is asked for: one that kills its asker must not be asked for ever.
        PageLink.objects.to_ask().filter(address=address).update(asked_at=now)
        _note(address, fetching.fault(address, guard=guard), now=now)
        asked += 1
    return asked


def _next() -> list[str]:
    """One address for each website, so that none is asked twice within a few minutes."""
    by_host: dict[str, str] = {}
    for address in PageLink.objects.to_ask().values_list("address", flat=True):
        by_host.setdefault(urlsplit(address).hostname or "", address)
    return list(by_host.values())[:A_FEW]


def _note(address: str, reason: str, *, now: datetime) -> None:
    rows = PageLink.objects.filter(address=address, outside=True)
    if reason:
        rows.exclude(reason=reason).update(reason=reason, found_at=now)
    else:
        rows.update(reason="", found_at=None)

"""How often one inbox may be written to within an hour and within a day. Kept in the database, in the transaction of
the letter: a cache that is emptied would open the flood gates on somebody who has asked for nothing. What is counted by
who asks is `shop.limits`'s."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from cms.kalender.models import Allowance
from shop.limits import TooMany

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Of letters in a day: without it three an hour would be seventy a day to somebody who asked for none.
FULL_HOURS = 3
ERASE_BATCH = 1000


def take(name: str, *, limit: int, now: datetime) -> None:
    """Use one of `limit` within the last hour, and of three times as many within the last day.

    Call inside a transaction. Raises TooMany when either are used up.
    """
    row, _created = Allowance.objects.select_for_update().get_or_create(
        name=_digest(name), defaults={"last_at": now}
    )
    times = [at for text in row.times if (at := datetime.fromisoformat(text)) > now - DAY]
    if wait := max(_wait(times, limit * FULL_HOURS, DAY, now), _wait(times, limit, HOUR, now)):
        raise TooMany(math.ceil(wait.total_seconds()))
    row.times = [at.isoformat() for at in (*times, now)]
    row.last_at = now
    row.save(update_fields=["times", "last_at"])


def _wait(times: Sequence[datetime], most: int, within: timedelta, now: datetime) -> timedelta:
    """Until so many within that time are fewer again; none while they are."""
    return max(times[-most] + within - now, timedelta()) if len(times) >= most else timedelta()


def forget(*, now: datetime) -> None:
    """Drop what no longer counts. Rows in use are skipped: waiting for them here could deadlock with `take`."""
    stale = Allowance.objects.select_for_update(skip_locked=True).filter(last_at__lte=now - DAY)
    Allowance.objects.filter(pk__in=list(stale.values_list("pk", flat=True)[:ERASE_BATCH])).delete()


def _digest(name: str) -> str:
    return salted_hmac("cms.kalender.allowance", name, algorithm="sha256").hexdigest()

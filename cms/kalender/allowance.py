"""How often one inbox may be written to within an hour. Kept in the database, in the transaction of the letter:
a cache that is emptied would open the flood gates on somebody who has asked for nothing. What is counted by who
asks is `shop.limits`'s."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from cms.kalender.models import Allowance
from shop.limits import TooMany

WINDOW = timedelta(hours=1)
ERASE_BATCH = 1000


def take(name: str, *, limit: int, now: datetime) -> None:
    """Use one of `limit` within the last hour. Call inside a transaction. Raises TooMany when they are used up."""
    row, _created = Allowance.objects.select_for_update().get_or_create(
        name=_digest(name), defaults={"last_at": now}
    )
    recent = [at for text in row.times if (at := datetime.fromisoformat(text)) > now - WINDOW]
    if len(recent) >= limit:
        raise TooMany(math.ceil((recent[-limit] + WINDOW - now).total_seconds()))
    row.times = [at.isoformat() for at in (*recent, now)]
    row.last_at = now
    row.save(update_fields=["times", "last_at"])


def forget(*, now: datetime) -> None:
    """Drop what no longer counts. Rows in use are skipped: waiting for them here could deadlock with `take`."""
    stale = Allowance.objects.select_for_update(skip_locked=True).filter(last_at__lte=now - WINDOW)
    Allowance.objects.filter(pk__in=list(stale.values_list("pk", flat=True)[:ERASE_BATCH])).delete()


def _digest(name: str) -> str:
    return salted_hmac("cms.kalender.allowance", name, algorithm="sha256").hexdigest()

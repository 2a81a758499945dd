"""How often one inbox or one place on the net may be served within an hour. Kept in the database:
a cache that is emptied would open the flood gates."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from cms.kalender.models import Allowance

WINDOW = timedelta(hours=1)
ERASE_BATCH = 1000


def take(name: str, *, limit: int, now: datetime) -> bool:
    """Use one of `limit` within the last hour; False when they are used up. Call inside a transaction."""
    row, _created = Allowance.objects.select_for_update().get_or_create(
        name=_digest(name), defaults={"last_at": now}
    )
    recent = [at for at in row.times if datetime.fromisoformat(at) > now - WINDOW]
    if len(recent) >= limit:
        return False
    row.times = [*recent, now.isoformat()]
    row.last_at = now
    row.save(update_fields=["times", "last_at"])
    return True


def forget(*, now: datetime) -> None:
    """Drop what no longer counts. Rows in use are skipped: waiting for them here could deadlock with `take`."""
    stale = Allowance.objects.select_for_update(skip_locked=True).filter(last_at__lte=now - WINDOW)
    Allowance.objects.filter(pk__in=list(stale.values_list("pk", flat=True)[:ERASE_BATCH])).delete()


def _digest(name: str) -> str:
    return salted_hmac("cms.kalender.allowance", name, algorithm="sha256").hexdigest()

"""How often one inbox or one place on the net may be served within an hour. Kept in the database:
a cache that is emptied would open the flood gates."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
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


def source(request: HttpRequest) -> str:
    """Where a request comes from: behind the proxy of production, what the proxy saw. IPv6 counts by network."""
    address: str = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


def _digest(name: str) -> str:
    return salted_hmac("cms.kalender.allowance", name, algorithm="sha256").hexdigest()

"""Where the payment service's books and ours differ: found, and settled by whoever explains it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from orders.models import Difference
from orders.operations.locking import SYSTEM

MENDED = "Stämmer nu"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing on which the books differ, in Swedish words; an empty side knows nothing of it."""

    kind: Difference.Kind
    reference: str
    ours: str
    theirs: str
    happened_at: datetime
    order_pk: int | None = None


@transaction.atomic
def note_differences(found: list[Found], *, now: datetime) -> list[Difference]:
    """Keep what a comparison found; the same again, and what somebody has explained, is not kept twice.

    Answers with the rows that are new.
    """
    return [row for row in (_note(one, now=now) for one in found) if row]


def _note(found: Found, *, now: datetime) -> Difference | None:
    same = Difference.objects.filter(kind=found.kind, reference=found.reference)
    says = {"ours": found.ours, "theirs": found.theirs}
    if same.open().update(**says) or same.exclude(settled_by=SYSTEM).filter(**says).exists():
        return None
    facts = {"order_id": found.order_pk, "happened_at": found.happened_at, "found_at": now, **says}
    row, is_new = Difference.objects.get_or_create(  # another comparison may find it at the same moment
        kind=found.kind, reference=found.reference, settled_at=None, defaults=facts
    )
    return row if is_new else None


@transaction.atomic
def close_mended(still: list[Found], *, now: datetime) -> int:
    """Close the differences that the comparison no longer finds; how many there were."""
    found = {(one.kind, one.reference) for one in still}
    mended = [
        row.pk for row in Difference.objects.open() if (Difference.Kind(row.kind), row.reference) not in found
    ]
    rows = Difference.objects.open().filter(pk__in=mended)
    return rows.update(settled_at=now, settled_by=SYSTEM, note=MENDED)


@transaction.atomic
def settle_difference(pk: int, note: str, *, actor: str, now: datetime) -> bool:
    """Somebody has explained it. False when it was settled before. Raises Difference.DoesNotExist."""
    row = Difference.objects.select_for_update().get(pk=pk)
    if row.settled_at:
        return False
    row.settled_at, row.settled_by, row.note = now, actor, note
    row.save(update_fields=["settled_at", "settled_by", "note"])
    return True

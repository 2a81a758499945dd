"""Searches that staff keep under a name."""

from __future__ import annotations

from django.db import transaction

from orders.models import SavedList


@transaction.atomic
def keep_list(owner_id: int, name: str, query: str, *, shared: bool) -> SavedList:
    """Keep a search; one's earlier list of the same name becomes this one."""
    found, _is_new = SavedList.objects.update_or_create(
        owner_id=owner_id, name=name, defaults={"query": query, "shared": shared}
    )
    return found


def drop_list(pk: int, *, owner_id: int) -> str:
    """Delete one's own list; its name. Raises SavedList.DoesNotExist, also for another's."""
    found = SavedList.objects.get(pk=pk, owner_id=owner_id)
    found.delete()
    return found.name

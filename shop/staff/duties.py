"""What needs a hand today, first on the start page of the admin. Each app adds its kinds; each kind is one query.

A kind is one line above a function:

    @duties.kind(10, holds("orders.pack_order"))
    def to_pack(_user: Any, now: datetime) -> list[Duty]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from shop.quantities import grouped
from shop.staff.access import Rule

MOST = 20  # rows told one by one
Finder = Callable[[Any, datetime], "list[Duty]"]


@dataclass(frozen=True, slots=True)
class Duty:
    """A line: the words lead to `url`, the note says more, and what is `late` is marked by a word."""

    url: str
    words: str
    note: str = ""
    late: bool = False


def first_of(rows: QuerySet[Any], told: Callable[[Any], Duty], page: str, label: str) -> list[Duty]:
    """A line for each of the first MOST rows; when there are more, how many, and the way to `page` with them all.

    `label` is what `page` calls them. One query, besides what `rows` fetch along.
    """
    found = list(rows.annotate(of_all=Window(Count("pk")))[:MOST])
    duties = [told(row) for row in found]
    count = found[0].of_all if found else 0
    if count > MOST:
        words = _("%(shown)s av %(count)s – visa alla") % {"shown": MOST, "count": grouped(count)}
        duties.append(Duty(page, words, label))
    return duties


@dataclass(frozen=True, slots=True)
class Kind:
    place: int
    rule: Rule
    find: Finder


_kinds: dict[str, Kind] = {}


def kind(place: int, rule: Rule) -> Callable[[Finder], Finder]:
    """Have the function asked for those of whom the rule is true; kinds stand by `place`, low first."""

    def register(find: Finder) -> Finder:
        _kinds[f"{find.__module__}.{find.__qualname__}"] = Kind(place, rule, find)
        return find

    return register


def kinds_for(user: Any) -> list[Kind]:
    return sorted((one for one in _kinds.values() if one.rule(user)), key=lambda one: one.place)


def found(user: Any, now: datetime) -> list[Duty]:
    """All that waits for this member of staff."""
    return [duty for one in kinds_for(user) for duty in one.find(user, now)]


class DutiesPanel(Component):
    name = "duties"
    order = 50
    template_name = "shop/staff/duties.html"

    def __init__(self, request: HttpRequest) -> None:
        self.user: Any = request.user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"duties": found(self.user, timezone.now())}

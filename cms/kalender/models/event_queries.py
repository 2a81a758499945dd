"""Which of the calendar's events: coming, past, in a feed, in a language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.conf import settings
from django.db.models import F, IntegerField, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from cms.kalender import clock, months
from cms.kalender.models.choices import Status
from cms.tree import PlacedQuerySet

if TYPE_CHECKING:
    from cms.kalender.models.event import EventPage

FEED_MEMORY = timedelta(days=365)
# How long subscribers are told of what is cancelled or gone; at least 30 days.
GHOST_MEMORY = timedelta(days=60)
LONGEST_LEAD = timedelta(days=8)  # a week by the wall clock, with room for a clock change


class EventQuerySet(PlacedQuerySet):
    def locked(self) -> Self:
        """Held until the transaction ends, as they are then: nobody signs up, cancels, confirms or tells meanwhile."""
        held: Self = self.select_for_update(of=("self",), no_key=True)
        return held

    def shown(self) -> Self:
        """What readers may see, with its seats, in the order in which it begins."""
        published: Self = self.live().public().with_seats().order_by("starts_at", "pk")
        return published

    def upcoming(self, now: datetime) -> Self:
        """Published events that are not over at `now`; one in progress still counts."""
        ahead: Self = self.shown().filter(ends_at__gt=now)
        return ahead

    def over(self, now: datetime, year: int) -> Self:
        """Published events that began in a year and have been, the last one first."""
        first = date(year, 1, 1)
        begins, ends = months.begins(first), months.begins(months.moved(first, 12))
        began = self.shown().filter(starts_at__gte=begins, starts_at__lt=ends)
        past: Self = began.filter(ends_at__lte=now).reverse()
        return past

    def between(self, begins: datetime, ends: datetime) -> Self:
        """Published events of which some part lies there."""
        found: Self = self.shown().filter(starts_at__lt=ends, ends_at__gt=begins)
        return found

    def with_seats(self) -> Self:
        """Each with its `seats_held`, so that a list asks once for all. Translations and aliases have their event's."""
        signups = apps.get_model("cms.SignUp").objects.holding()
        event = Coalesce(OuterRef("alias_of__translation_key"), OuterRef("translation_key"))
        mine = signups.filter(event__translation_key=event).order_by()
        held = Subquery(mine.values("event__translation_key").annotate(held=Sum("places")).values("held"))
        counted: Self = self.annotate(seats_held=Coalesce(held, 0, output_field=IntegerField()))
        return counted

    def in_feed(self, now: datetime) -> Self:
        """What subscribers hold: coming, past for a year, and what was cancelled lately, so that nobody keeps a ghost.

        An alias shows the same event at another place in the tree of its language; subscribers have it once.
        """
        once = Q(alias_of=None) | Q(alias_of__translation_key=F("translation_key"))
        lately = Q(status=Status.CANCELLED, announcement__changed_at__gt=now - GHOST_MEMORY)
        held = self.shown().filter(once, Q(ends_at__gt=now - FEED_MEMORY) | lately)
        kept: Self = held.select_related("announcement", "locale")
        return kept

    def in_every_language(self, event: EventPage) -> Self:
        """The pages of one event, the one that was written first first; no alias within a language."""
        alike: Self = self.filter(translation_key=event.translation_key).order_by("pk")
        return alike

    def once(self, among: EventQuerySet) -> Self:
        """Each event by one page: of those among the others that was written first."""
        firsts = among.filter(alias_of=None).order_by().values("translation_key").annotate(first=Min("pk"))
        mine: Self = self.filter(pk__in=firsts.values("first"))
        return mine

    def spoken(self) -> Self:
        """Those in the language in use: a translated event is another page, with the same slug perhaps."""
        mine: Self = self.filter(locale__language_code=get_language() or settings.LANGUAGE_CODE)
        return mine

    def once_named(self, slug: str) -> Self:
        """The published event that has moved away from the address with that slug."""
        found: Self = self.live().public().filter(redirect__old_path__endswith=f"/{slug}").order_by("path")
        return found

    def named(self, slug: str) -> Self:
        """The published event at /kalender/<slug>/."""
        found: Self = self.live().public().filter(slug=slug).order_by("path")
        return found

    def next_turn(self, now: datetime, *, before: datetime) -> datetime | None:
        """When, before a moment, a published event begins, ends or comes so near that a reminder is too late, or
        its sign-up closes."""
        near = Q(ends_at__gt=now, starts_at__lt=before + LONGEST_LEAD)
        closing = Q(signup=True, signup_closes_at__gt=now, signup_closes_at__lt=before)
        live = self.live().filter(near | closing)
        times = live.values_list("signup_closes_at", "starts_at", "ends_at", "all_day")
        turns = (turn for closes, *hours in times for turn in (closes, *clock.turns(*hours)))
        return min((turn for turn in turns if turn and now < turn < before), default=None)

"""All events that one may change, drafts too: the coming first, then what is over, the latest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import page_permission_policy

from cms.kalender import clock
from cms.kalender.models import HOLDING, EventPage, EventQuerySet, Kind, SignUp, SignUpState, Status
from shop.searched import holding_every_word
from shop.staff.columns import Context, LabelledColumn, LinkColumn, PlainColumn, TagColumn, cell, with_note
from shop.staff.filters import choice, search_form

PUBLISHED, DRAFT, CHANGED = "publicerad", "utkast", "andrad"
SHOWN = (
    (PUBLISHED, gettext_lazy("Publicerad")),
    (DRAFT, gettext_lazy("Utkast")),
    (CHANGED, gettext_lazy("Ändringar väntar")),
)


def pages_of(user: Any) -> EventQuerySet:
    """The pages of events that the user may change, in every language."""
    mine = page_permission_policy.instances_user_has_permission_for(user, "change")
    found: EventQuerySet = EventPage.objects.filter(alias_of=None, pk__in=mine.values("pk"))
    return found


def events_of(user: Any) -> EventQuerySet:
    """Those that the user may change, each once, with `held` seats and `queued` people counted beside, and for each
    language whether its page is published (`in_en`); None where there is none."""
    pages = pages_of(user)
    found: EventQuerySet = EventPage.objects.once(pages)
    shown: EventQuerySet = found.defer_streamfields().defer("body", "access", "lede").select_related("locale")
    counted: EventQuerySet = shown.annotate(
        held=_people(HOLDING),
        queued=_people([SignUpState.QUEUED]),
        **in_languages(pages),
    )
    return counted


def in_languages(pages: EventQuerySet) -> dict[str, Subquery]:
    """What `languages` reads."""
    return {f"in_{code}": _is_live(pages, code) for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES}


def _is_live(pages: EventQuerySet, code: str) -> Subquery:
    page = pages.filter(translation_key=OuterRef("translation_key"), locale__language_code=code)
    return Subquery(page.order_by("pk").values("live")[:1])


def _people(states: list[SignUpState]) -> Coalesce:
    mine = SignUp.objects.filter(event__translation_key=OuterRef("translation_key"), state__in=states)
    counted = mine.order_by().values("event__translation_key")
    return Coalesce(
        Subquery(counted.annotate(all=Sum("places")).values("all"), output_field=IntegerField()), 0
    )


def draft_mark(event: EventPage) -> str:
    """What readers do not see yet: `Utkast`, `Ändringar väntar`; empty when they see everything."""
    if event.live:
        return str(dict(SHOWN)[CHANGED]) if event.has_unpublished_changes else ""
    if event.approved_schedule or event.go_live_at:
        return _("Schemalagd")
    return _("Avpublicerad") if event.first_published_at else str(dict(SHOWN)[DRAFT])


def edit_url(event: EventPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[event.pk])


def languages(event: EventPage) -> str:
    """`Svenska, English (utkast)`, each by its own name; empty for an event in Swedish alone."""
    found = {
        code: getattr(event, f"in_{code}")
        for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES
        if getattr(event, f"in_{code}") is not None
    }
    if list(found) == [settings.LANGUAGE_CODE]:
        return ""
    words = [_language(code, is_live=is_live, event=event) for code, is_live in found.items()]
    return capfirst(", ".join(words))


def _language(code: str, *, is_live: bool, event: EventPage) -> str:
    """That the row's own page is a draft is said beside it."""
    name = str(get_language_info(code)["name_local"])
    if is_live or code == event.locale.language_code:
        return name
    return _("%(language)s (utkast)") % {"language": name}


# --- Columns ---------------------------------------------------------------------------------------
def title(event: EventPage) -> Any:
    note = " · ".join(str(part) for part in (event.get_kind_display(), event.where, languages(event)) if part)
    return with_note(event.title, note)


def when(event: EventPage) -> Any:
    day = date_format(clock.local_date(event.starts_at), "D j b Y")
    return with_note(day, event.when)


def seats(event: Any) -> str:
    """`18 av 24`, with those promised elsewhere; `2, fast 1 ryms` when there have been more seats."""
    taken = event.held + event.seats_taken
    if event.seats is None:
        return str(taken) if taken else ""
    words = _("%(taken)d av %(seats)d") if taken <= event.seats else _("%(taken)d, fast %(seats)d ryms")
    return words % {"taken": taken, "seats": event.seats}


def queue(event: Any) -> int | str:
    return event.queued or ""


class GuestsColumn(LabelledColumn):
    """Leads to the guest list, for those who may see it."""

    def render_cell_html(self, instance: EventPage, parent_context: Context) -> SafeString:
        told = self.shown(instance) or ("0" if instance.signup else "")
        if not told or not parent_context["request"].user.has_perm("cms.view_signup"):
            return super().render_cell_html(instance, parent_context)
        address, label = reverse("guest_staff:list", args=[instance.pk]), self.label
        link = format_html('<a href="{}"><span class="staff-label">{}: </span>{}</a>', address, label, told)
        return cell(link, self.classname)


COLUMNS = [
    LinkColumn("title", label=gettext_lazy("Träff"), accessor=title, get_url=edit_url),
    PlainColumn("starts_at", label=gettext_lazy("När"), accessor=when, classname="staff-when"),
    TagColumn(
        "status",
        label=gettext_lazy("Läge"),
        accessor="get_status_display",
        primary=lambda event: event.status == Status.PLANNED,
    ),
    PlainColumn("draft", label=gettext_lazy("Läsarna ser"), accessor=draft_mark),
    GuestsColumn("seats", label=gettext_lazy("Anmälda"), accessor=seats, classname="staff-number"),
    LabelledColumn("queued", label=gettext_lazy("På kö"), accessor=queue, classname="staff-number"),
]


# --- The list --------------------------------------------------------------------------------------
def years() -> list[tuple[int, str]]:
    found = EventPage.objects.datetimes("starts_at", "year", order="DESC", tzinfo=settings.STOCKHOLM)
    return [(moment.year, str(moment.year)) for moment in found]


class EventFilters(WagtailFilterSet):
    status = choice(gettext_lazy("Läge"), Status.choices)
    kind = choice(gettext_lazy("Typ"), Kind.choices)
    shown = choice(gettext_lazy("Läsarna ser"), SHOWN, method="filter_shown")
    year = django_filters.ChoiceFilter(
        label=gettext_lazy("År"), choices=years, field_name="starts_at", lookup_expr="year"
    )

    locale = choice(gettext_lazy("Språk"), settings.WAGTAIL_CONTENT_LANGUAGES, method="filter_language")

    class Meta:
        model = EventPage
        fields: list[str] = []

    def filter_language(self, events: QuerySet[EventPage], _name: str, code: str) -> QuerySet[EventPage]:
        return self._having_page(events, Q(locale__language_code=code))

    def filter_shown(self, events: QuerySet[EventPage], _name: str, value: str) -> QuerySet[EventPage]:
        """A draft in English waits too."""
        wanted = {
            PUBLISHED: Q(live=True),
            DRAFT: Q(live=False),
            CHANGED: Q(live=True, has_unpublished_changes=True),
        }
        return self._having_page(events, wanted[value])

    def _having_page(self, events: QuerySet[EventPage], wanted: Q) -> QuerySet[EventPage]:
        pages = pages_of(self.request.user).filter(wanted)
        return events.filter(translation_key__in=pages.order_by().values("translation_key"))


class EventList(BaseListingView):
    model = EventPage
    page_title = gettext_lazy("Kalender")
    header_icon = "date"
    paginate_by = 50
    table_classname = "listing staff-list"
    results_template_name = "kalender/staff/list_results.html"
    index_url_name = "kalender_staff:list"
    index_results_url_name = "kalender_staff:list_results"
    verbose_name_plural = gettext_lazy("träffar")
    is_searchable = True
    filterset_class = EventFilters
    columns = COLUMNS

    @property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(_("Månad"), reverse("kalender_staff:this_month"), icon_name="calendar", priority=10),
            HeaderButton(_("Ny träff"), reverse("kalender_staff:new"), icon_name="plus", priority=20),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "drafts": self._drafts(context["object_list"])}

    def _drafts(self, shown: Iterable[EventPage]) -> tuple[str, int] | None:
        """Where the drafts on the page are published together, by Wagtail's own question, and how many they are."""
        if self.request.GET.get("shown") != DRAFT:
            return None
        drafts = [event for event in shown if not event.live]
        may = [event for event in drafts if event.permissions_for_user(self.request.user).can_publish()]
        asked = [*(("id", event.pk) for event in may), ("next", reverse("kalender_staff:list"))]
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        return (f"{address}?{urlencode(asked)}", len(may)) if may else None

    def get_base_queryset(self) -> QuerySet[EventPage]:
        return events_of(self.request.user)

    def order_queryset(self, queryset: QuerySet[EventPage]) -> QuerySet[EventPage]:
        return coming_first(queryset, timezone.now())

    def get_search_form(self) -> SearchForm:
        return search_form(self.request, _("Titel, ort, lokal eller ledare"))

    def search_queryset(self, queryset: QuerySet[EventPage]) -> QuerySet[EventPage]:
        return holding_every_word(queryset, self.search_query, _holds)


def coming_first(events: QuerySet[EventPage], now: datetime) -> QuerySet[EventPage]:
    over = Case(When(ends_at__lte=now, then=Value(True)), default=Value(False), output_field=BooleanField())
    ahead = Case(When(ends_at__gt=now, then=F("starts_at")))
    return events.order_by(over, ahead, "-starts_at", "pk")


def _holds(word: str) -> Q:
    called = EventPage.objects.filter(title__icontains=word).order_by().values("translation_key")
    return (
        Q(translation_key__in=called)
        | Q(city__icontains=word)
        | Q(place__icontains=word)
        | Q(leader__icontains=word)
    )

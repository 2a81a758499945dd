"""Who comes to an event: its guest list with search, and the same as a workbook to take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from cms.kalender import clock
from cms.kalender.models import EventPage, SignUp, SignUpState
from cms.kalender.models.signup import LISTED, SignUpQuerySet
from shop.staff.columns import (
    Context,
    LabelledColumn,
    LinkColumn,
    PlainColumn,
    cell,
    moment,
    with_note,
)
from shop.staff.filters import choice, search_form
from shop.staff.sheets import Row, as_xlsx

CHUNK = 500  # sign-ups fetched at a time, with their guests
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAY_CHANGE = "cms.change_signup"
MAY_SEE_NEEDS = "cms.see_needs"


def find_event(pk: int) -> EventPage:
    """An alias shows its original's guests. Raises Http404."""
    found: EventPage = get_object_or_404(EventPage, pk=pk)
    original: EventPage = found.original
    return original


def dated(event: EventPage) -> str:
    """`torsdag 10 december 2026, 13.00–16.30`"""
    return f"{date_format(clock.local_date(event.starts_at), 'l j F Y')}, {event.when}"


def trail(event: EventPage) -> list[dict[str, Any]]:
    """The crumbs that lead to an event's guest list."""
    return [
        {"url": reverse("wagtailadmin_pages:edit", args=[event.pk]), "label": event.title},
        {"url": reverse("guest_staff:list", args=[event.pk]), "label": _("Gäster")},
    ]


# --- Columns --------------------------------------------------------------------------------------
def names(signup: SignUp) -> str:
    """`Karin Ek, Anders Ek`; a dash when they have been forgotten."""
    return ", ".join(guest.name for guest in signup.guests.all() if guest.name)


def signup_url(signup: SignUp) -> str:
    return reverse("guest_staff:signup", args=[signup.pk])


def people(signup: SignUp) -> Any:
    together = ngettext("%d plats", "%d platser", signup.places) % signup.places if signup.places > 1 else ""
    return with_note(names(signup) or "–", together)


def reached_at(signup: SignUp) -> Any:
    return with_note(_("Ingen e-post – ring") if signup.is_to_ring else signup.email, signup.phone)


def signed_up(signup: SignUp) -> Any:
    """When, and by which order."""
    return with_note(moment(signup.created_at), signup.order_number)


def state(signup: SignUp) -> str:
    """`Erbjuden plats till 23 nov 2026, 9.14`"""
    if signup.state != SignUpState.OFFERED or signup.offered_until is None:
        return str(signup.get_state_display())
    return _("Erbjuden plats till %(moment)s") % {"moment": moment(signup.offered_until)}


class StateColumn(Column):
    """The state in its frame, and how long an offer stands below it."""

    def render_cell_html(self, instance: SignUp, parent_context: Context) -> SafeString:
        until = moment(instance.offered_until)
        framed = format_html(
            '<span class="w-status{}">{}</span>',
            " w-status--primary" if instance.state == SignUpState.GOING else "",
            instance.get_state_display(),
        )
        return cell(with_note(framed, _("till %(moment)s") % {"moment": until} if until else ""))


NEEDS = LabelledColumn("needs", label=gettext_lazy("Mat och tillgänglighet"), classname="staff-contents")
COLUMNS: list[Column] = [
    LinkColumn("names", label=gettext_lazy("Namn"), accessor=people, get_url=signup_url),
    StateColumn("state", label=gettext_lazy("Läge")),
    PlainColumn(
        "organisation",
        label=gettext_lazy("Organisation"),
        classname="staff-contents",
        sort_key="organisation",
    ),
    PlainColumn(
        "contact", label=gettext_lazy("E-post och telefon"), accessor=reached_at, classname="staff-reached"
    ),
    PlainColumn(
        "created_at",
        label=gettext_lazy("Anmälde sig"),
        accessor=signed_up,
        classname="staff-day",
        sort_key="created_at",
    ),
]


# --- The list -------------------------------------------------------------------------------------
class GuestFilters(WagtailFilterSet):
    state = choice(gettext_lazy("Läge"), [(one.value, one.label) for one in LISTED])

    class Meta:
        model = SignUp
        fields: list[str] = []


class GuestList(BaseListingView):
    """One row for each sign-up: seats first, then offers, then the queue in its order."""

    model = SignUp
    page_title = gettext_lazy("Gäster")
    header_icon = "group"
    paginate_by = 100
    table_classname = "listing staff-list staff-signups"
    template_name = "kalender/staff/guests.html"
    verbose_name_plural = gettext_lazy("anmälningar")
    is_searchable = True
    filterset_class = GuestFilters

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.event = find_event(kwargs["pk"])

    def get_index_url(self) -> str:
        return reverse("guest_staff:list", args=[self.event.pk])

    def get_index_results_url(self) -> str:
        return reverse("guest_staff:list_results", args=[self.event.pk])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *trail(self.event)]

    @cached_property
    def columns(self) -> list[Column]:
        needs = [NEEDS] if self.request.user.has_perm(MAY_SEE_NEEDS) else []
        return [*COLUMNS[:4], *needs, *COLUMNS[4:]]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm(MAY_CHANGE):
            return []
        sign_up, letter = (
            reverse(f"guest_staff:{name}", args=[self.event.pk]) for name in ("sign_up", "letter")
        )
        return [
            HeaderButton(_("Anmäl någon"), sign_up, icon_name="plus", priority=10),
            HeaderButton(_("Skriv till gästerna"), letter, icon_name="mail", priority=20),
        ]

    def get_base_queryset(self) -> SignUpQuerySet:
        signups: SignUpQuerySet = self.event.signups.listed()
        return signups.prefetch_related("guests")

    def order_queryset(self, queryset: SignUpQuerySet) -> SignUpQuerySet:
        return queryset.order_by(self.ordering, "pk") if self.ordering else queryset

    def get_search_form(self) -> SearchForm:
        return search_form(self.request, _("Namn, e-post, telefon, organisation eller beställning"))

    def search_queryset(self, queryset: SignUpQuerySet) -> SignUpQuerySet:
        return queryset.search(self.search_query)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "sums": sums(self.event), "event": self.event, "dated": dated(self.event)}


def sums(event: EventPage) -> str:
    """`18 av 24 platser · 2 erbjudna · 5 på kö`"""
    people = dict.fromkeys(LISTED, 0)
    for found, places in event.signups.listed().order_by().values_list("state", "places"):
        people[SignUpState(found)] += places
    going = people[SignUpState.GOING] + event.seats_taken
    seats = seats_words(going, event.seats) if event.seats else ""
    told = [
        seats or ngettext("%d plats", "%d platser", going) % going,
        _promised(event.seats_taken),
        _unpaid(people[SignUpState.UNPAID]),
        _offered(people[SignUpState.OFFERED]),
        _("%(n)s på kö") % {"n": people[SignUpState.QUEUED]} if people[SignUpState.QUEUED] else "",
    ]
    return " · ".join(part for part in told if part)


def seats_words(going: int, seats: int) -> str:
    """`18 av 24 platser`; when an editor has lowered the seats below those who come: `2 har plats, fast 1 ryms`"""
    words = _("%(n)s av %(seats)s platser") if going <= seats else _("%(n)s har plats, fast %(seats)s ryms")
    return words % {"n": going, "seats": seats}


def _promised(places: int) -> str:
    words = ngettext("varav %d lovad på annat sätt", "varav %d lovade på annat sätt", places)
    return words % places if places else ""


def _unpaid(places: int) -> str:
    return ngettext("%d väntar på betalning", "%d väntar på betalning", places) % places if places else ""


def _offered(places: int) -> str:
    return ngettext("%d erbjuden", "%d erbjudna", places) % places if places else ""


# --- The workbook ---------------------------------------------------------------------------------
@require_safe
def xlsx(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All who are listed, one row for each guest, streamed."""
    event = find_event(pk)
    found = rows(event.signups.listed(), with_needs=request.user.has_perm(MAY_SEE_NEEDS))
    headers = {
        "Content-Disposition": str(content_disposition_header(True, f"gaster-{event.slug}.xlsx")),
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(as_xlsx(found, title=_("Gäster")), content_type=XLSX, headers=headers)


def rows(signups: SignUpQuerySet, *, with_needs: bool) -> Iterator[Row]:
    """A heading and a row for each guest; what a sign-up says stands in each of its rows."""
    needs = [_("Mat och tillgänglighet")] if with_needs else []
    yield [
        _("Namn"), _("Läge"), _("E-post"), _("Telefon"), _("Organisation"), *needs,
        _("Beställning"), _("Anmälde sig"), _("Kom"),
    ]  # fmt: skip
    for signup in signups.prefetch_related("guests").iterator(chunk_size=CHUNK):
        yield from _rows_of(signup, with_needs=with_needs)


def _rows_of(signup: SignUp, *, with_needs: bool) -> Iterable[Row]:
    needs = [signup.needs] if with_needs else []
    shared = [state(signup), signup.email, signup.phone, signup.organisation, *needs, signup.order_number]
    for guest in signup.guests.all():
        yield [guest.name, *shared, signup.created_at, guest.arrived_at]

"""The start page of the admin: what is coming, what waits, and what needs mending, each with the way there.

A panel costs the same number of queries however much it holds, and shows only what its reader may open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, ngettext
from wagtail.admin.menu import MenuItem, SubmenuMenuItem, admin_menu
from wagtail.admin.ui.components import Component
from wagtail.images import get_image_model
from wagtail.images.permissions import ImagesPermissionPolicyGetter
from wagtail.models import Locale, Page, Revision
from wagtail.permissions import page_permission_policy

from cms.kalender import clock
from cms.kalender.staff.listing import DRAFT, in_languages, languages
from cms.models import (
    ArticlePage,
    CalendarPage,
    CaseIndexPage,
    CasePage,
    EventPage,
    HomePage,
    NewsIndexPage,
    PageLink,
    PartPage,
    PhilosophyPage,
    StandardPage,
)
from cms.staff import link_report
from cms.staff.access import is_editor
from shop.quantities import grouped

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    url: str
    note: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class More:
    label: str
    url: str


class ListPanel(Component):
    """A heading and a few rows. It is left out when there is nothing to say."""

    template_name = "cms/staff/panel.html"
    heading: Any = ""
    advice: Any = ""

    def __init__(self, request: HttpRequest) -> None:
        self.user: Any = request.user
        self.now = timezone.now()

    def found(self) -> QuerySet[Any]:
        """All that there is to show, the first first."""
        raise NotImplementedError

    def row(self, one: Any) -> Row:
        raise NotImplementedError

    def more(self) -> More | None:
        return None

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """One query, besides what `found` fetches along: each row knows how many they all are."""
        shown = list(self.found().annotate(of_all=Window(Count("pk")))[:SHOWN])
        count = shown[0].of_all if shown else 0
        cut = {"shown": SHOWN, "count": grouped(count)} if count > SHOWN else None
        return {"panel": self, "rows": [self.row(one) for one in shown], "cut": cut, "more": self.more()}


class ComingEvents(ListPanel):
    name, order = "coming-events", 110
    heading = gettext_lazy("Närmast i kalendern")

    def found(self) -> QuerySet[EventPage]:
        mine = page_permission_policy.instances_user_has_permission_for(self.user, "change")
        pages = EventPage.objects.filter(alias_of=None, pk__in=mine.values("pk"))
        coming: QuerySet[EventPage] = EventPage.objects.upcoming(self.now).once(pages.live())
        named: QuerySet[EventPage] = coming.select_related("locale").annotate(**in_languages(pages))
        return named

    def row(self, one: EventPage) -> Row:
        day = f"{clock.day_words(one.starts_at)}, {one.when}"
        mark = one.get_status_display() if one.status != "planned" else ""
        note = " · ".join(part for part in (day, one.where, languages(one)) if part)
        return Row(one.title, edit_url(one), note, mark or self._seats(one))

    def _seats(self, event: EventPage) -> str:
        if event.seats_left is None:
            return ""
        words = ngettext("%s plats kvar", "%s platser kvar", event.seats_left)
        return words % event.seats_left


class WaitingDrafts(ListPanel):
    """Those that nobody has published, the latest first; a scheduled one says when it goes out."""

    name, order = "waiting-drafts", 200
    heading = gettext_lazy("Utkast som väntar")
    advice = gettext_lazy("Det som är sparat men inte publicerat. Läsarna ser det inte än.")

    def found(self) -> QuerySet[Page]:
        mine: QuerySet[Page] = page_permission_policy.instances_user_has_permission_for(self.user, "change")
        drafts = mine.filter(has_unpublished_changes=True).order_by("-latest_revision_created_at")
        day = EventPage.objects.filter(pk=OuterRef("pk")).order_by().values("starts_at")
        waiting: QuerySet[Page] = drafts.annotate(
            goes_out_at=Subquery(_schedule()), starts_at=Subquery(day[:1])
        )
        return waiting

    def row(self, one: Any) -> Row:
        changed = one.latest_revision_created_at
        note = gettext("Ändrad %s") % moment_words(changed) if changed else ""
        if one.starts_at:  # copies of an event have one name
            note = f"{date_format(clock.local_date(one.starts_at), 'j F Y')} · {note}"
        return Row(one.get_admin_display_title(), edit_url(one), note, self._mark(one))

    def more(self) -> More:
        return More(gettext("Alla utkast i kalendern"), f"{reverse('kalender_staff:list')}?shown={DRAFT}")

    def _mark(self, page: Any) -> str:
        if page.goes_out_at:
            return gettext("Publiceras %s") % moment_words(page.goes_out_at)
        if page.live:
            return gettext("Ändringar")
        return gettext("Avpublicerad") if page.first_published_at else gettext("Ny")


def _schedule() -> QuerySet[Revision]:
    """When the revision that waits for its hour goes out; the page's own row does not tell while it is live."""
    waiting = Revision.page_revisions.filter(object_id=Cast(OuterRef("pk"), output_field=CharField()))
    times: QuerySet[Revision] = waiting.exclude(approved_go_live_at=None).values("approved_go_live_at")[:1]
    return times


class BrokenLinks(ListPanel):
    name, order = "broken-links", 120
    heading = gettext_lazy("Trasiga länkar")
    advice = gettext_lazy("Öppna sidan, rätta länken och publicera. Vi läser om alla sidor varje natt.")

    def found(self) -> QuerySet[PageLink]:
        return PageLink.objects.to_mend_by(self.user).faults()

    def row(self, one: PageLink) -> Row:
        return Row(
            link_report.place(one), link_report.mend_url(one), one.address, str(one.get_reason_display())
        )

    def more(self) -> More:
        return More(gettext("Alla trasiga länkar"), reverse("links_staff:list"))


class BarePictures(ListPanel):
    """Pictures of the library that say nothing to who does not see them."""

    name, order = "bare-pictures", 130
    heading = gettext_lazy("Bilder utan beskrivning")
    advice = gettext_lazy("Skriv en mening om vad som syns. Den läses upp för den som inte ser bilden.")
    policy = ImagesPermissionPolicyGetter()

    def found(self) -> QuerySet[Any]:
        mine: QuerySet[Any] = self.policy.instances_user_has_permission_for(self.user, "change")
        return mine.filter(description="").order_by("-created_at")

    def row(self, one: Any) -> Row:
        return Row(one.title, reverse("wagtailimages:edit", args=[one.pk]), moment_words(one.created_at))

    def more(self) -> More:
        name = get_image_model()._meta.verbose_name_plural
        return More(gettext("Alla %s") % name, reverse("wagtailimages:index"))


# What can be written anew, and the page that it is put below.
WRITABLE: list[tuple[type[Page], type[Page], Any]] = [
    (EventPage, CalendarPage, gettext_lazy("Ny träff")),
    (ArticlePage, NewsIndexPage, gettext_lazy("Ny artikel")),
    (CasePage, CaseIndexPage, gettext_lazy("Ny referens")),
    (PartPage, PhilosophyPage, gettext_lazy("Ny del av filosofin")),
    (StandardPage, HomePage, gettext_lazy("Ny textsida")),
]


class WriteAnew(Component):
    """The way to an empty form, without looking for the right place in the page tree first."""

    template_name = "cms/staff/write_anew.html"
    name, order = "write-anew", 100

    def __init__(self, request: HttpRequest) -> None:
        self.user: Any = request.user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"ways": self._ways()}

    def _ways(self) -> list[More]:
        places = self._places()
        found = [(model, places.get(above), label) for model, above, label in WRITABLE]
        return [More(str(label), add_url(model, place)) for model, place, label in found if place]

    def _places(self) -> dict[type[Page], Page]:
        """The first page of each kind that the user may put something below, in Swedish."""
        mine = page_permission_policy.instances_user_has_permission_for(self.user, "add")
        kinds = [above for _model, above, _label in WRITABLE]
        pages = mine.live().filter(locale=Locale.get_default()).type(*kinds).order_by("-path")
        return {page.specific_class: page for page in pages}


class Shortcuts(Component):
    """For staff who write no pages: what their menu holds, in sight."""

    template_name = "cms/staff/shortcuts.html"
    name, order = "shortcuts", 100

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        items: Sequence[MenuItem] = admin_menu.menu_items_for_request(self.request)
        in_order = sorted(items, key=lambda item: item.order)
        return {"groups": [group for group in map(self._group, in_order) if group[1]]}

    def _group(self, item: MenuItem) -> tuple[str, list[More]]:
        if not isinstance(item, SubmenuMenuItem):
            return str(item.label), [More(str(item.label), item.url)] if item.url else []
        below = sorted(item.menu.menu_items_for_request(self.request), key=lambda part: part.order)
        ways = [More(str(part.label), part.url) for part in below if str(part.url).startswith("/")]
        return str(item.label), ways


def panels(request: HttpRequest) -> list[Component]:
    """What this member of staff finds on the start page, beside Wagtail's own panels."""
    if not is_editor(request.user):
        return [Shortcuts(request)]
    lists = (ComingEvents, BrokenLinks, BarePictures, WaitingDrafts)
    return [WriteAnew(request), *(panel(request) for panel in lists)]


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def add_url(model: type[Page], place: Page) -> str:
    return reverse("wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, place.pk])


def moment_words(moment: Any) -> str:
    """`3 dec 2026, 9.00`, by the clock in Stockholm."""
    return date_format(timezone.localtime(moment), "j b Y, G.i")

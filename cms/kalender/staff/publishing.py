"""Vad händer när du publicerar: the page between a button and its deed, when somebody would be told.

The whole form goes along in hidden fields, so that nothing typed is lost, with or without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page, PageSubscription

from cms.kalender import clock, consequences
from cms.kalender.consequences import Consequence
from cms.kalender.models import EventPage, Status
from cms.kalender.staff import remarks
from cms.kalender.staff.first_look import Look, looks
from cms.kalender.staff.remarks import Shown
from shop.typed import Sentence

PUBLISHING, REMOVAL = gettext_lazy("Vad händer när du publicerar"), gettext_lazy("Någon väntar på det här")
FIRST = gettext_lazy("Värt att titta på innan du publicerar")
TELL, QUIET, SEEN = "beratta", "tyst", "sett"
# The buttons that lead to readers, now or after a review.
BUTTONS = ("action-publish", "action-submit", "action-restart-workflow")
CHOICE, REMOVE, CALLED_MOVED = "kalender-val", "kalender-anda", "kalender-flyttad"
NOT_SENT_AGAIN = {"csrfmiddlewaretoken", *BUTTONS, CHOICE, REMOVE, CALLED_MOVED}


@dataclass(frozen=True, slots=True)
class Before:
    """One event on the page: who would be told of what, and what the proof-reader remarks on."""

    consequence: Consequence
    remarks: Sequence[Shown]
    form_url: str


class Furniture(WagtailAdminTemplateMixin):
    header_icon = "mail"

    def __init__(self, title: Sentence) -> None:
        self.page_title = title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("kalender_staff:list"), "label": _("Kalender")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]


# --- One event's form ------------------------------------------------------------------------------
def before_create(request: HttpRequest, calendar: Page) -> HttpResponseBase | None:
    """The same before an event is published that has never been saved: nobody waits for it."""
    button = _pressed(request)
    if button is None or request.POST[button] == SEEN:
        return None
    event = typed(request, EventPage(owner=request.user, locale=calendar.locale, live=False), calendar)
    return _show(request, looks([event]), button) if event else None


def before_edit(request: HttpRequest, page: EventPage) -> HttpResponseBase | None:
    """Ask when a publishing button was pressed and somebody would be told; put the answer into the event.

    Where nobody is, and readers have not seen the event yet, show once what is worth a look.
    """
    button = _pressed(request)
    if button is None or page.alias_of_id:
        return None
    if (choice := request.POST[button]) in {TELL, QUIET}:
        _choose(request, page, tell=choice == TELL)
        return None
    event = typed(request, page.get_latest_revision_as_object(), page.get_parent())
    if event is None:
        return None
    if consequence := consequences.of_publishing(event, now=timezone.now()):
        return _ask(request, consequence, button)
    return None if choice == SEEN else _show(request, looks([event]), button)


def has_been_shown(request: HttpRequest) -> bool:
    """Whether the remarks stood on the page from which this is sent."""
    button = _pressed(request)
    return button is not None and request.POST[button] in {TELL, QUIET, SEEN}


def _pressed(request: HttpRequest) -> str | None:
    return next((name for name in BUTTONS if request.POST.get(name)), None)


def typed(request: HttpRequest, draft: EventPage, parent: Page) -> EventPage | None:
    """The event as the form has it; None when Wagtail will refuse the form."""
    form = draft.get_edit_handler().get_form_class()(
        request.POST,
        request.FILES,
        instance=draft,
        subscription=PageSubscription(page=draft, user=request.user),
        parent_page=parent,
        for_user=request.user,
    )
    found: EventPage | None = form.instance if form.is_valid() else None
    return found


def _show(request: HttpRequest, shown: Sequence[Look], button: str) -> HttpResponseBase | None:
    context = {
        "looks": shown,
        "button": button,
        "seen": SEEN,
        "several": button == CHOICE,
        "is_review": button not in {CHOICE, "action-publish"},
    }
    return _page(request, FIRST, "kalender/staff/worth_a_look.html", context) if shown else None


def _choose(request: HttpRequest, page: EventPage, *, tell: bool) -> None:
    """The revision keeps the choice, for publishing that comes later: by the schedule or after a review."""
    sent = request.POST.copy()
    sent.pop("tell_guests", None)
    if tell:
        sent["tell_guests"] = "on"
    if _is_called_moved(request, page):
        sent["status"] = Status.MOVED
    request.POST = sent  # type: ignore[assignment]


def _is_called_moved(request: HttpRequest, page: EventPage) -> bool:
    """Whether the box is ticked by which readers see on the page itself that it lies elsewhere."""
    return str(page.pk) in request.POST.getlist(CALLED_MOVED)


def _ask(request: HttpRequest, consequence: Consequence, button: str) -> HttpResponseBase:
    event = consequence.event
    is_later = button != "action-publish" or bool(event.go_live_at and event.go_live_at > timezone.now())
    context = {
        "found": _seen([consequence]),
        "button": button,
        "is_later": is_later,
        "is_review": button != "action-publish",
    }
    return _page(request, PUBLISHING, "kalender/staff/before_publishing.html", context)


def _seen(found: Sequence[Consequence]) -> list[Before]:
    return [
        Before(
            consequence,
            remarks.before_publishing(consequence.event),
            reverse("wagtailadmin_pages:edit", args=[consequence.event.pk]),
        )
        for consequence in found
    ]


def _page(request: HttpRequest, title: Sentence, template: str, context: dict[str, Any]) -> HttpResponseBase:
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_SENT_AGAIN
    ]
    shown = Furniture(title).get_context_data(
        sent=sent, action=request.get_full_path(), tell=TELL, quiet=QUIET, moved=CALLED_MOVED, **context
    )
    return TemplateResponse(request, template, shown)


# --- Several events at once ------------------------------------------------------------------------
def before_bulk_publish(request: HttpRequest, pages: Sequence[Page]) -> HttpResponseBase | None:
    drafts = [page.get_latest_revision_as_object() for page in _to_publish(request, pages)]
    if faults := _faults(drafts):
        messages.error(request, format_html_join("", "<p>{}</p>", ([fault] for fault in faults)))
        return redirect("kalender_staff:list")
    found = [told for draft in drafts if (told := consequences.of_publishing(draft, now=timezone.now()))]
    choice = request.POST.get(CHOICE)
    if not found:
        return None if choice == SEEN else _show(request, looks(drafts), CHOICE)
    if choice not in {TELL, QUIET}:
        awaited = {consequence.event for consequence in found}
        others = looks(draft for draft in drafts if draft not in awaited)
        context = {"found": _seen(found), "button": CHOICE, "looks": others, "several": True}
        return _page(request, PUBLISHING, "kalender/staff/before_publishing.html", context)
    for consequence in found:
        called_moved = _is_called_moved(request, consequence.event)
        _write_choice(consequence.event, tell=choice == TELL, called_moved=called_moved)
    return None


def _to_publish(request: HttpRequest, pages: Sequence[Page]) -> Iterable[EventPage]:
    chosen = Q(pk__in=_keys(pages))
    for page in pages if request.POST.get("include_descendants") else ():
        chosen |= Q(path__startswith=page.path, live=False)
    return list(EventPage.objects.filter(chosen, alias_of=None).order_by("starts_at", "pk"))


def _faults(drafts: Iterable[EventPage]) -> list[str]:
    """Why some cannot be published: a draft may lack what readers need, and Wagtail would fail on it."""
    found = []
    for draft in drafts:
        try:
            draft.full_clean()
        except ValidationError as error:
            told = {
                "title": draft.title,
                "day": date_format(clock.local_date(draft.starts_at), "j F Y"),
                "fault": " ".join(error.messages),
            }
            found.append(_("Inget är publicerat. ”%(title)s” %(day)s: %(fault)s") % told)
    return found


def _write_choice(draft: EventPage, *, tell: bool, called_moved: bool) -> None:
    revision = draft.get_latest_revision()
    if revision is not None:
        revision.content["tell_guests"] = tell
        if called_moved:
            revision.content["status"] = Status.MOVED
        revision.save(update_fields=["content"])


def _keys(pages: Iterable[Page]) -> list[int]:
    return [page.pk for page in pages]


# --- Taking away -----------------------------------------------------------------------------------
def before_removal(
    request: HttpRequest, pages: Sequence[Page], *, with_all_below: bool = False
) -> HttpResponseBase | None:
    """Who waits is told that it is off, by a page that is no more: say who that is, and how to cancel instead."""
    if request.POST.get(REMOVE):
        return None
    below = with_all_below or bool(request.POST.get("include_descendants"))
    found = consequences.of_removal(_events(pages, below=below), now=timezone.now())
    if not found:
        return None
    context = {"found": found, "button": REMOVE}
    return _page(request, REMOVAL, "kalender/staff/before_removal.html", context)


def _events(pages: Sequence[Page], *, below: bool) -> list[EventPage]:
    chosen = Q(pk__in=_keys(pages))
    for page in pages if below else ():
        chosen |= Q(path__startswith=page.path)
    return list(EventPage.objects.filter(chosen, alias_of=None).order_by("starts_at", "pk"))

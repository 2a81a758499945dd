"""The calendar beside its pages: files, Påminn mig, and the way out of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from django.conf import settings
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cms.kalender import announcing, ics, letters, reminders
from cms.kalender.forms import ReminderForm
from cms.kalender.models import EventPage, Kind, ReminderRequest, State
from shop import client, limits
from shop.origin import same_origin
from shop.responses import SeeOther, private, public_file

FILE_SECONDS = 300

NamedView = Callable[..., HttpResponseBase]


@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    events = announcing.subscribed(now=timezone.now())
    return _calendar_file(request, ics.feed(events, name=settings.WAGTAIL_SITE_NAME))


@require_safe
def feed_of_kind(request: HttpRequest, kind: str) -> HttpResponseBase:
    if kind not in Kind.values:
        raise Http404
    events = announcing.subscribed(now=timezone.now(), kind=kind)
    name = f"{settings.WAGTAIL_SITE_NAME}: {Kind(kind).label}"
    return _calendar_file(request, ics.feed(events, name=name))


def by_name(view: NamedView) -> NamedView:
    """Find the published event of an address. A former name leads on to the present one, a sent form whole (308)."""

    @wraps(view)
    def found(request: HttpRequest, slug: str) -> HttpResponseBase:
        if event := EventPage.objects.spoken().named(slug).first():
            return view(request, event)
        event = EventPage.objects.spoken().once_named(slug).first()
        if event is None or request.resolver_match is None:
            raise Http404
        present = reverse(request.resolver_match.view_name, args=[event.slug])
        return HttpResponsePermanentRedirect(present, preserve_request=request.method == "POST")

    return found


@require_safe
@by_name
def event_file(request: HttpRequest, event: EventPage) -> HttpResponseBase:
    told = announcing.as_announced([event.original.spoken], now=timezone.now())
    if not told:
        raise Http404
    return _calendar_file(request, ics.event_file(told[0]))


def _calendar_file(request: HttpRequest, content: bytes) -> HttpResponseBase:
    return public_file(request, content, ics.CONTENT_TYPE, seconds=FILE_SECONDS)


# --- Påminn mig ------------------------------------------------------------------------------
@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@by_name
def ask(request: HttpRequest, event: EventPage) -> HttpResponseBase:
    """POST asks; GET is where it leads, so that a reload asks nothing twice."""
    if request.method != "POST":
        return render(request, "kalender/reminder_asked.html", {"event": event})
    form = ReminderForm(request.POST, leads=event.leads(timezone.now()))
    if not form.is_valid():
        return _event_page(request, event, form, status=422)
    return _asked(request, event, form)


def _asked(request: HttpRequest, event: EventPage, form: ReminderForm) -> HttpResponseBase:
    now = timezone.now()
    try:
        limits.allow("reminder-address", client.address(request), now=now)
        language = (get_language() or "sv")[:5]
        reminders.ask(event_id=event.pk, language=language, now=now, **form.cleaned_data)
    except reminders.NotRemindable:
        form.add_refusal(_("Den här träffen går inte att bli påmind om längre."))
        return _event_page(request, event, form, status=422)
    except limits.TooMany as error:
        form.add_refusal(
            _("Det kom många påminnelser härifrån på kort tid. Prova igen om %(wait)s.")
            % {"wait": error.wait}
        )
        return limits.marked(_event_page(request, event, form, status=429), error)
    return SeeOther(reverse("kalender:ask", args=[event.slug]))


def _event_page(request: HttpRequest, event: EventPage, form: ReminderForm, *, status: int) -> HttpResponse:
    context = event.get_context(request, form=form)
    return render(request, event.get_template(request), context, status=status)


@private
@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def reminder(request: HttpRequest, key: str) -> HttpResponseBase:
    """A page with a button: programs that open every link in a mail must not confirm anything."""
    wish = get_object_or_404(ReminderRequest.objects.select_related("event"), key=key)
    if request.method != "POST":
        return _reminder_page(request, wish)
    if "remove" in request.POST:
        reminders.stop([wish.pk])
    else:
        _confirm(request, key)
    return SeeOther(reverse("kalender:reminder", args=[key]))


def _confirm(request: HttpRequest, key: str) -> None:
    with suppress(reminders.LinkLapsed, ObjectDoesNotExist):  # the page that follows says so
        reminders.confirm(key=key, now=timezone.now(), confirmed_from=client.address(request))


def _reminder_page(request: HttpRequest, wish: ReminderRequest) -> HttpResponse:
    now = timezone.now()
    lapsed = wish.state in {State.ASKED, State.CONFIRMED} and not reminders.is_usable(wish, now=now)
    state = "expired" if lapsed else wish.state
    context = {"wish": wish, "event": wish.event.spoken, "state": state}
    return render(request, "kalender/reminder.html", {**context, "soon": wish.due_at <= now})


@private
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """RFC 8058: a POST from the reader's mail provider, without cookie, log-in or origin, stops at once."""
    try:
        wishes = letters.wishes_of(token)
    except signing.BadSignature as error:
        raise Http404 from error
    if request.method == "POST":
        reminders.stop(wishes)
    return render(request, "kalender/unsubscribe.html", {"done": request.method == "POST"})

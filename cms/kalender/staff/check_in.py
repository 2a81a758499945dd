"""At the door: who is expected, ticked by buttons; and the same on paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.kalender import arriving
from cms.kalender.leaving import is_key
from cms.kalender.listing import in_swedish_order
from cms.kalender.models import EventPage, Guest
from cms.kalender.staff.guest_desk import Furniture
from cms.kalender.staff.guests import MAY_CHANGE, MAY_SEE_NEEDS, dated, find_event
from shop.searched import holding_every_word, in_any


def expected(event: EventPage, words: str = "") -> list[Guest]:
    """Those with a seat, by the first letter of the name as it was written, å, ä and ö last."""
    found = holding_every_word(
        Guest.objects.expected(event), words, lambda word: in_any(["name", "signup__organisation"], word)
    )
    return sorted(found, key=lambda guest: (not guest.name, in_swedish_order(guest.name), guest.pk))


@require_safe
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    event, words = find_event(pk), request.GET.get("q", "").replace("\x00", "")
    everybody = Guest.objects.expected(event)
    context = Furniture(_("Närvaro"), event).get_context_data(
        guests=expected(event, words),
        q=words,
        all_told=everybody.count(),
        arrived=everybody.exclude(arrived_at=None).count(),
        **_rights(request),
    )
    return TemplateResponse(request, "kalender/staff/check_in.html", context)


@require_safe
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of its own without the admin around it: A4, the event and its day above each sheet."""
    event = find_event(pk)
    context = {"event": event, "dated": dated(event), "guests": expected(event), **_rights(request)}
    return render(request, "kalender/staff/check_in_print.html", context)


def _rights(request: HttpRequest) -> dict[str, Any]:
    return {
        "may_tick": request.user.has_perm(MAY_CHANGE),
        "may_see_needs": request.user.has_perm(MAY_SEE_NEEDS),
    }


@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The button says who: `kom` for somebody who has come, `inte` to take the tick away."""
    event = find_event(pk)
    if came := _number(request.POST.get("kom", "")):
        arriving.arrive(event, came, now=timezone.now())
    elif not_here := _number(request.POST.get("inte", "")):
        arriving.take_back(event, not_here)
    address = reverse("guest_staff:check_in", args=[event.pk])
    words = request.POST.get("q", "")
    shown = f"?{urlencode({'q': words})}" if words else ""
    return redirect(f"{address}{shown}#gast-{came or not_here}" if came or not_here else f"{address}{shown}")


def _number(text: str) -> int | None:
    return int(text) if is_key(text) else None

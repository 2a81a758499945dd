"""Where Stripe's events come in."""

from __future__ import annotations

import logging
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.payments import events, gateway
from orders.payments.kinds import Forged
from shop import client, limits

log = logging.getLogger(__name__)

LARGEST_BODY = 512 * 1024


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Store the event, act on it if that can be done now, and thank for it either way.

    200 also when Stripe cannot be asked back or the event is none of ours: sending it again would
    change nothing, the sweep finds it. 400 for what Stripe has not signed just now, and 429 in the end.
    """
    now = timezone.now()
    try:
        event = events.store(_signed(request), now=now)
    except Forged as error:
        return _refused(request, error, now=now)
    events.handle(event, now=now)
    return HttpResponse("ok", content_type="text/plain")


def _refused(request: HttpRequest, error: Forged, *, now: datetime) -> HttpResponse:
    """What is signed is never counted. Of the rest the log tells only so much."""
    try:
        limits.allow("webhook-address", client.address(request), now=now)
    except limits.TooMany as stopped:
        return limits.marked(HttpResponse("Too many.", content_type="text/plain"), stopped)
    log.warning("Stripe's webhook: %s", error)
    return HttpResponseBadRequest("Not signed by Stripe.", content_type="text/plain")


def _signed(request: HttpRequest) -> str:
    """The body, if it is short enough, whole and signed. Raises Forged."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length[:10]) > LARGEST_BODY:
        raise Forged(f"too large: {length[:10]} bytes")
    try:
        body = request.body
    except UnreadablePostError as error:
        raise Forged("broken off") from error
    return gateway.verified(body, request.headers.get("Stripe-Signature", ""))

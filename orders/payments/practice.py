"""The practice payment page: stands in for Stripe's page in the demo, and says so."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from orders.models import PaymentAttempt, PracticeSession
from orders.payments import practice_gateway
from orders.payments.settle import settle
from shop.money import Money
from shop.origin import same_origin
from shop.responses import SeeOther, private


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@private
def page(request: HttpRequest, session_id: str) -> HttpResponseBase:
    if not settings.PRACTICE_PAYMENTS:
        raise Http404
    session = get_object_or_404(PracticeSession, session_id=session_id)
    action = request.POST.get("action") if request.method == "POST" else None
    if action == "pay":
        return _pay(session)
    if action == "cancel":
        return SeeOther(session.cancel_url)
    context = {"session": session, "amount": Money(session.amount_ore), "is_open": session.status == "open"}
    return render(request, "orders/practice.html", context)


def _pay(session: PracticeSession) -> HttpResponseBase:
    """Take the money once and report it, as Stripe's webhook would; then back to the shop."""
    if practice_gateway.pay(session.session_id):
        for attempt in PaymentAttempt.objects.filter(session_id=session.session_id):
            settle(attempt.pk, now=timezone.now())
    return SeeOther(session.return_url)

"""The practice payment page: stands in for Stripe's page in the demo, and says so."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.models import PaymentAttempt, PracticeSession
from orders.payments import practice_gateway
from orders.payments.settle import settle
from shop.money import Money
from shop.origin import same_origin


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: HttpRequest, session_id: str) -> HttpResponse:
    if not settings.PRACTICE_PAYMENTS:
        raise Http404
    session = get_object_or_404(PracticeSession, session_id=session_id)
    action = request.POST.get("action") if request.method == "POST" else None
    if action == "pay":
        return _pay(session)
    if action == "cancel":
        return redirect(session.cancel_url)
    context = {"session": session, "amount": Money(session.amount_ore), "is_open": session.status == "open"}
    return render(request, "orders/practice.html", context)


def _pay(session: PracticeSession) -> HttpResponse:
    """Take the money once and report it, as Stripe's webhook would; then back to the shop."""
    if practice_gateway.pay(session.session_id):
        for attempt in PaymentAttempt.objects.filter(session_id=session.session_id):
            settle(attempt.pk, now=timezone.now())
    return redirect(session.return_url)

"""Between "beställ" and "betald": waits, asks, offers another try."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders import operations
from orders.forms import METHODS
from orders.models import Method, Order, PaymentAttempt
from orders.payments.kinds import GatewayError
from orders.payments.settle import settle_order
from orders.payments.starting_over import start_over
from orders.payments.sweep import lapse_order
from orders.states import Agreement, Attempt
from orders.timeline import cancelled_sentence
from orders.views.limiting import behind_key
from orders.views.paying import order_page, pay_again, waiting_page
from shop import basket as baskets
from shop import event_places, known, limits
from shop.origin import same_origin
from shop.responses import SeeOther, private

# Swish gives up after three minutes; so does the page.
PATIENCE = timedelta(minutes=3)
# A payment page is opened within ten seconds or not at all (orders.payments.begin).
OPENING = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Situation:
    """What the page says. `fresh` means that it asks again by itself."""

    name: str
    heading: str
    sentence: str
    fresh: bool = False


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@private
@limits.told
def waiting(request: HttpRequest, key: str) -> HttpResponseBase:
    now = timezone.now()
    order = _as_it_stands(behind_key(request, Order.objects.all(), key), now=now)
    if order.state in {Agreement.CONFIRMED, Agreement.CLOSED} or order.awaits_approval:
        return order_page(order) if request.method == "POST" else _done(order)
    if request.method != "POST":
        return _page(request, order, now=now)
    if request.POST.get("do") == "cancel":
        return _start_over(request, order, now=now)
    if request.POST.get("do") == "mail":
        return _mailed(order, now=now)
    try:
        return pay_again(request, order, now=now, method=_wanted(request, order))
    except limits.TooMany as error:
        return limits.marked(_page(request, order, now=now, said=_stopped(order, error)), error)


def _as_it_stands(order: Order, *, now: datetime) -> Order:
    """The order when what is known of its money has been acted on, and its time if that is over."""
    order = settle_order(order, now=now)
    if order.state == Agreement.PLACED and not order.takes_payment(now) and not order.awaits_approval:
        with suppress(GatewayError):  # the sweep comes back to it
            lapse_order(order.pk, now=now)
        return Order.objects.get(pk=order.pk)
    return order


def _done(order: Order) -> HttpResponseBase:
    return SeeOther(reverse("orders:status", args=[order.key]))


def _wanted(request: HttpRequest, order: Order) -> str:
    """Another way to pay, if it is one that this buyer may use online; else the same as before."""
    method = request.POST.get("payment", "")
    return method if method in ways(order) else ""


def ways(order: Order) -> list[str]:
    """Ways to pay this order online."""
    return [method for method in METHODS[order.buyer] if method != Method.INVOICE]


def _start_over(request: HttpRequest, order: Order, *, now: datetime) -> HttpResponseBase:
    """Call the unpaid order off and go back to the checkout, with another key for the same basket; or to the event."""
    try:
        if not start_over(order, now=now):
            return waiting_page(order)
    except GatewayError:
        return waiting_page(order, fel="1")
    if order.is_of_places:
        return SeeOther(event_places.host().event_page(str(order.number)))
    response = SeeOther(reverse("orders:checkout"))
    held = baskets.load(request)
    if held.key == order.checkout_key:
        baskets.save(response, held.renewed(), secure=request.is_secure())
    return response


def _mailed(order: Order, *, now: datetime) -> HttpResponseBase:
    is_mailed = operations.mail_way_to_pay(order.pk, now=now)
    return waiting_page(order, mejlat="1") if is_mailed else waiting_page(order)


def _page(
    request: HttpRequest, order: Order, *, now: datetime, said: Situation | None = None
) -> HttpResponse:
    attempt = order.attempts.last()
    situation = said or _situation(request, order, attempt, now=now)
    context = {
        "order": order,
        "situation": situation,
        "refreshing": situation.fresh and "stilla" not in request.GET,
        "attempt": attempt,
        "held_until": order.reserved_until if order.takes_payment(now) else None,
        "ways": [Method(method) for method in ways(order)],
        "existed": "fanns" in request.GET,
        "order_anew": _order_anew(order),
        "company": known.company(),
    }
    return render(request, "orders/waiting.html", context)


def _order_anew(order: Order) -> str:
    """Where the same is ordered once more."""
    if order.is_of_places:
        return event_places.host().event_page(str(order.number))
    return reverse("orders:checkout")


def _situation(
    request: HttpRequest, order: Order, attempt: PaymentAttempt | None, *, now: datetime
) -> Situation:
    if order.state == Agreement.CANCELLED:
        return _ended(order)
    if "mejlat" in request.GET and order.takes_payment(now):
        return _told_by_mail(order)
    if "fel" in request.GET:
        return Situation(
            "unavailable",
            _("Betalningen gick inte att öppna"),
            _(
                "Det är inte ditt fel. Beställningen ligger kvar och inget har dragits. Försök igen om en stund."
            ),
        )
    if attempt is None or not attempt.is_live:
        return _attempt_ended(attempt)
    if not attempt.session_id and now - attempt.created_at > OPENING:
        return _invited(order)
    if "avbruten" in request.GET:
        return _interrupted(order, attempt)
    return _waiting(attempt, now=now)


def _told_by_mail(order: Order) -> Situation:
    sentence = _("Genom länken i mejlet kommer du tillbaka hit och kan betala.")
    return Situation("mailed", _("Länken är mejlad till dig"), f"{sentence} {_kept(order)}")


def _kept(order: Order) -> str:
    if order.is_of_places:
        return _("Platserna är undanlagda, inget har dragits.")
    return _("Varorna ligger kvar, inget har dragits.")


def _stopped(order: Order, error: limits.TooMany) -> Situation:
    wait = _("Prova igen om %(wait)s.") % {"wait": error.wait}
    return Situation("stopped", _("Det blev många försök på en gång"), f"{_kept(order)} {wait}")


def _ended(order: Order) -> Situation:
    """Money that came all the same is told of as on the order's own page."""
    goods = _("Betalningen hann gå ut. Inget har dragits. Varorna har gått tillbaka till hyllan.")
    places = _("Betalningen hann gå ut. Inget har dragits. Platserna hålls inte längre.")
    lapsed = places if order.is_of_places else goods
    sentence = cancelled_sentence(order) if order.paid else lapsed
    return Situation("ended", _("Beställningen gäller inte längre"), sentence)


def _attempt_ended(attempt: PaymentAttempt | None) -> Situation:
    if attempt is None or attempt.state != Attempt.FAILED:
        return _timed_out()
    what = _("Kortet") if attempt.method == Method.CARD else _("Betalningen")
    return Situation(
        "declined",
        _("Det gick inte den här gången"),
        _("%(what)s gick inte igenom. Inget har dragits. Prova igen eller välj ett annat sätt.")
        % {"what": what},
    )


def _invited(order: Order) -> Situation:
    """Nobody has been at a payment page: staff entered the order, and the buyer comes from the letter."""
    held = _("Platserna är undanlagda åt dig.") if order.is_of_places else _("Varorna är undanlagda åt dig.")
    return Situation(
        "invited",
        _("Betala din beställning"),
        f"{held} {_('Du betalar i nästa steg.')}",
    )


def _interrupted(order: Order, attempt: PaymentAttempt) -> Situation:
    where = {Method.SWISH: _("Du avbröt i Swish."), Method.KLARNA: _("Du avbröt hos Klarna.")}
    what = where.get(Method(attempt.method), _("Du avbröt betalningen."))
    return Situation("interrupted", _("Betalningen är avbruten"), f"{what} {_kept(order)}")


def _waiting(attempt: PaymentAttempt, *, now: datetime) -> Situation:
    swish = attempt.method == Method.SWISH
    if now - attempt.created_at > PATIENCE:
        return _timed_out() if swish else _slow()
    heading = _("Öppna Swish och godkänn %(sum)s") % {"sum": attempt.amount}
    usual = _("Vi väntar på betalningen på %(sum)s") % {"sum": attempt.amount}
    return Situation("waiting", heading if swish else usual, _("Sidan uppdateras av sig själv."), fresh=True)


def _timed_out() -> Situation:
    return Situation(
        "timed-out",
        _("Betalningen hann gå ut"),
        _("Inget har dragits. Prova igen eller välj ett annat sätt."),
    )


def _slow() -> Situation:
    return Situation(
        "slow",
        _("Vi har inte hört av betalningen än"),
        _("Har du betalat får du ett mejl så snart den är här. Annars kan du fortsätta där du var."),
    )

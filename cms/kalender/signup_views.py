"""Signing up on the web: the form, what follows it, and the sign-up's own page behind the key of its letters."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp, SignUpState
from cms.kalender.signup_forms import BuyerPart, SignUpForm, buyer_part
from cms.kalender.views import by_name
from shop import client, event_places, known, limits
from shop.origin import same_origin
from shop.responses import SeeOther, private


@private
@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@by_name
def sign_up(request: HttpRequest, event: EventPage) -> HttpResponseBase:
    """The form, with a key of its own: nobody else gets that page. Where there is none, the event's page says why."""
    is_sent = request.method == "POST"
    if not event.signs_up_here or not (is_sent or event.takes_signups(timezone.now())):
        return SeeOther(event.get_url(request))
    form = SignUpForm(request.POST if is_sent else None, event=event)
    if is_sent and _signed_up(request, event, form):
        return SeeOther(reverse("kalender:signed_up", args=[event.slug]))
    page = render(
        request, "kalender/sign_up.html", {"form": form, "event": event, "company": known.company()}
    )
    if form.refusal:
        return limits.marked(page, form.refusal)
    page.status_code = 422 if form.faults else 200
    return page


def _signed_up(request: HttpRequest, event: EventPage, form: SignUpForm) -> bool:
    """False when something is to be mended; the form then says what."""
    if not form.is_valid():
        return False
    now = timezone.now()
    try:
        limits.allow("signup-address", client.address(request), now=now, act=form.key)
        signing_up.sign_up(event.alias_of_id or event.pk, form.wish, now=now)
    except limits.TooMany as error:
        sentence = _("Det kom många anmälningar på kort tid. Prova igen om %(wait)s.") % {"wait": error.wait}
        form.refuse(sentence, error)
    except signing_up.Closed:
        form.refuse_for_good(_("Anmälan har stängt. Hör av dig till oss om du undrar något."))
    except signing_up.OtherPrice:
        form.add_error(None, other_price())
    except signing_up.FormUsed:
        form.refuse_for_good(_("Den anmälan är borttagen. Skicka igen, så gör vi en ny."))
    except EventPage.DoesNotExist as error:
        raise Http404 from error
    return not form.errors


def other_price() -> str:
    return _("Priset har ändrats. Se efter att det stämmer och skicka sedan igen.")


@require_safe
@by_name
def signed_up(request: HttpRequest, event: EventPage) -> HttpResponseBase:
    """The same words for everyone: what came of it stands in the letter, so that nobody learns who else comes."""
    return render(request, "kalender/signed_up.html", {"event": event})


@private
@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def signup(request: HttpRequest, key: str) -> HttpResponseBase:
    """Buttons change something, links nothing: programs open every link in a mail."""
    mine = get_object_or_404(SignUp.objects.known().select_related("event"), key=key)
    if request.method != "POST":
        return _page(request, mine)
    now = timezone.now()
    if "accept" in request.POST:
        buyer = buyer_part(mine.event, request.POST)
        if not _accepted(key, buyer, now=now):
            page = _page(request, mine, buyer)
            page.status_code = 422
            return page
    elif "cancel" in request.POST and mine.event.starts_at > now:
        signing_up.cancel(mine.pk, actor=Actor.GUEST, now=now)
    return SeeOther(reverse("kalender:signup", args=[key]))


def _accepted(key: str, buyer: BuyerPart | None, *, now: datetime) -> bool:
    """False when the form, which then says so, is to be mended first."""
    if buyer and not buyer.form.is_valid():
        return False
    try:
        with suppress(signing_up.OfferLapsed):  # the page that follows says so
            signing_up.accept(key, now=now, payer=buyer.payer if buyer else None)
    except signing_up.OtherPrice:
        if buyer:
            buyer.form.add_error(None, other_price())
        return False
    return True


def _page(request: HttpRequest, mine: SignUp, buyer: BuyerPart | None = None) -> HttpResponse:
    now = timezone.now()
    lapsed = mine.state == SignUpState.OFFERED and not signing_up.is_offered(mine, now)
    context = {
        "signup": mine,
        "event": mine.event,
        "guests": mine.guests.all(),
        "buyer": buyer or buyer_part(mine.event),
        "state": SignUpState.LAPSED if lapsed else mine.state,
        "turn": SignUp.objects.ahead_of(mine) + 1,
        "over": mine.event.starts_at <= now,
        "if_given_back": _if_given_back(mine, now),
        "company": known.company(),
    }
    return render(request, "kalender/signup.html", context)


def _if_given_back(mine: SignUp, now: datetime) -> str:
    if mine.state != SignUpState.GOING or not mine.order_number:
        return ""
    return event_places.seller().if_given_back(mine.order_number, now)

"""Signing up on the web: the form, what follows it, and the sign-up's own page behind the key of its letters."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cms.kalender import same_inbox, signing_up
from cms.kalender.leaving import LeavingForm
from cms.kalender.models import ACTIVE, Actor, EventPage, SignUp, SignUpState
from cms.kalender.renaming import NamesForm
from cms.kalender.signing_up import Wish
from cms.kalender.signup_forms import BuyerPart, SignUpForm, bill_of, buyer_part, told_of
from cms.kalender.views import by_name
from shop import client, event_places, known, limits
from shop.origin import same_origin
from shop.responses import SeeOther, private

DONE = "klart"  # asks the own page to say what has been done: names are stored, or some guests have left
RENAMED, FEWER = "namn", "farre"


@private
@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@by_name
def sign_up(request: HttpRequest, event: EventPage) -> HttpResponseBase:
    """The form, with a key of its own: nobody else gets that page. Where there is none, the event's page says why."""
    is_sent = request.method == "POST"
    if not event.signs_up_here or not (is_sent or event.original.takes_signups(timezone.now())):
        return SeeOther(event.get_url(request))
    is_judged = is_sent and "edit" not in request.POST
    form = SignUpForm(
        request.POST if is_judged else None, event=event, initial=request.POST.dict() if is_sent else None
    )
    if is_judged and (answer := _answer(request, event, form, now=timezone.now())):
        return answer
    page = render(
        request, "kalender/sign_up.html", {"form": form, "event": event, "company": known.company()}
    )
    if form.refusal:
        return limits.marked(page, form.refusal)
    page.status_code = 422 if form.faults else 200
    return page


def _answer(
    request: HttpRequest, event: EventPage, form: SignUpForm, *, now: datetime
) -> HttpResponseBase | None:
    """None when something is to be mended; the form then says what."""
    if not form.is_valid():
        return None
    if not event.original.takes_signups(now):
        form.refuse_for_good(closed())
        return None
    if form.is_to_review:
        return _review(request, event, form)
    try:
        signup = _signed_up(request, event, form, now=now)
    except signing_up.OtherSum:
        event.refresh_from_db()
        return _review(request, event, form)
    return _onward(request, event, form, signup, now=now) if signup else None


def _review(request: HttpRequest, event: EventPage, form: SignUpForm) -> HttpResponse:
    """What binds and costs is shown whole before the button that binds; a sum that has changed too, as a fault."""
    is_changed = form.buyer is not None and form.buyer.shown is not None
    is_other_event = form.buyer is not None and not form.buyer.was_told
    context = {
        "form": form,
        "event": event,
        "bill": form.bill,
        "will_queue": _lacks_seats(event, form.bill.places),
        "is_changed": is_changed,
        "is_other_sum": is_changed and not is_other_event,
        "told": told_of(event),
        "company": known.company(),
    }
    return render(request, "kalender/sign_up_review.html", context, status=422 if is_changed else 200)


def _lacks_seats(event: EventPage, places: int) -> bool:
    return event.is_full or (event.seats_left is not None and event.seats_left < places)


def _signed_up(request: HttpRequest, event: EventPage, form: SignUpForm, *, now: datetime) -> SignUp | None:
    """None when it cannot be done; the form then says why. Raises signing_up.OtherSum."""
    wish = form.wish
    act = f"{form.key}:{same_inbox.mark(wish.email, wish.names)}"  # one form may sign up several, see signing_up
    try:
        limits.allow("signup-address", client.address(request), now=now, act=act)
        signup, _is_new = signing_up.sign_up(event.original.pk, wish, now=now)
    except limits.TooMany as error:
        sentence = _("Det kom många anmälningar på kort tid. Prova igen om %(wait)s.") % {"wait": error.wait}
        form.refuse(sentence, error)
    except signing_up.Closed:
        form.refuse_for_good(closed())
    except signing_up.FormUsed:
        form.refuse_for_good(_("Den anmälan är borttagen. Skicka igen, så gör vi en ny."))
    except EventPage.DoesNotExist as error:
        raise Http404 from error
    else:
        return signup
    return None


def _onward(
    request: HttpRequest, event: EventPage, form: SignUpForm, signup: SignUp, *, now: datetime
) -> HttpResponseBase:
    """To the payment, when this very form's order waits for it; to the order, when it needs none now."""
    wish = form.wish
    if signing_up.is_own(signup, wish) and signup.order_number and signup.state != SignUpState.UNPAID:
        return SeeOther(event_places.seller().bought(signup.order_number).address)
    if not signing_up.is_to_pay(signup, wish):
        return SeeOther(reverse("kalender:signed_up", args=[event.slug]))
    asked = wish.payer.details if wish.payer and _is_of(signup, wish) else {}
    return event_places.seller().pay(request, signup.order_number, asked, now)


def _is_of(signup: SignUp, wish: Wish) -> bool:
    """Whether it is what the form asks for: for all its names that stood in no other sign-up of that inbox."""
    names = {guest.name for guest in signup.guests.all()}
    is_within = signup.email == wish.email and names <= set(wish.names)
    return is_within and not same_inbox.meet(signup.event, wish.email, wish.names).new


def closed() -> str:
    return _("Anmälan har stängt. Hör av dig till oss om du undrar något.")


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
        return _accepted(request, mine, now=now)
    if "pay" in request.POST and mine.state == SignUpState.UNPAID:
        return event_places.seller().pay(request, mine.order_number, None, now)
    if "rename" in request.POST and signing_up.may_rename(mine, actor=Actor.GUEST, now=now):
        return _renamed(request, mine, now=now)
    if "leave" in request.POST and mine.event.starts_at > now and signing_up.may_leave(mine):
        return _left(request, mine, now=now)
    if "cancel" in request.POST and mine.event.starts_at > now:
        return _cancelled(request, mine, now=now)
    return _own_page(mine)


def _own_page(mine: SignUp, done: str = "") -> HttpResponseBase:
    address = reverse("kalender:signup", args=[mine.key])
    return SeeOther(f"{address}?{DONE}={done}" if done else address)


def _accepted(request: HttpRequest, mine: SignUp, *, now: datetime) -> HttpResponseBase:
    """To the payment, when the place is to be paid online; the same page again when something is to be mended."""
    buyer = buyer_part(mine.event, request.POST)
    if buyer and not buyer.form.is_valid():
        return _page(request, mine, buyer, status=422)
    if buyer and mine.state == SignUpState.OFFERED and not buyer.was_told:
        return _page(request, mine, buyer, trouble=other_event(), status=422)
    try:
        taken = signing_up.accept(mine.key, now=now, payer=buyer.payer if buyer else None)
    except signing_up.OfferLapsed:  # the page that follows says so
        return _own_page(mine)
    except signing_up.OtherSum:
        mine.refresh_from_db()  # its event has another price, or it has fewer guests
        return _page(request, mine, buyer, trouble=other_sum(), status=422)
    if taken.state == SignUpState.UNPAID and buyer:
        return event_places.seller().pay(request, taken.order_number, buyer.form.details, now)
    return _own_page(mine)


def other_sum() -> str:
    return _("Summan är en annan än den som stod här. Se efter att den stämmer och beställ sedan igen.")


def other_event() -> str:
    return _(
        "Något om träffen eller villkoren har ändrats sedan sidan visades. Läs igenom och beställ sedan igen."
    )


def _renamed(request: HttpRequest, mine: SignUp, *, now: datetime) -> HttpResponseBase:
    naming = NamesForm(mine.guests.all(), request.POST)
    if not naming.is_valid():
        return _page(request, mine, naming=naming, status=422)
    is_done = signing_up.rename(mine.pk, naming.names, actor=Actor.GUEST, now=now)
    return _own_page(mine, RENAMED if is_done else "")


def _left(request: HttpRequest, mine: SignUp, *, now: datetime) -> HttpResponseBase:
    leaving = LeavingForm(mine.guests.all(), request.POST)
    if not leaving.is_valid():
        return _page(request, mine, leaving=leaving, status=422)
    try:
        is_done = signing_up.leave(mine.pk, leaving.chosen, actor=Actor.GUEST, now=now)
    except (signing_up.OfferLapsed, signing_up.Ordered):  # the page that follows says so
        return _own_page(mine)
    return _own_page(mine, FEWER if is_done else "")


def _cancelled(request: HttpRequest, mine: SignUp, *, now: datetime) -> HttpResponseBase:
    try:
        signing_up.cancel(mine.pk, actor=Actor.GUEST, now=now)
    except signing_up.Busy:
        mine.refresh_from_db()
        if mine.state == SignUpState.UNPAID:
            return _page(request, mine, trouble=busy(), status=503)
    return _own_page(mine)


def busy() -> str:
    return _("Vi får inte besked om betalningen just nu, så vi vågar inte avanmäla. Försök igen om en stund.")


def _page(
    request: HttpRequest,
    mine: SignUp,
    buyer: BuyerPart | None = None,
    *,
    naming: NamesForm | None = None,
    leaving: LeavingForm | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    now, guests = timezone.now(), mine.guests.all()
    lapsed = mine.state == SignUpState.OFFERED and not signing_up.is_offered(mine, now)
    over = mine.event.starts_at <= now
    is_open = mine.state in ACTIVE and not (lapsed or over or mine.event.is_cancelled)
    is_unpaid = mine.state == SignUpState.UNPAID
    context = {
        "signup": mine,
        "event": mine.event.spoken,
        "guests": guests,
        "done": _done_words(request, len(guests)) if is_open else "",
        "mending": (naming or leaving) if is_open else None,
        "naming": naming or NamesForm(guests),
        "leaving": leaving or LeavingForm(guests),
        "buyer": buyer or buyer_part(mine.event, kept=mine.answers),
        "bill": bill_of(mine.event, mine.places),
        "told": told_of(mine.event),
        "unpaid": event_places.seller().unpaid(mine.order_number) if is_unpaid else None,
        "bought": event_places.seller().bought(mine.order_number) if mine.order_number else None,
        "state": SignUpState.LAPSED if lapsed else mine.state,
        "turn": SignUp.objects.ahead_of(mine) + 1,
        "over": over,
        "if_given_back": _if_given_back(mine, now),
        "trouble": trouble,
        "company": known.company(),
    }
    return render(request, "kalender/signup.html", context, status=status)


def _done_words(request: HttpRequest, guests: int) -> str:
    done = request.GET.get(DONE)
    if done == RENAMED:
        return ngettext("Namnet är ändrat.", "Namnen är ändrade.", guests)
    return _("Avanmält. De som står här är kvar.") if done == FEWER else ""


def _if_given_back(mine: SignUp, now: datetime) -> str:
    if mine.state != SignUpState.GOING or not mine.order_number:
        return ""
    return event_places.seller().if_given_back(mine.order_number, now)

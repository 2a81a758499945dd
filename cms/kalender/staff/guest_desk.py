"""One sign-up as staff see it: put in for somebody who rings, given other names, and taken back for them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.kalender import signing_up
from cms.kalender.leaving import LeavingForm
from cms.kalender.models import ACTIVE, Actor, EventPage, SignUp, SignUpState
from cms.kalender.renaming import NamesForm
from cms.kalender.same_inbox import MOST_PLACES
from cms.kalender.signing_up import Payer, Wish
from cms.kalender.signup_forms import SUM, BuyerPart, SignUpForm, bill_of
from cms.kalender.staff.cancelling import CancelForm, if_cancelled, is_passed_on, withdraw_by
from cms.kalender.staff.guests import MAY_CHANGE, MAY_SEE_NEEDS, dated, names, state, trail
from cms.kalender.staff.guests import find_event as find
from shop import event_places, limits
from shop.staff.access import actor

LANGUAGES = [("sv", gettext_lazy("Svenska")), ("en", gettext_lazy("Engelska"))]
CLOSED = gettext_lazy("Anmälan har stängt. Öppna den i träffens formulär först.")
COSTS = gettext_lazy("Platserna kostar. Gästen tar platsen genom länken i brevet, och betalar den där.")
OTHER_PRICE = gettext_lazy("Priset har ändrats. Säg det nya till gästen, och skicka sedan igen.")
FEWER = gettext_lazy("Avanmält. Det som blir ledigt erbjuds den som står på tur.")
GONE = gettext_lazy("De var redan avanmälda. Inget är ändrat.")
LAPSED = gettext_lazy("Erbjudandet gäller inte längre. Inget är ändrat.")
TOGETHER = gettext_lazy("Platserna hör till en beställning och avanmäls tillsammans. Inget är ändrat.")
USED = gettext_lazy("Den anmälan är borttagen. Skicka igen, så blir det en ny.")
TOO_LATE = gettext_lazy("Köpet kan inte ångras längre. Inget är ändrat. Läs om sidan och se efter.")
TOO_MANY = gettext_lazy("Den adressen har fått många brev på kort tid. Prova igen om %(wait)s.")


class PhonePart(BuyerPart):
    """Who pays, as staff type it; the guest has been told the price of a place."""

    def ask(self, data: QueryDict | None, initial: Mapping[str, Any] | None) -> event_places.BuyerForm:
        return event_places.seller().form_by_phone(data, initial)

    def payer_of(self, places: int, by: str) -> Payer:
        """Only for a valid form. A page that showed no price showed a free place."""
        shown = str(self.data.get("shown_price", "")) if self.data else ""
        price = int(shown) if SUM.fullmatch(shown) else 0
        return Payer(price * places, self.form.details, by)


class PhoneForm(SignUpForm):
    """What the guest's own form asks for, as staff fill it in. `by` is who types."""

    part = PhonePart
    buyer: PhonePart | None

    language = forms.ChoiceField(
        label=gettext_lazy("Breven skrivs på"), choices=LANGUAGES, initial="sv", required=False
    )

    def __init__(self, *args: Any, by: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["names"].help_text = _("Ett namn på varje rad.")
        self.fields["names"].error_messages = {"required": _("Skriv minst ett namn.")}
        self._ask_how_to_reach()
        self.fields["needs"].help_text = _(
            "Bara det som gästen har bett er skriva. Raderas 14 dagar efter träffen."
        )
        self.fields["needs_agreed"].label = _("Gästen har sagt ja till att vi sparar det")
        for field in self.fields.values():
            field.widget = copy(field.widget)  # the guest's form has the other
            field.widget.attrs = {**field.widget.attrs, "autocomplete": "off"}  # it is not about who types

    def _ask_how_to_reach(self) -> None:
        """By mail or by phone; who pays for a place has letters about it."""
        email = self.fields["email"]
        if self.event.place_price_ore:
            email.help_text = _("Hit går breven om platsen, betalningen och träffen.")
            sentence = _("Skriv e-postadressen. Platserna kostar, så allt om dem går dit.")
            email.error_messages = {
                **email.error_messages,
                "required": sentence,
            }  # the guest's form has the other
        else:
            email.required = False
            email.help_text = _("Hit går breven om platsen, kön och träffen. Tomt: inga brev, ni ringer.")
            self.fields["phone"].help_text = _("Behövs när det inte finns någon e-post.")

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or "sv"

    def clean(self) -> dict[str, Any]:
        """Somebody must be able to reach the guest."""
        data = super().clean()
        if not data.get("email") and not {"email", "phone"} & self.errors.keys() and not data.get("phone"):
            self.add_error("phone", _("Skriv ett telefonnummer, eller en e-postadress."))
        return data

    @property
    def wish(self) -> Wish:
        facts = {"form_key": self.key, **self.cleaned_data, **self.of_buyer}
        payer = self.buyer.payer_of(len(facts["names"]), self.by) if self.buyer else None
        return Wish(**facts, payer=payer, only_queue=self.only_queue)


class Furniture(WagtailAdminTemplateMixin):
    header_icon = "user"

    def __init__(self, title: str, event: EventPage) -> None:
        self.page_title, self.event = title, event

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "event": self.event, "dated": dated(self.event)}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *trail(self.event), {"url": "", "label": self.page_title}]


# --- In -------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, pk: int) -> HttpResponseBase:
    event = find(pk)
    form = PhoneForm(request.POST if request.method == "POST" else None, event=event, by=actor(request))
    if request.method == "POST" and form.is_valid() and (made := _signed_up(request, event, form)):
        return redirect("guest_staff:signup", made.pk)
    context = Furniture(_("Anmäl någon"), event).get_context_data(form=form, bill=bill_of(event, 1))
    context["closed"] = not event.takes_signups(timezone.now())
    return TemplateResponse(
        request, "kalender/staff/sign_up.html", context, status=422 if form.faults else 200
    )


def _signed_up(request: HttpRequest, event: EventPage, form: PhoneForm) -> SignUp | None:
    """None when it cannot be done; the form then says why."""
    try:
        signup, is_new = signing_up.sign_up(event.pk, form.wish, now=timezone.now())
    except signing_up.Closed:
        form.refuse_for_good(str(CLOSED))
    except signing_up.OtherSum:
        event.refresh_from_db()
        form.add_error(None, str(OTHER_PRICE))
    except signing_up.FormUsed:
        form.refuse_for_good(str(USED))
    except limits.TooMany as error:
        form.refuse(TOO_MANY % {"wait": error.wait}, error)
    else:
        _tell(request, signup, is_new=is_new)
        if is_new:
            _tell_who_was_there(request, signup, form.wish)
        return signup
    return None


def _tell_who_was_there(request: HttpRequest, signup: SignUp, wish: Wish) -> None:
    """Whom another sign-up of that inbox holds, and who is not signed up, or ordered for, twice."""
    made = {guest.name for guest in signup.guests.all()}
    if left_out := [name for name in wish.names if name not in made]:
        sentence = _(
            "Står redan i en annan anmälan från adressen, och är inte inlagda en gång till: %(names)s."
        )
        messages.warning(request, sentence % {"names": ", ".join(left_out)})


def _tell(request: HttpRequest, signup: SignUp, *, is_new: bool) -> None:
    if not is_new:
        sentence = _(
            "Inget nytt är inlagt. Alla namnen står redan i anmälningar från adressen, eller så blir de "
            "tillsammans fler än %(most)s. Det här är vad den har."
        )
        messages.info(request, sentence % {"most": MOST_PLACES})
    elif signup.state == SignUpState.GOING:
        messages.success(request, _("Klart, det finns plats.") + letter_words(signup))
    elif signup.state == SignUpState.UNPAID:
        messages.success(
            request,
            _(
                "Inlagt. Gästen får ett mejl med en länk att betala genom, och platsen är bokad när det är betalt."
            ),
        )
    else:
        messages.warning(request, _("Platserna räcker inte. Anmälan står sist i kön.") + letter_words(signup))


def letter_words(signup: SignUp) -> str:
    """How the guest hears of it, after a sentence."""
    told = _("Inget brev går ut: säg det till gästen.") if signup.is_to_ring else _("Gästen får ett brev.")
    return f" {told}"


# --- One sign-up ----------------------------------------------------------------------------------
def _found(pk: int) -> SignUp:
    return get_object_or_404(SignUp.objects.select_related("event").prefetch_related("guests"), pk=pk)


@require_safe
def signup(request: HttpRequest, pk: int) -> HttpResponse:
    mine = _found(pk)
    return _page(request, mine, NamesForm(mine.guests.all()))


def _page(
    request: HttpRequest,
    mine: SignUp,
    form: NamesForm,
    cancelling: CancelForm | None = None,
    leaving: LeavingForm | None = None,
) -> HttpResponse:
    may_change, now = request.user.has_perm(MAY_CHANGE), timezone.now()
    context = Furniture(names(mine) or _("Anmälan"), mine.event).get_context_data(
        signup=mine,
        state=state(mine),
        turn=SignUp.objects.ahead_of(mine) + 1 if mine.state == SignUpState.QUEUED else None,
        form=form,
        cancelling=cancelling or CancelForm(withdraw_by(mine, now)),
        if_cancelled=if_cancelled(mine, now),
        leaving=leaving or LeavingForm(mine.guests.all()),
        may_leave=mine.places > 1 and signing_up.may_leave(mine) and may_change,
        may_rename=signing_up.may_rename(mine, actor=Actor.STAFF, now=now) and may_change,
        may_cancel=mine.state in ACTIVE and may_change,
        may_accept=_may_accept(mine) and may_change,
        needs=mine.needs if request.user.has_perm(MAY_SEE_NEEDS) else "",
    )
    status = 422 if any(one and one.faults for one in (form, cancelling, leaving)) else 200
    return TemplateResponse(request, "kalender/staff/signup.html", context, status=status)


def _may_accept(mine: SignUp) -> bool:
    """What costs is taken, and paid, by the guest."""
    return not mine.event.place_price_ore and signing_up.is_offered(mine, timezone.now())


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponseBase:
    mine = _found(pk)
    form = NamesForm(mine.guests.all(), request.POST)
    if not form.is_valid():
        return _page(request, mine, form)
    if signing_up.rename(pk, form.names, actor=Actor.STAFF, now=timezone.now()):
        messages.success(
            request, _("Klart, så står det på gästlistan. Inget brev går ut: säg det till gästen.")
        )
    else:
        messages.info(request, _("Anmälan är borttagen. Inget är ändrat."))
    return redirect("guest_staff:signup", pk)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The guest has said yes by phone."""
    mine = _found(pk)
    try:
        signing_up.accept(mine.key, now=timezone.now())
    except signing_up.OfferLapsed:
        messages.error(request, str(LAPSED))
    except signing_up.OtherSum:
        messages.error(request, str(COSTS))
    else:
        messages.success(request, _("Klart, platsen är tagen.") + letter_words(mine))
    return redirect("guest_staff:signup", pk)


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Some of several do not come."""
    mine = _found(pk)
    leaving = LeavingForm(mine.guests.all(), request.POST)
    if not leaving.is_valid():
        return _page(request, mine, NamesForm(mine.guests.all()), leaving=leaving)
    try:
        is_done = signing_up.leave(pk, leaving.chosen, actor=Actor.STAFF, now=timezone.now())
    except signing_up.OfferLapsed:
        messages.error(request, str(LAPSED))
    except signing_up.Ordered:
        messages.error(request, str(TOGETHER))
    else:
        if is_done:
            waits = mine.state == SignUpState.QUEUED
            done = _("Avanmält. De andra står kvar i kön.") if waits else str(FEWER)
            messages.success(request, done + letter_words(mine))
        else:
            messages.info(request, str(GONE))
    return redirect("guest_staff:signup", pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    mine, now = _found(pk), timezone.now()
    asks_next = is_passed_on(mine, now)
    form = CancelForm(withdraw_by(mine, now), request.POST)
    if not form.is_valid():
        return _page(request, mine, NamesForm(mine.guests.all()), form)
    if form.came_too_late(request.POST) and mine.state == SignUpState.GOING:
        messages.error(request, str(TOO_LATE))
        return redirect("guest_staff:signup", pk)
    who, told = (Actor.GUEST, actor(request)) if form.withdraws else (Actor.STAFF, "")
    try:
        is_done = signing_up.cancel(pk, actor=who, told=told, now=now)
    except signing_up.Busy:
        messages.error(request, _("Betalningen kan vara på väg. Inget är ändrat. Försök igen om en stund."))
        return redirect("guest_staff:signup", pk)
    if is_done and form.withdraws:
        messages.success(request, _("Avanmält, och köpet är ångrat. Gästen får en bekräftelse i ett mejl."))
    elif is_done:
        passed_on = _("Platsen erbjuds den som står på tur.")
        messages.success(request, f"{_('Avanmält.')} {passed_on if asks_next else ''}".strip())
    else:
        messages.info(request, _("Anmälan var redan borttagen. Inget är ändrat."))
    return redirect("guest_staff:list", mine.event_id)

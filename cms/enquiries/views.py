"""The public side: the enquiry's own page, the contact page's form, and thanks."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page, Site

from cms import tree
from cms.enquiries import operations
from cms.enquiries.forms import BookingForm, ContactForm, EnquiryForm
from cms.models.contact import ContactPage
from shop import client, known, limits
from shop.days import stockholm_today
from shop.models import Company
from shop.origin import same_origin
from shop.responses import SeeOther, reading

LONGEST_KEY = 9  # digits of a primary key


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@reading
def booking(request: HttpRequest) -> HttpResponseBase:
    """Ask for a lecture, a workshop or the material; `om` is the page that one comes from."""
    page = _page(request)
    form = BookingForm(request.POST if request.method == "POST" else None, today=stockholm_today())
    if request.method == "POST" and _received(request, form, page):
        return SeeOther(reverse("enquiries:thanks"))
    context = {"form": form, "came_from": page, "company": known.company(), "asked": _asked(page)}
    return _answer(form, render(request, "enquiries/booking.html", context))


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponseBase:
    """Where the contact page's form goes; what is wrong is told on that page."""
    page = _page(request)
    if not isinstance(page, ContactPage):
        page = ContactPage.objects.live().public().filter(locale__language_code=get_language()).first()
    if page is None:
        raise Http404
    if request.method != "POST":
        return SeeOther(page.get_url(request))
    form = ContactForm(request.POST)
    if _received(request, form, page):
        return SeeOther(reverse("enquiries:thanks"))
    context = page.get_context(request, form=form)
    return _answer(form, render(request, page.get_template(request), context))


@require_safe
@reading
def thanks(request: HttpRequest) -> HttpResponseBase:
    return render(request, "enquiries/thanks.html", {"company": known.company()})


def _received(request: HttpRequest, form: EnquiryForm, page: Page | None) -> bool:
    """False when something is to be mended; the form then says what."""
    if not form.is_valid():
        return False
    language, now = get_language() or settings.LANGUAGE_CODE, timezone.now()
    try:
        limits.allow("enquiry-address", client.address(request), now=now, act=form.words.key(now))
        operations.receive(form.words, page=page, language=language, now=now)
    except limits.TooMany as error:
        form.refuse(_too_many(known.company(), error.wait), error)
        return False
    return True


def _too_many(company: Company, wait: str) -> str:
    """The same words whoever asks, and whichever limit was reached."""
    if not company.phone:
        return _("Det kom många meddelanden på kort tid. Prova igen om %(wait)s.") % {"wait": wait}
    return _("Det kom många meddelanden på kort tid. Prova igen om %(wait)s, eller ring %(phone)s.") % {
        "wait": wait,
        "phone": company.phone,
    }


def _asked(page: Page | None) -> dict[str, int]:
    """What the enquiry's page in the other language is to be asked: about the same page, there if it is there."""
    if page is None:
        return {}
    others = (place.pk for place in tree.translations_of(page) if place.language != get_language())
    return {"om": next(others, page.pk)}


def _answer(form: EnquiryForm, page: HttpResponse) -> HttpResponse:
    if form.refusal:
        return limits.marked(page, form.refusal)
    if form.errors:
        page.status_code = 422
    return page


def _page(request: HttpRequest) -> Page | None:
    """The published page of this site whose key the address or the form names; None for anything else."""
    key = request.POST.get("om") or request.GET.get("om", "")
    site = Site.find_for_request(request)
    if site is None or not (key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY):
        return None
    found = Page.objects.live().public().filter(pk=int(key)).first()
    stands = found.get_url_parts(request) if found else None
    return found.specific if stands and stands[0] == site.pk else None

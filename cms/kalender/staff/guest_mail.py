"""A letter to all guests: written, looked at, sent once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from cms.kalender import guest_letters
from cms.kalender.guest_letters import LONGEST_SUBJECT, LONGEST_TEXT, STATES, Audience, Draft
from cms.kalender.models import EventPage, new_key
from cms.kalender.signup_forms import KEY
from cms.kalender.staff.guest_desk import Furniture
from cms.kalender.staff.guests import find_event
from shop.staff.access import actor
from shop.typed import SummarisedForm, TypedField

LOOK, SEND = "granska", "skicka"
NOBODY = gettext_lazy("Ingen finns att skriva till där. Välj några andra.")


class LetterForm(SummarisedForm):
    audience = forms.ChoiceField(
        label=gettext_lazy("Till vilka?"),
        widget=forms.RadioSelect,
        initial=Audience.GOING,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Välj vilka som ska få brevet.")
        ),
    )
    subject = TypedField(
        label=gettext_lazy("Ämne"),
        longest=LONGEST_SUBJECT,
        sentence=gettext_lazy("Skriv ett ämne."),
        help_text=gettext_lazy("Högst 120 tecken. T.ex. Inför torsdagen: ta med inneskor"),
        attrs={"autocomplete": "off"},
    )
    text = TypedField(
        label=gettext_lazy("Text"),
        longest=LONGEST_TEXT,
        several_lines=True,
        sentence=gettext_lazy("Skriv något till gästerna."),
        help_text=gettext_lazy(
            "En tom rad skiljer styckena åt. Träffens namn, tid och plats står under texten."
        ),
        widget=forms.Textarea,
        attrs={"rows": "12"},
    )

    anchors = {"audience": "f-audience_0"}

    def __init__(self, data: QueryDict | None = None, *, counts: dict[str, int]) -> None:
        super().__init__(data)
        audience: Any = self.fields["audience"]
        audience.choices = [(one.value, f"{one.label} ({counts[one]})") for one in Audience]
        typed = data.get("letter_key", "") if data else ""
        self.key = typed if KEY.fullmatch(typed) else new_key()

    @property
    def draft(self) -> Draft:
        """Only for a valid form."""
        return Draft(form_key=self.key, **self.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form; what it says, to be looked at; sent. Each button posts the whole form."""
    event = find_event(pk)
    counts = count(event)
    form = LetterForm(request.POST if request.method == "POST" else None, counts=counts)
    asked = request.POST.get("gor", "")
    if asked in {LOOK, SEND} and form.is_valid():
        if asked == SEND and _sent(request, event, form):
            return redirect("guest_staff:letter", event.pk)
        if not form.errors:
            return _preview(request, event, form, counts[form.draft.audience])
    return _page(request, event, form)


def count(event: EventPage) -> dict[str, int]:
    """How many inboxes each audience has."""
    return {audience: guest_letters.receivers(event, audience).inboxes() for audience in STATES}


def _sent(request: HttpRequest, event: EventPage, form: LetterForm) -> bool:
    """False when nobody is there to get it; the form then says so."""
    try:
        written, is_new = guest_letters.write(event.pk, form.draft, author=actor(request), now=timezone.now())
    except guest_letters.NobodyThere:
        form.add_error("audience", str(NOBODY))
        return False
    if is_new:
        words = ngettext(
            "Ett brev är på väg.", "%d brev är på väg, ett till varje adress.", written.receivers
        )
        messages.success(request, words % written.receivers if "%d" in words else words)
    else:
        messages.info(request, _("Det brevet är redan skickat. Inget nytt har gått ut."))
    return True


def _preview(request: HttpRequest, event: EventPage, form: LetterForm, receivers: int) -> HttpResponse:
    if not receivers:
        form.add_error("audience", str(NOBODY))
        return _page(request, event, form)
    context = Furniture(_("Läs igenom brevet"), event).get_context_data(
        form=form, draft=form.draft, receivers=receivers, send=SEND,
        to_ring=guest_letters.chosen(event, form.draft.audience).filter(email="").count(),
        audience=Audience(form.draft.audience).label, reply_to=guest_letters.contact_address(event),
    )  # fmt: skip
    return TemplateResponse(request, "kalender/staff/letter_preview.html", context)


def _page(request: HttpRequest, event: EventPage, form: LetterForm) -> HttpResponse:
    # Back from the preview the form is whole: it is shown as it is, without faults that nobody has made yet.
    status = 422 if form.is_bound and request.POST.get("gor") and form.errors else 200
    context = Furniture(_("Skriv till gästerna"), event).get_context_data(
        form=form, written=event.guest_letters.all(), look=LOOK
    )
    return TemplateResponse(request, "kalender/staff/letter.html", context, status=status)

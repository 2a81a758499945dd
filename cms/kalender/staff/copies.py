"""Kopiera till nya datum: choose days, see what is remarkable about each, make the drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.editing import YEARS
from cms.kalender import clock, copying, proof, proofread
from cms.kalender.copying import MOST_COPIES, Rhythm
from cms.kalender.models import EventPage
from cms.kalender.proof import Level
from cms.kalender.staff.remarks import Shown, shown

RHYTHMS = (
    (Rhythm.WEEKLY.value, gettext_lazy("Varje vecka")),
    (Rhythm.FORTNIGHTLY.value, gettext_lazy("Varannan vecka")),
    (Rhythm.MONTHLY.value, gettext_lazy("Varje månad, samma veckodag")),
    (Rhythm.PICKED.value, gettext_lazy("De dagar som jag skriver")),
)
WRONG_COUNT = gettext_lazy("Skriv ett tal från 1 till 52.")
WRONG_RHYTHM = gettext_lazy("Välj hur ofta.")
MAKE = "skapa"


class CopyForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=gettext_lazy("Hur ofta?"),
        choices=RHYTHMS,
        widget=forms.RadioSelect,
        initial=Rhythm.WEEKLY.value,
        error_messages={"required": WRONG_RHYTHM, "invalid_choice": WRONG_RHYTHM},
    )
    count = forms.IntegerField(
        label=gettext_lazy("Hur många gånger?"),
        min_value=1,
        max_value=MOST_COPIES,
        initial=4,
        required=False,
        help_text=gettext_lazy("Nya träffar efter den här, högst 52."),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), WRONG_COUNT),
    )
    days = forms.CharField(
        label=gettext_lazy("Dagarna"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("En dag per rad, t.ex. 10 december 2026, tors 14/1 eller 2027-02-11."),
        error_messages={
            "max_length": gettext_lazy("Det är för mycket text. Skriv en dag per rad, högst 52.")
        },
    )

    def __init__(self, *args: Any, first: date, today: date, **kwargs: Any) -> None:
        """`first` is the event's own day."""
        super().__init__(*args, **kwargs)
        self.first, self.today = first, today
        self.chosen: list[date] = []

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("rhythm") == Rhythm.PICKED:
            self._read_days(data.get("days", ""))
        elif data.get("rhythm") and "count" in data:
            self._count_days(Rhythm(data["rhythm"]), data["count"])
        return data

    def _count_days(self, rhythm: Rhythm, count: int | None) -> None:
        if count is None:
            self.add_error("count", WRONG_COUNT)
        else:
            self.chosen = copying.days_after(self.first, rhythm, count)

    def _read_days(self, text: str) -> None:
        if self.has_error("days"):
            return
        days, faults = copying.read_days(text, today=self.today)
        for fault in faults:
            self.add_error("days", str(fault))
        if len(days) > MOST_COPIES:
            self.add_error("days", _("Högst 52 dagar på en gång. Här står %d.") % len(days))
        elif not days and not faults:
            self.add_error("days", _("Skriv minst en dag."))
        self.chosen = days


@dataclass(frozen=True, slots=True)
class Proposal:
    """A day with its hours. It cannot be made when it is there already or an error stops it."""

    day: date
    words: str
    when: str
    remarks: list[Shown]
    is_there: bool
    is_stopped: bool


class Furniture(WagtailAdminTemplateMixin):
    page_title = gettext_lazy("Kopiera till nya datum")
    header_icon = "copy"

    def __init__(self, event: EventPage) -> None:
        self.event = event
        self.page_subtitle = event.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [
            {"url": reverse("kalender_staff:list"), "label": _("Kalender")},
            {"url": reverse("wagtailadmin_pages:edit", args=[self.event.pk]), "label": self.event.title},
        ]
        return [*self.breadcrumbs_items, *above, {"url": "", "label": self.page_title}]


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, pk: int) -> HttpResponseBase:
    event = get_object_or_404(EventPage.objects.filter(alias_of=None), pk=pk)
    if not _may_copy(request.user, event):
        raise PermissionDenied
    if request.POST.get("gor") == MAKE:
        return _make(request, event)
    now = timezone.now()
    places = {"first": clock.local_date(event.starts_at), "today": clock.local_date(now)}
    form = CopyForm(request.POST or None, **places)
    proposals = _proposals(event, form.chosen) if request.method == "POST" and form.is_valid() else []
    context = Furniture(event).get_context_data(form=form, event=event, proposals=proposals, make=MAKE)
    return TemplateResponse(request, "kalender/staff/copy.html", context, status=422 if form.errors else 200)


def _may_copy(user: Any, event: EventPage) -> bool:
    may_add: bool = event.get_parent().permissions_for_user(user).can_add_subpage()
    return may_add and bool(event.permissions_for_user(user).can_edit())


def _proposals(event: EventPage, days: Sequence[date]) -> list[Proposal]:
    """Looked through together: what they may clash with is read once."""
    drafts = {day: copying.draft_on(event, day) for day in days}
    begins, ends = min(draft.starts_at for draft in drafts.values()), max(d.ends_at for d in drafts.values())
    others = proofread.others_between(event, begins, ends)
    taken = copying.days_taken(event, days)
    return [_proposal(draft, day, others, is_there=day in taken) for day, draft in drafts.items()]


def _proposal(draft: EventPage, day: date, others: Sequence[proof.Facts], *, is_there: bool) -> Proposal:
    found = proof.remarks(proofread.facts_of(draft), others, now=timezone.now())
    return Proposal(
        day=day,
        words=proof.day_words(day),
        when=draft.when,
        remarks=[] if is_there else shown(draft, found),
        is_there=is_there,
        is_stopped=any(remark.level == Level.ERROR for remark in found),
    )


def _make(request: HttpRequest, event: EventPage) -> HttpResponseBase:
    days = [day for text in request.POST.getlist("day") if (day := _iso(text))]
    if not days:
        messages.error(request, _("Kryssa för minst en dag."))
        return redirect("kalender_staff:copy", event.pk)
    made = copying.copy_to(event.pk, sorted(set(days)), user=request.user)
    if made:
        words = ngettext("%d utkast är skapat.", "%d utkast är skapade.", len(made)) % len(made)
        messages.success(request, f"{words} {_('Inget är publicerat än.')}")
    else:
        messages.info(request, _("De utkasten fanns redan. Inget nytt är skapat."))
    return redirect(f"{reverse('kalender_staff:list')}?shown=utkast")


def _iso(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None

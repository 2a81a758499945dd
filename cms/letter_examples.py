"""Wishes and questions that nobody sent, to show the letters of calendar and enquiries with. Nothing is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy

from cms.enquiries import letters as enquiry_letters
from cms.enquiries.models import Enquiry
from cms.enquiries.models import Kind as Matter
from cms.kalender import letters as calendar_letters
from cms.kalender.clock import Lead
from cms.kalender.models import EventPage, ReminderRequest
from cms.kalender.models import Kind as EventKind
from cms.staff.access import is_editor
from notifications.letters import STAFF_NOTE, Facts, Kind
from shop.staff.access import holds

STARTS_AT = datetime(2026, 12, 10, 12, 0, tzinfo=UTC)  # 13.00 in Stockholm
EMAIL = "karin@bjorkvik.example"


def _said(language: str, text: Any) -> str:
    with translation.override(language):
        return str(text)


def wish(language: str) -> ReminderRequest:
    event = EventPage(
        pk=0,
        title=_said(language, gettext_lazy("Öppen halvdag: grunderna i värdskap")),
        slug="2026-12-10-grunderna",
        url_path="/start/kalender/2026-12-10-grunderna/",
        kind=EventKind.COURSE,
        starts_at=STARTS_AT,
        ends_at=STARTS_AT + timedelta(hours=3, minutes=30),
        city="Göteborg",
        place="Ekmanssalen",
        address="Exempelgatan 12, Göteborg",
        access=_said(language, gettext_lazy("<p>Porten är bred och hiss finns. Ring på vid dörren.</p>")),
    )
    return ReminderRequest(pk=0, event=event, email=EMAIL, lead=Lead.DAY, key="exempel-exempel-exempel")


def reminder(language: str) -> Facts:
    one = wish(language)
    with translation.override(language):
        facts = calendar_letters.reminder_facts(one.event, now=STARTS_AT - timedelta(days=1))
        return {**facts, "remove_url": calendar_letters.stop_address(one)}


def confirm(language: str) -> Facts:
    with translation.override(language):
        return calendar_letters.confirm_facts(wish(language))


def enquiry(language: str) -> Enquiry:
    return Enquiry(
        pk=0,
        kind=Matter.LECTURE,
        name="Karin Ek",
        email=EMAIL,
        phone="070-123 45 67",
        organisation=_said(language, gettext_lazy("Björkviks kommun")),
        wished=_said(language, gettext_lazy("12 mars 2027")),
        people="60",
        message=_said(language, gettext_lazy("Vi vill börja året med en förmiddag om bemötande.")),
        language=language,
    )


def staff_note(language: str) -> Facts:
    return {
        "subject": _said(language, gettext_lazy("Vill du läsa Lyssna färdigt?")),
        "text": _said(language, gettext_lazy("Hej Elin,\n\nLyssna färdigt väntar på att någon läser den.")),
    }


SEES_ENQUIRIES = holds("cms.view_enquiry")
KINDS = [
    Kind(
        "reminder-confirm",
        gettext_lazy("Bekräfta påminnelsen"),
        gettext_lazy("Genast när någon har bett om en påminnelse."),
        confirm,
        is_editor,
    ),
    Kind(
        "reminder",
        gettext_lazy("Påminnelse om en träff"),
        gettext_lazy("En vecka, en dag eller två timmar före. Kalenderfilen följer med."),
        reminder,
        is_editor,
        to_many=True,
    ),
    Kind(
        "enquiry",
        gettext_lazy("Förfrågan till oss"),
        gettext_lazy("Till företagets e-post när någon har skrivit i ett formulär."),
        lambda language: enquiry_letters.staff_facts(enquiry(language)),
        SEES_ENQUIRIES,
    ),
    Kind(
        "enquiry-receipt",
        gettext_lazy("Kvitto på förfrågan"),
        gettext_lazy("Genast till den som skrev."),
        lambda language: enquiry_letters.receipt_facts(enquiry(language)),
        SEES_ENQUIRIES,
    ),
    Kind(
        STAFF_NOTE,
        gettext_lazy("Mejl till personalen"),
        gettext_lazy("När en sida väntar på granskning, och när någon har glömt sitt lösenord."),
        staff_note,
        is_editor,
    ),
]

"""Wishes, sign-ups and questions that nobody sent, to show letters of calendar and enquiries. Nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy

from cms.enquiries import letters as enquiry_letters
from cms.enquiries.models import Enquiry
from cms.enquiries.models import Kind as Matter
from cms.kalender import guest_letters, signup_letters, telling
from cms.kalender import letters as calendar_letters
from cms.kalender.clock import Lead
from cms.kalender.models import Actor, EventPage, GuestLetter, ReminderRequest, SignUp, SignUpState
from cms.kalender.models import Kind as EventKind
from cms.staff.access import is_editor
from notifications.letters import STAFF_NOTE, Facts, Kind
from shop.staff.access import holds

STARTS_AT = datetime(2026, 12, 10, 12, 0, tzinfo=UTC)  # 13.00 in Stockholm
EMAIL = "karin@bjorkvik.example"


def _said(language: str, text: Any) -> str:
    with translation.override(language):
        return str(text)


def event(language: str) -> EventPage:
    return EventPage(
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
        rebooking=_said(language, gettext_lazy("Byt namn på platsen fram till dagen innan, utan kostnad.")),
    )


def wish(language: str) -> ReminderRequest:
    return ReminderRequest(
        pk=0, event=event(language), email=EMAIL, lead=Lead.DAY, key="exempel-exempel-exempel"
    )


def reminder(language: str) -> Facts:
    one = wish(language)
    with translation.override(language):
        facts = calendar_letters.reminder_facts(one.event, now=STARTS_AT - timedelta(days=1))
        return {**facts, "remove_url": calendar_letters.stop_address(one)}


def confirm(language: str) -> Facts:
    with translation.override(language):
        return calendar_letters.confirm_facts(wish(language))


def signup(state: SignUpState) -> Callable[[str], Facts]:
    """Two people, who were going before they cancelled."""

    def example(language: str) -> Facts:
        made = SignUp(pk=0, event=event(language), state=state, places=2, email=EMAIL, language=language)
        made.key = "exempel-exempel-exempel"
        made.offered_until = STARTS_AT - timedelta(days=2) if state == SignUpState.OFFERED else None
        with translation.override(language):
            return signup_letters.facts(
                made, before=SignUpState.GOING if state == SignUpState.CANCELLED else None
            )

    return example


def fewer(language: str) -> Facts:
    """Two of three stay."""
    made = SignUp(
        pk=0, event=event(language), state=SignUpState.GOING, places=2, email=EMAIL, language=language
    )
    made.key = "exempel-exempel-exempel"
    with translation.override(language):
        return signup_letters.fewer_facts(made, ["Anders Öst"], ["Karin Ek", "Mona Ek"], actor=Actor.GUEST)


def guest_letter(language: str) -> Facts:
    written = GuestLetter(
        subject=_said(language, gettext_lazy("Inför torsdagen: ta med inneskor")),
        text=_said(
            language,
            gettext_lazy(
                "Hej!\n\nGolvet i Ekmanssalen är nyslipat, så ta gärna med inneskor. Vi ses på torsdag."
            ),
        ),
    )
    guest = SignUp(pk=0, email=EMAIL, language=language, key="exempel-exempel-exempel")
    facts = guest_letters.facts(event(language), written, language)
    return {**facts, "page_url": guest_letters.page_url(guest)}


def news(letter: str) -> Callable[[str], Facts]:
    """To a guest who has paid: an event that was an hour earlier, in another room."""

    def example(language: str) -> Facts:
        guest = SignUp(pk=0, state=SignUpState.GOING, places=1, email=EMAIL, order_number="VS-2026-000123")
        guest.key = "exempel-exempel-exempel"
        is_moved = letter == telling.MOVED
        with translation.override(language):
            now, before = event(language), event(language)
            if is_moved:
                before.starts_at, before.place = STARTS_AT - timedelta(hours=1), "Stora salen"
            what = telling.News(letter, now, before, 1, is_moved, is_moved, has_page=True)
            return {**telling.facts(what), **telling.guest_facts(what, guest)}

    return example


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
        "signup-going",
        gettext_lazy("Anmäld till en träff"),
        gettext_lazy(
            "Genast när någon har fått plats, och när en plats ur kön har tagits. Kalenderfilen följer med."
        ),
        signup(SignUpState.GOING),
        is_editor,
    ),
    Kind(
        "signup-queued",
        gettext_lazy("På kö till en träff"),
        gettext_lazy("Genast när någon anmäler sig och platserna inte räcker."),
        signup(SignUpState.QUEUED),
        is_editor,
    ),
    Kind(
        "signup-offered",
        gettext_lazy("Ledig plats till en träff"),
        gettext_lazy("Till den som står på tur i kön när en plats blir ledig."),
        signup(SignUpState.OFFERED),
        is_editor,
    ),
    Kind(
        "signup-unpaid",
        gettext_lazy("Anmälan väntar på betalning"),
        gettext_lazy("När den som inte har betalat sin plats än anmäler sig en gång till."),
        signup(SignUpState.UNPAID),
        is_editor,
    ),
    Kind(
        "signup-lapsed",
        gettext_lazy("Platsen gick vidare"),
        gettext_lazy(
            "När den som fick frågan om en ledig plats inte har svarat i tid, eller betalningen uteblev."
        ),
        signup(SignUpState.LAPSED),
        is_editor,
    ),
    Kind(
        "signup-cancelled",
        gettext_lazy("Avanmäld från en träff"),
        gettext_lazy(
            "När gästen avanmäler sig eller ni gör det. Kalenderfilen tar bort träffen ur gästens kalender."
        ),
        signup(SignUpState.CANCELLED),
        is_editor,
    ),
    Kind(
        signup_letters.FEWER,
        gettext_lazy("Färre kommer till en träff"),
        gettext_lazy("När några av flera i en anmälan avanmäls, av gästen eller er. De andra är kvar."),
        fewer,
        is_editor,
    ),
    Kind(
        signup_letters.REFUSED,
        gettext_lazy("Fler än en adress får anmäla"),
        gettext_lazy(
            "När en ny anmälan från samma adress skulle ge den fler än 20 platser. Den är inte med."
        ),
        signup(SignUpState.GOING),
        is_editor,
    ),
    Kind(
        guest_letters.LETTER,
        gettext_lazy("Brev till gästerna"),
        gettext_lazy("När ni skriver till alla gäster från träffens gästlista."),
        guest_letter,
        holds("cms.view_signup"),
        to_many=True,
    ),
    Kind(
        telling.MOVED,
        gettext_lazy("En träff har fått ny tid eller plats"),
        gettext_lazy("När ändringen publiceras, till anmälda och dem som vill bli påminda."),
        news(telling.MOVED),
        is_editor,
        to_many=True,
    ),
    Kind(
        telling.CANCELLED,
        gettext_lazy("En träff är inställd"),
        gettext_lazy("När en träff ställs in eller avpubliceras, till anmälda och dem som vill bli påminda."),
        news(telling.CANCELLED),
        is_editor,
        to_many=True,
    ),
    Kind(
        telling.ON_AGAIN,
        gettext_lazy("En inställd träff blir av"),
        gettext_lazy(
            "När träffen publiceras som planerad igen, till dem som har plats och dem som står på kö."
        ),
        news(telling.ON_AGAIN),
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

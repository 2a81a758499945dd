"""The calendar's tables: its pages, what they have announced, reminders and sign-ups."""

from cms.kalender.models.announcement import Announcement
from cms.kalender.models.calendar import CalendarPage, calendar_below
from cms.kalender.models.choices import Kind, Status
from cms.kalender.models.event import EventPage
from cms.kalender.models.event_queries import EventQuerySet
from cms.kalender.models.known import coming_below
from cms.kalender.models.reminder import LINK_LIFE, OPEN, Allowance, ReminderRequest, State, new_key
from cms.kalender.models.signup import (
    ACTIVE,
    HOLDING,
    Actor,
    Guest,
    GuestLetter,
    SignUp,
    SignUpState,
)

__all__ = [
    "ACTIVE",
    "HOLDING",
    "LINK_LIFE",
    "OPEN",
    "Actor",
    "Allowance",
    "Announcement",
    "CalendarPage",
    "EventPage",
    "EventQuerySet",
    "Guest",
    "GuestLetter",
    "Kind",
    "ReminderRequest",
    "SignUp",
    "SignUpState",
    "State",
    "Status",
    "calendar_below",
    "coming_below",
    "new_key",
]

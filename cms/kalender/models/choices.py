"""The words that an event is sorted by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

# What an event is in every language: its translations have their own words, and these from the page written first.
SHARED = (
    "starts_at",
    "ends_at",
    "all_day",
    "kind",
    "status",
    "tell_guests",
    "online",
    "online_link",
    "city",
    "place",
    "address",
    "free",
    "seats",
    "seats_taken",
    "signup",
    "signup_closes_at",
    "place_price_ore",
    "place_vat",
)


class Status(models.TextChoices):
    PLANNED = "planned", _("Planerad")
    MOVED = "moved", _("Flyttad")
    CANCELLED = "cancelled", _("Inställd")
    FULL = "full", _("Fullbokad")


class Kind(models.TextChoices):
    """The values stand in addresses (`?typ=kurs`)."""

    BREAKFAST = "frukost", _("Frukost")
    COURSE = "kurs", _("Kurs")
    TALK = "samtal", _("Samtal")
    LECTURE = "forelasning", _("Föreläsning")
    MEETING = "traff", _("Träff")

"""The words that an event is sorted by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


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

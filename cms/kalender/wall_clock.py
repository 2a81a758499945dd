"""A moment as an editor types it: by Stockholm's clock, also in the nights when that is set."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import register_form_field_override

from cms.editing import YEARS
from cms.kalender.proof import is_skipped, missing_hour
from shop.days import stockholm_today
from shop.staff.dates import MomentInput
from shop.typed_days import Unreadable, read_moment


class WallClockField(forms.DateTimeField):
    """Day and hour in any of the ways in which people write them, by Stockholm's clock whoever sits where.

    Django refuses an hour that comes twice and one that does not come, in the same English words. The first of two is
    taken, and the proof-reader says so; one that is skipped cannot be kept. `needs_hour` is off for whole days.
    """

    widget = MomentInput
    needs_hour = True
    default_error_messages = {
        "required": gettext_lazy(
            "Skriv dag och klockslag, till exempel 10 december 2026 18.30 eller 2026-12-10 18:30."
        )
    }

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, (date, datetime)):
            return super().to_python(value)
        try:
            day, hour = read_moment(str(value), today=stockholm_today())
        except Unreadable as error:
            raise ValidationError(str(error), code="invalid") from error
        if hour is None and self.needs_hour:
            raise ValidationError(
                _("Skriv klockslaget också, till exempel 2026-12-10 18:30."), code="hour_missing"
            )
        wall = datetime.combine(day, hour or time.min)
        if day.year in YEARS and is_skipped(wall):  # the form tells of other years
            raise ValidationError(missing_hour(wall), code="missing_hour")
        return wall.replace(tzinfo=settings.STOCKHOLM)


def put() -> None:
    """Let every form of the admin read moments so, those of the schedule too."""
    register_form_field_override(
        models.DateTimeField, override={"widget": MomentInput, "form_class": WallClockField}
    )

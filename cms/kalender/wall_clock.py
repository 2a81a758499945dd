"""A moment as an editor types it: by Stockholm's clock, also in the nights when that is set."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminDateTimeInput

from cms.kalender.proof import is_skipped, missing_hour

REFUSED_BY_DJANGO = "ambiguous_timezone"


class WallClockField(forms.DateTimeField):
    """Django refuses an hour that comes twice and one that does not come, in the same English words.

    The first of two is taken, and the proof-reader says so; one that is skipped cannot be kept.
    """

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != REFUSED_BY_DJANGO or not error.params:
                raise
            wall = error.params["datetime"]
        if is_skipped(wall):
            raise ValidationError(missing_hour(wall), code="missing_hour")
        return wall.replace(tzinfo=timezone.get_current_timezone(), fold=0)


def put() -> None:
    """Let every form of the admin read moments so, those of the schedule too."""
    register_form_field_override(
        models.DateTimeField, override={"widget": AdminDateTimeInput, "form_class": WallClockField}
    )

"""Small fields that several models of the shop share."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.forms import KronorField


class OreField(models.PositiveIntegerField):
    """A sum in whole öre that staff type and read in kronor ("55", "1 250,50")."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("validators", [MinValueValidator(0)])
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:  # type: ignore[override]
        options: dict[str, Any] = {
            "label": self.verbose_name,
            "help_text": self.help_text or _("I kronor, till exempel 55 eller 1 250,50"),
            "required": not self.blank,
        }
        if self.has_default():
            options["initial"] = self.get_default()
        return KronorField(**options)

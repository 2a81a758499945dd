"""Small fields that several models of the shop share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from shop.forms import KronorField

if TYPE_CHECKING:
    IntegerField = models.PositiveIntegerField[Any, Any]
else:  # Django's own class takes no type arguments at run time
    IntegerField = models.PositiveIntegerField


LARGEST_ORE = 1_000_000_00  # far below what PostgreSQL's integer holds


class OreField(IntegerField):
    """A sum in whole öre that staff type and read in kronor ("55", "1 250,50")."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("validators", [MinValueValidator(0)])
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        options: dict[str, Any] = {
            "label": capfirst(self.verbose_name),
            "help_text": self.help_text or _("I kronor, till exempel 55 eller 1 250,50"),
            "required": not self.blank,
            "validators": [
                MaxValueValidator(LARGEST_ORE, _("Skriv ett belopp som är högst 1 000 000 kronor."))
            ],
        }
        if self.has_default():
            options["initial"] = self.get_default()
        return KronorField(**options)

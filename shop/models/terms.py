"""The terms of sale in versions: an order keeps the one it was placed under."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField


class TermsQuerySet(models.QuerySet["Terms"]):
    def current(self, today: date, language: str = "sv") -> Terms | None:
        """The version in force on a Stockholm date, Swedish when the language has none."""
        return self.in_force(today, language).first() or self.in_force(today, "sv").first()

    def in_force(self, today: date, language: str) -> Self:
        return self.filter(valid_from__lte=today, language=language).order_by("-valid_from", "-pk")


class Terms(models.Model):
    version = models.CharField(_("version"), max_length=20, help_text=_("Till exempel 2026-11"))
    language = models.CharField(
        _("språk"),
        max_length=5,
        default="sv",
        choices=[("sv", "Svenska"), ("en", "English")],
        help_text=_("Det språk som villkoren är skrivna på"),
    )
    valid_from = models.DateField(
        _("gäller från"),
        help_text=_("Till exempel 2027-01-01. Från den dagen får nya beställningar den här versionen."),
    )
    body = RichTextField(
        _("köpvillkor"),
        features=["h2", "h3", "bold", "italic", "ol", "ul", "link"],
        help_text=_(
            "Hela texten, med mellanrubriker. Till exempel: Så beställer du. {{foretag}} och {{telefon}} fylls i."
        ),
    )
    withdrawal_info = models.TextField(
        _("om ångerrätten"),
        help_text=_(
            "Följer med orderbekräftelsen, som lagen kräver. Till exempel: Du har 14 dagars ångerrätt."
        ),
    )
    model_form = models.TextField(
        _("standardblankett för frånträde"),
        help_text=_(
            "Följer med orderbekräftelsen. Till exempel: Jag meddelar härmed att jag frånträder mitt avtal."
        ),
    )

    objects = TermsQuerySet.as_manager()

    panels = ["version", "language", "valid_from", "body", "withdrawal_info", "model_form"]

    class Meta:
        verbose_name = _("köpvillkor")
        verbose_name_plural = _("köpvillkor")
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="terms_version_once")]

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"

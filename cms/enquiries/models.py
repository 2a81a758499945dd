"""What visitors have asked, and what has become of it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from shop.searched import holding_every_word


class Kind(models.TextChoices):
    QUESTION = "contact", _("Fråga")
    ORDER = "order", _("Beställning")
    LECTURE = "lecture", _("Föreläsning")
    WORKSHOP = "workshop", _("Workshop")
    MATERIAL = "material", _("Utbildningsmaterial")


class State(models.TextChoices):
    NEW = "new", _("Ny")
    ANSWERED = "answered", _("Besvarad")
    CLOSED = "closed", _("Avslutad")


SEARCHED = ("name", "email", "organisation", "phone", "message")


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def search(self, text: str) -> Self:
        """Those whose sender or words hold each word of `text`."""
        return holding_every_word(self, text, _holds)

    def written_before(self, moment: datetime) -> Self:
        return self.filter(created_at__lte=moment)


def _holds(word: str) -> Q:
    return Q.create([(f"{field}__icontains", word) for field in SEARCHED], Q.OR)


class Enquiry(models.Model):
    """Personal data: erased whole when ENQUIRY_DAYS have passed, whatever its state."""

    # The same for the same words on the same day: a double click is one enquiry.
    key = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(_("gäller"), max_length=10, choices=Kind, default=Kind.QUESTION)
    state = models.CharField(_("läge"), max_length=10, choices=State, default=State.NEW)
    name = models.CharField(_("namn"), max_length=100)
    email = models.EmailField(_("e-post"), max_length=254)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    wished = models.CharField(_("önskat datum"), max_length=100, blank=True)
    people = models.CharField(_("antal personer"), max_length=60, blank=True)
    message = models.TextField(_("meddelande"), max_length=5000)
    page = models.ForeignKey(
        Page, verbose_name=_("från sidan"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(_("språk"), max_length=5, default="sv")
    created_at = models.DateTimeField(_("kom in"), db_index=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("förfrågan")
        verbose_name_plural = _("förfrågningar")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "-created_at"], name="enquiries_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.sender}"

    @property
    def sender(self) -> str:
        """`Karin Ek, Björkviks kommun`"""
        return ", ".join(part for part in (self.name, self.organisation) if part)


class EnquiryStep(models.Model):
    """Who moved an enquiry on, and when."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="steps")
    old = models.CharField(max_length=10, choices=State)
    new = models.CharField(max_length=10, choices=State)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("steg i en förfrågan")
        verbose_name_plural = _("steg i förfrågningar")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.enquiry_id}: {self.old} → {self.new}"

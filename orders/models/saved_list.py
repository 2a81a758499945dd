"""A search and its filters that staff have kept under a name."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 60
LONGEST_QUERY = 1_000


class SavedListQuerySet(models.QuerySet["SavedList"]):
    def seen_by(self, user: Any) -> Self:
        """One's own and those that others share."""
        return self.filter(Q(owner=user) | Q(shared=True)).select_related("owner")


class SavedList(models.Model):
    """`query` is what stands after the question mark in the list's address, as orders.staff.saved has tidied it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("ägare"), related_name="+", on_delete=models.CASCADE
    )
    name = models.CharField(_("namn"), max_length=LONGEST_NAME)
    query = models.CharField(_("sökning"), max_length=LONGEST_QUERY)
    shared = models.BooleanField(_("delad"), default=False)

    objects = SavedListQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("sparad lista")
        verbose_name_plural = _("sparade listor")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_list_name_once")]

    def __str__(self) -> str:
        return self.name

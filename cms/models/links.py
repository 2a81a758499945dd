"""What the nightly reading found: links that lead nowhere, and those that have to be asked for outside."""

from __future__ import annotations

from typing import Self

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

LONGEST_ADDRESS = 500


class Reason(models.TextChoices):
    """Why a link leads nowhere, as an editor is told."""

    GONE = "gone", _("Sidan som länken gick till är borttagen.")
    UNPUBLISHED = "unpublished", _("Sidan är inte publicerad, så länken visas inte.")
    NO_FILE = "no-file", _("Filen är borttagen.")
    NOWHERE = "nowhere", _("Adressen finns inte på webbplatsen.")
    UNREADABLE = "unreadable", _("Adressen är felskriven.")
    INSIDE = "inside", _("Adressen går till ett slutet nät som besökare inte når.")
    NO_HOST = "no-host", _("Webbplatsen finns inte.")
    SILENT = "silent", _("Webbplatsen svarade inte.")
    MISSING = "missing", _("Sidan finns inte längre på den andra webbplatsen.")
    BROKEN = "broken", _("Den andra webbplatsen svarade med ett fel.")


class PageLinkQuerySet(models.QuerySet["PageLink"]):
    def faults(self) -> Self:
        """Those that lead nowhere, the newest first."""
        return self.exclude(reason="").select_related("page").order_by("-found_at", "pk")

    def to_mend_by(self, user: AbstractBaseUser) -> Self:
        """On pages that the user may change, and around the pages for who may change that."""
        pages = page_permission_policy.instances_user_has_permission_for(user, "change")
        around = Q(page=None) if user.has_perm("cms.change_sitetexts") else Q(pk=None)  # type: ignore[attr-defined]
        return self.filter(Q(page__in=pages) | around)

    def to_ask(self) -> Self:
        """Addresses outside the site that have not been asked for since the last reading."""
        return self.filter(outside=True, asked_at=None).order_by("pk")


class PageLink(models.Model):
    """A link of a page; without a page it stands in the header or footer. Written by cms.links.checking alone."""

    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="+")
    # A page's name, a file's number, or the address as it was written.
    address = models.CharField(max_length=LONGEST_ADDRESS)
    outside = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    found_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True  # what is known of a link is no use of the page

    objects = PageLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("länk")
        verbose_name_plural = _("länkar")
        constraints = [models.UniqueConstraint(fields=["page", "address"], name="link_once_a_page")]

    def __str__(self) -> str:
        return f"{self.address} {self.reason}"

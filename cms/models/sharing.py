"""The drawn pictures that stand for pages where they are shared."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class SharePicture(models.Model):
    """Which file shows a page. Written by cms.sharing.pictures alone; `digest` tells what is drawn in it."""

    page = models.OneToOneField(
        Page, on_delete=models.CASCADE, primary_key=True, related_name="share_picture"
    )
    digest = models.CharField(max_length=64)
    file = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("delningsbild")
        verbose_name_plural = _("delningsbilder")

    def __str__(self) -> str:
        return self.file

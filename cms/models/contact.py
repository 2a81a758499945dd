"""The contact page: ways to reach us, and a form."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import SHORT_FEATURES, PageBodyBlock
from cms.editing import Edited
from cms.enquiries.forms import ContactForm
from cms.indexed import LEDE
from cms.tree import Placed


class ContactPage(Edited, Placed, Page):
    """Phone, hours and addresses come from the company's facts, so that they stand in one place."""

    lede = models.TextField(
        _("ingress"),
        max_length=300,
        blank=True,
        help_text=_("Till exempel: Ring eller skriv, så svarar en människa."),
    )
    form_title = models.CharField(
        _("formulärets rubrik"),
        max_length=80,
        default="Skriv till oss",
        help_text=_("Till exempel: Skriv till oss"),
    )
    form_text = models.TextField(
        _("över formuläret"),
        max_length=300,
        blank=True,
        help_text=_("Till exempel: Vi svarar oftast samma dag. Skriv inget personnummer."),
    )
    directions = RichTextField(
        _("hitta hit"),
        features=SHORT_FEATURES,
        blank=True,
        help_text=_(
            "Vägen med ord. Till exempel: Fem minuter från stationen, porten till vänster om bageriet."
        ),
    )
    body = StreamField(
        PageBodyBlock(),
        verbose_name=_("text"),
        blank=True,
        help_text=_("Under formuläret. Till exempel svar på det som många undrar."),
    )

    content_panels = [
        *Page.content_panels,
        "lede",
        MultiFieldPanel(["form_title", "form_text"], heading=_("Formuläret")),
        "directions",
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        LEDE,
        index.SearchField("directions"),
        index.SearchField("body"),
    ]
    template = "cms/contact.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    page_description = _("Telefon, adress och ett formulär att skriva till oss i.")

    class Meta:
        verbose_name = _("kontaktsida")
        verbose_name_plural = _("kontaktsidor")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "form": kwargs.get("form") or ContactForm()}

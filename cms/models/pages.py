"""Pages of running text: about, contact, terms, delivery, personal data, accessibility."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index

from cms.blocks import PageBodyBlock
from cms.editing import Edited, Printable
from cms.indexed import LEDE
from cms.tree import Placed
from shop.days import stockholm_today
from shop.models import Terms


class StandardPage(Printable, Edited, Placed, Page):
    lede = models.TextField(
        _("ingress"),
        max_length=300,
        blank=True,
        help_text=_("En eller två meningar under rubriken. Till exempel: Hit ringer du, och här finns vi."),
    )
    body = StreamField(
        PageBodyBlock(),
        verbose_name=_("text"),
        help_text=_(
            "Skriv {{foretag}}, {{orgnr}}, {{momsnr}}, {{adress}}, {{telefon}} eller {{epost}} där företagets "
            "uppgifter ska stå, så följer de med när de ändras."
        ),
    )

    content_panels = [*Page.content_panels, "lede", FieldPanel("body")]
    search_fields = [*Page.search_fields, LEDE, index.SearchField("body"), index.SearchField("terms_text")]
    template = "cms/standard.html"
    parent_page_types = ["cms.HomePage", "cms.StandardPage"]
    subpage_types = ["cms.StandardPage"]
    page_description = _("En sida med löpande text, till exempel Om oss eller Leverans.")

    class Meta:
        verbose_name = _("textsida")
        verbose_name_plural = _("textsidor")

    @property
    def terms_text(self) -> str:
        """The terms that the page shows, so that a search finds what they say."""
        if all(block.block_type != "terms" for block in self.body):
            return ""
        terms = Terms.objects.current(stockholm_today(), self.locale.language_code)
        return get_text_for_indexing(terms.body) if terms else ""

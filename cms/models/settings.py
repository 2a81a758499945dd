"""Texts around every page."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import HelpPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import StreamField

from cms.blocks import FooterColumnBlock, LinkBlock
from shop.language import Spoken, is_english


@register_setting(icon="list-ul", order=110)
class SiteTexts(BaseGenericSetting):
    doors = StreamField(
        [("door", LinkBlock())],
        verbose_name=_("sidhuvudets länkar"),
        blank=True,
        max_num=5,
        help_text=_("Fyra ryms bäst på en telefon. Till exempel: Filosofin, Böcker, Kalender, Referenser"),
    )
    footer_heading = models.CharField(
        _("sidfotens rubrik"),
        max_length=80,
        default="Lampan är tänd. Hör av dig.",
        help_text=_("Till exempel: Hör av dig. Under den står telefon och e-post ur Företagets uppgifter."),
    )
    footer_columns = StreamField(
        [("column", FooterColumnBlock())],
        verbose_name=_("sidfotens spalter"),
        blank=True,
        max_num=4,
        help_text=_("Länken ”Ångra avtalet här” läggs till av sig själv: lagen kräver den på varje sida."),
    )
    cookie_note = models.CharField(
        _("om kakor"),
        max_length=200,
        default="Här finns inga kakor att godkänna. De vi använder minns din varukorg och hur du vill se priser.",
        help_text=_(
            "Sist på varje sida. Till exempel: Här finns inga kakor att godkänna. Ska stämma med Personuppgifter."
        ),
    )
    payment_note = models.CharField(
        _("sätt att betala"),
        max_length=160,
        blank=True,
        default="Kort, Swish eller Klarna. Faktura för företag och kommuner.",
        help_text=_("Under köpknappen. Till exempel: Kort, Swish eller Klarna. Faktura för företag."),
    )

    doors_en = StreamField(
        [("door", LinkBlock())],
        verbose_name=_("sidhuvudets länkar på engelska"),
        blank=True,
        max_num=5,
        help_text=_("Välj de engelska sidorna. Till exempel: Philosophy, Books, About us, Contact"),
    )
    footer_heading_en = models.CharField(
        _("sidfotens rubrik på engelska"),
        max_length=80,
        blank=True,
        default="The lamp is lit. Get in touch.",
        help_text=_("Till exempel: Get in touch. Tomt: den svenska visas."),
    )
    footer_columns_en = StreamField(
        [("column", FooterColumnBlock())],
        verbose_name=_("sidfotens spalter på engelska"),
        blank=True,
        max_num=4,
        help_text=_("Välj de engelska sidorna. Länken till ångerrätten läggs till av sig själv."),
    )
    cookie_note_en = models.CharField(
        _("om kakor på engelska"),
        max_length=200,
        blank=True,
        default=(
            "There are no cookies to accept here. Those we use remember your basket and how you want to see prices."
        ),
        help_text=_("Till exempel: There are no cookies to accept here. Tomt: den svenska visas."),
    )
    payment_note_en = models.CharField(
        _("sätt att betala på engelska"),
        max_length=160,
        blank=True,
        default="Card, Swish or Klarna. Invoice for companies and municipalities.",
        help_text=_("Till exempel: Card, Swish or Klarna. Tomt: den svenska visas."),
    )
    shown_footer_heading = Spoken("footer_heading")
    shown_cookie_note = Spoken("cookie_note")
    shown_payment_note = Spoken("payment_note")

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    HelpPanel(
                        content=_(
                            "Det som står runt varje sida. Telefon, e-post och adress ändras under Företagets "
                            "uppgifter."
                        )
                    ),
                    "doors",
                    "footer_heading",
                    "footer_columns",
                    "cookie_note",
                    "payment_note",
                ],
                heading=_("På svenska"),
            ),
            ObjectList(
                [
                    HelpPanel(content=_("Det som står runt varje sida under /en/.")),
                    "doors_en",
                    "footer_heading_en",
                    "footer_columns_en",
                    "cookie_note_en",
                    "payment_note_en",
                ],
                heading=_("På engelska"),
            ),
        ]
    )

    class Meta:
        verbose_name = _("sidhuvud och sidfot")
        verbose_name_plural = _("sidhuvuden och sidfötter")

    def __str__(self) -> str:
        return str(_("Sidhuvud och sidfot"))

    @property
    def shown_doors(self) -> Any:
        """The header's links, a StreamValue. A language without links of its own has none: each leads to a page."""
        return self.doors_en if is_english() else self.doors

    @property
    def shown_footer_columns(self) -> Any:
        """A StreamValue, as above."""
        return self.footer_columns_en if is_english() else self.footer_columns

"""Texts around every page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import HelpPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import StreamField

from cms.blocks import FooterColumnBlock, LinkBlock


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
        default="Här finns inga kakor att godkänna. Den enda vi använder håller reda på din varukorg.",
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

    panels = [
        HelpPanel(
            content=_(
                "Det som står runt varje sida. Telefon, e-post och adress ändras under Företagets uppgifter."
            )
        ),
        "doors",
        "footer_heading",
        "footer_columns",
        "cookie_note",
        "payment_note",
    ]

    class Meta:
        verbose_name = _("sidhuvud och sidfot")
        verbose_name_plural = _("sidhuvuden och sidfötter")

    def __str__(self) -> str:
        return str(_("Sidhuvud och sidfot"))

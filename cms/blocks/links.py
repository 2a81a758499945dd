"""Links and buttons: to a page that may move, or to an address."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, PageChooserBlock, StructValue
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.indexed import ReadBlock

# A path of ours, or an address that opens no script. Two slashes would lead to another site.
_ADDRESS = re.compile(r"(?:/(?![/\\])|https://|tel:|mailto:)[^\\\x00-\x1f\x7f]*")


class LinkValue(StructValue):
    def url(self, request: HttpRequest | None = None) -> str:
        """Where it leads; empty once its page is deleted, unpublished or outside the site."""
        page = self.get("page")
        if page is None:
            return str(self.get("address") or "")
        return str(page.get_url(request) or "") if page.live else ""


class LinkBlock(ReadBlock):
    """A label that leads to a page, or to an address of the site that is no page."""

    unread = frozenset({"address"})

    label = CharBlock(label=_("Text"), max_length=60, help_text=_("Till exempel: Referenser"))
    page = PageChooserBlock(
        label=_("Sida"),
        required=False,
        help_text=_("Följer med när sidan byter adress. Till exempel Referenser"),
    )
    address = CharBlock(
        label=_("Eller adress"),
        required=False,
        max_length=200,
        help_text=_("Bara om det inte är en sida. Till exempel /varukorg/"),
    )

    class Meta:
        icon = "link"
        label = _("Länk")
        value_class = LinkValue

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        address = str(cleaned["address"] or "")
        may_be_empty = bool(cleaned["page"]) or self.is_deferred_validation
        if not (_ADDRESS.fullmatch(address) or (may_be_empty and not address)):
            fault = ValidationError(_("Välj en sida, eller skriv en adress som börjar med / eller https://"))
            raise StructBlockValidationError(block_errors={"address": fault})
        return cleaned


class FooterColumnBlock(ReadBlock):
    heading = CharBlock(label=_("Rubrik"), max_length=40, help_text=_("Till exempel: Läs"))
    links = ListBlock(LinkBlock(), label=_("Länkar"), help_text=_("Tre eller fyra räcker."))

    class Meta:
        icon = "list-ul"
        label = _("Spalt")


class ButtonBlock(LinkBlock):
    class Meta:
        icon = "redirect"
        group = _("Från webbplatsen")
        label = _("Knapp")
        template = "cms/blocks/button.html"
        preview_value = {"label": "Se utbildningsmaterialet", "address": "/utbildningsmaterial/"}
        description = _("En knapp som leder vidare")

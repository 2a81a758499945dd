"""What comes from the shop: a product, the terms in force."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StaticBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.indexed import ReadBlock
from shop.days import stockholm_today
from shop.models import Product, Terms


class ProductBlock(ReadBlock):
    product = SnippetChooserBlock(
        "shop.Product",
        label=_("Vara"),
        help_text=_("Visas bara medan den är till salu. Till exempel Skriften"),
    )

    class Meta:
        icon = "tag"
        group = _("Från webbplatsen")
        label = _("Vara")
        template = "cms/blocks/product.html"
        description = _("En bok eller ett material med omslag, pris och länk")

    def get_preview_value(self) -> Any:
        return self.normalize({"product": Product.objects.filter(active=True).first()})


class TermsBlock(StaticBlock):
    """The terms in force today. They are changed as a snippet, since orders keep their version."""

    class Meta:
        icon = "doc-full"
        group = _("Från webbplatsen")
        label = _("Köpvillkoren som gäller")
        admin_text = _("Visar de köpvillkor som gäller i dag. Ändra dem under Butik → Köpvillkor.")
        template = "cms/blocks/terms.html"
        preview_value = None
        description = _("Den version av köpvillkoren som gäller i dag")

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        context["terms"] = Terms.objects.current(stockholm_today(), get_language() or settings.LANGUAGE_CODE)
        return context


# Migrations name the package, so that a block may change its file.
DECONSTRUCT_ALIASES = {TermsBlock: "cms.blocks.TermsBlock"}

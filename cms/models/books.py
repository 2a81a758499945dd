"""The shop's pages. What is sold stands in shop.Product; a page tells about it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from cms import known
from cms.blocks import SHORT_FEATURES, TEXT_FEATURES, BodyBlock, FactsBlock
from cms.editing import Edited, Printable
from cms.indexed import LEDE
from cms.models.philosophy import Colour, Drawing
from cms.tree import Placed
from shop.days import stockholm_today
from shop.freshness import remembered
from shop.known import offered_freights
from shop.models import Product
from shop.money import ZERO

COMPANIONS = 2


class ShopIndexPage(Edited, Placed, Page):
    """A shelf: the books, or the training material."""

    lede = models.TextField(
        _("ingress"), max_length=300, help_text=_("En mening. Till exempel: Något att läsa på en rast.")
    )
    whole_shop = models.BooleanField(
        _("visa hela butiken"),
        default=False,
        help_text=_("Kryssa i, så visas också det som står på de andra hyllorna."),
    )
    organisation_title = models.CharField(
        _("för organisationer: rubrik"),
        max_length=100,
        blank=True,
        help_text=_("Till exempel: För kommuner och företag. Tomt: avsnittet visas inte."),
    )
    organisation_text = RichTextField(
        _("för organisationer: text"),
        features=TEXT_FEATURES,
        blank=True,
        help_text=_("Hur man beställer många och betalar mot faktura. {{telefon}} blir företagets nummer."),
    )

    content_panels = [*Page.content_panels, "lede", "whole_shop", "organisation_title", "organisation_text"]
    search_fields = [
        *Page.search_fields,
        LEDE,
        index.SearchField("organisation_text"),
    ]
    template = "cms/shop_index.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ProductPage"]
    page_description = _("En hylla med böcker eller material.")

    class Meta:
        verbose_name = _("hylla")
        verbose_name_plural = _("hyllor")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "shelf": shelf_below(self.path[: -self.steplen] if self.whole_shop else self.path)}


class ProductPage(Printable, Edited, Placed, Page):
    """A book or a material: what it is, what it costs, how to order it."""

    product = models.ForeignKey(
        Product,
        verbose_name=_("vara"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Pris, moms och lager kommer härifrån. De ändras under Butik → Varor."),
    )
    lede = models.TextField(
        _("ingress"),
        max_length=300,
        help_text=_("Till exempel: Tio delar på 34 sidor. Till dig och arbetslaget."),
    )
    card_text = models.CharField(
        _("text på hyllan"), max_length=160, help_text=_("Till exempel: 34 sidor som ryms i fickan.")
    )
    card_link = models.CharField(
        _("länk på hyllan"), max_length=40, default="Läs mer", help_text=_("Till exempel: Till skriften")
    )
    cover_text = models.CharField(
        _("omslaget i ord"),
        max_length=200,
        blank=True,
        help_text=_("För den som inte ser bilden. Till exempel: Ett runt bord sett uppifrån med tio stolar."),
    )
    body_heading = models.CharField(
        _("rubrik"), max_length=100, help_text=_("Till exempel: Liten nog att läsas på en rast")
    )
    body = StreamField(
        BodyBlock(), verbose_name=_("text"), help_text=_("Vad den handlar om och vem den är till för.")
    )
    facts = StreamField(
        FactsBlock(),
        verbose_name=_("fakta"),
        blank=True,
        help_text=_(
            "En rad per uppgift, till exempel Omfång: 34 sidor, häftad. Tillverkaren läggs till av sig själv."
        ),
    )
    spread_title = models.CharField(
        _("uppslag: rubrik"), max_length=80, blank=True, help_text=_("Till exempel: Bläddra lite")
    )
    spread_drawing = models.CharField(
        _("uppslag: bild"),
        max_length=4,
        choices=Drawing,
        default=Drawing.CANDLE,
        help_text=_("Bilden på vänster sida, till exempel ljuset"),
    )
    spread_colour = models.CharField(
        _("uppslag: färg"),
        max_length=10,
        choices=Colour,
        default=Colour.SPRUCE,
        help_text=_("Färgen bakom bilden, till exempel gran"),
    )
    spread_left_title = models.CharField(
        _("vänster sida: rubrik"), max_length=80, blank=True, help_text=_("Till exempel: 6. Visa omtanke")
    )
    spread_left = RichTextField(
        _("vänster sida: text"),
        features=SHORT_FEATURES,
        blank=True,
        help_text=_(
            "Två korta stycken ur boken. Till exempel: Omtanke syns i det lilla. Tomt: uppslaget visas inte."
        ),
    )
    spread_right_title = models.CharField(
        _("höger sida: rubrik"), max_length=80, blank=True, help_text=_("Till exempel: Prata om det")
    )
    spread_right = RichTextField(
        _("höger sida: text"),
        features=SHORT_FEATURES,
        blank=True,
        help_text=_("Till exempel tre frågor. Under dem ritas rader att skriva på."),
    )
    spread_folio = models.PositiveSmallIntegerField(
        _("vänster sidas nummer"), null=True, blank=True, help_text=_("Till exempel 20")
    )
    companions_title = models.CharField(
        _("passar ihop: rubrik"),
        max_length=80,
        default="Passar bra ihop",
        help_text=_("Står över två andra varor, längst ner på sidan. Till exempel: Passar bra ihop"),
    )

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(["product", "lede", "card_text", "card_link", "cover_text"], heading=_("Varan")),
        MultiFieldPanel(["body_heading", FieldPanel("body")], heading=_("Om den")),
        FieldPanel("facts"),
        MultiFieldPanel(
            [
                "spread_title",
                "spread_drawing",
                "spread_colour",
                "spread_left_title",
                "spread_left",
                "spread_right_title",
                "spread_right",
                "spread_folio",
            ],
            heading=_("Ett uppslag att bläddra i (frivilligt)"),
        ),
        FieldPanel("companions_title"),
    ]
    search_fields = [
        *Page.search_fields,
        LEDE,
        *(
            index.SearchField(name)
            for name in ("body", "facts", "spread_left", "spread_right", "body_heading")
        ),
    ]
    template = "cms/product.html"
    parent_page_types = ["cms.ShopIndexPage"]
    subpage_types: list[str] = []
    page_description = _("En bok eller ett material, med pris och knapp.")

    class Meta:
        verbose_name = _("bok eller material")
        verbose_name_plural = _("böcker och material")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        shelf = shelf_below(self.path[: -2 * self.steplen])
        product = self._product_among(shelf)
        return {
            **context,
            "product": product,
            "today": stockholm_today(),
            "promises": _promises(product, known.texts().shown_payment_note) if product else [],
            "companions": [page for page in shelf if page.pk != self.pk][:COMPANIONS],
        }

    def _product_among(self, shelf: list[ProductPage]) -> Product | None:
        """The product with all that its price needs: from the shelf, or on its own while the page is a draft."""
        known = {page.product_id: page.product for page in shelf}
        return known.get(self.product_id) or Product.objects.for_sale().filter(pk=self.product_id).first()


@remembered
def shelf_below(path: str) -> list[ProductPage]:
    """The published pages below that path whose product is for sale, with all that a price needs."""
    found = ProductPage.objects.live().public().filter(path__startswith=path, product__active=True)
    pages = list(found.order_by("product__sort_order").defer_streamfields())
    products = {x.pk: x for x in Product.objects.for_sale().filter(pk__in=[x.product_id for x in pages])}
    shown = [
        page for page in pages if page.product_id in products
    ]  # one may have been taken off sale meanwhile
    for page in shown:
        page.product = products[page.product_id]
    return shown


def _promises(product: Product, payment: str) -> list[str]:
    """What the buyer wants to know before the button: when, freight, payment. From the shop's own data."""
    when = "" if product.is_sold_out else product.shown_dispatch_note
    return [line for line in (when, _freight(product), payment) if line]


def _freight(product: Product) -> str:
    today = stockholm_today()
    method = next(iter(offered_freights(today)), None)
    if not method or not product.weight_g:
        return ""
    price = method.price(product.weight_g, ZERO, today)
    sentence = gettext("Frakt %(price)s.") % {"price": price}
    if method.free_from_ore:
        sentence += " " + gettext("Fri frakt från %(limit)s.") % {"limit": method.free_from}
    return sentence

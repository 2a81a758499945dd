"""What is for sale. Not pages: a page points at a product, an order line copies it."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Prefetch
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from shop import event_places
from shop.language import Spoken
from shop.models.fields import OreField
from shop.money import Money
from shop.vat import RATES, split_by_rate

LARGEST_ORDER = 5000


class Kind(models.TextChoices):
    PRINT = "print", _("Tryckt")
    MATERIAL = "material", _("Material")
    DIGITAL = "digital", _("Digitalt material")
    EVENT = "event", _("Plats på träff")


class Cover(models.TextChoices):
    """The drawn covers of the design; a picture of the real cover goes before."""

    SKRIFTEN = "skriften", _("Skriften: bordet")
    BOOK = "boken", _("Boken: dörren")
    MATERIAL = "materialet", _("Materialet: film, kort, guide")


COVER_SIZES = Prefetch("cover_image__renditions", to_attr="prefetched_renditions")


class ProductQuerySet(models.QuerySet["Product"]):
    def for_sale(self) -> Self:
        """Products on offer with all that a price and a cover need: three queries, one more if any has a picture."""
        return self.on_the_shelf().select_related("stock", "cover_image")

    def on_the_shelf(self) -> Self:
        """The same without what is left of them. Whatever has a number of an event's places would be sold as those:
        paid, and never sent."""
        own = self.filter(active=True).exclude(sku__startswith=event_places.SKU)
        pictured = own.select_related("cover_image")
        return pictured.prefetch_related("price_steps", "vat_shares", COVER_SIZES)

    def low(self) -> Self:
        """Products on offer of which no more can be sold than their threshold: time to print or order anew."""
        counted = self.filter(active=True, counted=True, low_stock_at__isnull=False)
        left = Coalesce(F("stock__on_hand") - F("stock__reserved"), 0)
        return counted.alias(left=left).filter(left__lte=F("low_stock_at")).select_related("stock")


class Product(index.Indexed, ClusterableModel):
    sku = models.CharField(
        _("artikelnummer"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9][A-Z0-9-]*$", _("Bara A–Z, siffror och bindestreck."))],
        help_text=_("Ändra aldrig ett artikelnummer som har sålts. Till exempel SKRIFTEN"),
    )
    kind = models.CharField(
        _("slag"),
        max_length=10,
        choices=Kind,
        default=Kind.PRINT,
        help_text=_("Vad det är för vara, till exempel Tryckt"),
    )
    name = models.CharField(
        _("namn"),
        max_length=120,
        help_text=_("Så som det står på kvittot. Till exempel Skriften om värdskap"),
    )
    unit_note = models.CharField(
        _("tillägg i varukorgen"),
        max_length=80,
        blank=True,
        help_text=_("Till exempel: film, övningar och guide"),
    )
    price_ore = OreField(
        _("pris per styck inkl. moms"),
        help_text=_("I kronor, till exempel 55 eller 1 250,50. Ändringen syns direkt."),
    )
    price_is_example = models.BooleanField(
        _("priset är ett exempel"),
        default=False,
        help_text=_("Kryssa i tills priset är bestämt. Då står det på sidan."),
    )
    weight_g = models.PositiveIntegerField(
        _("vikt i gram"),
        default=0,
        help_text=_("Väg den, till exempel 85. Skriv 0 för det som inte skickas."),
    )
    thickness_mm = models.PositiveSmallIntegerField(
        _("tjocklek i millimeter"), default=0, help_text=_("Till exempel 4. Avgör om den går i ett brev.")
    )
    min_quantity = models.PositiveIntegerField(
        _("minst antal"), default=1, validators=[MinValueValidator(1)], help_text=_("Till exempel 1")
    )
    max_quantity = models.PositiveIntegerField(
        _("högst antal"), default=LARGEST_ORDER, help_text=_("I en beställning, till exempel 5000")
    )
    pack_size = models.PositiveIntegerField(
        _("säljs i förpackningar om"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Till exempel 10, om den bara säljs tio och tio. Annars 1."),
    )
    counted = models.BooleanField(
        _("lagret räknas"), default=True, help_text=_("Av: tillverkas på beställning och tar aldrig slut.")
    )
    shelf = models.CharField(
        _("plats på lagret"),
        max_length=20,
        blank=True,
        help_text=_("Står på plocklistan, som går i den ordningen. Till exempel A2"),
    )
    low_stock_at = models.PositiveIntegerField(
        _("säg till vid"),
        null=True,
        blank=True,
        help_text=_(
            "När så många eller färre går att sälja kommer ett mejl. Till exempel 200. Tomt: inget mejl."
        ),
    )
    restock_note = models.CharField(
        _("när den är slut"),
        max_length=160,
        blank=True,
        help_text=_("Till exempel: Nästa tryckning kommer vecka 50."),
    )
    dispatch_note = models.CharField(
        _("när den skickas"),
        max_length=160,
        blank=True,
        help_text=_("Till exempel: Skickas inom 1–2 vardagar."),
    )
    isbn = models.CharField(
        _("ISBN"),
        max_length=20,
        blank=True,
        help_text=_("Från bokens baksida, tretton siffror. Till exempel 978-91-0000-000-0"),
    )
    gtin = models.CharField(
        _("GTIN"),
        max_length=14,
        blank=True,
        help_text=_("Siffrorna under streckkoden. Till exempel 7300000000000"),
    )
    maker = models.CharField(
        _("tillverkare"),
        max_length=160,
        blank=True,
        help_text=_(
            "Namn och postadress, som lagen kräver. Till exempel Tryckeriet AB, Box 1, 111 22 Stockholm"
        ),
    )
    maker_email = models.EmailField(
        _("tillverkarens e-post"), blank=True, help_text=_("Till exempel hej@tryckeriet.example")
    )
    safety_note = models.CharField(
        _("varningar"),
        max_length=240,
        blank=True,
        help_text=_(
            "Bara om varan behöver det. Till exempel: Innehåller smådelar, inte för barn under 3 år."
        ),
    )
    cover = models.CharField(
        _("tecknat omslag"),
        max_length=20,
        choices=Cover,
        default=Cover.SKRIFTEN,
        help_text=_("Visas tills det finns en bild på det riktiga omslaget."),
    )
    cover_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("bild på omslaget"),
        help_text=_("Framsidan rakt framifrån, gärna minst 800 punkter bred. Går före det tecknade."),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    active = models.BooleanField(
        _("till salu"), default=True, help_text=_("Av: varan syns inte och kan inte läggas i varukorgen.")
    )
    sort_order = models.PositiveSmallIntegerField(
        _("ordning"), default=0, help_text=_("Lägst först på hyllan, till exempel 10")
    )

    name_en = models.CharField(
        _("namn på engelska"),
        max_length=120,
        blank=True,
        help_text=_("På engelska kvitton. Till exempel The booklet on hostmanship. Tomt: det svenska."),
    )
    unit_note_en = models.CharField(
        _("tillägg på engelska"),
        max_length=80,
        blank=True,
        help_text=_("Till exempel: films, exercises and guide. Tomt: det svenska."),
    )
    restock_note_en = models.CharField(
        _("när den är slut, på engelska"),
        max_length=160,
        blank=True,
        help_text=_("Till exempel: The next printing arrives in week 50. Tomt: det svenska."),
    )
    dispatch_note_en = models.CharField(
        _("när den skickas, på engelska"),
        max_length=160,
        blank=True,
        help_text=_("Till exempel: Leaves us within 1–2 working days. Tomt: det svenska."),
    )
    safety_note_en = models.CharField(
        _("varningar på engelska"),
        max_length=240,
        blank=True,
        help_text=_("Till exempel: Small parts, not for children under 3. Tomt: det svenska."),
    )

    objects = ProductQuerySet.as_manager()
    shown_name = Spoken("name")
    shown_unit_note = Spoken("unit_note")
    shown_restock_note = Spoken("restock_note")
    shown_dispatch_note = Spoken("dispatch_note")
    shown_safety_note = Spoken("safety_note")

    panels = [
        MultiFieldPanel(["name", "sku", "kind", "unit_note", "active", "sort_order"], heading=_("Varan")),
        MultiFieldPanel(
            [
                FieldRowPanel(["price_ore", "price_is_example"]),
                InlinePanel("price_steps", heading=_("Pristrappa"), label=_("Steg")),
                InlinePanel("vat_shares", heading=_("Moms"), label=_("Momssats"), min_num=1),
            ],
            heading=_("Pris"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(["min_quantity", "max_quantity", "pack_size"]),
                "counted",
                FieldRowPanel(["low_stock_at", "shelf"]),
                "restock_note",
                "dispatch_note",
            ],
            heading=_("Antal och lager"),
        ),
        MultiFieldPanel([FieldRowPanel(["weight_g", "thickness_mm"])], heading=_("Frakt")),
        MultiFieldPanel(
            ["isbn", "gtin", "maker", "maker_email", "safety_note"], heading=_("Märkning och säkerhet")
        ),
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_image")], heading=_("Omslag")),
        MultiFieldPanel(
            ["name_en", "unit_note_en", "restock_note_en", "dispatch_note_en", "safety_note_en"],
            heading=_("På engelska"),
            help_text=_("Texterna som visas under /en/ och i brev till den som handlar på engelska."),
        ),
    ]
    search_fields = [
        index.SearchField("name", boost=2),
        index.SearchField("sku"),
        index.AutocompleteField("name"),
        index.FilterField("active"),
    ]

    class Meta:
        ordering = ["sort_order", "name"]
        verbose_name = _("vara")
        verbose_name_plural = _("varor")

    def __str__(self) -> str:
        return self.name

    @property
    def price(self) -> Money:
        return Money(self.price_ore)

    @cached_property
    def steps(self) -> list[PriceStep]:
        return sorted(self.price_steps.all(), key=lambda step: step.from_quantity)

    @cached_property
    def shares(self) -> list[VatShare]:
        return list(self.vat_shares.all())

    def unit_price(self, quantity: int) -> Money:
        """The price of one, incl. VAT, when `quantity` are bought together."""
        reached = [step for step in self.steps if step.from_quantity <= quantity]
        return Money(reached[-1].price_ore) if reached else self.price

    def vat_weights(self, today: date) -> dict[int, int]:
        """Rate in per cent to its weight, by the rows in force on a Stockholm date.

        Unsure means 25 (sweden.md a): a product without a row is taxed at the main rate.
        """
        rows = [row for row in self.shares if row.valid_from <= today]
        latest = max((row.valid_from for row in rows), default=None)
        return {row.percent: row.weight for row in rows if row.valid_from == latest} or {25: 1}

    def gross_by_rate(self, quantity: int, today: date) -> dict[int, Money]:
        return split_by_rate(self.unit_price(quantity) * quantity, self.vat_weights(today))

    @property
    def available(self) -> int | None:
        """Copies that can be promised now; None means made to order."""
        if not self.counted:
            return None
        return self.stock.available if hasattr(self, "stock") else 0

    @property
    def is_sold_out(self) -> bool:
        return self.available is not None and self.available < self.min_quantity


class PriceStep(Orderable):
    product = ParentalKey(Product, related_name="price_steps", on_delete=models.CASCADE)
    from_quantity = models.PositiveIntegerField(
        _("från antal"), validators=[MinValueValidator(2)], help_text=_("Till exempel 25")
    )
    price_ore = OreField(_("pris per styck inkl. moms"), help_text=_("Lägre än steget före, till exempel 49"))

    panels = [FieldRowPanel(["from_quantity", "price_ore"])]

    class Meta(Orderable.Meta):
        verbose_name = _("prissteg")
        verbose_name_plural = _("prissteg")
        constraints = [models.UniqueConstraint(fields=["product", "from_quantity"], name="price_step_once")]

    def __str__(self) -> str:
        return f"{self.from_quantity}+: {Money(self.price_ore)}"


class VatShare(Orderable):
    """A VAT rate from a date. Mixed goods have several rows with one date, weighed by the parts' normal prices."""

    product = ParentalKey(Product, related_name="vat_shares", on_delete=models.CASCADE)
    valid_from = models.DateField(
        _("gäller från"), help_text=_("Till exempel 2027-01-01. Låt den gamla raden stå kvar.")
    )
    percent = models.PositiveSmallIntegerField(
        _("momssats"),
        choices=[(rate, f"{rate} %") for rate in RATES],
        help_text=_("6 % för böcker, 25 % för det mesta annat"),
    )
    weight = models.PositiveIntegerField(
        _("andel"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Blandad vara: delarnas vanliga priser i kronor, en rad per sats. Annars 1."),
    )

    panels = [FieldRowPanel(["valid_from", "percent", "weight"])]

    class Meta(Orderable.Meta):
        verbose_name = _("momssats")
        verbose_name_plural = _("momssatser")
        constraints = [
            models.UniqueConstraint(fields=["product", "valid_from", "percent"], name="vat_rate_once")
        ]

    def __str__(self) -> str:
        return f"{self.percent} % från {self.valid_from}"

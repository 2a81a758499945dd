"""What sending costs, by weight and date."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from shop.language import Spoken
from shop.models.fields import OreField
from shop.money import ZERO, Money

TRACKING_PLACE = "{number}"


def tracking_address(text: str) -> None:
    """Accept an https address with one {number} after its host; raises ValidationError."""
    before, place, after = text.partition(TRACKING_PLACE)
    if not text.isprintable() or not place or TRACKING_PLACE in after or not _is_https(before, after):
        raise ValidationError(
            _("Skriv adressen så här: https://tracking.postnord.com/se/?id={number}, med {number} en gång.")
        )


def _is_https(before: str, after: str) -> bool:
    """The host stands whole before the number: nobody's number may choose where the link leads."""
    try:
        URLValidator(schemes=["https"])(f"{before}1{after}")
    except ValidationError:
        return False
    return "/" in before.removeprefix("https://") and "{" not in before + after


class FreightMethod(ClusterableModel):
    """A way of sending. The first in order is the one shown before the buyer has chosen."""

    code = models.SlugField(_("kod"), unique=True, help_text=_("Kort, utan mellanslag, till exempel ombud"))
    name = models.CharField(_("namn"), max_length=80, help_text=_("Till exempel: Till ombud"))
    hint = models.CharField(
        _("upplysning"),
        max_length=120,
        blank=True,
        help_text=_("Under namnet i kassan. Till exempel: Du får ett sms när paketet är framme."),
    )
    free_from_ore = OreField(
        _("fri frakt från"),
        null=True,
        blank=True,
        help_text=_("Varornas summa i kronor, till exempel 500. Tomt: aldrig fri."),
    )
    tracking_url = models.CharField(
        _("sida för spårning"),
        max_length=300,
        blank=True,
        validators=[tracking_address],
        help_text=_(
            "Adressen där köparen följer paketet, med {number} där numret ska stå. Till exempel"
            " https://tracking.postnord.com/se/?id={number}"
        ),
    )
    active = models.BooleanField(_("erbjuds"), default=True, help_text=_("Av: kan inte väljas i kassan."))
    sort_order = models.PositiveSmallIntegerField(
        _("ordning"), default=0, help_text=_("Lägst först. Det första är valt från början i kassan.")
    )

    name_en = models.CharField(
        _("namn på engelska"),
        max_length=80,
        blank=True,
        help_text=_("Till exempel: To a parcel point. Tomt: det svenska."),
    )
    hint_en = models.CharField(
        _("upplysning på engelska"),
        max_length=120,
        blank=True,
        help_text=_("Till exempel: You get a text message when it is there. Tomt: det svenska."),
    )

    shown_name = Spoken("name")
    shown_hint = Spoken("hint")

    panels = [
        "name",
        "code",
        "hint",
        "name_en",
        "hint_en",
        "free_from_ore",
        "tracking_url",
        InlinePanel("prices", heading=_("Priser"), label=_("Pris")),
        FieldPanel("active"),
        FieldPanel("sort_order"),
    ]

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("leveranssätt")
        verbose_name_plural = _("leveranssätt")

    def __str__(self) -> str:
        return self.name

    def tracking_link(self, number: str) -> str:
        """Where a parcel with this tracking number is followed; empty when it cannot be."""
        if not number or not self.tracking_url:
            return ""
        return self.tracking_url.replace(TRACKING_PLACE, quote(number, safe=""))

    @property
    def free_from(self) -> Money | None:
        return None if self.free_from_ore is None else Money(self.free_from_ore)

    def has_begun(self, today: date) -> bool:
        """Whether one of its price tables is in force; a way that has none is free, as one that is not yet is not."""
        return bool(self.table(today)) or not self.prices.all()

    def table(self, today: date) -> list[FreightPrice]:
        """The rows in force, lightest class first: those of the latest date that has come."""
        rows = [row for row in self.prices.all() if row.valid_from <= today]
        latest = max((row.valid_from for row in rows), default=None)
        return sorted((row for row in rows if row.valid_from == latest), key=lambda row: row.max_weight_g)

    def price(self, weight_g: int, goods: Money, today: date) -> Money:
        """What it costs to send goods of a weight in grams and a sum incl. VAT.

        Heavier than the heaviest class goes as several parcels of that class and a last one.
        """
        table = self.table(today)
        if not weight_g or not table or self._is_free(goods):
            return ZERO
        heaviest = table[-1]
        parcels, rest = divmod(weight_g, heaviest.max_weight_g)
        last = next((row.price_ore for row in table if row.max_weight_g >= rest), 0) if rest else 0
        return Money(parcels * heaviest.price_ore + last)

    def _is_free(self, goods: Money) -> bool:
        return self.free_from_ore is not None and goods.ore >= self.free_from_ore


class FreightPrice(Orderable):
    method = ParentalKey(FreightMethod, related_name="prices", on_delete=models.CASCADE)
    valid_from = models.DateField(
        _("gäller från"),
        help_text=_("Till exempel 2027-01-01. Rader med samma datum hör ihop som en pristabell."),
    )
    max_weight_g = models.PositiveIntegerField(
        _("högst gram"),
        validators=[MinValueValidator(1)],
        help_text=_("Så mycket får paketet väga, till exempel 2000"),
    )
    price_ore = OreField(_("pris inkl. moms"), help_text=_("I kronor, till exempel 49"))

    panels = ["valid_from", "max_weight_g", "price_ore"]

    class Meta(Orderable.Meta):
        verbose_name = _("fraktpris")
        verbose_name_plural = _("fraktpriser")
        constraints = [
            models.UniqueConstraint(
                fields=["method", "valid_from", "max_weight_g"], name="freight_class_once"
            )
        ]

    def __str__(self) -> str:
        return f"≤ {self.max_weight_g} g: {Money(self.price_ore)}"

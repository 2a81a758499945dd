"""What orders and quotes freeze alike: rows at a price, shares of VAT, addresses. All abstract."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.models import Product
from shop.money import Money


class FrozenLine(models.Model):
    """A row as it was agreed on: later changes of name, price or VAT do not reach it."""

    product = models.ForeignKey(Product, related_name="+", on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField(_("rad"))
    sku = models.CharField(_("artikelnummer"), max_length=40)
    name = models.CharField(_("namn"), max_length=120)
    quantity = models.PositiveIntegerField(_("antal"))
    unit_price_ore = models.PositiveIntegerField(_("styckpris i öre"))
    gross_ore = models.PositiveBigIntegerField(_("summa i öre"))

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def gross(self) -> Money:
        return Money(self.gross_ore)

    @property
    def unit_price(self) -> Money:
        return Money(self.unit_price_ore)


class FrozenVat(models.Model):
    """A line's (or, without a line, the freight's) share at one VAT rate, as it was reckoned then."""

    percent = models.PositiveSmallIntegerField(_("momssats"))
    gross_ore = models.PositiveBigIntegerField(_("brutto i öre"))
    net_ore = models.PositiveBigIntegerField(_("netto i öre"))

    class Meta:
        abstract = True
        ordering = ["percent", "pk"]

    def __str__(self) -> str:
        return f"{self.percent} %: {self.gross_ore}"

    @property
    def vat_ore(self) -> int:
        return self.gross_ore - self.net_ore


class FrozenAddress(models.Model):
    """One of several addresses."""

    position = models.PositiveSmallIntegerField(_("rad"))
    unit = models.CharField(_("enhet"), max_length=120, blank=True)
    name = models.CharField(_("namn"), max_length=100)
    address_line1 = models.CharField(_("gatuadress"), max_length=200)
    address_line2 = models.CharField(_("våning, port eller c/o"), max_length=200, blank=True)
    postal_code = models.CharField(_("postnummer"), max_length=5)
    city = models.CharField(_("ort"), max_length=100)

    class Meta:
        abstract = True
        ordering = ["position"]
        verbose_name = _("leveransadress")
        verbose_name_plural = _("leveransadresser")

    def lines_of(self, organisation: str) -> list[str]:
        """The address as on a parcel (sweden.md h): organisation, unit, person, way in, street, post."""
        post = f"{self.postal_code[:3]} {self.postal_code[3:]} {self.city}"
        lines = (organisation, self.unit, self.name, self.address_line2, self.address_line1, post)
        return [line for line in lines if line]

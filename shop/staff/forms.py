"""What staff may say of products, freight, terms and stock, and the sentences when it does not add up."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from shop import event_places, stock
from shop.days import stockholm_today
from shop.models import Product
from shop.models.product import LARGEST_ORDER, Kind
from shop.money import Money

MOST_COPIES = 1_000_000


class FormWithRows(WagtailAdminModelForm):
    """A form with inline tables, whose rows can be judged together with the rest."""

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The table's rows as typed; none while one of them is wrong in itself."""
        table = self.formsets[name]
        if not table.is_valid():
            return []
        facts = [form.cleaned_data for form in table.forms]
        return [row for row in facts if row and not row.get("DELETE")]

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean()
        if any(self._has_stored(name) for name in self.formsets):
            self.add_error(
                None, _("Raden finns redan: någon har sparat den sedan du öppnade sidan. Ladda om sidan.")
            )
        return facts

    def _has_stored(self, name: str) -> bool:
        """Whether a row that may be there once has been stored since the page was opened."""
        table = self.formsets[name]
        unique = [each for each in table.model._meta.constraints if isinstance(each, models.UniqueConstraint)]
        names = [field for each in unique for field in each.fields if field != table.fk.name]
        known = [form.instance.pk for form in table.forms if form.instance.pk]
        stored = table.model.objects.filter(**{table.fk.name: self.instance.pk}).exclude(pk__in=known)
        return any(
            stored.filter(**{field: row[field] for field in names}).exists() for row in self.rows(name)
        )


class ProductForm(FormWithRows):
    def clean_sku(self) -> str:
        """What an event's places are sold as is made by itself; a product that has such a number may keep it."""
        sku = str(self.cleaned_data["sku"])
        if sku.startswith(event_places.SKU) and "sku" in self.changed_data:
            raise ValidationError(_("PLATS- är träffarnas. Välj ett annat artikelnummer."))
        return sku

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean()
        self._check_places(facts)
        self._check_quantities(facts)
        self._check_steps(facts.get("price_ore"), facts.get("max_quantity") or LARGEST_ORDER)
        self._check_vat()
        return facts

    def _check_places(self, facts: Mapping[str, Any]) -> None:
        """Orders know by number and kind that they are of places; sold on a shelf, nobody would be signed up."""
        if self.initial.get("kind") != Kind.EVENT or not self.initial["sku"].startswith(event_places.SKU):
            return
        for name in ("sku", "kind", "active"):
            if name in self.changed_data and (name != "active" or facts.get(name)):
                self.add_error(name, _("Det här är en träffs platser. De säljs på träffens egen sida."))

    def _check_quantities(self, facts: Mapping[str, Any]) -> None:
        least, most, pack = (facts.get(name) for name in ("min_quantity", "max_quantity", "pack_size"))
        if least is None or most is None or not pack:  # the field itself refuses a pack of none
            return
        if not least <= most <= LARGEST_ORDER:
            sentence = _("Högst antal ska vara minst %(least)s och högst %(most)s.")
            self.add_error("max_quantity", sentence % {"least": least, "most": LARGEST_ORDER})
        if least % pack:
            self.add_error("min_quantity", _("Minst antal ska gå jämnt ut i förpackningar om %s.") % pack)

    def _check_steps(self, single: int | None, most: int) -> None:
        """Each step can be reached and costs less than the one before it, the first less than a single copy."""
        before = single
        for row in sorted(self.rows("price_steps"), key=lambda row: row["from_quantity"]):
            if row["from_quantity"] > most:
                sentence = _("Pristrappa: ingen kan köpa %(quantity)s, högst antal är %(most)s.")
                self.add_error(None, sentence % {"quantity": row["from_quantity"], "most": most})
            if before is not None and row["price_ore"] >= before:
                self.add_error(None, _step_sentence(row["from_quantity"], row["price_ore"], before))
            before = row["price_ore"]

    def _check_vat(self) -> None:
        rows = self.rows("vat_shares")
        if rows and min(row["valid_from"] for row in rows) > stockholm_today():
            self.add_error(None, _("Moms: minst en momssats ska gälla redan i dag."))


def _step_sentence(quantity: int, ore: int, before: int) -> str:
    return _(
        "Pristrappa: steget från %(quantity)s kostar %(price)s. Det ska vara lägre än steget före, %(before)s."
    ) % {"quantity": quantity, "price": Money(ore), "before": Money(before)}


class FreightForm(FormWithRows):
    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean()
        rows = self.rows("prices")
        if facts.get("active") and not any(row["valid_from"] <= stockholm_today() for row in rows):
            self.add_error(None, _("Priser: minst ett pris ska gälla redan i dag, annars blir frakten 0 kr."))
        return facts


class TermsForm(WagtailAdminModelForm):
    """Terms that buyers have been given stay as they are: the order points at them (ADR 0008)."""

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean()
        if self.has_changed() and self._is_in_force():
            self.add_error(
                None,
                _(
                    "De här villkoren gäller redan och kan inte ändras. Välj Kopiera och gör en ny version"
                    " med ett senare datum."
                ),
            )
        return facts

    def _is_in_force(self) -> bool:
        stored = type(self.instance).objects.filter(pk=self.instance.pk).first()
        return stored is not None and stored.valid_from <= stockholm_today()


class Movement(models.TextChoices):
    COUNT_IN = "count_in", gettext_lazy("Räkna in nya exemplar")
    CORRECT = "correct", gettext_lazy("Rätta: så många finns på hyllan")
    WRITE_OFF = "write_off", gettext_lazy("Kassera")


def new_token() -> str:
    return secrets.token_hex(8)


class StockForm(forms.Form):
    """One movement. The token makes a form that is sent twice one line in the ledger."""

    movement = forms.ChoiceField(
        label=gettext_lazy("Vad har hänt"),
        choices=Movement.choices,
        initial=Movement.COUNT_IN,
        widget=forms.RadioSelect,
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("Antal"),
        min_value=0,
        max_value=MOST_COPIES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Skriv antalet."),
            "invalid": gettext_lazy("Skriv antalet med siffror, till exempel 500."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Orsak"),
        max_length=60,
        help_text=gettext_lazy("Till exempel: Leverans från tryckeriet, följesedel 4711"),
        error_messages={"required": gettext_lazy("Skriv en orsak. Den står kvar i lagerboken.")},
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=32, initial=new_token)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("quantity") == 0 and facts.get("movement") != Movement.CORRECT:
            self.add_error("quantity", _("Skriv ett antal som är minst 1."))
        return facts

    def book(self, product: Product, *, actor: str, now: datetime) -> None:
        """Raises stock.StillPromised."""
        move = {
            Movement.COUNT_IN: stock.count_in,
            Movement.CORRECT: stock.correct,
            Movement.WRITE_OFF: stock.write_off,
        }[Movement(self.cleaned_data["movement"])]
        move({product.pk: self.cleaned_data["quantity"]}, cause=self._cause(), actor=actor, at=now)

    def _cause(self) -> str:
        """The reason and a mark: the ledger takes each cause once, and people repeat their words."""
        facts = self.cleaned_data
        seal = hashlib.blake2s(f"{facts['token']} {facts['quantity']}".encode(), digest_size=4)
        return f"{facts['reason']} #{seal.hexdigest()}"

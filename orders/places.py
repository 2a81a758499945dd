"""The seller's side of shop.event_places: paid places at events as orders on invoice, to organisations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import operations, periods
from orders.forms import BUYER, CheckoutForm
from orders.models import Buyer, Method, Order, WhyCancelled
from orders.operations import Placement
from orders.states import WrongState
from shop import event_places, known
from shop.event_places import Sale
from shop.models import Product
from shop.models.product import Kind
from shop.money import ZERO
from shop.pricing import Line, Priced
from shop.vat import reckon

ASKED_ELSEWHERE = ("email", "phone", "deliveries", "freight", "payment", "greeting")
LONGEST_NAME = 120
NO_EVENT = "Träffen är inställd."


class PlacesForm(CheckoutForm):
    """Who is invoiced for places: the checkout's own fields, without what only goods need."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(_on_invoice(data))
        for name in ASKED_ELSEWHERE:
            del self.fields[name]
        buyer: Any = self.fields["buyer"]
        buyer.choices = [choice for choice in Buyer.choices if choice[0] != Buyer.PRIVATE]
        buyer.error_messages = dict.fromkeys(("required", "invalid_choice"), BUYER)
        self.initial["buyer"] = Buyer.COMPANY
        self.fields["name"].label = gettext_lazy("Kontaktperson")
        self.anchors = {"buyer": "kund-foretag"}


def _on_invoice(data: QueryDict | None) -> QueryDict | None:
    """As the checkout has it from who pays so; no other way is offered here."""
    if data is None:
        return None
    own = data.copy()
    own["payment"] = Method.INVOICE.value
    return own


def place(sale: Sale, now: datetime) -> str:
    placement = Placement(
        checkout_key=sale.key,
        method=Method.INVOICE,
        details={
            **sale.details,
            "email": sale.email,
            "withdrawable": known.company().places_may_be_withdrawn,
        },
        language=sale.language,
        cause="anmälan",
    )
    order, _is_new = operations.place(placement, _priced(sale), now=now)
    return str(order.number)


def _priced(sale: Sale) -> Priced:
    gross = sale.price * sale.quantity
    line = Line(_product(sale), sale.quantity, sale.price, {sale.percent: gross}, seen=sale.price)
    return Priced([line], [], None, reckon([line.by_rate], ZERO))


def _product(sale: Sale) -> Product:
    """What the order line points at: never for sale by itself, never packed. Caller holds the event's lock."""
    facts = {
        "name": f"Plats: {sale.name}"[:LONGEST_NAME],
        "name_en": f"Place: {sale.name}"[:LONGEST_NAME],
        "price_ore": sale.price.ore,
    }
    product: Product
    product, _is_new = Product.objects.get_or_create(
        sku=sale.sku, defaults={**facts, "kind": Kind.EVENT, "counted": False, "active": False}
    )
    if any(getattr(product, name) != value for name, value in facts.items()):
        for name, value in facts.items():
            setattr(product, name, value)
        product.save(update_fields=list(facts))
    return product


def hold(number: str) -> None:
    operations.lock(_pk(number))


def given_back(number: str, *, by_guest: bool, now: datetime) -> None:
    """Caller holds the order, see hold()."""
    operations.give_back(operations.lock(_pk(number)), by_guest=by_guest, now=now)


def if_given_back(number: str, now: datetime) -> str:
    """What a guest reads before cancelling places that are ordered."""
    order = Order.objects.prefetch_related("lines__product").get(number=number)
    last = periods.still_withdraw_by(order, timezone.localdate(now, settings.STOCKHOLM))
    if last is None:
        return _("Vi hör av oss om vad som gäller för betalningen av %(number)s.") % {"number": number}
    return _(
        "Du har ångerrätt till och med %(day)s. Avanmäler du dig nu ångrar du köpet, %(number)s, "
        "och vi betalar tillbaka."
    ) % {"day": date_format(last, "j F Y"), "number": number}


@transaction.atomic
def call_off(number: str, now: datetime) -> None:
    """Called off as staff would: what was paid is planned to go back, and the letter says why."""
    try:
        is_new = operations.cancel_for_buyer(
            _pk(number), why=WhyCancelled.WORDS, reason=NO_EVENT, actor=operations.SYSTEM, now=now
        )
    except WrongState:  # closed by now
        is_new = False
    if not is_new:
        event_places.is_off(number, now=now)


def _pk(number: str) -> int:
    return int(Order.objects.values_list("pk", flat=True).get(number=number))


SELLER = event_places.Seller(
    form=PlacesForm,
    place=place,
    hold=hold,
    given_back=given_back,
    if_given_back=if_given_back,
    call_off=call_off,
)

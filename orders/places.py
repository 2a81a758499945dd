"""The seller's side of shop.event_places: paid places at events as orders."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import operations, own_pages, periods, timeline
from orders.forms import PAYMENT, CheckoutForm
from orders.models import Buyer, Method, Order, WhyCancelled
from orders.models.choices import is_personal
from orders.operations import Placement
from orders.payments.kinds import GatewayError
from orders.payments.starting_over import close_all
from orders.states import Agreement, WrongState
from orders.timeline import own_withdrawals
from orders.views.paying import pay_again, waiting_page
from shop import event_places, known, limits
from shop.event_places import Bought, By, Placed, Sale, Unpaid
from shop.models import Product
from shop.models.product import Kind
from shop.money import ZERO
from shop.pricing import Line, Priced
from shop.vat import reckon

ASKED_ELSEWHERE = ("email", "phone", "deliveries", "freight", "greeting")
FURTHER = ("reference", "purchase_order", "peppol_id")
LONGEST_NAME = 120
NO_EVENT = "Träffen är inställd."
WAYS = [
    (Method.INVOICE.value, gettext_lazy("Faktura")),
    (Method.CARD.value, gettext_lazy("Betallänk i ett mejl")),
]


class PlacesForm(CheckoutForm):
    """Who pays for places, and how: the checkout's own fields, without what only goods need."""

    def __init__(self, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"buyer": Buyer.PRIVATE, **(initial or {})})
        for name in ASKED_ELSEWHERE:
            del self.fields[name]
        self.fields["name"].label = gettext_lazy("Namn på den som betalar")
        self.fields["name"].error_messages = {"required": gettext_lazy("Skriv namnet på den som betalar")}

    @property
    def details(self) -> dict[str, Any]:
        """The checkout's, and the way to pay."""
        return {**super().details, "method": self.cleaned_data["payment"]}

    @property
    def answers(self) -> dict[str, str]:
        """Without a personal number: whoever has the letter reads the page that shows them again."""
        found = dict(self.cleaned_data)
        if is_personal(found["organisation_number"]):
            found["organisation_number"] = found["peppol_id"] = ""
        return {name: value for name, value in found.items() if value}

    @property
    def told(self) -> list[tuple[str, str]]:
        method = Method(self.cleaned_data["payment"])
        way = _("Faktura, 30 dagar") if method == Method.INVOICE else str(method.label)
        rows = [(_("Vem som handlar"), str(Buyer(self.cleaned_data["buyer"]).label))]
        rows += [(_("Organisationsnummer"), self._organisation_number)]
        rows += [(_("Namn och adress"), ", ".join(self._order.delivery_lines))]
        rows += [(str(self.fields[name].label), self.cleaned_data[name]) for name in FURTHER]
        rows += [(_("Fakturaadress"), ", ".join(self._order.invoice_lines)), (_("Betalning"), way)]
        return [(label, text) for label, text in rows if text]

    @property
    def _organisation_number(self) -> str:
        """As it is printed, whole: only who has typed it sees it."""
        number = str(self.cleaned_data["organisation_number"])
        return f"{number[:6]}-{number[6:]}" if number else ""

    @property
    def _order(self) -> Order:
        """As it would be."""
        return Order(**self.details)

    @property
    def on_invoice(self) -> bool:
        return bool(self.cleaned_data["payment"] == Method.INVOICE)

    @property
    def is_private(self) -> bool:
        return bool(self.cleaned_data["buyer"] == Buyer.PRIVATE)


class PhonePlacesForm(PlacesForm):
    """The same as staff fill it in for somebody."""

    anchors = {}  # here each choice is one field

    payment = forms.ChoiceField(
        label=gettext_lazy("Betalning"),
        choices=WAYS,
        help_text=gettext_lazy(
            "Länken håller platserna i sju dagar, men högst halva tiden tills anmälan stänger."
        ),
        error_messages=dict.fromkeys(("required", "invalid_choice"), PAYMENT),
    )

    def __init__(self, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None) -> None:
        first = {"buyer": Buyer.COMPANY, "payment": Method.INVOICE}
        super().__init__(data, {**first, **(initial or {})})
        self.fields["buyer"].label = _("Köpare")
        for field in self.fields.values():
            field.widget = copy(field.widget)  # the buyer's form has the other
            field.widget.attrs = {**field.widget.attrs, "autocomplete": "off"}  # it is not about who types

    @property
    def answers(self) -> dict[str, str]:
        """How to pay is the guest's own to choose."""
        return {name: value for name, value in super().answers.items() if name != "payment"}


def fitting(kept: object) -> dict[str, str]:
    """Nothing when another answer than the way to pay would be refused. What is missing is for the buyer to fill in."""
    if not isinstance(kept, dict) or not all(isinstance(value, str) for value in kept.values()):
        return {}
    data = QueryDict(mutable=True)
    data.update(kept)
    refused = {name for name in PlacesForm(data).errors if name in kept}
    if "buyer" not in kept or refused - {"payment"}:
        return {}
    return {name: value for name, value in kept.items() if name not in refused}


def place(sale: Sale, now: datetime) -> Placed:
    withdrawable = known.company().places_may_be_withdrawn
    details = {**sale.details, "email": sale.email, "withdrawable": withdrawable}
    placement = Placement(
        checkout_key=sale.key,
        method=details.pop("method"),
        details=details,
        language=sale.language,
        actor=sale.by or operations.BUYER,
        cause="anmälan per telefon" if sale.by else "anmälan",
        hold=sale.hold,
    )
    order, _is_new = operations.place(placement, _priced(sale), now=now)
    return Placed(str(order.number), is_to_pay=order.state == Agreement.PLACED and not order.awaits_approval)


def pay(
    request: HttpRequest, number: str, asked: Mapping[str, Any] | None, now: datetime
) -> HttpResponseBase:
    """The page that waits for the payment says what is the matter when there is no payment page to be had."""
    order = Order.objects.get(number=number)
    if asked is not None and not _is_of(order, asked):
        return waiting_page(order, fanns="1")
    try:
        return pay_again(request, order, now=now)
    except limits.TooMany:
        return waiting_page(order)


def _is_of(order: Order, asked: Mapping[str, Any]) -> bool:
    """Whether the order is what such answers asked for; none ask for another."""
    return bool(asked) and all(getattr(order, name) == value for name, value in asked.items())


def unpaid(number: str) -> Unpaid:
    order = Order.objects.get(number=number)
    return Unpaid(order.due, order.reserved_until)


def bought(number: str) -> Bought:
    order = own_pages.ORDERS.get(number=number)
    address = reverse("orders:status", args=[order.key])
    return Bought(number, address, order.total, _paid(order), _since(order))


def _since(order: Order) -> list[str]:
    """As the order's own page tells it, and by when the money is back."""
    notices = own_withdrawals(order)
    if order.state != Agreement.CANCELLED and not notices:
        return []
    standing = timeline.standing(order)
    due = next((row.refund_due for row in notices if row.is_open and row.is_withdrawal and order.paid), None)
    back = (
        _("Pengarna ska vara tillbaka hos dig senast %(day)s.") % {"day": date_format(due, "j F Y")}
        if due
        else ""
    )
    told = " ".join(filter(None, [f"{standing.heading}.", standing.sentence, back]))
    return [told, *timeline.judged(order)]


def _paid(order: Order) -> str:
    """Nothing of an order that is off: what becomes of its money is told with that."""
    if order.state == Agreement.CANCELLED:
        return ""
    if order.paid and not order.due:
        return _("Betalt.")
    return _("Betalas mot faktura.") if order.method == Method.INVOICE else _("Väntar på betalning.")


def close(number: str, now: datetime) -> bool:
    """A payment service that does not answer may have a page open."""
    order = Order.objects.get(number=number)
    try:
        is_closed = close_all(order, now=now)
    except GatewayError:
        return False
    order.refresh_from_db(fields=["state"])
    return is_closed and order.state in {Agreement.PLACED, Agreement.CANCELLED}


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
        sku=_own_sku(sale), defaults={**facts, "kind": Kind.EVENT, "counted": False, "active": False}
    )
    if any(getattr(product, name) != value for name, value in facts.items()):
        for name, value in facts.items():
            setattr(product, name, value)
        product.save(update_fields=list(facts))
    return product


def _own_sku(sale: Sale) -> str:
    """Another when a product that is for sale by itself has the event's number since before it was reserved."""
    is_taken = Product.objects.filter(sku=sale.sku).exclude(kind=Kind.EVENT).exists()
    return f"{sale.sku}-TRAFF" if is_taken else sale.sku


def hold(number: str) -> None:
    operations.lock(_pk(number))


def given_back(number: str, *, by_guest: bool, told: str = "", now: datetime) -> None:
    """Caller holds the order, see hold()."""
    operations.give_back(operations.lock(_pk(number)), by_guest=by_guest, told=told, now=now)


def if_given_back(number: str, now: datetime) -> str:
    """What a guest reads before cancelling places that are ordered."""
    order = Order.objects.get(number=number)
    if order.awaits_approval:
        return _("Då avbeställs %(number)s, och inget ska betalas.") % {"number": number}
    last = _withdraw_by(order, now)
    if last is None:
        return _("Vi hör av oss om vad som gäller för betalningen av %(number)s.") % {"number": number}
    return _(
        "Du har ångerrätt till och med %(day)s. Avanmäler du dig nu ångrar du köpet, %(number)s, "
        "och vi betalar tillbaka."
    ) % {"day": date_format(last, "j F Y"), "number": number}


def withdraw_by(number: str, now: datetime) -> date | None:
    order = Order.objects.get(number=number)
    return _withdraw_by(order, now) if order.state == Agreement.CONFIRMED else None


def _withdraw_by(order: Order, now: datetime) -> date | None:
    prefetch_related_objects([order], "lines__product")
    return periods.still_withdraw_by(order, timezone.localdate(now, settings.STOCKHOLM))


@transaction.atomic
def call_off(number: str, now: datetime) -> None:
    """Called off as staff would: what was paid is planned to go back, and the letter says why.

    An order that has closed stays so, and its money is for staff to say.
    """
    try:
        is_new = operations.cancel_for_buyer(
            _pk(number), why=WhyCancelled.NO_EVENT, reason=NO_EVENT, actor=operations.SYSTEM, now=now
        )
    except WrongState:  # closed by now
        operations.give_back(operations.lock(_pk(number)), by_guest=False, now=now)
        is_new = False
    if not is_new:
        event_places.host().is_off(number, By.CLOCK, now)


def ask_anew(numbers: Collection[str], now: datetime) -> None:
    for pk in Order.objects.to_ask_about_anew(numbers).values_list("pk", flat=True):
        operations.ask_anew(pk, now=now)


def _pk(number: str) -> int:
    return int(Order.objects.values_list("pk", flat=True).get(number=number))


SELLER = event_places.Seller(
    form=PlacesForm,
    form_by_phone=PhonePlacesForm,
    fitting=fitting,
    place=place,
    pay=pay,
    unpaid=unpaid,
    bought=bought,
    close=close,
    hold=hold,
    given_back=given_back,
    if_given_back=if_given_back,
    withdraw_by=withdraw_by,
    call_off=call_off,
    ask_anew=ask_anew,
)

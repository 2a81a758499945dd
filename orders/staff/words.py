"""The staff pages' words for what orders, letters and histories say in code."""

from __future__ import annotations

from django.conf import settings
from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import deadlines, periods, states
from orders.models import Dispute, HistoryLine, Method, Order, OrderLine, QuoteStep
from orders.states import Agreement, Notice, Parcel, WrongState
from shop import event_places


class PaymentWord(TextChoices):
    """What Order.payment_word says."""

    UNPAID = "unpaid", gettext_lazy("Obetald")
    PART_PAID = "part-paid", gettext_lazy("Delvis betald")
    PAID = "paid", gettext_lazy("Betald")
    OVERPAID = "overpaid", gettext_lazy("Betald för mycket")
    PART_REFUNDED = "part-refunded", gettext_lazy("Delvis återbetald")
    REFUNDED = "refunded", gettext_lazy("Återbetald")


class FulfilmentWord(TextChoices):
    """What Order.fulfilment_word says."""

    NONE = "none", gettext_lazy("Ej packad")
    PACKED = "packed", gettext_lazy("Packad")
    SENT = "sent", gettext_lazy("Skickad")
    DELIVERED = "delivered", gettext_lazy("Framme")
    RETURNED = "returned", gettext_lazy("Åter")


LETTERS: dict[str, Promise] = {
    "order-confirmation": gettext_lazy("Orderbekräftelse"),
    "payment-received": gettext_lazy("Betalning mottagen"),
    "pay-again": gettext_lazy("Betala din beställning"),
    "late-money": gettext_lazy("Betalningen kom för sent"),
    "refund": gettext_lazy("Pengar tillbaka"),
    "refund-failed": gettext_lazy("Återbetalningen gick inte fram"),
    "sent": gettext_lazy("Paketet är skickat"),
    "order-waiting": gettext_lazy("Väntar på godkännande"),
    "order-refused": gettext_lazy("Nekad mot faktura"),
    "pay-link": gettext_lazy("Länk att betala genom"),
    "quote": gettext_lazy("Offert"),
    "quote-accepted": gettext_lazy("Offerten är accepterad"),
    "quote-withdrawn": gettext_lazy("Offerten är återkallad"),
    "withdrawal-receipt": gettext_lazy("Bekräftelse på ånger"),
    "withdrawal-goods-awaited": gettext_lazy("Ånger: skicka tillbaka varorna"),
    "withdrawal-refunded": gettext_lazy("Ånger: pengarna tillbaka"),
    "withdrawal-refused": gettext_lazy("Ånger: avslag"),
    "cancelled": gettext_lazy("Avbeställning"),
    "complaint-receipt": gettext_lazy("Kvitto på reklamation"),
    "complaint-refused": gettext_lazy("Reklamation: avslag"),
}

MACHINES: dict[str, tuple[Promise, type[TextChoices]]] = {
    "agreement": (gettext_lazy("Avtal"), states.Agreement),
    "attempt": (gettext_lazy("Betalningsförsök"), states.Attempt),
    "shipment": (gettext_lazy("Försändelse"), states.Parcel),
    "invoice": (gettext_lazy("Faktura"), states.InvoiceState),
    "withdrawal": (gettext_lazy("Ånger"), states.Notice),
    "places": (gettext_lazy("Avanmälda platser"), states.Notice),
    "complaint": (gettext_lazy("Reklamation"), states.Fault),
    "refund": (gettext_lazy("Återbetalning"), states.RefundState),
    "dispute": (gettext_lazy("Bestriden betalning"), Dispute.Status),
}

EVENTS: dict[tuple[str, str], Promise] = {
    ("payment", "booked"): gettext_lazy("Inbetalning bokförd"),
    ("payment", "invited"): gettext_lazy("Betallänk mejlad till köparen"),
    ("payment", "not-believed"): gettext_lazy("Besked om betalning som inte stämmer, inte bokförd"),
    ("refund", "booked"): gettext_lazy("Återbetalning bokförd"),
    ("refund", "not-believed"): gettext_lazy("Besked om återbetalning som inte stämmer, inte bokförd"),
    ("withdrawal", "received"): gettext_lazy("Köpet ångrat av köparen"),
    ("shipment", "tracking"): gettext_lazy("Spårningsnumret rättat"),
    ("shipment", "settled"): gettext_lazy("Returen avgjord"),
    ("shipment", "split"): gettext_lazy("Försändelsen delad i två"),
    ("withdrawal", "tied"): gettext_lazy("Ånger kopplad till beställningen"),
    ("withdrawal", "untied"): gettext_lazy("Ånger flyttad till en annan beställning"),
    ("withdrawal", "rest-goes"): gettext_lazy("Det som är kvar här får gå, trots ångern"),
    ("withdrawal", "proven"): gettext_lazy("Köparen har visat att varorna är skickade"),
    ("withdrawal", "goods-here"): gettext_lazy("Varorna från ångern är här"),
    ("complaint", "open"): gettext_lazy("Reklamation mottagen"),
    ("approval", "needed"): gettext_lazy("Måste godkännas mot faktura"),
    ("approval", "given"): gettext_lazy("Godkänd mot faktura"),
    ("approval", "refused"): gettext_lazy("Nekad mot faktura"),
    ("places", "received"): gettext_lazy("Platserna avanmälda, pengarna är ert beslut"),
    ("places", "no-event"): gettext_lazy("Träffen inställd efter avanmälan, pengarna är ert beslut igen"),
    ("note", "note"): gettext_lazy("Anteckning"),
}


def payment(order: Order) -> str:
    return str(PaymentWord(order.payment_word).label)


def may_go_unpaid(order: Order) -> bool:
    return order.method == Method.INVOICE and not order.paid


def to_packer(order: Order) -> str:
    """The same for whoever packs: an invoice that is not paid yet keeps no parcel here."""
    return _("Faktura") if may_go_unpaid(order) else payment(order)


def fulfilment(order: Order) -> str:
    """FulfilmentWord's label, unless some parcels are further than others or none will ever go.

    In a list of orders fetch them `with_places`.
    """
    states_of = [row.state for row in order.shipments.all() if row.state != Parcel.CANCELLED]
    if order.is_of_places or (order.state != Agreement.PLACED and not states_of):  # called off before
        return _("Skickas inte")
    gone, packed = (
        [state in states.LEFT_US for state in states_of],
        [state != Parcel.PLANNED for state in states_of],
    )
    if any(gone) and not all(gone):
        return _("Delvis skickad")
    if any(packed) and not all(packed):
        return _("Delvis packad")
    return str(FulfilmentWord(order.fulfilment_word).label)


def goods(order: Order, line: OrderLine) -> str:
    """What the shelf says: the Swedish name, though the buyer read another. Reads the line's product."""
    return line.name if order.language == settings.LANGUAGE_CODE else line.product.name


def letter(name: str) -> str:
    return str(LETTERS.get(name, name))


def happening(line: HistoryLine) -> str:
    """What a line of the history tells: `Försändelse: Att packa → Packad`."""
    opened_anew = bool(line.old) and line.machine in {"withdrawal", "places", "complaint"}
    if (event := EVENTS.get((line.machine, line.new))) and not opened_anew:
        return str(event)
    if line.machine not in MACHINES:
        return " ".join(filter(None, [line.machine, line.old, line.new]))
    name, states_of = MACHINES[line.machine]
    moves = [_state(states_of, value) for value in (line.old, line.new) if value and value != Agreement.DRAFT]
    return f"{name}: " + " → ".join(moves)


def quote_step(step: QuoteStep) -> str:
    """`Utkast → Gäller`; a new last day is told as its dates."""
    return " → ".join(_state(states.Quotation, value) for value in (step.old, step.new) if value)


def _state(states_of: type[TextChoices], value: str) -> str:
    return str(states_of(value).label) if value in states_of.values else value


def last_day_to_withdraw(order: Order) -> str:
    """Until when a private buyer may withdraw; empty for organisations, who have no such right."""
    if order.is_organisation:
        return ""
    if not order.withdrawable:
        return _("Ingen: platserna såldes som fritid på en bestämd dag.")
    last = periods.withdraw_by(order)
    if last is None and not order.has_left:
        return _("Har inte börjat: inget paket har gått än.")
    if last is None:
        return _("Okänd: sajten kan inte veta vilken dag paketet kom fram.")
    return _("Till och med %(day)s") % {"day": date_format(last, "j F Y")}


def last_day_to_complain(order: Order) -> str:
    """Until when a fault may be complained of; empty until the parcel is known to have come."""
    if order.delivered_on is None:
        return ""
    last = deadlines.last_day_to_complain(order.delivered_on, consumer=not order.is_organisation)
    words = {"day": date_format(last, "j F Y")}
    if order.is_organisation:
        return _("Till och med %(day)s") % words
    return _("Till och med %(day)s. Inom två månader från att felet märktes är köparen alltid i tid.") % words


def waiting_for(order: Order) -> str:
    """One sentence of what the order waits for when staff have nothing to do; empty when they have."""
    if order.state == Agreement.CANCELLED and order.is_of_places:
        return _cancelled_places(order)
    if order.state == Agreement.CANCELLED:
        return _("Beställningen är avbeställd. Varorna är tillbaka i lagret.")
    if order.awaits_approval:
        return _("Väntar på att någon godkänner den mot faktura.")
    if order.state == Agreement.PLACED:
        return _("Väntar på köparens betalning. Kommer den inte i tid avbeställs beställningen av sig själv.")
    if order.is_of_places:
        return _("Beställningen gäller platser på en träff. Här finns inget att packa.")
    if order.fulfilment_word in {"sent", "delivered"}:
        return _("Paketet är på väg eller framme. Här finns inget mer att packa.")
    if order.fulfilment_word == "returned":
        return _("Varorna är åter. Här finns inget mer att packa.")
    return held(order) if order.is_cleared and order.holding_notices else ""


def _cancelled_places(order: Order) -> str:
    """Nobody can have a place at what is off."""
    known = event_places.host().times([str(order.number)]).values()
    if any(event.is_off for event in known):
        return _("Beställningen är avbeställd. Träffen är inställd.")
    return _("Beställningen är avbeställd. Platserna är lediga igen.")


def held(order: Order) -> str:
    """Why an order with a notice of withdrawal that is not judged neither is packed nor leaves, and what to do."""
    number = {"number": order.number}
    if not any(row.state == Notice.RECEIVED for row in order.holding_notices):
        return (
            _(
                "%(number)s får inte packas eller skickas: köpet är ångrat, och vi väntar på varor tillbaka. "
                "Ska det som är kvar här gå ändå, säg det på ångerns sida."
            )
            % number
        )
    if all(row.rows for row in order.holding_notices):
        return (
            _(
                "%(number)s får inte packas eller skickas: en del av köpet är ångrad. "
                "Avgör ångern först, sedan går resten."
            )
            % number
        )
    return _("%(number)s får inte packas eller skickas: köpet är ångrat. Avgör ångern först.") % number


def refused(order: Order, refusal: WrongState) -> str:
    """Why a step was not taken, as a sentence that says what to do."""
    number = {"number": order.number}
    if order.is_of_places and refusal.new in Parcel.values and refusal.new != Agreement.CANCELLED:
        return _("%(number)s gäller platser på en träff, så inget packas eller skickas.") % number
    if refusal.old == refusal.new:
        return _("Beställning %(number)s är redan %(word)s.") % {
            **number,
            "word": _state(Parcel, refusal.new).lower(),
        }
    if refusal.new == Agreement.CANCELLED:
        return (
            _("Paketet har redan gått, så %(number)s kan inte avbeställas. Den får lämnas tillbaka.") % number
        )
    if order.awaits_approval:
        return _("Beställning %(number)s får inte packas: den är inte godkänd mot faktura än.") % number
    if order.state == Agreement.CANCELLED and refusal.new != Parcel.PACKED:
        return _("Beställning %(number)s är avbeställd, så inget av den skickas eller kommer fram.") % number
    if not order.is_cleared and refusal.new != Parcel.DELIVERED:
        return _("Beställning %(number)s får inte packas: den är obetald eller avbeställd.") % number
    if refusal.new in {Parcel.PACKED, Parcel.SENT} and order.holding_notices:
        return held(order)
    if refusal.new == Parcel.SENT:
        return _("Markera %(number)s som packad först.") % number
    if refusal.new == Parcel.DELIVERED:
        return _("Markera %(number)s som skickad först.") % number
    return _("Beställning %(number)s har redan kommit längre än så.") % number

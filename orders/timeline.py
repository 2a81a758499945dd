"""How far an order has come, in the words of the order page: always five rows and one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from orders.models import Method, MoneyBack, Order, Payment, Shipment, Withdrawal
from orders.states import LEFT_US, Agreement, Notice, Parcel, RefundState
from shop import known
from shop.money import ZERO

DONE, NOW, TODO = "done", "now", "todo"
FEW = 3  # parcels whose numbers stand in a sentence
FAILED = gettext_lazy("Banken tog inte emot pengarna. Vi hör av oss om hur du får dem i stället.")


@dataclass(frozen=True, slots=True)
class Step:
    state: str
    title: str
    text: str = ""
    at: datetime | None = None
    links: tuple[tuple[str, str], ...] = ()  # (tracking number, the carrier's page)

    @property
    def when(self) -> str:
        """Måndag 23 november, 9.14"""
        if self.at is None:
            return ""
        local = self.at.astimezone(settings.STOCKHOLM)
        return capfirst(f"{date_format(local, 'l j F')}, {date_format(local, 'TIME_FORMAT')}")

    @property
    def datetime(self) -> str:
        return self.at.astimezone(settings.STOCKHOLM).strftime("%Y-%m-%dT%H:%M") if self.at else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The page's head: one word for the state, and what happens next."""

    word: str
    heading: str
    sentence: str


def steps(order: Order) -> list[Step]:
    """The five rows; three of places at an event, which nothing is packed for."""
    received = Step(DONE, _("Mottagen"), at=order.placed_at)
    if order.state == Agreement.CANCELLED:
        rows = [received, *_cancelled(order)]
        return rows[:3] if order.is_of_places else rows
    if order.is_of_places:
        return [received, _payment(order), _places(order)]
    return [received, _payment(order), _packing(order), _sending(order), _arrival(order)]


def _places(order: Order) -> Step:
    if places_gone(order):
        return Step(DONE, _("Platserna är avanmälda"))
    places = order.places
    title = ngettext("Platsen är bokad", "Platserna är bokade", places)
    if order.state == Agreement.PLACED:
        return Step(TODO, title, ngettext("Vi håller den så länge.", "Vi håller dem så länge.", places))
    return Step(DONE, title, _("Vem som kommer står på anmälans sida. Länken dit finns i mejlet om den."))


def places_gone(order: Order) -> bool:
    """Whether the places at an event have been cancelled, though the order stands."""
    return any(row.gave_places_back for row in order.withdrawals.all())


# --- The rows -----------------------------------------------------------------------------------
def _payment(order: Order) -> Step:
    if came_whole(order) or (order.paid and not order.due):
        return _paid(order)
    if order.withdrawn and not order.due:
        return Step(DONE, _("Inget att betala"), _("Köpet är ångrat."))
    if order.awaits_approval:
        return Step(NOW, _("Fakturan ska godkännas"), _("Vi hör av oss inom en arbetsdag."))
    if order.method != Method.INVOICE:
        return Step(NOW, _("Väntar på betalning"), _waits_for_money(order))
    if order.is_invoiced:
        return Step(DONE, _("Faktura skickad"), _invoice_way(order))
    return Step(TODO, _("Faktura skickas"), _invoice_way(order))


def _waits_for_money(order: Order) -> str:
    if order.is_of_places:
        return ngettext("Sedan är platsen bokad.", "Sedan är platserna bokade.", order.places)
    return _("Vi packar så snart betalningen är här.")


def _paid(order: Order) -> Step:
    last = _last_payment(order)
    text = _("Med %(method)s") % {"method": Method(last.method).within} if _known(last) and last else ""
    return Step(DONE, _("Betald"), text, at=last.at if last else order.placed_at)


def _known(payment: Payment | None) -> bool:
    return payment is not None and payment.method in Method.values


def _last_payment(order: Order) -> Payment | None:
    booked = [row for row in order.ledger if row.kind == Payment.Kind.PAYMENT]
    return booked[-1] if booked else None


def _invoice_way(order: Order) -> str:
    if address := order.e_invoice_address:
        return _("Som e-faktura till %(address)s, 30 dagar") % {"address": address}
    return _("Som PDF till %(email)s, 30 dagar") % {"email": order.email}


def _packing(order: Order) -> Step:
    packed = [row for row in _live(order) if row.state != Parcel.PLANNED]
    if packed and len(packed) == len(_live(order)):
        return Step(DONE, _("Packad"), at=_latest(row.packed_at for row in packed))
    if _is_held(order):
        return Step(TODO, _("Packas"), _wait_of_held())
    if not order.is_cleared:
        wait = _("När fakturan är godkänd") if order.awaits_approval else _("När betalningen är här")
        return Step(TODO, _("Packas"), wait)
    return Step(
        NOW, pgettext("just nu", "Packas"), _("Ska något ändras? Hör av dig innan vi har packat klart.")
    )


def _is_held(order: Order) -> bool:
    """Whether the buyer's own notice keeps it here; of a stranger's, the page says nothing."""
    return order.is_cleared and any(row.holds_parcels for row in own_withdrawals(order))


def _wait_of_held() -> str:
    return _("Vi väntar med paketet tills din ånger är avgjord.")


def _sending(order: Order) -> Step:
    live = _live(order)
    sent = [row for row in live if row.state in LEFT_US]
    if sent:
        state, title = (NOW, _("Delvis skickad")) if len(sent) < len(live) else (DONE, _("Skickad"))
        if order.deliveries.all():
            return Step(state, title, _tracking_of_many(sent), _left_at(sent))
        followed = _followed(order, sent)
        return Step(state, title, _tracking(sent, len(followed)), _left_at(sent), followed)
    if live and all(row.state == Parcel.PACKED for row in live):
        if _is_held(order):
            return Step(NOW, _("Skickas"), _wait_of_held())
        return Step(NOW, _("Skickas"), _("Paketet står klart och väntar på transport."))
    return Step(TODO, _("Skickad"), _("Du får ett mejl när paketet har gått."))


def _arrival(order: Order) -> Step:
    live = _live(order)
    if live and all(row.state == Parcel.RETURNED for row in live):
        return Step(DONE, _("Åter hos oss"))
    if live and all(row.state in {Parcel.DELIVERED, Parcel.RETURNED} for row in live):
        return Step(DONE, _("Framme"))
    on_its_way = bool(live) and all(row.state in LEFT_US for row in live)
    return Step(NOW if on_its_way else TODO, _("Framme"), _promise(order))


def _cancelled(order: Order) -> list[Step]:
    paid = _paid(order) if order.paid else Step(TODO, _("Betald"), _("Inget har dragits."))
    return [
        paid,
        Step(NOW, _("Avbeställd"), cancelled_sentence(order)),
        Step(TODO, _("Skickad"), _("Inget skickas.")),
        Step(TODO, _("Framme")),
    ]


# --- The head -----------------------------------------------------------------------------------
def standing(order: Order) -> Standing:
    thanks = _("Tack, %(name)s!") % {"name": order.first_name}
    if order.state == Agreement.CANCELLED:
        return Standing(_("Avbeställd"), _("Beställningen är avbeställd"), cancelled_sentence(order))
    if notice := next((row for row in own_withdrawals(order) if row.is_open), None):
        return _withdrawn(order, notice)
    if money := _money_back(order):
        return money
    if order.state == Agreement.PLACED:
        return _not_agreed_yet(order, thanks)
    if where := " ".join(filter(None, [_where(order), _money_of_returned(order)])):
        return Standing(_("Delvis skickad") if _is_part_sent(order) else "", thanks, where)
    if places_gone(order):
        sentence = _("Priset för dem gäller ändå.")
        return Standing(_("Avanmäld"), _("Platserna är avanmälda"), sentence)
    if order.withdrawn:
        return Standing(_("Ändrad"), thanks, _("Beställningen är ändrad. Så här ser den ut nu."))
    return Standing(
        "",
        thanks,
        _("Beställningen är mottagen. En bekräftelse är på väg till %(email)s.") % {"email": order.email},
    )


def _where(order: Order) -> str:
    """Where the parcels are, once any has left; else nothing."""
    reached = {Parcel(row.state) for row in _live(order)}
    if _is_part_sent(order):
        return _where_of_part(reached)
    if not reached or not reached <= LEFT_US:
        return ""
    if reached == {Parcel.RETURNED}:
        return _("Varorna är åter hos oss.")
    if Parcel.SENT not in reached:
        return _("Beställningen är framme.")
    if Parcel.DELIVERED in reached:
        return _("En del av beställningen är framme. Resten är på väg.")
    return ngettext("Paketet är på väg till dig.", "Paketen är på väg till dig.", len(_live(order)))


def _where_of_part(reached: set[Parcel]) -> str:
    if Parcel.SENT in reached:
        return _("En del av beställningen är på väg. Resten följer.")
    if Parcel.DELIVERED in reached:
        return _("En del av beställningen är framme. Resten följer.")
    return _("En del av beställningen är åter hos oss. Resten följer.")


def _money_of_returned(order: Order) -> str:
    """What becomes of the money for goods that came back, as long as none of it has gone or is on its way."""
    if order.returns_to_settle:
        return _("Vi går igenom det som kom åter och ser vad du ska få tillbaka. Svaret står här.")
    kept = [row.kept_because for row in order.shipments.all() if row.kept_because]
    return _("Vi betalar inte tillbaka: %(why)s") % {"why": "; ".join(kept)} if kept else ""


def _withdrawn(order: Order, notice: Withdrawal) -> Standing:
    if notice.waits_for_goods:
        sentence = _(
            "Skicka dem till oss senast %(day)s. När de är här, eller när du har visat att de är skickade, "
            "betalar vi tillbaka."
        ) % {"day": date_format(notice.goods_due, "j F Y")}
        return Standing(_("Ångrad"), _("Vi väntar på varorna"), sentence)
    if notice.goods_at:
        is_here = any(row.state == Parcel.RETURNED for row in order.shipments.all())
        thanks = _("Tack, varorna är här") if is_here else _("Tack, vi ser att varorna är skickade")
        return Standing(_("Ångrad"), thanks, _("Nu räknar vi ut vad du får tillbaka."))
    came = date_format(notice.received_at.astimezone(settings.STOCKHOLM), "DATETIME_FORMAT")
    if notice.is_asked_anew:
        sentence = _("Då ser vi över betalningen av platserna en gång till. Vi hör av oss.")
        return Standing(_("Inställd"), _("Träffen är inställd"), sentence)
    if not notice.is_withdrawal:
        sentence = _("De avanmäldes %(when)s. Vi hör av oss om betalningen.") % {"when": came}
        return Standing(_("Avanmäld"), _("Platserna är avanmälda"), sentence)
    sentence = _("Den kom %(when)s. Vi hör av oss om vad som händer nu.") % {"when": came}
    return Standing(_("Ångrad"), _("Vi har tagit emot din ånger"), sentence)


def _money_back(order: Order) -> Standing | None:
    """Money that did not arrive comes before money that did: the buyer waits for it."""
    if not order.paid:
        return None
    if refund_failed(order):
        return Standing(_("Återbetalas"), _("Återbetalningen gick inte igenom"), str(FAILED))
    if back := order.on_its_way_back:
        sentence = _("Vi betalar tillbaka %(sum)s samma väg som du betalade.") % {"sum": back}
        return Standing(_("Återbetalas"), _("Pengar på väg tillbaka"), sentence)
    if order.taken_by_bank and not order.given_back:
        heading = _("Din bank har tagit tillbaka pengarna")
        return Standing(_("Återtagen"), heading, _refunded_sentence(order))
    if order.refunded:
        return Standing(_("Återbetald"), _("Du har fått pengar tillbaka"), _refunded_sentence(order))
    return None


def _not_agreed_yet(order: Order, thanks: str) -> Standing:
    if order.awaits_approval:
        held = _("Platserna är undanlagda.") if order.is_of_places else _("Varorna är undanlagda.")
        sentence = f"{held} {_('Vi hör av oss inom en arbetsdag om fakturan.')}"
        return Standing(_("Väntar på godkännande"), thanks, sentence)
    sentence = _("Beställningen är lagd, men betalningen är inte här än.")
    return Standing(_("Väntar på betalning"), thanks, sentence)


def cancelled_sentence(order: Order) -> str:
    if order.is_of_places:
        return _cancelled_places(order)
    if refund_failed(order):
        return _("Inget skickas. Återbetalningen gick inte igenom, så vi hör av oss om hur du får pengarna.")
    if order.held > ZERO:  # less when the bank has taken what had gone back already
        return _("Inget skickas. Vi betalar tillbaka %(sum)s samma väg som de kom.") % {"sum": order.held}
    if order.refunded:
        return _refunded_sentence(order)
    return _("Inget skickas och inget ska betalas.")


def _cancelled_places(order: Order) -> str:
    """Of places nobody has thought that they would be sent."""
    if refund_failed(order):
        return _("Återbetalningen gick inte igenom, så vi hör av oss om hur du får pengarna.")
    if order.held > ZERO:
        return _("Vi betalar tillbaka %(sum)s samma väg som de kom.") % {"sum": order.held}
    return _refunded_sentence(order) if order.refunded else _("Inget ska betalas.")


def _refunded_sentence(order: Order) -> str:
    return " ".join(filter(None, [_given_sentence(order), _taken_sentence(order)]))


def _given_sentence(order: Order) -> str:
    if order.given_back >= order.paid:
        return _("Vi har betalat tillbaka hela summan, %(sum)s.") % {"sum": order.paid}
    if not order.given_back:
        return ""
    return _("Vi har betalat tillbaka %(sum)s av %(paid)s.") % {"sum": order.given_back, "paid": order.paid}


def _taken_sentence(order: Order) -> str:
    if not order.taken_by_bank:
        return ""
    sums = {"sum": order.taken_by_bank, "paid": order.paid}
    return _("Din bank har tagit tillbaka %(sum)s av %(paid)s.") % sums


# --- Facts --------------------------------------------------------------------------------------
def _live(order: Order) -> list[Shipment]:
    return [row for row in order.shipments.all() if row.state != Parcel.CANCELLED]


def came_whole(order: Order) -> bool:
    """Whether all the money has come, though some of it may have gone back since."""
    return order.paid >= order.total


def refund_failed(order: Order) -> bool:
    """Whether any refund bounced that nobody has tried anew: one that came later does not make up for it."""
    if not order.paid:
        return False
    prefetch_related_objects([order], "refunds")  # on_its_way_back reads them too
    rows = order.refunds.all()
    tried = {row.again_id for row in rows}
    return any(row.state == RefundState.FAILED and row.pk not in tried for row in rows)


def own_withdrawals(order: Order) -> list[Withdrawal]:
    """The buyer's own notices. Anybody may state a number; staff judge those, this page tells nobody of them."""
    return [row for row in order.withdrawals.all() if row.email.lower() == order.email.lower()]


def judged(order: Order) -> list[str]:
    """What became of the buyer's own notices, a sentence each."""
    words = {
        Notice.REFUNDED: _("Din ånger från %(day)s är godtagen."),
        Notice.REFUSED: _("Din ånger från %(day)s är inte godtagen. Skälet står i mejlet du fick."),
    }
    given_back = {
        Notice.REFUNDED: _("Platserna avanmäldes %(day)s, och vi har godtagit det."),
        Notice.REFUSED: _(
            "Platserna avanmäldes %(day)s. Priset gäller ändå, och skälet står i mejlet du fick."
        ),
    }
    anew = {
        Notice.REFUNDED: _("Träffen blev inställd, och vi har avgjort betalningen en gång till."),
        Notice.REFUSED: _("Träffen blev inställd. Priset gäller ändå, och skälet står i mejlet du fick."),
    }
    rows = _answers(own_withdrawals(order))
    prefetch_related_objects(rows, "lines__line")
    verdicts = [
        (anew if row.is_asked_anew else words if row.is_withdrawal else given_back)[Notice(row.state)]
        % {"day": date_format(row.received_on, "j F Y")}
        for row in rows
    ]
    return [
        " ".join(filter(None, [verdict, _taken(row), _come_back(order, row)]))
        for verdict, row in zip(verdicts, rows, strict=True)
    ]


def _answers(notices: list[Withdrawal]) -> list[Withdrawal]:
    """Those that have been answered; of places that were asked about anew the last answer is what counts."""
    rows = [row for row in notices if row.state in {Notice.REFUNDED, Notice.REFUSED}]
    if not any(row.is_asked_anew for row in rows):
        return rows
    return [row for row in rows if row.is_asked_anew or not row.gave_places_back]


def _come_back(order: Order, notice: Withdrawal) -> str:
    """How far the money of a granted notice has come; nothing of one that sent none."""
    if notice.state != Notice.REFUNDED:
        return ""
    prefetch_related_objects([order], "refunds")
    words = {
        MoneyBack.ON_ITS_WAY: _("Pengarna är på väg till dig."),
        MoneyBack.CAME: _("Pengarna är återbetalda."),
        MoneyBack.FAILED: str(FAILED),
    }
    return words.get(notice.money_back, "")


def _taken(notice: Withdrawal) -> str:
    """Which copies went back; the list of what is in the parcel tells what was bought."""
    copies = ", ".join(f"{row.quantity} × {row.line.name}" for row in notice.lines.all())
    return _("Den gäller %(copies)s.") % {"copies": copies} if copies else ""


def _is_part_sent(order: Order) -> bool:
    sent = [row.state in LEFT_US for row in _live(order)]
    return any(sent) and not all(sent)


def _tracking(sent: Iterable[Shipment], followed: int) -> str:
    """The numbers, or how many they are when each of many stands in the list of those that can be followed."""
    numbers = list(dict.fromkeys(row.tracking_number for row in sent if row.tracking_number))
    if len(numbers) == followed > FEW:
        return _("%(count)s paket") % {"count": followed}
    return _("Spårningsnummer %(numbers)s") % {"numbers": ", ".join(numbers)} if numbers else ""


def _tracking_of_many(sent: Iterable[Shipment]) -> str:
    """A number says nothing without its address: see destinations.followed."""
    return _("Spårningsnumren står vid adresserna.") if any(row.tracking_number for row in sent) else ""


def _followed(order: Order, sent: Iterable[Shipment]) -> tuple[tuple[str, str], ...]:
    """Parcels that the carrier shows on a page of its own."""
    if (way := known.freight(order.freight_code)) is None:
        return ()
    numbers = dict.fromkeys(row.tracking_number for row in sent)
    return tuple((number, link) for number in numbers if (link := way.tracking_link(number)))


def _left_at(sent: Iterable[Shipment]) -> datetime | None:
    return _latest(row.sent_at for row in sent)


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)


def _promise(order: Order) -> str:
    """What the way of sending promises, in its own words; nothing is reckoned here."""
    method = known.freight(order.freight_code)
    return method.shown_hint if method else ""

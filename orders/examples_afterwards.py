"""Examples of the letters that come after the sale: withdrawals, cancellations and complaints."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from notifications.letters import Facts, Kind
from orders import letters
from orders.examples import AT, EMAIL, NAME, NUMBER, SEES_ORDERS, kept, line, order, words
from orders.models import Complaint, WhyCancelled, Wish, Withdrawal, WithdrawnLine


def _notice(language: str, **facts: Any) -> Withdrawal:
    """A notice of the whole order, which is on the way back."""
    stated = {"name": NAME, "order_number": NUMBER, "email": EMAIL, "received_at": AT}
    made = Withdrawal(pk=0, **stated, order=order(language), language=language, **facts)
    bought = line(language)
    row = WithdrawnLine(line=bought, quantity=bought.quantity, gross_ore=bought.gross_ore)
    kept(made, lines=[row])
    return made


def goods_awaited(language: str) -> Facts:
    return letters.goods_awaited_facts(_notice(language))


def withdrawal_refunded(language: str) -> Facts:
    reason = words(language, gettext_lazy("Två exemplar har anteckningar i marginalen."))
    notice = _notice(language, freight_ore=49_00, deduction_ore=2 * 49_00, reason=reason)
    return letters.withdrawal_refunded_facts(notice, notice.refund)


def withdrawal_refused(language: str) -> Facts:
    reason = words(language, gettext_lazy("Beställningen kom fram för mer än 14 dagar sedan."))
    return letters.withdrawal_refused_facts(_notice(language, reason=reason))


def called_off(language: str) -> Facts:
    made = order(language)
    return letters.called_off_facts(made, back=made.total, why=WhyCancelled.SOLD_OUT)


def _complaint(language: str, **facts: Any) -> Complaint:
    return Complaint(
        order=order(language),
        rows=f"25 × {words(language, gettext_lazy('Skriften om värdskap'))}",
        fault=words(language, gettext_lazy("Fyra exemplar saknar sidorna 9 till 12.")),
        wish=Wish.NEW,
        received_at=AT,
        language=language,
        **facts,
    )


def complained(language: str) -> Facts:
    return letters.complaint_facts(_complaint(language))


def complaint_refused(language: str) -> Facts:
    answer = words(language, gettext_lazy("Sidorna är avsiktligt tomma, för egna anteckningar."))
    return letters.complaint_facts(_complaint(language, answer=answer))


def withdrawn(language: str) -> Facts:
    return letters.withdrawal_facts(_notice(language, rows=words(language, gettext_lazy("5 av 25 exemplar"))))


KINDS = [
    Kind(
        "withdrawal-receipt",
        gettext_lazy("Kvitto på ånger"),
        gettext_lazy("Genast när någon har använt Ångra avtalet här."),
        withdrawn,
        SEES_ORDERS,
    ),
    Kind(
        "withdrawal-goods-awaited",
        gettext_lazy("Ånger: skicka tillbaka varorna"),
        gettext_lazy("När personalen godtar en ånger och varorna är hos köparen."),
        goods_awaited,
        SEES_ORDERS,
    ),
    Kind(
        "withdrawal-refunded",
        gettext_lazy("Ånger: pengarna tillbaka"),
        gettext_lazy("När personalen har bestämt vad som ska betalas tillbaka efter en ånger."),
        withdrawal_refunded,
        SEES_ORDERS,
    ),
    Kind(
        "withdrawal-refused",
        gettext_lazy("Ånger: avslag"),
        gettext_lazy("När personalen avslår en ånger. Skälet och ARN står i brevet."),
        withdrawal_refused,
        SEES_ORDERS,
    ),
    Kind(
        "cancelled",
        gettext_lazy("Avbeställning"),
        gettext_lazy("När köparen eller personalen har avbeställt, men inte när tiden att betala gick ut."),
        called_off,
        SEES_ORDERS,
    ),
    Kind(
        "complaint-receipt",
        gettext_lazy("Kvitto på reklamation"),
        gettext_lazy("Genast när en reklamation är mottagen."),
        complained,
        SEES_ORDERS,
    ),
    Kind(
        "complaint-refused",
        gettext_lazy("Reklamation: avslag"),
        gettext_lazy("När personalen avslår en reklamation. Skälet och ARN står i brevet."),
        complaint_refused,
        SEES_ORDERS,
    ),
]

"""Complaints of a fault: taken in from the buyer or by staff over the phone, settled or refused."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from orders import letters
from orders.handed_over import Copies, in_words, with_buyer
from orders.models import Complaint, ComplaintLine, Order
from orders.operations.locking import lock
from orders.operations.writing import write
from orders.states import Fault, move


class NotHandedOver(Exception):
    """More copies than the buyer has, or none at all."""


@transaction.atomic
def complain(
    pk: int, copies: Copies, *, fault: str, wish: str, written_by: str, language: str, now: datetime
) -> Complaint:
    """Record a complaint of so many copies (OrderLine pk → number) and write its receipt, once for the same words
    until they are answered.

    Taken in whenever it comes: whether it is in time is for staff to judge (konsumentköplagen 5 kap. 2 §).
    Raises NotHandedOver.
    """
    order = lock(pk)
    copies = {line: number for line, number in copies.items() if number}
    has = with_buyer(order)
    if not copies or any(not 0 < number <= has.get(line, 0) for line, number in copies.items()):
        raise NotHandedOver(f"{order}: {copies} of {has}")
    rows = in_words(order, copies)
    same = list(order.complaints.filter(rows=rows, fault=fault, wish=wish))
    if waiting := next((complaint for complaint in same if complaint.state == Fault.OPEN), None):
        return waiting
    complaint = Complaint.objects.create(
        order=order,
        key=_key(order, rows, fault, wish, len(same)),
        rows=rows,
        fault=fault,
        wish=wish,
        written_by=written_by,
        language=language,
        received_at=now,
    )
    ComplaintLine.objects.bulk_create(
        ComplaintLine(complaint=complaint, line_id=line, quantity=number) for line, number in copies.items()
    )
    complaint.note(complaint.MACHINE, "", Fault.OPEN, actor=written_by, cause=fault, now=now)
    _write("complaint-receipt", complaint, key=complaint.key)
    return complaint


def _key(order: Order, rows: str, fault: str, wish: str, answered: int) -> str:
    parts = "\x00".join([str(order.pk), rows, fault, wish, *([str(answered)] if answered else [])])
    return salted_hmac("orders.complaint", parts, algorithm="sha256").hexdigest()


def locked_complaint(pk: int) -> Complaint:
    """The complaint as it is once its order's row is locked. Raises Complaint.DoesNotExist."""
    order = lock(Complaint.objects.values_list("order", flat=True).get(pk=pk))
    complaint = Complaint.objects.get(pk=pk)
    complaint.order = order
    return complaint


@transaction.atomic
def settle_complaint(pk: int, answer: str, *, actor: str, now: datetime) -> bool:
    """Done, with a note of what was done. No letter: staff have spoken with the buyer. Raises WrongState."""
    return _answer(pk, Fault.SETTLED, answer, actor=actor, now=now) is not None


@transaction.atomic
def refuse_complaint(pk: int, answer: str, *, actor: str, now: datetime) -> bool:
    """We do not answer for the fault: the buyer is told why, and of ARN. Raises WrongState. False when done."""
    complaint = _answer(pk, Fault.REFUSED, answer, actor=actor, now=now)
    if complaint is None:
        return False
    _write("complaint-refused", complaint, key=f"{complaint.key}:{now:%Y%m%dT%H%M%S}")
    return True


def _answer(pk: int, new: Fault, answer: str, *, actor: str, now: datetime) -> Complaint | None:
    complaint = locked_complaint(pk)
    if not move(complaint, new, actor=actor, cause=answer, now=now):
        return None
    complaint.decide(actor=actor, now=now, answer=answer)
    return complaint


@transaction.atomic
def reopen_complaint(pk: int, *, actor: str, now: datetime) -> bool:
    """Look at it once more. Raises WrongState. False when it is open."""
    complaint = locked_complaint(pk)
    return move(complaint, Fault.OPEN, actor=actor, cause=complaint.answer, now=now)


def _write(letter: str, complaint: Complaint, *, key: str) -> None:
    facts = letters.complaint_facts(complaint)
    write(letter, complaint.order, facts, key=key, language=complaint.language)

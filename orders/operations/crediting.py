"""An organisation's own credit limit: set by staff, asked for by the rule of approval."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders.models import CreditLimit, CreditStep
from orders.operations.locking import lock_customer
from shop.money import Money


@transaction.atomic
def set_credit_limit(
    organisation_number: str, limit: Money | None, *, actor: str, cause: str, now: datetime
) -> CreditLimit:
    """From now on the organisation may owe so much on invoice; None: what all may. The same sum again is a no-op.

    `organisation_number` is ten digits. Its orders come before or after, none in the middle; those that wait for
    approval already still do.
    """
    lock_customer(organisation_number)
    credit, _new = CreditLimit.objects.select_for_update().get_or_create(
        organisation_number=organisation_number
    )
    old, new = credit.limit_ore, None if limit is None else limit.ore
    if old != new:
        credit.limit_ore = new
        credit.save(update_fields=["limit_ore"])
        CreditStep.objects.create(credit=credit, old_ore=old, new_ore=new, actor=actor, cause=cause, at=now)
    return credit

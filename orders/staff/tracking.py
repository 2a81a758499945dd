"""Tracking numbers as they are scanned and typed: by which the buyer finds the parcel, and staff the buyer."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from orders.models import Shipment

# Carriers use their numbers again, but not as soon as this.
UNIQUE_FOR = timedelta(days=90)
SLIP = re.compile(r"(VS-\d{4}-\d{6,12})(?:-(\d{1,18}))?", re.ASCII)


def slip(typed: str) -> tuple[str, int | None] | None:
    """What packing_papers.slip_code says: the order's number, and which parcel of several. None for anything else."""
    found = SLIP.fullmatch(typed.strip()[:60].upper())
    return (found[1], int(found[2]) if found[2] else None) if found else None


def clean(typed: str, parcel: Shipment, *, now: datetime) -> str:
    """The number without spaces. Raises ValidationError with a sentence for one that cannot be this parcel's."""
    number = "".join(typed.split())
    if not number.isprintable():
        raise ValidationError(_("Numret innehåller tecken som inte syns. Skanna eller skriv det igen."))
    if slip(number):
        raise ValidationError(_("Det där är följesedelns streckkod. Skanna fraktsedelns."))
    if number and (other := _elsewhere(number, parcel, now)):
        raise ValidationError(
            _("Numret står redan på %(number)s. Kontrollera att det är rätt fraktsedel.")
            % {"number": other.order.number}
        )
    return number


def _elsewhere(number: str, parcel: Shipment, now: datetime) -> Shipment | None:
    """Another order's parcel that went under this number lately: the wrong label was scanned."""
    others = Shipment.objects.under_number(number, not_of=parcel.order, since=now - UNIQUE_FOR)
    return others.first()

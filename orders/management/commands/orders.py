"""manage.py orders: every order with its words, its money and its lines."""

from __future__ import annotations

import json
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser, DjangoHelpFormatter
from django.utils.timezone import localtime

from orders.models import Order, OrderLine, VatPart
from orders.staff import words

# Related rows are fetched for so many orders at a time: memory and parameters stay bounded.
CHUNK = 1_000
LINE = "{:<16} {:<17} {:<11} {:<18} {:<10} {:>16} {:>16} {:>16}"
HELP = """\
Alla beställningar i den ordning de kom.

Med --json en lista av objekt, belopp i hela öre:
  number, key, buyer, method, placed_at, agreement, payment, fulfilment,
  total_ore, freight_ore, paid_ore, refunded_ore,
  vat    objekt: momssats till moms, frakten inräknad
  lines  lista: sku, quantity, gross_ore, vat_percent, vat_ore
Frakten är ingen rad i lines; freight_ore är brutto och dess moms ingår i vat.
En rad med blandad moms (film och tryck) ger ett objekt per momssats: gross_ore och vat_ore är satsens del,
quantity är radens antal på dem alla. Summera därför gross_ore, men räkna exemplar en gång per sku.
"""


class HelpAsWritten(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Keeps the help's line breaks."""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=HelpAsWritten, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="skriv en JSON-lista")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["json"]:
            self.stdout.write(json.dumps([described(order) for order in orders()], indent=2))
        else:
            self.stdout.write(table(orders()))


def orders() -> Iterator[Order]:
    """Oldest first; five queries per thousand orders."""
    found = Order.objects.placed().order_by("pk")
    return found.prefetch_related("lines", "vat_parts", "payments", "shipments").iterator(chunk_size=CHUNK)


def described(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "key": order.key,
        "buyer": order.buyer,
        "method": order.method,
        "placed_at": order.placed_at.isoformat(),
        "agreement": order.state,
        "payment": order.payment_word,
        "fulfilment": order.fulfilment_word,
        "total_ore": order.total.ore,
        "freight_ore": order.freight_ore,
        "paid_ore": order.paid.ore,
        "refunded_ore": order.refunded.ore,
        "vat": {str(percent): vat.ore for percent, _net, vat in order.vat_totals},
        "lines": [
            part_of_line(line, part)
            for line in order.lines.all()
            for part in order.vat_parts.all()
            if part.line_id == line.pk
        ],
    }


def part_of_line(line: OrderLine, part: VatPart) -> dict[str, Any]:
    return {
        "sku": line.sku,
        "quantity": line.quantity,
        "gross_ore": part.gross_ore,
        "vat_percent": part.percent,
        "vat_ore": part.vat_ore,
    }


def table(found: Iterable[Order]) -> str:
    titles = ("Nummer", "Lagd", "Avtal", "Betalning", "Leverans", "Summa", "Betalt", "Återbetalt")
    return "\n".join([LINE.format(*titles), *(LINE.format(*cells(order)) for order in found)])


def cells(order: Order) -> list[str]:
    return [
        str(order.number),
        f"{localtime(order.placed_at):%Y-%m-%d %H.%M}",
        order.get_state_display(),
        words.payment(order),
        words.fulfilment(order),
        order.total.exact(),
        order.paid.exact(),
        order.refunded.exact(),
    ]

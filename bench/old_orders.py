"""A site's past: python -m bench.old_orders <orders> with the environment of a seeded site on PostgreSQL.

A score of orders of all kinds come about by the shop's own operations. The database then copies them with
everything that belongs to them, each copy 200 minutes earlier than the one before: 100 000 orders are two years'
trade. Columns and tables are read from the models, so that one that is added is copied too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import product as every_pair
from typing import Any

import django
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

Table = type[models.Model]
Field = Any  # Django's own is generic in what matters little here
EARLIER = "interval '200 minutes'"
STRIDE = 10_000  # between a row's primary key and its copy's: more than a seeded site has rows in a table
KINDS: list[dict[str, Any]] = [
    *[{"sent": True}] * 9,
    *[{"sent": True, "on_invoice": True}] * 5,
    {"sent": True, "lines": {"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 2}},
    {"packed": True},
    {"paid": True},
    {},
    {"cancelled": True},
    {"cancelled": True, "on_invoice": True},
]
FIRST = ("Karin", "Olof", "Aisha", "Erik", "Fatima", "Lars", "Ingrid", "Mehmet", "Astrid", "Johan", "Siri")
LAST = ("Ek", "Strand", "Lind", "Yilmaz", "Berg", "Öberg", "Holm", "Nowak", "Sjö", "Dahl", "Ali", "Åkesson")
NAMES = [" ".join(pair) for pair in every_pair(FIRST, LAST)]
# Text that is not unique by itself but says which order a row belongs to.
TELLS_THE_ORDER = {("notifications", "about"), ("shop", "cause")}


def fill(environment: dict[str, str], orders: int) -> None:
    """Run this module on another site's database."""
    command = [sys.executable, "-m", "bench.old_orders", str(orders)]
    subprocess.run(command, env={**os.environ, **environment}, check=True)


@transaction.atomic
def make(orders: int) -> None:
    """Give a seeded site so many orders, rounded up to whole scores."""
    first = _templates()
    copies = -(-orders // len(KINDS)) - 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the copies fit by construction
        for model, condition, values in _rows_of(first):
            cursor.execute(_copying(model, condition), [copies, *values])
            for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
                cursor.execute(statement)
        _settle_stock(cursor)


def _templates() -> list[int]:
    """The primary keys of one order of each of KINDS."""
    from notifications.models import Message, State
    from orders import operations
    from tests.factories import OrderFactory

    now, made = timezone.now() - timedelta(hours=1), []
    for place, kind in enumerate(KINDS):
        facts = {name: fact for name, fact in kind.items() if name != "cancelled"}
        order = OrderFactory(checkout_key=f"gammal-{place}", name=NAMES[place], at=now, **facts)
        if "cancelled" in kind:
            operations.cancel(order.pk, actor="bench", cause="ångrade sig", now=now)
        made.append(order.pk)
    Message.objects.update(state=State.SENT, sent_at=now, tries=1)
    return made


def _rows_of(orders: list[int]) -> Iterator[tuple[Table, str, list[Any]]]:
    """Each table with rows of these orders, and the condition that finds them; what is pointed at comes first."""
    from notifications.models import Message
    from orders.models import Order
    from shop.models import StockMovement

    yield Order, "id = ANY(%s)", [orders]
    for model in _below(Order):
        rows = model._base_manager.filter(**{f"{_way(model, Order)}__in": orders})
        yield model, "id = ANY(%s)", [list(rows.values_list("pk", flat=True))]
    numbers = list(Order.objects.filter(pk__in=orders).values_list("number", flat=True))
    yield Message, "about = ANY(%s)", [numbers]
    yield StockMovement, "cause = ANY(%s)", [numbers]


@cache
def _copied_models() -> set[Table]:
    order = apps.get_model("orders", "Order")
    return {order, *_below(order)}


def _below(root: Table) -> list[Table]:
    """The models of orders that point at an order, by one step or more, in the order in which rows can be made."""
    found: list[Table] = []
    known: set[Table] = {root}
    rest = [model for model in apps.get_app_config("orders").get_models() if model is not root]
    while reached := [model for model in rest if any(_pointers(model, known))]:
        found += reached
        known |= set(reached)
        rest = [model for model in rest if model not in known]
    return found


def _pointers(model: Table, targets: set[Table]) -> Iterator[Field]:
    return (f for f in model._meta.concrete_fields if f.is_relation and f.related_model in targets)


def _way(model: Table, root: Table) -> str:
    """How a query comes from the model to its order: `order`, `shipment__order`."""
    direct = next(_pointers(model, {root}), None)
    if direct is not None:
        return str(direct.name)
    above = next(_pointers(model, set(_below(root)) - {model}))
    return f"{above.name}__{_way(above.related_model, root)}"


def _copying(model: Table, condition: str) -> str:
    """The statement that copies the rows; its parameters are the number of copies and the condition's."""
    fields = model._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table, values = model._meta.db_table, ", ".join(_copied(model, field) for field in fields)
    return (
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, generate_series(1, %s) AS copy(k)"
        f" WHERE {condition}"
    )


def _copied(model: Table, field: Field) -> str:
    """A column's value in copy `k`: keys lie STRIDE apart, text that must differ ends on -k."""
    column = connection.ops.quote_name(field.column)
    label, text = model._meta.app_label, isinstance(field, (models.CharField, models.TextField))
    if field.primary_key or (field.is_relation and field.related_model in _copied_models()):
        return f"{column} + k * {STRIDE}"
    if text and (field.unique or field.name in _uniting(model) or (label, field.name) in TELLS_THE_ORDER):
        kept = f"left({column}, {field.max_length - 6})" if field.max_length else column
        return f"CASE WHEN {column} = '' THEN {column} ELSE {kept} || '-' || k END"
    if isinstance(field, models.DateTimeField):
        return f"{column} - k * {EARLIER}"
    return _person(model, field, column)


def _uniting(model: Table) -> set[str]:
    """The text columns of the model's unique constraints that tell one matter from another."""
    named = {
        name
        for one in model._meta.constraints
        if isinstance(one, models.UniqueConstraint)
        for name in one.fields
    }
    return named & {"key", "reference", "session_id", "cause"}


def _person(model: Table, field: Field, column: str) -> str:
    """Buyers have names and addresses of their own, so that a search finds some and not all."""
    if model._meta.model_name != "order" or field.name not in {"name", "email", "organisation"}:
        return column
    if field.name == "name":
        return f"(ARRAY[{', '.join(map(repr, NAMES))}])[1 + (k * 7 + id) %% {len(NAMES)}]"
    if field.name == "email":
        return f"'kund' || (id + k * {STRIDE}) || '@bjorkvik.example'"
    return f"CASE WHEN {column} = '' THEN '' ELSE {column} || ' ' || (k %% 290) END"


def _settle_stock(cursor: Any) -> None:
    """The shelves held what was sold, so that the balances are what the movements add up to."""
    sums = (
        "SELECT product_id, sum(on_hand_delta) AS shelf, sum(reserved_delta) AS promised"
        " FROM shop_stockmovement GROUP BY 1"
    )
    cursor.execute(
        "UPDATE shop_stockmovement SET on_hand_delta = on_hand_delta + 100000 - least(0, lacking.number) FROM"
        f" (SELECT product_id, shelf - promised AS number FROM ({sums}) AS sums) AS lacking,"
        " (SELECT min(id) AS id, product_id FROM shop_stockmovement WHERE kind = 'count_in' GROUP BY 2) AS first"
        " WHERE shop_stockmovement.id = first.id AND first.product_id = lacking.product_id AND lacking.number < 100000"
    )
    cursor.execute(
        f"UPDATE shop_stocklevel SET on_hand = shelf, reserved = promised FROM ({sums}) AS sums"
        " WHERE sums.product_id = shop_stocklevel.product_id"
    )


def main(orders: int) -> None:
    django.setup()
    make(orders)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main(int(sys.argv[1]))

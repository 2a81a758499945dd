"""The only place that moves stock: lock the balances in one order, decide, write balance and ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shop import freshness, low_stock
from shop.models import Product, StockLevel, StockMovement

Kind = StockMovement.Kind
# They end a promise, so the ledger says what they concern; staff may have stopped or begun counting since.
ENDS_A_PROMISE = {Kind.RELEASE, Kind.HAND_OVER}


@dataclass(frozen=True, slots=True)
class Shortage:
    product: Product
    wanted: int
    available: int


class SoldOut(Exception):
    """Not enough copies. Carries every shortage, so that one answer can name them all."""

    def __init__(self, shortages: list[Shortage]) -> None:
        super().__init__(", ".join(f"{s.product.sku}: {s.wanted} > {s.available}" for s in shortages))
        self.shortages = shortages


class StillPromised(Exception):
    """Fewer copies would be left on the shelf than are promised to buyers."""

    def __init__(self, level: StockLevel) -> None:
        super().__init__(f"{level.product.sku}: {level.reserved} promised")
        self.promised = level.reserved


def reserve(quantities: Mapping[int, int], *, cause: str, actor: str, at: datetime) -> None:
    """Promise copies (product id to number). All or nothing; raises SoldOut."""

    def enough(levels: list[StockLevel]) -> None:
        short = [level for level in levels if level.available < quantities[level.product_id]]
        if short:
            raise SoldOut([Shortage(x.product, quantities[x.product_id], x.available) for x in short])

    _move(quantities, Kind.RESERVE, on_hand=0, reserved=1, cause=cause, actor=actor, at=at, check=enough)


def release(quantities: Mapping[int, int], *, cause: str, actor: str, at: datetime) -> None:
    """Give back to the shelf's offer what this cause was promised."""
    _move(quantities, Kind.RELEASE, on_hand=0, reserved=-1, cause=cause, actor=actor, at=at)


def hand_over(quantities: Mapping[int, int], *, cause: str, actor: str, at: datetime) -> None:
    """What this cause was promised leaves the house."""
    _move(quantities, Kind.HAND_OVER, on_hand=-1, reserved=-1, cause=cause, actor=actor, at=at)


def count_in(quantities: Mapping[int, int], *, cause: str, actor: str, at: datetime) -> None:
    """New copies arrive on the shelf."""
    _move(quantities, Kind.COUNT_IN, on_hand=1, reserved=0, cause=cause, actor=actor, at=at)


def write_off(quantities: Mapping[int, int], *, cause: str, actor: str, at: datetime) -> None:
    """Copies are lost or spoilt. All or nothing; raises StillPromised."""

    def enough(levels: list[StockLevel]) -> None:
        _keep_promises(levels, {pk: -number for pk, number in quantities.items()})

    _move(quantities, Kind.WRITE_OFF, on_hand=-1, reserved=0, cause=cause, actor=actor, at=at, check=enough)


@transaction.atomic
def correct(counted: Mapping[int, int], *, cause: str, actor: str, at: datetime) -> None:
    """Make the shelf hold what was counted there (product id to number). All or nothing; raises StillPromised."""
    deltas = {
        level.product_id: counted[level.product_id] - level.on_hand for level in _locked_levels(counted)
    }
    wrong = {pk: delta for pk, delta in deltas.items() if delta}

    def enough(levels: list[StockLevel]) -> None:
        _keep_promises(levels, wrong)

    _move(wrong, Kind.CORRECTION, on_hand=1, reserved=0, cause=cause, actor=actor, at=at, check=enough)


def _keep_promises(levels: list[StockLevel], deltas: Mapping[int, int]) -> None:
    for level in levels:
        if level.available + deltas[level.product_id] < 0:
            raise StillPromised(level)


@transaction.atomic
def _move(
    quantities: Mapping[int, int],
    kind: StockMovement.Kind,
    *,
    on_hand: int,
    reserved: int,
    cause: str,
    actor: str,
    at: datetime,
    check: Callable[[list[StockLevel]], None] | None = None,
) -> None:
    """Write one movement per counted product; a movement that its cause has made before is left out."""
    ends = kind in ENDS_A_PROMISE
    levels = _locked_levels(quantities, only_counted=not ends)
    made = _made_by(cause, levels)
    levels = [
        level
        for level in levels
        if (level.product_id, kind) not in made and (not ends or (level.product_id, Kind.RESERVE) in made)
    ]
    if check:
        check(levels)
    sold_out = [level.product.is_sold_out for level in levels]
    before = {level.product_id: level.available for level in levels}
    for level in levels:
        level.on_hand += on_hand * quantities[level.product_id]
        level.reserved += reserved * quantities[level.product_id]
    if sold_out != [level.product.is_sold_out for level in levels]:
        freshness.changed()
    StockLevel.objects.bulk_update(levels, ["on_hand", "reserved"])
    low_stock.tell(levels, before, cause=f"{kind}:{cause}")
    StockMovement.objects.bulk_create(
        StockMovement(
            product_id=level.product_id,
            kind=kind,
            on_hand_delta=on_hand * quantities[level.product_id],
            reserved_delta=reserved * quantities[level.product_id],
            cause=cause,
            actor=actor,
            at=at,
        )
        for level in levels
    )


def _made_by(cause: str, levels: list[StockLevel]) -> set[tuple[int, str]]:
    """The movements that stand under this cause: (product id, kind)."""
    found = StockMovement.objects.filter(product__in=[level.product_id for level in levels], cause=cause)
    return set(found.values_list("product_id", "kind"))


def _locked_levels(quantities: Mapping[int, int], *, only_counted: bool = True) -> list[StockLevel]:
    """Lock the products' balances, always in the same order, so that two buyers cannot deadlock."""
    levels = StockLevel.objects.select_for_update(of=("self",)).select_related("product")
    levels = levels.filter(product_id__in=list(quantities)).order_by("product_id")
    if not only_counted:
        return list(levels)
    levels = levels.filter(product__counted=True)
    found = list(levels)
    if len(found) < len(quantities) and _open_missing_ledgers(quantities):
        found = list(levels.all())
    return found


def _open_missing_ledgers(quantities: Mapping[int, int]) -> bool:
    """Give counted products that have no balance yet one of zero: what nobody counted in cannot be sold."""
    missing = Product.objects.filter(pk__in=list(quantities), counted=True, stock=None)
    created = StockLevel.objects.bulk_create(
        [StockLevel(product=product) for product in missing], ignore_conflicts=True
    )
    return bool(created)

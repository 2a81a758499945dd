"""The only place that moves stock: lock the balances in one order, decide, write balance and ledger.

Three words: a *cause* is one act and moves a product once; a *promise* is who the copies are held for (an order's
number), so that what is left of it is the sum of its movements, however many parcels it leaves in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, Sum

from shop import freshness, low_stock
from shop.models import Product, StockLevel, StockMovement

Kind = StockMovement.Kind
Copies = Mapping[int, int]  # product id to number of copies


# Of a balance and its product: what is decided by, and what a refusal or a letter says.
READ = (
    "on_hand",
    "reserved",
    "product_id",
    *(
        f"product__{field}"
        for field in ("sku", "name", "name_en", "counted", "min_quantity", "low_stock_at", "active")
    ),
)


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


@dataclass(frozen=True, slots=True)
class _Act:
    """One act on the stock, as the ledger notes it."""

    kind: StockMovement.Kind
    cause: str
    actor: str
    at: datetime
    promise: str = ""


@dataclass(frozen=True, slots=True)
class _Delta:
    on_hand: int = 0
    reserved: int = 0


NOTHING = _Delta()


# --- Promises -------------------------------------------------------------------------------------
@transaction.atomic
def reserve(
    quantities: Copies, *, cause: str, actor: str, at: datetime, promise: str = "", is_new: bool = False
) -> None:
    """Promise copies to `promise` (else to `cause`). All or nothing; raises SoldOut.

    `is_new` says that nothing can have been moved for this cause: the ledger is not asked.
    """

    def enough(levels: list[StockLevel]) -> None:
        short = [level for level in levels if level.available < quantities[level.product_id]]
        if short:
            raise SoldOut([Shortage(x.product, quantities[x.product_id], x.available) for x in short])

    deltas = {pk: _Delta(reserved=number) for pk, number in quantities.items()}
    act = _Act(Kind.RESERVE, cause, actor, at, promise or cause)
    _write(_locked_counted(quantities), deltas, act, check=enough, is_new=is_new)


@transaction.atomic
def release(quantities: Copies, *, cause: str, actor: str, at: datetime, promise: str = "") -> None:
    """Give back to the shelf's offer what is still promised, no more than `quantities`."""
    levels = _locked(quantities)
    ending = _standing(quantities, promise or cause)
    deltas = {pk: _Delta(reserved=-number) for pk, number in ending.items()}
    _write(levels, deltas, _Act(Kind.RELEASE, cause, actor, at, promise or cause))


@transaction.atomic
def hand_over(quantities: Copies, *, cause: str, actor: str, at: datetime, promise: str = "") -> None:
    """Promised copies leave the house. What was sold while nobody counted was never promised, and moves nothing."""
    levels = _locked(quantities)
    ending = _standing(quantities, promise or cause)
    deltas = {pk: _Delta(-number, -number) for pk, number in ending.items()}
    _write(levels, deltas, _Act(Kind.HAND_OVER, cause, actor, at, promise or cause))


@transaction.atomic
def take_back(
    restock: Copies, write_off: Copies, *, cause: str, actor: str, at: datetime, promise: str
) -> None:
    """Copies come back from a buyer: all are booked in, and those not fit to sell are booked off again.

    Only what the ledger has seen leave for this promise can come back to it.
    """
    came = {pk: restock.get(pk, 0) + write_off.get(pk, 0) for pk in {*restock, *write_off}}
    levels = _locked(came)
    away = _away(came, promise)
    back = {pk: min(number, away.get(pk, 0)) for pk, number in came.items()}
    spoilt = {pk: min(number, back[pk]) for pk, number in write_off.items()}
    _write(levels, _on_shelf(back, 1), _Act(Kind.RETURN, cause, actor, at, promise))
    _write(levels, _on_shelf(spoilt, -1), _Act(Kind.WRITE_OFF, cause, actor, at, promise))


# --- The shelf ------------------------------------------------------------------------------------
@transaction.atomic
def count_in(quantities: Copies, *, cause: str, actor: str, at: datetime) -> None:
    """New copies arrive on the shelf."""
    _write(_locked_counted(quantities), _on_shelf(quantities, 1), _Act(Kind.COUNT_IN, cause, actor, at))


@transaction.atomic
def write_off(quantities: Copies, *, cause: str, actor: str, at: datetime) -> None:
    """Copies are lost or spoilt. All or nothing; raises StillPromised."""
    deltas = _on_shelf(quantities, -1)
    act = _Act(Kind.WRITE_OFF, cause, actor, at)
    _write(_locked_counted(quantities), deltas, act, check=_keeps_promises(deltas))


@transaction.atomic
def correct(counted: Copies, *, cause: str, actor: str, at: datetime) -> None:
    """Make the shelf hold what was counted there (product id to number). All or nothing; raises StillPromised."""
    levels = _locked_counted(counted)
    wrong = {level.product_id: counted[level.product_id] - level.on_hand for level in levels}
    deltas = _on_shelf(wrong, 1)
    _write(levels, deltas, _Act(Kind.CORRECTION, cause, actor, at), check=_keeps_promises(deltas))


def _on_shelf(quantities: Copies, sign: int) -> dict[int, _Delta]:
    return {pk: _Delta(on_hand=sign * number) for pk, number in quantities.items()}


def _keeps_promises(deltas: Mapping[int, _Delta]) -> Callable[[list[StockLevel]], None]:
    def check(levels: list[StockLevel]) -> None:
        for level in levels:
            if level.available + deltas[level.product_id].on_hand < 0:
                raise StillPromised(level)

    return check


# --- What the ledger says -------------------------------------------------------------------------
def promised(promise: str) -> dict[int, int]:
    """What is left of a promise: product id to copies that are held and have not left."""
    return _sums(StockMovement.objects.filter(promise=promise), "reserved_delta")


def _standing(quantities: Copies, promise: str) -> dict[int, int]:
    """Of these copies, those that are still promised. Staff may have begun or stopped counting since."""
    left = promised(promise)
    return {pk: min(number, left.get(pk, 0)) for pk, number in quantities.items()}


def _away(quantities: Copies, promise: str) -> dict[int, int]:
    """Copies that have left for this promise and not come back."""
    moved = StockMovement.objects.filter(promise=promise, kind__in=[Kind.HAND_OVER, Kind.RETURN])
    return {pk: -number for pk, number in _sums(moved, "on_hand_delta").items() if pk in quantities}


def _sums(movements: QuerySet[StockMovement], field: str) -> dict[int, int]:
    return dict(movements.order_by().values_list("product").annotate(Sum(field)))


# --- Writing --------------------------------------------------------------------------------------
def _write(
    levels: list[StockLevel],
    deltas: Mapping[int, _Delta],
    act: _Act,
    *,
    check: Callable[[list[StockLevel]], None] | None = None,
    is_new: bool = False,
) -> None:
    """One movement for each locked balance; what the cause has moved before, or would not move, is left out."""
    made = set() if is_new else _made_by(act, levels)
    levels = [x for x in levels if x.product_id not in made and deltas.get(x.product_id, NOTHING) != NOTHING]
    if check:
        check(levels)
    sold_out = [level.product.is_sold_out for level in levels]
    before = {level.product_id: level.available for level in levels}
    for level in levels:
        level.on_hand += deltas[level.product_id].on_hand
        level.reserved += deltas[level.product_id].reserved
    if sold_out != [level.product.is_sold_out for level in levels]:
        freshness.changed()
    _save(levels)
    low_stock.tell(levels, before, cause=f"{act.kind}:{act.cause}")
    StockMovement.objects.bulk_create(_movement(level, deltas[level.product_id], act) for level in levels)


def _save(levels: list[StockLevel]) -> None:
    """Locked, so they are there: each meets its own key. One light statement, where bulk_update weighs cases."""
    StockLevel.objects.bulk_create(
        levels, update_conflicts=True, unique_fields=["id"], update_fields=["on_hand", "reserved"]
    )


def _movement(level: StockLevel, delta: _Delta, act: _Act) -> StockMovement:
    return StockMovement(
        product_id=level.product_id,
        kind=act.kind,
        on_hand_delta=delta.on_hand,
        reserved_delta=delta.reserved,
        cause=act.cause,
        promise=act.promise,
        actor=act.actor,
        at=act.at,
    )


def _made_by(act: _Act, levels: list[StockLevel]) -> set[int]:
    """The products that this cause has moved in this way before."""
    ids = [level.product_id for level in levels]
    found = StockMovement.objects.filter(product__in=ids, kind=act.kind, cause=act.cause)
    return set(found.values_list("product_id", flat=True))


# --- Locking --------------------------------------------------------------------------------------
def _locked(quantities: Copies) -> list[StockLevel]:
    """Lock the products' balances, always in the same order, so that two buyers cannot deadlock."""
    return list(_to_lock(quantities))


def _to_lock(quantities: Copies) -> QuerySet[StockLevel]:
    levels = StockLevel.objects.select_for_update(of=("self",)).select_related("product").only(*READ)
    return levels.filter(product_id__in=list(quantities)).order_by("product_id")


def _locked_counted(quantities: Copies) -> list[StockLevel]:
    """The balances of those that are counted; one is opened at zero where none is yet."""
    levels = _to_lock(quantities).filter(product__counted=True)
    found = list(levels)
    if len(found) < len(quantities) and _open_missing_ledgers(quantities):
        found = list(levels.all())
    return found


def _open_missing_ledgers(quantities: Copies) -> bool:
    """Give counted products that have no balance yet one of zero: what nobody counted in cannot be sold."""
    missing = Product.objects.filter(pk__in=list(quantities), counted=True, stock=None)
    created = StockLevel.objects.bulk_create(
        [StockLevel(product=product) for product in missing], ignore_conflicts=True
    )
    return bool(created)

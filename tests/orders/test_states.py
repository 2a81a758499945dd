"""The tables of allowed moves, and the one door through them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from orders import states
from orders.states import (
    Agreement,
    Attempt,
    Fault,
    InvoiceState,
    Notice,
    Parcel,
    Quotation,
    RefundState,
    WrongState,
    move,
)
from tests.factories import NOON

MACHINES = [
    (states.AGREEMENT, Agreement),
    (states.ATTEMPT, Attempt),
    (states.PARCEL, Parcel),
    (states.INVOICE, InvoiceState),
    (states.REFUND, RefundState),
    (states.NOTICE, Notice),
    (states.FAULT, Fault),
    (states.QUOTATION, Quotation),
]


@dataclass
class Row:
    """Something with a state that remembers what was saved and noted."""

    state: str
    TABLE: states.Table
    MACHINE: str = "row"
    saved: list[list[str]] = field(default_factory=list)
    noted: list[tuple[Any, ...]] = field(default_factory=list)

    def save(self, *, update_fields: list[str]) -> None:
        self.saved.append(update_fields)

    def note(self, machine: str, old: str, new: str, *, actor: str, cause: str, now: datetime) -> None:
        self.noted.append((machine, old, new, actor, cause, now))


def steps(allowed: bool) -> list[Any]:
    return [
        pytest.param(table, old, new, id=f"{names.__name__}-{old}-{new}")
        for table, names in MACHINES
        for old, new in itertools.permutations(names.values, 2)
        if (new in table[old]) is allowed
    ]


@pytest.mark.parametrize(("table", "old", "new"), steps(allowed=True))
def test_a_step_in_the_table_is_taken_and_noted_with_who_when_and_why(table, old, new):
    row = Row(old, table)
    assert move(row, new, actor="Anna", cause="kassan", now=NOON)
    assert (row.state, row.saved, row.noted) == (
        new,
        [["state"]],
        [("row", old, new, "Anna", "kassan", NOON)],
    )


@pytest.mark.parametrize(("table", "old", "new"), steps(allowed=False))
def test_a_step_outside_the_table_is_refused_and_leaves_no_trace(table, old, new):
    row = Row(old, table)
    with pytest.raises(WrongState):
        move(row, new, actor="Anna", cause="kassan", now=NOON)
    assert (row.state, row.saved, row.noted) == (old, [], [])


@pytest.mark.parametrize(("table", "names"), MACHINES)
def test_the_same_move_again_is_a_no_op(table, names):
    for state in names.values:
        row = Row(state, table)
        assert not move(row, state, actor="Anna", cause="igen", now=NOON)
        assert row.noted == []


@pytest.mark.parametrize(("table", "names"), MACHINES)
def test_every_state_stands_in_its_table_and_leads_only_to_states_that_do(table, names):
    assert set(table) == set(names.values)
    assert set().union(*table.values()) <= set(names.values)


def test_no_table_is_left_out_above():
    tables = [found for name, found in vars(states).items() if name.isupper() and isinstance(found, dict)]
    assert len(tables) == len(MACHINES)
    assert all(any(found is table for table, _names in MACHINES) for found in tables)

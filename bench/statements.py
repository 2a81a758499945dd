"""Counts an order's statements: python -m bench.statements '<cookies as JSON>' <invoice|card>.

With the site's environment; in this process, through the same WSGI application that gunicorn serves, when it has seen
one order already. Prints [[step, asks or writes, frames of transactions], …] as JSON; with `--told` the statements.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator

from django.db import connection

from bench import walking
from config.wsgi import application  # loads Django
from tests import stack

FRAME = re.compile(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE", re.IGNORECASE)
FORMS = {"invoice": stack.INVOICE, "card": stack.CARD}


def main(cookies: str, form: str, *, told: bool) -> None:
    order, basket = FORMS[form], json.loads(cookies)
    list(captured(order, basket))
    found = list(captured(order, basket))
    if told:
        for step, statements in found:
            print(f"# {step}", *statements, sep="\n")
        return
    print(json.dumps([[step, *divided(statements)] for step, statements in found]))


def captured(order: dict[str, str], cookies: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Each step with its statements."""
    shopper = walking.Shopper(walking.in_this_process(application), dict(cookies))
    connection.force_debug_cursor = True
    for step in walking.steps(shopper, order):
        yield step, [query["sql"] for query in connection.queries]
        connection.queries_log.clear()


def divided(statements: list[str]) -> tuple[int, int]:
    """Those that ask or write something, and those that only frame a transaction."""
    frames = sum(bool(FRAME.match(statement)) for statement in statements)
    return len(statements) - frames, frames


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--told"]
    main(*words, told="--told" in sys.argv)

"""python -m bench [seconds per figure]: what a page costs, in one run. See docs/bench.md."""

from __future__ import annotations

import sys

from bench import figures, order, report, servers, weight
from bench.servers import Server

SECONDS = 3.0


def main(seconds: float) -> int:
    with servers.seeded() as environment:
        with Server(servers.EMPTY, environment) as empty:
            bare = figures.of_empty_view(empty, seconds)
        with Server(servers.SITE, environment) as site, weight.phone() as phone:
            found = figures.of_pages(site, seconds, phone)
    print(report.written(bare, found), end="\n\n")
    return order.main(order.ORDERS, order.OLD)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))

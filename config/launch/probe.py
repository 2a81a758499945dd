"""python -m config.launch.probe: exit 0 when the web of this container is ready. For HEALTHCHECK."""

from __future__ import annotations

import sys

from config.launch import plan, ready


def main() -> int:
    answer = ready.ask(plan.read())
    if answer.status != 200:
        sys.stderr.write(f"status {answer.status}; failing: {', '.join(answer.failing) or 'unknown'}\n")
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())

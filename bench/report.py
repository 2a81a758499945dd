"""The figures as a table in Markdown, for the terminal and docs/bench.md."""

from __future__ import annotations

from bench.figures import Figures
from bench.speed import Pace

HEADINGS = [
    "page",
    "warm r/s",
    "warm CPU-ms",
    "warm queries",
    "cold r/s",
    "cold CPU-ms",
    "cold queries",
    "HTML gz kB",
    "HTML br kB",
    "first visit kB",
    "may weigh kB",
]


def written(bare: Pace, found: list[Figures]) -> str:
    rows = [["empty view", f"{bare.per_second:.0f}", f"{bare.cpu_ms:.2f}", "0", *["–"] * 7], *map(row, found)]
    lines = [HEADINGS, ["---", *["---:"] * (len(HEADINGS) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def row(figures: Figures) -> list[str]:
    page, warm, cold = figures.page, figures.warm, figures.cold
    total = figures.total_kb
    return [
        page.name,
        f"{warm.per_second:.0f}",
        f"{warm.cpu_ms:.2f}",
        str(figures.queries[1]),
        f"{cold.per_second:.0f}",
        f"{cold.cpu_ms:.1f}",
        str(figures.queries[0]),
        f"{figures.html['gzip'] / 1000:.1f}",
        f"{figures.html['br'] / 1000:.1f}",
        "–" if total is None else f"{total:.1f}",
        f"{page.allowed_kb:.1f}",
    ]

"""Charts as inline SVG without script: bars or steps over weeks. The words stand beside them in HTML, where they can
be read at any width, and the figures in a table; the drawing stretches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEIGHT = 100
STEP = 10  # a week's width; a bar leaves a fifth of it free


@dataclass(frozen=True, slots=True)
class Point:
    """`shown` is the value as people read it, `label` the week; `back` is so much of the value that came back."""

    label: str
    value: int
    shown: str
    back: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """`y` and `height` are those of what was kept; `back` is the height of what came back, which stands on it."""

    x: int
    y: float
    height: float
    back: float
    title: str
    is_last: bool

    @property
    def top(self) -> float:
        return round(self.y - self.back, 2)


@dataclass(frozen=True, slots=True)
class Chart:
    """`kind` is bars or steps. `words` say in a sentence what is seen; the last point is a week that goes on."""

    id: str
    title: Any
    words: Any
    points: Sequence[Point]
    kind: str = "bars"

    @property
    def width(self) -> int:
        return len(self.points) * STEP

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def top(self) -> Point:
        return max(self.points, key=lambda point: point.value)

    @property
    def middle(self) -> Point:
        return self.points[len(self.points) // 2]

    def _up(self, point: Point) -> float:
        """How high a value reaches."""
        return self._high(point.value)

    def _high(self, value: int) -> float:
        return round(HEIGHT * max(0, value) / max(1, self.top.value), 2)

    @property
    def has_back(self) -> bool:
        return any(point.back for point in self.points)

    @property
    def bars(self) -> list[Bar]:
        last = len(self.points) - 1
        return [
            Bar(
                place * STEP + 1,
                round(HEIGHT - self._high(point.value - point.back), 2),
                self._high(point.value - point.back),
                self._high(point.back),
                f"{point.label}: {point.shown}",
                place == last,
            )
            for place, point in enumerate(self.points)
        ]

    @property
    def outline(self) -> str:
        """The steps as an SVG path: along each week at its height, then down and up to the next."""
        ups = [round(HEIGHT - self._up(point), 2) for point in self.points]
        return f"M0 {ups[0]}" + "".join(f"V{up}h{STEP}" for up in ups)

    @property
    def area(self) -> str:
        return f"{self.outline}V{HEIGHT}H0Z"

"""Charts of a load run: numbers in, the points and boxes of a drawing out.

The template draws them.

Each chart has one scale, so that runtimes beside each other can be told apart by eye.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from conformance.load.figures import RuntimeFigures

WIDTH: Final = 640
HEIGHT: Final = 120
_BAR_PX: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One value over time: the points of a line, and the largest value, which is at the top."""

    title: str
    points: str
    most: float
    unit: str
    last_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A value beside others."""

    label: str
    y: int
    width: float
    shown: str


def curves(figures: RuntimeFigures) -> tuple[Curve, ...]:
    """Return what there was in each second.

    The last may be cut short by the end, and is left out.
    """
    seconds = figures.seconds[:-1] or figures.seconds
    at = [each.at_s for each in seconds]
    return (
        _curve("scenarios in a second", "", at, [each.scenarios for each in seconds]),
        _curve("failed in a second", "", at, [each.failed for each in seconds]),
        _curve("p50", "ms", at, [each.p50_ms for each in seconds]),
        _curve("p99", "ms", at, [each.p99_ms for each in seconds]),
    )


def _curve(title: str, unit: str, at: Sequence[int], values: Sequence[float]) -> Curve:
    most, last = max(values, default=0) or 1, max(at, default=0) or 1
    points = (
        f"{WIDTH * second / last:.1f},{HEIGHT - HEIGHT * value / most:.1f}"
        for second, value in zip(at, values, strict=True)
    )
    return Curve(
        title=title,
        points=" ".join(points),
        most=max(values, default=0),
        unit=unit,
        last_s=max(at, default=0),
    )


def memory_bars(figures: RuntimeFigures) -> tuple[Bar, ...]:
    """Return the memory of each process at its highest."""
    return _bars(
        (each.name, each.max_rss_mib, f"{each.max_rss_mib:.0f} MiB") for each in figures.processes
    )


def cpu_bars(figures: RuntimeFigures) -> tuple[Bar, ...]:
    """Return the CPU time that each process spent on a scenario."""
    per = max(figures.scenarios, 1)
    return _bars(
        (each.name, 1_000 * each.cpu_s / per, f"{1_000 * each.cpu_s / per:.3f} ms a scenario")
        for each in figures.processes
        if each.cpu_s
    )


def _bars(values: Iterable[tuple[str, float, str]]) -> tuple[Bar, ...]:
    found = sorted(values, key=lambda each: -each[1])
    most = max((value for _, value, _ in found), default=0) or 1
    return tuple(
        Bar(label=label, y=number * _BAR_PX, width=round(value / most * WIDTH / 2, 1), shown=shown)
        for number, (label, value, shown) in enumerate(found)
    )

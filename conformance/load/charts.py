"""The charts of a load run: from figures to points, bars and axes, which a template draws.

Each chart has one scale for all runtimes, so that two of them can be compared by eye.
"""

import bisect
import math
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Final

from msgspec import Struct

from conformance.load.figures import RuntimeFigures, Second

WIDTH: Final = 420
"""A chart fits on the screen of a phone, so its numbers stay readable there."""
HEIGHT: Final = 170
LEFT: Final = 48
"""Room for the numbers of the vertical axis."""
BOTTOM: Final = 34
"""Room for the seconds below the horizontal axis."""
TOP: Final = 10
RIGHT: Final = 16
BAR_WIDTH: Final = 160
_STEPS: Final = (1, 2, 5, 10)
"""The steps of an axis are 1, 2 or 5 times a power of ten, which are easy to read."""
_TICKS: Final = 4


class Tick(Struct, frozen=True, kw_only=True):
    """A mark of an axis: its position in pixels, and its number."""

    at: float
    says: str


class Curve(Struct, frozen=True, kw_only=True):
    """One value over time: the points of a line, both axes, and the largest value."""

    title: str
    unit: str
    points: str
    most: float
    last_s: int
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


class ValueBar(Struct, frozen=True, kw_only=True):
    """A bar for one value in a list of values; the width is in pixels."""

    label: str
    width: float
    text: str


class _Series(Struct, frozen=True, kw_only=True):
    """The value that a chart shows for each second, and the unit of its vertical axis.

    `counts` says that the values are whole numbers.
    """

    title: str
    unit: str
    counts: bool
    value: Callable[[Second], float]


_SERIES: Final = (
    _Series(title="Scenarios", unit="per second", counts=True, value=lambda each: each.scenarios),
    _Series(
        title="Failed scenarios", unit="per second", counts=True, value=lambda each: each.failed
    ),
    _Series(title="Scenario time, p50", unit="ms", counts=False, value=lambda each: each.p50_ms),
    _Series(title="Scenario time, p99", unit="ms", counts=False, value=lambda each: each.p99_ms),
)


def curves(figures: RuntimeFigures, all_runtimes: Sequence[RuntimeFigures]) -> tuple[Curve, ...]:
    """Return a curve for each series of a runtime, on scales that all runtimes share."""
    seconds = list(chain.from_iterable(map(_whole, all_runtimes)))
    last_s = max((each.at_s for each in seconds), default=0)
    own = _whole(figures)
    return tuple(
        _curve(series, own, last_s, max(map(series.value, seconds), default=0))
        for series in _SERIES
    )


def _whole(figures: RuntimeFigures) -> Sequence[Second]:
    """Return the seconds that the measurement lasted to the end of; all of them if none is."""
    whole = bisect.bisect_right(figures.seconds, figures.counted_s - 1, key=attrgetter("at_s"))
    return figures.seconds[:whole] or figures.seconds


def _curve(series: _Series, seconds: Sequence[Second], last_s: int, largest: float) -> Curve:
    across, up = _axis(last_s, whole=True), _axis(largest, whole=series.counts)
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    right = max(last_s, 1)

    def x(at_s: float) -> float:
        return round(LEFT + wide * at_s / right, 1)

    def y(value: float) -> float:
        return round(TOP + high * (1 - value / up[-1]), 1)

    return Curve(
        title=series.title,
        unit=series.unit,
        points=" ".join(f"{x(each.at_s)},{y(series.value(each))}" for each in seconds),
        most=max(map(series.value, seconds), default=0),
        last_s=last_s,
        across=tuple(Tick(at=x(value), says=f"{value:g}") for value in across if value <= right),
        up=tuple(Tick(at=y(value), says=f"{value:,g}") for value in up),
    )


def _axis(largest: float, *, whole: bool) -> tuple[float, ...]:
    """Return the numbers of an axis, from 0 to the first that is not below the largest value."""
    wanted = (largest or 1) / _TICKS
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next(power * each for each in _STEPS if power * each >= wanted)
    step = max(step, 1) if whole else step
    count = max(1, math.ceil(round(largest / step, 6)))
    return tuple(float(f"{number * step:.6g}") for number in range(count + 1))


def memory_bars(
    figures: RuntimeFigures, all_runtimes: Sequence[RuntimeFigures]
) -> tuple[ValueBar, ...]:
    """Return a bar for the highest memory of each process."""
    processes = chain.from_iterable(each.processes for each in all_runtimes)
    most = max((each.max_rss_mib for each in processes), default=0)
    sizes = [(each.name, each.max_rss_mib) for each in figures.processes]
    return _bars([(name, mib, f"{mib:.0f} MiB") for name, mib in sizes], most)


def cpu_bars(
    figures: RuntimeFigures, all_runtimes: Sequence[RuntimeFigures]
) -> tuple[ValueBar, ...]:
    """Return a bar for the CPU time per scenario of each process."""
    times = chain.from_iterable(map(_cpu_ms, all_runtimes))
    most = max((ms for _, ms in times), default=0)
    return _bars(((name, ms, f"{ms:.3f} ms") for name, ms in _cpu_ms(figures)), most)


def _cpu_ms(figures: RuntimeFigures) -> list[tuple[str, float]]:
    """Return the processes that used CPU time, with their milliseconds per scenario."""
    per = max(figures.scenarios, 1)
    return [(each.name, 1_000 * each.cpu_s / per) for each in figures.processes if each.cpu_s]


def _bars(values: Iterable[tuple[str, float, str]], most: float) -> tuple[ValueBar, ...]:
    found = sorted(values, key=lambda each: -each[1])
    return tuple(
        ValueBar(label=label, width=round(value / (most or 1) * BAR_WIDTH, 1), text=text)
        for label, value, text in found
    )

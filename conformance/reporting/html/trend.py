"""The last runs as stacked bars: from counts to the boxes of a chart, which a template draws."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from conformance.model.verdict import Verdict
from conformance.reporting.html.past_run import PastRun

HEIGHT: Final = 56
_PITCH: Final = 16
_WIDTH: Final = 12
_ORDER: Final = tuple(verdict.value for verdict in Verdict)


class Box(Struct, frozen=True, kw_only=True):
    """The bar segment for the cases of one verdict in a run."""

    verdict: str
    y: float
    height: float


class RunBar(Struct, frozen=True, kw_only=True):
    """One run in the chart: its position, its boxes from the bottom up, and its label."""

    run: PastRun
    x: int
    width: int
    boxes: tuple[Box, ...]
    label: str


class Trend(Struct, frozen=True, kw_only=True):
    """A chart of runs, the oldest first; sizes are in SVG user units."""

    bars: tuple[RunBar, ...]
    width: int
    height: int


def trend(runs: Sequence[PastRun]) -> Trend:
    """Return the chart of some runs, all on the same scale."""
    most = max([1, *(sum(run.counts.values()) for run in runs)])
    bars = tuple(_bar(run, number * _PITCH, most) for number, run in enumerate(runs))
    return Trend(bars=bars, width=len(bars) * _PITCH, height=HEIGHT)


def _bar(run: PastRun, x: int, most: int) -> RunBar:
    boxes, y = [], float(HEIGHT)
    counts = {name: count for name in _ORDER if (count := run.counts.get(name, 0))}
    for name, count in counts.items():
        height = round(max(count * HEIGHT / most, 1.5), 2)
        y = max(round(y - height, 2), 0.0)
        boxes.append(Box(verdict=name, y=y, height=height))
    counted = ", ".join(f"{count} {name}" for name, count in counts.items()) or "no case"
    label = f"{run.started}: {'red' if run.red else 'parity'}, {counted}"
    return RunBar(run=run, x=x, width=_WIDTH, boxes=tuple(boxes), label=label)

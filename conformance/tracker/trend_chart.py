"""The trend as an SVG file: open rows per runtime over time, as steps.

Its colours fit light and dark pages.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from conformance.tracker.evidence import TrendPoint

_WIDTH: Final = 640
_HEIGHT: Final = 220
_LEFT, _TOP, _RIGHT, _BOTTOM = 40, 16, 132, 32
_COLOURS: Final = (
    "#0b6bcb",
    "#c2410c",
    "#15803d",
    "#7e22ce",
    "#b91c1c",
    "#0f766e",
    "#a16207",
    "#475569",
)
_STYLE: Final = (
    "text{font:12px system-ui,sans-serif;fill:#333}line{stroke:#bbb}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}line{stroke:#555}}"
)


def trend_chart(trend: Sequence[TrendPoint], until: dt.date) -> str:
    """Return the chart from the first point until a day.

    A runtime that never had an open row is left out.
    """
    names = runtimes_of(trend)
    most = max((count for point in trend for count in point.rows.values()), default=0)
    label = "Open decisions over time: " + (
        ", ".join(f"{name} {trend[-1].rows.get(name, 0)}" for name in names) or "none"
    )
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            f"{_image(label)}>"
        ),
        f"<title>{escape(label)}</title>",
        f"<style>{_STYLE}</style>",
        *_axes(trend, until, most),
        *(
            line
            for number, name in enumerate(names)
            for line in _series(trend, until, most, name, number)
        ),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _image(label: str) -> str:
    return f'role="img" aria-label={quoteattr(label)}'


def runtimes_of(trend: Sequence[TrendPoint]) -> list[str]:
    """Return the runtimes that have had an open row."""
    names: set[str] = set()
    for point in trend:
        had_open_rows = dict(filter(itemgetter(1), point.rows.items()))
        names |= had_open_rows.keys()
    return sorted(names)


def _axes(trend: Sequence[TrendPoint], until: dt.date, most: int) -> Iterator[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    yield f'<line x1="{_LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}"/>'
    yield f'<line x1="{_LEFT}" y1="{_TOP}" x2="{_LEFT}" y2="{bottom}"/>'
    yield f'<text x="{_LEFT - 8}" y="{bottom + 4}" text-anchor="end">0</text>'
    if most:
        yield f'<text x="{_LEFT - 8}" y="{_TOP + 4}" text-anchor="end">{most}</text>'
    first = trend[0].date if trend else until
    yield f'<text x="{_LEFT}" y="{bottom + 20}">{first}</text>'
    if until > first:
        yield f'<text x="{right}" y="{bottom + 20}" text-anchor="end">{until}</text>'


def _series(
    trend: Sequence[TrendPoint], until: dt.date, most: int, name: str, number: int
) -> Iterator[str]:
    """Yield the steps of one runtime and the label at their end.

    Equal counts of several runtimes are drawn slightly apart.
    """
    first, days = trend[0].date, max((until - trend[0].date).days, 1)

    def x(day: dt.date) -> int:
        return _LEFT + round((_WIDTH - _RIGHT - _LEFT) * (day - first).days / days)

    def y(count: int) -> int:
        return (
            _HEIGHT
            - _BOTTOM
            - round((_HEIGHT - _BOTTOM - _TOP) * count / max(most, 1))
            - 2 * number
        )

    counts = [(point.date, point.rows.get(name, 0)) for point in trend]
    steps = [
        f"M{x(first)} {y(counts[0][1])}",
        *(f"H{x(day)}V{y(count)}" for day, count in counts[1:]),
    ]
    last = counts[-1][1]
    end = max(x(until), _LEFT + 1) if until > first else _WIDTH - _RIGHT
    colour = _COLOURS[number % len(_COLOURS)]
    yield f'<path d="{"".join(steps)}H{end}" fill="none" stroke="{colour}" stroke-width="2"/>'
    baseline = y(last) + 4 - 12 * _above(trend, name)
    yield f'<text x="{end + 6}" y="{baseline}" style="fill:{colour}">{escape(name)} {last}</text>'


def _above(trend: Sequence[TrendPoint], name: str) -> int:
    """Return how many names before this one end at the same count, so that no labels overlap."""
    last = trend[-1].rows
    return sum(
        last.get(other, 0) == last.get(name, 0) for other in runtimes_of(trend) if other < name
    )

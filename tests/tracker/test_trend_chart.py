"""The trend's chart is XML that any reader accepts, and contains nothing that runs.

It has words for those who do not see it.
"""

import datetime as dt
import itertools
import re
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.tracker.evidence import TrendPoint
from conformance.tracker.trend_chart import runtimes_of, trend_chart

SVG: Final = "{http://www.w3.org/2000/svg}"
FIRST: Final = dt.date(2026, 11, 1)
HOSTILE: Final = (
    "</text><script>alert(1)</script>",
    '"><image href="x"',
    "a & b",
    "']]>",
    "<!--",
    "&amp;",
    "a\u202eb",
    "日本",
)


def points(*counts: dict[str, int]) -> list[TrendPoint]:
    """Return a trend with a point a week."""
    return [
        TrendPoint(date=FIRST + dt.timedelta(days=7 * week), rows=rows)
        for week, rows in enumerate(counts)
    ]


def drawn(trend: list[TrendPoint], until: dt.date | None = None) -> ET.Element:
    """Return the chart's root, its file being well-formed."""
    last = trend[-1].date if trend else FIRST
    return ET.fromstring(trend_chart(trend, until or last))  # noqa: S314 - written by us


def texts(root: ET.Element) -> list[str]:
    """Return the words in the chart."""
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


def test_a_chart_says_what_it_shows() -> None:
    """Title and label name each runtime with its last count.

    They serve a reader who does not see the picture.
    """
    root = drawn(points({"go": 3, "rust": 1}, {"go": 2, "rust": 1}, {"rust": 2}))
    label = "Open decisions over time: go 0, rust 2"

    assert root.tag == f"{SVG}svg"
    assert (root.get("role"), root.get("aria-label")) == ("img", label)
    assert root.findtext(f"{SVG}title") == label
    assert root[0].tag == f"{SVG}title"
    assert {"go 0", "rust 2", "0", "3", "2026-11-01", "2026-11-15"} == set(texts(root))
    assert len(root.findall(f"{SVG}path")) == 2


def test_a_runtime_that_never_had_a_row_is_not_drawn() -> None:
    """A zero from the first day on says nothing; one that came to zero does."""
    assert runtimes_of(points({"go": 0, "rust": 1}, {"rust": 0})) == ["rust"]
    assert "rust 0" in texts(drawn(points({"go": 0, "rust": 1}, {"rust": 0})))


def test_an_empty_trend_is_a_chart_too() -> None:
    """It says that there is nothing."""
    root = drawn([])

    assert root.get("aria-label") == "Open decisions over time: none"
    assert root.findall(f"{SVG}path") == []


def test_labels_do_not_cover_each_other() -> None:
    """Runtimes that end at one count have their names at different heights."""
    root = drawn(points({"a": 2, "b": 2, "c": 2, "d": 1}))
    names = [node for node in root.iter(f"{SVG}text") if node.get("style")]

    heights = sorted(int(node.get("y", "0")) for node in names)
    assert len(heights) == 4
    assert all(below - above >= 12 for above, below in itertools.pairwise(heights))


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_words(name: str) -> None:
    """No name of a runtime adds an element, an attribute or a comment to the chart."""
    root = drawn(points({name: 1}, {name: 2}))

    assert {node.tag for node in root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "style", "line", "text", "path")
    }
    assert set(root.attrib) == {"viewBox", "role", "aria-label"}
    assert f"{name} 2" in texts(root)
    assert (
        root.get("aria-label")
        == root.findtext(f"{SVG}title")
        == f"Open decisions over time: {name} 2"
    )


NAMES: Final = st.sampled_from(["a", "b", "c.d", "e-f", *HOSTILE[:4]])


@settings(max_examples=60, deadline=None)
@given(
    counts=st.lists(st.dictionaries(NAMES, st.integers(0, 5000)), max_size=6),
    later=st.integers(0, 900),
)
def test_every_chart_is_whole(counts: list[dict[str, int]], later: int) -> None:
    """A chart is well-formed and inside its frame, and is the same bytes each time.

    It contains nothing that runs or is fetched.
    """
    trend = points(*counts)
    until = (trend[-1].date if trend else FIRST) + dt.timedelta(days=later)
    root = drawn(trend, until)

    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {
        "svg",
        "title",
        "style",
        "line",
        "text",
        "path",
    }
    assert not [
        name
        for node in root.iter()
        for name in node.attrib
        if name.startswith("on") or "href" in name
    ]
    assert "url(" not in (root.findtext(f"{SVG}style") or "")
    for name in runtimes_of(trend):
        assert f"{name} {trend[-1].rows.get(name, 0)}" in texts(root)
    for path in root.findall(f"{SVG}path"):
        columns = [int(x) for x in re.findall(r"[MH](-?\d+)", path.get("d", ""))]
        assert columns == sorted(columns)
        assert 0 <= columns[0] <= columns[-1] <= 640
    assert trend_chart(trend, until) == trend_chart(trend, until)

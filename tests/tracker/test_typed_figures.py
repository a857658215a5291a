"""Figures that somebody typed, in every form in which a reader sees a figure."""

import pytest

from conformance.tracker.markdown_file import parse_markdown
from conformance.tracker.rendered_text import rendered
from conformance.tracker.typed_figures import figures_in_prose

FIGURES = [
    "12 ms", "12ms", "12-ms", "12 msec", "12 sec", "12 min", "12 minutes", "3 hours", "12 \u00b5s",
    "12 \u03bcs", "12 TB", "12 bytes", "12 mb", "12 kB", "12 KiB", "1.2e3 MB", "900 rps", "900 req/s",
    "900/s", "900 requests each second", "5 MB/s", "12 GHz", "12 %", "12 times faster", "12x",
    "12&nbsp;ms", "12**ms**", "**12** ms", "`12` ms", "`12 ms`", "[12](x) ms", "12\nms", "&#49;2 ms",
    "\uff11\uff12 ms", "1\u00ad2 ms", "12 m\u200bs",
]  # fmt: skip
NO_FIGURES = [
    "30 days", "2 cores", "status 422", "D-001", "`--duration 30s`", "HTTP/1.1", "3 cases", "v12 is",
    "p50", "12 things", "a 2 x 2 table", "2026-11-29",
]  # fmt: skip


def found(text: str) -> list[str]:
    file = parse_markdown(f"# A\n\n{text}\n".encode(), "a.md")
    return [figure for _, figure in figures_in_prose(file)]


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize(
    "around",
    [
        "alpha answers in {}, always.",
        "- alpha: {}",
        "> | alpha |\n> |---|\n> | {} |",
        "| what | how much |\n|---|---|\n| p50 | {} |",
        "| what (in {}) | Verified by |\n|---|---|\n| p50 | `a/*` |",
    ],
)
def test_a_figure_is_seen(around: str, figure: str) -> None:
    """In a paragraph, a list, a quote, a table that no row verifies, and a header."""
    if "\n" in figure and "|" in around:
        pytest.skip("a row of a table is one line")
    assert found(around.format(figure))


def test_a_figure_in_html() -> None:
    """A table of HTML is text, too."""
    assert found("<table><tr><td>p50</td><td>12 minutes</td></tr></table>") == ["12 minutes"]


@pytest.mark.parametrize("text", NO_FIGURES)
def test_what_is_no_figure(text: str) -> None:
    """A number without a unit, an age, a name, a command."""
    assert found(f"It is {text} here.") == []


def test_text_as_it_is_rendered() -> None:
    """Markup leaves its words, and a code span that is no figure stands apart."""
    assert rendered("a **b** [c](d) `e f` <!-- g -->1`h`2") == "a b c ` 1`2"

"""The page of a load in real Chromium: what comes first, at which size, and in which colours."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.load.shop import LOAD_TEXT, Shop, write_load
from tests.miniatures.server import serve
from tests.reporting.html.browser import Browser
from tests.reporting.html.test_page_alone import LOW_CONTRAST

TOO_WIDE = """[...document.querySelectorAll('#comparison .scroll')]
  .filter(part => part.scrollWidth > part.clientWidth).length"""
NUMBERS = """[...document.querySelectorAll('svg[role=img]')].map(chart => ({
  name: chart.getAttribute('aria-label'),
  up: [...chart.querySelectorAll('text.end')].map(text => text.textContent),
  across: [...chart.querySelectorAll('text.middle')].map(text => text.textContent),
  size: chart.getBoundingClientRect().width / chart.viewBox.baseVal.width * 12,
  points: chart.querySelector('polyline').points.length,
  inside: (({x, y, width, height}) => x >= 0 && y >= 0 && x + width <= chart.viewBox.baseVal.width
    && y + height <= chart.viewBox.baseVal.height)(chart.querySelector('polyline').getBBox()),
}))"""

LONG_LABELS = """[...document.querySelectorAll('tbody th')].filter(label => {
  label.textContent = 'a_process_of_a_runtime_with_a_very_long_name_and_no_space_in_it'.repeat(2);
  return label.scrollWidth > label.clientWidth;
}).map(label => label.closest('.scroll').getAttribute('aria-label'))"""


@pytest.fixture(name="load", scope="module")
def load_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of a load of several seconds, in which the second runtime refuses much."""
    folder = tmp_path_factory.mktemp("load")
    text = LOAD_TEXT.replace("duration: 20s", "duration: 3s").replace("users: 4", "users: 2")
    text = text.replace("stop_after_scenarios: 60", "think_time: 30ms")
    with serve(Shop()) as one, serve(Shop(fails=lambda look: look % 2 == 0)) as two:
        both = ("--runtime", f"python={one}", "--runtime", f"go={two}")
        file = str(write_load(folder, text))
        done = conformance("load", file, *both, "--runs", "runs", cwd=folder)
    assert done.returncode == 1, done.stderr
    return (folder / "runs/latest/report.html").resolve()


def test_the_comparison_comes_first(browser: Browser, load: Path) -> None:
    """The table of both runtimes is before the figures of each, and names both and the ratio."""
    page = browser.page()
    page.open(load)
    head, *rows = page.text("#comparison tr")
    report = json.loads(load.with_name("report.json").read_bytes())
    shown = [f"{each['scenarios_per_s']:.1f}" for each in report["runtimes"]]

    assert page.text("h2")[0] == "go beside python"
    assert page.run("document.querySelector('table').closest('#comparison') !== null")
    assert head.split("\t") == ["figure", "python", "go", "second / first"]
    figure, *values, ratio = rows[0].split("\t")
    assert figure == "scenarios, /s"
    assert [f"{float(value):.1f}" for value in values] == shown
    assert re.fullmatch(r"\d+\.\d\d", ratio)
    assert "find_and_look (over its limit)" in page.text("tr.red th")
    assert page.requests == page.received == [load.as_uri()]
    assert page.complaints == []
    page.close()


def test_each_chart_has_axes_with_units(browser: Browser, load: Path) -> None:
    """A chart has numbers on both axes, from 0, and a unit; both runtimes have one scale."""
    page = browser.page()
    page.open(load)
    charts = page.run(NUMBERS)
    titles = page.text("figcaption")

    assert len(charts) == 8
    assert titles[:4] == titles[4:] == [
        "Scenarios, per second",
        "Failed scenarios, per second",
        "Scenario time, p50, ms",
        "Scenario time, p99, ms",
    ]  # fmt: skip
    for chart in charts:
        assert chart["up"][0] == "0"
        assert chart["across"][0] == "0"
        assert len(chart["up"]) > 1
        assert chart["across"][-1].endswith(" s")
        assert chart["points"] >= 2
        assert chart["inside"]
    assert [chart["up"] for chart in charts[:4]] == [chart["up"] for chart in charts[4:]]
    page.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_is_readable(browser: Browser, load: Path, width: int, dark: bool) -> None:
    """No part is wider than the page, the comparison is whole, and every text has contrast.

    The numbers of the charts are at least 9 pixels high.
    """
    page = browser.page(width, 900, dark=dark)
    page.open(load)
    page.settle()

    assert page.run("document.documentElement.scrollWidth") <= width
    assert page.run(TOO_WIDE) == 0
    assert page.run(LOW_CONTRAST) == []
    assert min(chart["size"] for chart in page.run(NUMBERS)) >= 9
    ground = page.run("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") is not dark
    page.close()


@pytest.mark.parametrize("width", [400, 1280])
def test_a_long_label_stays_in_its_cell(browser: Browser, load: Path, width: int) -> None:
    """A name without spaces is broken and does not run over the bar beside it."""
    page = browser.page(width, 900)
    page.open(load)
    too_wide = page.run(LONG_LABELS)
    page.close()

    assert too_wide == []


def test_the_reader_chooses_the_theme(browser: Browser, load: Path) -> None:
    """The page follows the system until the reader chooses; it needs no script for that."""
    page = browser.page(dark=False)
    page.open(load)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.run(ground)

    page.click("#theme-dark")
    dark = page.run(ground)
    page.click("#theme-auto")

    assert (light, dark, page.run(ground)) == ("rgb(255, 255, 255)", "rgb(13, 17, 23)", light)
    page.close()

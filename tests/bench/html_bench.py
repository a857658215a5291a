"""The HTML report of a large run: its size, and the cost of making it.

It also measures how fast it opens in Chromium from the disk.

Run: `python -m tests.bench.html_bench`; `--cases 1000` is the smaller form.

*Opened* is from the start of the navigation until the first rows are on the screen, the median of
five; *found* is from a word in the search box to the list of the one case that holds it.  What
making the report costs is the difference between `report --format html` and `report --format json`,
which read the same record.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.workload import Use, fast_server, measured, write_suites
from tests.reporting.html.browser import Browser, chromium

LIMIT_S: Final = 2.0
_TIMES: Final = 5
_COMMAND: Final = (sys.executable, "-m", "conformance")
_SEARCH: Final = """(async () => {
  const box = document.getElementById("search"), started = performance.now();
  box.value = "exchange-%d"; box.dispatchEvent(new Event("input"));
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - started; })()"""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--cases", type=int, default=10_000, help="number of cases")
    count = options.parse_args().cases
    with fast_server() as url, tempfile.TemporaryDirectory() as name, chromium() as browser:
        for level in ("shape", "value"):
            folder = Path(name) / level
            write_suites(folder, count)
            _compare_by(folder, level)
            _show(folder, count, url, browser)


def _compare_by(folder: Path, level: str) -> None:
    """Compare the suites by a level.

    By shape the two runtimes agree, and by value they differ in every case.
    """
    for suite in folder.iterdir():
        suite.write_text(
            suite.read_text("utf-8").replace("\ncases:", f"\ncompare: {level}\ncases:", 1), "utf-8"
        )


def _show(folder: Path, count: int, url: str, browser: Browser) -> None:
    runtimes = ("--runtime", f"a={url}/one", "--runtime", f"b={url}/other")
    run = measured((*_COMMAND, "run", ".", *runtimes, "--json"), folder, red_is_fine=True)
    shown = {
        style: measured((*_COMMAND, "report", "--format", style), folder)
        for style in ("json", "html")
    }
    file = folder / "reports/runs/latest/report.html"
    opened, found = _opened(browser, file, count)
    size = file.stat().st_size / 1e6
    print(
        f"{count} cases compared by {folder.name}: {size:.1f} MB, made in {_made(shown):.2f} s "
        "CPU of a run's "
        f"{run.cpu_s:.2f} s (peak {run.peak_mib:.0f} MiB); opened in {opened:.2f} s (to reach: < "
        f"{LIMIT_S:.0f} s), "
        f"found in {found:.3f} s",
        flush=True,
    )


def _made(shown: dict[str, Use]) -> float:
    return shown["html"].cpu_s - shown["json"].cpu_s


def _opened(browser: Browser, file: Path, count: int) -> tuple[float, float]:
    """Return the median seconds until the page is there, and until a search has its answer."""
    opened, found = [], []
    for _ in range(_TIMES):
        page = browser.page()
        page.open(file.resolve())
        page.settle()
        assert page.run('document.querySelectorAll("#matrix .case").length') > 0
        opened.append(page.run("performance.now()"))
        found.append(page.run(_SEARCH % (count - 1)))
        page.close()
    return statistics.median(opened) / 1000, statistics.median(found) / 1000


if __name__ == "__main__":
    main()

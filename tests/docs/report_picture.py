"""Draw `docs/img/report.png`: the HTML report of a run, in real Chromium.

It is the run that `docs/reading-reports.md` shows.

Run: `python -m tests.docs.report_picture`
"""

import base64
import tempfile
from pathlib import Path
from typing import Final

from tests.docs.orders import run_in
from tests.reporting.html.browser import Page, chromium

PICTURE: Final = Path(__file__).parents[2] / "docs/img/report.png"
_WIDTH: Final = 1200
_HEIGHT: Final = 1500
_SHOWN_CASE: Final = "shop/orders/one"


def main() -> None:
    """Run the example and write the picture."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        run_in(Path(folder))
        page = browser.page(_WIDTH, _HEIGHT)
        page.open((Path(folder) / "reports/runs/latest/report.html").resolve(), f"#{_SHOWN_CASE}")
        page.settle()
        PICTURE.write_bytes(_picture(page))


def _picture(page: Page) -> bytes:
    """Return the page from its top down to the end of its cases, as PNG."""
    page.run("document.querySelectorAll('.cause').forEach((cause, at) => { cause.open = at < 1; })")
    page.settle()
    end = page.run(
        "Math.ceil(document.getElementById('cases').getBoundingClientRect().bottom + scrollY)"
    )
    clip = {"x": 0, "y": 0, "width": _WIDTH, "height": end + 24, "scale": 1}
    drawn = page.command(
        "Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True
    )
    return base64.b64decode(drawn["data"])


if __name__ == "__main__":
    main()

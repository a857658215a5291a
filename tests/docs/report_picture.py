"""Draw `docs/img/report.png`: the HTML report of a run, in real Chromium.

It is the run that `docs/reading-reports.md` shows. The picture holds the lines that the run prints
of its causes, as a text chunk: a test compares them with the page.

Run: `python -m tests.docs.report_picture`
"""

import base64
import re
import struct
import tempfile
import zlib
from pathlib import Path
from typing import Final

from tests.docs.orders import run_in
from tests.reporting.html.browser import Page, chromium

PICTURE: Final = Path(__file__).parents[2] / "docs/img/report.png"
_WIDTH: Final = 1200
_HEIGHT: Final = 1500
_TEXT: Final = b"iTXtcauses\0\0\0\0\0"
"""The type of the chunk, its keyword, and that it is neither compressed nor of a language."""
_HEADER_BYTES: Final = 33
"""The signature of a PNG and its first chunk, `IHDR`."""
_SHOWN_CASE: Final = "shop/orders/one"


def main() -> None:
    """Run the example and write the picture."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        printed = run_in(Path(folder))
        page = browser.page(_WIDTH, _HEIGHT)
        page.open((Path(folder) / "reports/runs/latest/report.html").resolve(), f"#{_SHOWN_CASE}")
        page.settle()
        PICTURE.write_bytes(_with_causes(_picture(page), causes_of(printed)))


def causes_of(printed: str) -> str:
    """Return the lines that name the causes of a run, with their keys."""
    return "\n".join(re.findall(r"^[0-9]+\. \[.*$", printed, re.MULTILINE))


def drawn_causes() -> str:
    """Return the causes of the run that the picture was drawn from; empty if it does not say."""
    picture = PICTURE.read_bytes()
    start = picture.find(_TEXT)
    if start < 0:
        return ""
    (size,) = struct.unpack(">I", picture[start - 4 : start])
    return picture[start + len(_TEXT) : start + 4 + size].decode()


def _with_causes(picture: bytes, causes: str) -> bytes:
    """Return a PNG with the causes in an `iTXt` chunk, behind its header."""
    chunk = _TEXT + causes.encode()
    text = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return picture[:_HEADER_BYTES] + text + picture[_HEADER_BYTES:]


def _picture(page: Page) -> bytes:
    """Return the page from its top down to the end of its cases, as PNG."""
    page.run("document.querySelectorAll('.cause').forEach((cause, at) => { cause.open = at < 1; })")
    # What stays in view while a reader scrolls would cover what is below it
    page.run(
        "document.querySelectorAll('.toolbar, .filters').forEach(e => { e.style.position = 'static'; })"
    )
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

"""Headless Chromium, driven by the DevTools protocol over two pipes.

It needs no package, no driver and no open port.

A page collects whatever must not happen in a report that stands alone: requests, console messages,
exceptions, and what the page's own policy refused.
"""

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

CHROMIUM: Final = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
_SWITCHES: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
_ON_FDS_3_AND_4: Final = 'exec "${@:3}" 3<&"$1" 4>&"$2"'
_PATIENCE_S: Final = 60
_COMPLAINTS: Final = frozenset(
    {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"}
)
_SHIFTED: Final = 8
_MODIFIERS: Final = {"?": _SHIFTED}
_KEY_CODES: Final = {"Enter": 13, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40}


class Browser:
    """One browser; commands and events go through a pair of pipes, each ended by a zero byte."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._read = b""
        self._last_id = 0
        self._pages: dict[str, Page] = {}

    def command(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result; events that come first go to their pages."""
        self._last_id += 1
        message = {"id": self._last_id, "method": method, "params": parameters}
        os.write(
            self._to,
            json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0",
        )
        while True:
            got = self._next()
            if got.get("id") == self._last_id:
                assert "error" not in got, f"{method}: {got['error']}"
                result: dict[str, Any] = got["result"]
                return result

    def wait_for(self, session: str, event: str) -> None:
        """Wait until an event of a page has come."""
        while True:
            got = self._next()
            if got.get("method") == event and got.get("sessionId") == session:
                return

    def page(self, width: int = 1400, height: int = 900, *, dark: bool = False) -> "Page":
        """Open an empty page of some size."""
        target = self.command("Target.createTarget", url="about:blank")["targetId"]
        session = self.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self._pages[session] = Page(self, session)
        for domain in ("Page", "Runtime", "Network", "Log", "Audits"):
            page.command(f"{domain}.enable")
        page.resize(width, height)
        page.command(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}],
        )
        return page

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + _PATIENCE_S
        while b"\0" not in self._read:
            ready, _, _ = select.select([self._from], [], [], max(until - time.monotonic(), 0))
            part = os.read(self._from, 1 << 20) if ready else b""
            assert part, "the browser ended or went silent"
            self._read += part
        line, self._read = self._read.split(b"\0", 1)
        got: dict[str, Any] = json.loads(line)
        if "method" in got and (page := self._pages.get(got.get("sessionId", ""))):
            page.note(got["method"], got["params"])
        return got


@dataclass(slots=True)
class Page:
    """One page of the browser, and what it did that it should not have."""

    browser: Browser
    session: str
    requests: list[str] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command to this page."""
        return self.browser.command(method, self.session, **parameters)

    def note(self, event: str, about: dict[str, Any]) -> None:
        """Keep requests, what was received, and complaints."""
        if event == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])
        elif event == "Network.responseReceived":
            self.received.append(about["response"]["url"])
        elif (
            event in _COMPLAINTS
            or about.get("issue", {}).get("code") == "ContentSecurityPolicyIssue"
        ):
            self.complaints.append(json.dumps(about))

    def open(self, file: Path, fragment: str = "") -> None:
        """Open a file, from the disk and from nowhere else, and wait until it is loaded."""
        self.command("Page.navigate", url="about:blank")
        self.command("Page.navigate", url=file.as_uri() + fragment)
        self.browser.wait_for(self.session, "Page.loadEventFired")

    def run(self, script: str) -> Any:
        """Return what an expression is in the page."""
        got = self.command(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in got, got
        return got["result"].get("value")

    def text(self, selector: str) -> list[str]:
        """Return the text of each element that a selector finds, as a reader sees it."""
        found: list[str] = self.run(
            f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.innerText)"
        )
        return found

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as a keyboard does."""
        for key in keys:
            typed = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
            code = _KEY_CODES.get(key, 0)
            event = {"key": key, "modifiers": _MODIFIERS.get(key, 0), "windowsVirtualKeyCode": code}
            self.command("Input.dispatchKeyEvent", type="keyDown", text=typed, **event)
            self.command("Input.dispatchKeyEvent", type="keyUp", **event)
        self.settle()

    def click(self, selector: str) -> None:
        """Click the first element that a selector finds."""
        self.run(f"document.querySelector({json.dumps(selector)}).click()")
        self.settle()

    def settle(self) -> None:
        """Wait until the page has been laid out, and its observers asked."""
        self.run(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => "
            "done(true))))"
        )

    def resize(self, width: int, height: int) -> None:
        """Give the page another size."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.command("Emulation.setDeviceMetricsOverride", **size)

    def close(self) -> None:
        """Close the page."""
        self.command("Page.close")

    def picture(self, file: Path, *, whole: bool = False) -> None:
        """Write a picture of the window, or of the whole page."""
        data = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=whole)[
            "data"
        ]
        file.write_bytes(base64.b64decode(data))


def require_chromium() -> None:
    """Skip the test where Chromium is not there, or fail it where everything must be live."""
    if CHROMIUM is None:
        if os.environ.get("CONFORMANCE_REQUIRE_LIVE", "") not in {"", "0"}:
            pytest.fail("chromium is not on this machine, and CONFORMANCE_REQUIRE_LIVE asks for it")
        pytest.skip("chromium is not on this machine")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser with a profile of its own, and stop it with all that it started."""
    assert CHROMIUM is not None
    commands, to_browser = os.pipe()
    from_browser, events = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        words = [CHROMIUM, *_SWITCHES, f"--user-data-dir={profile}"]
        process = subprocess.Popen(
            ["bash", "-c", _ON_FDS_3_AND_4, "bash", str(commands), str(events), *words],
            pass_fds=(commands, events),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(events)
        browser = Browser(to_browser, from_browser)
        try:
            yield browser
        finally:
            with contextlib.suppress(AssertionError, OSError):
                browser.command("Browser.close")
            os.close(to_browser)
            os.close(from_browser)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

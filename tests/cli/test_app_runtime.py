"""An ASGI application as a runtime in process gives the same answers as on a port.

It is honest where it cannot be asked.
"""

import json
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import always, serve

APP = """\
async def shop(scope, receive, send):
    assert scope["type"] == "http"
    if scope["path"] == "/broken":
        raise RuntimeError("no such luck")
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"id": 1}'})
"""
SUITE = """\
suite: shop/app
cases:
  - name: one
    request: {GET: /items/1}
  - name: dots
    request: {GET: /a/../items/1}
  - name: raises
    request: {GET: /broken}
"""


def test_an_app_is_a_runtime(tmp_path: Path) -> None:
    """Answers compare with a port's; a target that would be rewritten is not asked.

    An exception is a fault.
    """
    (tmp_path / "shop_app.py").write_text(APP)
    (tmp_path / "shop.yaml").write_text(SUITE)
    with serve(always({"id": 1})) as url:
        (tmp_path / "runtimes.yaml").write_text(
            f"runtimes:\n  inside: {{app: 'shop_app:shop'}}\n  outside: {{url: '{url}'}}\n"
        )
        done = conformance("run", "shop.yaml", cwd=tmp_path)

    assert "inside   live, in process: shop_app:shop" in done.stdout
    assert "errored   shop/app/raises" in done.stdout
    assert "inside: runtime_crashed: RuntimeError: no such luck" in done.stdout
    assert "skipped   shop/app/dots" in done.stdout
    assert "an `app` runtime cannot be sent the target /a/../items/1" in done.stdout
    assert "3 cases: 1 passed + 1 errored + 1 skipped" in done.stdout
    assert done.returncode == 1


def test_an_app_that_is_not_there(tmp_path: Path) -> None:
    """An application that cannot be imported is a runtime that cannot be reached."""
    (tmp_path / "shop.yaml").write_text(SUITE)
    (tmp_path / "runtimes.yaml").write_text("runtimes:\n  inside: {app: 'nowhere:shop'}\n")

    done = conformance("run", "shop.yaml", cwd=tmp_path)

    assert "runtime inside: cannot import nowhere:shop: ModuleNotFoundError" in done.stderr
    assert done.returncode == 4


ENDLESS = """\
import asyncio, itertools, pathlib

def stream(name, waits=True):
    async def app(scope, receive, send):
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            for number in itertools.count():
                text = f": ping\\n\\ndata: {number if number < 2 else name}\\n\\n".encode()
                await send({"type": "http.response.body", "body": text, "more_body": True})
                if waits:
                    await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            pathlib.Path(f"{name}.cancelled").touch()
            raise
    return app

first, second, busy = stream("x"), stream("y"), stream("x", waits=False)
"""


def run_streams(folder: Path, apps: tuple[str, str], fields: str) -> tuple[int, str, str]:
    """Run one case, written as its fields, against two endless applications.

    Return exit code, report, and stdout.
    """
    (folder / "endless.py").write_text(ENDLESS)
    (folder / "suite.yaml").write_text(
        "suite: shop/stream\ncompare: value\ncases:\n  - name: x\n    request: {GET: "
        f"/}}\n{fields}"
    )
    runtimes = "".join(
        f"  {name}: {{app: 'endless:{app}'}}\n" for name, app in zip("ab", apps, strict=True)
    )
    (folder / "runtimes.yaml").write_text(f"runtimes:\n{runtimes}")
    done = conformance("run", "suite.yaml", "--runs", "runs", cwd=folder)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("stop_after", ["{events: 2}", "{match: 'data: 1'}"])
def test_an_app_that_never_ends_is_cut(tmp_path: Path, stop_after: str) -> None:
    """What an application sends before the end of the step is compared.

    The step asks for that end, and the application is then cancelled.
    """
    code, shown, errors = run_streams(
        tmp_path, ("first", "second"), f"    stop_after: {stop_after}\n"
    )
    assert (code, errors) == (0, ""), shown
    assert "1 case: 1 passed" in shown
    assert {file.name for file in tmp_path.glob("*.cancelled")} == {"x.cancelled", "y.cancelled"}


def test_what_differs_before_the_end_is_found(tmp_path: Path) -> None:
    """The third event differs, and it alone: both are cut at the same event."""
    code, shown, _ = run_streams(tmp_path, ("first", "second"), "    stop_after: {events: 3}\n")
    assert code == 1
    assert "$[*].data" in shown
    case = json.loads(next((tmp_path / "runs").glob("*/run.ndjson")).read_text().splitlines()[1])
    assert [cell["seen"][0]["answer"]["body"].count("data:") for cell in case["cells"]] == [3, 3]


def test_an_app_is_cut_when_its_time_is_up(tmp_path: Path) -> None:
    """An application is cut after the given milliseconds.

    What arrived by then is the answer, even if the application waits for nothing.
    """
    _, shown, errors = run_streams(
        tmp_path, ("first", "busy"), "    stop_after: {ms: 300}\n    compare: status\n"
    )
    assert ("1 case: 1 passed" in shown, errors) == (True, "")
    _, shown, _ = run_streams(
        tmp_path,
        ("first", "second"),
        "    stop_after: {match: never}\n    timeout_ms: 300\n    compare: status\n",
    )
    assert "1 case: 1 passed" in shown


def test_an_app_without_an_end_is_a_fault(tmp_path: Path) -> None:
    """Nobody said where it is cut: the time is up, or the bound on a body is reached."""
    code, shown, _ = run_streams(tmp_path, ("first", "second"), "    timeout_ms: 300\n")
    assert code == 1
    assert "timeout_total" in shown

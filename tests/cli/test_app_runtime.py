"""An ASGI application as a runtime in process: the same answers as on a port, and honest where it cannot be asked."""

from pathlib import Path

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
    """Answers compare with a port's; a target that would be rewritten is not asked; an exception is a fault."""
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

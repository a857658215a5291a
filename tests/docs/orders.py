"""Three runtimes of one shop, whose reports `docs/reading-reports.md` shows."""

import contextlib
from pathlib import Path
from typing import Final

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, json_reply, serve

SUITE: Final = """\
suite: shop/orders
compare: value
cases:
  - {name: list, request: {GET: /orders}}
  - {name: one, request: {GET: /orders/7}}
  - {name: unknown, request: {GET: /orders/none}}
  - {name: page, request: {GET: "/orders?page=2"}}
"""
LANGUAGES: Final = ("python", "rust", "go")


def shop(name: str) -> Service:
    """Return one of the runtimes."""
    go = name == "go"
    order = {"id": 7, "total": "12.50" if go else 12.5, "note": "ring twice"}
    if name == "rust":
        del order["note"]
    statuses = {"python": 404, "rust": 400, "go": 500}
    answers: dict[str, Reply] = {
        "/orders": json_reply({"orders": [order]}),
        "/orders/7": json_reply(order),
        "/orders/none": json_reply({"error": "no such order"}, statuses[name]),
        "/orders?page=2": json_reply({"page": 2, "left": LANGUAGES.index(name)}),
    }

    def service(request: Received) -> Reply:
        return answers[request.target]

    return service


def run_in(folder: Path) -> str:
    """Write the suite into a folder, run it there, and return what is printed."""
    (folder / "orders.yaml").write_text(SUITE)
    with contextlib.ExitStack() as running:
        urls = {name: running.enter_context(serve(shop(name))) for name in LANGUAGES}
        runtimes = "".join(
            f"  {name}: {{language: {name}, url: '{url}'}}\n" for name, url in urls.items()
        )
        (folder / "runtimes.yaml").write_text(f"runtimes:\n{runtimes}")
        return conformance("run", "orders.yaml", cwd=folder).stdout

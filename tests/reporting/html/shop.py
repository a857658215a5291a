"""A shop in three runtimes, one a recording: its cases show all differences of the HTML report.

`ANSWERS` holds for each target what the others answer and what the odd one, `b`, answers.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, json_reply, serve
from tests.reporting.test_hostile_text import HOSTILE

BREAKS_OUT: Final = '</script><img src=x onerror="document.title=1">'
"""A body that ends a script block, and runs something, where it is not escaped."""
_PLAIN: Final = {"content-type": "text/plain"}
_BYTES: Final = {"content-type": "application/octet-stream"}
_LIST: Final = [{"id": number, "name": f"thing {number}"} for number in range(30)]
ANSWERS: Final[dict[str, tuple[Reply, Reply]]] = {
    "alike": (json_reply({"ok": True}), json_reply({"ok": True})),
    "null-or-absent": (json_reply({"id": 7, "paid_by": None}), json_reply({"id": 7})),
    "spelled-otherwise": (
        json_reply({"unit_price": 12, "in_stock": 3}),
        json_reply({"unitPrice": 12, "inStock": 3}),
    ),
    "renamed": (
        json_reply({"items": [{"id": 1, "tag": "x"}, {"id": 2, "tag": "y"}]}),
        json_reply({"data": [{"id": 1}]}),
    ),
    "long": (json_reply({"items": _LIST, "total": 30}), json_reply({"items": _LIST, "total": 31})),
    "digits": (
        Reply(body=b'{"id": 12345678901234567890, "rate": 1.50}'),
        Reply(body=b'{"id": 12345678901234567000, "rate": 1.50}'),
    ),
    "hostile": (
        json_reply({BREAKS_OUT: BREAKS_OUT, "more": list(HOSTILE)}),
        json_reply({BREAKS_OUT: "<b>bold</b>", "more": [*HOSTILE, "\u202etxt.exe"]}),
    ),
    "hostile-text": (
        Reply(headers=_PLAIN, body=BREAKS_OUT.encode()),
        Reply(headers=_PLAIN, body=b"<!-- <script>"),
    ),
    "page": (
        Reply(headers=_PLAIN, body=b"one\ntwo\nthree\nfour\n"),
        Reply(headers=_PLAIN, body=b"one\ntwo and a half\nthree\nthree more\nfour\n"),
    ),
    "picture": (
        Reply(headers=_BYTES, body=b"\x89PNG\x00\xff" * 9),
        Reply(headers=_BYTES, body=b"\x89PNG\x00\xfe" * 9),
    ),
    "header": (json_reply({}), json_reply({}, content_type="application/json; charset=utf-8")),
    "broken": (json_reply({}), Reply(headers={"content-length": "7"}, body=b"two lengths")),
}
CASES: Final = tuple(
    f"shop/items/{name}"
    for name in (
        "only-shape",
        *ANSWERS,
        "two-steps",
        "not-for-all",
        "expected",
        "filled-in[text=one]",
        "only-list",
    )
)
SUITE: Final = (
    "suite: shop/items\ncompare: value\ncases:\n"
    "  - {name: only-shape, compare: shape, request: {GET: /long}}\n"
    + "".join(f"  - {{name: {name}, request: {{GET: /{name}}}}}\n" for name in ANSWERS)
    + """\
  - name: two-steps
    steps:
      - request: {POST: /orders, json: {article: "it's"}}
        capture: {id: $.id}
      - request: {GET: "/orders/${id}"}
  - {name: not-for-all, requires: [search], request: {GET: /alike}}
  - {name: expected, request: {GET: /alike}, expect: {status: 201}}
  - {name: filled-in, matrix: {text: [one]}, request: {GET: /alike, headers: {x-text: "${text}"}}}
  - {name: only-list, compare: shape, request: {GET: /renamed}}
"""
)
RUNTIMES: Final = """\
runtimes:
  a: {{language: python, url: "{a}", supports: []}}
  b: {{language: go, url: "{b}", supports: []}}
  c: {{language: rust, recording: c.ndjson, supports: []}}
"""
LEDGER: Final = """\
decisions:
  - id: D-001
    title: b leaves out what is null
    state: open
    kind: must_match
    where: [shop/items/null-*]
    cause: null-vs-absent
    at: ["$.paid_by"]
    sides: {absent: [b], "null": [a, c]}
    fix: absent
    grows: true
    reason: Its serializer skips what is empty.
    owner: shop team
    opened: "2026-11-01"
    review_by: "2100-01-31"
"""


def shop(*, odd: bool) -> Service:
    """Return one of the runtimes."""

    def service(request: Received) -> Reply:
        name = request.target.removeprefix("/")
        if not name.startswith("orders"):
            return ANSWERS[name][odd]
        made: dict[str, Any] = {"id": 8 if odd else 7, "state": "open"}
        return json_reply(
            made if request.method == "POST" else made | {"state": "new" if odd else "open"}
        )

    return service


@contextlib.contextmanager
def workspace(folder: Path) -> Iterator[None]:
    """Serve the shop, and write the files that a run in a folder needs."""
    with serve(shop(odd=False)) as a, serve(shop(odd=True)) as b:
        (folder / "shop.yaml").write_text(SUITE)
        (folder / "decisions.yaml").write_text(LEDGER)
        recorded = conformance(
            "record", "shop.yaml", "--runtime", f"c={a}", "--output", "c.ndjson", cwd=folder
        )
        assert recorded.returncode == 0, recorded.stderr
        (folder / "runtimes.yaml").write_text(RUNTIMES.format(a=a, b=b))
        yield


def report_of(folder: Path, *options: str) -> Path:
    """Make a run, and return its HTML report."""
    done = conformance("run", "shop.yaml", *options, cwd=folder, CONFORMANCE_REQUIRE_LIVE="")
    assert done.returncode in {0, 1}, done.stderr
    return (folder / "reports/runs/latest/report.html").resolve()

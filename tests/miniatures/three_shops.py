"""Three versions of one shop with thirty planted causes.

They have 24 routes of five things each, and 120 requests.

`planted_by` says what a version answers; None is a connection that ends without an answer.  Each plant
names the version that has it and the route; all else is alike in all three.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tests.miniatures.server import Received, Reply, Script, received

VERSIONS: Final = ("a", "b", "c")
ROUTES: Final = 24
THINGS: Final = 5
JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Planted:
    """An answer that is not yet bytes: status, JSON value or text, header fields."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": JSON})

    def reply(self) -> Reply:
        """Return the answer as bytes."""
        raw = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        return Reply(status=self.status, headers=self.headers, body=raw)


Plant = Callable[[Planted, int], Planted | None]
"""Changes an answer about a thing, by the thing's number."""


def target_of(route: int, thing: int) -> str:
    """Return the target that asks for a thing."""
    return f"/shelf-{_word(route)}/{thing}"


def _word(route: int) -> str:
    return chr(ord("a") + route)


def plain(route: int, thing: int) -> Planted:
    """Return what a version without plants answers."""
    body = {
        "name": f"thing {_word(route)}{thing}",
        "total": 100 * route + thing,
        "price": {"amount": 7 * thing + 1, "currency": "EUR"},
        "tags": [],
        "note": None,
        "sold_out": False,
        "placed_at": f"2026-11-2{thing}T10:00:00Z",
        "lines": [{"sku": f"s{thing}", "count": 2}, {"sku": "s9", "count": thing + 1}],
        "ship_to": {"city_name": "Oslo", "zip_code": "0150"},
    }
    return Planted(body)


def sets(name: str, value: object) -> Plant:
    """Return a plant that sets a member; a function gets the thing's number."""

    def plant(planted: Planted, thing: int) -> Planted:
        made = value(thing) if callable(value) else value
        return replace(planted, body={**planted.body, name: made})

    return plant


def drops(name: str) -> Plant:
    """Return a plant that leaves a member out."""
    return lambda planted, _: replace(
        planted, body={key: value for key, value in planted.body.items() if key != name}
    )


def refuses(status: int, code: str) -> Plant:
    """Return a plant that refuses with a code."""
    return lambda planted, _: replace(planted, status=status, body={"code": code, "message": "no"})


def header(name: str, value: str) -> Plant:
    """Return a plant that sends a header field."""
    return lambda planted, _: replace(planted, headers={**planted.headers, name: value})


def sends(body: object, media: str = JSON, status: int = 200) -> Plant:
    """Return a plant that answers something else."""
    return lambda planted, _: replace(
        planted, body=body, status=status, headers={"content-type": media}
    )


def _wraps(planted: Planted, _: int) -> Planted:
    return replace(planted, body={"data": planted.body})


def _camel(planted: Planted, _: int) -> Planted:
    return replace(
        planted, body={**planted.body, "ship_to": {"cityName": "Oslo", "zipCode": "0150"}}
    )


def _repeats_a_key(planted: Planted, _: int) -> Planted:
    return replace(
        planted, body=json.dumps(planted.body).encode().replace(b"{", b'{"name": "x", ', 1)
    )


def _hangs_up(_: Planted, __: int) -> None:
    return None


def _in_each_line(name: str, value: Callable[[int], object]) -> Plant:
    def plant(planted: Planted, _: int) -> Planted:
        lines = [{**line, name: value(line["count"])} for line in planted.body["lines"]]
        return replace(planted, body={**planted.body, "lines": lines})

    return plant


PLANTS: Final[tuple[tuple[str, int, Plant], ...]] = (
    ("c", 0, sets("total", str)),  # numbers as text, in two routes
    ("c", 1, _in_each_line("count", str)),
    ("b", 2, sets("tags", None)),  # null for an empty list
    ("c", 3, drops("note")),  # nothing for null
    ("b", 4, _camel),
    ("c", 5, sets("placed_at", lambda thing: f"2026-11-2{thing}T12:00:00+02:00")),
    ("b", 6, sets("price", {"amount": 5, "currency": "EUR"})),  # another value
    ("c", 7, sets("name", lambda thing: f"other {thing}")),
    ("b", 8, refuses(404, "NO_SUCH_THING")),
    ("c", 9, header("etag", '"1"')),
    ("b", 10, header("content-type", f"{JSON}; charset=utf-8")),
    ("a", 11, refuses(400, "BAD")),  # all refuse, c in plain text
    ("b", 11, refuses(400, "BAD")),
    ("c", 11, sends(b"bad", "text/plain", 400)),
    ("c", 12, _hangs_up),
    ("b", 13, refuses(500, "BROKEN")),
    ("c", 14, sets("debug", 1)),
    ("b", 15, drops("price")),
    ("c", 16, sets("ship_to", "Oslo")),
    ("b", 17, sets("lines", [{"sku": "s1", "count": 2}])),  # another length
    ("c", 18, _wraps),
    (
        "b",
        19,
        sets(
            "lines",
            lambda thing: [{"sku": "s9", "count": thing + 1}, {"sku": f"s{thing}", "count": 2}],
        ),
    ),
    ("a", 19, sets("tags", ["x", "y", "z"])),  # and another order in a second place
    ("b", 19, sets("tags", ["y", "x", "z"])),
    ("c", 19, sets("tags", ["x", "y", "z"])),
    ("a", 20, sends(b"one\ntwo\n", "text/plain")),
    ("b", 20, sends(b"one\ntwo\n", "text/plain")),
    ("c", 20, sends(b"one\nthree\n", "text/plain")),
    ("b", 21, _repeats_a_key),
    ("a", 22, sets("stamp", 1)),  # all three have another value
    ("b", 22, sets("stamp", 2)),
    ("c", 22, sets("stamp", 3)),
    ("b", 23, sets("ship_to", [{"city_name": "Oslo", "zip_code": "0150"}])),  # a list of one
    ("c", 23, sets("sold_out", "false")),  # a boolean as text
    ("b", 0, sets("price", lambda thing: {"amount": 7.5 * thing, "currency": "EUR"})),
    ("b", 1, sets("name", None)),
    ("c", 2, sets("lines", {})),
    ("b", 3, sets("note", "x")),
    ("c", 8, refuses(403, "NOT_YOURS")),
)


def planted_by(version: str, route: int, thing: int) -> Planted | None:
    """Return what a version answers about a thing."""
    planted: Planted | None = plain(route, thing)
    for who, where, plant in PLANTS:
        if who == version and where == route and planted is not None:
            planted = plant(planted, thing)
    return planted


def answers(version: str) -> Script:
    """Return a script for `serve_script` that is one version."""
    known = {
        target_of(route, thing): (route, thing)
        for route in range(ROUTES)
        for thing in range(THINGS)
    }

    def script(connection: Any, request: bytes) -> None:
        asked: Received = received(request)
        planted = planted_by(version, *known[asked.target])
        if planted is None:
            connection.close()
            return
        reply = planted.reply()
        head = f"HTTP/1.1 {reply.status} Status\r\n" + "".join(
            f"{n}: {text}\r\n" for n, text in reply.headers.items()
        )
        connection.sendall(f"{head}content-length: {len(reply.body)}\r\n\r\n".encode() + reply.body)

    return script


def suite() -> str:
    """Return the suite: a case for each thing, and a two-step case for each route.

    The two-step case asks for the last two things of its route.
    """
    lines = ["suite: shop/shelves", "compare: value", "cases:"]
    for route in range(ROUTES):
        single = range(THINGS - 2)
        lines += [
            f"  - {{name: shelf-{_word(route)}-{n}, request: {{GET: {target_of(route, n)}}}}}"
            for n in single
        ]
        last = ", ".join(
            f"{{request: {{GET: {target_of(route, thing)}}}}}" for thing in (THINGS - 2, THINGS - 1)
        )
        lines.append(f"  - {{name: shelf-{_word(route)}-last, steps: [{last}]}}")
    return "\n".join(lines) + "\n"

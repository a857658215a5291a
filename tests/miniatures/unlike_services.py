"""Two services of one contract, each as its framework would write it.

They show a wall of differences with few causes.

`plain_style` answers snake_case members, bare objects, `{"error", "message"}` errors; `other_style`
the same things in camelCase, with other pagination, problem documents, and what a framework does by
itself.  Each row of `ENDPOINTS` has several cases, so that what repeats can be seen to repeat.
"""

from typing import Any

from tests.miniatures.server import Received, Reply, Service, json_reply

KINDS = ("orders", "customers", "invoices", "parcels", "returns", "vouchers", "stores")
VERBS = ("one", "list", "missing", "invalid", "method", "made", "gone")
TARGETS = tuple(f"/{kind}/{verb}" for kind in KINDS for verb in VERBS)
"""49 targets: seven kinds of thing, seven things to do with each."""


def _thing(kind: str) -> dict[str, Any]:
    return {
        "thing_kind": kind,
        "unit_price": 12,
        "made_at": "2026-11-23T10:00:00Z",
        "paid_by": None,
        "side_notes": [],
    }


def plain_style() -> Service:
    """Answer in one style."""

    def service(request: Received) -> Reply:
        _, kind, verb = request.target.split("/")
        answers = {
            "one": lambda: json_reply(_thing(kind)),
            "list": lambda: json_reply(
                {"items": [_thing(kind)] * 2, "page": 1, "per_page": 20, "total": 2}
            ),
            "missing": lambda: json_reply(
                {"error": "not_found", "message": f"no such {kind}"}, 404
            ),
            "invalid": lambda: json_reply({"error": "invalid"}, 422),
            "method": lambda: json_reply({"error": "method"}, 405, allow="GET"),
            "made": lambda: json_reply(_thing(kind), 201),
            "gone": lambda: Reply(status=204, headers={}, body=b""),
        }
        return answers[verb]()

    return service


def _other_thing(kind: str) -> dict[str, Any]:
    return {
        "thingKind": kind,
        "unitPrice": 12.0,
        "madeAt": "2026-11-23T10:00:00+00:00",
        "sideNotes": None,
    }


def other_style() -> Service:
    """Answer the same in another style."""

    def service(request: Received) -> Reply:
        _, kind, verb = request.target.split("/")
        problem = {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": f"no {kind} here",
        }
        answers = {
            "one": lambda: json_reply(
                _other_thing(kind), content_type="application/json; charset=utf-8"
            ),
            "list": lambda: json_reply({"data": [_other_thing(kind)], "nextCursor": "x"}),
            "missing": lambda: json_reply(problem, 404, content_type="application/problem+json"),
            "invalid": lambda: json_reply({"title": "Bad Request"}, 400),
            "method": lambda: json_reply({"title": "Not Found"}, 404),
            "made": lambda: json_reply(_other_thing(kind)),
            "gone": lambda: json_reply({"ok": True}),
        }
        return answers[verb]()

    return service


def fails_once(style: Service, target: str) -> Service:
    """Answer in a style, but fail on one target."""
    return lambda request: (
        json_reply({"error": "boom"}, 500) if request.target == target else style(request)
    )


def speaks_html_on(style: Service, verb: str) -> Service:
    """Answer in a style, but with a page where one thing is done."""
    page = Reply(
        status=404, headers={"content-type": "text/html"}, body=b"<html><h1>Not Found</h1></html>"
    )
    return lambda request: page if request.target.endswith(verb) else style(request)


def redirects_to(style: Service, host: str) -> Service:
    """Redirect everything to a host; none: to the service's own name."""
    del style
    return lambda request: Reply(
        status=302, headers={"location": f"http://{host or request.headers['host']}/next"}, body=b""
    )


def adds_slash(style: Service) -> Service:
    """Redirect a path without a slash at its end to one with it."""
    return lambda request: (
        style(request)
        if request.target.endswith("/")
        else Reply(status=307, headers={"location": request.target + "/"}, body=b"")
    )

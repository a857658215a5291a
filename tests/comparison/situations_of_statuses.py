"""Situations in which the statuses or the error pages differ.

There is one side of a status, whatever the bodies say of it.
"""

from typing import Final

from tests.comparison.differences import answer
from tests.comparison.situations import STATUS, situation, text, x

STATUSES: Final = [
    situation(
        "two-ways-to-say-not-found",
        answer('{"detail":"Not Found"}', 404),
        answer('{"code":"B"}', 404),
        answer("{}"),
        level=STATUS,
        expected=[("status", "c is the odd one out (200); a, b: 404", "c")],
    ),
    situation(
        "nothing-or-something-beside-204",
        answer("", media=None),
        x(1),
        answer("", 204, media=None),
        level=STATUS,
        expected=[
            (
                "status",
                (
                    "c is the odd one out (204); a, b: 200; different success status between "
                    "a and c; 204 vs a success with a body between b and c"
                ),
                "c",
            )
        ],
    ),
    situation(
        "two-redirects-beside-an-answer",
        answer("", 301, media=None, Location="/order/"),
        x(1),
        answer("", 301, media=None, Location="/other"),
        level=STATUS,
        expected=[("status", "b is the odd one out (200); a, c: 301", "b")],
    ),
    situation(
        "refusals-of-three-frameworks-beside-an-answer",
        text("Not Found", 404),
        answer('{"active":true}'),
        answer("<h1>Not Found</h1>", 404, media="text/html"),
        answer('{"error":"not found"}', 404),
        level=STATUS,
        expected=[("status", "b is the odd one out (200); a, c, d: 404", "b")],
    ),
    situation(
        "three-error-pages",
        answer("<h1>a</h1>", 404, media="text/html"),
        answer("<h1>z</h1>", 404, media="text/html"),
        answer("<p>b</p>", 404, media="text/html"),
        expected=[("$", "they differ: a · b · c", "")],
    ),
    situation(
        "an-error-in-two-statuses",
        answer('{"x":1}', 405, Allow="POST"),
        answer('{"x":2}', 405, Allow="POST"),
        x(3),
        x(4),
        expected=[
            ("$.x", "they differ: a · b; not compared: c, d", ""),
            ("$.x", "they differ: c · d; not compared: a, b", ""),
            ("status", "they differ: a, b 405 · c, d 200", ""),
        ],
    ),
    situation(
        "status-level",
        answer(x(1), 200),
        answer(status=404),
        answer(status=404),
        level=STATUS,
        expected=[("status", "a is the odd one out (200); b, c: 404", "a")],
    ),
]

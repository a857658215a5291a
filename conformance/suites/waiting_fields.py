"""The grammar of waiting: `until:` repeats a step, `stop_after:` cuts an answer.

A cut answer need not end by itself.
"""

from collections.abc import Callable, Iterator
from typing import Final

from msgspec.structs import replace

from conformance.errors import Problem
from conformance.model.waiting import StopAfter, Until
from conformance.suites.expect_fields import (
    EXPECT,
    expectation_of,
    expectation_problems,
    pattern_problems,
)
from conformance.suites.fields import Field, FieldTable, Flag, Text, Whole
from conformance.suites.nodes import Node, members, text
from conformance.suites.substitution import literal

DEFAULT_EVERY_MS: Final = 100
"""Ten times a second: often enough not to wait for much longer than a job takes, and no load on the
service.
"""
WAITING: Final = {
    "until": Field(
        spec=replace(
            EXPECT,
            fields={name: EXPECT.fields[name] for name in ("status", "headers", "json", "body")},
        ),
        says="the step is repeated until its answer is this; that answer is compared",
    ),
    "within_ms": Field(
        spec=Whole(least=1, most=3_600_000), says="how long a step with `until` is repeated"
    ),
    "every_ms": Field(
        spec=Whole(least=1, most=600_000),
        says=f"the pause before it is repeated; {DEFAULT_EVERY_MS} if not given",
    ),
    "stop_after": Field(
        spec=FieldTable(
            fields={
                "events": Field(
                    spec=Whole(least=1, most=1_000_000), says="so many events, or lines, are read"
                ),
                "match": Field(
                    spec=Text(),
                    says="the last event that is read is one in which this pattern (RE2) is found",
                ),
                "ms": Field(
                    spec=Whole(least=1, most=600_000), says="what came whole in this time is read"
                ),
            },
            one_of=("events", "match", "ms"),
        ),
        says="where an answer that need not end is cut, so that what came is compared",
    ),
    "timing": Field(
        spec=Flag(),
        says="true: keep when the parts of the answer came, and see whether all came at the end",
    ),
}
NEEDS: Final = {
    "within_ms": "until",
    "every_ms": "until",
    **dict.fromkeys(("until", "stop_after", "timing"), "request"),
}


def waiting_problems(
    given: dict[str, Node], known: Callable[[str], str | None]
) -> Iterator[Problem]:
    """Yield the problems of a step's waiting fields that its table cannot express."""
    yield from pattern_problems(members(given.get("stop_after")).get("match"))
    if "until" not in given:
        return
    yield from expectation_problems(given["until"], known)
    if not expectation_of(given["until"]):
        yield Problem(
            given["until"].place,
            "wanted what the answer must be, such as {status: 200}, got nothing",
        )
    if "within_ms" not in given:
        wrong = (
            "`until` needs `within_ms` beside it: how long to ask again, such as `within_ms: 5000`"
        )
        yield Problem(given["until"].place, wrong)


def stop_after_of(given: dict[str, Node]) -> StopAfter | None:
    """Return where the answer to a checked step is cut, or None."""
    if "stop_after" not in given:
        return None
    bounds = members(given["stop_after"])
    return StopAfter(
        events=int(text(bounds["events"])) if "events" in bounds else None,
        match=literal(text(bounds["match"])) if "match" in bounds else None,
        ms=int(text(bounds["ms"])) if "ms" in bounds else None,
    )


def until_of(given: dict[str, Node]) -> Until | None:
    """Return the answer that a checked step waits for, or None if it is sent once."""
    if "until" not in given:
        return None
    every_ms = int(text(given["every_ms"])) if "every_ms" in given else DEFAULT_EVERY_MS
    return Until(
        wanted=expectation_of(given["until"]),
        within_ms=int(text(given["within_ms"])),
        every_ms=every_ms,
    )

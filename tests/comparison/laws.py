"""Random answers of several runtimes to one step, for the two laws of judging."""

import json
import os
from collections.abc import Sequence
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st

from conformance.comparison.parity import compare_case
from conformance.errors import Place
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.finding import Finding
from conformance.model.observation import Answer, Cell
from conformance.model.request import Request

LAW: Final = settings(
    derandomize=True, deadline=None, max_examples=int(os.environ.get("LAW_RUNS", "1000"))
)
"""The laws hold for a thousand runs in the gate, and for as many as are asked for (`make laws`)."""

NAMES = ("a", "b", "c", "d", "e")
MEMBERS = ("id", "user_id", "userId", "total", "data", "items", "n", "m", "page", "message")
WRITTEN: Sequence[Sequence[object]] = (
    ("1", 1, 1.0, True, [1], "true"),
    (None, "", [], False, 0),
    (1.25, 1.24, 1.2, 5.3),
    (9007199254740993, 9007199254740992, 9007199254740992.0),
    ('{"n": [1, {"m": 2}]}', {"n": [1, {"m": 2}]}, {"n": [1, {"m": 3}]}),
    ("x", " x", "X", 2),
    ("no such thing", "nothing is here"),
    ("2026-11-23T00:00:00Z", "2026-11-23T01:00:00+01:00", "2026-11-23 00:00:00", 1795392000),
    ("é", "e\u0301", "?"),
    ("long " * 60 + "end", "long " * 60 + "é"),
)
"""Values, and other values or spellings that stand in their place in another runtime's answer."""
SCALARS = st.sampled_from(
    [value for row in WRITTEN for value in row if not isinstance(value, dict | list)]
)


def _one_spelling(members: dict[str, object]) -> dict[str, object]:
    """Leave out the second spelling of a name.

    In an object that has both, neither name gives a place.
    """
    return {
        name: value
        for name, value in members.items()
        if name != "userId" or "user_id" not in members
    }


VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=3).map(_one_spelling)
    ),
    max_leaves=8,
)


RECORDS = st.lists(
    st.fixed_dictionaries({"id": st.integers(1, 4), "n": SCALARS}, optional={"m": SCALARS}),
    min_size=2,
    max_size=4,
    unique_by=lambda record: record["id"],
).flatmap(
    lambda records: st.sampled_from(
        [records, {"items": records}, {"items": records, "total": len(records)}]
    )
)
"""Lists of things with ids, as services answer them."""


LISTS = st.lists(SCALARS, min_size=2, max_size=4).flatmap(
    lambda values: st.sampled_from(
        [values, {"items": values}, [{"id": at, "n": v} for at, v in enumerate(values)]]
    )
)
"""Lists of values, of which runtimes may have another one each."""


CHANGES = st.sampled_from(
    [
        "replaced",
        "written otherwise",
        "written otherwise",
        "reversed",
        "shorter",
        "later",
        "inserted first",
        "inserted within",
        "one written otherwise and one inserted",
        "one written otherwise and one left out",
        "in an envelope",
        "in lists",
        "first written otherwise",
        "second written otherwise",
        "second written otherwise",
        "first written otherwise and one more",
    ]
)


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Answer]:
    """Draw the answers of 2 to 5 runtimes: variations of one body, some alike."""
    bodies = draw(st.sampled_from([VALUES, RECORDS, LISTS]))
    base, usual = draw(bodies), draw(st.sampled_from([200, 200, 404]))
    found = {}
    for name in NAMES[: draw(st.integers(2, 5))]:
        body = (
            base
            if draw(st.integers(0, 3)) == 0
            else draw(st.one_of(bodies, *[st.builds(_changed, st.just(base), VALUES, CHANGES)] * 3))
        )
        status = usual if draw(st.integers(0, 3)) else draw(st.sampled_from([200, 400, 500, 201]))
        found[name] = answer(body, status)
    return found


def _changed(base: object, other: object, how: str) -> object:
    """Return a body with a part replaced, a list changed, other values, or wrapped.

    A changed list is in another order or has an element less.
    """
    if how == "replaced":
        return _replaced(base, other)
    if how.startswith("in "):
        return _wrapped(base, how)
    if isinstance(base, dict):
        return {
            name: _changed(value, other if isinstance(value, list) else value, how)
            for name, value in base.items()
        }
    if isinstance(base, list) and how == "written otherwise":
        return [_changed(value, value, how) for value in base]
    if isinstance(base, list):
        return _relisted(base, other, how)
    return _written_otherwise(base) if how == "written otherwise" else base


def _wrapped(base: object, how: str) -> object:
    """Return a body in an envelope, or each of its members in a list of one."""
    if how == "in an envelope":
        return {"data": base}
    return {name: [value] for name, value in base.items()} if isinstance(base, dict) else [base]


def _relisted(base: list[object], other: object, how: str) -> list[object]:
    """Return a list in another order, with an element more or less, or with another element."""
    if how in {"reversed", "shorter", "later"}:
        return {"reversed": base[::-1], "shorter": base[:-1], "later": base[1:]}[how]
    if how.startswith("inserted"):
        at = 0 if how == "inserted first" else 1
        return [*base[:at], other, *base[at:]]
    if how.startswith(("first", "second")):
        at = 0 if how.startswith("first") else 1
        changed = [_changed(each, each, "written otherwise") for each in base[at : at + 1]]
        return [*base[:at], *changed, *base[at + 1 :], *([other] if how.endswith("more") else [])]
    last = [_changed(each, each, "written otherwise") for each in base[-1:]]
    return [other, *base[:-1], *last] if how.endswith("inserted") else [*base[1:-1], *last]


def _written_otherwise(value: object) -> object:
    """Return what stands after a value in its row of values."""
    text = json.dumps(value)
    row = next((row for row in WRITTEN if text in map(json.dumps, row)), (value,))
    return row[([json.dumps(each) for each in row].index(text) + 1) % len(row)]


def _replaced(base: object, other: object) -> object:
    if isinstance(base, dict) and base:
        first = min(base)
        return {**base, first: other}
    if isinstance(base, list) and base:
        return [*base[:-1], other]
    return other


def answer(body: object, status: int = 200) -> Answer:
    """Return an answer with a JSON body."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    headers = (("Content-Type", "application/json"),)
    return Answer(status=status, reason="", headers=headers, body=raw, elapsed_ms=1.0)


def answers_of(*bodies: object) -> dict[str, Answer]:
    """Return the answers of so many runtimes, given their bodies."""
    return {name: answer(body) for name, body in zip(NAMES, bodies, strict=False)}


def findings_of(
    given: dict[str, Answer], names: Sequence[str], level: CompareLevel, baseline: str | None = None
) -> tuple[Finding, ...]:
    """Compare the answers of some runtimes."""
    step = Step(request=Request(method="GET", target="/x", headers=(), body=None))
    case = Case(
        suite="s",
        name="c",
        place=Place("s.yaml"),
        steps=(step,),
        against=None,
        compare=level,
        timeout_ms=60_000,
    )
    cells = [Cell(runtime=name, live=True, observations=(given[name],)) for name in names]
    return compare_case(case, cells, baseline).findings

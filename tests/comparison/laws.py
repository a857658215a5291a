"""Random answers of several runtimes to one step, for the two laws of judging."""

import json
from collections.abc import Sequence

from hypothesis import strategies as st

from conformance.comparison.parity import compare_case
from conformance.errors import Place
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.finding import Finding
from conformance.model.observation import Answer, Cell
from conformance.model.request import Request

NAMES = ("a", "b", "c", "d", "e")
MEMBERS = ("id", "user_id", "userId", "total", "data", "items", "n", "m")
SCALARS = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        2,
        1.0,
        1.25,
        1.2,
        "",
        "1",
        "x",
        "true",
        "2026-11-23T00:00:00Z",
        "2026-11-23T01:00:00+01:00",
        "é",
        "e\u0301",
        "long " * 60 + "end",
        "long " * 60 + "é",
    ]
)


def _one_spelling(members: dict[str, object]) -> dict[str, object]:
    """Leave out the second spelling of a name: an object that has both has no place that is called by either."""
    return {name: value for name, value in members.items() if name != "userId" or "user_id" not in members}


VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=3).map(_one_spelling)
    ),
    max_leaves=8,
)


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Answer]:
    """Draw the answers of 2 to 5 runtimes: variations of one body, some alike."""
    base = draw(VALUES)
    found = {}
    for name in NAMES[: draw(st.integers(2, 5))]:
        body = (
            base
            if draw(st.integers(0, 3)) == 0
            else draw(st.one_of(VALUES, st.builds(_changed, st.just(base), VALUES)))
        )
        status = draw(st.sampled_from([200, 200, 200, 200, 400, 500, 201]))
        found[name] = answer(body, status)
    return found


def _changed(base: object, other: object) -> object:
    """Return a body with one part of it replaced."""
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


def findings_of(
    given: dict[str, Answer], names: Sequence[str], level: CompareLevel, baseline: str | None = None
) -> tuple[Finding, ...]:
    """Compare the answers of some runtimes."""
    step = Step(request=Request(method="GET", target="/x", headers=(), body=None))
    case = Case(suite="s", name="c", place=Place("s.yaml"), steps=(step,), against=None, compare=level, timeout_ms=1000)
    cells = [Cell(runtime=name, live=True, observations=(given[name],)) for name in names]
    return compare_case(case, cells, baseline).findings

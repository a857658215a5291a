"""What a suite file's fields come to in its cases."""

from pathlib import Path

import pytest

from conformance.errors import Place
from conformance.model.case import Case, CompareLevel
from conformance.model.rule import RuleKind, ValueRule
from tests.suites.reading import cases_in

EVERYTHING = """\
suite: area/topic
against: lakehouse
compare: status
timeout_ms: 700
tags: [probe, slow]
requires: [search]
rules:
  - {path: "$.elapsed_ms", is: number, why: wall clock}
cases:
  - name: inherits
    request: {GET: /a}
  - name: says-itself
    request: {GET: /b}
    expect: {status: 404}
    compare: value
    timeout_ms: 60000
    tags: [extra]
    requires: [vectors]
    rules:
      - path: "$.items[*].id"
        is: uuid
        why: |
          made again
          by every runtime
  - name: walks
    steps:
      - {request: {POST: /c}, expect: {status: [200, 201]}}
      - {request: {DELETE: /c}}
"""


@pytest.fixture(name="cases")
def read_everything(tmp_path: Path) -> dict[str, Case]:
    return {case.name: case for case in cases_in(tmp_path, EVERYTHING)}


def test_identity_and_place(cases: dict[str, Case]) -> None:
    """A case is known by suite and name, and by the line and column where it is written."""
    case = cases["says-itself"]
    assert (case.id, case.against, case.place) == (
        "area/topic/says-itself",
        "lakehouse",
        Place("suite.yaml", 12, 5),
    )


def test_suite_settings_reach_every_case(cases: dict[str, Case]) -> None:
    """What the suite says holds for a case that says nothing itself."""
    case = cases["inherits"]
    assert (case.compare, case.timeout_ms, case.tags, case.requires) == (
        CompareLevel.STATUS,
        700,
        frozenset({"probe", "slow"}),
        frozenset({"search"}),
    )
    (rule,) = case.rules
    assert isinstance(rule, ValueRule)
    assert (rule.path, rule.accepts, rule.why) == (("elapsed_ms",), RuleKind.NUMBER, "wall clock")


def test_case_settings_override_or_add(cases: dict[str, Case]) -> None:
    """A case's level and budget take the place of the suite's.

    Its tags, requirements and rules are added.
    """
    case = cases["says-itself"]
    assert (case.compare, case.timeout_ms) == (CompareLevel.VALUE, 60_000)
    assert case.tags == {"probe", "slow", "extra"}
    assert case.requires == {"search", "vectors"}
    assert [rule.accepts for rule in case.rules if isinstance(rule, ValueRule)] == [
        RuleKind.NUMBER,
        RuleKind.UUID,
    ]


def test_neighbours_are_not_touched(cases: dict[str, Case]) -> None:
    """What one case adds is not in the case after it."""
    case = cases["walks"]
    assert case.tags == {"probe", "slow"}
    assert (len(case.rules), case.compare) == (1, CompareLevel.STATUS)


def test_reason_may_take_several_lines(cases: dict[str, Case]) -> None:
    """The reason of a rule may be a block of text."""
    assert cases["says-itself"].rules[1].why == "made again\nby every runtime\n"


def test_expected_status_is_one_or_a_list(cases: dict[str, Case]) -> None:
    """A status, a list of them, or nothing demanded at all."""
    assert [step.expectation.statuses for case in cases.values() for step in case.steps] == [
        (),
        ("404",),
        ("200", "201"),
        (),
    ]


def test_steps_keep_their_order(cases: dict[str, Case]) -> None:
    """Several exchanges of a case come in the order they are written."""
    assert [step.request.method for step in cases["walks"].steps] == ["POST", "DELETE"]


def test_defaults(tmp_path: Path) -> None:
    """A minimal suite compares by shape, for all runtimes, within ten seconds."""
    (case,) = cases_in(tmp_path, "suite: s\ncases: [{name: x, request: {GET: /}}]")
    assert (case.id, case.against, case.compare, case.timeout_ms) == (
        "s/x",
        None,
        CompareLevel.SHAPE,
        10_000,
    )
    assert (case.rules, case.tags, case.requires) == ((), frozenset(), frozenset())


@pytest.mark.parametrize("timeout_ms", [1, 600_000])
@pytest.mark.parametrize("status", [100, 999])
def test_bounds_are_included(tmp_path: Path, timeout_ms: int, status: int) -> None:
    """The least and the greatest number of a field are both allowed."""
    written = (
        f"{{name: x, request: {{GET: /}}, timeout_ms: {timeout_ms}, expect: {{status: {status}}}}}"
    )
    (case,) = cases_in(tmp_path, f"suite: s\ncases:\n  - {written}\n")
    assert (case.timeout_ms, case.steps[0].expectation.statuses) == (timeout_ms, (str(status),))

"""What is learned about answers that differ by themselves, and which cases it is written in."""

from typing import Any, cast

import msgspec
from msgspec.structs import replace

from conformance.comparison.parity import compare_case
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.oracle import Oracle, Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.recognition import Recognition
from conformance.model.decision import Ledger
from conformance.model.observation import Answer, Cell
from conformance.model.rule import Rule

MAKE, LIST = "POST /rooms", "GET /rooms"
PROBE = Probe(
    (FormStep(Form(method="POST", path=("rooms",))), FormStep(Form(method="GET", path=("rooms",)))),
    (MAKE, LIST),
    "value",
    f"{LIST} @ query q",
)


def _answer(value: Any) -> Answer:
    headers = (("content-type", "application/json"),)
    body = msgspec.json.encode(value)
    return Answer(status=200, reason="", headers=headers, body=body, elapsed_ms=1.0)


def _cell(runtime: str, listed: Any) -> Cell:
    seen = _answer({"data": {"name": "x"}}), _answer({"data": listed})
    return Cell(runtime=runtime, live=True, observations=seen)


def _outcome(listed: Any, rules: tuple[Rule, ...] = ()) -> Outcome:
    cells = tuple(_cell(name, listed) for name in "ab")
    return Outcome(probe=PROBE, case=PROBE.case("p", (), rules), cells=cells)


def _learned() -> dict[str, dict[Rule, None]]:
    oracle = Oracle(cast("Any", None), None, Ledger())
    oracle.learn([_outcome(["a", "b"]), _outcome(["b", "a", "c"])])
    return oracle.rules


def test_a_rule_is_for_the_operation_whose_answer_differs_by_itself() -> None:
    """A list whose order is not stable says nothing of what makes a thing."""
    assert set(_learned()) == {LIST}


def test_a_case_has_the_rules_that_its_cause_was_seen_with() -> None:
    """A rule about the list, learned later, would make the case green."""
    (rule,) = _learned()[LIST]
    case = PROBE.case("p", (), ())
    cells = [_cell(name, listed) for name, listed in (("a", []), ("b", ["x"]))]
    finding, *_ = compare_case(case, cells, None).findings
    known = Recognition()
    key = ("length", "$.data", LIST, "", (), ())
    for rules in ((), (rule,)):
        outcome = replace(_outcome([], rules), causes={key: finding})
        cause = known.add(PROBE, outcome, key)
        assert cause.rules_by_form[PROBE.steps] == rules

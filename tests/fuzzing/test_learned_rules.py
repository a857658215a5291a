"""What is learned about answers that differ by themselves, and which cases it is written in."""

import asyncio
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from conformance.comparison.parity import compare_case
from conformance.fuzzing.confirmation import Confirmation
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.oracle import Oracle, Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.recognition import Recognition
from conformance.model.decision import Ledger
from conformance.model.finding import Finding
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


def _findings() -> tuple[Finding, ...]:
    cells = [_cell(name, listed) for name, listed in (("a", []), ("b", ["x"]))]
    return compare_case(PROBE.case("p", (), ()), cells, None).findings


def _learned() -> dict[str, dict[Rule, None]]:
    oracle = Oracle(cast("Any", None), None, Ledger())
    oracle.learn([_outcome(["a", "b"]), _outcome(["b", "a", "c"])])
    return oracle.rules


def test_a_rule_is_for_the_operation_whose_answer_differs_by_itself() -> None:
    """A list whose order is not stable says nothing of what makes a thing."""
    assert set(_learned()) == {LIST}


def test_a_case_has_no_rule_that_would_hide_its_cause() -> None:
    """It was seen without the rule about the list, which was learned later."""
    (about_list,) = _learned()[LIST]
    about_name = replace(about_list, path=("data", "name"))
    finding, *_ = _findings()
    key = ("length", "$.data", LIST, "", (), ())

    def rules_of(*seen_with: Rule) -> tuple[Rule, ...]:
        outcome = replace(_outcome([], seen_with), causes={key: finding})
        cause = Recognition().add(PROBE, outcome, key)
        return cause.rules_for(PROBE, [about_list, about_name])

    assert rules_of() == (about_name,)
    assert rules_of(about_list) == (about_list, about_name)


def test_what_differs_by_itself_is_learned_with_the_same_fresh_names() -> None:
    """A list that is sorted by them has another order with others: that is no rule about it."""
    asked: list[str] = []
    learned: list[list[Outcome]] = []

    async def send(_: Probe, name: str) -> Outcome:
        asked.append(name)
        return replace(_outcome([]), causes={key: finding})

    def learn(outcomes: list[Outcome]) -> None:
        learned.append(outcomes)

    (finding, *_), key = _findings(), ("length", "$.data", LIST, "", (), ())
    oracle = SimpleNamespace(differs_by_itself=lambda *_: True, learn=learn)
    isolation = SimpleNamespace(cheap=True, reset_if_touched=partial(asyncio.sleep, 0))
    confirmation = Confirmation(cast("Any", oracle), cast("Any", isolation), send)
    seen = replace(_outcome([]), causes={key: finding})

    assert not asyncio.run(confirmation.shows_again(seen, key))
    assert asked == ["", seen.case.name]
    assert [each is seen for each in learned[0]] == [True, False]

"""N runtimes, one step: classes, the reference among them, and who stands on either side of a finding."""

import pytest

from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel, RuleKind
from conformance.model.finding import Facet
from conformance.model.observation import Answer, Cell, Fault, FaultKind, NotAsked, Observation
from conformance.model.verdict import Comparison, RuleUse
from tests.comparison.differences import answer, rule
from tests.comparison.live_runs import case

FAULT = Fault(kind=FaultKind.RESET, phase="headers", detail="", elapsed_ms=1.0)
NOT_ASKED = NotAsked(reason="does not support it", unsupported=True)
Sides = tuple[tuple[str, ...], tuple[str, ...]]


def cells(**seen: Observation) -> list[Cell]:
    """Return one-step cells, in the order in which their runtimes are listed."""
    return [Cell(runtime=name, live=True, observations=(observation,)) for name, observation in seen.items()]


def compared(baseline: str | None = None, level: CompareLevel = CompareLevel.SHAPE, **seen: Observation) -> Comparison:
    """Compare one step."""
    return compare_case(case(compare=level), cells(**seen), baseline)


def sides(comparison: Comparison) -> dict[str, Sides]:
    """Return who stands where, by signature."""
    return {str(finding.signature): (finding.odd, finding.rest) for finding in comparison.findings}


FULL, LESS, TEXT = answer('{"x":1,"y":{"z":1}}'), answer('{"x":1}'), answer('{"x":"one","y":{"z":1}}')
RETYPED = answer('{"x":1,"y":{"z":"one"}}')
MISSING = answer('{"error":1}', 404)


@pytest.mark.parametrize(
    ("seen", "baseline", "classes"),
    [
        pytest.param({"a": FULL, "b": FULL}, None, (("a", "b"),), id="one-class"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, None, (("b", "c"), ("a",)), id="largest"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, "a", (("a",), ("b", "c")), id="baseline"),
        pytest.param({"b": LESS, "a": FULL}, None, (("b",), ("a",)), id="tie-of-two"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL, "d": LESS}, None, (("a", "d"), ("b", "c")), id="tie-of-four"),
        pytest.param({"a": LESS, "b": FULL, "c": TEXT}, None, (("a",), ("b",), ("c",)), id="all-apart"),
        pytest.param({"a": TEXT, "b": LESS, "c": FULL, "d": FULL, "e": LESS}, None, (("a",), ("b", "e"), ("c", "d")),
                     id="tie-of-the-largest"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, "z", (("b", "c"), ("a",)), id="absent-baseline"),
        pytest.param({"a": FAULT, "b": FULL, "c": LESS}, "a", (("b",), ("c",)), id="faulted-baseline"),
        pytest.param({"a": FULL, "b": NOT_ASKED, "c": FULL}, None, (("a", "c"),), id="unsupported"),
        pytest.param({"a": FAULT, "b": NOT_ASKED}, None, (), id="nobody"),
    ],
)  # fmt: skip
def test_classes_and_reference(
    seen: dict[str, Observation], baseline: str | None, classes: tuple[tuple[str, ...], ...]
) -> None:
    """The reference is the baseline's class, else the unique largest, else that of the first-listed runtime."""
    comparison = compare_case(case(), cells(**seen), baseline)
    assert comparison.classes == classes
    assert comparison.compared == (sum(map(len, classes)) > 1)


def test_a_class_that_agrees_at_the_place_is_on_the_rest_side() -> None:
    """A third class that differs elsewhere still holds with the reference where it agrees."""
    assert sides(compared("a", a=FULL, b=LESS, c=TEXT)) == {
        "member@$.y (absent | present)": (("b",), ("a", "c")),
        "type@$.x (string | integer)": (("c",), ("a", "b")),
    }


def test_a_class_that_was_not_compared_there_is_on_no_side() -> None:
    """An answer with another status, or without the member above, says nothing about what is below."""
    assert sides(compared("a", a=FULL, b=MISSING, c=TEXT)) == {
        "status@status (404 | 200)": (("b",), ("a", "c")),
        "type@$.x (string | integer)": (("c",), ("a",)),
    }
    assert sides(compared("a", a=FULL, b=LESS, c=RETYPED)) == {
        "member@$.y (absent | present)": (("b",), ("a", "c")),
        "type@$.y.z (string | integer)": (("c",), ("a",)),
    }


def test_a_class_with_a_third_fact_is_on_no_side() -> None:
    """Three types at one place are two findings against the reference, neither with the other odd class."""
    assert sides(compared("a", a=answer("1"), b=answer("[]"), c=answer("{}"))) == {
        "type@$ (array | integer)": (("b",), ("a",)),
        "type@$ (object | integer)": (("c",), ("a",)),
    }


def test_classes_with_the_same_difference_share_a_finding() -> None:
    """Two classes that differ from the reference in one same way are together on the odd side there."""
    both = answer('{"x":"one"}')
    assert sides(compared("a", a=FULL, b=TEXT, c=both)) == {
        "type@$.x (string | integer)": (("b", "c"), ("a",)),
        "member@$.y (absent | present)": (("c",), ("a", "b")),
    }


def test_a_finding_tells_its_occurrence() -> None:
    """A finding holds its facet and an excerpt of what each side sent."""
    (finding,) = compared(a=answer('{"x":1}'), b=answer('{"x":2}'), level=CompareLevel.VALUE).findings
    assert (finding.facet, finding.odd_example, finding.rest_example, finding.idiom) == (Facet.VALUE, "2", "1", None)


def test_long_values_are_excerpts() -> None:
    """No example in a finding is longer than a report can show."""
    (finding,) = compared(a=answer('"' + "x" * 9_000 + '"'), b=answer("1")).findings
    assert len(finding.rest_example) <= 240


@pytest.mark.parametrize("answers", [(FULL, FULL), (MISSING, MISSING)])
def test_equal_answers_have_no_findings(answers: tuple[Answer, Answer]) -> None:
    """Two equal answers are one class without findings, errors included."""
    assert compared(a=answers[0], b=answers[1]).findings == ()


def test_rule_hits_are_counted_with_their_place() -> None:
    """A comparison says how often each rule was needed, and where the rule is written."""
    loosened = case(compare=CompareLevel.VALUE, rules=(rule("$.x", RuleKind.NUMBER),))
    comparison = compare_case(loosened, cells(a=answer('{"x":1}'), b=answer('{"x":2}'), c=answer('{"x":3}')))
    assert comparison.findings == ()
    assert comparison.rule_uses == (RuleUse(rule="suite.yaml:3:5: $.x", hits=2),)


def test_steps_that_were_not_reached_are_left_out() -> None:
    """After a fault a runtime is in no class of the later steps, and the others are still compared."""
    seen = [
        Cell(runtime="a", live=True, observations=(FULL, FULL)),
        Cell(runtime="b", live=True, observations=(FULL, LESS)),
        Cell(runtime="c", live=True, observations=(FAULT, NotAsked(reason="an earlier step had no answer"))),
    ]
    comparison = compare_case(case("two", "/1", "/2"), seen)
    assert [(finding.step, finding.odd, finding.rest) for finding in comparison.findings] == [(1, ("b",), ("a",))]

"""Groups of runtimes that gave no answer."""

import pytest

from conformance.comparison.faults import fault_finding
from conformance.model.finding import Finding
from conformance.model.observation import Fault, FaultKind, Observation
from conformance.reporting.phrases import sides
from tests.comparison.differences import answer
from tests.comparison.grouped_findings import grouped


def fault(base: str | None = None, **facts: str) -> Finding:
    """Return a finding about what each runtime did with a step.

    Those with no fact answered.
    """
    seen: dict[str, Observation] = {
        name: Fault(kind=FaultKind(fact), phase="headers", detail="", elapsed_ms=1.0)
        if fact
        else answer()
        for name, fact in facts.items()
    }
    found = fault_finding(0, seen, base)
    assert found is not None
    return found


def test_a_fault_says_what_others_did_in_every_case() -> None:
    """A cause about one runtime's fault says where another runtime did something else.

    It says so if that is the case in any of its cases.
    """
    alone, both = fault(a="", b="", c="reset"), fault(a="reset", b="", c="reset")
    first, second, *_ = (
        [
            group
            for group in grouped(("s/1", [one], [None]), ("s/2", [other], [None]))
            if "answer from c" in group.title
        ]
        for one, other in ((alone, both), (both, alone))
    )
    assert [sides(group) for group in (*first, *second)] == [
        (
            "c is the odd one out (faulted reset); a, b: answered; in 1 of them a did not answer "
            "either"
        ),
        "c is the odd one out (faulted reset); b: answered",
    ]


def test_a_fault_of_all_runtimes_is_one_cause() -> None:
    """What all do is one event; where one of them alone does it, that is another cause."""
    everyone = fault(a="reset", b="reset", c="reset")
    groups = grouped(("s/1", [everyone], [None]), ("s/2", [fault(a="reset", b="", c="")], [None]))
    assert {group.title: sides(group) for group in groups} == {
        "no answer from a, b, c: faulted reset": (
            "every runtime that was asked: a, b, c faulted reset"
        ),
        "no answer from a: faulted reset": "a is the odd one out (faulted reset); b, c: answered",
    }


def test_a_fault_says_once_that_another_runtime_did_not_answer() -> None:
    """Two other cases in which a had two faults are two cases in which it did not answer either."""
    cases = (
        fault(a="", b="reset"),
        fault(a="timeout_idle", b="reset"),
        fault(a="closed_before_response", b="reset"),
    )
    groups = grouped(*((f"s/{number}", [each], [None]) for number, each in enumerate(cases)))
    (group,) = (group for group in groups if "answer from b" in group.title)
    assert (
        sides(group)
        == "they differ: a answered · b faulted reset; in 2 of them a did not answer either"
    )


@pytest.mark.parametrize(
    ("finding", "causes"),
    [
        pytest.param(
            fault(a="reset", b="timeout_idle", c=""),
            {
                "a": ("a is the odd one out (faulted reset); c: answered", ("a",), "ac"),
                "b": ("b is the odd one out (faulted timeout_idle); c: answered", ("b",), "bc"),
            },
            id="two-faults-beside-an-answer",
        ),
        pytest.param(
            fault(a="reset", b="timeout_idle", c="reset"),
            {
                "a": ("a faulted reset; c: faulted reset; b: faulted timeout_idle", (), "a"),
                "b": ("b faulted timeout_idle; a, c: faulted reset", (), "b"),
                "c": ("c faulted reset; a: faulted reset; b: faulted timeout_idle", (), "c"),
            },
            id="two-faults-and-no-answer",
        ),
        pytest.param(
            fault("a", a="reset", b="", c=""),
            {"a": ("a is the odd one out (faulted reset); b, c: answered", ("a",), "abc")},
            id="a-fault-of-the-baseline",
        ),
        pytest.param(
            fault("a", a="reset", b=""),
            {"a": ("they differ: a faulted reset · b answered", (), "ab")},
            id="a-fault-of-the-baseline-of-two",
        ),
        pytest.param(
            fault("b", a="reset", b=""),
            {"a": ("a is the odd one out (faulted reset); b: answered", ("a",), "ab")},
            id="a-fault-beside-the-baseline",
        ),
    ],
)
def test_each_cause_is_about_the_fault_of_its_own_runtime(
    finding: Finding, causes: dict[str, tuple[str, tuple[str, ...], str]]
) -> None:
    """Who has another fault has a cause of its own; no answer is nothing to read others against."""
    found = {}
    for group in grouped(("s/1", [finding], [None])):
        shown = "".join(name for name, _ in group.examples[0].finding.sent[0])
        runtime = group.title.removeprefix("no answer from ").partition(":")[0]
        found[runtime] = (sides(group), group.odd, shown)
    assert found == causes

"""What became of a case from one run to another, kind by kind, each with its near miss."""

from typing import Any

import pytest
from msgspec.structs import replace

from conformance.changes.cases import CaseChanges, JudgedFindings
from conformance.changes.change import ChangeKind
from conformance.model.decision import Decision
from conformance.model.finding import Finding
from conformance.model.signature import Signature
from conformance.model.verdict import CaseResult, Comparison
from conformance.verdicts.judgement import judge
from tests.verdicts.ledger_rows import (
    FAULT,
    SIGNATURE,
    UNSUPPORTED,
    cell,
    done,
    finding,
    ledger,
    of_sides,
    result,
    row,
)

OTHER = finding(signature=Signature("type", "$.total", "string", "number"))
OTHER_FORM = Signature("type", SIGNATURE.path, "null", "object")
SAME_PLACE = finding(signature=OTHER_FORM)
FLIPPED = finding(
    signature=Signature(SIGNATURE.name, SIGNATURE.path, odd="present", rest="absent"),
    odd=("a",),
    rest=("b",),
)
SWAPPED = finding(odd=("a",), rest=("b",))
PASSED = result()
FAULTED = result("order", cell("a"), cell("b", FAULT))
NOT_COMPARED = Comparison(findings=(), classes=(), compared=False)
SKIPPED = result("order", cell("a"), cell("b", UNSUPPORTED), comparison=NOT_COMPARED)
TWO_SIDES = of_sides(((("a",), "object"), (("b",), "string")), name="type", place="$.n")
JOINED = replace(  # c spells the place in its way, and beside it the others show other facts
    of_sides(
        ((("a",), "object"), (("b",), "string")),
        ((("a",), "several members"), (("c",), "one member")),
        ((("b",), "text"), (("c",), "no text")),
        name="type",
        place="$.n",
    ),
    place="$.N",
)
THREE = result(
    "order", cell("a"), cell("b"), cell("c"), findings=(finding(odd=("b",), rest=("a", "c")),)
)


def found(*findings: Finding, **changed: Any) -> CaseResult:
    """Return a case with findings."""
    return result(findings=findings, **changed)


def changes(
    was: CaseResult | None,
    now: CaseResult | None,
    *,
    known: tuple[str, ...] = (),
    stale: bool = False,
) -> Any:
    """Return the kinds of change and the findings of each.

    `known` says which run's ledger has the row.
    """
    rows = {side: ledger(row()) if side in known else ledger() for side in ("was", "now")}

    def judged(side: str, case: CaseResult | None) -> JudgedFindings | None:
        if case is None:
            return None
        return JudgedFindings(judgement=judge(case, rows[side]), findings=case.comparison.findings)

    seen = CaseChanges({"a", "b"}, (row(),) if stale else ()).of(
        "shop/order", judged("was", was), judged("now", now)
    )
    return [(change.kind.value, [each.place for each in change.findings]) for change in seen]


BOTH = ("was", "now")
PATH = SIGNATURE.path


@pytest.mark.parametrize(
    ("was", "now", "known", "expected"),
    [
        pytest.param(PASSED, PASSED, (), [], id="passes"),
        pytest.param(found(finding()), found(finding()), (), [], id="as-red-as-before"),
        pytest.param(found(finding()), found(FLIPPED), (), [], id="other-side-called-odd"),
        pytest.param(found(finding()), THREE, (), [], id="a-runtime-that-joined"),
        pytest.param(
            found(TWO_SIDES), found(JOINED), (), [], id="a-runtime-that-joined-on-a-third-side"
        ),
        pytest.param(
            found(JOINED), found(TWO_SIDES), (), [], id="a-runtime-that-left-a-third-side"
        ),
        pytest.param(
            found(finding()),
            found(SWAPPED),
            (),
            [("new", [PATH]), ("fixed", [PATH])],
            id="sides-swapped",
        ),
        pytest.param(PASSED, found(finding()), (), [("regressed", [PATH])], id="regressed"),
        pytest.param(PASSED, FAULTED, (), [("regressed", ["exchange"])], id="no-answer-any-more"),
        pytest.param(
            found(finding()),
            FAULTED,
            ("was",),
            [("regressed", ["exchange"])],
            id="known-and-no-answer",
        ),
        pytest.param(
            found(finding()),
            found(finding()),
            ("was",),
            [("regressed", [PATH])],
            id="row-taken-away",
        ),
        pytest.param(
            found(finding()),
            found(finding(), OTHER),
            BOTH,
            [("regressed", ["$.total"])],
            id="known-and-another",
        ),
        pytest.param(PASSED, found(finding()), ("now",), [("new", [PATH])], id="new-and-decided"),
        pytest.param(
            found(finding()),
            found(finding(), OTHER),
            (),
            [("new", ["$.total"])],
            id="red-and-another",
        ),
        pytest.param(None, found(finding()), (), [("new", [PATH])], id="new-case"),
        pytest.param(None, PASSED, (), [("new", [])], id="new-case-passes"),
        pytest.param(SKIPPED, FAULTED, (), [("new", ["exchange"])], id="judged-for-the-first-time"),
        pytest.param(found(finding()), PASSED, (), [("fixed", [PATH])], id="fixed"),
        pytest.param(found(finding()), PASSED, BOTH, [("fixed", [PATH])], id="known-and-fixed"),
        pytest.param(FAULTED, PASSED, (), [("fixed", ["exchange"])], id="answers-again"),
        pytest.param(
            found(finding(), OTHER), found(OTHER), (), [("fixed", [PATH])], id="one-of-two-fixed"
        ),
        pytest.param(
            found(finding()), FAULTED, (), [("new", ["exchange"])], id="no-answer-fixes-nothing"
        ),
        pytest.param(
            found(finding(odd=("c",))), PASSED, (), [], id="a-runtime-that-left-fixes-nothing"
        ),
        pytest.param(found(finding()), found(finding()), ("now",), [], id="decided-since"),
        pytest.param(PASSED, None, (), [("gone", [])], id="gone"),
        pytest.param(found(finding()), SKIPPED, (), [("gone", [])], id="no-longer-judged"),
    ],
)
def test_changes(
    was: CaseResult, now: CaseResult, known: tuple[str, ...], expected: list[Any]
) -> None:
    """Each pair of verdicts and findings has its kind of change."""
    assert changes(was, now, known=known) == expected


@pytest.mark.parametrize(
    ("now", "stale", "kind"),
    [
        pytest.param(found(SAME_PLACE), True, "reopened", id="other-form-in-its-place"),
        pytest.param(found(SAME_PLACE), False, "regressed", id="row-not-stale"),
        pytest.param(found(OTHER), True, "regressed", id="other-place"),
        pytest.param(found(SAME_PLACE, OTHER), True, "regressed", id="and-another"),
        pytest.param(
            found(finding(signature=OTHER_FORM, odd=("b",), rest=("c",))),
            True,
            "regressed",
            id="other-split",
        ),
        pytest.param(FAULTED, True, "regressed", id="no-answer"),
    ],
)
def test_reopened(now: CaseResult, stale: bool, kind: str) -> None:
    """A known difference that took another form is one message with its row, nothing less is."""
    was = found(finding())
    kinds = [each[0] for each in changes(was, now, known=("was", "now"), stale=stale)]
    assert kinds == ([kind] if kind == "reopened" or now is FAULTED else [kind, "fixed"])


@pytest.mark.parametrize(
    "stale", [done(), row(where=("shop/refund",))], ids=["done", "other-cases"]
)
def test_rows_that_are_never_reopened(stale: Decision) -> None:
    """What comes back where a decision is done, or is about other cases, is a regression."""
    judged = [
        JudgedFindings(judgement=judge(case, ledger()), findings=case.comparison.findings)
        for case in (PASSED, found(SAME_PLACE))
    ]
    (change,) = CaseChanges({"a", "b"}, (stale,)).of("shop/order", *judged)
    assert change.kind is ChangeKind.REGRESSED

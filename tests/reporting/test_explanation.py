"""What `explain` prints of one case: the request, each answer, each difference, and how to send it by hand."""

from dataclasses import replace

from conformance.model.finding import Follows
from conformance.reporting.explanation import explanation_lines
from conformance.verdicts.judgement import judge
from tests.verdicts.ledger_rows import FAULT, NOT_REACHED, cell, finding, ledger, result, row


def explained(*rows: str) -> list[str]:
    """Return the lines on a case in which b lacks a member that a and c have, with rows of these ids."""
    shown = finding(sent=((("a", "7"), ("b", "absent")),), detail="in one element of two")
    case = result("order", cell("a"), cell("b"), findings=(shown,))
    judgement = judge(case, ledger(*map(row, rows)))
    return [text for text, _ in explanation_lines(case, judgement, {"a": "http://h:1"})]


def test_the_parts_of_a_case() -> None:
    """From top to bottom: verdict, request, answers, command, difference, and what is decided about it."""
    assert explained("D-001") == [
        "shop/order  (shop.yaml:4:5)",
        "known: decided in D-001",
        "",
        "GET /",
        "  a: 200 OK  1.0 ms",
        "    {}",
        "  b: 200 OK  1.0 ms",
        "    {}",
        "  curl for a:",
        "    curl --include --path-as-is --request GET http://h:1/",
        "",
        "member $.ship_to: only in a: a present · b absent",
        "  signature: member@$.ship_to (absent | present)",
        "  a  7",
        "  b  absent",
        "  in one element of two",
        "  decided in D-001",
    ]
    assert explained()[-1] == "  undecided: `conformance decide b7kaku66k24o --owner WHO --reason WHY`"


def test_what_a_difference_follows() -> None:
    """A digest of what differs is told with the place that it follows."""
    shown = finding(follows=Follows(0, "$.marker", "the sha256 of it"))
    case = result("order", cell("a"), cell("b"), findings=(shown,))
    lines = [text for text, _ in explanation_lines(case, judge(case, ledger()), {})]
    assert "  follows $.marker: the sha256 of it" in lines


def test_what_is_no_answer() -> None:
    """A fault has its name, its phase and what was seen; a runtime that was not asked, the reason."""
    case = result("order", cell("a", FAULT), replace(cell("b", NOT_REACHED), live=False))
    lines = [text for text, _ in explanation_lines(case, judge(case, ledger()), {})]

    assert lines[4:6] == [
        "  a: reset in headers: reset by peer",
        "  b (recorded): not asked: an earlier step had no answer",
    ]

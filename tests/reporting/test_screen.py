"""What a report prints fits a screen, whatever the run found, and what is new leads."""

import re

import pytest
from msgspec.structs import replace

from conformance.model.finding import Facet, Finding
from conformance.model.signature import Signature
from conformance.reporting.cause_lines import SCREEN_LINES
from conformance.reporting.excerpts import columns_of, cut, cut_middle, cut_parts, cut_together
from tests.reporting.judged_reports import case_with, printed, report_of
from tests.verdicts.ledger_rows import finding, ledger, row

COLUMNS = 80
BESIDES = 12
"""Rows of the screen that may stand after the causes: cases, rows, warnings, counts and the
outcome.
"""
NUMBERED = re.compile(r"\d+\. \[[a-z2-7]{4,}\] ")


def differing(number: int, runtimes: str, place: str = "") -> Finding:
    """Return a finding in which the first runtime lacks a member that all others have."""
    signature = Signature("member", place or f"$.member_{number}", "absent", "present")
    odd, rest = runtimes[0], runtimes[1:]
    sent = tuple(
        (name, "absent" if name == odd else '"' + "long " * 40 + name + '"') for name in runtimes
    )
    return finding(signature=signature, odd=(odd,), rest=tuple(rest), sent=(sent,))


@pytest.mark.parametrize("runtimes", ["ab", "abc", "abcd", "abcde"])
@pytest.mark.parametrize("causes", [0, 1, 3, 60, 500])
def test_any_number_of_causes_fits(causes: int, runtimes: str) -> None:
    """Each cause is shown in full, listed in a line or counted.

    No line is wider than two of the screen.
    """
    cases = [
        case_with(f"c{number}", runtimes, differing(number, runtimes)) for number in range(causes)
    ]
    report = report_of(runtimes, ledger(), case_with("alike", runtimes), *cases)
    lines = printed(report)
    shown = [line for line in lines if NUMBERED.match(line)]
    more = [int(line.split()[2]) for line in lines if line.endswith("--top N shows N)")]

    assert len(report.groups) == causes
    assert len(shown) + sum(more) == causes
    assert sum(max(1, -(-columns_of(line) // COLUMNS)) for line in lines) <= SCREEN_LINES + BESIDES
    assert max(map(columns_of, lines)) <= 2 * COLUMNS
    assert len(shown) == causes if causes <= 3 else len(shown) >= 10
    assert sum(line.startswith(f"  {runtimes[0]}: ") for line in lines) == bool(causes)


def test_all_causes_and_the_first_ones() -> None:
    """`--verbose` shows every cause and every case.

    `--top` so many causes in full and a count of the others.
    """
    cases = [case_with(f"c{number}", "abc", differing(number, "abc")) for number in range(60)]
    report = report_of("abc", ledger(), *cases)
    whole, two = printed(report, everything=True), printed(report, top=2)

    assert sum(line.endswith(" — 1 of 60 cases") for line in whole) == 60
    assert sum(line.startswith("failed ") for line in whole) == 60
    assert sum(line.endswith(" — 1 of 60 cases") for line in two) == 2
    assert "… and 58 more causes (--verbose shows all, --top N shows N)" in two


def test_long_places_and_values_are_cut_where_they_say_least() -> None:
    """The end of a path stays, and values stay apart from each other."""
    place = "$" + ".some_member" * 40 + ".last"
    values = (("a", '"' + "x" * 200 + 'A"'), ("b", '"' + "x" * 200 + 'B"'))
    signature = Signature("value", place, "differs", "differs")
    found = finding(signature=signature, facet=Facet.VALUE, sent=(values,))
    lines = printed(report_of("ab", ledger(), case_with("c", "ab", found)))

    assert all(columns_of(line) <= 2 * COLUMNS for line in lines)
    assert any(
        line.startswith("   for example shop/c at $.") and line.endswith("some_member.last")
        for line in lines
    )
    one, other = [line for line in lines if line.startswith("     ")]
    assert one != other
    assert (one[-2:], other[-2:]) == ('A"', 'B"')


def test_what_is_new_leads_a_cause_that_is_decided() -> None:
    """If rows cover one place of a cause, its title, values and signature are the other's."""
    old, new = (
        Signature("member", "$.a.total", "absent", "present"),
        Signature("member", "$.b.total", "absent", "present"),
    )
    cases = [
        case_with(f"c{number}", "ab", finding(signature=old, sent=((("b", "absent"),),)))
        for number in range(5)
    ]
    latest = case_with(
        "latest", "ab", finding(signature=new, sent=((("a", "7"), ("b", "absent")),))
    )
    report = report_of("ab", ledger(row(signature=old)), *cases, latest)
    lines = printed(report)
    start = lines.index(next(line for line in lines if NUMBERED.match(line)))

    assert len(report.groups) == 1
    assert lines[start].endswith("member total: only in a — 6 of 6 cases")
    assert lines[start + 6].startswith("   1 case undecided: conformance decide ")
    assert lines[start + 2 : start + 8] == [
        "   for example shop/latest at $.b.total",
        "     a  7",
        "     b  absent",
        "   also at $.a.total",
        lines[start + 6],
        "   D-001 covers the rest (open, must_match): b leaves it out",
    ]


def test_the_places_of_a_cause_are_named_with_how_to_decide_it() -> None:
    """A cause has one example, its other places, and the command that decides all of them."""
    paths = ("$.a.x", "$.b.x", "$.c.x")
    found = [finding(signature=Signature("member", path, "absent", "present")) for path in paths]
    report = report_of("ab", ledger(), case_with("c", "ab", *found))
    lines = printed(report)

    assert "   also at $.b.x, $.c.x" in lines
    assert (
        f"   1 case undecided: conformance decide {report.groups[0].key[:4]} --owner WHO --reason "
        "WHY" in lines
    )


def test_an_example_says_how_each_runtime_calls_its_place() -> None:
    """Where runtimes call a place by other names, these stand beside it."""
    found = finding(signature=Signature("value", "$.user_id", "differs", "differs"))
    sides = tuple(
        replace(side, places=(place,) * len(side.runtimes))
        for side, place in zip(found.sides, ("$.userId", "$.user_id"), strict=True)
    )
    lines = printed(report_of("ab", ledger(), case_with("c", "ab", replace(found, sides=sides))))
    (line,) = [line for line in lines if "for example" in line]
    assert line.endswith(f" at $.user_id ($.userId in {', '.join(sides[0].runtimes)})")


def test_the_steps_of_a_cause_are_named() -> None:
    """One place at several steps is several places."""
    signature = Signature("member", "$.a.x", "absent", "present")
    case = case_with(
        "c", "ab", *(replace(finding(signature=signature), step=step) for step in (1, 2, 3))
    )
    report = report_of("ab", ledger(), replace(case, requests=case.requests * 4))
    assert "   also at step 3: $.a.x, step 4: $.a.x" in printed(report)


def test_a_narrowed_row_names_three_cases() -> None:
    """However many cases a row has left, three are named and the others counted."""
    gone = [case_with(f"gone{number}", "ab") for number in range(3)]
    shown = [case_with(f"c{number:02}", "ab", finding()) for number in range(20)]
    decided = row(where=tuple(case.case_id for case in (*gone, *shown)))
    (line,) = [
        line
        for line in printed(report_of("ab", ledger(decided), *gone, *shown))
        if "narrowed" in line
    ]

    assert line.startswith("D-001 narrowed: seen in only 20 of its 23 cases")
    assert "shop/c00, shop/c01, shop/c02 and 17 more" in line
    assert "c03" not in line


def test_many_rows_are_counted_by_what_became_of_them() -> None:
    """Rows that are red come first; beyond a few, rows are counted, on the last line too."""
    signatures = [Signature("member", f"$.m{number}", "absent", "present") for number in range(30)]
    rows = [
        row(f"D-{number:03}", signature=signature) for number, signature in enumerate(signatures)
    ]
    seen = case_with(
        "order", "ab", *(finding(signature=signature) for signature in signatures[:20])
    )
    lines = printed(report_of("ab", ledger(*rows), seen))

    assert "… and 25 more rows of the ledger: 20 matched, 5 stale" in lines
    assert lines[-1] == "RED: D-020, D-021, D-022 and 7 more stale"


def test_cutting() -> None:
    """Wide characters take two columns, marks none; what is cut has a mark.

    Values that would look alike stay whole.
    """
    assert [columns_of(text) for text in ("abc", "日本", "e\u0301")] == [3, 4, 1]
    assert cut("日本語", 5) == "日本…"
    assert cut_middle("$.one.two.three.four", 11) == "$.o…ee.four"
    assert cut_together(["x" * 50 + "1", "x" * 50 + "2"], 20) == [
        "…" + "x" * 6 + "1",
        "…" + "x" * 6 + "2",
    ]
    alike = ["1" + "x" * 50, "2" + "x" * 50, "2" + "x" * 50 + "y"]
    assert cut_together(alike, 20) == alike
    excerpts = [f"{'x' * 50} (70 characters, sha256 {digest})" for digest in ("aaaa", "bbbb")]
    assert cut_together(excerpts, 20) == excerpts


LONG_CODE = "invalid-body-https://example.org/errors#not_a_book"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (
            f"status differs ({LONG_CODE}) (prism 422 · mockoon 201 · connexion 400)",
            "status differs (invalid…rrors#not_a_book) (prism 422 · mockoon 201 · connexion 400)",
        ),
        (
            f"status 406 instead of 200 or 404 ({LONG_CODE})",
            "status 406 instead of 200 or 404 (invalid-…rrors#not_a_book)",
        ),
        (
            (
                "status differs (the body of this request is no book that we could put on a shelf) "
                "(a 1 · b 2)"
            ),
            "status differs (the body o…could put on a shelf) (a 1 · b 2)",
        ),
        ("value of $.a_place.that_is.as_long.as_a_title.and_stays differs for PUT /books/{}", None),
    ],
)
def test_a_long_title_keeps_its_place_sides_and_brackets(title: str, shown: str | None) -> None:
    """Codes and messages are cut.

    What is short, or a place, stays, though the title takes more columns.
    """
    assert cut_parts(title, 60) == (shown or title)

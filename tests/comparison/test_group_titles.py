"""Titles of groups: true of each case, and no two alike."""

import pytest

from conformance.model.finding import DifferenceKind, Finding, Side, SidePair
from tests.comparison.grouped_findings import finding, grouped


@pytest.mark.parametrize("kind", DifferenceKind)
def test_every_kind_has_a_title(kind: DifferenceKind) -> None:
    """A group without an idiom is titled by its kind, with its facts where they say something."""
    facts = {
        DifferenceKind.STATUS: ("404", "200"),
        DifferenceKind.FAULT: ("faulted reset", "answered"),
    }.get(kind, ("absent", "present"))
    (group,) = grouped(("s/1", [finding(kind.value, facts=facts)], [None]))
    assert group.title
    assert "{" not in group.title


def titles(*findings: Finding) -> list[str]:
    """Return the titles of the causes of one case."""
    return sorted(group.title for group in grouped(("s/1", findings, [None] * len(findings))))


def test_titles_tell_causes_apart() -> None:
    """Causes of one name are distinguished by what the odd runtimes show.

    Next come what the others show, and then the place.
    """
    as_text = ("string", "number")
    assert titles(
        finding("number-as-string", facts=as_text),
        finding("number-as-string", "$.y", as_text[::-1]),
    ) == [
        "number as string (b number)",
        "number as string (b string)",
    ]
    there = ("present", "absent")
    alone = (
        finding("member", facts=there, rest=("a", "c")),
        finding("member", facts=there, largest=None),
    )
    assert titles(*alone) == [
        "member $.x: only in b (not in a)",
        "member $.x: only in b (not in a, c)",
    ]
    sometimes = ("sometimes present", "present"), ("sometimes present", "mostly present")
    assert titles(*(finding("member", facts=facts) for facts in sometimes)) == [
        "member $.x: sometimes present instead of mostly present",
        "member $.x: sometimes present instead of present",
    ]
    assert titles(
        finding("identity", facts=("a", "b")), finding("identity", facts=("a", "b"), odd=("c",))
    ) == [
        "identity at $.x: a instead of b (b a)",
        "identity at $.x: a instead of b (c a)",
    ]


def test_a_title_is_true_of_all_cases() -> None:
    """A title names only the odd runtimes.

    A member that is missing at several places is called by its name.
    """
    seen = [
        finding("member", path, rest=rest)
        for path, rest in (("$.a.m", ("a", "c")), ("$.d.m", ("a",)))
    ]
    assert titles(*seen) == ["member m: not in b"]
    assert titles(seen[0]) == ["member $.a.m: not in b"]
    assert titles(finding("member", facts=("present", "absent"), rest=("a", "c"))) == [
        "member $.x: only in b"
    ]


def test_a_member_that_is_absent_in_part_is_not_only_elsewhere() -> None:
    """A side that lacks a member beside one runtime only has it in other elements."""
    sides = tuple(Side(runtimes=(name,), places=("$[*].c",)) for name in "abc")
    pairs = (
        SidePair(
            first=0,
            second=2,
            kind=DifferenceKind.MEMBER,
            idiom="null-vs-absent",
            facts=("null", "absent"),
        ),
        SidePair(
            first=1,
            second=2,
            kind=DifferenceKind.MEMBER,
            idiom=None,
            facts=("present", "sometimes present"),
        ),
    )
    seen = finding("member", "$[*].c", sides=sides, pairs=pairs, largest=None)
    assert titles(seen) == ["member $[*].c differs"]


def test_a_member_that_is_absent_beside_null_is_not_only_elsewhere() -> None:
    """A side that leaves nulls out may have the member in other elements."""
    sides = tuple(Side(runtimes=(name,), places=("$[*].a",)) for name in "abc")
    pairs = (
        SidePair(
            first=0,
            second=1,
            kind=DifferenceKind.MEMBER,
            idiom="null-vs-absent",
            facts=("null", "absent"),
        ),
        SidePair(
            first=0,
            second=2,
            kind=DifferenceKind.MEMBER,
            idiom=None,
            facts=("present", "sometimes present"),
        ),
    )
    seen = finding("member", "$[*].a", sides=sides, pairs=pairs, largest=None)
    assert titles(seen) == ["member $[*].a differs"]

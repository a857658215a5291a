"""Titles of groups: true of each case, and no two alike."""

from collections.abc import Iterable

import pytest

from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind, Finding, SidePair
from conformance.model.side import Side
from tests.comparison.compared_steps import compared
from tests.comparison.differences import answer
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
    # which names a case has for its things tells no two causes apart
    assert titles(
        finding("identity", facts=("a", "b")), finding("identity", facts=("second", "first"))
    ) == ["identity at $.x differs"]


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


@pytest.mark.parametrize(
    ("null", "sometimes"),
    [
        pytest.param((0, 2), (1, 2), id="absent-and-sometimes-present"),
        pytest.param((0, 1), (0, 2), id="absent-beside-null-alone"),
    ],
)
def test_a_member_that_is_absent_in_part_is_not_only_elsewhere(
    null: tuple[int, int], sometimes: tuple[int, int]
) -> None:
    """Who leaves out a null, or lacks a member in some elements, may have it in other elements."""
    sides = tuple(Side(runtimes=(name,), places=("$[*].c",)) for name in "abc")
    pairs = tuple(
        SidePair(first=first, second=second, kind=DifferenceKind.MEMBER, idiom=idiom, facts=facts)
        for (first, second), idiom, facts in (
            (null, "null-vs-absent", ("null", "absent")),
            (sometimes, None, ("present", "sometimes present")),
        )
    )
    seen = finding("member", "$[*].c", sides=sides, pairs=pairs, largest=None)
    assert titles(seen) == ["member $[*].c differs"]


def test_a_member_is_only_in_those_that_are_known_to_be_the_only_ones() -> None:
    """A third runtime has the member with another value: the title names who was compared."""
    bodies = {"a": '{"A":1,"a":2}', "b": '{"A":1}', "c": '{"a":1}'}
    seen = compared(None, CompareLevel.VALUE, **{name: answer(bodies[name]) for name in bodies})
    of_members = [found for found in seen.findings if found.name == "member"]
    assert titles(*of_members) == ["member $.A: in a, not in c", "member $.a: in a, not in b"]


ABSENT_AND_NOT = {
    "have it in one case and are not compared in the other": (
        ("{}", '{"m":1}', "[]", "{}"),
        ("{}", '{"m":1}', "{}", "{}"),
        "member $.m: in b, not in a, c, d",
    ),
    "lack it in each case": (
        ("{}", '{"m":1}', "{}", "{}"),
        ("{}", '{"m":1}', "{}", "{}"),
        "member $.m: only in b",
    ),
    "have it beside one that lacks it, and are not compared in the other case": (
        ("{}", '{"m":1}', '{"m":1}', '{"m":1}'),
        ("{}", '{"m":1}', "[]", '{"m":1}'),
        "member $.m: in b, c, d, not in a",
    ),
}


@pytest.mark.parametrize(
    ("first", "second", "title"), ABSENT_AND_NOT.values(), ids=ABSENT_AND_NOT.keys()
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_title_leaves_out_nobody_that_lacks_a_member_in_any_case(
    first: tuple[str, ...], second: tuple[str, ...], title: str, *, turned: bool
) -> None:
    """Whichever case leads, the title names all that were held against each other in any."""
    cases = []
    for number, bodies in enumerate((second, first) if turned else (first, second)):
        given = {name: answer(body) for name, body in zip("abcd", bodies, strict=True)}
        of_members = [
            found
            for found in compared(None, CompareLevel.SHAPE, **given).findings
            if found.name == "member"
        ]
        cases.append((f"s/{number}", of_members, [None] * len(of_members)))
    (group,) = grouped(*cases)
    assert group.title == title


def test_a_member_of_one_that_differs_by_itself_is_not_only_in_others() -> None:
    """Who answers with a member once and without it again neither has it nor lacks it."""
    there = finding("member", facts=("present", "absent"), rest=("a", "c"), by_itself=("d",))
    assert titles(there) == ["member $.x: in b, not in a, c"]


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        (  # a body that was not compared there has the member in an envelope or an element
            ('{"p":{}}', '{"p":[{"id":1}]}', '{"p":{"id":1,"v":2}}'),
            "member $.p.id: in c, not in a",
        ),
        (
            (
                '{"result":{"Id":1}}',
                '{"ID":1,"q":1}',
                '{"item":{"_id":1,"n":1}}',
                '{"result":{"ID":1,"m":1},"meta":1}',
            ),
            "member $.ID differs",
        ),
        (
            ('{"t":"1795392000"}', '{"t":"2026-11-23T00:00:00Z"}', '{"t":1795392000}'),
            "type or value of $.t differs",
        ),
        (
            ('{"t":1795392000}', '{"t":"1795392000"}', '{"t":"2026-11-23T00:00:00Z"}'),
            "type or value of $.t differs",
        ),
        (  # three texts, of which two are timestamps
            ('{"t":"2024-03-01 08:30:00"}', '{"t":"2024-03-01T08:30:00Z"}',
             '{"t":"2024-03-01 08:30:00 +0000 UTC"}'),
            "value of $.t differs",
        ),
    ],
)  # fmt: skip
def test_a_title_is_true_of_those_that_it_does_not_name(
    bodies: tuple[str, ...], expected: str
) -> None:
    """Who was not compared, or agrees with one that has a member, may have it, too."""
    given = {name: answer(body) for name, body in zip("abcd", bodies, strict=False)}
    seen = compared(None, CompareLevel.VALUE, **given)
    assert expected in titles(*seen.findings)


def _of_codes(codes: Iterable[str], *others: str) -> list[Finding]:
    """Return findings of a status with one code each, which some runtimes call otherwise."""
    return [
        finding(
            "status",
            "status",
            ("200", "401"),
            odd=("a",),
            rest=("b", "c"),
            sides=(
                Side(runtimes=("a",), places=("status",)),
                Side(runtimes=("b", "c"), places=("status",) * 2, codes=(code, *others)),
            ),
        )
        for code in codes
    ]


def test_twins_are_told_apart_by_the_error_that_a_runtime_names() -> None:
    """Where runtimes of a side have several names for it, the title has the one of the cause."""
    assert titles(*_of_codes(("missing", "unsupported"), "invalid")) == [
        "status 200 instead of 401 (b: missing)",
        "status 200 instead of 401 (b: unsupported)",
    ]


def test_twins_are_told_apart_by_what_messages_say_behind_their_first_clause() -> None:
    messages = ("`a` is invalid: no number.", "`a` is invalid: a text")
    assert titles(*_of_codes(messages)) == [
        "status 200 instead of 401 (`a` is invalid) (a text)",
        "status 200 instead of 401 (`a` is invalid) (no number)",
    ]


@pytest.mark.parametrize("code", ["Unauthorized", "PRECONDITION_FAILED", "NotFound", "Not found."])
def test_a_code_that_says_what_a_status_says_is_in_no_title(code: str) -> None:
    assert titles(*_of_codes((code,))) == ["status 200 instead of 401"]

"""Groups: one cause, one group, however many cases and paths show it."""

from collections.abc import Sequence
from typing import Any

import pytest

from conformance.comparison.grouping import EXAMPLES_PER_GROUP, Grouping
from conformance.model.finding import DifferenceKind, Facet, Finding, Signature
from conformance.model.group import Group

LANGUAGES = {"a": "python", "b": "go", "c": "rust", "d": "typescript", "e": "cobol", "f": None}


def finding(name: str, path: str = "$.x", facts: tuple[str, str] = ("absent", "present"), **changed: Any) -> Finding:
    """Return a finding; a name that is no kind of difference is an idiom's."""
    kinds = {kind.value for kind in DifferenceKind}
    parts: dict[str, Any] = {
        "step": 0,
        "kind": DifferenceKind(name) if name in kinds else DifferenceKind.MEMBER,
        "facet": Facet.SHAPE,
        "idiom": None if name in kinds else name,
        "odd": ("b",),
        "rest": ("a",),
        "detail": "",
        "odd_example": "",
        "rest_example": "",
    }
    return Finding(signature=Signature(name, path, *facts), **{**parts, **changed})


def grouped(*cases: tuple[str, Sequence[Finding], Sequence[str | None]]) -> tuple[Group, ...]:
    """Fold the findings of cases."""
    grouping = Grouping(LANGUAGES)
    for case_id, findings, decisions in cases:
        grouping.add_findings(case_id, findings, decisions)
    return grouping.groups()


def test_an_idiom_over_many_paths_is_one_group() -> None:
    """Findings of one idiom, facts and split are one group, its places with the most frequent first."""
    many = [finding("key-case", path, ("camelCase", "snake_case")) for path in ("$.a", "$.b", "$.c")]
    (group,) = grouped(("s/1", many, [None] * 3), ("s/2", many[1:2], [None]))
    assert [signature.path for signature in group.signatures] == ["$.b", "$.a", "$.c"]
    assert (group.cases, group.undecided, group.title) == (2, 2, "member names in another case")
    assert group.explanation


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(finding("member", "$.y"), id="path"),
        pytest.param(finding("type", "$.x"), id="name"),
        pytest.param(finding("member", facts=("present", "absent")), id="facts"),
        pytest.param(finding("member", odd=("c",)), id="odd"),
        pytest.param(finding("member", rest=("a", "c")), id="rest"),
        pytest.param(finding("null-vs-absent"), id="idiom"),
    ],
)
def test_what_differs_is_another_group(other: Finding) -> None:
    """Findings that no idiom claims are one group only if signature and split are the same."""
    assert len(grouped(("s/1", [finding("member"), other], [None, None]))) == 2
    assert len(grouped(("s/1", [finding("member"), finding("member")], [None, None]))) == 1


@pytest.mark.parametrize("change", [{"facts": ("PascalCase", "snake_case")}, {"odd": ("c",)}])
def test_an_idiom_with_other_facts_or_split_is_another_group(change: dict[str, Any]) -> None:
    """One idiom by two runtimes, or in two forms, is two causes."""
    first = finding("key-case", facts=("camelCase", "snake_case"))
    second = finding("key-case", **{"facts": ("camelCase", "snake_case"), **change})
    assert len(grouped(("s/1", [first, second], [None, None]))) == 2


def test_examples_are_few_and_of_different_cases() -> None:
    """A group holds three examples, one a case, and counts the rest."""
    (group,) = grouped(*((f"s/{number}", [finding("member")] * 2, [None] * 2) for number in range(50)))
    assert [example.case_id for example in group.examples] == ["s/0", "s/1", "s/2"]
    assert len(group.examples) == EXAMPLES_PER_GROUP
    assert group.cases == 50


def test_decided_and_undecided_cases_are_counted_apart() -> None:
    """A group says which rows cover it and how many cases no row covers."""
    decisions = ("D-002", "D-001", None)
    (group,) = grouped(*((f"s/{number}", [finding("member")], [row]) for number, row in enumerate(decisions)))
    assert (group.decisions, group.cases, group.undecided) == (("D-001", "D-002"), 3, 1)


def test_groups_lead_with_what_explains_most() -> None:
    """Undecided groups come before decided ones, larger before smaller, then by title."""
    order = grouped(
        *((f"s/{number}", [finding("member", "$.decided")], ["D-001"]) for number in range(9)),
        *((f"s/{number}", [finding("member", "$.many")], [None]) for number in range(3)),
        ("s/1", [finding("member", "$.b"), finding("member", "$.a")], [None, None]),
    )
    assert [group.signatures[0].path for group in order] == ["$.many", "$.a", "$.b", "$.decided"]


@pytest.mark.parametrize("name", ["a", "b", "c", "d"])
def test_remedies_are_in_the_language_of_the_odd(name: str) -> None:
    """An idiom's group says where each odd runtime is mended, in its own language."""
    (group,) = grouped(("s/1", [finding("key-case", odd=(name,), rest=("z",))], [None]))
    assert [(remedy.runtime, remedy.language) for remedy in group.remedies] == [(name, LANGUAGES[name])]


def test_no_remedy_without_an_idiom_or_a_known_language() -> None:
    """Nothing is invented for causes and languages that the catalogue does not know."""
    assert grouped(("s/1", [finding("member")], [None]))[0].remedies == ()
    assert grouped(("s/1", [finding("key-case", odd=("e", "f", "z"))], [None]))[0].remedies == ()
    (both,) = grouped(("s/1", [finding("key-case", odd=("b", "c", "e"))], [None]))
    assert [remedy.runtime for remedy in both.remedies] == ["b", "c"]


@pytest.mark.parametrize("kind", DifferenceKind)
def test_every_kind_has_a_title(kind: DifferenceKind) -> None:
    """A group without an idiom is titled by its kind, with its facts where they say something."""
    (group,) = grouped(("s/1", [finding(kind.value)], [None]))
    assert group.title
    assert "{" not in group.title


@pytest.mark.parametrize(
    ("note", "explanation"),
    [("odd_status:999", "A status above 599."), ("duplicate-key", "An object has a member twice"), ("strange", "")],
)
def test_a_note_is_explained(note: str, explanation: str) -> None:
    """The group of a note says what the note means."""
    (group,) = grouped(("s/1", [finding("note", note)], [None]))
    assert (group.title, group.explanation.partition(";")[0]) == (
        f"note {note}: absent instead of present",
        explanation,
    )

"""Groups: one cause, one group, however many cases and places show it."""

from typing import Any

import pytest
from msgspec.structs import replace

from conformance.comparison.causes import operation_of
from conformance.comparison.finding_titles import shown_operation
from conformance.comparison.gathered_cause import EXAMPLES_PER_GROUP
from conformance.comparison.grouping import Grouping
from conformance.comparison.harm import Harm
from conformance.model.finding import Facet, Finding
from tests.comparison.grouped_findings import LANGUAGES, REQUEST, finding, grouped


def test_an_idiom_over_many_paths_is_one_group() -> None:
    """Findings with the same idiom, odd facts and odd runtimes are one group.

    Its places start with that of the leading finding.
    """
    many = [
        finding("key-case", path, ("camelCase", "snake_case"))
        for path in ("$.a", "$.b", "$.c", "$.d")
    ]
    (group,) = grouped(("s/1", many, [None] * 4), ("s/2", many[2:3], [None]))
    assert [signature.path for signature in group.signatures] == ["$.a", "$.c", "$.b", "$.d"]
    assert (group.cases, group.undecided, group.title) == (2, 2, "different naming convention")
    assert group.explanation
    shown = [(side.runtimes, side.facts) for side in group.sides]
    assert shown == [(("b",), ("camelCase",)), (("a",), ("snake_case",))]
    assert (group.odd, group.largest) == (("b",), 1)


def test_a_target_that_begins_with_two_slashes_is_a_path() -> None:
    """What stands behind them is no host."""
    assert operation_of(replace(REQUEST, target="//jwks/12?b=1&a=2")) == "GET //jwks/{}?a&b"
    of_captured = replace(REQUEST, target="/pair/${ann}/of-${bob}?q=${ann}")
    assert operation_of(of_captured) == "GET /pair/{}/of-{}?q"
    assert operation_of(replace(REQUEST, target="${next}")) == "GET ${next}"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(finding("member", "$.y"), id="another-member"),
        pytest.param(finding("type", "$.x"), id="another-kind"),
        pytest.param(finding("member", facts=("present", "absent")), id="another-odd-fact"),
        pytest.param(finding("member", odd=("c",)), id="another-odd-one"),
        pytest.param(finding("member", odd=("b", "c")), id="one-more-odd-one"),
        pytest.param(finding("member", largest=None), id="nobody-is-odd"),
        pytest.param(finding("null-vs-absent"), id="an-idiom"),
        pytest.param(
            finding("member", facts=("absent", "sometimes present")),
            id="another-fact-of-the-largest-side",
        ),
    ],
)
def test_what_differs_is_another_group(other: Finding) -> None:
    """Name, odd fact, who shows it, what others show, and place identify a cause.

    The place counts only as far as it matters.
    """
    assert len(grouped(("s/1", [finding("member"), other], [None, None]))) == 2
    assert len(grouped(("s/1", [finding("member"), finding("member")], [None, None]))) == 1


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(finding("member", "$.list[*].x"), id="the-same-member-elsewhere"),
        pytest.param(finding("member", rest=("a", "c")), id="one-more-on-the-largest-side"),
        pytest.param(finding("member", not_compared=("d",)), id="one-that-was-not-compared"),
    ],
)
def test_what_is_one_cause(other: Finding) -> None:
    """Who else is there is not in a cause; a member is named by its last name."""
    assert len(grouped(("s/1", [finding("member")], [None]), ("s/2", [other], [None]))) == 1


@pytest.mark.parametrize(
    ("name", "target", "one"),
    [
        pytest.param("value", "/things/8?page=3", True, id="value-of-another-thing"),
        pytest.param("value", "/things?page=2", False, id="value-of-another-operation"),
        pytest.param("value", "/things/7?page=2&size=1", False, id="value-with-another-query"),
        pytest.param("status", "/things/8?page=1", True, id="status-of-another-thing"),
        pytest.param("status", "/others/7?page=2", False, id="status-of-another-operation"),
        pytest.param("length", "/others/7?page=2", False, id="length-of-another-operation"),
        pytest.param("member", "/others/7?page=2", True, id="member-of-another-operation"),
        pytest.param("key-case", "/others/7?page=2", True, id="idiom-of-another-operation"),
    ],
)
def test_values_and_statuses_are_a_cause_an_operation(name: str, target: str, *, one: bool) -> None:
    """The total of a search and the price of a book are two causes.

    Numbers and query values are left open.
    """
    grouping = Grouping(LANGUAGES)
    facts = ("404", "200") if name == "status" else ("differs", "differs")
    for case_id, asked in (("s/1", REQUEST), ("s/2", replace(REQUEST, target=target))):
        grouping.add_findings(case_id, [asked], [finding(name, facts=facts)], [()])
    groups = grouping.groups()
    assert len({group.title for group in groups}) == len(groups) == (1 if one else 2)
    assert one or all(
        group.title.endswith(f" for {shown_operation(group.operation)}") for group in groups
    )


@pytest.mark.parametrize(
    ("codes", "one"),
    [
        pytest.param((("no_order",), ("bad_id",)), True, id="a-name-on-either-side"),
        pytest.param((("no_order",), ("",)), False, id="a-name-on-one-side"),
        pytest.param((("Not Found",), ("bad_id",)), False, id="no-more-than-the-status-says"),
    ],
)
def test_two_names_of_an_error_are_one_cause_on_any_route(
    codes: tuple[tuple[str], tuple[str]], *, one: bool
) -> None:
    """Where every side names its error, the same names on another route are the same cause."""
    grouping = Grouping(LANGUAGES)
    refused = finding("status", facts=("404", "400"), largest=None)
    sides = tuple(replace(side, codes=of) for side, of in zip(refused.sides, codes, strict=True))
    for case_id, target in (("s/1", "/things/7"), ("s/2", "/others/7")):
        asked = replace(REQUEST, target=target)
        grouping.add_findings(case_id, [asked], [replace(refused, sides=sides)], [()])
    assert len(grouping.groups()) == (1 if one else 2)


def test_another_name_of_the_second_error_is_another_cause() -> None:
    """A cause has the names of all sides: one of them alone does not tell it."""
    refused = finding("status", facts=("404", "400"), largest=None)
    found = [
        replace(
            refused,
            sides=tuple(
                replace(side, codes=(code,))
                for side, code in zip(refused.sides, ("no_order", other), strict=True)
            ),
        )
        for other in ("bad_id", "bad_date")
    ]
    assert len(grouped(("s/1", found, [None, None]))) == 2


@pytest.mark.parametrize("change", [{"facts": ("PascalCase", "snake_case")}, {"odd": ("c",)}])
def test_an_idiom_with_another_odd_fact_or_odd_one_is_another_group(change: dict[str, Any]) -> None:
    """One idiom by two runtimes, or in two forms, is two causes."""
    first = finding("key-case", facts=("camelCase", "snake_case"))
    second = finding("key-case", **{"facts": ("camelCase", "snake_case"), **change})
    assert len(grouped(("s/1", [first, second], [None, None]))) == 2


def test_examples_are_few_and_of_different_cases() -> None:
    """A group holds three examples, one a case, and counts the rest."""
    (group,) = grouped(
        *((f"s/{number}", [finding("member")] * 2, [None] * 2) for number in range(50))
    )
    assert [example.case_id for example in group.examples] == ["s/0", "s/1", "s/2"]
    assert len(group.examples) == EXAMPLES_PER_GROUP
    assert group.cases == 50


def test_decided_and_undecided_cases_are_counted_apart() -> None:
    """A group says which rows cover it and how many cases no row covers.

    An undecided case is the first example.
    """
    decisions = ("D-002", "D-001", None)
    (group,) = grouped(
        *((f"s/{number}", [finding("member")], [row]) for number, row in enumerate(decisions))
    )
    assert (group.decisions, group.cases, group.undecided) == (("D-001", "D-002"), 3, 1)
    assert [example.case_id for example in group.examples] == ["s/2", "s/0", "s/1"]


def test_groups_lead_with_what_is_undecided_and_does_most_harm() -> None:
    """Undecided groups come before decided ones, then the more harmful, then the larger.

    A group is larger if it has more cases.
    """
    facts = ("404", "200")
    order = grouped(
        *(
            (f"s/{number}", [finding("status", "status", ("500", "200"))], ["D-001"])
            for number in range(9)
        ),
        *((f"s/{number}", [finding("member", "$.many")], [None]) for number in range(3)),
        *((f"s/{number}", [finding("key-case", "$.k")], [None]) for number in range(5)),
        (
            "s/1",
            [finding("member", "$.few"), finding("status", "status", facts, facet=Facet.STATUS)],
            [None, None],
        ),
    )
    assert [str(group.signatures[0]) for group in order] == [
        "member@$.many (absent | present)",
        "member@$.few (absent | present)",
        "status@status (404 | 200)",
        "key-case@$.k (absent | present)",
        "status@status (500 | 200)",
    ]
    assert [group.harm for group in order] == [
        Harm.LOST,
        Harm.LOST,
        Harm.STATUS,
        Harm.SHAPE,
        Harm.DEAD,
    ]


@pytest.mark.parametrize(
    ("failing", "harm"), [("500", Harm.DEAD), ("503", Harm.DEAD), ("501", Harm.STATUS)]
)
def test_a_method_that_is_not_implemented_is_refused(failing: str, harm: Harm) -> None:
    """A 501 is a refusal like a 405; every other 5xx is a failure."""
    (group,) = grouped(
        ("s/1", [finding("status", "status", (failing, "405"), facet=Facet.STATUS)], [None])
    )
    assert group.harm is harm


@pytest.mark.parametrize("name", ["a", "b", "c", "d"])
def test_remedies_are_in_the_language_of_the_odd(name: str) -> None:
    """An idiom's group says where each odd runtime is fixed, in its own language."""
    (group,) = grouped(("s/1", [finding("key-case", odd=(name,), rest=("z",))], [None]))
    assert [(remedy.runtime, remedy.language) for remedy in group.remedies] == [
        (name, LANGUAGES[name])
    ]
    assert not group.for_any


def test_where_nobody_is_odd_any_remedy_would_do() -> None:
    """Two runtimes without a baseline have a remedy each, and one of these is enough."""
    (group,) = grouped(("s/1", [finding("key-case", largest=None)], [None]))
    assert [remedy.runtime for remedy in group.remedies] == ["b", "a"]
    assert group.for_any


def test_what_is_wrong_by_itself_is_mended_whoever_shows_it() -> None:
    """A server error beside a refusal is to be changed, on the largest side too.

    Who is odd stays as it is.
    """
    (group,) = grouped(
        ("s/1", [finding("server-error-vs-refusal", "status", ("400", "500"))], [None])
    )
    assert [remedy.runtime for remedy in group.remedies] == ["a"]
    assert (group.odd, group.for_any) == (("b",), False)


def test_no_remedy_without_an_idiom_or_a_known_language() -> None:
    """Nothing is invented for causes and languages that the catalogue does not know."""
    assert grouped(("s/1", [finding("member")], [None]))[0].remedies == ()
    assert grouped(("s/1", [finding("key-case", odd=("e", "f", "z"))], [None]))[0].remedies == ()
    (both,) = grouped(("s/1", [finding("key-case", odd=("b", "c", "e"))], [None]))
    assert [remedy.runtime for remedy in both.remedies] == ["b", "c"]


def test_keys_are_stable_and_tell_causes_apart() -> None:
    """A key is the same in every run, whoever else is there, and in whatever order causes come."""
    one, two = finding("member"), finding("member", "$.y")
    first = {group.signatures[0]: group.key for group in grouped(("s/1", [one, two], [None, None]))}
    turned = grouped(("s/9", [two], [None]), ("s/8", [finding("member", rest=("a", "c"))], [None]))
    assert first == {group.signatures[0]: group.key for group in turned}
    assert len(set(first.values())) == 2


@pytest.mark.parametrize(
    ("note", "explanation"),
    [
        ("odd_status:999", "A status above 599."),
        ("duplicate-key", "An object has a member more than once"),
        ("strange", ""),
    ],
)
def test_a_note_is_explained(note: str, explanation: str) -> None:
    """The group of a note says what the note means."""
    (group,) = grouped(("s/1", [finding("note", f"note {note}")], [None]))
    assert (group.title, group.explanation.partition(";")[0]) == (
        f"note {note}: absent instead of present",
        explanation,
    )


def test_what_the_others_show_in_other_cases_is_said() -> None:
    """The odd side has one fact in all cases of a cause; the others may have another in each."""
    seen = [
        finding("key-case", "$.a", ("PascalCase", rest))
        for rest in (
            "lowercase",
            "snake_case",
            "snake_case",
            "camelCase",
            "kebab-case",
            "UPPERCASE",
        )
    ]
    cases = [(f"s/{number}", [found], [None]) for number, found in enumerate(seen)]
    (some,) = grouped(*cases[:3])
    assert some.other_facts == ("in 2 of them a showed snake_case",)
    (many,) = grouped(*cases)
    assert len(many.other_facts) == 4
    assert many.other_facts[-1] == "other facts in the other cases"

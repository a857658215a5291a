"""The whole pipeline on real ports: each divergence gives one group with its signature.

Equal services give none.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.model.case import CompareLevel
from conformance.model.group import Group
from conformance.model.report import RunReport
from conformance.model.verdict import Verdict
from tests.comparison.live_runs import LANGUAGES, case, replay
from tests.miniatures import divergent_services as services
from tests.miniatures.server import Service

PLAIN = services.serves_orders


def signatures(report: RunReport) -> list[str]:
    """Return the signatures of all groups."""
    return sorted(str(signature) for group in report.groups for signature in group.signatures)


def sides(group: Group) -> tuple[tuple[str, ...], ...]:
    """Return who stands together in a cause."""
    return tuple(side.runtimes for side in group.sides)


@pytest.mark.parametrize(
    ("plain", "odd", "wanted"),
    [
        (PLAIN(), services.drops_member, "member@$.ship_to (absent | present)"),
        (PLAIN(), services.drops_member_of_an_element,
         "member@$.order_lines[*].unit_count (sometimes present | present)"),
        (PLAIN(), services.nulls_a_list, "null-vs-empty-list@$.gift_notes (null | empty list)"),
        (PLAIN(), services.omits_nulls, "null-vs-absent@$.coupon_code (absent | null)"),
        (PLAIN(), services.floats_an_integer, "integer-vs-float@$.total_price (number | integer)"),
        (PLAIN(), services.stringifies_a_number,
         "number-as-string@$.order_lines[*].unit_count (string | number)"),
        (PLAIN(), services.shifts_timestamps,
            "timestamp-form@$.placed_at (ISO 8601 offset | ISO 8601 Z)"),
        (PLAIN(), services.lists_a_scalar, "scalar-vs-list@$.ship_to (list | single value)"),
        (PLAIN(), services.wraps_in_envelope, "envelope@$ (enveloped in data | bare)"),
        (services.wraps_in_envelope(), services.serves_orders, "envelope@$ (bare | enveloped in data)"),
        (PLAIN(), services.retypes_a_member, "type@$.placed_at (object | string)"),
        (PLAIN(), services.repeats_a_key, "note@note duplicate-key (present | absent)"),
        (PLAIN(), services.changes_status, "status@status (404 | 200)"),
        (PLAIN(), services.creates, "created-status@status (201 | 200)"),
        (PLAIN(), services.changes_media_type,
         "header@header content-type (application/problem+json | application/json)"),
        (PLAIN(), services.adds_charset,
            "charset-parameter@header content-type;charset (utf-8 | absent)"),
        (PLAIN(), services.adds_etag, "header@header etag (present | absent)"),
        (services.refuses_method(), services.drops_allow,
            "header@header allow (absent | GET, HEAD)"),
        (services.refuses_in_json(), services.speaks_text_on_error,
            "text-vs-json-error@kind (text | JSON)"),
        (PLAIN(), services.sends_nothing, "body-kind@kind (empty | JSON)"),
        (services.tags_enums(), services.tags_enums_flat,
            "externally-tagged-enum@$ (flat | externally tagged)"),
    ],
    ids=lambda value: value.split(" ")[0] if isinstance(value, str) else "",
)  # fmt: skip
def test_one_divergence_is_one_group(
    tmp_path: Path, plain: Service, odd: Callable[[], Service], wanted: str
) -> None:
    """Each divergent service gives exactly one group with its signature, and a red report."""
    report = replay(
        tmp_path, {"a": plain, "b": odd()}, case(), case("again", "/order"), baseline="a"
    )
    (group,) = report.groups
    assert str(group.signatures[0]) == wanted
    assert [also.place for also in group.also] == (
        ["header content-type"] if "text-vs-json" in wanted else []
    )
    assert len(group.signatures) == 1 + len(group.also)
    assert (sides(group), group.odd, group.cases, group.undecided) == (
        (("a",), ("b",)),
        ("b",),
        2,
        2,
    )
    assert report.counts[Verdict.FAILED] == 2
    assert report.red


def test_a_renamed_case_is_one_group_of_many_places(tmp_path: Path) -> None:
    """A convention that shows in three places is one cause with three signatures.

    It has a remedy for the odd one in Go.

    Without a baseline neither of two is odd, and one fix in either would do.
    """
    both = {"a": PLAIN(), "b": services.renames_member_case()}
    report = replay(tmp_path / "baseline", both, baseline="a")
    assert signatures(report) == [
        "key-case@$ (camelCase | snake_case)",
        "key-case@$.orderLines[*] (camelCase | snake_case)",
        "key-case@$.shipTo (camelCase | snake_case)",
    ]
    (group,) = report.groups
    assert [(remedy.runtime, remedy.language) for remedy in group.remedies] == [("b", "go")]
    assert not group.for_any
    (group,) = replay(tmp_path / "two", both).groups
    assert [(remedy.runtime, remedy.language) for remedy in group.remedies] == [
        ("a", "python"),
        ("b", "go"),
    ]
    assert group.for_any


@pytest.mark.parametrize(
    ("odd", "wanted"),
    [
        (services.changes_a_value, ["value@$.total_price (differs | differs)"]),
        (services.sends_one_line_more, ["length@$.order_lines (differs | differs)"]),
        (services.reorders_members, []),
    ],
)
def test_values_differ_by_value_only(
    tmp_path: Path, odd: Callable[[], Service], wanted: list[str]
) -> None:
    """What is no difference of shape is one by value, or none at all."""
    both = {"a": PLAIN(), "b": odd()}
    assert signatures(replay(tmp_path / "value", both, case(compare=CompareLevel.VALUE))) == wanted
    shape = replay(tmp_path / "shape", both)
    assert not shape.groups
    assert not shape.red


def test_texts_differ_by_value_only(tmp_path: Path) -> None:
    """Plain text has no shape: only a case that compares values tells two texts apart."""
    both = {"a": services.greets("hello"), "b": services.greets("hullo")}
    report = replay(tmp_path / "value", both, case(compare=CompareLevel.VALUE))
    assert signatures(report) == ["text@$ (differs | differs)"]
    assert not replay(tmp_path / "shape", both).red


@pytest.mark.parametrize("level", CompareLevel)
@pytest.mark.parametrize("many", [2, 3, 4])
def test_identical_services_have_no_findings(
    tmp_path: Path, many: int, level: CompareLevel
) -> None:
    """However many runtimes answer alike, there is nothing to tell at any level."""
    report = replay(
        tmp_path, {name: PLAIN() for name in list(LANGUAGES)[:many]}, case(compare=level)
    )
    assert report.groups == ()
    assert report.counts[Verdict.PASSED] == 1
    assert not report.red


def test_three_runtimes_have_a_majority(tmp_path: Path) -> None:
    """Without a baseline the side of more than half is the largest, whoever is listed first."""
    report = replay(tmp_path, {"a": services.drops_member(), "b": PLAIN(), "c": PLAIN()})
    (group,) = report.groups
    assert (group.odd, sides(group)) == (("a",), (("a",), ("b", "c")))
    assert report.cases[0].classes == (("a",), ("b", "c"))


def test_a_baseline_outvotes_a_majority(tmp_path: Path) -> None:
    """With a baseline, others are compared with its side, even where it is alone."""
    report = replay(
        tmp_path, {"a": PLAIN(), "b": PLAIN(), "c": services.drops_member()}, baseline="c"
    )
    (group,) = report.groups
    assert (group.odd, sides(group)) == (("a", "b"), (("a", "b"), ("c",)))
    assert signatures(report) == ["member@$.ship_to (present | absent)"]


def test_in_a_tie_nobody_is_odd(tmp_path: Path) -> None:
    """Two against two, or one against one: no side is larger, whoever is listed first."""
    tie = {"b": services.drops_member(), "a": PLAIN(), "d": services.drops_member(), "c": PLAIN()}
    (group,) = replay(tmp_path / "four", tie).groups
    assert (group.odd, sides(group)) == ((), (("b", "d"), ("a", "c")))
    (group,) = replay(tmp_path / "two", {"b": services.drops_member(), "a": PLAIN()}).groups
    assert (group.odd, sides(group)) == ((), (("b",), ("a",)))


def test_four_runtimes_stand_on_sides_place_by_place(tmp_path: Path) -> None:
    """Each difference has its own sides.

    Who was not compared there, for an error has no such place, is on none.
    """
    four = {
        "a": PLAIN(),
        "b": services.drops_member(),
        "c": services.diverges_twice(),
        "d": services.changes_status(),
    }
    report = replay(tmp_path, four, baseline="a")
    told = {group.signatures[0].name: (group.odd, sides(group)) for group in report.groups}
    assert told == {
        "member": (("b", "c"), (("a",), ("b", "c"))),
        "number-as-string": (("c",), (("a", "b"), ("c",))),
        "status": (("d",), (("a", "b", "c"), ("d",))),
    }
    not_compared = {
        group.signatures[0].name: group.examples[0].finding.not_compared for group in report.groups
    }
    assert not_compared == {"member": ("d",), "number-as-string": ("d",), "status": ()}
    assert report.cases[0].classes == (("a",), ("b",), ("c",), ("d",))


def test_steps_are_compared_one_by_one(tmp_path: Path) -> None:
    """Findings say which step shows them, and the class of a case is that of all its steps."""
    report = replay(
        tmp_path, {"a": PLAIN(), "b": services.names_the_path("two")}, case("steps", "/one", "/two")
    )
    assert {example.finding.step for group in report.groups for example in group.examples} == {1}
    assert report.cases[0].classes == (("a",), ("b",))

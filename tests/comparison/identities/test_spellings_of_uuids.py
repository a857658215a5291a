"""A captured UUID that is shown in another spelling is the same thing, and no other one."""

import json
from collections.abc import Mapping

import pytest

from conformance.comparison.parity import compare_case
from conformance.comparison.sentences import described
from conformance.model.case import CompareLevel
from conformance.model.observation import Cell
from conformance.model.template import known_text
from tests.comparison.differences import answer
from tests.comparison.live_runs import case

IDS = (
    "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "7ba7b810-9dad-11d1-80b4-00c04fd430c9",
    "8ba7b810-9dad-11d1-80b4-00c04fd430ca",
)


def bare(uuid: str) -> str:
    """Write a UUID without hyphens."""
    return uuid.replace("-", "")


A, B, C = ({"id": each} for each in IDS)
Shown = tuple[Mapping[str, str], object]
"""What a runtime's names of one kind stand for, and its body."""


def lines_of(*given: Shown, level: CompareLevel = CompareLevel.VALUE) -> list[tuple[str, str]]:
    """Return each finding of runtimes in one line, and what else is said of it."""
    cells = [
        Cell(
            runtime=name,
            live=True,
            observations=(answer(json.dumps(body)),),
            names=tuple(known_text(each, text, "thing") for each, text in names.items()),
        )
        for name, (names, body) in zip("abc", given, strict=False)
    ]
    found = compare_case(case(compare=level), cells).findings
    return sorted((described(each, 1), each.detail) for each in found)


SAME = "the same thing is shown here, in another spelling than the captured one"
OTHER = "another thing is shown here, by what the case captured or named"


@pytest.mark.parametrize("level", [CompareLevel.SHAPE, CompareLevel.VALUE])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"id": IDS[0]}, {"id": bare(IDS[1])}, id="hyphens"),
        pytest.param({"id": IDS[0]}, {"id": IDS[1].upper()}, id="case"),
        pytest.param({"id": f"/x/{IDS[0]}"}, {"id": f"/x/{bare(IDS[1])}"}, id="in-a-longer-text"),
    ],
)
def test_another_spelling_is_no_other_thing(
    first: object, second: object, level: CompareLevel
) -> None:
    """It is said that a spelling differs, whichever side is asked first."""
    title = "identity at $.id differs"
    assert lines_of((A, first), (B, second), level=level) == [
        (f"{title}: a id · b id in another spelling", SAME)
    ]
    assert lines_of((B, second), (A, first), level=level) == [
        (f"{title}: a id in another spelling · b id", SAME)
    ]


def test_the_same_other_spelling_on_both_sides_is_no_difference() -> None:
    """Each shows its own id, and both without hyphens."""
    assert lines_of((A, {"id": bare(IDS[0])}), (B, {"id": bare(IDS[1])})) == []


def test_three_spellings_are_one_thing() -> None:
    """Two other spellings differ in their form; neither agrees with the one that was captured."""
    shown = {"id": bare(IDS[1])}, {"id": IDS[2].upper()}
    assert lines_of((A, A), (B, shown[0]), (C, shown[1])) == [
        ("UUID form at $.id: b lower case without hyphens · c upper case with hyphens", ""),
        (
            (
                "identity at $.id: id instead of id in another spelling: a is the odd one out "
                "(id); b, c: id in another spelling"
            ),
            SAME,
        ),
    ]


def test_two_names_of_one_thing_in_two_spellings() -> None:
    """One runtime captured the id twice, in two spellings, and the other one in one spelling."""
    twice = {"id": IDS[0], "loc": bare(IDS[0])}
    once = {"id": IDS[1], "loc": IDS[1]}
    assert lines_of((twice, twice), (once, once)) == [
        ("UUID form at $.loc: a lower case without hyphens · b lower case with hyphens", "")
    ]


def test_another_thing_is_still_another() -> None:
    """A UUID that nobody captured, in whatever spelling, is another thing."""
    assert lines_of((A, A), (B, {"id": bare(IDS[2])})) == [
        ("identity at $.id differs: a id · b another", OTHER)
    ]


def test_a_name_of_a_member_in_another_spelling_is_another_name() -> None:
    """What is spelled in two ways is no one name."""
    seen = lines_of((A, {IDS[0]: 1}), (B, {bare(IDS[1]): 1}))
    assert [line.partition(":")[0] for line, _ in seen] == [
        f"member $['{IDS[0]}']",
        f"member $['{bare(IDS[1])}']",
    ]

"""An idiom never hides what it does not explain.

Whatever else is planted beside or within it is reported separately.
"""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.model.case import CompareLevel
from tests.comparison.differences import by_shape, by_value, rows, walk
from tests.comparison.idioms.idiom_pairs import PAIRS, IdiomPair
from tests.comparison.json_texts import PROPERTY

ALL = [pytest.param(pair, id=name) for name, pair in PAIRS.items()]
LEVELS = (CompareLevel.SHAPE, CompareLevel.VALUE)
SCALARS = st.sampled_from([1, 2.5, True, "x", "12", "2026-11-23", None])
NAMES = st.sampled_from(["id", "a", "b", "more", "name", "Kind", "user_id", "items"])
INSIDE: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    NAMES,
    st.recursive(
        SCALARS,
        lambda deeper: st.one_of(
            st.lists(deeper, max_size=2), st.dictionaries(NAMES, deeper, max_size=3)
        ),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("pair", ALL)
def test_the_idiom_is_the_only_difference(pair: IdiomPair) -> None:
    """A pair with nothing planted shows its idiom once.

    Its facts keep their sides either way round.
    """
    insides: list[Any] = [{"id": 1}, {"list": [{"deep": [None, "x"]}]}, {"user_id": 1}, [], None]
    for inside in insides:
        first, second = pair.texts(inside, inside)
        for level in LEVELS:
            seen = rows(walk(first, second, level))
            assert [(name, a_fact, b_fact) for name, _, a_fact, b_fact in seen] == [
                (pair.idiom, *pair.facts)
            ]
            turned = rows(walk(second, first, level))
            assert [(name, b_fact, a_fact) for name, _, a_fact, b_fact in turned] == [
                (pair.idiom, *pair.facts)
            ]


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a value."""
    if isinstance(value, dict):
        yield value
    for below in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from objects_in(below)


def plant(value: dict[str, Any], which: int, how: str) -> dict[str, Any]:
    """Return a copy in which one object lost, gained, renamed or retyped a member."""
    planted = copy.deepcopy(value)
    changeable = [found for found in objects_in(planted) if found]
    target = changeable[which % len(changeable)]
    name = sorted(target)[which % len(target)]
    if how == "drop":
        del target[name]
    elif how == "add":
        target["planted"] = 7
    elif how == "rename":
        target["planted"] = target.pop(name)
    else:
        target[name] = {"planted": 1} if not isinstance(target[name], dict) else 7
    return planted


@pytest.mark.parametrize("pair", ALL)
@settings(PROPERTY, max_examples=30)
@given(
    inside=INSIDE,
    which=st.integers(0, 20),
    how=st.sampled_from(["drop", "add", "rename", "retype"]),
)
def test_what_is_planted_within_is_told(
    pair: IdiomPair, inside: dict[str, Any], which: int, how: str
) -> None:
    """A member changed below an idiom is one more difference, on whichever side.

    The change is a member dropped, added, renamed or retyped.
    """
    planted = plant(inside, which, how)
    for sides in ((inside, planted), (planted, inside)):
        for level in LEVELS:
            first, second = pair.texts(*sides)
            seen = rows(walk(first, second, level))
            first, second = pair.texts(inside, inside)
            unplanted = rows(walk(first, second, level))
            assert pair.idiom in {row[0] for row in seen}
            assert set(seen) > set(unplanted)


@pytest.mark.parametrize("pair", ALL)
@settings(PROPERTY, max_examples=30)
@given(inside=INSIDE, planted=st.one_of(SCALARS, INSIDE, st.lists(SCALARS)))
def test_what_is_planted_beside_is_told(
    pair: IdiomPair, inside: dict[str, Any], planted: Any
) -> None:
    """One more member in the object of an idiom is one more difference.

    The exception is the idiom's own zero.
    """
    if pair is PAIRS["enum"] and not planted:
        return
    first, second = pair.texts(inside, inside, {"planted": planted})
    for level in LEVELS:
        seen = {row for row in rows(walk(first, second, level)) if row[1].endswith(".planted")}
        assert len(seen) == 1
        assert next(iter(seen))[2:] in {
            ("absent", "present"),
            ("absent", "null"),
            ("absent", "empty list"),
        }


@pytest.mark.parametrize("pair", ALL)
def test_a_value_planted_within_is_told(pair: IdiomPair) -> None:
    """By value, another scalar below an idiom is reported at its place."""
    seen = by_value(*pair.texts({"x": [1, 2]}, {"x": [1, 3]}))
    assert [row[0] for row in seen if row[1].endswith(".x[*]")] == ["value"]
    assert len(seen) == 2


@pytest.mark.parametrize("pair", ALL)
def test_an_idiom_is_seen_in_lists_and_in_depth(pair: IdiomPair) -> None:
    """Below members and in list elements, an idiom is one difference with its place's path.

    This holds for every element of a list.
    """
    first, second = pair.texts({"id": 1}, {"id": 1})
    plain = by_shape(first, second)
    deep = by_shape(
        *(f'{{"outer":[{{"inner":{side}}},{{"inner":{side}}}],"z":1}}' for side in (first, second))
    )
    assert deep == [(name, f"$.outer[*].inner{path[1:]}", a, b) for name, path, a, b in plain]


def test_spellings_that_collide_are_both_told() -> None:
    """Two members that are one name in two spellings are not merged into one."""
    for a, b in (
        ('{"user_id":1}', '{"userId":1,"UserID":2}'),
        ('{"Schema":{"field":1}}', '{"Kind":"schema","Field":1,"field":2}'),
        ('{"Schema":{"field":1}}', '{"Kind":"schema","Field":1,"FIELD":2}'),
    ):
        assert len(rows(walk(a, b))) == len(rows(walk(b, a))) == 2, (a, b)

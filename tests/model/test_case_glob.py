"""Globs over case ids, and the narrowest of them that stand for some cases."""

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.model.case import suite_of
from conformance.model.case_glob import LONG_LIST, matches, narrowest_globs

MANY = [f"shop/{number:02}" for number in range(LONG_LIST + 1)]
FEW = MANY[1:]
BELOW = [f"shop/inn/{number:02}" for number in range(LONG_LIST + 1)]


def globs(ids: Iterable[str], *others: str) -> tuple[str, ...]:
    """Return the globs for some cases, when there are others beside them."""
    return narrowest_globs(ids, Counter(map(suite_of, {*ids, *others})))


@pytest.mark.parametrize(
    ("ids", "others", "wanted"),
    [
        pytest.param(MANY, (), ["shop/*"], id="all-of-many"),
        pytest.param(FEW, (), FEW, id="all-of-few"),
        pytest.param(MANY, ("shop/other",), MANY, id="all-but-one"),
        pytest.param(MANY, ("shops/other",), ["shop/*"], id="a-suite-whose-name-is-longer"),
        pytest.param(MANY, ("shop/inn/bed",), MANY, id="one-below-does-not-show-it"),
        pytest.param([*MANY, "shop/inn/bed"], (), ["shop/*"], id="those-below-do"),
        pytest.param([*FEW, "shop/inn/bed"], (), ["shop/*"], id="many-with-those-below"),
        pytest.param([*MANY, *BELOW], (), ["shop/*"], id="both-are-whole"),
        pytest.param([*BELOW, "shop/one"], ("shop/two",), ["shop/inn/*", "shop/one"], id="only-that-below-is-whole"),
        pytest.param([*BELOW], (), ["shop/inn/*"], id="nothing-above-it"),
        pytest.param([f"shop/order[{name[5:]}/x]" for name in MANY], (), ["shop/*"], id="slashes-in-a-matrix"),
        pytest.param(["shop/b", "shop/a", "shop/b"], (), ["shop/a", "shop/b"], id="sorted-each-once"),
        pytest.param([], MANY, [], id="none"),
    ],
)
def test_narrowest_globs(ids: list[str], others: tuple[str, ...], wanted: list[str]) -> None:
    """A suite is named as a whole where every one of its many cases is meant, those of the suites below included."""
    assert list(globs(ids, *others)) == wanted


_SUITES = ("a", "a/b", "a/b/c", "ab")


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=4, max_size=4))
def test_globs_stand_for_just_these_cases(counts: list[tuple[int, int]]) -> None:
    """Whatever cases are meant, of all that there are the globs match those and no other."""
    ids = {f"{suite}/{number}" for suite, (meant, _) in zip(_SUITES, counts, strict=True) for number in range(meant)}
    more = {f"{suite}/{number}" for suite, (_, there) in zip(_SUITES, counts, strict=True) for number in range(there)}
    found = globs(ids, *more)
    assert {case_id for case_id in ids | more if any(matches(case_id, glob) for glob in found)} == ids

"""Detectors that are asked once see the same whichever side comes first."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.comparison.idioms.catalogue import IDIOMS
from conformance.comparison.idioms.idiom import Idiom

ASKED_ONCE: Final = [idiom for idiom in IDIOMS if idiom.either_way]
SCALARS: Final = st.one_of(st.integers(0, 3), st.sampled_from(["a", "b", ""]), st.none())
OBJECTS: Final = st.dictionaries(st.sampled_from(["id", "name", "sku", "v"]), SCALARS, max_size=3)
LISTS: Final = st.lists(st.one_of(SCALARS, OBJECTS), max_size=5)


@pytest.mark.parametrize("idiom", ASKED_ONCE, ids=[idiom.name for idiom in ASKED_ONCE])
@given(first=LISTS, second=LISTS, data=st.data())
def test_the_sides_can_be_exchanged(
    idiom: Idiom, first: list[Any], second: list[Any], data: st.DataObject
) -> None:
    assert idiom.detect is not None
    other = data.draw(st.one_of(st.just(second), st.permutations(first)))
    claim, exchanged = idiom.detect([first], [other]), idiom.detect([other], [first])
    if claim is None or exchanged is None:
        assert claim is exchanged
    else:
        assert (claim.a_fact, claim.b_fact) == (exchanged.b_fact, exchanged.a_fact)

"""What is seen is the same whichever side comes first."""

from itertools import permutations
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.comparison.idioms.catalogue import IDIOMS
from conformance.comparison.idioms.idiom import Idiom
from conformance.model.observation import Answer
from tests.comparison.derived_findings import findings
from tests.comparison.differences import answer
from tests.comparison.idioms.cross_table import SAMPLES, Sample

ASKED_ONCE: Final = [idiom for idiom in IDIOMS if idiom.is_symmetric]
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


def differences(answers: dict[str, Answer], fields: tuple[str, ...] = ()) -> set[object]:
    """Return what differs, with the facts and the names of those on each side."""
    called = dict(zip("abcde", answers, strict=False))
    return {
        (
            found.name,
            found.spellings,
            frozenset(
                (frozenset(map(called.__getitem__, side.runtimes)), frozenset(found.facts_of(at)))
                for at, side in enumerate(found.sides)
            ),
        )
        for found in findings(*([each] for each in answers.values()), fields=fields)
    }


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=list(SAMPLES))
def test_an_idiom_is_named_whichever_side_comes_first(sample: Sample) -> None:
    """It is so for all: those about a status, a field or a note, too."""
    in_order = differences({"first": sample.a, "second": sample.b}, sample.fields)
    assert in_order == differences({"second": sample.b, "first": sample.a}, sample.fields)


def part(name: str, media: str, body: str) -> Answer:
    """Return a form of one part."""
    head = f'Content-Disposition: form-data; name="{name}"\r\nContent-Type: {media}'
    return answer(
        f"--X\r\n{head}\r\n\r\n{body}\r\n--X--\r\n", media="multipart/form-data; boundary=X"
    )


@pytest.mark.parametrize(
    "given_answers",
    [
        pytest.param([part("p", "text/plain", "hello"), part("q", "application/json", '{"x":1}'),
            part("q", "text/plain", "hello")], id="a-text-beside-json-in-parts"),
        pytest.param([answer('{"items":[],"page_size":2,"page":{"pageSize":2}}'),
            answer('{"items":[],"paging":{"pageSize":1}}'),
            answer('{"items":[],"pageSize":3,"meta":{"page_size":4}}')], id="a-page-said-twice"),
    ],
)  # fmt: skip
def test_the_order_of_runtimes_says_nothing(given_answers: list[Answer]) -> None:
    """Runtimes in any order, all of them or two, have the same differences."""
    named = dict(zip(("first", "second", "third"), given_answers, strict=True))
    for count in (2, 3):
        seen: dict[frozenset[str], set[object]] = {}
        for names in permutations(named, count):
            found = differences({name: named[name] for name in names})
            assert seen.setdefault(frozenset(names), found) == found

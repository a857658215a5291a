"""Elements that are numbered: a list that lost one, and is renumbered, is one cause."""

import json
from collections.abc import Callable, Iterable
from typing import Final

import pytest

from conformance.model.finding import DifferenceKind
from tests.comparison.derived_findings import findings, grouped
from tests.comparison.differences import JSON, answer

_EVENTS: Final = "text/event-stream"
_WORDS: Final = ("the", "cat", "the", "cat", "the", "dog")


def _listed(words: Iterable[str], start: int = 1) -> str:
    elements = [{"pos": at, "word": word} for at, word in enumerate(words, start)]
    return json.dumps(elements)


def _lines(words: Iterable[str]) -> str:
    return "\n".join(map(json.dumps, json.loads(_listed(words))))


def _events(words: Iterable[str]) -> str:
    data = ({"type": "delta", "part": {"number": at, "text": w}} for at, w in enumerate(words))
    return "".join(f"data: {json.dumps(each)}\n\n" for each in data)


def _events_with_ids(words: Iterable[str]) -> str:
    events = (f'id: {at}\ndata: {{"w":"{word}"}}\n\n' for at, word in enumerate(words, 1))
    return "".join(events)


def _rows(words: Iterable[str]) -> str:
    return "line,word\n" + "".join(f"{at},{word}\n" for at, word in enumerate(words, 1))


def _items(words: Iterable[str]) -> str:
    items = (f'<item n="{at}">{word}</item>' for at, word in enumerate(words, 1))
    return f"<list>{''.join(items)}</list>"


FORMS: Final = [
    pytest.param(JSON, _listed, "$", "$[*].pos", id="json"),
    pytest.param("application/x-ndjson", _lines, "$", "$[*].pos", id="json-lines"),
    pytest.param(_EVENTS, _events, "$", "$[*].data.part.number", id="within-data"),
    pytest.param("text/csv", _rows, "$.rows", "$.rows[*].line", id="rows"),
    pytest.param("application/xml", _items, "$.list.item", "$.list.item[*]['@n']", id="attributes"),
]


@pytest.mark.parametrize(("media", "written", "place", "number"), FORMS)
@pytest.mark.parametrize("lost", range(5))
def test_a_lost_element_is_one_cause(
    media: str, written: Callable[[Iterable[str]], str], place: str, number: str, lost: int
) -> None:
    """The element is named, and the numbers after it follow the length."""
    whole = answer(written(_WORDS), media=media)
    less = answer(written(_WORDS[:lost] + _WORDS[lost + 1 :]), media=media)
    for given in ((whole, less), (less, whole), (whole, whole, less)):
        found = findings(*([each] for each in given))
        (group,) = grouped(found)
        assert group.kind is DifferenceKind.LENGTH
        assert [each.place for each in found if not each.follows] == [place]
        assert {each.place: each.how for each in group.also} == {
            number: "the number of each element"
        }


def _records(words: Iterable[str]) -> str:
    elements = [
        {"pos": at, "word": word, "letters": len(word), "first": word[0]}
        for at, word in enumerate(words, 1)
    ]
    return json.dumps(elements)


def _record_items(words: Iterable[str]) -> str:
    items = (
        f'<item n="{at}"><word>{word}</word><letters>{len(word)}</letters></item>'
        for at, word in enumerate(words, 1)
    )
    return f"<list>{''.join(items)}</list>"


@pytest.mark.parametrize(
    ("media", "written", "place", "number"),
    [
        pytest.param(JSON, _records, "$", "$[*].pos", id="json"),
        pytest.param(
            "application/xml", _record_items, "$.list.item", "$.list.item[*]['@n']", id="xml"
        ),
    ],
)
def test_elements_in_a_different_order_are_one_cause(
    media: str, written: Callable[[Iterable[str]], str], place: str, number: str
) -> None:
    """The order is named, and the numbers of the elements that moved follow it."""
    one = answer(written(("one", "three", "eleven", "four")), media=media)
    other = answer(written(("one", "eleven", "three", "four")), media=media)
    for given in ((one, other), (other, one), (one, one, other)):
        found = findings(*([each] for each in given))
        (group,) = grouped(found)
        assert [each.place for each in found if not each.follows] == [place]
        assert {each.place: each.how for each in group.also} == {
            number: "the number of each element"
        }


def test_ids_of_events() -> None:
    """An `id` that only numbers events follows, too, where no event comes twice."""
    both = [_events_with_ids("abc"), _events_with_ids("ac")]
    (group,) = grouped(findings(*([answer(each, media=_EVENTS)] for each in both)))
    assert {each.place for each in group.also} == {"$[*].id"}


@pytest.mark.parametrize(
    ("first", "second", "leading"),
    [
        pytest.param(_listed("abc"), _listed("ab", 2), {"$", "$[*].pos"}, id="another-start"),
        pytest.param(
            '[{"pos":1,"w":"a"},{"pos":2,"w":"b"},{"pos":3,"w":"c"}]',
            '[{"pos":1,"w":"a"},{"pos":3,"w":"c"}]', {"$"}, id="a-gap",
        ),
        pytest.param(
            '[{"id":1,"r":"u"},{"id":2,"r":"a"},{"id":3,"r":"u"}]',
            '[{"id":1,"r":"u"},{"id":2,"r":"u"}]', {"$", "$[*].r"}, id="ids-of-things",
        ),
        pytest.param(_listed("abcdef"), _listed("abdXf"), {"$", "$[*].word"}, id="and-another-word"),
    ],
)  # fmt: skip
def test_what_numbers_do_not_explain(first: str, second: str, leading: set[str]) -> None:
    """Another start, a gap, ids that one element alone speaks against, and a word count."""
    for bodies in ((first, second), (second, first)):
        found = findings(*([answer(each)] for each in bodies))
        assert {each.place for each in found if not each.follows} == leading

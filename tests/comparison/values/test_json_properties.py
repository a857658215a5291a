"""Properties of JSON values: fast and slow parse agree, and equality is symmetric.

Canonical bytes mean structure.
"""

import json
from typing import Any

from hypothesis import given

from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import kind_of, parse
from conformance.comparison.values.walk import Walk
from conformance.model.case import CompareLevel
from tests.comparison.differences import by_shape, by_value, mirrored
from tests.comparison.json_texts import ALIKE_TEXT, ANY_TEXT, ANY_TEXT_WITH_SURROGATES, PROPERTY

BOM = b"\xef\xbb\xbf"


def reordered(value: Any) -> Any:
    """Return a value with the members of every object in reverse order."""
    if isinstance(value, dict):
        return {name: reordered(member) for name, member in reversed(value.items())}
    return list(map(reordered, value)) if isinstance(value, list) else value


def structure(text: str) -> Any:
    """Return a model of a document in which the order of members does not count.

    Kinds, spellings and members count.
    """

    def tagged(value: Any) -> Any:
        if isinstance(value, dict):
            return ("object", frozenset((name, tagged(member)) for name, member in value.items()))
        if isinstance(value, list):
            return ("array", tuple(map(tagged, value)))
        return (type(value).__name__, value)

    return tagged(
        json.loads(
            text, parse_int=lambda digits: ("i", digits), parse_float=lambda digits: ("f", digits)
        )
    )


@PROPERTY
@given(ANY_TEXT_WITH_SURROGATES)
def test_fast_and_slow_parse_agree(text: str) -> None:
    """A byte order mark forces the slow parse, which gives the same value.

    It adds only its own note.
    """
    fast, slow = parse(text.encode()), parse(BOM + text.encode())
    assert canonical(fast.value) == canonical(slow.value)
    assert set(slow.notes) - set(fast.notes) <= {"byte-order-mark"}


@PROPERTY
@given(ANY_TEXT_WITH_SURROGATES)
def test_canonical_bytes_parse_back(text: str) -> None:
    """Canonical bytes are JSON of the same value, and canonical themselves."""
    once = canonical(parse(text.encode()).value)
    assert canonical(parse(once).value) == once
    assert structure(once.decode()) == structure(text)


@PROPERTY
@given(ALIKE_TEXT, ALIKE_TEXT)
def test_canonical_equality_is_structural_equality(a: str, b: str) -> None:
    """Canonical bytes are equal exactly where structure and spelling are."""
    equal = canonical(parse(a.encode()).value) == canonical(parse(b.encode()).value)
    assert equal == (structure(a) == structure(b))


@PROPERTY
@given(ANY_TEXT)
def test_a_document_equals_itself(text: str) -> None:
    """No level finds a difference between a document and itself, with members reordered or not."""
    value, again = parse(text.encode()).value, parse(text.encode()).value
    for level in CompareLevel:
        for other in (again, reordered(again)):
            walked = Walk(level, Loosening(()))
            walked.compare(value, other)
            assert walked.differences == []
    assert canonical(value) == canonical(reordered(again))


@PROPERTY
@given(ALIKE_TEXT, ALIKE_TEXT)
def test_a_comparison_is_symmetric(a: str, b: str) -> None:
    """Exchanging the sides exchanges the facts and changes nothing else."""
    assert by_shape(a, b) == mirrored(by_shape(b, a))
    assert by_value(a, b) == mirrored(by_value(b, a))


@PROPERTY
@given(ALIKE_TEXT, ALIKE_TEXT)
def test_only_equal_values_show_no_difference(a: str, b: str) -> None:
    """By value, documents without a difference are equal except for spellings of numbers."""
    if not by_value(a, b):
        assert _by_number(parse(a.encode()).value) == _by_number(parse(b.encode()).value)


def _by_number(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _by_number(member) for name, member in value.items()}
    if isinstance(value, list):
        return list(map(_by_number, value))
    number = float(str(value)) if kind_of(value) in {"integer", "number"} else value
    return (kind_of(value), number)


@PROPERTY
@given(ALIKE_TEXT, ALIKE_TEXT)
def test_value_shows_all_that_shape_shows(a: str, b: str) -> None:
    """A closer look finds more, never less."""
    found = tuple(place for _, place, _, _ in by_value(a, b))
    assert all(place.startswith(found) for _, place, _, _ in by_shape(a, b))

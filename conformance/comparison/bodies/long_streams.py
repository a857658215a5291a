"""Read two long streams with most records in common, without holding all of these.

Records that both streams have at one index are parsed window by window, and most are dropped.  Of
each form a few are kept, and replace the others: for equal values, a comparison only needs to know
the names of members and the kinds of values.  Where the streams differ, all values are as they were
sent, and all lists have the length that was sent.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product, repeat, starmap, zip_longest
from operator import itemgetter, methodcaller
from typing import Any, Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.kind import Record, RecordStream
from conformance.comparison.bodies.label import NO_LABEL
from conformance.comparison.budget import check
from conformance.comparison.values.lossless_json import Json, Lexeme, NoJsonError, parse_each
from conformance.comparison.values.objects import picked
from conformance.comparison.values.own_ids import (
    TEXTS_AND_NUMBERS,
    as_text,
    is_of_ids,
    is_of_names,
)
from conformance.comparison.values.unequal_elements import unequal_elements

_SAMPLE: Final = 1_000
"""The first equal records, this many, are all kept: enough for conclusions about values in general,
and less than 1 MiB in most streams.
"""
_WINDOW: Final = 256
"""How many equal records are parsed together, which is faster than one by one."""
_TRIED: Final = 4_096
"""After this many records, two streams with too few of them in common are given up."""
_WORTH_IT: Final = 0.5
"""The share of records that may be kept.  Beyond it, reading both streams whole takes little more
memory.
"""

_Form = tuple[object, ...] | object
"""What two equal values must have in common for one to replace the other."""
_BOOLEANS: Final = frozenset({0, 1})
"""Integers that may mean a boolean."""
_BEFORE_DIGITS: Final = frozenset({"-", "+", "."})
"""Characters with which a number in a text may begin."""
_TEXT: Final = "text"
_NUMBER: Final = "number or time"


class _NotWorthItError(Exception):
    """Most records of two streams would be kept, or one stream has more records."""


class _Pairs:
    """The kept records of two streams, and for each index which of them replaces it."""

    def __init__(self, stream: RecordStream) -> None:
        self.stream = stream
        self.first: list[bytes] = []
        self.second: list[bytes] = []
        self.at = array("I")
        self._window: list[tuple[bytes, bytes]] = []
        self._of_form: dict[_Form, list[int]] = {}

    def add(self, first: bytes, second: bytes) -> None:
        """Add the records at the next index; equal ones wait until the window is full."""
        text = self.stream.json_of(first) if first == second else None
        if text is None:
            self.flush()
            self.keep(first, second)
            return
        self._window.append((first, text))
        if len(self._window) == _WINDOW:
            self.flush()

    def keep(self, first: bytes, second: bytes) -> None:
        """Keep the records at the next index; raise _NotWorthItError if too many are kept."""
        if len(self.at) >= _TRIED and len(self.first) > len(self.at) * _WORTH_IT:
            raise _NotWorthItError
        self.at.append(len(self.first))
        self.first.append(first)
        self.second.append(second)

    def flush(self) -> None:
        """Parse the waiting equal records, and keep those that no kept one can replace."""
        check()
        forms = _forms_of(list(map(itemgetter(1), self._window)))
        for (record, _), form in zip(self._window, forms, strict=True):
            known = self._of_form.setdefault(form, [])
            are_enough_kept = form is not None and len(self.at) >= _SAMPLE
            if known and are_enough_kept:
                self.at.append(known[len(self.at) % len(known)])
                continue
            known.append(len(self.first))
            self.keep(record, record)
        self._window.clear()

    def is_shared(self, first: bytes, second: bytes) -> bool:
        """Return whether two records are equal and are read as one value."""
        return first == second and self.stream.json_of(first) is not None


def read_mostly_alike(stream: RecordStream, a: bytes, b: bytes) -> tuple[Body, Body] | None:
    """Return two bodies whose records at one index are mostly the same, or None.

    None means that they must be read whole: most records differ, one stream has more records, or
    the records have ids or names, by which they are paired at any index.
    """
    pairs = _Pairs(stream)
    try:
        texts = _kept_texts(pairs, stream.text_of(a), stream.text_of(b))
        first, second = map(stream.read, texts, repeat(NO_LABEL))
    except (_NotWorthItError, UnreadableBodyError):
        return None
    if {len(first.value), len(second.value)} != {len(pairs.first)}:
        return None
    are_shared = map(pairs.is_shared, pairs.first, pairs.second)
    both = zip(first.value, second.value, are_shared, strict=True)
    of_b = [x if is_shared else y for x, y, is_shared in both]
    if _may_be_reordered(first.value, of_b):
        return None
    return (
        replace(first, raw=a, value=picked(first.value, pairs.at)),
        replace(second, raw=b, value=picked(of_b, pairs.at)),
    )


def _kept_texts(pairs: _Pairs, a: bytes, b: bytes) -> tuple[bytes, bytes]:
    """Return two streams with only the kept records, and with what follows the last record.

    The last record is always kept.  Raise _NotWorthItError if there are too many.
    """
    last: tuple[Record, Record] | None = None
    for following in _record_pairs(pairs.stream, a, b):
        if last is not None:
            pairs.add(last[0][0], last[1][0])
        last = following
    pairs.flush()
    if last is None or len(pairs.first) > len(pairs.at) * _WORTH_IT:
        raise _NotWorthItError
    pairs.keep(last[0][0], last[1][0])
    between = pairs.stream.between
    return (
        between.join(pairs.first) + a[last[0][1] :],
        between.join(pairs.second) + b[last[1][1] :],
    )


def _record_pairs(stream: RecordStream, a: bytes, b: bytes) -> Iterator[tuple[Record, Record]]:
    """Yield the records of two streams in pairs; raise _NotWorthItError if one stream has more."""
    for first, second in zip_longest(stream.records(a), stream.records(b)):
        if first is None or second is None:
            raise _NotWorthItError
        yield first, second


def _may_be_reordered(a: Sequence[Json], b: Sequence[Json]) -> bool:
    """Return whether records of one stream may belong to records at another index.

    They may if they have ids or names, or if the streams have the same records, or the same values
    of a member, in another order.
    """
    if all(map(_have_ids_or_names, (a, b))):
        return True
    apart, marks, others = unequal_elements(a, b)
    if not set(marks).isdisjoint(others):
        return True
    columns, other_columns = _columns(picked(a, apart)), _columns(picked(b, apart))
    return any(starmap(_is_reordered, product(columns, other_columns)))


def _is_reordered(first: Sequence[str], second: Sequence[str]) -> bool:
    """Return whether two columns have the same texts in another order."""
    return first != second and sorted(first) == sorted(second)


def _have_ids_or_names(records: Sequence[Json]) -> bool:
    """Return whether records have an id or a name, judged by the first one."""
    first = records[0]
    return type(first) is dict and any(map(_is_id_or_name, first))


def _is_id_or_name(name: str) -> bool:
    """Return whether a member's name is one of an id or a name."""
    return is_of_ids(name) or is_of_names(name)


def _columns(records: Sequence[Json]) -> list[list[str]]:
    """Return the values of each member that is a text or number in all records."""
    if set(map(type, records)) != {dict}:
        return []
    columns: list[list[str]] = []
    for name in records[0]:
        column = list(map(methodcaller("get", name), records))
        if TEXTS_AND_NUMBERS.issuperset(map(type, column)):
            columns.append(list(map(as_text, column)))
    return columns


def _forms_of(texts: Sequence[bytes]) -> list[_Form]:
    """Return the form of each JSON text; None for all if any has a note or is no JSON."""
    try:
        values, notes = parse_each(texts)
    except NoJsonError:
        return [None] * len(texts)
    if notes:
        return [None] * len(texts)
    return list(map(_form_of, values))


def _form_of(value: Json) -> _Form:
    """Return what equal values must have in common for one to replace the other.

    This is what a comparison needs of equal values: the names of members, the kind of each value,
    whether it is empty, zero or a boolean, whether a number has a fraction, and whether a text may
    contain a number, a time or JSON.
    """
    kind = type(value)
    form_of_kind = _FORMS.get(kind)
    return kind if form_of_kind is None else form_of_kind(value)


def _form_of_object(value: dict[str, Json]) -> _Form:
    return (*value, *map(_form_of, value.values()))


def _form_of_list(value: list[Json]) -> _Form:
    return (list, *map(_form_of, value))


def _form_of_number(value: Lexeme) -> _Form:
    """Return the form of a fraction: whether it is negative, whole, and has a decimal point."""
    digits = bytes(value)
    return Lexeme, digits[:1] == b"-", digits.rstrip(b"0")[-1:] == b".", b"." in digits


def _form_of_integer(value: int) -> _Form:
    """Return the form of an integer: 0 and 1 have their own, as they may be booleans."""
    may_be_a_boolean = value in _BOOLEANS
    return (int, value) if may_be_a_boolean else int


def _form_of_text(text: str) -> _Form:
    """Return the form of a text: words, a possible number or time, or else its first character."""
    start = text[:1]
    if start.isalpha():
        return _TEXT
    begins_a_number = start.isdigit() or start in _BEFORE_DIGITS
    return _NUMBER if begins_a_number else start


def _form_of_boolean(value: bool) -> _Form:
    return bool, value


_FORMS: Final[Mapping[type, Callable[[Any], _Form]]] = {
    dict: _form_of_object,
    list: _form_of_list,
    str: _form_of_text,
    Lexeme: _form_of_number,
    int: _form_of_integer,
    bool: _form_of_boolean,
}
"""By type: the function that returns a value's form; all values of another type have one form."""

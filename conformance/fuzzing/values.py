"""Values to try at one place of a body or a parameter.

They come from bounds of the schema, from earlier answers, and from the dictionary.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice, repeat
from operator import attrgetter, itemgetter
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.fuzzing import dictionary as words
from conformance.fuzzing.document_parts import as_mapping
from conformance.fuzzing.form import in_target
from conformance.fuzzing.json_nodes import (
    Items,
    JsonObject,
    Node,
    is_literal_text,
    node_of,
    render,
    value_of,
)
from conformance.fuzzing.operation import Schema, sample_text
from conformance.fuzzing.schemas import bounds, is_within, long_texts_of_other_scripts
from conformance.fuzzing.streams import round_robin
from conformance.fuzzing.time_spellings import is_time, spellings_of_time
from conformance.fuzzing.usual_values import types_of
from conformance.grouped import grouped

_WORDS_OF_TIME: Final = ("date", "time", "day", "due", "since", "until", "from", "to", "_at")
_HOLDING_OTHERS: Final = frozenset({"array", "object"})
_NUMERIC: Final = frozenset({"integer", "number"})
_NUMBERS_AS_TEXT: Final = 12
"""How many numbers of the dictionary are tried as texts: enough to see if they are accepted."""
_SMALL_BOUNDS: Final = 4
"""Most values at bounds that go into pairs: pairs grow with the square of the values."""
_MOST_SEARCHED: Final = 8
"""Most stored texts that are searched for in a list."""
_MAPS: Final[Sequence[Mapping[str, Any]]] = (
    {"alphaBeta": "alpha"},
    {"a": 9007199254740993},
    {"a": None},
    {"b": "", "a": "é"},
    {"a": [{}]},
)
"""Objects for a place that accepts members of any name."""
_WILDCARDS: Final = "%_*."
"""Characters that match any text in some searches."""
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_OTHER_END: Final = {"a": "b"} | {str(digit): str((digit + 1) % 10) for digit in range(10)}
_OTHER_DIGITS: Final = {ord("0") + digit: 0x0660 + digit for digit in range(10)}
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_CONSTANTS: Final = {"true": "boolean", "false": "boolean"}
_TIME_FORMATS: Final = frozenset({"date", "date-time", "time"})
_FEW_BY_TYPE: Final[Mapping[str, list[Any]]] = {
    "integer": [0, 1],
    "number": [0, 1],
    "boolean": [True, False],
    "string": [""],
    "array": [[]],
}
"""Small values for pairs, by the first type that a place allows."""
_LIST_SIZES: Final = (0, 1, 2, 3, 5, 10, 11, 20, 21, 50, 51, 100, 101)


class Spot(Struct, frozen=True):
    """A place in a request: name, schema, usual value if it is sent, values seen in answers."""

    name: str
    schema: Schema
    usual: Node
    seen: tuple[Any, ...] = ()
    is_sent: bool = True

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the allowed types: those of the schema, else that of the usual value."""
        return types_of(self.schema) or (_kind_of(self.usual),)


class TriedValue(Struct, frozen=True):
    """A value to try: its name in reports, and its JSON."""

    entry: str
    node: Node


def _as_sent(tried: TriedValue) -> str:
    return render(tried.node)


class _Distinct(Struct):
    """Filter out values whose `key` came before; by default the key is the JSON text."""

    seen: set[str] = field(default_factory=set)
    key: Callable[[TriedValue], str] = _as_sent

    def filtered(self, values: Iterable[TriedValue]) -> Iterator[TriedValue]:
        for tried in values:
            key = self.key(tried)
            if key not in self.seen:
                self.seen.add(key)
                yield tried


def first_values(spot: Spot) -> Iterator[TriedValue]:
    """Yield the values that most often show differences; they are tried first.

    Those are bounds of the schema, seen values, other types, and one value of each group.
    """
    yield from _Distinct({render(spot.usual)} if spot.is_sent else set()).filtered(_first(spot))


def _first(spot: Spot) -> Iterator[TriedValue]:
    at_bounds, within = map(iter, _by_bound(spot))
    seen = _tried(zip(repeat("a value seen before"), spot.seen))
    # Most runtimes refuse most other types, so those take turns with values that may be accepted
    yield from round_robin([at_bounds, seen, _entries(_other_types(spot)), _first_of_groups(spot)])
    yield from within


def _by_bound(spot: Spot) -> tuple[list[TriedValue], list[TriedValue]]:
    """Return the values at or beyond a bound, and those inside it, which rarely show more."""
    found: tuple[list[TriedValue], list[TriedValue]] = [], []
    for entry, value in bounds(spot.schema):
        found[is_within(entry, spot.schema)].append(TriedValue(entry, node_of(value)))
    first, _ = found
    if "string" in spot.kinds:
        first += _tried(long_texts_of_other_scripts(spot.schema))
    if "object" in spot.kinds and "properties" not in spot.schema:
        first += _tried(zip(repeat("a member of any name"), _MAPS))
    return found


def _tried(values: Iterable[tuple[str, Any]]) -> Iterator[TriedValue]:
    """Yield named values as values to try."""
    return (TriedValue(entry, node_of(value)) for entry, value in values)


def _other_types(spot: Spot) -> Sequence[words.Entry]:
    holds_others = not _HOLDING_OTHERS.isdisjoint(spot.kinds)
    return (*words.ANY_TYPE, *words.NESTED) if holds_others else words.ANY_TYPE


def _first_of_groups(spot: Spot) -> Iterator[TriedValue]:
    """Yield lists if the place is a list, then the first value of each group of its type."""
    if isinstance(spot.usual, Items):
        yield from _lists(spot.usual)
    by_entry = _Distinct(key=attrgetter("entry"))
    yield from by_entry.filtered(_of_type(spot))


def _lists(usual: Items) -> Iterator[TriedValue]:
    """Yield lists of sizes that some services limit, in turn with lists of other elements."""
    item, *_ = (*usual.nodes, "null")
    sizes = (TriedValue(f"{size} items", Items((item,) * size)) for size in _LIST_SIZES)
    yield from round_robin([sizes, _lists_of_others(usual, item)])


def _lists_of_others(usual: Items, item: Node) -> Iterator[TriedValue]:
    for items in _unsorted(item):
        yield TriedValue("items to be sorted", Items(tuple(items)))
    if len(usual.nodes) > 1:
        yield TriedValue("items in another order", Items(usual.nodes[::-1]))
    yield TriedValue("an item of another type", Items((*usual.nodes, "null")))
    yield TriedValue("an item of another type first", Items(("null", *usual.nodes)))
    if isinstance(item, JsonObject):
        yield TriedValue("an item that lacks members first", Items((JsonObject(()), *usual.nodes)))
        yield TriedValue(
            "an item that lacks a member first", Items((JsonObject(item.pairs[1:]), item))
        )
    yield TriedValue("an item of another type", Items((*usual.nodes, '"x"')))


def _unsorted(item: Node) -> Iterator[Iterable[Node]]:
    """Yield unsorted scalars of the type of an element; nothing for an object or list."""
    kind = _kind_of(item)
    if kind == "string":
        yield map(json.dumps, ("b", "a", "B", "a", "c"))
        yield _out_of_order(item)
    elif kind in {"number", "boolean"}:
        yield ("10", "9", "2", "9", "-1")


def _out_of_order(item: Node) -> Iterator[Node]:
    """Yield texts that differ in the last character, unsorted; most patterns allow them."""
    text = str(value_of(item))
    ends = "312" if text[-1:].isdigit() else "cab"
    if text.isupper():
        ends = ends.upper()
    for end in ends:
        yield json.dumps(f"{text[:-1]}{end}")


def dictionary_values(spot: Spot) -> Iterator[TriedValue]:
    """Yield the rows of the dictionary of the types of a spot.

    Values that `first_values` yields are left out.
    """
    distinct = _Distinct({render(spot.usual)})
    distinct.seen.update(render(each.node) for each in _first(spot))
    yield from distinct.filtered(chain(_of_type(spot), _entries(words.NESTED)))


def _of_type(spot: Spot) -> Iterator[TriedValue]:
    kinds = spot.kinds
    if not _NUMERIC.isdisjoint(kinds):
        yield from _entries(words.NUMBERS)
        numbers = map(attrgetter("text"), words.NUMBERS[:_NUMBERS_AS_TEXT])
        yield from map(partial(TriedValue, "a number as text"), map(json.dumps, numbers))
    if "boolean" in kinds:
        yield from _entries(words.BOOLEANS)
    if "string" in kinds:
        yield from _near(spot.usual)
        if _is_number_as_text(spot.usual):
            yield from (TriedValue(each.group, json.dumps(each.text)) for each in words.NUMBERS)
        if _is_about_time(spot):
            yield from _entries(words.TIMES)
            yield from _entries(words.DATES)
        yield from _entries(words.TEXTS)
        yield from _entries(words.FORMATS)


def _entries(entries: Iterable[words.Entry]) -> Iterator[TriedValue]:
    return (TriedValue(entry.group, entry.text) for entry in entries)


def _kind_of(node: Node) -> str:
    if isinstance(node, JsonObject):
        return "object"
    if isinstance(node, Items):
        return "array"
    if node.startswith('"'):
        return "string"
    return _CONSTANTS.get(node, "number")


def _is_about_time(spot: Spot) -> bool:
    declared = str(spot.schema.get("format", ""))
    if declared:
        return declared in _TIME_FORMATS
    return any(map(spot.name.lower().__contains__, _WORDS_OF_TIME))


def searches(spot: Spot, stored_texts: Iterable[str]) -> Iterator[str]:
    """Yield stored texts, parts of them, other cases and wildcards, as a search or its elements."""
    if "array" in spot.kinds:
        spot = replace(spot, schema=as_mapping(spot.schema.get("items")))
    if "string" not in spot.kinds or "enum" in spot.schema:
        return
    for_times = _is_about_time(spot)
    # A search by time takes times only, and any other search finds no times
    alike = sorted(grouped(stored_texts, _is_time).get(for_times, []), key=str.isascii)
    if for_times:
        yield from alike[:_MOST_SEARCHED]
        return
    for text in alike[:1]:
        yield from (f"{text[:1]}{sign}{text[2:]}" for sign in _WILDCARDS)
    for text in alike[:_MOST_SEARCHED]:
        yield from (text, text.upper(), text.lower(), text[:3], text[-3:], text[1:-1])


def _text_of(node: Node) -> str:
    """Return the text of a node; empty for a node of another type."""
    value = value_of(node)
    return value if isinstance(value, str) else ""


def _is_number_as_text(usual: Node) -> bool:
    return _NUMBER.fullmatch(_text_of(usual)) is not None


def _is_time(text: str) -> bool:
    return _DATE.match(text) is not None


def _near(usual: Node) -> Iterator[TriedValue]:
    """Yield values like the usual text: other letters, spaces, first or last characters."""
    text = _text_of(usual) if is_literal_text(usual) else ""
    if not text:
        return
    near = dict(spellings_of_time(text)) if is_time(text) else _near_text(text)
    if text.startswith("https://"):
        near |= {"another scheme": text.replace("https", "http", 1)}
    for name, each in near.items():
        yield TriedValue(name, json.dumps(each, ensure_ascii=False))


def _near_text(text: str) -> dict[str, str]:
    return {
        "letters in capitals": text.upper(),
        "small letters": text.lower(),
        "a space before": f" {text}",
        "a space after": f"{text} ",
        "one character less": text[:-1],
        "one character more": f"{text}x",
        "with an accent": f"{text[:1]}\u0301{text[1:]}",
        "another first letter": f"z{text[1:]}",
        # If the text has a check digit, it is wrong then
        "another last character": f"{text[:-1]}{_OTHER_END.get(text[-1:], 'a')}",
        "with a plus sign": f"a+{text}",
        "the text and again": f"{text}{text}",
        "with dots": f"{text}.",
        "a line feed after": f"{text}\n",
        "digits of another script": text.translate(_OTHER_DIGITS),
    }


def small_values(spot: Spot) -> Iterator[TriedValue]:
    """Yield the few values for pairs."""
    of_bounds = map(itemgetter(1), bounds(spot.schema))
    kind = next(filter(spot.kinds.__contains__, _FEW_BY_TYPE), "")
    of_type = [*_FEW_BY_TYPE.get(kind, [])]
    if kind == "string":
        of_type += spot.seen[:2]
    few = [*islice(of_bounds, _SMALL_BOUNDS), *of_type, None]
    yield from _Distinct({render(spot.usual)}).filtered(_tried(zip(repeat("small"), few)))


def greatest_values(spot: Spot) -> tuple[Node, ...]:
    """Return two large values for a number or a text with a number; empty for other types."""
    if not _NUMERIC.isdisjoint(spot.kinds):
        most = spot.schema.get("maximum")
        return ("99999", "2147483647") if most is None else (node_of(most),) * 2
    if not _is_number_as_text(spot.usual):
        return ()
    has_fraction = "." in str(spot.usual)
    return ('"9999.99"', '"9999999.99"') if has_fraction else ('"99999"', '"9999999"')


def as_parameter(node: Node) -> str:
    """Return a scalar as a parameter is written, percent-encoded."""
    return in_target(sample_text(node))


def schema_below(schema: Schema, node: Node, index: int) -> Schema:
    """Return the schema of a child of a node."""
    if isinstance(node, JsonObject):
        name, _ = node.pairs[index]
        members = as_mapping(schema.get("properties"))
        return as_mapping(members.get(name, schema.get("additionalProperties")))
    return as_mapping(schema.get("items"))

"""What is tried at one place of a body or a parameter.

This is bounds of the document, values seen, and the dictionary.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct, field

from conformance.fuzzing import dictionary as words
from conformance.fuzzing.form import in_target
from conformance.fuzzing.json_nodes import Items, Members, Node, node_of, render, value_of
from conformance.fuzzing.operation import NO_SCHEMA, Schema, sample_text
from conformance.fuzzing.schemas import bounds
from conformance.fuzzing.usual_values import types_of

_WORDS_OF_TIME: Final = ("date", "time", "day", "due", "since", "until", "from", "to", "_at")
_LIST_SIZES: Final = (0, 1, 2, 3, 5, 10, 11, 20, 21, 50, 51, 100, 101)


class Spot(Struct, frozen=True):
    """A place in a request: its name, its description in the document, its usual value."""

    name: str
    schema: Schema
    usual: Node
    seen: tuple[Any, ...] = ()


class Tried(Struct, frozen=True):
    """A value to be tried: what it is, and its JSON."""

    entry: str
    node: Node


class _Once(Struct):
    """Yields each value once, and never the usual one."""

    seen: set[str] = field(default_factory=set)

    def of(self, values: Iterable[Tried]) -> Iterator[Tried]:
        for each in values:
            text = render(each.node)
            if text not in self.seen:
                self.seen.add(text)
                yield each


def first_values(spot: Spot) -> Iterator[Tried]:
    """Yield the most informative values first.

    These are the document's bounds, values that were seen, other types, and one value of each
    group.
    """
    yield from _Once({render(spot.usual)}).of(_first(spot))


def _first(spot: Spot) -> Iterator[Tried]:
    yield from (Tried(name, node_of(value)) for name, value in bounds(spot.schema))
    yield from (Tried("a value seen before", node_of(value)) for value in spot.seen)
    yield from (Tried(entry.group, entry.text) for entry in words.ANY_TYPE)
    if isinstance(spot.usual, Items):
        yield from _lists(spot.usual)
    groups: set[str] = set()
    for tried in _of_type(spot):
        if tried.entry not in groups:
            groups.add(tried.entry)
            yield tried


def _lists(usual: Items) -> Iterator[Tried]:
    item = usual.nodes[0] if usual.nodes else "null"
    yield from (Tried(f"{size} items", Items((item,) * size)) for size in _LIST_SIZES)
    if len(usual.nodes) > 1:
        yield Tried("items in another order", Items(usual.nodes[::-1]))
    yield Tried("an item of another type", Items((*usual.nodes, "null")))
    yield Tried("an item of another type", Items((*usual.nodes, '"x"')))
    if isinstance(item, str) and item.startswith('"'):
        texts = ("b", "a", "B", "a", "c")
        yield Tried("items to be sorted", Items(tuple(json.dumps(text) for text in texts)))
    elif isinstance(item, str):
        yield Tried("items to be sorted", Items(("10", "9", "2", "9", "-1")))


def dictionary_values(spot: Spot) -> Iterator[Tried]:
    """Yield the rows of the dictionary that are of the spot's type.

    Without a type those of the usual value.
    """
    once = _Once({render(spot.usual)})
    once.seen.update(render(each.node) for each in _first(spot))
    yield from once.of(_of_type(spot))


def _of_type(spot: Spot) -> Iterator[Tried]:
    kinds = types_of(spot.schema) or (_kind_of(spot.usual),)
    if {"integer", "number"} & set(kinds):
        yield from _entries(words.NUMBERS)
        yield from (Tried("a number as text", json.dumps(each.text)) for each in words.NUMBERS[:12])
    if "boolean" in kinds:
        yield from _entries(words.BOOLEANS)
    if "string" in kinds:
        yield from _near(spot.usual)
        if _is_about_time(spot):
            yield from _entries(words.TIMES)
            yield from _entries(words.DATES)
        yield from _entries(words.TEXTS)
        yield from _entries(words.FORMATS)


def _entries(entries: Iterable[words.Entry]) -> Iterator[Tried]:
    return (Tried(entry.group, entry.text) for entry in entries)


def _kind_of(node: Node) -> str:
    if isinstance(node, Members | Items):
        return "object" if isinstance(node, Members) else "array"
    if node.startswith('"'):
        return "string"
    return "boolean" if node in {"true", "false"} else "number"


def _is_about_time(spot: Spot) -> bool:
    declared = str(spot.schema.get("format", ""))
    if declared:
        return declared in {"date", "date-time", "time"}
    name = spot.name.lower()
    return any(word in name for word in _WORDS_OF_TIME)


def _near(usual: Node) -> Iterator[Tried]:
    """Yield what is like the usual text: other letters, spaces, ends."""
    text = value_of(usual) if isinstance(usual, str) and "${" not in usual else None
    if not isinstance(text, str) or not text:
        return
    near = {
        "in capitals": text.upper(),
        "in small letters": text.lower(),
        "a space before": f" {text}",
        "a space after": f"{text} ",
        "one character less": text[:-1],
        "one character more": f"{text}x",
        "with an accent": f"{text[:1]}\u0301{text[1:]}",
        "another first letter": f"z{text[1:]}",
        "with a plus sign": f"a+{text}",
        "twice": f"{text}{text}",
        "with dots": f"{text}.",
    }
    yield from (Tried(name, json.dumps(each, ensure_ascii=False)) for name, each in near.items())


def small_values(spot: Spot) -> Iterator[Tried]:
    """Yield the few values that pairs are made of."""
    kinds = types_of(spot.schema) or (_kind_of(spot.usual),)
    few: list[Any] = [value for _, value in bounds(spot.schema)][:4]
    if {"integer", "number"} & set(kinds):
        few += [0, 1]
    elif "boolean" in kinds:
        few += [True, False]
    elif "string" in kinds:
        few += ["", *spot.seen[:2]]
    elif "array" in kinds:
        few += [[]]
    yield from _Once({render(spot.usual)}).of(
        Tried("small", node_of(value)) for value in [*few, None]
    )


def as_parameter(node: Node) -> str:
    """Return a scalar as a parameter spells it, percent-encoded."""
    return in_target(sample_text(node))


def schema_below(schema: Schema, node: Node, index: int) -> Schema:
    """Return what a schema says of a child of a node."""
    if isinstance(node, Members):
        members = schema.get("properties")
        found = members.get(node.pairs[index][0]) if isinstance(members, Mapping) else None
    else:
        found = schema.get("items")
    return found if isinstance(found, Mapping) else NO_SCHEMA

"""JSON as it is sent: trees that keep the spelling of every scalar.

They also keep duplicate members and the order of members.

A scalar is its JSON text, so that `1.0` and `1e0` stay what they are.  A path is a tuple of
positions: the index of a member or of an item, from the root down.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from operator import itemgetter
from typing import Any, Final, TypeGuard

import msgspec
from msgspec import Struct
from msgspec.structs import replace


class JsonObject(Struct, frozen=True):
    """An object: names with their nodes, in order; a name may be there twice."""

    pairs: "tuple[tuple[str, Node], ...]"

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the members, in order."""
        return tuple(map(itemgetter(0), self.pairs))


class Items(Struct, frozen=True):
    """A list of nodes."""

    nodes: "tuple[Node, ...]"


Node = str | JsonObject | Items
"""A scalar as JSON text, an object, or a list."""
Path = tuple[int, ...]
_POSITION: Final = re.compile(r"\[[0-9]+\]")
MAX_DEPTH: Final = 40
"""Deeper trees are sent as they are and not taken apart: Python's own stack is the bound."""


def node_of(value: Any) -> Node:
    """Return a parsed JSON value as a node; numbers are written as Python writes them."""
    if isinstance(value, dict):
        return JsonObject(tuple((str(name), node_of(inner)) for name, inner in value.items()))
    if isinstance(value, list):
        return Items(tuple(map(node_of, value)))
    return _scalar(value)


class _Lexeme(str):
    """The text of a number."""

    __slots__ = ()


class _Pairs(dict[str, Any]):
    """An object that remembers members that are there twice."""

    pairs: list[tuple[str, Any]]


def parse(text: bytes | str) -> Node | None:
    """Return JSON text as a node with the spelling of its numbers.

    None for anything that is no JSON.
    """
    try:
        return _node_of_pairs(
            json.loads(
                text,
                parse_int=_Lexeme,
                parse_float=_Lexeme,
                parse_constant=_Lexeme,
                object_pairs_hook=_pairs,
            ),
            0,
        )
    except (ValueError, RecursionError):
        return None


def _pairs(pairs: list[tuple[str, Any]]) -> _Pairs:
    found = _Pairs()
    found.pairs = pairs
    return found


def _node_of_pairs(value: Any, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise ValueError("nested too deep")
    below = partial(_node_of_pairs, depth=depth + 1)
    if isinstance(value, _Pairs):
        return JsonObject(tuple((name, below(inner)) for name, inner in value.pairs))
    if isinstance(value, list):
        return Items(tuple(map(below, value)))
    return str(_scalar(value))


def _scalar(value: Any) -> str:
    return value if isinstance(value, _Lexeme) else json.dumps(value, ensure_ascii=False)


def render(node: Node) -> str:
    """Return a node as JSON text without spaces."""
    if isinstance(node, str):
        return node
    if isinstance(node, JsonObject):
        members = [
            f"{json.dumps(name, ensure_ascii=False)}:{render(inner)}" for name, inner in node.pairs
        ]
        return "{" + ",".join(members) + "}"
    return "[" + ",".join(map(render, node.nodes)) + "]"


def value_of(node: Node) -> Any:
    """Return what a node means, as far as Python can hold it; None for what cannot be decoded."""
    try:
        return msgspec.json.decode(render(node))
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return None


def is_literal_text(node: Node) -> TypeGuard[str]:
    """Return whether a node is a text that is sent as it stands, without a name in it."""
    return isinstance(node, str) and node.startswith('"') and "${" not in node


def children(node: Node) -> "tuple[Node, ...]":
    """Return the nodes directly below a node."""
    if isinstance(node, JsonObject):
        return tuple(map(itemgetter(1), node.pairs))
    return node.nodes if isinstance(node, Items) else ()


def paths(node: Node, at: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Yield every node below and with a node, the root first, with its path."""
    yield at, node
    for index, inner in enumerate(children(node)):
        yield from paths(inner, (*at, index))


def scalars(node: Node) -> Iterator[tuple[Path, str]]:
    """Yield every scalar below and with a node, with its path."""
    for path, inner in paths(node):
        if isinstance(inner, str):
            yield path, inner


def literal_texts(node: Node) -> Iterator[tuple[Path, str]]:
    """Yield every text below and with a node that is sent as it stands, with its path."""
    for path, scalar in scalars(node):
        if is_literal_text(scalar):
            yield path, scalar


def objects(node: Node | None) -> Iterator[JsonObject]:
    """Yield every object below and with a node; none where there is no node."""
    every = map(itemgetter(1), paths(node or "null"))
    return filter(_is_object, every)


def _is_object(node: Node) -> TypeGuard[JsonObject]:
    return isinstance(node, JsonObject)


def at_path(node: Node, path: Path) -> Node:
    """Return the node at a path."""
    for index in path:
        node = children(node)[index]
    return node


def member_name(node: Node, path: Path) -> str:
    """Return the name of the member at a path; empty for an item of a list, and for the root."""
    if not path:
        return ""
    *above, at = path
    parent = at_path(node, tuple(above))
    if not isinstance(parent, JsonObject):
        return ""
    name, _ = parent.pairs[at]
    return name


def with_node(node: Node, path: Path, new: Node) -> Node:
    """Return a tree with another node at a path."""
    if not path:
        return new
    head, tail = path[0], path[1:]
    if isinstance(node, JsonObject):
        name, inner = node.pairs[head]
        changed = (name, with_node(inner, tail, new))
        return JsonObject((*node.pairs[:head], changed, *node.pairs[head + 1 :]))
    assert isinstance(node, Items)  # noqa: S101 - a path leads through objects and lists only
    return Items(
        (*node.nodes[:head], with_node(node.nodes[head], tail, new), *node.nodes[head + 1 :])
    )


def with_scalars(node: Node, change: Callable[[str], Node]) -> Node:
    """Return a tree in which each scalar is changed."""
    if isinstance(node, str):
        return change(node)
    below = partial(with_scalars, change=change)
    if isinstance(node, Items):
        return Items(tuple(map(below, node.nodes)))
    return JsonObject(tuple((name, below(inner)) for name, inner in node.pairs))


def without(node: Node, path: Path) -> Node:
    """Return a tree without the member or the item at a path, which is not the root."""
    parent = at_path(node, path[:-1])
    at = path[-1]
    if isinstance(parent, JsonObject):
        smaller: Node = JsonObject((*parent.pairs[:at], *parent.pairs[at + 1 :]))
    else:
        assert isinstance(parent, Items)  # noqa: S101 - a path leads through objects and lists only
        smaller = Items((*parent.nodes[:at], *parent.nodes[at + 1 :]))
    return with_node(node, path[:-1], smaller)


def with_member(node: JsonObject, name: str, inner: Node) -> JsonObject:
    """Return an object with one more member at its end, whatever it has already."""
    return replace(node, pairs=(*node.pairs, (name, inner)))


def shown_path(node: Node, path: Path) -> str:
    """Return a path as people write it: `$.items[0].sku`."""
    segments = ["$"]
    for index in path:
        segments.append(
            f".{node.pairs[index][0]}" if isinstance(node, JsonObject) else f"[{index}]"
        )
        node = children(node)[index]
    return "".join(segments)


def general_path(node: Node, path: Path) -> str:
    """Return a path as people write it, at any position of a list: `$.items[].sku`."""
    return _POSITION.sub("[]", shown_path(node, path))


def text_node(text: str) -> str:
    """Return a text as a JSON scalar."""
    return json.dumps(text, ensure_ascii=False)

"""JSON trees that keep what is sent: spelling of scalars, order of members, duplicate members.

A scalar is its JSON text, so that `1.0` and `1e0` stay different. A path is a tuple of indexes from
the root: of a member within its object, or of an element within its list.
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
    """An object: names with their nodes, in order; a name may be repeated."""

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
"""Greatest depth of a parsed tree, limited by Python's call stack: a deeper body stays bytes."""


def node_of(value: Any) -> Node:
    """Return a parsed JSON value as a node; numbers are written as Python writes them."""
    if isinstance(value, dict):
        return JsonObject(tuple((str(name), node_of(inner)) for name, inner in value.items()))
    if isinstance(value, list):
        return Items(tuple(map(node_of, value)))
    return _scalar(value)


class _Lexeme(str):
    """A number in the spelling of the JSON text."""

    __slots__ = ()


class _Pairs(dict[str, Any]):
    """An object that keeps its members as pairs, so that repeated names are kept."""

    pairs: list[tuple[str, Any]]


def parse(text: bytes | str) -> Node | None:
    """Return JSON text as a node that keeps the spelling of numbers.

    None for text that is not JSON, or is nested deeper than MAX_DEPTH.
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
    """Return the Python value of a node; None for a node that cannot be decoded."""
    try:
        return msgspec.json.decode(render(node))
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return None


def is_literal_text(node: Node) -> TypeGuard[str]:
    """Return whether a node is a text without a placeholder."""
    return isinstance(node, str) and node.startswith('"') and "${" not in node


def children(node: Node) -> "tuple[Node, ...]":
    """Return the nodes directly below a node: values of members, or elements."""
    if isinstance(node, JsonObject):
        return tuple(map(itemgetter(1), node.pairs))
    return node.nodes if isinstance(node, Items) else ()


def paths(node: Node, at: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Yield a node and every node below it with their paths, the root first."""
    yield at, node
    for index, inner in enumerate(children(node)):
        yield from paths(inner, (*at, index))


def scalars(node: Node) -> Iterator[tuple[Path, str]]:
    """Yield every scalar of a tree with its path."""
    for path, inner in paths(node):
        if isinstance(inner, str):
            yield path, inner


def literal_texts(node: Node) -> Iterator[tuple[Path, str]]:
    """Yield every text of a tree that has no placeholder, with its path."""
    for path, scalar in scalars(node):
        if is_literal_text(scalar):
            yield path, scalar


def objects(node: Node | None) -> Iterator[JsonObject]:
    """Yield every object of a tree; nothing for None."""
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
    """Return the name of the member at a path; empty for an element of a list and for the root."""
    if not path:
        return ""
    *above, at = path
    parent = at_path(node, tuple(above))
    if not isinstance(parent, JsonObject):
        return ""
    name, _ = parent.pairs[at]
    return name


def with_node(node: Node, path: Path, new: Node) -> Node:
    """Return the tree with another node at a path."""
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
    """Return the tree with `change` applied to each scalar."""
    if isinstance(node, str):
        return change(node)
    below = partial(with_scalars, change=change)
    if isinstance(node, Items):
        return Items(tuple(map(below, node.nodes)))
    return JsonObject(tuple((name, below(inner)) for name, inner in node.pairs))


def without(node: Node, path: Path) -> Node:
    """Return the tree without the member or element at a path, which is not the root."""
    parent = at_path(node, path[:-1])
    at = path[-1]
    if isinstance(parent, JsonObject):
        smaller: Node = JsonObject((*parent.pairs[:at], *parent.pairs[at + 1 :]))
    else:
        assert isinstance(parent, Items)  # noqa: S101 - a path leads through objects and lists only
        smaller = Items((*parent.nodes[:at], *parent.nodes[at + 1 :]))
    return with_node(node, path[:-1], smaller)


def with_member(node: JsonObject, name: str, inner: Node) -> JsonObject:
    """Return the object with one more member at its end, also if the name exists already."""
    return replace(node, pairs=(*node.pairs, (name, inner)))


def path_text(node: Node, path: Path) -> str:
    """Return a path as text: `$.items[0].sku`."""
    segments = ["$"]
    for index in path:
        segments.append(
            f".{node.pairs[index][0]}" if isinstance(node, JsonObject) else f"[{index}]"
        )
        node = children(node)[index]
    return "".join(segments)


def general_path(node: Node, path: Path) -> str:
    """Return a path as text without list positions: `$.items[].sku`."""
    return _POSITION.sub("[]", path_text(node, path))


def text_node(text: str) -> str:
    """Return a text as a JSON scalar."""
    return json.dumps(text, ensure_ascii=False)

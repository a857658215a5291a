"""The nodes of a YAML document, each with its place, and functions that read them."""

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as MappingOf
from typing import Final, Literal, TypeVar

import msgspec

from conformance.errors import Place

# People write suites: larger files are data, and `file:` reads those
MAX_FILE_BYTES: Final = 1 << 20
# Each level is a call on Python's own stack; files that people write are far below
MAX_DEPTH: Final = 32
# Aliases repeat nodes, so that a short file could stand for millions
MAX_NODES: Final = 100_000
# A message has to stay one line
MAX_SHOWN: Final = 60

ScalarKind = Literal["null", "boolean", "integer", "number", "string"]
_NULL: Final[ScalarKind] = "null"
_BOOLEAN: Final[ScalarKind] = "boolean"
_WORDS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), _NULL),
    **dict.fromkeys(("true", "True", "TRUE", "false", "False", "FALSE"), _BOOLEAN),
}
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """A leaf: its kind by the YAML 1.2 core schema and its text as written."""

    place: Place
    kind: ScalarKind
    text: str


class Sequence(msgspec.Struct, frozen=True, gc=False):
    """A list of nodes."""

    place: Place
    items: "tuple[Node, ...]"


class Member(msgspec.Struct, frozen=True, gc=False):
    """One entry of a mapping, with the place of its key."""

    key_place: Place
    node: "Node"


class Mapping(msgspec.Struct, frozen=True, gc=False):
    """An ordered mapping from strings to nodes; `nodes` holds the nodes of the members, by name."""

    place: Place
    members: dict[str, Member]
    nodes: dict[str, "Node"] = {}

    def __post_init__(self) -> None:
        nodes = {name: member.node for name, member in self.members.items()}
        msgspec.structs.force_setattr(self, "nodes", nodes)


Node = Scalar | Sequence | Mapping
_Read = TypeVar("_Read")


def describe(node: Node) -> str:
    """Return the name of a node for messages: `a list`, `an object`, `string 'x'`."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "an object"
    if node.kind == "null":
        return "null"
    return f"{node.kind} {shown(node.text)}"


def shown(written: str) -> str:
    """Return a text quoted for a message: on one line, and cut if it is long."""
    if len(written) <= MAX_SHOWN:
        return repr(written)
    return repr(written[:MAX_SHOWN] + "…")


def kind_of(node: Node) -> ScalarKind | Literal["list", "object"]:
    """Return the kind of a scalar, or "list" or "object"."""
    if isinstance(node, Scalar):
        return node.kind
    return "list" if isinstance(node, Sequence) else "object"


def members(node: Node | None) -> dict[str, Node]:
    """Return the members of a mapping by name, to be read only; empty for any other node."""
    return node.nodes if isinstance(node, Mapping) else {}


def items(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a sequence; empty for any other node."""
    return node.items if isinstance(node, Sequence) else ()


def one_or_many(node: Node) -> tuple[Node, ...]:
    """Return the items of a list; of anything else, and of an empty list, the node itself."""
    return items(node) or (node,)


def each_value(entries: Iterable[tuple[str, Node]]) -> Iterator[tuple[str, Node]]:
    """Yield pairs of name and value; a name with a list of values has a pair for each."""
    for name, value in entries:
        for item in one_or_many(value):
            yield name, item


def if_given(
    given: MappingOf[str, Node], field: str, read: Callable[[Node], _Read]
) -> _Read | None:
    """Return the value that `read` makes of a field, or None if the field is not given."""
    node = given.get(field)
    if node is None:
        return None
    return read(node)


def is_true(node: "Node | None") -> bool:
    """Return whether a node is given and is true."""
    if node is None or kind_of(node) != "boolean":
        return False
    return text(node).lower() == "true"


def text(node: Node | None) -> str:
    """Return the text of a scalar as written; empty for any other node."""
    return node.text if isinstance(node, Scalar) else ""


def whole(node: Node) -> int:
    """Return the integer of a scalar."""
    return int(text(node))


def plain_kind(written: str) -> ScalarKind:
    """Return the kind of a plain scalar.

    Numbers with leading zeros are strings, because they are identifiers and not amounts.
    """
    if written in _WORDS:
        return _WORDS[written]
    if _LEADING_ZERO.match(written):
        return "string"
    if _INTEGER.match(written):
        return "integer"
    if _NUMBER.match(written):
        return "number"
    return "string"

"""What defines a kind of body: how it is recognised, read, and laid out beside another one.

`read` leaves out what has no meaning in a kind, such as a boundary, a comment or a prefix.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.label import Label
from conformance.model.json_path import JsonPath


def _as_they_are(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two bodies unchanged: most kinds need no common layout."""
    return a, b


Record = tuple[bytes, int]
"""A record of a stream as it was sent, and the index in the stream at which it ends."""


class RecordStream(Struct, frozen=True, kw_only=True):
    """How to read a body of records without holding all of them.

    `text_of` returns the bytes in which `records` finds the records one by one; `between` separates
    two of them.  `json_of` returns the JSON object or list of a record, or None if the record has
    more than that, or may affect how others are read.  `read` reads such bytes as a body.
    """

    text_of: Callable[[bytes], bytes]
    records: Callable[[bytes], Iterator[Record]]
    between: bytes
    json_of: Callable[[bytes], bytes | None]
    read: Callable[[bytes, Label], Body]


class BodyKind(Struct, frozen=True, kw_only=True):
    """A kind of body.

    `name` is its name in reports, `declared_as` the one in a suite (`body: json`).
    `recognises` returns whether a label means this kind.  `read` returns the body, or raises
    UnreadableBodyError.  `in_one_layout` brings two bodies of the kind into one layout.

    `has_idioms` says whether to look for idioms of programming languages.  `may_be_empty` says that
    an empty body is one of this kind without content.  `begins` returns whether an unreadable body
    begins like this kind: then it counts as malformed.  `stream` says how to read a long list of
    records, if the kind is one.  `types_at` is the path at which its elements name their type.
    """

    name: str
    declared_as: str
    recognises: Callable[[Label], bool]
    read: Callable[[bytes, Label], Body]
    in_one_layout: Callable[[Body, Body], tuple[Body, Body]] = _as_they_are
    has_idioms: bool = False
    may_be_empty: bool = False
    begins: Callable[[bytes], bool] = lambda _: False
    stream: RecordStream | None = None
    types_at: JsonPath | None = None

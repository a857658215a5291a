"""A body kind: how it is recognised and read, and how two of it are laid out side by side.

What is noise in a kind (a boundary, a comment, a prefix) is left out by its `read`.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.label import Label
from conformance.model.json_path import JsonPath


def _as_they_are(a: Body, b: Body) -> tuple[Body, Body]:
    return a, b


Record = tuple[bytes, int]
"""A record of a stream as it was sent, and the index in the stream at which it ends."""


class RecordStream(Struct, frozen=True, kw_only=True):
    """How a body of records is read without holding all of them.

    `text_of` gives the bytes in which `records` finds one after the other, `between` what stands
    between two.  `json_of` gives the JSON object or list that a record holds, None for a record
    that says more than this or where it may say something of the others.  `read` reads such bytes.
    """

    text_of: Callable[[bytes], bytes]
    records: Callable[[bytes], Iterator[Record]]
    between: bytes
    json_of: Callable[[bytes], bytes | None]
    read: Callable[[bytes, Label], Body]


class BodyKind(Struct, frozen=True, kw_only=True):
    """A kind of body.

    `name` is its name in reports, `word` the one by which a suite declares it (`body: json`).
    `recognises` says whether a label is about this kind.  `read` returns the body, or raises
    UnreadableBodyError.  `beside` returns two bodies of the kind in one layout.  `has_idioms` tells
    that the idioms of programming languages are looked for in it.  `may_be_empty` tells that an
    empty body is one of the kind, which holds nothing.  `begins` says whether a body that cannot be
    read begins as one of the kind: then it is malformed, or cut off.  `stream` is how a long one
    is read, if it is a list of records.  `types_at` is where its elements name their type.
    """

    name: str
    word: str
    recognises: Callable[[Label], bool]
    read: Callable[[bytes, Label], Body]
    beside: Callable[[Body, Body], tuple[Body, Body]] = _as_they_are
    has_idioms: bool = False
    may_be_empty: bool = False
    begins: Callable[[bytes], bool] = lambda _: False
    stream: RecordStream | None = None
    types_at: JsonPath | None = None

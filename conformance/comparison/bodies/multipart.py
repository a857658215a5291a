"""Read bodies of several parts (RFC 2046): forms with files, byte ranges, and mixed parts.

The boundary is no difference.  Parts of a form are identified by name, others by their order;
ranges are a list in the order of their bytes.  Each part is an object: `body`, read as its own
kind, and `type`, `charset`, `filename`, `disposition` and `headers` if it has them.  Readers skip
text before the first boundary and after the last one: it becomes a note.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, filterfalse, repeat
from operator import attrgetter, is_not
from typing import Final
from urllib.parse import unquote

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body, BodyPart, UnreadableBodyError
from conformance.comparison.bodies.content_range import CONTENT_RANGE, read_range
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.kind_names import MULTIPART, TEXT
from conformance.comparison.bodies.label import BLANKS, Label, read_label
from conformance.comparison.bodies.text import read_any
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import grouped, without
from conformance.model.json_path import ANY_ELEMENT, JsonPath

_MAX_PARTS: Final = 10_000
"""A body with more parts is not read."""
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n|\A\r?\n")
"""The empty line between the header fields of a part and its body."""
_PARTS: Final = "parts"
_BODY: Final = "body"
_WHOLE: Final = ""
"""The first step of a path here, so that the path of a whole body also has one."""
_DIGEST: Final = "sha256"
"""The member with the digest of a binary part."""
_MAX_NESTED: Final = 20
"""The deepest nesting of parts that is read, far more than mail programs write: each level reads
all bytes below it again.
"""
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
AROUND_PARTS: Final = "text-around-parts"
"""The note on text before the first boundary or after the last one."""
UNENDED_PARTS: Final = "unended-parts"
"""The note on a body without a boundary or without a last one."""
_COMPLETE_LENGTH: Final = "complete_length"
_FORM_DATA: Final = "form-data"
_TYPE: Final = "type"
_CHARSET: Final = "charset"
_FILENAME: Final = "filename"
_EXTENDED: Final = "filename*"
"""The parameter with a file name in another charset (RFC 6266, section 4.3)."""
_OF_A_CHARSET: Final = re.compile(r"(utf-8|iso-8859-1)'[\w-]*'(.+)", re.IGNORECASE)
"""An extended parameter: charset (of those that all readers know), language and value."""
_READ_APART: Final = frozenset(
    {"content-type", "content-disposition", CONTENT_RANGE, "content-length"}
)
"""Fields of a part that have a member of their own, identify the part, or follow from its body."""

_READ_PARAMETERS: Final = frozenset({"charset", _FILENAME, "name", "boundary"})
"""Parameters that have a member of their own, identify the part, or only separate its parts."""

ReadPart = Callable[[bytes, Label, int], Body]
"""Reads a part of a body; the number says in how many other parts it is."""
InOneLayout = Callable[[Body, Body], tuple[Body, Body]]
"""Brings two bodies into one layout."""


def multipart_kind(read_part: ReadPart, parts_in_one_layout: InOneLayout) -> BodyKind:
    """Return the multipart kind, given functions that read parts and lay out pairs of them."""
    return BodyKind(
        name=MULTIPART,
        declared_as="multipart",
        recognises=lambda label: label.media.startswith("multipart/"),
        read=lambda raw, label: read_parts(raw, label, read_part, 0),
        in_one_layout=lambda a, b: parts_beside(a, b, parts_in_one_layout),
        has_idioms=True,
        begins=lambda raw: raw.lstrip(b"\r\n").startswith(b"--"),
    )


def read_parts(raw: bytes, label: Label, read_part: ReadPart, depth: int) -> Body:
    """Read a multipart body that is inside `depth` other parts."""
    if depth > _MAX_NESTED:
        raise UnreadableBodyError(f"parts in more than {_MAX_NESTED} others")
    boundary = label.parameters.get("boundary") or _first_boundary(raw)
    if not boundary:
        raise UnreadableBodyError("a body of parts without a boundary", UNENDED_PARTS)
    pieces, around = _split(raw, boundary.encode("latin-1", "replace"))
    parts = list(map(_part, pieces, repeat(read_part), repeat(depth + 1)))
    notes = set(chain.from_iterable(map(attrgetter("body.notes"), parts)))
    if around.strip():
        notes.add(AROUND_PARTS)
    return Body(
        kind=MULTIPART,
        raw=raw,
        value=_by_name(parts),
        structured=True,
        notes=tuple(sorted(notes)),
        parts=tuple(parts),
    )


def parts_beside(a: Body, b: Body, parts_in_one_layout: InOneLayout) -> tuple[Body, Body]:
    """Return two multipart bodies with the parts of the same name, or index, laid out alike."""
    known, others = _known(a.parts), _known(b.parts)
    for place in known.keys() & others.keys():
        part, other = known[place], others[place]
        first, second = _bodies_in_one_layout(part.body, other.body, parts_in_one_layout)
        part, other = replace(part, body=first), replace(other, body=second)
        known[place], others[place] = _same_field(part, other)
    return _of_parts(a, known), _of_parts(b, others)


def _bodies_in_one_layout(a: Body, b: Body, parts_in_one_layout: InOneLayout) -> tuple[Body, Body]:
    """Return the bodies of two parts that belong together, in one layout."""
    if a.raw == b.raw:  # With different types, equal bytes differ only in the type
        return a, a
    return parts_in_one_layout(a, b)


def _same_field(part: BodyPart, other: BodyPart) -> tuple[BodyPart, BodyPart]:
    """Return two parts without `charset` if only one has a type, as both are one field."""
    if (_TYPE in part.members) == (_TYPE in other.members):
        return part, other
    first, second = map(without, (part.members, other.members), repeat({_CHARSET}))
    return replace(part, members=first), replace(other, members=second)


def parts_without_structure(a: Body, b: Body) -> Iterator[tuple[Body, Body]]:
    """Yield the bodies of parts, at any depth, that belong together and have no structure."""
    known, others = _known(a.parts), _known(b.parts)
    for place in known.keys() & others.keys():
        part, other = known[place].body, others[place].body
        if not (part.structured or other.structured):
            yield part, other
        yield from parts_without_structure(part, other)


def bytes_at(body: Body, path: JsonPath) -> list[bytes]:
    """Return the bytes of the parts whose body, or digest of it, is at a path of a multipart body.

    If the path covers several parts, the bytes of each are returned.
    """
    *holders, member = (_WHOLE, *filter(partial(is_not, ANY_ELEMENT), path))
    parts: Iterable[BodyPart] = body.parts
    if member == _DIGEST:
        member = holders.pop()
        parts = filterfalse(attrgetter("body.structured"), parts)
    if member != _BODY:
        return []
    if holders != [_WHOLE, _PARTS]:
        parts = [part for part in parts if holders == [_WHOLE, part.name]]
    return list(map(attrgetter("body.raw"), parts))


def _known(parts: Sequence[BodyPart]) -> dict[tuple[str, int], BodyPart]:
    """Return parts by name and number of earlier parts with it; by index if any has no name."""
    names = list(map(attrgetter("name"), parts))
    if not all(names):
        return {("", at): part for at, part in enumerate(parts)}
    times: Counter[str] = Counter()
    found: dict[tuple[str, int], BodyPart] = {}
    for part in parts:
        found[part.name, times[part.name]] = part
        times[part.name] += 1
    return found


def placed(parts: Sequence[BodyPart]) -> Iterator[tuple[JsonPath, BodyPart]]:
    """Yield each part with the path of its body in the value of all parts, with its indexes."""
    are_ranges = any(map(attrgetter("is_range"), parts))
    times = Counter(map(attrgetter("name"), parts))
    if are_ranges or "" in times:
        in_order = sorted(parts, key=_numbers_in_name) if are_ranges else parts
        yield from (((_PARTS, at, _BODY), part) for at, part in enumerate(in_order))
        return
    for (name, at), part in _known(parts).items():
        yield ((name, at, _BODY) if times[name] > 1 else (name, _BODY)), part


def _of_parts(body: Body, parts: Mapping[tuple[str, int], BodyPart]) -> Body:
    """Return a multipart body with other parts."""
    laid_out = tuple(parts.values())
    return replace(body, value=_by_name(laid_out), parts=laid_out)


def _first_boundary(raw: bytes) -> str:
    """Return the boundary with which a body begins, if its label names none."""
    line = raw.lstrip().partition(b"\n")[0].rstrip()
    if not line.startswith(b"--"):
        return ""
    return line.removeprefix(b"--").decode("latin-1")


def _split(raw: bytes, boundary: bytes) -> tuple[list[bytes], bytes]:
    """Return the parts between boundaries, and the text before the first and after the last."""
    text, parts = b"\n" + raw, list[bytes]()
    delimiter = re.compile(rb"\r?\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    start = 0
    for found in delimiter.finditer(text):
        parts.append(text[start : found.start()])
        if len(parts) > _MAX_PARTS + 1:
            raise UnreadableBodyError(f"more than {_MAX_PARTS} parts")
        start = found.end()
        is_end = found[1] is not None
        if is_end:
            before, *between = parts
            return between, before + text[start:]
    raise UnreadableBodyError("a body of parts that has no end", UNENDED_PARTS)


def _part(raw: bytes, read_part: ReadPart, depth: int) -> BodyPart:
    """Read a part: its header fields, and its body as its own kind."""
    head, *rest = _HEAD_END.split(raw, maxsplit=1)
    content = b"".join(rest)
    fields = dict(_fields(head))
    label = read_label(fields.get("content-type", ""))
    disposition = read_label(fields.get("content-disposition", ""))
    of_whole = read_range(fields.get(CONTENT_RANGE))
    is_fragment = of_whole.is_fragment
    body = read_any(content, label) if is_fragment else read_part(content, label, depth)
    filename, others = _filename(disposition.parameters)
    members: dict[str, Json] = {
        _TYPE: label.media,
        _CHARSET: label.charset,
        "filename": filename,
        "disposition": disposition.media if disposition.media != _FORM_DATA else "",
        _COMPLETE_LENGTH: of_whole.complete_length,
        "parameters": without(label.parameters, _READ_PARAMETERS) | others,
        "headers": without(fields, _READ_APART),
    }
    name = of_whole.name or disposition.parameters.get("name", "")
    sent = {member: value for member, value in members.items() if value}
    return BodyPart(name, sent, body, is_range=bool(of_whole.name))


def _filename(parameters: Mapping[str, str]) -> tuple[str, dict[str, Json]]:
    """Return a file's name, and the parameters that have no member of their own.

    Readers prefer the name in `filename*` (RFC 6266, section 4.3); a different `filename` beside it
    becomes such a parameter.
    """
    plain = parameters.get(_FILENAME, "")
    others = without(parameters, _READ_PARAMETERS)
    extended = _decoded(parameters.get(_EXTENDED, ""))
    if extended is None:
        return plain, others
    del others[_EXTENDED]
    has_another = plain not in {"", extended}
    if has_another:
        others[_FILENAME] = plain
    return extended, others


def _decoded(extended: str) -> str | None:
    """Return an extended parameter (RFC 8187) decoded, or None if that is not possible."""
    written = _OF_A_CHARSET.fullmatch(extended)
    if written is None:
        return None
    try:
        return unquote(written[2], written[1], "strict")
    except UnicodeDecodeError:
        return None


def _fields(head: bytes) -> Iterator[tuple[str, str]]:
    """Yield the name, in lower case, and the value of each header field of a part."""
    for line in head.decode("utf-8", "surrogateescape").replace("\r\n", "\n").split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip(BLANKS).lower(), value.strip(BLANKS)


def _content(body: Body) -> Json:
    """Return a part's body: its value, its text, or the size and digest of its bytes."""
    if body.structured:
        return body.value
    if body.kind == TEXT or not body.raw:
        return body.text
    return {"bytes": len(body.raw), _DIGEST: hashlib.sha256(body.raw).hexdigest()}


def _by_name(parts: Sequence[BodyPart]) -> Json:
    """Return the parts as a value: by name, with a list for a name that occurs several times.

    They are in order instead if any part has no name, and by range if they are byte ranges.
    """
    if any(map(attrgetter("is_range"), parts)):
        return _by_range(list(map(_named, sorted(parts, key=_numbers_in_name))))
    named = list(map(_named, parts))
    if not all(map(attrgetter("name"), parts)):
        return {_PARTS: _with_names(named)}
    return {name: _one_or_all(same) for name, same in grouped(named).items()}


def _named(part: BodyPart) -> tuple[str, dict[str, Json]]:
    """Return a part as a value, with its name."""
    return part.name, {**part.members, _BODY: _content(part.body)}


def _one_or_all(same: list[Json]) -> Json:
    """Return the only part with a name, or the list of all."""
    return same[0] if len(same) == 1 else same


def _by_range(in_order: Sequence[tuple[str, dict[str, Json]]]) -> Json:
    """Return ranges in the order of their bytes, with the length of the whole only once."""
    lengths = sorted({part.pop(_COMPLETE_LENGTH, "") for _, part in in_order} - {""})
    of_all: dict[str, Json] = {_COMPLETE_LENGTH: ", ".join(lengths)} if lengths else {}
    return of_all | {_PARTS: _with_names(in_order)}


def _numbers_in_name(part: BodyPart) -> list[int]:
    """Return the numbers in the name of a range, to sort by."""
    return list(map(int, _NUMBER.findall(part.name)))


def _with_names(named: Iterable[tuple[str, dict[str, Json]]]) -> list[Json]:
    """Return the parts as a list, each with its name if it has one."""
    found: list[Json] = []
    for name, part in named:
        own_name = {"name": name} if name else {}
        found.append(own_name | part)
    return found

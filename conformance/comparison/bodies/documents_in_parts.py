"""Take the documents out of two multipart bodies, so that each pair is compared as bodies are.

A document stays in its body where it is not certain which one of the other body belongs to it: in
lists of different lengths, of the same parts in another order, or if only the shape is compared.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from itertools import compress
from operator import attrgetter, eq, getitem
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.bodies.body import Body, BodyPart
from conformance.comparison.bodies.kind_names import TEXT
from conformance.comparison.bodies.multipart import placed
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import ANY_ELEMENT, JsonPath

_TYPE: Final = "type"
_AROUND_BODIES: Final = 3
"""The objects and lists around the body of a part: all parts, those of one name, and the part."""
IsWhole = Callable[[JsonPath], bool]
"""Returns whether a rule is about a document as a whole, or about what it stands in."""


class DocumentPair(Struct, frozen=True):
    """Two documents that belong together: their path, with the index in the list around them."""

    at: JsonPath
    a: Body
    b: Body

    @property
    def path(self) -> JsonPath:
        """Return the path with `[*]` for an index."""
        return _general(self.at)

    @property
    def indexes(self) -> tuple[int, ...]:
        """Return the index in the list around the documents; empty if there is no list."""
        return tuple(step for step in self.at if isinstance(step, int))


def documents_beside(
    a: Body, b: Body, is_whole: IsWhole, *, in_lists: bool
) -> Sequence[DocumentPair]:
    """Return the documents of two multipart bodies that can be compared apart.

    `in_lists` says whether documents in lists are paired too.
    """
    parts, others = dict(placed(a.parts)), dict(placed(b.parts))
    lists, other_lists = _lists(parts), _lists(others)
    found: list[DocumentPair] = []
    for at in filter(others.__contains__, parts):
        around = _list_around(at)
        is_paired = not around or _are_by_index(lists[around], other_lists[around])
        may_pair = is_paired and (in_lists or not around)
        if not may_pair or not _are_documents(parts[at], others[at]) or is_whole(_general(at)):
            continue
        with suppress(LookupError, TypeError):  # A name that is spelled otherwise has another path
            of_a, of_b = _document(a, at, parts[at].body), _document(b, at, others[at].body)
            found.append(DocumentPair(at, of_a, of_b))
    return found


def parts_at(body: Body, path: JsonPath) -> Iterator[BodyPart]:
    """Yield the parts of a body, at any depth, whose bodies are at a path."""
    for at, part in placed(body.parts):
        around = _general(at)
        if around == path:
            yield part
        elif path[: len(around)] == around:
            yield from parts_at(part.body, path[len(around) :])


def without_documents(body: Body, documents: Sequence[DocumentPair]) -> Body:
    """Return a multipart body with the kind of the first document in place of each pair."""
    if not documents:
        return body
    sent = body.sent and replace(body.sent, value=_without(body.sent.value, documents))
    return replace(body, value=_without(body.value, documents), sent=sent)


def _without(value: Json, documents: Sequence[DocumentPair]) -> Json:
    copy = _copied(value, _AROUND_BODIES)
    for each in documents:
        *above, last = each.at
        reduce(getitem, above, copy)[last] = each.a.kind
    return copy


def _copied(value: Json, levels: int) -> Json:
    """Return a value with copies of its upper levels of objects and lists."""
    if not levels:
        return value
    if isinstance(value, dict):
        return {name: _copied(member, levels - 1) for name, member in value.items()}
    if isinstance(value, list):
        return [_copied(element, levels - 1) for element in value]
    return value


def _general(at: JsonPath) -> JsonPath:
    """Return a path with `[*]` for each index."""
    return tuple(ANY_ELEMENT if isinstance(step, int) else step for step in at)


def _list_around(at: JsonPath) -> JsonPath:
    """Return the path of the list in which the part of a body is; empty if it is in none."""
    *around, step, _ = at
    return tuple(around) if isinstance(step, int) else ()


def _lists(parts: Mapping[JsonPath, BodyPart]) -> Mapping[JsonPath, Sequence[Body]]:
    """Return the bodies in each list of parts."""
    found: defaultdict[JsonPath, list[Body]] = defaultdict(list)
    for at, part in parts.items():
        found[_list_around(at)].append(part.body)
    return found


def _are_by_index(bodies: Sequence[Body], others: Sequence[Body]) -> bool:
    """Return whether the elements of two lists belong together by their index.

    They do not if one is at another index in the other list, or if the kinds are in another order.
    """
    if len(bodies) != len(others) or _have_other_order(bodies, others):
        return False
    raws, other_raws = (list(map(attrgetter("raw"), side)) for side in (bodies, others))
    moved = Counter(raws) & Counter(other_raws)
    moved.subtract(compress(raws, map(eq, raws, other_raws)))
    return not any(moved.values())


def _have_other_order(bodies: Sequence[Body], others: Sequence[Body]) -> bool:
    """Return whether two lists have bodies of the same kinds in another order."""
    kinds, other_kinds = (list(map(attrgetter("kind"), side)) for side in (bodies, others))
    return kinds != other_kinds and sorted(kinds) == sorted(other_kinds)


def _are_documents(part: BodyPart, other: BodyPart) -> bool:
    """Return whether the bodies of two parts are different documents, or of two kinds.

    Beside a part without a type, a text is the value of a field, which may be written as JSON.
    """
    first, second = part.body, other.body
    if first.raw == second.raw or b"" in (first.raw, second.raw):
        return False
    have_types = _TYPE in {*part.members, *other.members}
    if first.kind == second.kind:
        is_whole_text = first.kind == TEXT and not part.is_range
        return first.structured or (is_whole_text and have_types)
    return have_types


def _document(whole: Body, at: JsonPath, body: Body) -> Body:
    """Return the body of a part with its value as it is in the whole, in which ids are alike."""
    if not body.structured:
        return body
    path, value = _general(at), reduce(getitem, at, whole.value)
    sent = body.sent
    if whole.sent is not None and value is not body.value:
        sent = replace(body, value=reduce(getitem, at, whole.sent.value))
    tokens = frozenset(_below(path, whole.tokens))
    return replace(body, value=value, sent=sent, tokens=tokens)


def _below(path: JsonPath, places: Iterable[JsonPath]) -> Iterator[JsonPath]:
    """Yield the places at or below a path, as paths from there."""
    for place in places:
        if place[: len(path)] == path:
            yield place[len(path) :]

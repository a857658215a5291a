"""Where two columns differ, as sent: the pairs of values that a difference was seen in."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import partial
from itertools import compress, count
from operator import and_, is_not, itemgetter, ne, not_
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.difference import EXTRA, Occurrence, Verbatim
from conformance.comparison.idioms.claim import NamePair
from conformance.comparison.rules.alignment import Identity
from conformance.comparison.rules.list_partners import Pairings
from conformance.comparison.values.columns import CONTAINERS, Column, objects_of
from conformance.comparison.values.json_encoding import canonical, compact
from conformance.comparison.values.lossless_json import Json, kind_of
from conformance.comparison.values.mapping import mapped
from conformance.comparison.values.node import Node
from conformance.comparison.values.objects import have_member, picked, positions_of
from conformance.comparison.values.partners import Partners
from conformance.comparison.values.presence import Gone
from conformance.comparison.values.side import MISSING
from conformance.wording import plural

_NOTHING: Final[tuple[Json, ...]] = (None, {})
_Show = Callable[[Json, Json], bool]
"""Says whether two values show a difference."""


def at_positions(node: Node, positions: Iterable[int]) -> Iterator[Occurrence]:
    """Yield the values at some positions of two paired columns."""
    known = list(positions)
    sent = picked(node.a.shown, known), picked(node.b.shown, known)
    return with_ids(node, zip(known, *sent, strict=True))


_Seen = tuple[int, Json, Json]
"""The position of two values in paired columns, and what is shown of either."""


def with_ids(node: Node, seen: Iterable[_Seen]) -> Iterator[Occurrence]:
    """Yield what is shown of either side at some positions of two paired columns."""
    known = list(seen)
    ids = node.ids.at(list(map(itemgetter(0), known)))
    for each, (_, a, b) in zip(ids, known, strict=True):
        yield Occurrence(each, a, b)


def apart(
    node: Node,
    shown_by: _Show | None = None,
    example: tuple[int, int] | None = None,
) -> Iterator[Occurrence]:
    """Yield the pairs that show a difference, or are of two kinds.

    Where there is none, those that are not equal.

    Columns that do not correspond by position have one example: the values at the positions
    `example`, else a value of a kind that the other column lacks, else one that the other column
    lacks.
    """
    if not node.pairing:
        return iter((_example_of(node, example),))
    a, b = node.columns
    for show in (shown_by or _are_of_two_kinds, _are_unequal):
        positions = positions_of(map(show, a, b))
        if positions:
            return at_positions(node, positions)
    return at_positions(node, range(len(a)))


def _example_of(node: Node, example: tuple[int, int] | None) -> Occurrence:
    """Return one value of either side, which do not correspond, at known positions or unlike."""
    a, b = node.columns
    if example is None:
        return Occurrence(None, _unlike(node.a.shown, a, b), _unlike(node.b.shown, b, a))
    first, second = example
    return Occurrence(None, node.a.shown[first], node.b.shown[second])


def _are_of_two_kinds(x: Json, y: Json) -> bool:
    return kind_of(x) != kind_of(y)


def _are_unequal(x: Json, y: Json) -> bool:
    """Return whether two values of one kind are unequal; containers by all that they hold."""
    if type(x) in CONTAINERS:
        return canonical(x) != canonical(y)
    is_equal = bool(x == y)  # not `!=`, which a Lexeme does not define
    return not is_equal


def parts(node: Node, names: Sequence[NamePair]) -> Iterator[Occurrence]:
    """Yield the objects that have members which either side calls by a name of its own.

    They are yielded with these members alone, first those of which both sides have some.
    """
    names_a, names_b = zip(*names, strict=True)
    first, second = node.a.parts(names_a), node.b.parts(names_b)
    if not node.pairing:
        yield Occurrence(None, _first_with_any(first), _first_with_any(second))
        return
    both = list(zip(count(), first, second, node.a.shown, node.b.shown, strict=False))
    has_any, other_has_any = list(map(bool, first)), list(map(bool, second))
    # objects with some of them on both sides show best that these are the same members
    on_both = map(and_, has_any, other_has_any)
    on_one = map(ne, has_any, other_has_any)
    in_order = (*compress(both, on_both), *compress(both, on_one))
    seen = ((at, x or sent_x, y or sent_y) for at, x, y, sent_x, sent_y in in_order)
    yield from with_ids(node, seen)


def _first_with_any(objects: Iterable[dict[str, Json]]) -> Json:
    """Return the first object that has any members; MISSING where none has."""
    return next(filter(None, objects), MISSING)


def _unlike(sent: Column, column: Column, other: Column) -> Json:
    """Return a value of a kind that the other column lacks, else one that it lacks."""
    if not sent:
        return MISSING
    at = _first_not_in(map(kind_of, other), map(kind_of, column))
    if at is None:
        at = _first_not_in(map(canonical, other), map(canonical, column))
    return sent[at or 0]


def _first_not_in(known: Iterable[Hashable], marks: Iterable[Hashable]) -> int | None:
    """Return the position of the first mark that is not known, None where all are."""
    there = set(known)
    are_known = map(there.__contains__, marks)
    return next(compress(count(), map(not_, are_known)), None)


def names_apart(node: Node) -> Iterator[Occurrence]:
    """Yield the names that either column has, where these are not the same ones."""
    first, second = _names_of(node.a.shown), _names_of(node.b.shown)
    if first != second:
        yield Occurrence(None, first, second)


def _names_of(column: Column) -> Verbatim:
    return Verbatim(", ".join(sorted(set(map(compact, column)))))


def _is_anything(_: Json) -> bool:
    return True


def held(node: Node, below: Node, name: str, gone: Gone = _is_anything) -> Iterator[Occurrence]:
    """Yield the objects of which one has a member and the other has not.

    With `gone`, only where it says nothing.
    """
    if not node.pairing:
        yield Occurrence(None, *_one_of_each(node, below, gone))
        return
    yield from with_ids(node, _held_by_one(_side_by_side(node, below, name), gone))


def _held_by_one(sides: Iterable[_Seen], gone: Gone) -> Iterator[_Seen]:
    for at, x, y in sides:
        is_missing_in_a, is_missing_in_b = x is MISSING, y is MISSING
        # both have it, or neither: then they do not differ in whether it is there
        if is_missing_in_a == is_missing_in_b:
            continue
        value = y if is_missing_in_a else x
        if gone(value):
            yield at, x, y


def said_elsewhere(node: Node, below: Node, name: str, gone: Gone) -> Iterator[Occurrence]:
    """Yield the objects of which one has something under a name and the other has nothing.

    A value for nothing counts as nothing.
    """
    return with_ids(node, _said_by_one(_side_by_side(node, below, name), gone))


def _said_by_one(sides: Iterable[_Seen], gone: Gone) -> Iterator[_Seen]:
    def says_nothing(value: Json) -> bool:
        return value is MISSING or gone(value)

    for at, x, y in sides:
        if says_nothing(x) != says_nothing(y):
            yield at, x, y


def only_beside_absent(node: Node, below: Node, name: str) -> Gone | None:
    """Return which values of a member have a shape that only stands where the other side has none.

    At shape elements do not correspond; objects at one index of as many are evidence all the same.
    """
    if len(node.a.column) != len(node.b.column):
        return None
    alone: set[bytes] = set()
    beside_others: set[bytes] = set()
    for _, x, y in _side_by_side(node, below, name):
        there = list(filter(partial(is_not, MISSING), (x, y)))
        shapes = beside_others if len(there) > 1 else alone
        shapes.update(map(_shape_of, there))
    only_there = alone - beside_others
    if not only_there:
        return None
    return lambda value: _shape_of(value) in only_there


def _shape_of(value: Json) -> bytes:
    return canonical(mapped(value, str, lambda scalar, _: kind_of(scalar)))


def _side_by_side(node: Node, below: Node, name: str) -> Iterator[_Seen]:
    """Yield what two paired columns have under a name, object by object."""
    first = _by_position(node.a.column, name, below.a.shown)
    second = _by_position(node.b.column, name, below.b.shown)
    return zip(count(), first, second, strict=False)


def _by_position(column: Column, name: str, members: Column) -> list[Json]:
    """Return for each object what it has under a name, MISSING for those without it."""
    values = iter(members)
    return [next(values) if has_it else MISSING for has_it in have_member(column, name)]


def _one_of_each(node: Node, below: Node, gone: Gone) -> tuple[Json, Json]:
    """Return a value of the side that has the member more often, and a count for the other.

    The count is in how many objects the other side lacks the member.

    The objects of one side are none of the other's, so no one of them is shown for both.
    """
    a, b = below.a.shown, below.b.shown
    objects_a, objects_b = len(objects_of(node.a.column)), len(objects_of(node.b.column))
    lacking_a, lacking_b = _lacking(len(a), objects_a), _lacking(len(b), objects_b)
    # compared as shares: either side may have more objects
    gone_a, gone_b = list(filter(gone, a)), list(filter(gone, b))
    if len(gone_a) * objects_b > len(gone_b) * objects_a:
        return gone_a[0], lacking_b
    return lacking_a, gone_b[0]


def _lacking(members: int, objects: int) -> Json:
    """Return what is shown of objects some of which have no such member."""
    if not members:
        return MISSING
    return Verbatim(f"absent from {objects - members} of {plural(objects, 'object')}")


def extra(node: Node, pairings: Pairings, *, of_one_length: bool) -> Iterator[Occurrence]:
    """Yield the arrays, of one length or of two, of which not all elements belong together.

    Of each is shown how many elements it has, and those that the other side has not.
    """
    return with_ids(node, _extra(node, pairings, of_one_length=of_one_length))


def _extra(node: Node, pairings: Pairings, *, of_one_length: bool) -> Iterator[_Seen]:
    sides = zip(count(), pairings.partners, *node.columns, node.a.shown, node.b.shown, strict=False)
    for at, found, x, y, shown_x, shown_y in sides:
        check()
        if found is None:
            continue
        are_of_one_length = len(x) == len(y)
        if are_of_one_length != of_one_length:
            continue
        # Of lists of one length all elements may belong together, in another order
        may_have_extra = not of_one_length or not found.complete
        if may_have_extra or found.alone(0, len(x)):
            yield (
                at,
                _length(shown_x, found, 0, pairings.name),
                _length(shown_y, found, 1, pairings.name),
            )


def _length(value: Json, partners: Partners, side: int, name: Identity) -> Json:
    """Return how long a list is and what is extra in it, in words.

    What was sent in its place is shown as it was sent.

    Where not all partners were looked for, nothing is known to be extra.
    """
    if type(value) is not list:
        return value
    length = plural(len(value), "element")
    alone = partners.alone(side, len(value)) if partners.complete else []
    extra = ", ".join(_named(picked(value, alone), name))
    return Verbatim(f"{length}{EXTRA}{extra}" if extra else length)


def _named(elements: Column, name: Identity) -> Iterator[str]:
    """Yield what elements are called: what counts in each, of those in which anything does."""
    for sent in elements:
        counting = _counting(name(sent), sent)
        if _counts(sent, counting):
            yield compact(counting)


def _counts(sent: Json, counting: Json) -> bool:
    """Return whether anything in an element counts, so that it says which one is extra."""
    return bool(sent == counting) or counting not in _NOTHING


def _counting(masked: Json, sent: Json) -> Json:
    """Return what was sent without what a rule loosens, which is None where it is masked."""
    if type(masked) is not dict or type(sent) is not dict:
        return masked
    counting: dict[str, Json] = {}
    for name in filter(sent.__contains__, masked):
        member = _counting(masked[name], sent[name])
        is_masked = member is None and sent[name] is not None
        if not is_masked:
            counting[name] = member
    return counting

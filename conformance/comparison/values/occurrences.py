"""Occurrences: the pairs of values, as sent, that show a difference of two columns."""

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
from conformance.comparison.values.lossless_json import Json, kind_of, same_scalar
from conformance.comparison.values.mapping import mapped
from conformance.comparison.values.node import Node
from conformance.comparison.values.objects import have_member, picked, positions_of
from conformance.comparison.values.partners import Partners
from conformance.comparison.values.presence import CountsAsAbsent
from conformance.comparison.values.side import MISSING
from conformance.wording import plural

_NOTHING: Final[tuple[Json, ...]] = (None, {})
"""What is left of an element in which nothing counts."""
_Show = Callable[[Json, Json], bool]
"""Returns whether two values show a difference."""


def at_positions(node: Node, positions: Iterable[int]) -> Iterator[Occurrence]:
    """Yield an occurrence for each of some positions in two paired columns."""
    known = list(positions)
    sent = picked(node.a.shown, known), picked(node.b.shown, known)
    return with_ids(node, zip(known, *sent, strict=True))


_Seen = tuple[int, Json, Json]
"""The position of a pair of values, and what to show of each side."""


def with_ids(node: Node, seen: Iterable[_Seen]) -> Iterator[Occurrence]:
    """Yield what to show at some positions of two paired columns, with the ids of the elements."""
    known = list(seen)
    ids = node.ids.at(list(map(itemgetter(0), known)))
    for each, (_, a, b) in zip(ids, known, strict=True):
        yield Occurrence(each, a, b)


def showing_pairs(
    node: Node,
    shown_by: _Show | None = None,
    example: tuple[int, int] | None = None,
) -> Iterator[Occurrence]:
    """Yield the pairs of values that show a difference.

    These are the pairs for which `shown_by` is true, by default those of two kinds; without any,
    the unequal pairs; without any, all pairs.

    Unpaired columns have one occurrence: the values at the positions `example`.  Without an example
    each side shows a value whose kind, or which itself, the other column lacks.
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
    """Return one value of each side of unpaired columns."""
    a, b = node.columns
    if example is None:
        return Occurrence(None, _unlike(node.a.shown, a, b), _unlike(node.b.shown, b, a))
    first, second = example
    return Occurrence(None, node.a.shown[first], node.b.shown[second])


def _are_of_two_kinds(x: Json, y: Json) -> bool:
    """Return whether two values are of different kinds."""
    return kind_of(x) != kind_of(y)


def _are_unequal(x: Json, y: Json) -> bool:
    """Return whether two values of one kind are unequal; containers with all their content."""
    is_container = type(x) in CONTAINERS
    return canonical(x) != canonical(y) if is_container else not same_scalar(x, y)


def with_other_names(node: Node, names: Sequence[NamePair]) -> Iterator[Occurrence]:
    """Yield objects that have members with a different name on each side, with these members only.

    Objects that have some of them on both sides come first.
    """
    names_a, names_b = zip(*names, strict=True)
    first, second = node.a.parts(names_a), node.b.parts(names_b)
    if not node.pairing:
        yield Occurrence(None, _first_with_any(first), _first_with_any(second))
        return
    both = list(zip(count(), first, second, node.a.shown, node.b.shown, strict=False))
    has_any, other_has_any = list(map(bool, first)), list(map(bool, second))
    # pairs with some of them on both sides show best that the members correspond
    on_both = map(and_, has_any, other_has_any)
    on_one = map(ne, has_any, other_has_any)
    in_order = (*compress(both, on_both), *compress(both, on_one))
    seen = ((at, x or sent_x, y or sent_y) for at, x, y, sent_x, sent_y in in_order)
    yield from with_ids(node, seen)


def _first_with_any(objects: Iterable[dict[str, Json]]) -> Json:
    """Return the first object that has members; MISSING if none has."""
    return next(filter(None, objects), MISSING)


def _unlike(sent: Column, column: Column, other: Column) -> Json:
    """Return a sent value of a kind that the other column lacks; else a value that it lacks."""
    if not sent:
        return MISSING
    at = _first_not_in(map(kind_of, other), map(kind_of, column))
    if at is None:
        at = _first_not_in(map(canonical, other), map(canonical, column))
    return sent[at or 0]


def _first_not_in(known: Iterable[Hashable], marks: Iterable[Hashable]) -> int | None:
    """Return the position of the first mark that is not known; None if all are."""
    there = set(known)
    are_known = map(there.__contains__, marks)
    return next(compress(count(), map(not_, are_known)), None)


def names_apart(node: Node) -> Iterator[Occurrence]:
    """Yield all values of each column as one text, if the two columns have different values."""
    first, second = _names_of(node.a.shown), _names_of(node.b.shown)
    if first != second:
        yield Occurrence(None, first, second)


def _names_of(column: Column) -> Verbatim:
    """Return the distinct values of a column as text."""
    return Verbatim(", ".join(sorted(set(map(compact, column)))))


def _is_anything(_: Json) -> bool:
    """Return True: any value of a member counts."""
    return True


def held_by_one_side(
    node: Node, below: Node, name: str, counts_as_absent: CountsAsAbsent = _is_anything
) -> Iterator[Occurrence]:
    """Yield the objects of which only one has a member, whose value `counts_as_absent`."""
    if not node.pairing:
        yield Occurrence(None, *_one_of_each(node, below, counts_as_absent))
        return
    yield from with_ids(node, _held_by_one(_side_by_side(node, below, name), counts_as_absent))


def _held_by_one(sides: Iterable[_Seen], counts_as_absent: CountsAsAbsent) -> Iterator[_Seen]:
    """Yield the pairs in which only one side has a member, whose value `counts_as_absent`."""
    for at, x, y in sides:
        is_missing_in_a, is_missing_in_b = x is MISSING, y is MISSING
        # both have it, or neither does: no difference in presence
        if is_missing_in_a == is_missing_in_b:
            continue
        value = y if is_missing_in_a else x
        if counts_as_absent(value):
            yield at, x, y


def only_beside_absent(node: Node, below: Node, name: str) -> CountsAsAbsent | None:
    """Return a test for values whose shape occurs only beside an absent member, or None.

    Elements are not paired by shape, but objects with the same index are compared if both sides
    have equally many.
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
    """Return bytes that are equal for values with the same structure and kinds."""
    return canonical(mapped(value, str, lambda scalar, _: kind_of(scalar)))


def _side_by_side(node: Node, below: Node, name: str) -> Iterator[_Seen]:
    """Yield the values of a member of each pair of objects, with the position."""
    first = _by_position(node.a.column, name, below.a.shown)
    second = _by_position(node.b.column, name, below.b.shown)
    return zip(count(), first, second, strict=False)


def _by_position(column: Column, name: str, members: Column) -> list[Json]:
    """Return the value of a member for each object; MISSING for an object without it."""
    values = iter(members)
    return [next(values) if has_it else MISSING for has_it in have_member(column, name)]


def _one_of_each(node: Node, below: Node, counts_as_absent: CountsAsAbsent) -> tuple[Json, Json]:
    """Return a value of the side that has a member more often, and a text for the other side.

    The text says how many of its objects lack the member, because the objects are not paired.
    """
    a, b = below.a.shown, below.b.shown
    objects_a, objects_b = len(objects_of(node.a.column)), len(objects_of(node.b.column))
    lacking_a, lacking_b = _lacking(len(a), objects_a), _lacking(len(b), objects_b)
    # shares are compared, because one side may have more objects
    gone_a, gone_b = list(filter(counts_as_absent, a)), list(filter(counts_as_absent, b))
    if len(gone_a) * objects_b > len(gone_b) * objects_a:
        return gone_a[0], lacking_b
    return lacking_a, gone_b[0]


def _lacking(members: int, objects: int) -> Json:
    """Return in how many objects a member is absent, as text; MISSING if it is in none."""
    if not members:
        return MISSING
    return Verbatim(f"absent from {objects - members} of {plural(objects, 'object')}")


def without_partners(
    node: Node, pairings: Pairings, *, for_equal_lengths: bool
) -> Iterator[Occurrence]:
    """Yield the lists, of equal or of different length, in which not all elements have partners.

    Each side shows the length of its list, and its elements without a partner.
    """
    return with_ids(node, _without_partners(node, pairings, for_equal_lengths=for_equal_lengths))


def _without_partners(
    node: Node, pairings: Pairings, *, for_equal_lengths: bool
) -> Iterator[_Seen]:
    """Yield the positions of these lists, with what to show of each side."""
    sides = zip(count(), pairings.partners, *node.columns, node.a.shown, node.b.shown, strict=False)
    for at, found, x, y, shown_x, shown_y in sides:
        check()
        if found is None:
            continue
        are_of_one_length = len(x) == len(y)
        if are_of_one_length != for_equal_lengths:
            continue
        # In lists of one length, all elements may have partners, in another order
        may_have_extra = not for_equal_lengths or not found.complete
        if may_have_extra or found.alone(0, len(x)):
            yield (
                at,
                _length(shown_x, found, 0, pairings.name),
                _length(shown_y, found, 1, pairings.name),
            )


def _length(value: Json, partners: Partners, side: int, name: Identity) -> Json:
    """Return the length of a list and its elements without a partner, as text.

    A value that was not sent as a list is returned unchanged.  If the search for partners was
    incomplete, no element counts as extra.
    """
    if type(value) is not list:
        return value
    length = plural(len(value), "element")
    alone = partners.alone(side, len(value)) if partners.complete else []
    extra = ", ".join(_named(picked(value, alone), name))
    return Verbatim(f"{length}{EXTRA}{extra}" if extra else length)


def _named(elements: Column, name: Identity) -> Iterator[str]:
    """Yield the text of what counts in each element, without elements in which nothing does."""
    for sent in elements:
        counting = _counting(name(sent), sent)
        if _counts(sent, counting):
            yield compact(counting)


def _counts(sent: Json, counting: Json) -> bool:
    """Return whether anything counts in an element, so that it can be identified."""
    return bool(sent == counting) or counting not in _NOTHING


def _counting(masked: Json, sent: Json) -> Json:
    """Return a sent value without what a rule ignores, which is None in `masked`."""
    if type(masked) is not dict or type(sent) is not dict:
        return masked
    counting: dict[str, Json] = {}
    for name in filter(sent.__contains__, masked):
        member = _counting(masked[name], sent[name])
        is_masked = member is None and sent[name] is not None
        if not is_masked:
            counting[name] = member
    return counting

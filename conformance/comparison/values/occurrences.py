"""Where two columns differ, as sent: the pairs of values that a difference was seen in."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count

from conformance.comparison.budget import check
from conformance.comparison.difference import EXTRA, Occurrence, Verbatim
from conformance.comparison.idioms.claim import NamePair
from conformance.comparison.rules.alignment import Identity
from conformance.comparison.rules.list_partners import Pairings
from conformance.comparison.values.columns import CONTAINERS, Column, objects_of
from conformance.comparison.values.json_encoding import canonical, compact
from conformance.comparison.values.lossless_json import Json, kind_of
from conformance.comparison.values.node import Node
from conformance.comparison.values.partners import Partners
from conformance.comparison.values.presence import Gone
from conformance.comparison.values.side import MISSING
from conformance.wording import plural


def at_positions(node: Node, positions: Iterable[int]) -> Iterator[Occurrence]:
    """Yield the values at some positions of two paired columns."""
    a, b = node.a.shown, node.b.shown
    return with_ids(node, ((at, a[at], b[at]) for at in positions))


def with_ids(node: Node, seen: Iterable[tuple[int, Json, Json]]) -> Iterator[Occurrence]:
    """Yield what is shown of either side at some positions of two paired columns."""
    known = list(seen)
    ids = node.ids.at([at for at, _, _ in known])
    for each, (_, a, b) in zip(ids, known, strict=True):
        yield Occurrence(each, a, b)


def apart(
    node: Node,
    shown_by: Callable[[Json, Json], bool] | None = None,
    example: tuple[int, int] | None = None,
) -> Iterator[Occurrence]:
    """Yield the pairs that show a difference, or are of two kinds.

    Where there is none, those that are not equal.

    Columns that do not correspond by position have one example: the values at the positions
    `example`, else a value of a kind that the other column lacks, else one that the other column
    lacks.
    """
    a, b = node.columns
    if not node.pairing and example is not None:
        return iter((Occurrence(None, node.a.shown[example[0]], node.b.shown[example[1]]),))
    if not node.pairing:
        return iter((Occurrence(None, _unlike(node.a.shown, a, b), _unlike(node.b.shown, b, a)),))
    pairs = list(enumerate(zip(a, b, strict=True)))
    unlike = [
        at for at, (x, y) in pairs if (shown_by(x, y) if shown_by else kind_of(x) != kind_of(y))
    ]
    return at_positions(
        node, unlike or [at for at, (x, y) in pairs if not _equal(x, y)] or range(len(a))
    )


def _equal(x: Json, y: Json) -> bool:
    """Return whether two values of one kind are equal; containers by all that they hold."""
    return bool(x == y) if type(x) not in CONTAINERS else canonical(x) == canonical(y)


def parts(node: Node, names: Sequence[NamePair]) -> Iterator[Occurrence]:
    """Yield the objects that have members which either side calls by a name of its own.

    They are yielded with these members alone, first those of which both sides have some.
    """
    sides = zip((node.a, node.b), zip(*names, strict=True), strict=True)
    first, second = ([side.part(at, own) for at in range(len(side.column))] for side, own in sides)
    if not node.pairing:
        return iter(
            (
                Occurrence(
                    None, next(filter(None, first), MISSING), next(filter(None, second), MISSING)
                ),
            )
        )
    both = zip(count(), first, second, node.a.shown, node.b.shown, strict=False)
    having = (each for each in both if each[1] or each[2])
    return with_ids(
        node,
        (
            (at, x or sent_x, y or sent_y)
            for at, x, y, sent_x, sent_y in sorted(
                having, key=lambda each: not (each[1] and each[2])
            )
        ),
    )


def _unlike(shown: Column, column: Column, other: Column) -> Json:
    if not shown:
        return MISSING
    kinds = set(map(kind_of, other))
    of_another_kind = next(
        (at for at, value in enumerate(column) if kind_of(value) not in kinds), None
    )
    if of_another_kind is not None:
        return shown[of_another_kind]
    there = set(map(canonical, other))
    return shown[next((at for at, value in enumerate(column) if canonical(value) not in there), 0)]


def held(node: Node, below: Node, name: str, gone: Gone | None = None) -> Iterator[Occurrence]:
    """Yield the objects of which one has a member and the other has not.

    With `gone`, only where it says nothing.
    """
    if not node.pairing:
        return iter((Occurrence(None, *_one_of_each(node, below, gone)),))
    sides = [
        _by_position(side.column, name, one.shown)
        for side, one in ((node.a, below.a), (node.b, below.b))
    ]
    return with_ids(
        node,
        (
            (at, x, y)
            for at, (x, y) in enumerate(zip(*sides, strict=True))
            if (x is MISSING) != (y is MISSING) and (gone is None or gone(y if x is MISSING else x))
        ),
    )


def said_elsewhere(node: Node, below: Node, name: str, gone: Gone) -> Iterator[Occurrence]:
    """Yield the objects of which one has something under a name and the other has nothing.

    A value for nothing counts as nothing.
    """
    sides = [
        _by_position(side.column, name, one.shown)
        for side, one in ((node.a, below.a), (node.b, below.b))
    ]
    return with_ids(
        node,
        (
            (at, x, y)
            for at, (x, y) in enumerate(zip(*sides, strict=True))
            if (x is MISSING or gone(x)) != (y is MISSING or gone(y))
        ),
    )


def _by_position(column: Column, name: str, shown: Column) -> list[Json]:
    """Return for each object what it has under a name, MISSING for those without it."""
    values = iter(shown)
    return [next(values) if type(value) is dict and name in value else MISSING for value in column]


def _one_of_each(node: Node, below: Node, gone: Gone | None) -> tuple[Json, Json]:
    """Return a value of the side that has the member more often, and a count for the other.

    The count is in how many objects the other side lacks the member.

    The objects of one side are none of the other's, so no one of them is shown for both.
    """
    a, b = below.a.shown, below.b.shown
    objects = len(objects_of(node.a.column)), len(objects_of(node.b.column))
    lacking = _lacking(len(a), objects[0]), _lacking(len(b), objects[1])
    if gone is not None:
        a, b = [value for value in a if gone(value)], [value for value in b if gone(value)]
    more_in_a = len(a) * objects[1] > len(b) * objects[0]
    return (a[0], lacking[1]) if more_in_a else (lacking[0], b[0])


def _lacking(members: int, objects: int) -> Json:
    """Return what is shown of objects some of which have no such member."""
    return (
        Verbatim(f"absent from {objects - members} of {plural(objects, 'object')}")
        if members
        else MISSING
    )


def extra(node: Node, pairings: Pairings, *, of_one_length: bool) -> Iterator[Occurrence]:
    """Yield the arrays, of one length or of two, of which not all elements belong together.

    Of each is shown how many elements it has, and those that the other side has not.
    """
    return with_ids(node, _extra(node, pairings, of_one_length=of_one_length))


def _extra(
    node: Node, pairings: Pairings, *, of_one_length: bool
) -> Iterator[tuple[int, Json, Json]]:
    sides = zip(count(), pairings.partners, *node.columns, node.a.shown, node.b.shown, strict=False)
    for at, found, x, y, shown_x, shown_y in sides:
        check()
        if found is None or (len(x) == len(y)) != of_one_length:
            continue
        if not of_one_length or not found.complete or found.alone(0, len(x)):
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
    named = [(value[at], _counting(name(value[at]), value[at])) for at in alone]
    extra = [compact(shown) for sent, shown in named if _counts(sent, shown)]
    return Verbatim(f"{length}{EXTRA}{', '.join(extra)}" if extra else length)


def _counts(sent: Json, shown: Json) -> bool:
    """Return whether anything in an element counts, so that it says which one is extra."""
    return bool(sent == shown) or (shown is not None and shown != {})


def _counting(masked: Json, sent: Json) -> Json:
    """Return what was sent without what a rule loosens, which is None where it is masked."""
    if type(masked) is dict and type(sent) is dict:
        members = {
            name: _counting(value, sent[name]) for name, value in masked.items() if name in sent
        }
        return {
            name: value
            for name, value in members.items()
            if value is not None or sent[name] is None
        }
    return masked

"""One side of a comparison at one place: its values, where they were sent, and as what.

Before two answers are compared some of their values are spelled alike: identities, own URLs, and
what an idiom explains.  What a report shows is always what was sent.  So a side has its own path,
and keeps the sent values beside the respelled ones where these differ.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, compress, repeat
from operator import itemgetter, not_
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json, NoJsonError, parse_text
from conformance.comparison.values.objects import compressed, have_member, not_none, picked
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, IN_TEXT, JsonPath, Segment

NO_NAMES: Final[Mapping[str, JsonPath]] = {}


class Missing:
    """What stands where nothing was sent."""

    def __repr__(self) -> str:
        return "absent"


MISSING: Final = Missing()


class SentSide(Struct, eq=False):
    """A column, its path in the answer, and what was sent, where that is not the column itself.

    `names` tells where members were sent that stand under another name in the column; `own_name`
    does so for names that hold an identity.  `whole` are the values as they were sent where an
    idiom only left other names or less of them: what stands below these is in the column.
    """

    column: Column
    path: JsonPath = ()
    sent: Column | None = None
    names: Mapping[str, JsonPath] = field(default_factory=lambda: NO_NAMES)
    own_name: Callable[[str], str] | None = None
    whole: Column | None = None

    @property
    def shown(self) -> Column:
        """Return the values as they were sent."""
        if self.whole is not None:
            return self.whole
        return self.column if self.sent is None else self.sent

    def member(self, name: str, column: Column) -> "SentSide":
        """Return the side one member below, its column being known."""
        where = self._where(name)
        sent = None
        if self.sent is not None:
            originals = compress(self.sent, have_member(self.column, name))
            sent = list(map(_at, originals, repeat(where)))
        return SentSide(column, self.path + where, sent, own_name=self.own_name)

    def parts(self, names: Sequence[str]) -> list[dict[str, Json]]:
        """Return those members of each object under some names in the column, as sent."""
        # a name that an idiom made of a value was not sent as a name
        places = list(filter(_ends_in_a_name, map(self._where, names)))
        return list(map(_members_at, self.shown, repeat(places)))

    def path_of(self, name: str) -> JsonPath:
        """Return where the member was sent that stands under a name here."""
        return self.path + self._where(name)

    def _where(self, name: str) -> JsonPath:
        if name in self.names:
            return self.names[name]
        if self.own_name is None:
            return (name,)
        return (self.own_name(name),)

    def elements(self, column: Column) -> "SentSide":
        """Return the side below the arrays of this one, its column being known."""
        sent = None
        if self.sent is not None:
            sent = _fitting(_inside_lists(self.column, self.sent), column)
        return SentSide(column, (*self.path, ANY_ELEMENT), sent, own_name=self.own_name)

    def any_member(self, column: Column, order: Column | None = None) -> "SentSide":
        """Return the side below this one's objects, whose names are data, given its column.

        `order` are objects with the same names, in whose order the members stand.
        """
        sent = None
        if self.sent is not None:
            sent = _fitting(self._sent_members(order or self.column), column)
        return SentSide(column, (*self.path, ANY_MEMBER), sent, own_name=self.own_name)

    def _sent_members(self, order: Column) -> Column:
        """Return what was sent as the members of all objects, each in an order of names."""
        members: Column = []
        for names, value, original in zip(order, self.column, self.shown, strict=True):
            if type(value) is not dict:
                continue
            sent_as = dict(zip(value, original.values(), strict=False))
            known_names = filter(sent_as.__contains__, names)
            members.extend(map(sent_as.__getitem__, known_names))
        return members

    def without(self, gone: Callable[[Json], bool]) -> "SentSide":
        """Return the side without the values that say that there is none."""
        return self.kept(list(map(not_, map(gone, self.column))))

    def kept(self, keep: Sequence[bool]) -> "SentSide":
        """Return the side with some of its values, told by position."""
        column = list(compress(self.column, keep))
        sent, whole = compressed(self.sent, keep), compressed(self.whole, keep)
        return replace(self, column=column, sent=sent, whole=whole)

    def in_order(self, orders: Sequence[Sequence[int] | None]) -> "SentSide":
        """Return the side with its list elements in another order, the same for what was sent."""
        sent = None if self.sent is None else _in_order(self.sent, orders)
        return replace(self, column=_in_order(self.column, orders), sent=sent)

    def left(
        self,
        column: Column,
        at: JsonPath,
        names: Mapping[str, JsonPath],
        order: Column | None = None,
    ) -> "SentSide":
        """Return the side of what an idiom left to compare: other values under their own path.

        With `order` these are the members of objects, in the order in which the objects of `order`
        name them.
        """
        at = self._as_sent(at)
        if not at:
            names = {**self.names, **self._places_as_sent(names)}
        whole: Column | None = None
        sent = self._sent_below(column, at) if order is None else self._sent_in_order(order)
        if sent is None:
            whole = self._whole_below(column, at)
        return SentSide(column, self.path + at, sent, names, self.own_name, whole)

    def _places_as_sent(self, names: Mapping[str, JsonPath]) -> Mapping[str, JsonPath]:
        return {name: self._as_sent(place) for name, place in names.items()}

    def _as_sent(self, path: JsonPath) -> JsonPath:
        """Return a path below with its first name as it was sent."""
        if not path or not isinstance(path[0], str):
            return path
        return self._where(path[0]) + path[1:]

    def _sent_below(self, column: Column, at: JsonPath) -> Column | None:
        is_here = not at
        if is_here and column is self.column:
            return self.sent
        # only names, or what stands around, are spelled another way: the values are those sent
        is_only_renamed = not is_here or set(map(type, column)) <= {dict}
        if self.sent is None and is_only_renamed:
            return None
        return _fitting(values_under(self.shown, at), column)

    def _sent_in_order(self, order: Column) -> Column | None:
        if self.sent is None and self.whole is None:
            return None
        return self._sent_members(order)

    def _whole_below(self, column: Column, at: JsonPath) -> Column | None:
        """Return what was sent where an idiom left it under other names, or less of it.

        It is in the same order.
        """
        if ANY_MEMBER in at:
            return None
        return _fitting(values_under(self.shown, at), column)


def _ends_in_a_name(path: JsonPath) -> bool:
    return isinstance(path[-1], str)


def _members_at(value: Json, places: Sequence[JsonPath]) -> dict[str, Json]:
    """Return what stands in a value at some places, each under its last name."""
    members: dict[str, Json] = {}
    for where in places:
        member = _at(value, where)
        if member is not MISSING:
            members[str(where[-1])] = member
    return members


def _fitting(sent: Column | None, column: Column) -> Column | None:
    """Return what was sent if it has one value for each of a column, else None."""
    if sent is None:
        return None
    is_one_for_each = len(sent) == len(column)
    return sent if is_one_for_each else None


def _in_order(column: Column, orders: Sequence[Sequence[int] | None]) -> Column:
    ordered: Column = []
    for value, order in zip(column, orders, strict=True):
        own = value if order is None else picked(value, order)
        ordered.append(own)
    return ordered


def _inside_lists(column: Column, sent: Column) -> Column:
    """Return the elements that were sent of the values that are lists, and were sent as lists."""
    elements: Column = []
    for value, original in zip(column, sent, strict=True):
        are_lists = type(value) is type(original) is list
        if are_lists:
            elements.extend(original)
    return elements


def values_under(column: Column, path: JsonPath) -> Column | None:
    """Return what stands under a path in each value, in order.

    None where it is not in all of them.
    """
    try:
        for segment in path:
            column = _values_one_below(column, segment)
    except (LookupError, TypeError, AttributeError, NoJsonError):
        return None
    return column


def found_under(column: Column, path: JsonPath) -> Column:
    """Return what stands under a path in each value; nothing where it is not in all of them."""
    return values_under(column, path) or []


def _values_one_below(column: Column, segment: Segment) -> Column:
    """Return what stands under one segment in each value; raise where it is not in all."""
    if segment is ANY_ELEMENT:
        return list(chain.from_iterable(column))
    if segment is ANY_MEMBER:
        return list(chain.from_iterable(map(dict.values, column)))
    if segment is IN_TEXT:
        return list(map(parse_text, not_none(column)))
    return list(map(itemgetter(segment), column))


def _at(value: Json, path: JsonPath) -> Json:
    return next(iter(found_under([value], path)), MISSING)

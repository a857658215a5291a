"""One side of a node: a column of values, with the values and the path as they were sent.

Before a comparison some values are respelled: ids, addresses, and what an idiom explains. Reports
always show what was sent, so a side keeps both.
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
"""The `names` of a side without renamed members."""


class Missing:
    """The value that is shown where nothing was sent."""

    def __repr__(self) -> str:
        return "absent"


MISSING: Final = Missing()
"""The only instance of `Missing`."""


class SentSide(Struct, eq=False):
    """A column with its path in the answer, and the values as they were sent.

    - `sent`: the values as sent; None if these are the values of the column.
    - `names`: the paths at which members were sent that have another name in the column.
    - `own_name`: returns the sent name for a name that contains an identity.
    - `sent_objects`: the sent objects where an idiom only renamed or removed members; what is below
      these is in the column.
    """

    column: Column
    path: JsonPath = ()
    sent: Column | None = None
    names: Mapping[str, JsonPath] = field(default_factory=lambda: NO_NAMES)
    own_name: Callable[[str], str] | None = None
    sent_objects: Column | None = None

    @property
    def shown(self) -> Column:
        """Return the values as they were sent."""
        if self.sent_objects is not None:
            return self.sent_objects
        return self.column if self.sent is None else self.sent

    def member(self, name: str, column: Column) -> "SentSide":
        """Return the side of a member, given its column."""
        where = self._sent_path(name)
        sent = None
        if self.sent is not None:
            originals = compress(self.sent, have_member(self.column, name))
            sent = list(map(_at, originals, repeat(where)))
        return SentSide(column, self.path + where, sent, own_name=self.own_name)

    def parts(self, names: Sequence[str]) -> list[dict[str, Json]]:
        """Return each object as sent, limited to members that have some names in the column."""
        # a name that an idiom made from a value was not sent as a name
        places = list(filter(_ends_in_a_name, map(self._sent_path, names)))
        return list(map(_members_at, self.shown, repeat(places)))

    def path_of(self, name: str) -> JsonPath:
        """Return the path at which a member was sent, given its name in the column."""
        return self.path + self._sent_path(name)

    def _sent_path(self, name: str) -> JsonPath:
        """Return that path below this side's own path."""
        if name in self.names:
            return self.names[name]
        if self.own_name is None:
            return (name,)
        return (self.own_name(name),)

    def elements(self, column: Column) -> "SentSide":
        """Return the side of the elements of all lists in this side, given their column."""
        sent = None
        if self.sent is not None:
            sent = _fitting(_inside_lists(self.column, self.sent), column)
        return SentSide(column, (*self.path, ANY_ELEMENT), sent, own_name=self.own_name)

    def any_member(self, column: Column, order: Column | None = None) -> "SentSide":
        """Return the side of all members of this side's objects, given their column.

        With `order`, the members are in the order of these objects, which have the same names.
        """
        sent = None
        if self.sent is not None:
            sent = _fitting(self._sent_members(order or self.column), column)
        return SentSide(column, (*self.path, ANY_MEMBER), sent, own_name=self.own_name)

    def _sent_members(self, order: Column) -> Column:
        """Return the members of all objects as sent, in the order of the names in `order`."""
        members: Column = []
        for names, value, original in zip(order, self.column, self.shown, strict=True):
            if type(value) is not dict:
                continue
            sent_as = dict(zip(value, original.values(), strict=False))
            known_names = filter(sent_as.__contains__, names)
            members.extend(map(sent_as.__getitem__, known_names))
        return members

    def without(self, counts_as_absent: Callable[[Json], bool]) -> "SentSide":
        """Return the side without the values for which `counts_as_absent` is true."""
        return self.kept(list(map(not_, map(counts_as_absent, self.column))))

    def kept(self, keep: Sequence[bool]) -> "SentSide":
        """Return the side with the values whose flag is true."""
        column = list(compress(self.column, keep))
        sent, sent_objects = compressed(self.sent, keep), compressed(self.sent_objects, keep)
        return replace(self, column=column, sent=sent, sent_objects=sent_objects)

    def in_order(self, orders: Sequence[Sequence[int] | None]) -> "SentSide":
        """Return the side with its lists in another order, also the lists as sent."""
        sent = None if self.sent is None else _in_order(self.sent, orders)
        return replace(self, column=_in_order(self.column, orders), sent=sent)

    def rest(
        self,
        column: Column,
        at: JsonPath,
        names: Mapping[str, JsonPath],
        order: Column | None = None,
    ) -> "SentSide":
        """Return the side of values that an idiom left to compare, at their own path.

        `names` are the paths of renamed members.  With `order`, the values are the members of
        objects, in the order of these objects.
        """
        at = self._as_sent(at)
        if not at:
            names = {**self.names, **self._places_as_sent(names)}
        sent_objects: Column | None = None
        sent = self._sent_below(column, at) if order is None else self._sent_in_order(order)
        if sent is None:
            sent_objects = self._sent_objects_below(column, at)
        return SentSide(column, self.path + at, sent, names, self.own_name, sent_objects)

    def _places_as_sent(self, names: Mapping[str, JsonPath]) -> Mapping[str, JsonPath]:
        """Return the paths of members with their first names as sent."""
        return {name: self._as_sent(place) for name, place in names.items()}

    def _as_sent(self, path: JsonPath) -> JsonPath:
        """Return a path below this side with its first name as it was sent."""
        if not path or not isinstance(path[0], str):
            return path
        return self._sent_path(path[0]) + path[1:]

    def _sent_below(self, column: Column, at: JsonPath) -> Column | None:
        """Return the values below a path as sent; None if these are the values of the column."""
        is_here = not at
        if is_here and column is self.column:
            return self.sent
        # only names or parents are respelled: the values themselves are those sent
        is_only_renamed = not is_here or set(map(type, column)) <= {dict}
        if self.sent is None and is_only_renamed:
            return None
        return _fitting(values_under(self.shown, at), column)

    def _sent_in_order(self, order: Column) -> Column | None:
        """Return the members as sent in an order; None if these are the values of the column."""
        if self.sent is None and self.sent_objects is None:
            return None
        return self._sent_members(order)

    def _sent_objects_below(self, column: Column, at: JsonPath) -> Column | None:
        """Return the sent objects below a path where an idiom only renamed or removed members.

        Return None if their order may be another one.
        """
        if ANY_MEMBER in at:
            return None
        return _fitting(values_under(self.shown, at), column)


def _ends_in_a_name(path: JsonPath) -> bool:
    """Return whether a path ends in the name of a member."""
    return isinstance(path[-1], str)


def _members_at(value: Json, places: Sequence[JsonPath]) -> dict[str, Json]:
    """Return the values at some paths below a value, each under the last name of its path."""
    members: dict[str, Json] = {}
    for where in places:
        member = _at(value, where)
        if member is not MISSING:
            members[str(where[-1])] = member
    return members


def _fitting(sent: Column | None, column: Column) -> Column | None:
    """Return the sent values if there is one for each value of the column; else None."""
    if sent is None:
        return None
    is_one_for_each = len(sent) == len(column)
    return sent if is_one_for_each else None


def _in_order(column: Column, orders: Sequence[Sequence[int] | None]) -> Column:
    """Return a column whose lists are in another order; None: unchanged."""
    ordered: Column = []
    for value, order in zip(column, orders, strict=True):
        own = value if order is None else picked(value, order)
        ordered.append(own)
    return ordered


def _inside_lists(column: Column, sent: Column) -> Column:
    """Return the sent elements of values that are lists and were sent as lists."""
    elements: Column = []
    for value, original in zip(column, sent, strict=True):
        are_lists = type(value) is type(original) is list
        if are_lists:
            elements.extend(original)
    return elements


def values_under(column: Column, path: JsonPath) -> Column | None:
    """Return the values at a path below each value, in order; None if one value lacks it."""
    try:
        for segment in path:
            column = _values_one_below(column, segment)
    except (LookupError, TypeError, AttributeError, NoJsonError):
        return None
    return column


def found_under(column: Column, path: JsonPath) -> Column:
    """Return the values at a path below each value, in order; empty if one value lacks it."""
    return values_under(column, path) or []


def _values_one_below(column: Column, segment: Segment) -> Column:
    """Return the values one segment below each value; raise an error if one value lacks it."""
    if segment is ANY_ELEMENT:
        return list(chain.from_iterable(column))
    if segment is ANY_MEMBER:
        return list(chain.from_iterable(map(dict.values, column)))
    if segment is IN_TEXT:
        return list(map(parse_text, not_none(column)))
    return list(map(itemgetter(segment), column))


def _at(value: Json, path: JsonPath) -> Json:
    """Return the value at a path below a value; MISSING if there is none."""
    return next(iter(found_under([value], path)), MISSING)

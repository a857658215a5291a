"""One side of a comparison at one place: its values, where they were sent, and as what.

Before two answers are compared some of their values are spelled alike: identities, own URLs, and
what an idiom explains.  What a report shows is always what was sent.  So a side has its own path,
and keeps the sent values beside the respelled ones where these differ.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, compress
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json, NoJsonError, parse_text
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, IN_TEXT, JsonPath

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
            both = zip(self.column, self.sent, strict=True)
            sent = [
                _at(original, where)
                for value, original in both
                if type(value) is dict and name in value
            ]
        return SentSide(column, self.path + where, sent, own_name=self.own_name)

    def path_of(self, name: str) -> JsonPath:
        """Return where the member was sent that stands under a name here."""
        return self.path + self._where(name)

    def part(self, at: int, names: Iterable[str]) -> dict[str, Json]:
        """Return those members of one object under some names in the column, as sent."""
        found: dict[str, Json] = {}
        for name in names:
            where = self._where(name)
            if isinstance(where[-1], str) and (member := _at(self.shown[at], where)) is not MISSING:
                found[where[-1]] = member
        return found

    def _where(self, name: str) -> JsonPath:
        known = self.names.get(name)
        if known is not None:
            return known
        return (self.own_name(name),) if self.own_name is not None else (name,)

    def elements(self, column: Column) -> "SentSide":
        """Return the side below the arrays of this one, its column being known."""
        sent = None if self.sent is None else _inside(self.column, self.sent, list)
        return SentSide(
            column,
            (*self.path, ANY_ELEMENT),
            sent if _fits(sent, column) else None,
            own_name=self.own_name,
        )

    def any_member(self, column: Column, order: Column | None = None) -> "SentSide":
        """Return the side below this one's objects, whose names are data, given its column.

        `order` are objects with the same names, in whose order the members stand.
        """
        sent = None if self.sent is None else self._sent_members(order or self.column)
        return SentSide(
            column,
            (*self.path, ANY_MEMBER),
            sent if _fits(sent, column) else None,
            own_name=self.own_name,
        )

    def _sent_members(self, order: Column) -> Column:
        """Return what was sent as the members of all objects, each in an order of names."""
        found: Column = []
        for names, value, original in zip(order, self.column, self.shown, strict=True):
            if type(value) is dict:
                sent_as = dict(zip(value, original.values(), strict=False))
                found.extend(sent_as[name] for name in names if name in sent_as)
        return found

    def without(self, gone: Callable[[Json], bool]) -> "SentSide":
        """Return the side without the values that say that there is none."""
        return self.kept([not gone(value) for value in self.column])

    def kept(self, keep: Sequence[bool]) -> "SentSide":
        """Return the side with some of its values, told by position."""
        sent = None if self.sent is None else list(compress(self.sent, keep))
        whole = None if self.whole is None else list(compress(self.whole, keep))
        return replace(self, column=list(compress(self.column, keep)), sent=sent, whole=whole)

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
        names = {name: at_name if at else self._as_sent(at_name) for name, at_name in names.items()}
        known = names if at else {**self.names, **names}
        sent = self._sent_below(column, at) if order is None else self._sent_in_order(order)
        whole = self._whole_below(column, at) if sent is None else None
        return SentSide(column, self.path + at, sent, known, self.own_name, whole)

    def _as_sent(self, path: JsonPath) -> JsonPath:
        """Return a path below with its first name as it was sent."""
        return self._where(path[0]) + path[1:] if path and isinstance(path[0], str) else path

    def _sent_below(self, column: Column, at: JsonPath) -> Column | None:
        if not at and column is self.column:
            return self.sent
        if self.sent is None and (at or all(type(value) is dict for value in column)):
            # only names, or what stands around, are spelled another way: the values are those sent
            return None
        sent = values_under(self.shown, at)
        return sent if _fits(sent, column) else None

    def _sent_in_order(self, order: Column) -> Column | None:
        return None if self.sent is None and self.whole is None else self._sent_members(order)

    def _whole_below(self, column: Column, at: JsonPath) -> Column | None:
        """Return what was sent where an idiom left it under other names, or less of it.

        It is in the same order.
        """
        whole = None if ANY_MEMBER in at else values_under(self.shown, at)
        return whole if _fits(whole, column) else None


def _fits(sent: Column | None, column: Column) -> bool:
    return sent is not None and len(sent) == len(column)


def _in_order(column: Column, orders: Sequence[Sequence[int] | None]) -> Column:
    both = zip(column, orders, strict=True)
    return [value if order is None else [value[at] for at in order] for value, order in both]


def _inside(column: Column, sent: Column, kind: type) -> Column:
    """Return the sent members or elements of the values that are containers of a kind."""
    both = (
        one
        for value, one in zip(column, sent, strict=True)
        if type(value) is kind and type(one) is kind
    )
    return list(chain.from_iterable(one.values() if type(one) is dict else one for one in both))


def values_under(column: Column, path: JsonPath) -> Column | None:
    """Return what stands under a path in each value, in order.

    None where it is not in all of them.
    """
    for segment in path:
        try:
            if segment is ANY_ELEMENT:
                column = list(chain.from_iterable(column))
            elif segment is ANY_MEMBER:
                column = list(chain.from_iterable(value.values() for value in column))
            elif segment is IN_TEXT:
                column = [parse_text(value) for value in column if value is not None]
            else:
                column = [value[segment] for value in column]
        except (KeyError, TypeError, AttributeError, NoJsonError):
            return None
    return column


def _at(value: Json, path: JsonPath) -> Json:
    found = values_under([value], path)
    return found[0] if found else MISSING

"""One difference between two answers, before anybody asks which runtimes stand behind them."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.values.element_ids import ElementId, turned
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import exchanged
from conformance.comparison.values.stops import Paths
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import JsonPath

ABSENT: Final = "absent"
PRESENT: Final = "present"
SOMETIMES_PRESENT: Final = "sometimes present"
_OF_PRESENCE: Final = frozenset({ABSENT, PRESENT, SOMETIMES_PRESENT})
HEADER_PLACE: Final = "header "
"""What the place of a header field begins with."""
DIFFERS: Final = "differs"
"""The fact of both sides where only the values are not the same."""
VALUES_DIFFER: Final = (DIFFERS, DIFFERS)
"""The facts of two sides of which values alone differ."""
ANOTHER_ORDER: Final = "another-order"
"""The name of the idiom about the order of a list."""
# About three lines of a report
_EXCERPT_CHARACTERS: Final = 240
FACT_CHARACTERS: Final = 80
"""A longer fact is cut: it stands on a line of the ledger."""
# Enough that two long facts of one ledger are not taken for the same
_DIGEST_DIGITS: Final = 8


EXTRA: Final = ", extra: "
"""What stands between how long a list is and the elements that another list lacks."""


class Verbatim(str):
    """What an answer had at a place that is no JSON value: a status, a header field, a text.

    It is shown as it is.
    """

    __slots__ = ()


class TextLines(Struct, frozen=True):
    """A text body, and how many of its lines equal another body's at its start and at its end."""

    text: str
    same_at_start: int
    same_at_end: int

    def beside(self, others: "Iterable[TextLines]") -> "TextLines":
        """Return the text with those lines the same that are the same in all comparisons."""
        known = (self, *others)
        return TextLines(
            self.text,
            min(map(attrgetter("same_at_start"), known)),
            min(map(attrgetter("same_at_end"), known)),
        )

    @property
    def span(self) -> str:
        """Name the lines that differ: `lines 2 to 4 of 9`."""
        count = len(lines_of(self.text))
        first, last = self.same_at_start + 1, count - self.same_at_end
        if last < first:
            return f"no line of {count}"
        if last == first:
            return f"line {last} of {count}"
        return f"lines {first} to {last} of {count}"

    @property
    def shown(self) -> "Verbatim":
        """Return the lines that differ."""
        lines = lines_of(self.text)
        return Verbatim("\n".join(lines[self.same_at_start : len(lines) - self.same_at_end]))


_LINE_END: Final = re.compile(r"\r\n|\r|\n")


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, whatever they end in."""
    *lines, last = _LINE_END.split(text)
    return [*lines, last] if last else lines


def line_ends_of(text: str) -> list[str]:
    """Return what the lines of a text end in."""
    return _LINE_END.findall(text)


class Occurrence(Struct, frozen=True):
    """Two things that differ at a place, as sent.

    They are JSON values, `Verbatim` texts, `TextLines`, or MISSING.

    `element` is None where the two do not belong together but as the columns that they are taken
    from.
    """

    element: ElementId | None
    a: Json
    b: Json

    @property
    def both(self) -> tuple[Json, Json]:
        """Return what the two sides sent."""
        return self.a, self.b

    def beside(self, pair: tuple[int, int]) -> Iterator[tuple[int, Json]]:
        """Yield each of two runtimes with what it sent."""
        return zip(pair, self.both, strict=True)

    def turned(self) -> "Occurrence":
        """Return the same with the sides exchanged."""
        element = None if self.element is None else turned(self.element)
        return Occurrence(element, self.b, self.a)


class Difference(Struct, frozen=True, kw_only=True):
    """What differs at a place: its spelling on either side, the facts, and where it was seen.

    Each side has its own fact.

    `idiom` names the cause that claims the difference, `details` say more of either side, each by
    itself; `paths` are the places within two bodies.  `moves_values` tells that what stands here
    stands at another place on the other side, `of_extra` that only extra elements of a longer list
    show it.
    """

    kind: DifferenceKind
    facet: Facet
    places: tuple[str, str]
    facts: tuple[str, str]
    occurrences: tuple[Occurrence, ...]
    details: tuple[str, str] = ("", "")
    idiom: str | None = None
    paths: Paths | None = None
    moves_values: bool = False
    of_extra: bool = False

    @property
    def name(self) -> str:
        """Return the name of the signature: the idiom's, else the kind's."""
        return self.idiom or self.kind.value

    @property
    def known_paths(self) -> Sequence[JsonPath]:
        """Return the places within two bodies; nothing for another part of an answer."""
        return self.paths or ()

    @property
    def nothing_there(self) -> tuple[bool, bool]:
        """Tell for either side whether it has nothing at the place, and so no spelling of it.

        A side that lacks a member in some objects only is described in words.
        """
        if self.kind is not DifferenceKind.MEMBER or self.facts.count(ABSENT) != 1:
            return False, False
        values = chain.from_iterable(map(attrgetter("both"), self.occurrences))
        # In words it is said how many objects have the member: then some have it
        if Verbatim in map(type, values):
            return False, False
        return self.facts[0] == ABSENT, self.facts[1] == ABSENT

    @property
    def layout(self) -> str | None:
        """Return the idiom about the layout of objects that the difference is, if it is one."""
        is_of_members = self.kind is DifferenceKind.MEMBER
        is_of_layout = is_of_members and _OF_PRESENCE.isdisjoint(self.facts)
        return self.idiom if is_of_layout else None

    @property
    def tells_presence(self) -> bool:
        """Return whether one side has a member, or has it in more elements than the other side."""
        if self.kind is not DifferenceKind.MEMBER:
            return False
        return self.layout is None and not self.tells_elements

    @property
    def tells_elements(self) -> bool:
        """Return whether the sides have a member as often, but not in the same elements."""
        if self.kind is not DifferenceKind.MEMBER or self.idiom is not None:
            return False
        return self.facts == VALUES_DIFFER

    @property
    def aspect(self) -> str:
        """Name the aspect of a place: a member's frequency, its elements, a length, an order.

        The frequency is how often a member is there, the elements are those in which it is.  Of a
        header field it is its name, its presence or its value.

        Nothing for what stands there: its type and its value.
        """
        if self.places[0].startswith(HEADER_PLACE):
            return self._aspect_of_header
        if self.kind is DifferenceKind.LENGTH:
            return "length"
        if self.idiom == ANOTHER_ORDER:
            return ANOTHER_ORDER
        if self.tells_presence:
            return "presence"
        return "elements" if self.tells_elements else ""

    @property
    def _aspect_of_header(self) -> str:
        """Name what a difference of a header field is about; nothing for what is read from it."""
        if self.kind is not DifferenceKind.HEADER:
            return "name"
        if self.facet is Facet.VALUE:
            return "value"
        return "presence" if PRESENT in self.facts else ""

    def turned(self) -> "Difference":
        """Return the difference with the sides exchanged."""
        return replace(
            self,
            places=self.places[::-1],
            facts=self.facts[::-1],
            details=self.details[::-1],
            occurrences=tuple(map(Occurrence.turned, self.occurrences)),
            paths=exchanged(self.paths),
        )


def at_one_place(  # noqa: PLR0913 - one difference has this many parts
    kind: DifferenceKind,
    facet: Facet,
    place: str,
    facts: tuple[str, str],
    examples: tuple[str | TextLines, str | TextLines],
    *,
    idiom: str | None = None,
) -> Difference:
    """Return a difference at a place that both sides spell alike, its examples being texts."""
    seen = Occurrence((), *map(_as_sent, examples))
    return Difference(
        kind=kind,
        facet=facet,
        places=(place, place),
        facts=facts,
        occurrences=(seen,),
        idiom=idiom,
        paths=((), ()) if place == "$" else None,
    )


def _as_sent(example: str | TextLines) -> Verbatim | TextLines:
    """Return an example as it is noted: a text is none in JSON."""
    if isinstance(example, str):
        return Verbatim(example)
    return example


def printable(text: str) -> str:
    """Return a text with lone surrogates escaped, so that every report can hold it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def excerpt(text: str) -> str:
    """Return a text short enough for a report."""
    if len(text) <= _EXCERPT_CHARACTERS:
        return text
    return f"{text[: _EXCERPT_CHARACTERS - 1]}…"


def as_fact(text: str) -> str:
    """Return a text as a fact: a long one is cut at a word, and ends in a digest of the whole."""
    whole = _without_separators(text)
    if len(whole) <= FACT_CHARACTERS:
        return whole or "empty"
    digest = hashlib.sha256(whole.encode()).hexdigest()[:_DIGEST_DIGITS]
    return f"{_cut_at_a_word(whole)} sha256 {digest}"


def as_code(text: str) -> str:
    """Return an error's name as a fact: a long message is cut, as its end often varies.

    Only its beginning is kept.
    """
    whole = _without_separators(text)
    if len(whole) > FACT_CHARACTERS:
        return _cut_at_a_word(whole)
    return whole or "empty"


def _without_separators(text: str) -> str:
    """Return a text without the characters that separate facts in a signature."""
    return re.sub(r"[|()\s]+", " ", printable(text)).strip()


def _cut_at_a_word(text: str) -> str:
    """Return the beginning of a long text, with a mark.

    Within a word only where that is very long.
    """
    start = text[:FACT_CHARACTERS]
    end = start.rfind(" ")
    # A blank in the first half would leave too little of the text
    if end <= FACT_CHARACTERS // 2:
        return f"{start}…"
    return f"{start[:end]} …"


def names_as_fact(names: Iterable[str]) -> str:
    """Return names as a fact, or `none`."""
    return as_fact(", ".join(sorted(names)) or "none")

"""One difference between two answers, still without the names of the runtimes."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.values.element_ids import ElementId, swapped
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
"""Prefix of the place of a header field."""
DIFFERS: Final = "differs"
"""The fact of both sides where only their values differ."""
VALUES_DIFFER: Final = (DIFFERS, DIFFERS)
"""The facts of two sides that differ only in their values."""
ANOTHER_ORDER: Final = "another-order"
"""The name of the idiom about the order of a list."""
# About three lines of a report
_EXCERPT_CHARACTERS: Final = 240
FACT_CHARACTERS: Final = 80
"""The longest fact: longer ones are cut, as a fact must fit on a line of the ledger."""
# Enough that two long facts in one ledger have different digests
_DIGEST_DIGITS: Final = 8


EXTRA: Final = ", extra: "
"""Separates the length of a list from the elements that another list lacks."""


class Verbatim(str):
    """What an answer had at a place that is no JSON value: a status, a header field, a text.

    Reports print it unchanged.
    """

    __slots__ = ()


class TextLines(Struct, frozen=True):
    """A text body, and how many lines at its start and end equal those of another body."""

    text: str
    same_at_start: int
    same_at_end: int

    def beside(self, others: "Iterable[TextLines]") -> "TextLines":
        """Return the text with only those lines counted as equal that are so in all comparisons."""
        known = (self, *others)
        return TextLines(
            self.text,
            min(map(attrgetter("same_at_start"), known)),
            min(map(attrgetter("same_at_end"), known)),
        )

    @property
    def span(self) -> str:
        """Return which lines differ: `lines 2 to 4 of 9`."""
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
    """Return the lines of a text without their ends, which may be CR LF, CR or LF."""
    *lines, last = _LINE_END.split(text)
    return [*lines, last] if last else lines


def line_ends_of(text: str) -> list[str]:
    """Return the ends of the lines of a text."""
    return _LINE_END.findall(text)


class Occurrence(Struct, frozen=True):
    """Two things that differ at a place, as they were sent.

    They are JSON values, `Verbatim` texts, `TextLines`, or MISSING.  `element` is None where the
    two are examples from columns that do not correspond by position.
    """

    element: ElementId | None
    a: Json
    b: Json

    @property
    def both(self) -> tuple[Json, Json]:
        """Return what the two sides sent."""
        return self.a, self.b

    def beside(self, pair: tuple[int, int]) -> Iterator[tuple[int, Json]]:
        """Yield each runtime of a pair with what it sent."""
        return zip(pair, self.both, strict=True)

    def swapped(self) -> "Occurrence":
        """Return the occurrence with the sides exchanged."""
        element = None if self.element is None else swapped(self.element)
        return Occurrence(element, self.b, self.a)


_ASPECTS: Final = {DifferenceKind.LENGTH: "length", DifferenceKind.BODY_KIND: "kind"}


class Difference(Struct, frozen=True, kw_only=True):
    """A difference at a place: how each side spells the place, its fact, and the occurrences.

    - `idiom`: the name of the idiom that claims the difference.
    - `details`: further text about each side by itself.
    - `paths`: the places in the two bodies, if it is in the bodies.
    - `moves_values`: what is at this place has another place on the other side.
    - `of_extra`: only extra elements of a longer list show the difference.
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
        """Return the name for the signature: the idiom's, else the kind's."""
        return self.idiom or self.kind.value

    @property
    def known_paths(self) -> Sequence[JsonPath]:
        """Return the places in the two bodies; empty for a difference elsewhere in the answers."""
        return self.paths or ()

    @property
    def nothing_there(self) -> tuple[bool, bool]:
        """Return for each side whether it has nothing at the place, and so no spelling of it.

        False for a side that lacks a member in some objects only.
        """
        if self.kind is not DifferenceKind.MEMBER or self.facts.count(ABSENT) != 1:
            return False, False
        values = chain.from_iterable(map(attrgetter("both"), self.occurrences))
        # A text says how many objects have the member: then some have it
        if Verbatim in map(type, values):
            return False, False
        return self.facts[0] == ABSENT, self.facts[1] == ABSENT

    @property
    def layout(self) -> str | None:
        """Return the idiom if the difference is about the layout of objects, else None."""
        is_of_members = self.kind is DifferenceKind.MEMBER
        is_of_layout = is_of_members and _OF_PRESENCE.isdisjoint(self.facts)
        return self.idiom if is_of_layout else None

    @property
    def is_of_presence(self) -> bool:
        """Return whether one side has a member that the other lacks, or has it in more elements."""
        if self.kind is not DifferenceKind.MEMBER:
            return False
        return self.layout is None and not self.is_of_element_presence

    @property
    def is_of_element_presence(self) -> bool:
        """Return whether both sides have a member equally often, but not in the same elements."""
        if self.kind is not DifferenceKind.MEMBER or self.idiom is not None:
            return False
        return self.facts == VALUES_DIFFER

    @property
    def aspect(self) -> str:
        """Return the aspect of a place that differs; `` for the type or value at the place.

        `presence` is whether, or in which elements, there is a member; `presence in all` is how
        many of all elements have it.  Others are `length`, `kind` (of a body) and `another-order`.
        For a header field the aspect is its name, presence or value.
        """
        if self.places[0].startswith(HEADER_PLACE):
            return self._aspect_of_header
        if self.kind in _ASPECTS:
            return _ASPECTS[self.kind]
        if self.idiom == ANOTHER_ORDER:
            return ANOTHER_ORDER
        if not self.is_of_presence and not self.is_of_element_presence:
            return ""
        is_of_all = None in map(attrgetter("element"), self.occurrences)
        return "presence in all" if is_of_all else "presence"

    @property
    def _aspect_of_header(self) -> str:
        """Return the aspect of a header field that differs; `` for a part of its value."""
        if self.kind is not DifferenceKind.HEADER:
            return "name"
        if self.facet is Facet.VALUE:
            return "value"
        return "presence" if PRESENT in self.facts else ""

    def swapped(self) -> "Difference":
        """Return the difference with the sides exchanged."""
        return replace(
            self,
            places=self.places[::-1],
            facts=self.facts[::-1],
            details=self.details[::-1],
            occurrences=tuple(map(Occurrence.swapped, self.occurrences)),
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
    """Return a difference at a place that both sides spell alike, with one example of each side."""
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
    """Return an example text marked as verbatim, so that it is not taken for a JSON string."""
    if isinstance(example, str):
        return Verbatim(example)
    return example


def printable(text: str) -> str:
    """Return a text with lone surrogates escaped, so that every report can be encoded."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def excerpt(text: str) -> str:
    """Return a text cut to the length for a report."""
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
    """Return an error's code as a fact; a long message is cut, as its end often varies."""
    whole = _without_separators(text)
    if len(whole) > FACT_CHARACTERS:
        return _cut_at_a_word(whole)
    return whole or "empty"


def _without_separators(text: str) -> str:
    """Return a text without the characters that separate facts in a signature."""
    return re.sub(r"[|()\s]+", " ", printable(text)).strip()


def _cut_at_a_word(text: str) -> str:
    """Return the beginning of a long text, cut at a word, with an ellipsis.

    It is cut within a word only if that word is very long.
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

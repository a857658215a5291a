"""A place in the answers to a case, as findings print it and ledger rows write it.

A place is `exchange`, `status`, `kind`, `header NAME`, `note NAME`, or a path from `$`.  In a case
of several steps it has its step: `step 2: $.total`.  A row writes a place with all of its spellings
where runtimes name its members differently: `$.N | $.n`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from operator import attrgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.json_path import ANY_DEPTH, ANY_MEMBER, JsonPath, covers, parse_path

_STEP: Final = re.compile(r"step (?P<number>[1-9][0-9]{0,5}): (?P<part>.*)", re.DOTALL)
_PART: Final = re.compile(r"exchange|status|kind|(?:header|note) \S+")
_SPELLING: Final = re.compile(r"(?:[^'|]|'(?:[^'\\]|\\.)*')+", re.DOTALL)
"""A spelling: all up to a `|` that stands in no quoted name."""
_BETWEEN: Final = " | "
KNOWN_PLACES: Final = "exchange, status, kind, `header NAME`, `note NAME` or a path from '$'"


class AnswerPlace(Struct, frozen=True):
    """A parsed place: its step, the part of an answer, and the path in a body.

    A step of None stands for a case with one step.

    `path` may hold wildcards; None where the part is no path.
    """

    step: int | None
    part: str
    path: JsonPath | None

    @property
    def open(self) -> bool:
        """Return whether the place also covers names that nobody wrote: `.*` or `.**`.

        `[*]` is no such wildcard.
        """
        return not {ANY_MEMBER, ANY_DEPTH}.isdisjoint(self.segments)

    @property
    def segments(self) -> JsonPath:
        """Return the path; none for a part that is no path."""
        return self.path or ()


@lru_cache(maxsize=4096)
def parse_place(text: str) -> AnswerPlace:
    """Read a place; raises ValueError that says what is wrong."""
    with_step = _STEP.fullmatch(text)
    step = int(with_step["number"]) if with_step else None
    part = with_step["part"] if with_step else text
    if part.startswith("$"):
        return AnswerPlace(step, part, parse_path(part, printed=True))
    if not _PART.fullmatch(part):
        raise ValueError(
            f"wanted {KNOWN_PLACES}, after `step N: ` in a case of several steps; got {text!r}"
        )
    return AnswerPlace(step, part, None)


@lru_cache(maxsize=4096)
def spellings(written: str) -> tuple[AnswerPlace, ...]:
    """Read a place of a row with all of its spellings; raises ValueError that says what is wrong.

    Its step stands before the first spelling, for all of them.
    """
    first, *others = _spelled(written)
    place = parse_place(first)
    read = [replace(parse_place(other), step=place.step) for other in others]
    return place, *read


def _spelled(written: str) -> list[str]:
    """Return the spellings of a place as texts."""
    if _BETWEEN not in written:
        return [written]
    return list(map(str.strip, _SPELLING.findall(written)))


def first_spelling(written: str) -> str:
    """Return the first spelling of a place of a row, with its step."""
    return _spelled(written)[0]


def spelled_together(parts: Iterable[str]) -> str:
    """Return a part of an answer with all of its spellings, as a row writes it."""
    return _BETWEEN.join(sorted({*parts}))


def spelled_alike(places: Iterable[str], written: str) -> list[str]:
    """Return those of some places that have a spelling in common with a place of a row."""
    own = set(spellings(written))
    return [place for place in places if not own.isdisjoint(spellings(place))]


def add_place(places: set[str], written: str) -> None:
    """Add a place to those of a row in a case; places with a spelling in common become one."""
    own = set(spellings(written))
    # One runtime spells the place alike: it is one place with more spellings
    alike = spelled_alike(places, written)
    if not alike:
        places.add(written)
        return
    places.difference_update(alike)
    own.update(*map(spellings, alike))
    part = spelled_together(map(attrgetter("part"), own))
    step = spellings(written)[0].step
    if step is None:
        places.add(part)
    else:
        places.add(f"step {step}: {part}")


def place_in_case(part: str, step: int, steps: int) -> str:
    """Return the place of a part of an answer in a case of so many steps; `step` counts from 0."""
    if steps <= 1:
        return part
    return f"step {step + 1}: {part}"


@lru_cache(maxsize=4096)
def place_covers(written: str, place: str, *, grows: bool = True) -> bool:
    """Return whether a place written in a row stands for the place of a finding.

    The written place may hold wildcards.  Unless the row grows, `.*` stands only for the entries of
    a map that the finding is about as a whole, as `[*]` does for the elements of a list.
    """
    if written == place:
        return True
    try:
        patterns, found = spellings(written), parse_place(place)
    except ValueError:  # no place that a row can name
        return False
    stands_for = partial(_stands_for, found=found, grows=grows)
    return any(map(stands_for, patterns))


def _stands_for(pattern: AnswerPlace, found: AnswerPlace, *, grows: bool) -> bool:
    if pattern.step != found.step:
        return False
    # A header field or a note has no wildcards
    if pattern.path is None or found.path is None:
        return pattern.part == found.part
    # The finding itself may be about a map as a whole
    if pattern.open and not grows:
        return pattern.path == found.path
    return covers(pattern.path, found.path)

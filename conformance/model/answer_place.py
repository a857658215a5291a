"""A place in the answers to a case, as findings print it and ledger rows write it.

A place is `exchange`, `status`, `kind`, `header NAME`, `note NAME`, or a path from `$`.  In a case
of several steps the step comes first: `step 2: $.total`.  If runtimes name members differently, a
row writes all spellings of the place: `$.N | $.n`.
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
"""A spelling: all text up to a `|` outside quoted names."""
_BETWEEN: Final = " | "
KNOWN_PLACES: Final = "exchange, status, kind, `header NAME`, `note NAME` or a path from '$'"


class AnswerPlace(Struct, frozen=True):
    """A parsed place: its step, the part of an answer, and the path in a body.

    A step of None stands for a case with one step.

    `path` may hold wildcards; it is None if the part is no path.
    """

    step: int | None
    part: str
    path: JsonPath | None

    @property
    def open(self) -> bool:
        """Return whether the place also covers names that it does not list, by `.*` or `.**`.

        `[*]` is no such wildcard.
        """
        return not {ANY_MEMBER, ANY_DEPTH}.isdisjoint(self.segments)

    @property
    def segments(self) -> JsonPath:
        """Return the path, or an empty path if the part is no path."""
        return self.path or ()


@lru_cache(maxsize=4096)
def parse_place(text: str) -> AnswerPlace:
    """Return a parsed place; raise ValueError that says what is wrong."""
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
    """Return all spellings of a place in a row; raise ValueError that says what is wrong.

    The step is written before the first spelling, and holds for all of them.
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
    """Return the spellings of a part of an answer as one text, in the form of a row."""
    return _BETWEEN.join(sorted({*parts}))


def spelled_alike(places: Iterable[str], written: str) -> list[str]:
    """Return those of some places that share a spelling with a place of a row."""
    own = set(spellings(written))
    return [place for place in places if not own.isdisjoint(spellings(place))]


def add_place(places: set[str], written: str) -> None:
    """Add a place to the places of a row in a case; places that share a spelling become one."""
    own = set(spellings(written))
    # A shared spelling makes it one place with more spellings
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
    """Return the place of a part of an answer in a case of `steps` steps; `step` counts from 0."""
    if steps <= 1:
        return part
    return f"step {step + 1}: {part}"


@lru_cache(maxsize=4096)
def place_covers(written: str, place: str, *, grows: bool = True) -> bool:
    """Return whether a place in a row covers the place of a finding.

    The written place may hold wildcards.  If the row does not grow, `.*` covers only findings about
    the entries of a map as a whole, as `[*]` does for the elements of a list.
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

"""A place in the answers to a case, as findings print it and ledger rows write it.

A place is `exchange`, `status`, `kind`, `header NAME`, `note NAME`, or a path from `$`.  In a case
of several steps it has its step: `step 2: $.total`.
"""

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from conformance.model.json_path import ANY_DEPTH, ANY_MEMBER, JsonPath, covers, parse_path

_STEP: Final = re.compile(r"step (?P<number>[1-9][0-9]{0,5}): (?P<part>.*)", re.DOTALL)
_PART: Final = re.compile(r"exchange|status|kind|(?:header|note) \S+")
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
        path = self.path or ()
        return not {ANY_MEMBER, ANY_DEPTH}.isdisjoint(path)


def parse_place(text: str) -> AnswerPlace:
    """Read a place; raises ValueError that says what is wrong."""
    with_step = _STEP.fullmatch(text)
    step, part = (int(with_step["number"]), with_step["part"]) if with_step else (None, text)
    if part.startswith("$"):
        return AnswerPlace(step, part, parse_path(part, printed=True))
    if not _PART.fullmatch(part):
        raise ValueError(
            f"wanted {KNOWN_PLACES}, after `step N: ` in a case of several steps; got {text!r}"
        )
    return AnswerPlace(step, part, None)


def place_in_case(part: str, step: int, steps: int) -> str:
    """Return the place of a part of an answer in a case of so many steps; `step` counts from 0."""
    return part if steps <= 1 else f"step {step + 1}: {part}"


@lru_cache(maxsize=4096)
def place_covers(written: str, place: str) -> bool:
    """Return whether a place written in a row stands for the place of a finding.

    The written place may hold wildcards.
    """
    if written == place:
        return True
    try:
        pattern, found = parse_place(written), parse_place(place)
    except ValueError:  # no place that a row can name
        return False
    if pattern.step != found.step:
        return False
    if pattern.path is None or found.path is None:
        return False
    return covers(pattern.path, found.path)

"""One difference between two answers, before anybody asks which runtimes stand behind them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from conformance.model.finding import DifferenceKind, Facet

ABSENT: Final = "absent"
PRESENT: Final = "present"
DIFFERS: Final = "differs"
"""The fact of both sides where only the values are not the same."""
_EXCERPT_CHARACTERS: Final = 240
_FACT_CHARACTERS: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs at a path: the fact of either side, an excerpt of either side, and the idiom that claims it."""

    kind: DifferenceKind
    facet: Facet
    path: str
    a_fact: str
    b_fact: str
    a_example: str = ""
    b_example: str = ""
    detail: str = ""
    idiom: str | None = None

    @property
    def name(self) -> str:
        """Return the name of the signature: the idiom's, else the kind's."""
        return self.idiom or self.kind.value


def printable(text: str) -> str:
    """Return a text with lone surrogates escaped, so that every report can hold it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def excerpt(text: str) -> str:
    """Return a text short enough for a report."""
    return text if len(text) <= _EXCERPT_CHARACTERS else text[: _EXCERPT_CHARACTERS - 1] + "…"


def as_fact(text: str) -> str:
    """Return a text as a fact: without the characters that separate facts in a signature."""
    return re.sub(r"[|()\s]+", " ", printable(text)).strip()[:_FACT_CHARACTERS] or "empty"


def names_as_fact(names: Iterable[str]) -> str:
    """Return names as a fact, or `none`."""
    return as_fact(", ".join(sorted(names)) or "none")

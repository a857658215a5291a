"""One difference between two answers, before anybody asks which runtimes stand behind them."""

from dataclasses import dataclass
from typing import Final

from conformance.model.finding import DifferenceKind, Facet

DIFFERS: Final = "differs"
"""The fact of both sides where only the values are not the same."""
_EXCERPT_CHARACTERS: Final = 240


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

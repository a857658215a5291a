"""Lines for a terminal: plain text with a style beside it, cut to the width.

They are coloured where a person looks at them.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, TextIO, TypeVar

from msgspec import Struct

from conformance.reporting.excerpts import cut
from conformance.wording import plural

Style = Literal[
    "", "bold", "dim", "red", "green", "yellow", "bold red", "bold green", "bold yellow"
]
Line = tuple[str, Style]

_COLUMNS_ELSEWHERE: Final = 120
"""How wide lines are where the output is no terminal: as wide as most logs show them."""


_Item = TypeVar("_Item")


class View(Struct, frozen=True, kw_only=True):
    """How much of a report is shown: `everything`, or what fits a screen of so many columns.

    `top`: causes in full.
    """

    everything: bool = False
    top: int | None = None
    columns: int = 100

    def first(self, items: Sequence[_Item], most: int) -> Sequence[_Item]:
        """Return the first of some items, or all where everything is shown."""
        return items if self.everything else items[:most]

    def fit(self, text: str, lines: int = 1) -> str:
        """Return a text that takes so many lines at most."""
        return text if self.everything else cut(text, lines * self.columns)


def styled(texts: Iterable[str], style: Style = "") -> Iterator[Line]:
    """Yield texts as lines of one style."""
    return ((text, style) for text in texts)


def more_lines(
    more: int, noun: str, rest: str = "", style: Style = "dim", start: str = "… "
) -> Iterator[Line]:
    """Yield a line with how many more there are, where there are any."""
    if more:
        yield f"{start}and {plural(more, f'more {noun}')}{rest}", style


def view_of(out: TextIO, *, everything: bool = False, top: int | None = None) -> View:
    """Return the view for an output: as wide as it is, where it is a terminal."""
    columns = shutil.get_terminal_size().columns if out.isatty() else _COLUMNS_ELSEWHERE
    return View(everything=everything, top=top, columns=columns)


def print_lines(lines: Iterable[Line], out: TextIO) -> None:
    """Print lines, in colour where the output is a terminal that wants it."""
    if not out.isatty():
        for text, _ in lines:
            print(text, file=out)
        return
    from rich.console import Console  # noqa: PLC0415 - not loaded where nothing is coloured
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=out, highlight=False, soft_wrap=True)
    for text, style in lines:
        console.print(Text(text, style=style))

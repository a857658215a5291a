"""Lines for a terminal: pairs of plain text and a style, cut to the width.

Colours are used only if the output is a terminal.
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
"""The width of lines if the output is no terminal: as wide as most log viewers show."""


_Item = TypeVar("_Item")


class View(Struct, frozen=True, kw_only=True):
    """How much of a report is shown: `everything`, or what fits on a screen of `columns`.

    `top` is the number of causes that are shown in full; None is as many as fit.
    """

    everything: bool = False
    top: int | None = None
    columns: int = 100

    def first(self, items: Sequence[_Item], most: int) -> Sequence[_Item]:
        """Return the first `most` items, or all of them if everything is shown."""
        return items if self.everything else items[:most]

    def fit(self, text: str, lines: int = 1) -> str:
        """Return a text cut to a number of screen lines, or whole if everything is shown."""
        return text if self.everything else cut(text, lines * self.columns)


def styled(texts: Iterable[str], style: Style = "") -> Iterator[Line]:
    """Yield texts as lines of one style."""
    return ((text, style) for text in texts)


def more_lines(
    more: int, noun: str, rest: str = "", style: Style = "dim", start: str = "… "
) -> Iterator[Line]:
    """Yield one line with the number of items left out, or none if the number is 0."""
    if more:
        yield f"{start}and {plural(more, f'more {noun}')}{rest}", style


def view_of(out: TextIO, *, everything: bool = False, top: int | None = None) -> View:
    """Return the view for an output, with the width of the terminal if it is one."""
    columns = shutil.get_terminal_size().columns if out.isatty() else _COLUMNS_ELSEWHERE
    return View(everything=everything, top=top, columns=columns)


def print_lines(lines: Iterable[Line], out: TextIO) -> None:
    """Print lines, in colour if the output is a terminal."""
    if not out.isatty():
        for text, _ in lines:
            print(text, file=out)
        return
    from rich.console import Console  # noqa: PLC0415 - not loaded where nothing is coloured
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=out, highlight=False, soft_wrap=True)
    for text, style in lines:
        console.print(Text(text, style=style))

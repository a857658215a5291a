"""A document in pieces: what a person wrote, and what was generated.

 It knows nothing of how the tracker reads one.

Pieces make a pattern: what a person wrote has to stand in the document byte for byte and in order,
and only where output was may anything else stand.  Blanks next to a bar are the cell's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt

_FILLED: Final = (
    rb"(?:\xe2\x80\x94|not verified|20[0-9]{2}-[0-9]{2}-[0-9]{2}|[12] of "
    rb"2(?:[^|\r\n\\]|\\[^\r\n])*)"
)
"""What a generated cell of the desk holds, once it is filled."""
_OUTPUT: Final = re.compile(
    rb"(<!-- conformance:begin ([a-z]+) -->.*?)(?=<!-- conformance:end \2 -->)|(?<=\|)( *"
    + _FILLED
    + rb" *)(?=\|)",
    re.DOTALL,
)
_CELL: Final = rb"(?:[^|\r\n\\]|\\[^\r\n])*"
_EMPTY_CELL: Final = re.compile(rb"\\\|((?:\\[ \t])*)(?=\\\|)")
"""An empty cell in an escaped pattern: a person leaves it to be filled."""
_LINE_END: Final = rb"(?:\r\n|\r|\n)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a person wrote."""

    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A generated region or a generated cell.

    A region goes from its first marker to before its last, a cell is what is between its bars.
    """

    content: bytes
    region: str | None = None


Piece = Written | Generated


def pieces_of(document: bytes) -> list[Piece]:
    """Take a document apart that has no traps in it."""
    pieces: list[Piece] = []
    at = 0
    for output in _OUTPUT.finditer(document):
        pieces += [
            Written(content=document[at : output.start()]),
            Generated(content=output[0], region=output[2].decode() if output[2] else None),
        ]
        at = output.end()
    return [*pieces, Written(content=document[at:])]


def joined(pieces: Sequence[Piece]) -> bytes:
    """Put a document together."""
    return b"".join(piece.content for piece in pieces)


def outside_differs(pieces: Sequence[Piece], after: bytes, regions: dict[str, bytes]) -> str:
    """Say what is wrong with a document that was brought up to date, empty where all is well."""
    found = re.fullmatch(b"".join(_patterns(pieces)), after, re.DOTALL)
    if found is None:
        return "something that a person wrote has changed"
    wrong = [name for name, content in regions.items() if _plain_ends(found[name]) != content]
    return f"not up to date: {', '.join(wrong)}" if wrong else ""


def region_contents(document: bytes) -> dict[str, bytes]:
    """Return the content of each region of a document without traps, with line feeds.

    Its lines end in line feeds.
    """
    return {
        piece.region: _plain_ends(piece.content.partition(b"-->")[2])[1:]
        for piece in pieces_of(document)
        if isinstance(piece, Generated) and piece.region
    }


def _patterns(pieces: Sequence[Piece]) -> list[bytes]:
    patterns = []
    for index, piece in enumerate(pieces):
        if isinstance(piece, Written):
            escaped = re.escape(_without_padding(pieces, index, piece.content))
            patterns.append(
                _EMPTY_CELL.sub(
                    lambda blank: rb"\|(?:" + blank[1] + b"| *" + _FILLED + b" *)", escaped
                )
            )
        elif piece.region is None:
            patterns.append(
                _CELL if joined(pieces[:index]).rstrip(b" \t").endswith(b"|") else rb"\|?" + _CELL
            )
        else:
            name = piece.region.encode()
            marker = b"<!-- conformance:begin " + name + rb" -->" + _LINE_END
            patterns.append(marker + b"(?P<" + name + b">.*?)")
    return patterns


def _without_padding(pieces: Sequence[Piece], index: int, content: bytes) -> bytes:
    if index and _is_cell(pieces[index - 1]):
        content = content.lstrip(b" \t")
    if index + 1 < len(pieces) and _is_cell(pieces[index + 1]):
        content = content.rstrip(b" \t")
    return content


def _is_cell(piece: Piece) -> bool:
    return isinstance(piece, Generated) and piece.region is None


def _plain_ends(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def verified_cells(document: bytes) -> list[str]:
    """Return the cells *Last verified* of a document, read as Markdown."""
    found: list[str] = []
    column, at = -1, 0
    for token in (
        MarkdownIt("commonmark").enable("table").parse(document.decode("utf-8", "replace"))
    ):
        if token.type == "table_open":
            column = -1 if not token.level else -2
        elif token.type == "tr_open":
            at = 0
        elif token.type in {"th_close", "td_close"}:
            at += 1
        elif token.type == "inline" and token.level > 2 and column != -2:
            if token.content.lower() == "last verified" and column == -1:
                column = at
            elif at == column:
                found.append(token.content)
    return found

"""Markdown as a reader sees it: text without markup, in one form of each character.

The input is a file or a cell, the output is text.  The words in emphasis, links and HTML tags stay.
Invisible characters (soft hyphens, zero-width spaces) are removed.  Full-width digits, special
spaces and compatibility letters get their form in Unicode's NFKC.  A code span with only a figure
is read as this figure; other code becomes `CODE`.
"""

import functools
import html
import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

CODE: Final = "`"
"""Stands for a code span, so that the text before and after it is not read as one."""
_MARKDOWN: Final = MarkdownIt("commonmark").enable("table")
_HTML: Final = re.compile(r"<!--.*?(?:-->|\Z)|<[^>]*>", re.DOTALL)
_FIGURE_ALONE: Final = re.compile(
    r"\s*[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?[\s-]?[^\W\d_/%]{0,12}%?\s*"
)


def plain(text: str) -> str:
    """Return a text in the form NFKC, without invisible characters."""
    visible = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return unicodedata.normalize("NFKC", visible)


@functools.lru_cache(maxsize=4096)
def rendered(source: str) -> str:
    """Return the text that a cell or a line of Markdown shows."""
    return "".join(map(_text, _MARKDOWN.parseInline(source)))


def rendered_blocks(source: str, skipped: Collection[int]) -> Iterator[tuple[int, int, str]]:
    """Yield `(line, level, text)` of the blocks of a page that do not begin in a skipped line.

    `level` is the level of a heading, 0 for any other block.  Code blocks are left out.
    """
    line = 0
    level = 0
    for token in _MARKDOWN.parse(source):
        # Only a block token has a line; the tokens inside it follow
        if token.map is not None:
            line = token.map[0]
        is_at_top = not token.level
        if token.type == "heading_open":
            level = int(token.tag[1:]) if is_at_top else 0
        elif token.type == "heading_close":
            level = 0
        elif token.type in {"inline", "html_block"} and line not in skipped:
            yield line, level, _text(token)


def _text(token: Token) -> str:
    match token.type:
        case "html_block":
            return plain(html.unescape(_HTML.sub(" ", token.content)))
        case "html_inline":
            return plain(html.unescape(_HTML.sub("", token.content)))
        case "code_inline":
            return _code(token.content)
        case "softbreak" | "hardbreak":
            return " "
    if token.children:
        return plain("".join(map(_text, token.children)))
    return plain(token.content)


def _code(content: str) -> str:
    """Return the text of a code span with only a figure, else `CODE`."""
    visible = plain(content)
    if not _FIGURE_ALONE.fullmatch(visible):
        return CODE
    return visible

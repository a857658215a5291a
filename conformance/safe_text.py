"""Text from runtimes made safe for output: visible to a reader and escaped for its format."""

import html
import json
import re
import unicodedata
from typing import Final

_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKDOWN_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_LINKED: Final = re.compile(r"(?<!\w)@(?=\w)|#(?=\d)|\bGH-(?=\d)|:(?=//)", re.IGNORECASE)
"""The start of what GitHub turns into a mention, a reference or a link; a break goes after it."""
_BREAK: Final = "&#8203;"
_NOT_PLAIN: Final = re.compile(r"[^\n -~]")
_BYTES_KEPT: Final = re.compile(r"[\udc80-\udcff]")
"""The characters that `os.fsdecode` returns for bytes that are not UTF-8."""
_DELETE: Final = 0x7F
_BACKTICKS: Final = re.compile(r"`+")


def visible(text: str) -> str:
    """Return the text with an escape for each character that a terminal would obey or hide."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN_CATEGORIES:
        return character
    number = ord(character)
    if number in _SHORT:
        return _SHORT[number]
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - the end of the BMP


_SHORT: Final = {0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r"}


def is_no_utf8(name: str) -> bool:
    """Return whether a file name, decoded by Python, contains bytes that are not UTF-8."""
    return _BYTES_KEPT.search(name) is not None


def visible_json(text: str) -> str:
    """Return JSON text of the same values with visible characters only."""
    if text.isascii() and text.isprintable():
        return text
    return _NOT_PLAIN.sub(_escaped_in_json, text)


def _escaped_in_json(found: re.Match[str]) -> str:
    character = found[0]
    if unicodedata.category(character) not in _HIDDEN_CATEGORIES:
        return character
    return json.dumps(character)[1:-1] if ord(character) > _DELETE else "\\u007f"


def markdown(text: str) -> str:
    """Escape text so that Markdown shows it unchanged, without mentions and links.

    The result is valid in a paragraph and in a table cell. A zero-width space breaks up mentions:
    GitHub removes backslashes before it looks for them.
    """
    return _unlinked(_MARKDOWN_SPECIAL.sub(r"\\\1", visible(text)))


def markdown_html(text: str) -> str:
    """Escape text so that an HTML element within Markdown shows it unchanged.

    Like `markdown`, it leaves no mention and no link.
    """
    return _unlinked(html.escape(visible(text), quote=False))


def _unlinked(text: str) -> str:
    return _LINKED.sub(lambda found: found[0] + _BREAK, text)


def markdown_code(text: str) -> str:
    """Return a code span that shows the text, even if it contains backticks."""
    code = visible(text)
    longest = max(map(len, _BACKTICKS.findall(code)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {code} {fence}" if longest or not code.strip() else f"{fence}{code}{fence}"


def markdown_code_cell(text: str) -> str:
    """Return a code span for a table cell, with bars escaped: a bar would end the cell."""
    return markdown_code(text).replace("|", "\\|")

"""Keep where white space stands beside inline HTML elements: `<b>a</b> <i>b</i>` is two words.

The content of an element is kept as a line: `…` for words, `<b>` for an inline element, a space for
white space.  Any other element begins a new line; white space beside it has no meaning.
"""

import re
from typing import Final

from conformance.comparison.bodies.elements import Element

INLINE: Final = frozenset(
    (
        "a", "abbr", "b", "bdi", "bdo", "button", "cite", "code", "data", "del", "dfn", "em", "i",
        "img", "input", "ins", "kbd", "label", "mark", "meter", "output", "progress", "q", "s",
        "samp", "select", "small", "span", "strong", "sub", "sup", "time", "u", "var",
    )
)  # fmt: skip
"""Elements that stand in a line of text (HTML, section 3.2.5.2.5)."""
_WHITE_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_FIRST_TO_LAST: Final = re.compile(r"[^ ](?:.*[^ ])?", re.DOTALL)
"""All characters from the first that is no space to the last."""
_WORDS: Final = "…"
"""What replaces words in a line."""
_LINE: Final = "\n"
_MANY_SPACES: Final = re.compile(r" +")
_MANY_WORDS: Final = re.compile(f"{_WORDS}+")


def add_child(element: Element, tag: str) -> None:
    """Add a child to the lines of an element."""
    element.add_to_lines(f"<{tag}>" if tag in INLINE else _LINE)


def add_text(element: Element, text: str) -> None:
    """Add a text to the lines of an element, with the white space around it."""
    spaced = _WHITE_SPACE.sub(" ", text)
    element.add_to_lines(_FIRST_TO_LAST.sub(_WORDS, spaced))


def inline_lines_of(element: Element) -> str:
    """Return the lines of an element that contain an inline element, or an empty text."""
    if not element.lines:
        return ""
    text = _MANY_SPACES.sub(" ", "".join(element.lines))
    lines: list[str] = []
    for line in text.split(_LINE):
        has_element = "<" in line
        if has_element:
            lines.append(_MANY_WORDS.sub(_WORDS, line.strip(" ")))
    return " | ".join(lines)


def differ_in_spaces(lines: str, others: str) -> bool:
    """Return whether the lines of two elements differ only in their white space."""
    return lines != others and lines.replace(" ", "") == others.replace(" ", "")

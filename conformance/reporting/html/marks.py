"""A text as HTML, with the parts marked that another text does not share.

The page's script does the same for the bodies of a case, in `marks.js`.
"""

import re
from difflib import SequenceMatcher
from typing import Final

from markupsafe import Markup, escape

from conformance.model.finding import Finding
from conformance.reporting import phrases
from conformance.safe_text import visible

_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+|\s+|.", re.DOTALL)
_LONGEST_CHARACTERS: Final = 600
"""The limit for a text: values are excerpts of at most 80 characters, sentences are longer."""


_LONG_TEXT: Final = 20
"""Shorter values are compared at a glance and not marked; in characters, as in `marks.js`."""


def marked_lines(finding: Finding) -> list[tuple[str, Markup]]:
    """Return the lines of `phrases.sent_lines`, with the differing parts of values marked.

    The first line is compared with the last, and all others with the first.
    """
    lines = [(who, visible(value)) for who, value in phrases.sent_lines(finding)]
    others = [lines[-1][1], *(lines[0][1] for _ in lines[1:])]
    return [
        (who, marked(short(value), short(other)))
        for (who, value), other in zip(lines, others, strict=True)
    ]


def short(text: str) -> str:
    """Return a text, cut if it is too long for the page."""
    return text if len(text) <= _LONGEST_CHARACTERS else f"{text[:_LONGEST_CHARACTERS]}…"


def marked(text: str, other: str) -> Markup:
    """Return a text as HTML, with the words marked that another text does not have.

    Nothing is marked in a short text, or if the texts have less than half in common.
    """
    if len(text) <= _LONG_TEXT:
        return escape(text)
    words, others = _TOKEN.findall(text), _TOKEN.findall(other)
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    parts = [
        ("".join(words[first:last]), operation != "equal")
        for operation, first, last, _, _ in matcher.get_opcodes()
        if first < last
    ]
    shared = sum(len(part) for part, differs in parts if not differs)
    if 2 * shared < len(text):
        return escape(text)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if differs else escape(part)
        for part, differs in parts
    )

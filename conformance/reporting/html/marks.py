"""The part of a text that another text does not share, marked: two texts in, HTML out.

The page's script does the same in `marks.js` for the bodies of a case.
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
"""Longer texts are cut here: values are excerpts of at most 80 characters, sentences are longer."""


_LONG_TEXT: Final = 20
"""A reader compares shorter values at a glance; in characters, as in `marks.js`."""


def marked_lines(finding: Finding) -> list[tuple[str, Markup]]:
    """Return what runtimes sent, as `phrases.sent_lines` has it, with what differs marked.

    The first line is read against the last, and all others against the first.
    """
    lines = [(who, visible(value)) for who, value in phrases.sent_lines(finding)]
    others = [lines[-1][1], *(lines[0][1] for _ in lines[1:])]
    return [
        (who, marked(short(value), short(other)))
        for (who, value), other in zip(lines, others, strict=True)
    ]


def short(text: str) -> str:
    """Return a text cut where it is too long for the page."""
    return text if len(text) <= _LONGEST_CHARACTERS else f"{text[:_LONGEST_CHARACTERS]}…"


def marked(text: str, other: str) -> Markup:
    """Return a text as HTML in which the words are marked that another text does not have.

    Nothing is marked in a short text, nor where less than half is shared: it is another text.
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

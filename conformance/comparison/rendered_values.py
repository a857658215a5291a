"""Values of several runtimes as texts next to each other, each as sent, different if they differ.

A long text is cut to an excerpt around the first difference, with its length and digest, so that a
reader can find it in the answer.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from functools import partial
from itertools import pairwise, repeat, starmap, takewhile
from operator import eq
from typing import Final

from conformance.comparison.difference import TextLines, Verbatim, printable
from conformance.comparison.values.columns import of_type
from conformance.comparison.values.json_encoding import compact
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.side import MISSING
from conformance.model.pin import SHOWN_CHARACTERS

# A few words: enough to find the place in the answer
_BEFORE_THE_DIFFERENCE: Final = 40
_UNSEEN: Final = re.compile(r"^ +| +$|(?<= ) +", re.MULTILINE)
"""Spaces that a reader cannot see."""
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
# The same as for a long text in a pin: 48 bits, which no two texts share by chance
_DIGEST_DIGITS: Final = 12


def rendered_together(values: Sequence[Json]) -> list[str]:
    """Return the values as texts, with escapes where two different ones would look alike."""
    values = _cut_alike(values)
    texts = list(map(_text, values))
    if _look_alike(texts):
        texts = list(map(_escaped, values, texts))
    if max(map(len, texts), default=0) <= SHOWN_CHARACTERS:
        return _with_seen_spaces(values, texts)
    starts = _starts_of_windows(texts)
    return list(map(_excerpt, texts, repeat(starts)))


def _cut_alike(values: Sequence[Json]) -> Sequence[Json]:
    """Return the values with each text body cut to the lines that differ between any two."""
    bodies = of_type(values, TextLines)
    cut: list[Json] = []
    for value in values:
        if isinstance(value, TextLines):
            cut.append(value.beside(bodies).shown)
        else:
            cut.append(value)
    return cut


def _text(value: Json) -> str:
    """Return a value as text: JSON, or unchanged if it is no JSON value."""
    if value is MISSING:
        return "absent"
    return printable(value if isinstance(value, Verbatim) else compact(value))


def _look_alike(texts: Sequence[str], *, folded: bool = False) -> bool:
    """Return whether two different texts look the same.

    With `folded`, spaces at the ends of lines, several in a row, and tabs do not count.
    """
    distinct = set(texts)
    alike = set(map(_in_one_form, distinct))
    if folded:
        alike = set(map(_without_unseen, alike))
    return len(alike) < len(distinct)


_in_one_form: Final = partial(unicodedata.normalize, "NFKC")


def _without_unseen(text: str) -> str:
    """Return a text without the spaces and tabs that a reader cannot see."""
    return _UNSEEN.sub("", text.replace("\t", " "))


def _with_seen_spaces(values: Sequence[Json], texts: list[str]) -> list[str]:
    """Return short texts, with spaces escaped if texts are blank or differ in spaces only.

    Long texts need no escapes, as they have a digest of what was sent.
    """
    is_one_blank = any(map(_is_blank, texts))
    if is_one_blank or _look_alike(texts, folded=True):
        return list(map(_with_spaces, values, texts))
    return texts


def _is_blank(text: str) -> bool:
    return bool(text) and not text.strip(" \t")


def _with_spaces(value: Json, text: str) -> str:
    """Return a text with invisible spaces and tabs escaped.

    JSON is unchanged: it has quotes around its strings, and escapes tabs itself.
    """
    if not isinstance(value, Verbatim):
        return text
    escaped = _UNSEEN.sub(lambda found: "\\x20" * len(found[0]), text)
    return escaped.replace("\t", "\\t")


def _escaped(value: Json, text: str) -> str:
    """Return a text with all non-ASCII characters escaped: JSON as in JSON, others as in Python."""
    if text.isascii():
        return text
    if isinstance(value, Verbatim):
        return text.encode("ascii", "backslashreplace").decode()
    return _json_escaped(text)


def _json_escaped(text: str) -> str:
    """Return JSON with all non-ASCII characters escaped as JSON does."""
    return _BEYOND_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)


def _starts_of_windows(texts: Sequence[str]) -> list[int]:
    """Return where excerpts start that show the differences between texts: one or two positions.

    Three texts may differ in two places that are far from each other.
    """
    in_order = sorted(set(texts))
    differences = sorted(starmap(_first_difference, pairwise(in_order))) or [0]
    first, last = differences[0], differences[-1]
    # An excerpt around the first difference may not reach the last one
    ends = [first]
    if last - first + _BEFORE_THE_DIFFERENCE >= SHOWN_CHARACTERS:
        ends.append(last)
    return [max(0, end - _BEFORE_THE_DIFFERENCE) for end in ends]


def _first_difference(first: str, second: str) -> int:
    """Return the number of equal characters at the start of two texts."""
    same = takewhile(bool, map(eq, first, second))
    return len(list(same))


def _excerpt(text: str, starts: Sequence[int]) -> str:
    """Return a long text cut to excerpts from the given starts, with its length and digest."""
    if len(text) <= SHOWN_CHARACTERS:
        return text
    size = SHOWN_CHARACTERS // len(starts)
    last_start = len(text) - size
    windows = sorted({min(start, last_start) for start in starts})
    first, last = windows[0], windows[-1]
    if last <= first + size:  # they overlap
        parts = text[first : last + size]
    else:
        parts = "…".join(text[start : start + size] for start in windows)
    before = "…" if first else ""
    after = "…" if last < last_start else ""
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_DIGITS]
    return f"{before}{parts}{after} ({len(text)} characters, sha256 {digest})"

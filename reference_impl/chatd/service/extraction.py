"""Answers by extraction: the sentences of the context that fit the question best.

In: a question and the texts before it. Out: at most three of their sentences, unchanged and in
their order, or one fixed sentence when none has a word of the question. Nothing is invented.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTHING_FOUND = "The context does not say."

# An answer is a few sentences, not the whole context.
_MOST_SENTENCES = 3
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"\w+")
_COMMON = frozenset(
    _WORD.findall("""
    a an and are as at be been but by can could did do does for from had has have he her his how i
    in is it its me my no not of on or our she so than that the their them then there they this to
    was we were what when where which who whom whose why will with would you your
    """)
)


def sentences_of(text: str) -> list[str]:
    """Return the sentences and lines of a text."""
    parts = chain.from_iterable(map(_SENTENCE_END.split, text.splitlines()))
    return list(filter(None, map(str.strip, parts)))


def extract(question: str, texts: Iterable[str]) -> str:
    """Return the sentences that share most words with the question; the earlier wins a tie."""
    asked = _words(question)
    sentences = [*dict.fromkeys(chain.from_iterable(map(sentences_of, texts)))]
    scores = [len(asked & _words(sentence)) for sentence in sentences]
    best = max(scores, default=0)
    if best == 0:
        return NOTHING_FOUND
    ranked = sorted(range(len(sentences)), key=lambda index: (-scores[index], index))
    # A sentence with at most half of the best score is about something else.
    chosen = [index for index in ranked[:_MOST_SENTENCES] if 2 * scores[index] > best]
    return " ".join(sentences[index] for index in sorted(chosen))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold())) - _COMMON

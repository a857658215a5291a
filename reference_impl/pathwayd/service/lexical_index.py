"""The lexical index: which texts have the words of a query, and how well they fit.

In: texts by uid, a query. Out: scores by uid, by BM25 (Robertson and Zaragoza, 2009) with its usual
constants. Upper and lower case are the same. The same texts and query give the same scores.
"""

from __future__ import annotations

import math
import re
from collections import Counter

_WORD = re.compile(r"\w+")
_MOST_WORDS = 32  # of a query; further words are ignored
# The usual values of BM25 (k1 and b).
_SATURATION = 1.2
_LENGTH_WEIGHT = 0.75
# Further digits of a sum depend on the order of its additions.
_DIGITS = 6


class LexicalIndex:
    """An index of texts."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[str, int]] = {}
        self._words: dict[str, Counter[str]] = {}
        self._length = 0

    def put(self, uid: str, text: str) -> None:
        """Add or replace a text."""
        self.remove(uid)
        words = Counter(_words(text))
        for word, count in words.items():
            self._counts.setdefault(word, {})[uid] = count
        self._words[uid] = words
        self._length += words.total()

    def remove(self, uid: str) -> None:
        """Remove a text, if it exists."""
        words = self._words.pop(uid, Counter())
        for word in words:
            del self._counts[word][uid]
            if not self._counts[word]:
                del self._counts[word]
        self._length -= words.total()

    def scores(self, query: str) -> dict[str, float]:
        """Return the scores, by uid, of all texts that have a word of the query."""
        found: dict[str, float] = {}
        for word in [*dict.fromkeys(_words(query))][:_MOST_WORDS]:
            counts = self._counts.get(word, {})
            rarity = math.log(1 + (len(self._words) - len(counts) + 0.5) / (len(counts) + 0.5))
            for uid, count in counts.items():
                found[uid] = found.get(uid, 0.0) + rarity * self._weight(uid, count)
        return {uid: max(round(score, _DIGITS), 10**-_DIGITS) for uid, score in found.items()}

    def _weight(self, uid: str, count: int) -> float:
        relative_length = self._words[uid].total() * len(self._words) / self._length
        damping = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * relative_length)
        return count * (_SATURATION + 1) / (count + damping)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())

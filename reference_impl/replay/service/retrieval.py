"""Retrieval by lexical overlap: the five best of all records."""

from __future__ import annotations

import heapq
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reference_impl.replay.wire import Remembered

# A rule of the tool (docs/distillation.md).
BEST = 5
_WORD = re.compile(r"[a-z0-9]{3,}")
_TO_SMALL = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def words_of(text: str) -> frozenset[str]:
    """Return the set of words of a text."""
    return frozenset(_WORD.findall(text.translate(_TO_SMALL)))


def retrieve(task: str, records: Iterable[Remembered]) -> list[Remembered]:
    """Return the records that share most words with a task, the best first."""
    wanted = words_of(task)
    scored = ((len(wanted & words_of(record.text)), record) for record in records)
    best: list[tuple[int, Remembered]] = []
    for score, record in scored:
        if score:
            best.append((score, record))
        if len(best) > BEST * 20:  # sorted rarely, and memory stays small
            best = _first(best)
    return [record for _, record in _first(best)]


def _first(scored: list[tuple[int, Remembered]]) -> list[tuple[int, Remembered]]:
    by_identity = sorted(scored, key=lambda each: each[1].provenance.sig_hash)
    by_time = sorted(by_identity, key=lambda each: each[1].timestamp, reverse=True)
    return heapq.nlargest(BEST, by_time, key=lambda each: each[0])

"""Find the differences that exist only because one of two streams was cut earlier than the other.

A step may wait for an event of a stream: the stream is cut there.  If that event came in one stream
only, the other stream ran on, and has records that the cut one could not show.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice, repeat
from operator import itemgetter

from msgspec import Struct

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.answers.comparison import AnswerComparison, Where
from conformance.comparison.answers.notes import NOT_REACHED
from conformance.comparison.bodies.kind import RecordStream
from conformance.comparison.bodies.reading import stream_of

Compare = Callable[[ReadAnswer, ReadAnswer], AnswerComparison]
"""Compares two answers."""


class _Cut(Struct, frozen=True):
    """Two streams: one was cut after `records` records, the other one is longer."""

    answers: tuple[ReadAnswer, ReadAnswer]
    stream: RecordStream
    records: int

    def at(self, records: int, compare: Compare) -> AnswerComparison:
        """Compare both streams as if each had ended after at most this many records."""
        shortened = partial(_shortened, stream=self.stream, records=records)
        return compare(*map(shortened, self.answers))


def after_the_cut(
    answers: tuple[ReadAnswer, ReadAnswer], found: AnswerComparison, compare: Compare
) -> frozenset[Where]:
    """Return the differences of two answers that vanish if the longer stream is shortened.

    `found` is the comparison of the whole answers.  If the shortened streams show other
    differences, records have other partners, and nothing can be concluded.  The awaited event may
    be the reason: only one stream has it, and it may take another record's partner.  So both
    streams are then compared once more, without it.
    """
    cut = _cut_of(answers)
    if cut is None:
        return frozenset()
    shorter = cut.at(cut.records, compare)
    gone = found.where - shorter.where
    if shorter.shows_only_what(found):
        return gone
    before_it = cut.at(cut.records - 1, compare)
    if not before_it.shows_only_what(found):
        return frozenset()
    return gone - before_it.where


def _cut_of(answers: tuple[ReadAnswer, ReadAnswer]) -> _Cut | None:
    """Return two streams of one kind if one was cut and the other one is longer, else None."""
    ended = [NOT_REACHED in each.answer.notes for each in answers]
    if ended[0] == ended[1] or answers[0].kind != answers[1].kind:
        return None
    stream = stream_of(answers[0].kind)
    if stream is None:
        return None
    first, second = map(_records_of, answers, repeat(stream))
    cut, whole = (second, first) if ended[0] else (first, second)
    has_more = 0 < len(cut) < len(whole)
    if not has_more:
        return None
    return _Cut(answers, stream, len(cut))


def _records_of(answer: ReadAnswer, stream: RecordStream) -> Sequence[int]:
    """Return the index at which each record of a stream ends."""
    return list(map(itemgetter(1), stream.records(stream.text_of(answer.answer.body))))


def _shortened(answer: ReadAnswer, stream: RecordStream, records: int) -> ReadAnswer:
    """Return an answer with at most this many records."""
    text = stream.text_of(answer.answer.body)
    ends = list(map(itemgetter(1), islice(stream.records(text), records + 1)))
    if len(ends) <= records:
        return answer
    body = text[: ends[records - 1]] + stream.between if records else b""
    return answer.with_bytes(body)

"""Where an endless answer is cut: after a number of events, after an event with a text, or by time.

In an event stream an empty line ends each event; in any other body each line is an event.  Only
whole events are kept, so that two runtimes which are cut at the same event have the same body,
however their bytes arrived.
"""

import re
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from conformance.model.observation import Answer
from conformance.model.waiting import StopAfter
from conformance.runner.http.content_coding import BodyDecoder

_EVENT_STREAM: Final = "text/event-stream"
_LINE: Final = rb"(?:\r\n|\n|\r(?=[^\n]))"
_EVENT_END: Final = re.compile(_LINE + _LINE)
_LINE_END: Final = re.compile(rb"\n")
_SAYS_SOMETHING: Final = re.compile(rb"(?:\A|[\r\n])(?!(?:event|id|retry)?(?:[:\r\n]|\Z))")
"""A line that makes an event: not empty, no comment, and no field without content."""
_OVERLAP: Final = 3
"""The end of an event may begin so many bytes before a new piece."""
NOT_REACHED: Final = "stop-not-reached"


class StreamCut:
    """The search for the cut in a body as it arrives; `reached` says that reading can stop."""

    def __init__(self, stop_after: StopAfter, content_type: str, decoder: BodyDecoder) -> None:
        self.stop_after = stop_after
        self.reached = False
        self._decoder = decoder
        self._end = (
            _EVENT_END if content_type.partition(";")[0].strip() == _EVENT_STREAM else _LINE_END
        )
        self._pattern = None
        if stop_after.match is not None:
            import re2  # noqa: PLC0415 - a native library, loaded only where there is a pattern

            self._pattern = re2.compile(stop_after.match.encode())
        self._events = 0
        self._has_come = False
        self._start = self._searched = 0

    def feed(self, data: bytes) -> None:
        """Take a piece of the body as it was sent.

        Raises ExchangeFaultError if its coding is broken.
        """
        self._has_come = self._has_come or bool(data)
        self._decoder.feed(data)
        any(map(self._is_last, self._whole_events()))

    def kept(self) -> bytes:
        """Return the events that are whole; if there are none, all that came."""
        if self._start:
            self._decoder.decoded.truncate(self._start)
        return self._decoder.decoded.getvalue()

    def whole(self) -> tuple[bytes, tuple[str, ...]]:
        """Return the body of an answer that ended before the cut, and notes.

        Raises ExchangeFaultError for a broken coding.
        """
        if not self._has_come:
            return b"", self.notes
        body = self._decoder.decoded.getvalue()
        # The last event or line counts even if its end is missing
        self._is_last(body[self._start :])
        return body, (*self._decoder.notes(), *self.notes)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return a note if the place of the cut was not reached; a cut by time has none."""
        return () if self.reached or self.stop_after.ms is not None else (NOT_REACHED,)

    def _is_last(self, event: bytes) -> bool:
        """Count an event, and return whether it is the one after which to stop."""
        self._events += bool(_SAYS_SOMETHING.search(event))
        found = self._pattern is not None and self._pattern.search(event) is not None
        self.reached = found or self._events == self.stop_after.events
        return self.reached

    def _whole_events(self) -> Iterator[bytes]:
        """Yield the events that became complete since the last call."""
        with self._decoder.decoded.getbuffer() as decoded:
            while found := self._end.search(decoded, self._searched):
                event = bytes(decoded[self._start : found.end()])
                self._start = self._searched = found.end()
                yield event
            self._searched = max(self._start, len(decoded) - _OVERLAP)


def cut_answer(answer: Answer, stop_after: StopAfter | None) -> Answer:
    """Return a complete answer, cut at the place where the step cuts an endless one."""
    if stop_after is None or stop_after.ms is not None:
        return answer
    decoder = BodyDecoder("", len(answer.body))
    cut = StreamCut(stop_after, answer.header_text("content-type").lower(), decoder)
    cut.feed(answer.body)
    if cut.reached:
        return replace(answer, body=cut.kept())
    _, notes = cut.whole()
    return replace(answer, notes=tuple(dict.fromkeys((*answer.notes, *notes))))


def budget_ms(total_ms: int, stop_after: StopAfter | None) -> int:
    """Return how long an exchange may take, in milliseconds."""
    within = stop_after.ms if stop_after is not None else None
    return total_ms if within is None else min(within, total_ms)


def time_is_up(total_ms: int, stop_after: StopAfter | None) -> str:
    """Return the detail of a time-out: which part of the answer did not come in time."""
    within_ms = budget_ms(total_ms, stop_after)
    if stop_after is None:
        return f"no complete answer in {within_ms} ms"
    return f"no answer had begun in {within_ms} ms, after which the step stops"

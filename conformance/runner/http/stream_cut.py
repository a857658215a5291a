"""Where an endless answer is cut: by events, by a text, or by time.

This is after a number of events, after the one that holds a text, or when time is up.

An event is one of an event stream, which an empty line ends; of anything else it is a line.  What
is kept is whole events, so that two runtimes which are cut at the same event have the same body,
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
"""A line that is not empty, no comment, and no field that alone makes no event."""
_OVERLAP: Final = 3
"""An end of an event may begin so many bytes before what arrives."""
NOT_REACHED: Final = "stop-not-reached"


class StreamCut:
    """Looks at a body as it arrives; `reached` tells that it is to be read no further."""

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

        Raises ExchangeFaultError where its coding is broken.
        """
        self._has_come = self._has_come or bool(data)
        self._decoder.feed(data)
        any(map(self._is_last, self._whole_events()))

    def kept(self) -> bytes:
        """Return the events that are whole; where there is none, all that came."""
        if self._start:
            self._decoder.decoded.truncate(self._start)
        return self._decoder.decoded.getvalue()

    def whole(self) -> tuple[bytes, tuple[str, ...]]:
        """Return all that came, where it ended by itself, and notes.

        Raises ExchangeFaultError for a broken coding.
        """
        if not self._has_come:
            return b"", self.notes
        body = self._decoder.decoded.getvalue()
        # What no line ends is an event all the same, or a line
        self._is_last(body[self._start :])
        return body, (*self._decoder.notes(), *self.notes)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return that the end was not reached, where time was not the end itself."""
        return () if self.reached or self.stop_after.ms is not None else (NOT_REACHED,)

    def _is_last(self, event: bytes) -> bool:
        """Count an event, and return whether it is the one after which to stop."""
        self._events += bool(_SAYS_SOMETHING.search(event))
        found = self._pattern is not None and self._pattern.search(event) is not None
        self.reached = found or self._events == self.stop_after.events
        return self.reached

    def _whole_events(self) -> Iterator[bytes]:
        """Yield the events that have come whole since the last time."""
        with self._decoder.decoded.getbuffer() as decoded:
            while found := self._end.search(decoded, self._searched):
                event = bytes(decoded[self._start : found.end()])
                self._start = self._searched = found.end()
                yield event
            self._searched = max(self._start, len(decoded) - _OVERLAP)


def cut_answer(answer: Answer, stop_after: StopAfter | None) -> Answer:
    """Return a complete answer, cut as a step says for an answer that does not end."""
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
    """Return how long an exchange may take."""
    within = stop_after.ms if stop_after is not None else None
    return total_ms if within is None else min(within, total_ms)


def time_is_up(total_ms: int, stop_after: StopAfter | None) -> str:
    """Say what had not come when the time was up: an answer to cut need not be complete."""
    within_ms = budget_ms(total_ms, stop_after)
    if stop_after is None:
        return f"no complete answer in {within_ms} ms"
    return f"no answer had begun in {within_ms} ms, after which the step stops"

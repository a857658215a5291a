"""Observations: the result of one step at a runtime, which is an answer, a fault, or "not sent".

A fault comes instead of an answer.

Faults have a closed set of names.  A note is something odd about an answer that could still be
read; notes are compared across runtimes like headers.
"""

import enum
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Final, TypeVar

from msgspec import Struct

from conformance.model.request import HeaderList, Request
from conformance.model.template import KnownName


class FaultKind(enum.Enum):
    """Every way in which a runtime can fail to give an answer that can be compared."""

    CONNECT_REFUSED = "connect_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    CONNECT_FAILED = "connect_failed"
    TLS_FAILED = "tls_failed"
    TLS_TIMEOUT = "tls_timeout"
    TLS_BAD_CERTIFICATE = "tls_bad_certificate"
    TLS_NOT_SPOKEN = "tls_not_spoken"
    TLS_SPOKEN = "tls_spoken"
    TIMEOUT_IDLE = "timeout_idle"
    TIMEOUT_TOTAL = "timeout_total"
    CLOSED_BEFORE_RESPONSE = "closed_before_response"
    CLOSED_IN_HEADERS = "closed_in_headers"
    TRUNCATED_BODY = "truncated_body"
    RESET = "reset"
    NOT_HTTP = "not_http"
    BAD_VERSION = "bad_version"
    BAD_STATUS = "bad_status"
    BAD_HEADER = "bad_header"
    BARE_LINE_FEED = "bare_line_feed"
    FOLDED_HEADER = "folded_header"
    SWITCHED_PROTOCOLS = "switched_protocols"
    BAD_LENGTH = "bad_length"
    AMBIGUOUS_LENGTH = "ambiguous_length"
    BAD_TRANSFER_CODING = "bad_transfer_coding"
    BAD_CHUNK = "bad_chunk"
    HEADERS_TOO_LARGE = "headers_too_large"
    TOO_MANY_HEADERS = "too_many_headers"
    TRAILERS_TOO_LARGE = "trailers_too_large"
    BODY_TOO_LARGE = "body_too_large"
    DECODED_TOO_LARGE = "decoded_too_large"
    BAD_CONTENT_ENCODING = "bad_content_encoding"
    INFORMATIONAL_FLOOD = "informational_flood"
    OUT_OF_STEP = "out_of_step"
    HTTP2_SPOKEN = "http2_spoken"
    RUNTIME_CRASHED = "runtime_crashed"
    LOG_FLOOD = "log_flood"
    MEMORY_EXCEEDED = "memory_exceeded"
    OUTPUT_TOO_LARGE = "output_too_large"
    OUTPUT_UNREADABLE = "output_unreadable"
    UNTIL_NOT_MET = "until_not_met"
    PAGES_BROKEN = "pages_broken"
    NO_ANSWER_RECORDED = "no_answer_recorded"
    COMPARISON_BUDGET = "comparison_budget"


class Answer(Struct, frozen=True, kw_only=True):
    """A complete response: status, reason, header fields and body.

    Header fields are in wire order, and the body is without transfer and content codings.

    `retried` says that a kept connection was closed and the request was sent again on a new one.
    This is a race with the server's idle timeout and no property of the answer, so it is never
    compared.  `arrivals` is filled if the step asks for timing: pairs of milliseconds since the
    request and bytes of the body that had come. `askings` says how often a step with `until` was
    sent; it is never compared.  `pages` are the answers whose items this one combines, if the step
    follows pages.
    """

    status: int
    reason: str
    headers: HeaderList
    body: bytes
    notes: tuple[str, ...] = ()
    retried: bool = False
    arrivals: tuple[tuple[float, int], ...] = ()
    askings: int = 1
    pages: "tuple[Answer, ...]" = ()
    elapsed_ms: float

    def header(self, name: str) -> str | None:
        """Return the values of a header field joined with `, `, or None if it is absent.

        The case of the name does not matter.
        """
        values = self.header_values(name)
        if not values:
            return None
        return ", ".join(values)

    def header_values(self, name: str) -> list[str]:
        """Return the value of each field with a name, in the order in which they came."""
        wanted = name.lower()
        return [value for field, value in self.headers if field.lower() == wanted]

    def header_text(self, name: str) -> str:
        """Return the values of a header field as `header` does; nothing where it is absent."""
        return self.header(name) or ""


class Fault(Struct, frozen=True, kw_only=True):
    """The reason why there is no answer: its kind, the phase of the exchange, and what was seen.

    `last` is the last answer to a repeated step whose time was up, or the page that could not be
    read.
    """

    kind: FaultKind
    phase: str
    detail: str
    elapsed_ms: float
    last: Answer | None = None


class NotAsked(Struct, frozen=True, kw_only=True):
    """A step that was not sent.

    The runtime lacks something that the case requires, or an earlier step had no answer.
    `down` says that the runtime went down before the case and could not be restored; `reason` says
    why.
    """

    reason: str
    unsupported: bool = False
    down: bool = False


_WAS_ASKED: Final = NotAsked(reason="")
Observation = Answer | Fault | NotAsked


class SetupExchange(Struct, frozen=True, kw_only=True):
    """A setup step: the request that was sent to a runtime, and the result.

    Secrets are left out of the request.
    """

    request: Request
    seen: Observation


class DeadEnd(Struct, frozen=True, kw_only=True):
    """Why a runtime's part of a case could not go on.

    A step of the setup failed, a capture found nothing, or a value cannot be sent.
    """

    step: int
    name: str
    wanted: str
    got: str


_Kind = TypeVar("_Kind")


def _of_kind(kind: type[_Kind], observations: Iterable[Observation]) -> Iterator[_Kind]:
    for seen in observations:
        if isinstance(seen, kind):
            yield seen


class Cell(Struct, frozen=True, kw_only=True):
    """All that one runtime did in one case, step by step.

    `setup` are the setup steps that were sent.  `sent` has, for each step whose request contains
    names, the request as it was sent to this runtime, without secrets; `names` are the values of
    these names. `warnings` are for people, and no verdict depends on them.  `base_url` is the
    address of the runtime, empty if unknown: the runtime's own address in a URL does not count as
    a difference.
    """

    runtime: str
    live: bool
    observations: tuple[Observation, ...]
    setup: tuple[SetupExchange, ...] = ()
    sent: tuple[Request | None, ...] = ()
    names: tuple[KnownName, ...] = ()
    dead_end: DeadEnd | None = None
    warnings: tuple[str, ...] = ()
    base_url: str = ""

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return the answers among the observations."""
        return tuple(_of_kind(Answer, self.observations))

    @property
    def answered(self) -> bool:
        """Return whether every step has an answer."""
        return len(self.answers) == len(self.observations)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return the faults among the observations; those of the setup come first."""
        in_setup = map(attrgetter("seen"), self.setup)
        return tuple(_of_kind(Fault, [*in_setup, *self.observations]))

    def sent_at(self, step: int) -> Request | None:
        """Return the request as sent to this runtime, or None if all runtimes were sent the same.

        `step` is the number of a compared step.
        """
        # A case without names keeps no requests
        if step >= len(self.sent):
            return None
        return self.sent[step]

    def seen(self, step: int) -> Observation | None:
        """Return the observation of a step, given by its number."""
        if step >= 0:
            return self.observations[step]
        at = -step - 1
        if at >= len(self.setup):
            return None
        return self.setup[at].seen

    @property
    def elapsed_ms(self) -> float:
        """Return the time that the runtime took for the whole case, in milliseconds."""
        # A step that was not sent took no time
        asked = (seen for seen in self.observations if not isinstance(seen, NotAsked))
        elapsed_ms: float = sum(map(attrgetter("elapsed_ms"), asked))
        return elapsed_ms

    @property
    def unsupported(self) -> str | None:
        """Return why no step was sent, if the case is unsupported; else None."""
        first = self._first_not_asked
        if not first.unsupported:
            return None
        return first.reason

    @property
    def is_supported(self) -> bool:
        """Return whether the runtime supports all that the case requires."""
        return self.unsupported is None

    @property
    def down(self) -> str:
        """Return why no step was sent, if the runtime is down; else an empty text."""
        first = self._first_not_asked
        if not first.down:
            return ""
        return first.reason

    @property
    def _first_not_asked(self) -> NotAsked:
        """Return why the first step was not sent; the reason is empty if it was sent."""
        first = self.observations[0]
        if not isinstance(first, NotAsked):
            return _WAS_ASKED
        return first

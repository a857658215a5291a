"""An answer as it is compared, and the terms on which two answers of a step are."""

from collections.abc import Iterable, Mapping
from operator import attrgetter

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.answers.header_facts import HeaderFacts, read_header
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.content_range import is_a_fragment
from conformance.comparison.bodies.reading import read_body_like, read_body_of, read_long_streams
from conformance.comparison.bodies.text import read_any
from conformance.comparison.identities.own_urls import names_itself
from conformance.comparison.identities.paths import NO_IDENTITIES, IdentityPaths
from conformance.comparison.idioms.statuses import FIRST_ERROR
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.known_forms import NO_FORMS, KnownForms
from conformance.comparison.values.stops import Stops
from conformance.model.case import CompareLevel, NumberPolicy
from conformance.model.finding import Finding
from conformance.model.observation import Answer
from conformance.model.template import KnownName


class _KnownBody(Struct, frozen=True):
    """What is known of a body whose value is not kept."""

    kind: str
    notes: tuple[str, ...]


class ReadAnswer(Struct, eq=False):
    """An answer with its header read, and its body as soon as it is needed; equal to itself only.

    `identities` are the runtime's names for values that identify things.  `read_as` is the word of
    the kind of body that the suite says it is, whatever its label.
    """

    answer: Answer
    header: HeaderFacts
    base_url: str = ""
    identities: Mapping[str, KnownName] = field(default_factory=dict)
    read_as: str = ""
    _body: Body | None = None
    _known: _KnownBody | None = None

    @property
    def status(self) -> int:
        """Return the status."""
        return self.answer.status

    @property
    def body(self) -> Body:
        """Return the body, read once."""
        if self._body is None:
            self._body = read_body_of(self.answer, self.read_as)
        return self._body

    @property
    def is_fragment(self) -> bool:
        """Return whether the body is a range of bytes, and the suite does not say what it is."""
        return is_a_fragment(self.answer) and not self.read_as

    def as_fragment(self) -> "ReadAnswer":
        """Return the answer with its body read as bytes, or as a text without structure."""
        read = read_any(self.answer.body, self.header.label)
        return self.respelled(self.header, read)

    def body_beside(self, other: Body) -> Body:
        """Return the body, read once, with what another one has as well held once for both."""
        if self._body is None:
            label = self.header.label
            self._body = read_body_like(self.answer.body, label, self.read_as, other)
        return self._body

    @property
    def has_read_body(self) -> bool:
        """Return whether the body was needed, and is read, if only beside another one."""
        return self.has_whole_body or self._known is not None

    @property
    def has_whole_body(self) -> bool:
        """Return whether the body is read, and kept."""
        return self._body is not None

    @property
    def kind(self) -> str:
        """Return the kind of the body."""
        return self._what_is_known.kind

    @property
    def body_notes(self) -> tuple[str, ...]:
        """Return the notes on the body."""
        return self._what_is_known.notes

    @property
    def _what_is_known(self) -> "Body | _KnownBody":
        """Return the body, or what is known of one that was read beside another one."""
        if self._body is None and self._known is not None:
            return self._known
        return self.body

    def know(self, body: Body) -> None:
        """Keep what is known of a body that was read beside another one, without what it holds."""
        self._known = _KnownBody(body.kind, body.notes)

    def same_bytes(self, other: "ReadAnswer") -> bool:
        """Return whether two answers are the same in all that is compared, names included."""
        if self is other:
            return True
        if self.answer.body != other.answer.body or self.beside_body != other.beside_body:
            return False
        if self.base_url == other.base_url:
            return True
        # The same address is the own one for one runtime, and another one's for the other
        return not (self.names_itself or other.names_itself)

    @property
    def beside_body(self) -> tuple[object, ...]:
        """Return all that is compared beside the body and the address."""
        answer = self.answer
        return answer.status, self.header, answer.reason, answer.notes, self.identities

    def has_same_body(self, other: "ReadAnswer") -> bool:
        """Return whether two bodies are the same bytes, and are read as the same."""
        is_same = self.answer.body == other.answer.body
        return is_same and self.header.of_label == other.header.of_label

    @property
    def names_itself(self) -> bool:
        """Return whether the body may hold the address of the runtime that sent it."""
        return names_itself(self.answer.body, self.base_url)

    def with_bytes(self, body: bytes) -> "ReadAnswer":
        """Return the answer as if its body were other bytes."""
        return replace(self, answer=replace(self.answer, body=body), _body=None, _known=None)

    def respelled(self, header: HeaderFacts, body: Body | None) -> "ReadAnswer":
        """Return the answer with another spelling of what is its runtime's own.

        None leaves the body as it is.
        """
        kept = self._body if body is None else body
        return replace(self, header=header, _body=kept)


def kinds_sent(finding: Finding, answers: Mapping[str, ReadAnswer]) -> set[str]:
    """Return the kinds of body that the runtimes of a finding sent."""
    return set(map(attrgetter("kind"), map(answers.__getitem__, finding.runtimes)))


class Terms(Struct, frozen=True, kw_only=True):
    """The terms of one comparison: how close a look, what is loosened, the target, the request.

    The target is the one that was asked for, the request is all that was asked.

    `identities` is what spelling the two answers alike has shown, `stops` collects where the
    comparison stopped.  With `in_pages` two error pages differ place by place, as a rule would name
    the places; else as one page beside another.  `forms` is what third answers show of the two.
    """

    level: CompareLevel
    loosening: Loosening = field(default_factory=Loosening)
    numbers: NumberPolicy = NumberPolicy.VALUE
    target: str = ""
    asked: str = ""
    identities: IdentityPaths = NO_IDENTITIES
    stops: Stops = field(default_factory=Stops)
    in_pages: bool = False
    forms: KnownForms = NO_FORMS

    @property
    def by_value(self) -> bool:
        """Return whether values are compared, too."""
        return self.level is CompareLevel.VALUE


def read_beside_each_other(a: ReadAnswer, b: ReadAnswer) -> tuple[Body, Body] | None:
    """Return the bodies of two long streams that have most in common, which is held once.

    None for all others, and where what they have in common says something of what is to be spelled
    alike.  Of what is returned the answers keep nothing.
    """
    are_read = a.has_whole_body or b.has_whole_body
    if are_read or a.read_as != b.read_as:
        return None
    # Identities may stand in the records that both have in common
    if a.identities or b.identities:
        return None
    streams = read_long_streams(
        (a.answer.body, b.answer.body),
        (a.header.label, b.header.label),
        a.read_as,
    )
    # To look for an address in a long stream takes time: only where it matters
    if streams is None or a.names_itself or b.names_itself:
        return None
    a.know(streams[0])
    b.know(streams[1])
    return streams


def read_answer(
    answer: Answer,
    names: Iterable[KnownName] = (),
    base_url: str = "",
    fields: tuple[str, ...] = (),
    read_as: str = "",
) -> ReadAnswer:
    """Read an answer from a base URL, given what names stand for in its runtime's part of the case.

    `fields` are the header fields that are compared besides those that always are, `read_as` is the
    kind of body that the suite says it is.
    """
    identities = {known.name: known for known in filter(attrgetter("identity"), names)}
    return ReadAnswer(
        answer=answer,
        header=read_header(answer, base_url, fields),
        base_url=base_url,
        identities=identities,
        read_as=read_as,
    )


def are_errors(a: ReadAnswer, b: ReadAnswer) -> bool:
    """Return whether both answers are errors."""
    return min(a.status, b.status) >= FIRST_ERROR

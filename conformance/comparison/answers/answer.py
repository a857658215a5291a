"""An answer prepared for comparison, and the terms on which two answers are compared."""

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
from conformance.comparison.idioms.outcomes import holds_error
from conformance.comparison.idioms.statuses import FIRST_ERROR
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.known_forms import NO_FORMS, KnownForms
from conformance.comparison.values.stops import Stops
from conformance.model.case import CompareLevel, NumberPolicy
from conformance.model.finding import Finding
from conformance.model.json_path import JsonPath
from conformance.model.observation import Answer
from conformance.model.template import KnownName


class _KnownBody(Struct, frozen=True):
    """The kind and notes of a body whose value was not kept."""

    kind: str
    notes: tuple[str, ...]


class ReadAnswer(Struct, eq=False):
    """An answer with its header fields read; its body is read when it is first needed.

    `identities` are the runtime's names for values that identify things.  `read_as` is the kind of
    body that the suite declares, whatever the label says.  Two objects are equal only if they are
    the same object.
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
        """Return the status code."""
        return self.answer.status

    @property
    def body(self) -> Body:
        """Return the body; it is read once and kept."""
        if self._body is None:
            self._body = read_body_of(self.answer, self.read_as)
        return self._body

    @property
    def is_fragment(self) -> bool:
        """Return whether the body is a range of bytes, and the suite does not declare its kind."""
        return is_a_fragment(self.answer) and not self.read_as

    def as_fragment(self) -> "ReadAnswer":
        """Return the answer with its body read as plain text or bytes."""
        read = read_any(self.answer.body, self.header.label)
        return self.respelled(self.header, read)

    def body_against(self, other: Body) -> Body:
        """Return the body; events that another body has too are shared with it."""
        if self._body is None:
            label = self.header.label
            self._body = read_body_like(self.answer.body, label, self.read_as, other)
        return self._body

    @property
    def has_read_body(self) -> bool:
        """Return whether the body was read, even if its value was not kept."""
        return self.has_whole_body or self._known is not None

    @property
    def has_whole_body(self) -> bool:
        """Return whether the body was read and kept."""
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
        """Return the body, or its kind and notes if it was read without being kept."""
        if self._body is None and self._known is not None:
            return self._known
        return self.body

    def keep_kind_and_notes(self, body: Body) -> None:
        """Keep the kind and the notes of a body, but not its value."""
        self._known = _KnownBody(body.kind, body.notes)

    def equals_in_all_compared(self, other: "ReadAnswer") -> bool:
        """Return whether two answers are equal in all that could be compared."""
        if self is other:
            return True
        if self.answer.body != other.answer.body or self.all_but_body != other.all_but_body:
            return False
        if self.base_url == other.base_url:
            return True
        # The same address is one runtime's own, but a foreign one in the other's answer
        return not (self.names_itself or other.names_itself)

    @property
    def all_but_body(self) -> tuple[object, ...]:
        """Return all that is compared except the body and the runtime's address."""
        answer = self.answer
        return answer.status, self.header, answer.reason, answer.notes, self.identities

    def has_same_body(self, other: "ReadAnswer") -> bool:
        """Return whether two bodies have the same bytes and are read in the same way."""
        is_same = self.answer.body == other.answer.body
        return is_same and self.header.of_label == other.header.of_label

    @property
    def names_itself(self) -> bool:
        """Return whether the body may contain the address of the runtime that sent it."""
        return names_itself(self.answer.body, self.base_url)

    def with_bytes(self, body: bytes) -> "ReadAnswer":
        """Return the answer with other bytes as its body."""
        return replace(self, answer=replace(self.answer, body=body), _body=None, _known=None)

    def respelled(self, header: HeaderFacts, body: Body | None) -> "ReadAnswer":
        """Return the answer with another header, and another body unless it is None."""
        kept = self._body if body is None else body
        return replace(self, header=header, _body=kept)


def kinds_sent(finding: Finding, answers: Mapping[str, ReadAnswer]) -> set[str]:
    """Return the kinds of body that the runtimes of a finding sent."""
    return set(map(attrgetter("kind"), map(answers.__getitem__, finding.runtimes)))


class Terms(Struct, frozen=True, kw_only=True):
    """The terms of one comparison.

    `level` says how much is compared, `loosening` has the rules, `target` is the target of the
    request, and `request_text` its whole text.  `identities` has what spelling the answers alike
    showed, and `stops` collects the places where the comparison stopped.  With `in_pages`, two
    error pages differ place by place, as a rule would name the places; else they are one
    difference.  `forms` are the forms that third answers show the two bodies to have in common.
    `at` is the path of the bodies, if they are parts of others.
    """

    level: CompareLevel
    loosening: Loosening = field(default_factory=Loosening)
    numbers: NumberPolicy = NumberPolicy.VALUE
    target: str = ""
    request_text: str = ""
    identities: IdentityPaths = NO_IDENTITIES
    stops: Stops = field(default_factory=Stops)
    in_pages: bool = False
    forms: KnownForms = NO_FORMS
    at: JsonPath = ()

    @property
    def by_value(self) -> bool:
        """Return whether values are compared as well."""
        return self.level is CompareLevel.VALUE


def read_in_one_layout(a: ReadAnswer, b: ReadAnswer) -> tuple[Body, Body] | None:
    """Return the bodies of two long streams with most records in common, without keeping them.

    Records that both have are held once.  Return None for other bodies, and where identities or an
    address would have to be spelled alike, as these may be in any record.
    """
    are_read = a.has_whole_body or b.has_whole_body
    if are_read or a.read_as != b.read_as:
        return None
    # The common records may contain identities
    if a.identities or b.identities:
        return None
    streams = read_long_streams(
        (a.answer.body, b.answer.body),
        (a.header.label, b.header.label),
        a.read_as,
    )
    # Looking for an address in a long stream takes time: it is done last
    if streams is None or a.names_itself or b.names_itself:
        return None
    a.keep_kind_and_notes(streams[0])
    b.keep_kind_and_notes(streams[1])
    return streams


def read_answer(
    answer: Answer,
    names: Iterable[KnownName] = (),
    base_url: str = "",
    fields: tuple[str, ...] = (),
    read_as: str = "",
) -> ReadAnswer:
    """Prepare an answer for comparison.

    `names` are the names that the runtime's part of the case knows, `base_url` is the URL by which
    it is reached, `fields` are the header fields to compare besides the usual ones, and `read_as`
    is the kind of body that the suite declares.
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
    """Return whether both answers have an error status."""
    return min(a.status, b.status) >= FIRST_ERROR


def hold_errors(a: ReadAnswer, b: ReadAnswer) -> bool:
    """Return whether both answers refuse the request, by their statuses or in their bodies."""
    return are_errors(a, b) or all(map(_holds_error, (a, b)))


def _holds_error(answer: ReadAnswer) -> bool:
    return holds_error(answer.body.value, answer.body.kind)

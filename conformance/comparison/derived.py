"""Differences that only follow from another one.

They are a digest, a length or the label of what differs, or a note on it.

Such a finding stays what it is, and is listed under the one that it follows.  It follows only where
both are between the same runtimes: a digest that differs alone is a difference of its own.  What
can be checked is checked: then the digest or length of what each runtime sent is just what it says.
"""

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.bodies.events import EVENTS
from conformance.comparison.bodies.html import HTML
from conformance.comparison.bodies.json_document import JSON
from conformance.comparison.bodies.json_lines import JSON_LINES
from conformance.comparison.bodies.reading import EMPTY
from conformance.comparison.bodies.table import TABLE
from conformance.comparison.bodies.text import BINARY, TEXT
from conformance.comparison.bodies.xml import XML
from conformance.comparison.difference import ABSENT, PRESENT
from conformance.comparison.idioms.errors import ERROR_SHAPE, is_problem_document
from conformance.comparison.idioms.member_names import last_name, words_of
from conformance.comparison.located import Located, changes_beside
from conformance.comparison.values.columns import CONTAINERS
from conformance.comparison.values.lossless_json import Json, NoJsonError, compact, parse
from conformance.comparison.values.side import values_under
from conformance.model.finding import DifferenceKind, Facet, Finding, Follows
from conformance.model.json_path import ANY_ELEMENT, JsonPath, parse_path

_DIGEST: Final = re.compile(
    r'(?:W/)?"?(?:[A-Za-z0-9-]{2,12}[:=-]:?)?'
    r"(?P<digest>(?=[A-Za-z+/_-]*[0-9])(?:[0-9a-fA-F]{8}|(?:[0-9a-fA-F]{8}){4,16}"
    r"|[A-Za-z0-9+/_-]{22,86}={0,2})):?\"?"
)
"""A digest as hex or base64, bare or as `sha256:…`, `sha-256=:…:`, `sha256-…`, or quoted as an
entity tag.
"""
_ALGORITHMS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False).digest(),
    "sha1": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "sha512": lambda data: hashlib.sha512(data).digest(),
    "crc32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
}
_OF_DIGESTS: Final = frozenset(
    (
        "sha",
        "md",
        "crc",
        "hash",
        "digest",
        "checksum",
        "etag",
        "fingerprint",
        "signature",
        "sig",
        "integrity",
        "hmac",
    )
)
"""Words of names under which a text is a digest of something, though not by which algorithm, or of
what just.
"""
_OF_LENGTHS: Final = frozenset(("size", "length", "len", "bytes", "count", "total"))
CHANGES_WITH: Final = "changes with it"
NOTE_ON_IT: Final = "a note on it"
LABEL_OF_IT: Final = "the label of it"
COLUMN_OF_IT: Final = "the column of it"
_LABEL: Final = "header content-type"
_USUAL_LABELS: Final[Mapping[str, str]] = {
    EMPTY: ABSENT,
    JSON: "application/json",
    JSON_LINES: "application/x-ndjson",
    EVENTS: "text/event-stream",
    TABLE: "text/csv",
    XML.name: "application/xml",
    HTML.name: "text/html",
    TEXT: "text/plain",
    BINARY: "application/octet-stream",
}
"""The media type that says of a kind of body no more than that it is of this kind."""
_KIND: Final = "kind"
_NOTE: Final = "note "
_BODY: Final = "body"
_OTHERS_TOO: Final = ", which has other differences too"
_OF_WHOLE_BODIES: Final = frozenset(
    ("invalid-json", "invalid-xml", "invalid-table", "unended-parts", "not-utf-8", "too-deep")
)
"""Notes that say why a body is not of the kind that it is said to be."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What can be made of things that a runtime sent: their digests' names, and their lengths."""

    what: str
    digests: Mapping[bytes, str]
    lengths: frozenset[int]

    def explains(self, value: str) -> str:
        """Name what a value is; nothing where it is neither."""
        number = _number(value)
        if number is not None and number in self.lengths:
            return f"the length of {self.what}"
        name = next((self.digests[raw] for raw in _raw_digests(value) if raw in self.digests), "")
        return f"the {name} of {self.what}" if name else ""


@dataclass(slots=True)
class _Evidence:
    """The answers of a case, and what was made of parts of them."""

    answers: Sequence[Mapping[str, ReadAnswer]]
    _made: dict[tuple[int, str, str], _Made] = field(default_factory=dict)

    def name(self, value: str, runtime: str, of: Finding) -> str:
        """Name what a value is of what its runtime sent where another finding is."""
        place = next(
            (
                at
                for side in of.sides
                for who, at in zip(side.runtimes, side.places, strict=True)
                if who == runtime
            ),
            "",
        )
        key = (of.step, runtime, place)
        if key not in self._made:
            self._made[key] = self._of_place(*key)
        return self._made[key].explains(value)

    def name_of_body(self, value: str, runtime: str, step: int) -> str:
        """Name what a value is of the whole body that its runtime sent in a step."""
        key = (step, runtime, _BODY)
        if key not in self._made:
            answer = self.answers[step].get(runtime)
            raws = [] if answer is None else [answer.body.raw]
            self._made[key] = _Made("the body", _digests(raws), frozenset(map(len, raws)))
        return self._made[key].explains(value)

    def _of_place(self, step: int, runtime: str, place: str) -> _Made:
        answer = self.answers[step].get(runtime)
        values = () if answer is None else _at(place, answer)
        texts = [_bytes_of(value) for value in values if type(value) not in CONTAINERS]
        lengths = {len(value) for value in values if isinstance(value, str | list)} | set(
            map(len, texts)
        )
        return _Made("it", _digests(texts), frozenset(lengths))


def with_what_they_follow(
    located: Sequence[Located], answers: Sequence[Mapping[str, ReadAnswer]]
) -> tuple[Finding, ...]:
    """Return the findings of a case, given the answers to each step.

    Those that follow from another one say so.
    """
    findings = [each.finding for each in located]
    lead = [
        each
        for each in located
        if each.finding.place.startswith("$")
        and not _may_follow(each.finding)
        and not _is_of_column(each.finding, answers[each.finding.step])
    ]
    leading = [each.finding for each in lead]
    of_notes = [each for each in findings if each.place == _KIND] + leading
    if not of_notes or len(leading) == len(findings):
        return tuple(findings)
    evidence = _Evidence(answers)
    return tuple(
        replace(each.finding, follows=_follows(each, lead, of_notes, evidence)) for each in located
    )


def _follows(
    located: Located, leading: Iterable[Located], of_bodies: Sequence[Finding], evidence: _Evidence
) -> Follows | None:
    """Return what a finding follows: labels and notes by own rules, others as digest or length."""
    finding = located.finding
    if finding.place == _LABEL:
        return _labelled(finding, of_bodies, evidence.answers[finding.step])
    if _is_note(finding):
        return _noted(finding, of_bodies)
    if _is_of_column(finding, evidence.answers[finding.step]):
        return _in_header(finding, of_bodies)
    return _followed(located, leading, of_bodies, evidence)


def _labelled(
    finding: Finding, of_bodies: Iterable[Finding], answers: Mapping[str, ReadAnswer]
) -> Follows | None:
    """Return what media types only name.

    This is bodies of several kinds, or a problem document beside another error.

    Each has to be the usual one of its body.  Any other says something of its own, and so would a
    later change of it.
    """
    labelled = [answers[name] for side in finding.sides for name in side.runtimes]
    if any(each.header.media != _usual_label(each) for each in labelled):
        return None
    for each in of_bodies:
        names = each.place == _KIND or each.idiom == ERROR_SHAPE.name
        if names and each.step == finding.step and finding.told_apart <= each.told_apart:
            return Follows(each.step, (each.place,), LABEL_OF_IT, whole_body=True)
    return None


def _usual_label(answer: ReadAnswer) -> str:
    """Return the media type that says what a body is and nothing else."""
    body = answer.body
    if body.kind == JSON and isinstance(body.value, dict) and is_problem_document(body.value):
        return "application/problem+json"
    return _USUAL_LABELS.get(body.kind_by_label, "")


def _is_of_column(finding: Finding, answers: Mapping[str, ReadAnswer]) -> bool:
    """Return whether a finding concerns a table column that some runtimes have and others lack."""
    path = _path(finding.place)
    if finding.kind is not DifferenceKind.MEMBER or not path or path[:-1] != ("rows", ANY_ELEMENT):
        return False
    return all(answers[name].body.kind == TABLE for side in finding.sides for name in side.runtimes)


def _in_header(finding: Finding, of_bodies: Iterable[Finding]) -> Follows | None:
    """Return in which header difference a column is named, which the same runtimes show."""
    named = compact(last_name(_path(finding.place) or ()))
    for each in of_bodies:
        in_header = each.step == finding.step and (_path(each.place) or ())[:1] == ("header",)
        if (
            in_header
            and finding.told_apart <= each.told_apart
            and any(named in text for _, text in _sent(each))
        ):
            return Follows(each.step, (each.place,), COLUMN_OF_IT)
    return None


def _path(place: str) -> JsonPath | None:
    """Return a place in a body as a path; None for a part of an answer."""
    try:
        return parse_path(place)
    except ValueError:
        return None


def _is_note(finding: Finding) -> bool:
    """Return whether a finding is of a note on an answer.

    How a header name is spelled is no such note.
    """
    return finding.kind is DifferenceKind.NOTE and finding.place.startswith(_NOTE)


def _noted(finding: Finding, leading: Iterable[Finding]) -> Follows | None:
    """Return what a note is on: a body that is not what it is said to be, or a value that differs.

    A value has the note by itself, just where it was sent by the runtimes whose answers have it.
    """
    note = finding.place.removeprefix(_NOTE)
    apart = finding.told_apart
    having = {
        name
        for at, side in enumerate(finding.sides)
        if PRESENT in finding.facts_of(at)
        for name in side.runtimes
    }
    for each in leading:
        if each.step == finding.step and apart <= each.told_apart:
            of_body = each.place == _KIND and note in _OF_WHOLE_BODIES
            if of_body or (
                each.place != _KIND
                and having == {who for who, text in _sent(each) if note in _notes(text)}
            ):
                return Follows(each.step, (each.place,), NOTE_ON_IT)
    return None


def _notes(shown: str) -> tuple[str, ...]:
    try:
        return parse(shown.encode("utf-8", "surrogatepass")).notes
    except NoJsonError:
        return ()


def _may_follow(finding: Finding) -> bool:
    """Return whether a finding is of values that each may be a digest or a length."""
    if finding.facet is not Facet.VALUE or finding.kind not in {
        DifferenceKind.VALUE,
        DifferenceKind.HEADER,
    }:
        return False
    values = [value for _, value in _values(finding)]
    lengths = (
        bool(values)
        and not _OF_LENGTHS.isdisjoint(_words(finding))
        and None not in map(_number, values)
    )
    return lengths or (bool(values) and all(map(_DIGEST.fullmatch, values)))


def _followed(
    located: Located, leading: Iterable[Located], of_bodies: Sequence[Finding], evidence: _Evidence
) -> Follows | None:
    """Return what a finding follows.

    Its values are the digests or lengths of that, else they change with it.
    """
    finding = located.finding
    if not _may_follow(finding):
        return None
    apart = finding.told_apart
    known = [each for each in leading if apart <= each.finding.told_apart]
    known.sort(key=lambda each: each.finding.step != finding.step)
    explained_in_part = False
    for each in (known_one.finding for known_one in known):
        names = {evidence.name(value, runtime, each) for runtime, value in _values(finding)}
        if len(names) == 1 and "" not in names:
            return Follows(each.step, (each.place,), names.pop())
        explained_in_part |= names != {""}
    for step in sorted({each.step for each in of_bodies}, key=lambda step: step != finding.step):
        there = [
            each
            for each in of_bodies
            if each.step == step and not apart.isdisjoint(each.told_apart)
        ]
        names = {evidence.name_of_body(value, runtime, step) for runtime, value in _values(finding)}
        if there and len(names) == 1 and "" not in names:
            return _follows_bodies(step, there, names.pop())
        explained_in_part |= names != {""}
    # one runtime's value is what it should be and another's is not: that is a difference of its own
    if explained_in_part or _OF_DIGESTS.isdisjoint(_words(finding)):
        return None
    changed = next((each.finding for each in known if changes_beside(located, each)), None)
    return None if changed is None else Follows(changed.step, (changed.place,), CHANGES_WITH)


def _follows_bodies(step: int, there: Sequence[Finding], what: str) -> Follows:
    """Return that a finding follows from whole bodies, not from one place.

    It follows from all that differs in them.
    """
    places = tuple(dict.fromkeys(each.place for each in there))
    return Follows(step, places, what if len(there) == 1 else what + _OTHERS_TOO, whole_body=True)


def _at(place: str, answer: ReadAnswer) -> Sequence[Json]:
    """Return what stands at a place of a body, as it was sent."""
    body, path = answer.body.sent or answer.body, _path(place)
    return (
        values_under([body.value], path) or ()
        if path is not None and body.value is not None
        else ()
    )


def _bytes_of(scalar: Json) -> bytes:
    return (
        scalar.encode("utf-8", "surrogatepass")
        if isinstance(scalar, str)
        else compact(scalar).encode()
    )


def _digests(texts: Iterable[bytes]) -> dict[bytes, str]:
    return {make(text): name for text in texts for name, make in _ALGORITHMS.items()}


def _raw_digests(value: str) -> Iterator[bytes]:
    """Yield the bytes that a text may be the digest of, by either way of writing them."""
    found = _DIGEST.fullmatch(value)
    if found is None:
        return
    written = found["digest"]
    if re.fullmatch(r"(?:[0-9a-fA-F]{2})+", written):
        yield bytes.fromhex(written)
    plain = written.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    try:
        yield base64.b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return


def _values(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield what each runtime sent, a text in JSON as the text that it is."""
    return ((runtime, _plain(shown)) for runtime, shown in _sent(finding))


def _sent(finding: Finding) -> Iterator[tuple[str, str]]:
    return chain.from_iterable(finding.sent)


def _plain(shown: str) -> str:
    try:
        value = parse(shown.encode()).value if shown.startswith('"') else shown
    except NoJsonError:
        return shown
    return value if isinstance(value, str) else shown


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def _words(finding: Finding) -> set[str]:
    """Return the words of the name under which a finding's values were sent."""
    if finding.kind is DifferenceKind.HEADER:
        return set(words_of(finding.place.removeprefix("header ")))
    path = _path(finding.place)
    return set() if path is None else set(words_of(last_name(path)))

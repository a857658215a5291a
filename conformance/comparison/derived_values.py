"""Values that are digests or lengths of what differs elsewhere, or that change with it."""

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, product, repeat
from operator import attrgetter, itemgetter
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.bodies.multipart import bytes_at
from conformance.comparison.finding_values import plain_text, sent_in, steps_to
from conformance.comparison.idioms.member_names import last_name, words_of
from conformance.comparison.located import Located, changes_beside
from conformance.comparison.values.columns import CONTAINERS
from conformance.comparison.values.json_encoding import compact
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.side import found_under
from conformance.grouped import grouped
from conformance.model.finding import DifferenceKind, Facet, Finding
from conformance.model.follows import Follows
from conformance.model.json_path import path_of_place

_DIGEST: Final = re.compile(
    r'(?:W/)?"?(?:[A-Za-z0-9-]{2,12}[:=-]:?)?'
    r"(?P<digest>(?=[A-Za-z+/_-]*[0-9])(?:[0-9a-fA-F]{8}|(?:[0-9a-fA-F]{8}){4,16}"
    r"|[A-Za-z0-9+/_-]{22,86}={0,2})):?\"?"
)
"""A digest as hex or base64: bare, as `sha256:…`, `sha-256=:…:` or `sha256-…`, or quoted as an
entity tag."""
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
"""Words in names of digests, which do not say which algorithm or input was used."""
_OF_LENGTHS: Final = frozenset(("size", "length", "len", "bytes", "count", "total"))
CHANGES_WITH: Final = "changes with it"
_BODY: Final = "body"
_OTHERS_TOO: Final = ", which has other differences too"


_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2})+")


class _Made(Struct, frozen=True):
    """Digests and lengths of what a runtime sent, to recognise values made from it.

    `what` names the input; `digests` has the algorithm for each digest.
    """

    what: str
    digests: Mapping[bytes, str]
    lengths: frozenset[int]

    def explains(self, value: str) -> str:
        """Return how a value was made, such as `the length of it`; `` if it is neither."""
        if _number(value) in self.lengths:
            return f"the length of {self.what}"
        known = filter(self.digests.__contains__, _raw_digests(value))
        return next((f"the {self.digests[raw]} of {self.what}" for raw in known), "")


class Evidence(Struct):
    """The answers of a case, with digests and lengths computed once for each place."""

    answers: Sequence[Mapping[str, ReadAnswer]]
    _made: dict[tuple[int, str, str], _Made] = field(default_factory=dict)

    def name(self, value: str, runtime: str, finding: Finding) -> str:
        """Return how a value was made from what its runtime sent at a finding's place, else ``."""
        places: dict[str, str] = {}
        for side in finding.sides:
            places.update(zip(side.runtimes, side.places, strict=True))
        key = (finding.step, runtime, places.get(runtime, ""))
        if key not in self._made:
            self._made[key] = self._of_place(*key)
        return self._made[key].explains(value)

    def name_of_body(self, value: str, runtime: str, step: int) -> str:
        """Return how a value was made from the whole body that its runtime sent, else ``."""
        key = (step, runtime, _BODY)
        if key not in self._made:
            answer = self.answers[step].get(runtime)
            raws = [] if answer is None else [answer.answer.body]
            self._made[key] = _Made("the body", _digests(raws), frozenset(map(len, raws)))
        return self._made[key].explains(value)

    def _of_place(self, step: int, runtime: str, place: str) -> _Made:
        """Return the digests and lengths of what a runtime sent at a place."""
        texts = _bytes_of_parts(place, self.answers[step].get(runtime))
        lengths: set[int] = set()
        for value in _at(place, self.answers[step].get(runtime)):
            # A length may count a list's elements, a text's characters, or its bytes
            if isinstance(value, str | list):
                lengths.add(len(value))
            if type(value) not in CONTAINERS:
                texts.append(_bytes_of(value))
        lengths.update(map(len, texts))
        return _Made("it", _digests(texts), frozenset(lengths))


def may_follow(finding: Finding) -> bool:
    """Return whether all values of a finding may be digests, or lengths by their name."""
    if finding.facet is not Facet.VALUE or finding.kind not in _OF_ONE_VALUE:
        return False
    values = list(map(itemgetter(1), _values(finding)))
    if not values:
        return False
    is_named_a_length = not _OF_LENGTHS.isdisjoint(_words(finding))
    if is_named_a_length and None not in map(_number, values):
        return True
    return all(map(_DIGEST.fullmatch, values))


_OF_ONE_VALUE: Final = frozenset({DifferenceKind.VALUE, DifferenceKind.HEADER})


def followed(
    located: Located, leading: Iterable[Located], of_bodies: Sequence[Finding], evidence: Evidence
) -> Follows | None:
    """Return what a finding follows, or None.

    Its values are digests or lengths of what the other finding shows, or else change with it.
    """
    finding = located.finding
    if not may_follow(finding) or is_of_a_part(finding, evidence.answers[finding.step]):
        return None
    known = [each for each in leading if finding.distinguished <= each.finding.distinguished]
    known.sort(key=lambda each: each.finding.step != finding.step)
    explained: set[str] = set()
    in_places = _of_places(finding, known, evidence)
    in_bodies = _of_bodies(finding, of_bodies, evidence)
    for follows, names in chain(in_places, in_bodies):
        name = _same_name(names)
        if name and follows.places:
            return replace(follows, how=name + follows.how)
        explained.update(filter(None, names))
    # one runtime's value fits and another's does not: that is a difference of its own
    if explained or _OF_DIGESTS.isdisjoint(_words(finding)):
        return None
    return _changes_with(located, known)


def _changes_with(located: Located, known: Iterable[Located]) -> Follows | None:
    """Return the first finding of the step that a finding changes with in all elements, or None."""
    step = located.finding.step
    # this is a guess: findings of two steps often differ without any connection
    in_step = filter(lambda each: each.finding.step == step, known)
    leader = next(filter(partial(changes_beside, located), in_step), None)
    if leader is None:
        return None
    return Follows(step, (leader.finding.place,), CHANGES_WITH)


def _of_places(
    finding: Finding, leading: Iterable[Located], evidence: Evidence
) -> Iterator[tuple[Follows, set[str]]]:
    """Yield each leading finding, and how `finding`'s values were made from what is there."""
    for each in leading:
        leader = each.finding
        names = {evidence.name(value, runtime, leader) for runtime, value in _values(finding)}
        yield Follows(leader.step, (leader.place,), ""), names


def _of_bodies(
    finding: Finding, leading: Sequence[Finding], evidence: Evidence
) -> Iterator[tuple[Follows, set[str]]]:
    """Yield what differs in each step's bodies, and how the values were made from these.

    The finding's own step is first.  A digest of a whole body follows all differences in it, not a
    single place.
    """
    by_step = grouped(leading, attrgetter("step"))
    steps = sorted(by_step, key=lambda step: (step != finding.step, step))
    for step in steps:
        names = {evidence.name_of_body(value, runtime, step) for runtime, value in _values(finding)}
        are_apart = partial(_share_runtimes_apart, finding)
        places = list(map(attrgetter("place"), filter(are_apart, by_step[step])))
        others_too = "" if len(places) == 1 else _OTHERS_TOO
        yield Follows(step, tuple(dict.fromkeys(places)), others_too, whole_body=True), names


def _share_runtimes_apart(first: Finding, second: Finding) -> bool:
    """Return whether a pair of runtimes is on different sides in both findings."""
    return not first.distinguished.isdisjoint(second.distinguished)


def _same_name(names: AbstractSet[str]) -> str:
    """Return the description that all values share; `` if there are several, or if one has none."""
    if len(names) > 1:
        return ""
    return next(iter(names), "")


def _at(place: str, answer: ReadAnswer | None) -> Sequence[Json]:
    """Return what an answer has at a place of its body as sent; empty without an answer."""
    path = path_of_place(place)
    if answer is None or path is None:
        return ()
    # A body that was laid out differently for the comparison has its values at other places
    body = answer.body.as_sent
    if body.value is None:
        return ()
    return found_under([body.value], path)


def _bytes_of_parts(place: str, answer: ReadAnswer | None) -> list[bytes]:
    """Return the bytes of the parts of a multipart body whose bodies or digests are at a place."""
    path = path_of_place(place)
    if answer is None or path is None:
        return []
    return bytes_at(answer.body, path)


def is_of_a_part(finding: Finding, answers: Mapping[str, ReadAnswer]) -> bool:
    """Return whether a finding is about the digests by which the bytes of parts are compared."""
    of_runtimes = map(answers.get, finding.runtimes)
    return any(map(_bytes_of_parts, repeat(finding.place), of_runtimes))


def _bytes_of(scalar: Json) -> bytes:
    """Return the bytes of a text, or of another value's JSON."""
    if isinstance(scalar, str):
        return scalar.encode("utf-8", "surrogatepass")
    return compact(scalar).encode()


def _digests(texts: Iterable[bytes]) -> dict[bytes, str]:
    """Return for each digest of the inputs, by all algorithms, the name of its algorithm."""
    digests: dict[bytes, str] = {}
    for text, (name, make) in product(texts, _ALGORITHMS.items()):
        digests[make(text)] = name
    return digests


def _raw_digests(value: str) -> Iterator[bytes]:
    """Yield the bytes of the digest that a text may be, read as hex and as base64."""
    found = _DIGEST.fullmatch(value)
    if found is None:
        return
    written = found["digest"]
    if _HEX.fullmatch(written):
        yield bytes.fromhex(written)
    # In either alphabet (RFC 4648, sections 4 and 5), with or without padding
    plain = written.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    padding = "=" * (-len(plain) % 4)
    try:
        yield base64.b64decode(plain + padding)
    except binascii.Error:  # of a length that no bytes have
        return


def _values(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield each runtime with what it sent; a JSON string without its quotes and escapes."""
    for runtime, text in sent_in(finding):
        yield runtime, plain_text(text)


def _number(text: str) -> int | None:
    """Return a text as a length, or None."""
    # No length of anything in an answer has more digits
    if not re.fullmatch(r"[0-9]{1,15}", text):
        return None
    return int(text)


def _words(finding: Finding) -> set[str]:
    """Return the words of the name under which a finding's values were sent."""
    if finding.kind is DifferenceKind.HEADER:
        return set(words_of(finding.place.removeprefix("header ")))
    return set(words_of(last_name(steps_to(finding.place))))

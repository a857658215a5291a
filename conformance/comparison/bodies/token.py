"""Decode tokens (JSON Web Tokens, RFC 7519) in bodies, cookies and header fields.

A token is three parts in base64url, two of them JSON.  Compared are its header, its claims, and
whether it is signed.  The clocks `iat`, `exp` and `nbf`, and the id `jti`, differ in every token:
only their presence and their kind are compared, and even integer beside fraction is no difference.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import filterfalse
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body
from conformance.comparison.idioms.claim import two_forms
from conformance.comparison.idioms.member_names import path_without_convention
from conformance.comparison.values.columns import Column, is_numeric, is_text
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json, NoJsonError, parse_repeated
from conformance.comparison.values.mapping import mapped
from conformance.model.credential_forms import JSON_IN_BASE64
from conformance.model.json_path import JsonPath, covers

_START: Final = rf"{JSON_IN_BASE64}(?<![\w-][\w-]{{3}})"
"""How a token begins.  No word may end just before it; that is tested last, as it takes longer."""
_TOKEN: Final = re.compile(rf"{_START}[\w-]{{2,}}\.[\w-]{{2,}}\.[\w-]*(?![\w-])", re.ASCII)
_USUAL_START: Final = b"eyJ"
"""The beginning of `{"` in base64."""
_CLAIMS: Final = re.compile(rf"\.(?:{JSON_IN_BASE64}|e30)[\w-]*+\.".encode())
"""The claims of a token, which may be `{}`.  Dots are rare in other bodies, so the search is fast.
"""
_CLOCKS: Final = frozenset({"iat", "exp", "nbf"})
"""Claims that are points in time, in seconds."""
_IDS: Final = frozenset({"jti"})
"""Claims that are new in every token."""
_SIGNATURE: Final = "signature"
"""The member that says that a token is signed."""
_ABSENT: Final = "absent"
_SIGNED: Final = "a signed token"
_UNSIGNED: Final = "an unsigned token"
_TOKENS_ALONE: Final = "token"
_OTHER_TEXTS: Final = "string"
_WITHOUT: Final = "no token"
_CLOCK: Final = 2
"""What replaces a clock; 0 and 1 could mean nothing or true."""
_ID: Final = "id"

_NUMBER: Final = re.compile(r"-?[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")


TextRule = Callable[[JsonPath], bool]
"""Returns whether a rule accepts any text at a path."""


def _accepts_no_text(_: JsonPath) -> bool:
    """Return False: without rules, no text is accepted."""
    return False


def with_decoded_tokens(
    a: Body, b: Body, accepts_any_text: TextRule = _accepts_no_text
) -> tuple[Body, Body]:
    """Return two bodies with tokens decoded at the paths where both have only tokens.

    Paths that differ by naming convention, such as `accessToken` and `access_token`, are one.  A
    token stays a text if a rule accepts any text at its path.
    """
    if not all(map(may_hold_tokens, (a.raw, b.raw))):
        return a, b
    others = set[JsonPath]()
    first, second = _sorted_out(a.value, others), _sorted_out(b.value, others)
    first, second = first - others, second - others
    both = (first & second) | _renamed(first - second, second - first)
    tokens = set(filterfalse(accepts_any_text, both))
    if not tokens:
        return a, b
    return _with_tokens(a, tokens), _with_tokens(b, tokens)


def _renamed(first: AbstractSet[JsonPath], second: AbstractSet[JsonPath]) -> set[JsonPath]:
    """Return the paths of both sides that are equal but for the naming convention of members."""
    paths = first | second
    plain = dict(zip(paths, map(path_without_convention, paths), strict=True))
    in_both = set(map(plain.get, first)).intersection(map(plain.get, second))
    return {path for path, name in plain.items() if name in in_both}


def may_hold_tokens(raw: bytes) -> bool:
    """Return whether bytes may contain a token, if it is not escaped."""
    return _USUAL_START in raw or _CLAIMS.search(raw) is not None


def _sorted_out(value: Json, others: set[JsonPath]) -> set[JsonPath]:
    """Return the paths of tokens, and add those of other scalars to `others`."""
    tokens: set[JsonPath] = set()

    def sort(scalar: Json, path: JsonPath) -> Json:
        (tokens if _is_token(scalar) else others).add(path)
        return scalar

    mapped(value, lambda name: name, sort)
    return tokens


def _with_tokens(body: Body, places: set[JsonPath]) -> Body:
    """Return a body with the tokens at some paths decoded, and their clocks and ids made equal.

    `sent` keeps the values of the clocks and ids.
    """

    def as_sent(scalar: Json, path: JsonPath) -> Json:
        return read_token(scalar) if path in places else scalar

    def with_equal_clocks(scalar: Json, path: JsonPath) -> Json:
        return _timeless(read_token(scalar)) if path in places else scalar

    sent = replace(body, value=mapped(body.value, lambda name: name, as_sent), tokens=places)
    return sent.respelled(value=mapped(body.value, lambda name: name, with_equal_clocks))


def is_in_token(path: JsonPath, tokens: AbstractSet[JsonPath]) -> bool:
    """Return whether a path is at or below that of a token; the token's path may have wildcards."""
    return any(covers(path[: len(token)], token) for token in tokens)


def tokens_in(text: str) -> tuple[str, ...]:
    """Return the tokens in a text, without repetition."""
    found = map(re.Match.group, _TOKEN.finditer(text))
    return tuple(dict.fromkeys(filter(_is_token, found)))


def token_facts(a: Column, b: Column) -> tuple[str, str] | None:
    """Return the facts of two columns if one has other kinds of texts than the other, else None.

    The kinds are tokens and other texts.
    """
    return two_forms(_kinds_of_texts(a), _kinds_of_texts(b))


def token_facts_of(a: Json, b: Json) -> tuple[str, str] | None:
    """Return the facts of two texts if exactly one is a token, else None."""
    if {type(a), type(b)} != {str}:
        return None
    return two_forms(_kind_of_text(a), _kind_of_text(b))


def _kinds_of_texts(column: Column) -> str:
    """Return whether a column has tokens, other texts or both, as a fact."""
    texts = list(filter(is_text, column))
    # A token has dots: searching all texts at once takes a tenth of the time
    have_dots = "." in "".join(texts)
    if texts and not have_dots:
        return _OTHER_TEXTS
    return " or ".join(sorted(set(map(_kind_of_text, texts))))


def _kind_of_text(text: str) -> str:
    """Return whether a text is a token, as a fact."""
    return _OTHER_TEXTS if read_token(text) is None else _TOKENS_ALONE


def forms_of_tokens(text: str) -> str:
    """Return which tokens a text contains, as a fact: signed ones, unsigned ones or none."""
    return ", ".join(map(_form_of_token, tokens_in(text))) or _WITHOUT


def _form_of_token(token: str) -> str:
    return _UNSIGNED if token.endswith(".") else _SIGNED


def claims_of(token: str) -> Json:
    """Return the claims of a token, or None if the text is none."""
    read = read_token(token)
    return None if read is None else read["claims"]


def spelled_tokens(text: str) -> str:
    """Return a text with its tokens written as JSON in one spelling, with equal clocks and ids."""
    return _TOKEN.sub(lambda found: _spelled(found[0]), text)


def tokens_beside(a: str, b: str) -> tuple[str, str]:
    """Return in words which members differ in the tokens of two texts.

    Clocks and ids of one kind do not count.  Return empty texts unless each text has one token.
    """
    of_a, of_b = tokens_in(a), tokens_in(b)
    if {len(of_a), len(of_b)} != {1}:
        return "", ""
    token, its_partner = read_token(of_a[0]), read_token(of_b[0])
    first, second = _members(token), _members(its_partner)
    lasting, other = _members(_timeless(token)), _members(_timeless(its_partner))
    unlike = [name for name in first | second if lasting.get(name) != other.get(name)]
    return _in_words(first, unlike), _in_words(second, unlike)


def _members(token: Json) -> dict[str, str]:
    """Return the members of a token in one spelling, and whether it is signed."""
    members: dict[str, str] = {}
    for part in ("header", "claims"):
        for name, value in token[part].items():
            members[f"{part}.{name}"] = _sorted_members(value)
    if _SIGNATURE in token:
        members[_SIGNATURE] = token[_SIGNATURE]
    return members


def _in_words(members: Mapping[str, str], names: Sequence[str]) -> str:
    """Return some members of a token as a phrase for a report."""
    return ", ".join(f"the token's {name} {members.get(name, _ABSENT)}" for name in names)


def _sorted_members(value: Json) -> str:
    """Return a value as JSON in which the order of members does not count."""
    return canonical(value).decode("utf-8")


def _spelled(text: str) -> str:
    """Return a token as JSON in one spelling, with equal clocks and ids; other texts unchanged."""
    token = read_token(text)
    return text if token is None else _sorted_members(_timeless(token))


def _is_token(value: Json) -> bool:
    return isinstance(value, str) and read_token(value) is not None


def read_token(text: str) -> Json:
    """Return a token as an object with header and claims, or None if the text is none."""
    if _TOKEN.fullmatch(text) is None:
        return None
    header, claims, signature = text.split(".")
    try:
        read: dict[str, Json] = {"header": _part(header), "claims": _part(claims)}
    except (NoJsonError, ValueError):
        return None
    if set(map(type, read.values())) != {dict}:
        return None
    if signature:
        read[_SIGNATURE] = "present"
    return read


def _part(text: str) -> Json:
    """Return the JSON in a part of a token; raise ValueError or NoJsonError if there is none."""
    return parse_repeated(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _timeless(token: Json) -> Json:
    """Return a token whose clocks and ids are replaced by equal ones of the same kind.

    The kinds are: number, number in a text, and text.
    """
    claims = {name: _without_time(name, value) for name, value in token["claims"].items()}
    return {**token, "claims": claims}


def _without_time(name: str, value: Json) -> Json:
    """Return a claim, replaced by a fixed value of its kind if it is a clock or an id."""
    if name not in _CLOCKS | _IDS:
        return value
    if is_numeric(value):
        return _CLOCK
    if not isinstance(value, str):
        return value
    return _text_alike(name, value)


def _text_alike(name: str, value: str) -> str:
    """Return a fixed text for an id, and for a clock that is a number in a text."""
    if name in _IDS:
        return _ID
    return str(_CLOCK) if _NUMBER.fullmatch(value) else value

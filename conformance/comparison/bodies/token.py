"""Tokens (RFC 7519): three parts in base64url, of which two are JSON.

They stand in members of a body, in cookies and in header fields.

A token is compared by its header and its claims, and by whether it is signed.  When it was made and
when it ends are clocks, and `jti` is an id: that they are there, and what kind of value they are,
counts, but for the kind of a number; what they say does not.
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
"""How a token begins, with nothing of a word before it; this stands behind, as it takes longer."""
_TOKEN: Final = re.compile(rf"{_START}[\w-]{{2,}}\.[\w-]{{2,}}\.[\w-]*(?![\w-])", re.ASCII)
_USUAL_START: Final = b"eyJ"
"""How base64 of `{"` begins."""
_CLAIMS: Final = re.compile(rf"\.(?:{JSON_IN_BASE64}|e30)[\w-]*+\.".encode())
"""The claims of a token, which may be `{}`: few bytes of other bodies are dots, which are found
soon.
"""
_CLOCKS: Final = frozenset({"iat", "exp", "nbf"})
_IDS: Final = frozenset({"jti"})
_SIGNATURE: Final = "signature"
_ABSENT: Final = "absent"
_SIGNED: Final = "a signed token"
_UNSIGNED: Final = "an unsigned token"
_TOKENS_ALONE: Final = "token"
_OTHER_TEXTS: Final = "string"
_WITHOUT: Final = "no token"
_CLOCK: Final = 2  # neither a value for nothing nor one for true, which 0 and 1 may be
_ID: Final = "id"

_NUMBER: Final = re.compile(r"-?[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")


TextRule = Callable[[JsonPath], bool]
"""Whether a rule accepts any text at a place."""


def _accepts_no_text(_: JsonPath) -> bool:
    return False


def decoded(a: Body, b: Body, accepts_any_text: TextRule = _accepts_no_text) -> tuple[Body, Body]:
    """Return two bodies with tokens decoded, at the places where both have only tokens.

    `accessToken` is one place with `access_token`.  Where a rule accepts any text, a token is a
    text like others.
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
    """Return the places that differ only in the convention by which their members are named."""
    paths = first | second
    plain = dict(zip(paths, map(path_without_convention, paths), strict=True))
    in_both = set(map(plain.get, first)).intersection(map(plain.get, second))
    return {path for path, name in plain.items() if name in in_both}


def may_hold_tokens(raw: bytes) -> bool:
    """Return whether bytes may hold a token that is not escaped."""
    return _USUAL_START in raw or _CLAIMS.search(raw) is not None


def _sorted_out(value: Json, others: set[JsonPath]) -> set[JsonPath]:
    """Return the places of tokens, and add those of other scalars to `others`."""
    tokens: set[JsonPath] = set()

    def sort(scalar: Json, path: JsonPath) -> Json:
        (tokens if _is_token(scalar) else others).add(path)
        return scalar

    mapped(value, lambda name: name, sort)
    return tokens


def _with_tokens(body: Body, places: set[JsonPath]) -> Body:
    """Return a body with its tokens decoded.

    Their clocks and ids are spelled alike, and shown as they were sent.
    """

    def whole(scalar: Json, path: JsonPath) -> Json:
        return read_token(scalar) if path in places else scalar

    def timeless(scalar: Json, path: JsonPath) -> Json:
        return _timeless(read_token(scalar)) if path in places else scalar

    sent = replace(body, value=mapped(body.value, lambda name: name, whole), tokens=places)
    return sent.respelled(value=mapped(body.value, lambda name: name, timeless))


def is_in_token(path: JsonPath, tokens: AbstractSet[JsonPath]) -> bool:
    """Return whether a place is one of some tokens, or within it; a name may stand for any."""
    return any(covers(path[: len(token)], token) for token in tokens)


def tokens_in(text: str) -> tuple[str, ...]:
    """Return the tokens in a text, each once."""
    found = map(re.Match.group, _TOKEN.finditer(text))
    return tuple(dict.fromkeys(filter(_is_token, found)))


def token_facts(a: Column, b: Column) -> tuple[str, str] | None:
    """Return what the texts of two columns are, where tokens are among those of one alone.

    So are they where only one has other texts beside its tokens.
    """
    return two_forms(_word_of(a), _word_of(b))


def token_facts_of(a: Json, b: Json) -> tuple[str, str] | None:
    """Return what two texts are, where one alone is a token."""
    if {type(a), type(b)} != {str}:
        return None
    return two_forms(_word_of_text(a), _word_of_text(b))


def _word_of(column: Column) -> str:
    """Return what the texts of a column are, in a word."""
    texts = list(filter(is_text, column))
    # a token has dots: one look at all texts takes a tenth of the time of one at each
    have_dots = "." in "".join(texts)
    if texts and not have_dots:
        return _OTHER_TEXTS
    return " or ".join(sorted(set(map(_word_of_text, texts))))


def _word_of_text(text: str) -> str:
    return _OTHER_TEXTS if read_token(text) is None else _TOKENS_ALONE


def forms_of_tokens(text: str) -> str:
    """Return whether a text holds tokens, and whether these are signed."""
    return ", ".join(map(_form_of_token, tokens_in(text))) or _WITHOUT


def _form_of_token(token: str) -> str:
    return _UNSIGNED if token.endswith(".") else _SIGNED


def claims_of(token: str) -> Json:
    """Return the claims of a token, or None where a text is none."""
    read = read_token(token)
    return None if read is None else read["claims"]


def spelled_tokens(text: str) -> str:
    """Return a text with each token in it as JSON in one spelling, its clocks and ids alike."""
    return _TOKEN.sub(lambda found: _spelled(found[0]), text)


def tokens_beside(a: str, b: str) -> tuple[str, str]:
    """Return in words what the tokens in two texts hold, as far as that differs.

    Nothing unless each has one token.

    Clocks and ids that both have, of one kind, are left out.
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
    """Return what a token says, each member in one spelling, and whether it is signed."""
    members: dict[str, str] = {}
    for part in ("header", "claims"):
        for name, value in token[part].items():
            members[f"{part}.{name}"] = _sorted_members(value)
    if _SIGNATURE in token:
        members[_SIGNATURE] = token[_SIGNATURE]
    return members


def _in_words(members: Mapping[str, str], names: Sequence[str]) -> str:
    return ", ".join(f"the token's {name} {members.get(name, _ABSENT)}" for name in names)


def _sorted_members(value: Json) -> str:
    """Return a value as JSON, in which the order of members says nothing."""
    return canonical(value).decode("utf-8")


def _spelled(text: str) -> str:
    token = read_token(text)
    return text if token is None else _sorted_members(_timeless(token))


def _is_token(value: Json) -> bool:
    return isinstance(value, str) and read_token(value) is not None


def read_token(text: str) -> Json:
    """Return a token as an object, or None where a text is none."""
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
    return parse_repeated(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _timeless(token: Json) -> Json:
    """Return a token whose clocks and ids are all equal, each still of its kind.

    The kinds are a number, a number in a text, and a text.
    """
    claims = {name: _without_time(name, value) for name, value in token["claims"].items()}
    return {**token, "claims": claims}


def _without_time(name: str, value: Json) -> Json:
    if name not in _CLOCKS | _IDS:
        return value
    if is_numeric(value):
        return _CLOCK
    if not isinstance(value, str):
        return value
    return _text_alike(name, value)


def _text_alike(name: str, value: str) -> str:
    if name in _IDS:
        return _ID
    return str(_CLOCK) if _NUMBER.fullmatch(value) else value

"""Tokens (RFC 7519): three parts in base64url, of which two are JSON.

They stand in members of a body, in cookies and in header fields.

A token is compared by its header and its claims, and by whether it is signed.  When it was made and
when it ends are clocks, and `jti` is an id: that they are there, and what kind of value they are,
counts; what they say does not.
"""

import base64
import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from itertools import filterfalse
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body
from conformance.comparison.values.columns import Column
from conformance.comparison.values.json_encoding import compact
from conformance.comparison.values.lossless_json import Json, NoJsonError, parse_repeated
from conformance.comparison.values.mapping import mapped
from conformance.model.json_path import JsonPath, covers

TOKEN_START: Final = b"eyJ"
"""How base64 of `{"` begins."""
_TOKEN: Final = re.compile(r"(?<![\w-])eyJ[\w-]{2,}\.[\w-]{2,}\.[\w-]*(?![\w-])", re.ASCII)
_CLOCKS: Final = frozenset({"iat", "exp", "nbf"})
_IDS: Final = frozenset({"jti"})
_SIGNATURE: Final = "signature"
_ABSENT: Final = "absent"
_SIGNED: Final = "a signed token"
_UNSIGNED: Final = "an unsigned token"
_TOKENS_ALONE: Final = "token"
_OTHER_TEXTS: Final = "string"
_WITHOUT: Final = "no token"
_CLOCK: Final = 1  # not zero, which would be a value for nothing
_ID: Final = "id"


TextRule = Callable[[JsonPath], bool]
"""Whether a rule accepts any text at a place."""


def decoded(a: Body, b: Body, accepts_any_text: TextRule | None = None) -> tuple[Body, Body]:
    """Return two bodies with tokens decoded, at the places where both have only tokens.

    Where a rule accepts any text, a token is a text like others.
    """
    if TOKEN_START not in a.raw or TOKEN_START not in b.raw:
        return a, b
    others = set[JsonPath]()
    known = [_sorted_out(body.value, others) for body in (a, b)]
    both = (known[0] & known[1]) - others
    tokens = set(filterfalse(accepts_any_text, both)) if accepts_any_text else both
    if not tokens:
        return a, b
    first, second = (_with_tokens(body, tokens) for body in (a, b))
    return first, second


def _sorted_out(value: Json, others: set[JsonPath]) -> set[JsonPath]:
    """Return the places of tokens, and add those of other scalars to `others`."""
    tokens: set[JsonPath] = set()

    def sort(scalar: Json, path: JsonPath) -> Json:
        (tokens if isinstance(scalar, str) and read_token(scalar) is not None else others).add(path)
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
    found = (match[0] for match in _TOKEN.finditer(text)) if "eyJ" in text else ()
    return tuple(dict.fromkeys(token for token in found if read_token(token) is not None))


def token_facts(a: Column, b: Column) -> tuple[str, str] | None:
    """Return what the texts of two columns are, where one has tokens alone and the other none."""
    both = _word_of(a), _word_of(b)
    return both if set(both) == {_TOKENS_ALONE, _OTHER_TEXTS} else None


def _word_of(column: Column) -> str:
    """Return what the texts of a column are, in a word."""
    words = {_word_of_text(each) for each in column if isinstance(each, str)}
    return " or ".join(sorted(words))


def _word_of_text(text: str) -> str:
    return _OTHER_TEXTS if read_token(text) is None else _TOKENS_ALONE


def forms_of_tokens(text: str) -> str:
    """Return whether a text holds tokens, and whether these are signed."""
    forms = (_UNSIGNED if token.endswith(".") else _SIGNED for token in tokens_in(text))
    return ", ".join(forms) or _WITHOUT


def claims_of(token: str) -> Json:
    """Return the claims of a token, or None where a text is none."""
    read = read_token(token)
    return None if read is None else read["claims"]


def spelled_tokens(text: str) -> str:
    """Return a text with each token in it as JSON, its clocks and ids left out."""
    return _TOKEN.sub(lambda found: _spelled(found[0]), text) if "eyJ" in text else text


def tokens_beside(a: str, b: str) -> tuple[str, str]:
    """Return in words what the tokens in two texts hold, as far as that differs.

    Nothing unless each has one token.

    Clocks and ids that both have are left out.
    """
    read = [[read_token(token) for token in tokens_in(text)] for text in (a, b)]
    if any(len(found) != 1 for found in read):
        return "", ""
    first, second = read[0][0], read[1][0]
    spelled = _timeless(first), _timeless(second)
    of_either = dict.fromkeys((*first, *second))
    parts = [part for part in of_either if spelled[0].get(part) != spelled[1].get(part)]
    both = (_CLOCKS | _IDS) & first["claims"].keys() & second["claims"].keys()
    return _in_words(first, parts, both), _in_words(second, parts, both)


def _in_words(token: Json, parts: Sequence[str], left_out: AbstractSet[str]) -> str:
    claims = {name: value for name, value in token["claims"].items() if name not in left_out}
    lasting = {**token, "claims": claims}
    return ", ".join(f"the token's {part} {compact(lasting.get(part, _ABSENT))}" for part in parts)


def _spelled(text: str) -> str:
    token = read_token(text)
    return text if token is None else compact(_timeless(token))


def read_token(text: str) -> Json:
    """Return a token as an object, or None where a text is none."""
    if not text.startswith("eyJ") or _TOKEN.fullmatch(text) is None:
        return None
    header, claims, signature = text.split(".")
    try:
        read = {"header": _part(header), "claims": _part(claims)}
    except (NoJsonError, ValueError):
        return None
    if signature:
        read[_SIGNATURE] = "present"
    return read if isinstance(read["header"], dict) and isinstance(read["claims"], dict) else None


def _part(text: str) -> Json:
    return parse_repeated(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _timeless(token: Json) -> Json:
    """Return a token whose clocks and ids are all equal, each still of its kind.

    The kinds are a number, digits in a text, and a text.
    """
    claims = {name: _without_time(name, value) for name, value in token["claims"].items()}
    return {**token, "claims": claims}


def _without_time(name: str, value: Json) -> Json:
    if name in _CLOCKS:
        return _CLOCK if type(value) is int else _digits_alike(value)
    return _ID if name in _IDS and isinstance(value, str) else value


def _digits_alike(value: Json) -> Json:
    return str(_CLOCK) if isinstance(value, str) and value.isdigit() else value

"""Tokens are compared by their claims."""

import base64
import json
from typing import Any

import pytest

from conformance.comparison.bodies.token import forms_of_tokens
from conformance.model.case import CompareLevel
from conformance.model.rule import RuleKind
from tests.comparison.differences import answer, between, rule, seen


def token(signature: str = "c2ln", header: object = None, **claims: object) -> str:
    """Return a token with these claims."""
    parts = [header or {"alg": "HS256", "typ": "JWT"}, claims]
    coded = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    ]
    return ".".join((*coded, signature))


@pytest.mark.parametrize(
    ("second", "wanted"),
    [
        pytest.param(token(sub="u1", iat=1763856001, exp=1763859601, jti="y"), [],
            id="clocks-and-ids"),
        pytest.param(token("b3RoZXI", sub="u1", iat=1, exp=2, jti="z"), [], id="signature"),
        pytest.param(token("", sub="u1", iat=1, exp=2, jti="z"), [("member", "$.t.signature")],
            id="unsigned"),
        pytest.param(token(sub="u2", iat=1, exp=2, jti="z"), [("value", "$.t.claims.sub")],
            id="claim"),
        pytest.param(token(sub="u1", iat=1, jti="z"), [("member", "$.t.claims.exp")], id="no-end"),
        pytest.param(token(sub="u1", iat=1, exp="2", jti="z"),
            [("number-as-string", "$.t.claims.exp")], id="type"),
        pytest.param(token(header={"alg": "none"}, sub="u1", iat=1, exp=2, jti="z"),
                     [("member", "$.t.header.typ"), ("value", "$.t.header.alg")], id="header"),
        pytest.param("opaque", [("type", "$.t")], id="no-token"),
    ],
)  # fmt: skip
def test_tokens_are_compared_by_their_claims(second: str, wanted: list[tuple[str, str]]) -> None:
    """When a token was made is no difference; what it says is, at its place within the token."""
    first = token(sub="u1", iat=1763856000, exp=1763859600, jti="x")
    assert seen(json.dumps({"t": first}), json.dumps({"t": second}), "application/json") == wanted


@pytest.mark.parametrize("before", ["", " ", "\n", "\t", "\r\n", "\n  "])
@pytest.mark.parametrize("within", ["", " ", "\n", "\t", "\r\n", "\n  "])
def test_a_token_is_known_however_its_json_is_laid_out(before: str, within: str) -> None:
    """White space around and within the brace of its header, and of its claims, says nothing."""
    coded = [
        base64.urlsafe_b64encode(f"{before}{{{within}{json.dumps(part)[1:]}".encode()).decode()
        for part in ({"alg": "HS256", "typ": "JWT"}, {"sub": "u1"})
    ]
    spaced = ".".join((*(part.rstrip("=") for part in coded), "c2ln"))
    first, second = (json.dumps({"t": each}) for each in (spaced, token(sub="u1")))
    assert seen(first, second, "application/json") == []
    assert forms_of_tokens(f"Bearer {spaced}") == "a signed token"


@pytest.mark.parametrize(
    ("claims", "wanted"),
    [
        pytest.param({"iat": 2}, [], id="a-clock"),
        pytest.param(
            {"iat": 2, "aud": "x"}, [("member", "$.access_token.claims.aud")], id="a-claim"
        ),
    ],
)
def test_tokens_whose_members_are_named_by_another_convention_are_tokens(
    claims: dict[str, Any], wanted: list[tuple[str, str]]
) -> None:
    """The names are one cause; what the tokens hold is compared as under one name."""
    a = json.dumps({"accessToken": token(iat=1, sub="u")})
    b = json.dumps({"access_token": token("b3RoZXI", sub="u", **claims)})
    assert seen(a, b, "application/json") == [("key-case", "$"), *wanted]


def test_a_rule_that_accepts_any_text_accepts_any_token() -> None:
    """A token is a text like others there, also where only some runtimes send one."""
    a, b = (answer(json.dumps({"t": token(sub=sub)})) for sub in ("a", "b"))
    places = {
        path: [
            place
            for _, place, *_ in between(a, b, CompareLevel.VALUE, (rule(path, RuleKind.STRING),))
        ]
        for path in ("$.t", "$.u")
    }
    assert places == {"$.t": [], "$.u": ["$.t.claims.sub"]}


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        pytest.param({"exp": 1700003601.25}, {"exp": 1700003699.75}, [], id="fractions"),
        pytest.param({"nbf": 1.25}, {"nbf": 1}, [], id="fraction-and-integer"),
        pytest.param({"iat": 1700000000}, {"iat": 1700000000.0}, [], id="point-and-none"),
        pytest.param({"exp": "1.5"}, {"exp": "2"}, [], id="numbers-in-texts"),
        pytest.param({"exp": "1.5"}, {"exp": 2}, ["number-as-string"], id="text-and-number"),
        pytest.param({"exp": True}, {"exp": 1}, ["type"], id="boolean"),
        pytest.param({"jti": 1}, {"jti": 2.5}, [], id="numbers-as-ids"),
        pytest.param({"jti": "1"}, {"jti": 2}, ["type"], id="id-text-and-number"),
        pytest.param({"ttl": 1.25}, {"ttl": 1}, ["value"], id="no-clock"),
    ],
)  # fmt: skip
def test_clocks_of_tokens_are_numbers_of_any_kind(
    first: dict[str, Any], second: dict[str, Any], wanted: list[str]
) -> None:
    """Whether a clock has a fraction depends on when it was asked; that it is a text does not."""
    a, b = (json.dumps({"t": token(**claims)}) for claims in (first, second))
    assert [name for name, _ in seen(a, b, "application/json")] == wanted

"""Tokens in header fields and cookies count by what they hold."""

import base64
import json
from typing import Any

import pytest

from conformance.model.observation import Answer
from tests.comparison.answers.header_fields import JWT, compared, headers, places
from tests.comparison.bodies.test_tokens import token


def test_own_addresses_in_tokens_of_fields() -> None:
    """The issuer of a token in a field or a cookie is held against the runtime that sent it."""

    def issued(name: str) -> Answer:
        claims = json.dumps({"iss": f"http://{name}:1", "iat": ord(name)}).encode()
        sent = JWT.format(base64.urlsafe_b64encode(claims).decode().rstrip("="))
        return headers(("X-Auth", f"Bearer {sent}"), ("Set-Cookie", f"t={sent}"))

    assert places(compared(issued("a"), issued("b"), ["set-cookie", "x-auth"])) == []
    assert len(places(compared(issued("a"), issued("c"), ["set-cookie", "x-auth"]))) == 2


def test_tokens_in_fields_and_cookies() -> None:
    """A token counts by its claims there, too."""
    first, second, other = (
        JWT.format(part) for part in ("eyJpYXQiOjF9", "eyJpYXQiOjJ9", "eyJzdWIiOjJ9")
    )

    def between(x: str, y: str) -> list[str]:
        fields = [[("X-Auth", f"Bearer {each}"), ("Set-Cookie", f"t={each}")] for each in (x, y)]
        outcome = compared(headers(*fields[0]), headers(*fields[1]), ["set-cookie", "x-auth"])
        return [place for place, _, _ in places(outcome)]

    assert between(first, second) == []
    assert between(first, other) == ["header set-cookie;t;value", "header x-auth"] or between(
        first, other
    ) == [
        "header x-auth",
        "header set-cookie;t;value",
    ]


def test_what_tokens_of_fields_hold_is_said() -> None:
    """A token's value is shown as sent, with the parts that differ, decoded, beside it.

    Clocks that both have are left out.
    """

    def issued(**claims: object) -> Answer:
        part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        return headers(("X-Auth", f"Bearer {JWT.format(part)}"))

    outcome = compared(issued(sub="u", iat=1, role="admin"), issued(sub="u", iat=2), ["x-auth"])
    (found,) = outcome.differences
    assert found.details == (
        """the token's claims.role "admin\"""",
        "the token's claims.role absent",
    )
    assert str(found.occurrences[0].a).startswith("Bearer eyJ")


@pytest.mark.parametrize("field", ["X-Tok", "Set-Cookie"])
def test_the_members_of_a_token_in_a_field_have_no_order(field: str) -> None:
    """Neither those of its header nor its claims, at any depth; a claim that differs is said."""
    header, other = {"alg": "HS256", "kid": "k1"}, {"kid": "k1", "alg": "HS256"}
    claims: dict[str, Any] = {"uid": 1, "org": {"id": 1, "no": 2}}
    others: dict[str, Any] = {"org": {"no": 2, "id": 1}, "uid": 1}

    def between(first: str, second: str) -> list[tuple[str, str]]:
        a, b = (headers((field, f"sid={each}")) for each in (first, second))
        return [each.details for each in compared(a, b, [field.lower()]).differences]

    first = token(header=header, **claims)
    assert between(first, token(header=other, **others)) == []
    assert between(first, token(header=other, uid=True, org=others["org"])) == [
        ("the token's claims.uid 1", "the token's claims.uid true")
    ]

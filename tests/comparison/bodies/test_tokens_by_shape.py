"""Tokens in members: that a text is one, and that it is signed, is shape; each claim counts."""

import base64
import json

import pytest

from conformance.model.case import CompareLevel
from tests.comparison.bodies.test_tokens import token
from tests.comparison.differences import seen

SHAPE = CompareLevel.SHAPE


@pytest.mark.parametrize(
    ("second", "wanted"),
    [
        pytest.param(token("b3RoZXI", sub="u2"), [], id="another-subject"),
        pytest.param(token("", sub="u1"), [("member", "$.t.signature")], id="unsigned"),
        pytest.param("opaque", [("type", "$.t")], id="no-token"),
        pytest.param(None, [("type", "$.t")], id="null"),
    ],
)
def test_a_token_and_its_signature_are_shape(
    second: str | None, wanted: list[tuple[str, str]]
) -> None:
    """By shape a token is no text like others, and a signed one no unsigned one."""
    a, b = (json.dumps({"t": each}) for each in (token(sub="u1"), second))
    assert seen(a, b, "application/json", SHAPE) == wanted


def test_a_claim_that_comes_again_is_seen() -> None:
    """Readers disagree which of two claims of one name counts: the earlier one is shown."""
    twice = base64.urlsafe_b64encode(b'{"sub":"u1","sub":"u2"}').decode().rstrip("=")
    header, _, signature = token(sub="u2").split(".")
    a, b = (json.dumps({"t": each}) for each in (token(sub="u2"), f"{header}.{twice}.{signature}"))
    assert seen(a, b, "application/json") == [("member", "$.t.claims['sub (earlier value 1)']")]

"""What is taken out of a change before anyone is asked, and what stays."""

import pytest

from conformance.review.redaction import without_secrets

AWS = "AKIA" + "IOSFODNN7" + "EXAMPLE"
GITHUB = "ghp_" + "a1B2" * 9
HEAD, PAYLOAD = "eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0In0"
WEB_TOKEN = f"{HEAD}.{PAYLOAD}.c2lnbmF0dXJlLW9mLWl0"
SPACED_HEAD, SPACED_PAYLOAD = "eyAiYWxnIjoiSFMyNTYifQ", "Cnsic3ViIjoiMTIzNCJ9"
SPACED_TOKEN = f"{SPACED_HEAD}.{SPACED_PAYLOAD}.c2lnbmF0dXJlLW9mLWl0"
"""One of JSON with white space within and before its braces."""


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (f"    12 +key = {AWS!r}\n", "    12 +key = '[secret]'\n"),
        (f"+# {GITHUB}\n", "+# [secret]\n"),
        (
            f"+curl -H 'Authorization: Bearer {WEB_TOKEN}'\n",
            "+curl -H 'Authorization: Bearer [secret]'\n",
        ),
        (f"+# {SPACED_TOKEN}\n", "+# [secret]\n"),
        ("+password = 'correct-horse-battery'\n", "+password = '[secret]'\n"),
        ('+  "api_key": "0123456789abcdef"\n', '+  "api_key": "[secret]"\n'),
        ("+url = postgres://app:hunter2hunter2@db/shop\n", "+url = postgres://[secret]@db/shop\n"),
    ],
)
def test_credentials_are_taken_out(text: str, cleaned: str) -> None:
    """Each form of one is found once, and the rest of its line stays."""
    assert without_secrets(text) == (cleaned, 1)


def test_a_private_key_is_taken_out_line_by_line() -> None:
    """No line of it stays, and the places of what follows do."""
    kind = "PRIVATE" + " KEY"
    text = f"+-----BEGIN RSA {kind}-----\n+c2VjcmV0\n+c2VjcmV0\n+-----END RSA {kind}-----\n+after\n"
    cleaned, found = without_secrets(text)
    assert (cleaned, found) == ("+[secret]\n[secret]\n[secret]\n[secret]\n+after\n", 1)


@pytest.mark.parametrize(
    "text",
    [
        "+token = os.environ['TOKEN']\n",
        "+password = '${env:PASSWORD}'\n",
        "+secret = '[secret]'\n",
        "+sha = '957706a0c1d2e3f4957706a0c1d2e3f4957706a0'\n",
        "+see https://example.com/a:b\n",
    ],
)
def test_what_is_no_credential_stays(text: str) -> None:
    """Names of variables, references, digests and links are read as they are."""
    assert without_secrets(text) == (text, 0)

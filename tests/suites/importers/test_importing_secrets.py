"""No credential of an imported request is written, and requests that differ by one stay apart."""

import json
import re

import pytest

from conformance.suites.importers.curl import read_curl
from tests.suites.importers.imported_suites import SECRET, written


@pytest.mark.parametrize(
    "command",
    [
        f"curl http://h/a -H 'Authorization: Bearer {SECRET}'",
        f"curl http://h/a -H 'X-Custom: Bearer {SECRET}'",
        (
            f"curl http://h/a -H 'X-Api-Key: {SECRET}' -H 'x-csrf-token: {SECRET}' -H "
            f"'X-Amz-Signature: {SECRET}'"
        ),
        f"curl http://h/a -b 'session={SECRET}' -H 'Cookie: a={SECRET}'",
        f"curl -u me:{SECRET} http://h/a",
        f"curl -u{SECRET} http://h/a",
        f"curl --user={SECRET} http://h/a",
        f"curl http://me:{SECRET}@h/a",
        f"curl ftp://me:{SECRET}@h/a",
        f"curl --oauth2-bearer {SECRET} http://h/a",
        (
            f"curl -x http://p:{SECRET}@proxy http://h/a --proxy-user p:{SECRET} --proxy-header "
            f"'a: {SECRET}'"
        ),
        f"curl 'http://h/a?access_token={SECRET}&api_key={SECRET}&X-Amz-Signature={SECRET}'",
        f"curl 'http://h/a?key={SECRET}{SECRET}'",
        f"curl -G http://h/a -d password={SECRET}",
        f"TOKEN={SECRET} curl http://h/a",
        f"TOKEN={SECRET}",
        f"curl --pass {SECRET} --key {SECRET} --cert a:{SECRET} http://h/a",
        f"curl http://h/a -H 'Referer: http://x/?t={SECRET}'",
    ],
)
def test_no_secret_is_written(command: str) -> None:
    """No credential of a command is in the suite, nor in what is said about it."""
    made, _ = written(read_curl(command, "c"))
    assert SECRET not in made.text
    assert SECRET not in str(made.left_out)


def test_credentials_keep_requests_apart() -> None:
    """Requests that differ by their credential alone are cases of their own, each named."""
    commands = [
        f"curl http://h/a -H 'authorization: Bearer {SECRET}'",
        f"curl http://h/a -u ann:{SECRET}",
        "curl http://h/a",
        f"curl http://h/a -u ann:{SECRET}",
        f"curl 'http://h/b?token={SECRET}'",
        f"curl 'http://h/b?token={SECRET}2'",
    ]
    made, cases = written(read_curl("\n".join(commands), "c"))

    assert (made.read, made.cases, len(cases)) == (6, 5, 5)
    assert [(item.origin, item.same_as) for item in made.merged] == [("c:4", "c:2")]
    assert re.findall("# sent (.*)\n", made.text) == [
        "with credential 1: authorization",
        "with credential 2: authorization",
        "without credentials",
        "with credential 3: ?token",
        "with credential 4: ?token",
    ]
    assert SECRET not in made.text


def test_passwords_in_bodies_are_named() -> None:
    """A short password has no look; the name of its member says what it is, in JSON and forms."""
    commands = [
        'curl http://h/a -H \'content-type: application/json\' -d \'{"user": {"password": "x"}}\'',
        "curl http://h/b -d 'user=ann&client_secret=y'",
    ]
    made, _ = written(read_curl("\n".join(commands), "c"))
    assert re.findall("# what looks like a credential is in (.*)\n", made.text) == [
        "the body, at $.user.password",
        "the body, at client_secret",
    ]


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"


@pytest.mark.parametrize("token", [JWT, "ghp_" + "a1B2" * 9, "sk_" + "live_" + "x" * 24])
def test_tokens_are_known_by_their_look(token: str) -> None:
    """A token is taken out of any field and parameter, and named in a path and a body."""
    body = json.dumps({"a": [{"b": token}], "session_key": "0" * 40, "colour": "0" * 40})
    commands = f"curl 'http://h/{token}?x={token}' -H 'x-plain: {token}' -H 'x-kept: 1' -d '{body}'"
    made, (case,) = written(read_curl(commands, "c"))

    assert case.steps[0].request.target == f"/{token}?x=REDACTED"
    assert dict(case.steps[0].request.headers).keys() == {"x-kept", "Content-Type"}
    assert re.findall("# what looks like a credential is in (.*)\n", made.text) == [
        "the path",
        "the body, at $.a[0].b",
        "the body, at $.session_key",
    ]

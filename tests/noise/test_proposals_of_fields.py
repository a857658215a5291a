"""What `noise` proposes for header fields, cookies, clocks, tokens and a runtime's own address."""

import base64
import json
import time
import uuid
from pathlib import Path

from tests.miniatures.server import Received, Reply, json_reply
from tests.noise.askings import asked, noise_of, pasted, rules_of, service, suite


def test_the_own_address_is_no_noise(tmp_path: Path) -> None:
    """What echoes where it was asked is equal, in `noise` and in a run."""

    def echo(request: Received) -> Reply:
        host = request.headers["host"]
        return json_reply(
            {
                "host": host,
                "self": f"http://{host}/x",
                "to": f"/in?to=http%3A%2F%2F{host}%2F",
                "is": f"on {host}",
            }
        )

    assert rules_of(noise_of(tmp_path, suite("order"), echo, echo)) == {}
    assert asked("run", tmp_path, suite("order"), echo, echo).returncode == 0


def test_header_fields_and_cookies(tmp_path: Path) -> None:
    """A field that is compared, and the value of a cookie, have rules of their own."""
    written = suite("order", headers=["x-request-id", "set-cookie"])

    def shop(_: Received) -> Reply:
        cookie = f"sid={uuid.uuid4().hex}; Path=/"
        return json_reply({}, x_request_id=str(uuid.uuid4()), set_cookie=cookie)

    printed = noise_of(tmp_path, written, shop, shop)
    assert rules_of(printed) == {
        "order": [
            {"header": "set-cookie", "cookie": "sid", "value": "string"},
            {"header": "x-request-id", "is": "uuid"},
        ]
    }
    assert asked("run", tmp_path, pasted(written, printed), shop, shop).returncode == 0


def test_a_clock_of_whole_seconds(tmp_path: Path) -> None:
    """Between two askings of one case there is time for such a clock to tell another second."""
    printed = noise_of(tmp_path, suite("order"), service(order=lambda _: {"at": int(time.time())}))
    assert rules_of(printed) == {"order": [{"path": "$.at", "is": "timestamp"}]}


def issued(request: Received) -> Reply:
    """Return a token of the runtime that was asked, signed by a key that is new each time."""
    parts = (
        {"alg": "none", "kid": uuid.uuid4().hex},
        {"iss": f"http://{request.headers['host']}", "sub": "u1"},
    )
    encoded = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )
    return json_reply({"t": ".".join((*encoded, "c2ln"))})


def test_what_differs_within_a_token(tmp_path: Path) -> None:
    """The rule is about the member of the token that changes, as narrow as elsewhere.

    An own URL is no noise.
    """
    written = suite("token")
    printed = noise_of(tmp_path, written, issued, issued)
    assert rules_of(printed) == {"token": [{"path": "$.t.header.kid", "is": "string"}]}
    after = asked("run", tmp_path, pasted(written, printed), issued, issued)
    assert (after.returncode, "warning" in after.stdout + after.stderr) == (0, False), after.stdout

"""The curl command that `explain` prints sends what the harness sent, byte for byte."""

import shutil
import subprocess

import pytest

from conformance.model.request import Request
from conformance.reporting.explanation import curl
from tests.miniatures.server import Received, Reply, serve

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")


@pytest.mark.parametrize(
    "body",
    [
        None,
        b"",
        b'{"a": "it\'s"}',
        "äöü €".encode(),
        b"two\nlines\x00",
        b"\xff",
        b"@file",
        "\ufffd".encode(),
        b"$(true)`true`",
    ],
    ids=["none", "empty", "quote", "utf-8", "binary", "no text", "at", "replacement character", "shell"],
)
def test_curl_sends_the_same_request(body: bytes | None) -> None:
    """Method, dotted target, header and body arrive as they were."""
    seen: list[Received] = []

    def note(request: Received) -> Reply:
        seen.append(request)
        return Reply()

    request = Request(method="POST", target="/a/../b?x=%41", headers=(("X-Name", "it's"),), body=body)
    with serve(note) as url:
        subprocess.run(["bash", "-c", f"{curl(request, url)} --silent"], check=True, capture_output=True)

    (got,) = seen
    assert (got.method, got.target, got.headers["x-name"], got.body) == ("POST", "/a/../b?x=%41", "it's", body or b"")

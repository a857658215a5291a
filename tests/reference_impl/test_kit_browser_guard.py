"""Requests a web page could send: which hosts a daemon answers as, and which pages may ask it."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from reference_impl.kit.browser_guard import BrowserGuard
from reference_impl.kit.problem import ProblemError
from tests.reference_impl.conftest import JSON
from tests.reference_impl.lake import running_room

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    from tests.reference_impl.conftest import Answer, LiveDaemon


def ask(daemon: LiveDaemon, *lines: str, target: str = "/health", version: str = "1.1") -> Answer:
    """Send a GET with these header lines and no other."""
    with daemon.connect() as connection:
        head = "\r\n".join([f"GET {target} HTTP/{version}", *lines, "", ""])
        connection.sendall(head.encode("latin-1"))
        return daemon.read(connection, path=target if target.startswith("/") else "/health")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost:80",
        "lake.localhost",
        "127.0.0.1",
        "127.0.0.1:{port}",
        "127.9.9.9:1",
        "[::1]",
        "[::1]:5110",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
    ],
)
def test_loopback_names_are_answered(validatord: LiveDaemon, host: str) -> None:
    """Whatever port a tunnel has at the caller's end."""
    assert ask(validatord, f"Host: {host.format(port=validatord.port)}").status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "[::2]",
        "x",
    ],
)
def test_a_foreign_host_is_421(validatord: LiveDaemon, host: str) -> None:
    """A name that was made to mean this machine is detected on every path, and not repeated."""
    for target in ("/health", "/v1/nope"):
        answer = ask(validatord, f"Host: {host}", target=target)
        assert (answer.status, answer.json()["title"]) == (421, "Misdirected Request")
        assert "evil" not in answer.json()["detail"]


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("Host:",),
        ("Host: localhost", "Host: localhost"),
        ("Host: a b",),
        ("Host: user@localhost",),
        ("Host: localhost:x",),
        ("Host: localhost/",),
    ],
)
def test_a_request_has_one_host(validatord: LiveDaemon, lines: tuple[str, ...]) -> None:
    """None, two, or what is no host is malformed (RFC 9112, section 3.2)."""
    assert ask(validatord, *lines).status == 400


def test_http_1_0_needs_no_host(validatord: LiveDaemon) -> None:
    """No browser speaks it; a page's host is judged all the same."""
    assert ask(validatord, version="1.0").status == 200
    assert ask(validatord, "Host: evil.example", version="1.0").status == 421
    assert ask(validatord, "Origin: http://localhost", version="1.0").status == 403


def test_the_host_of_a_target_is_the_one_that_counts(validatord: LiveDaemon) -> None:
    """A target that names its host overrules the header (RFC 9112, section 3.2.2)."""
    own = f"http://localhost:{validatord.port}/health"
    assert ask(validatord, "Host: evil.example", target=own).status == 200
    assert ask(validatord, "Host: localhost", target="http://evil.example/health").status == 421


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:{port}", 200),
        ("https://LOCALHOST:{port}", 200),
        ("http://127.0.0.1:{port}", 403),
        ("http://localhost", 403),
        ("http://localhost:3000", 403),
        ("http://evil.example", 403),
        ("null", 403),
        ("", 403),
        ("file://", 403),
    ],
)
def test_only_its_own_pages_may_ask(validatord: LiveDaemon, origin: str, status: int) -> None:
    """The origin of another server on this machine is foreign, too."""
    sent = origin.format(port=validatord.port)
    answer = ask(validatord, f"Host: localhost:{validatord.port}", f"Origin: {sent}")
    assert answer.status == status


def test_a_page_cannot_change_an_object(tmp_path: Path) -> None:
    """What was refused was not done."""
    with running_room("storaged", tmp_path) as storaged:
        foreign = {"Host": "evil.example"}, {"Origin": "http://evil.example"}
        assert storaged.ask("PUT", "/storage/b/k", b"mine").status == 201
        assert [
            storaged.ask("PUT", "/storage/b/k", b"theirs", headers).status for headers in foreign
        ] == [421, 403]
        assert [
            storaged.ask("DELETE", "/storage/b/k", None, headers).status for headers in foreign
        ] == [421, 403]
        assert storaged.ask("GET", "/storage/b/k").body == b"mine"


def test_a_host_can_be_allowed(start_validatord: Callable[..., LiveDaemon]) -> None:
    """By name, in any case, and with it the pages that it serves."""
    daemon = start_validatord("--allowed-hosts", "Lake.example, [2001:DB8::1]")

    assert ask(daemon, "Host: lake.example:8080").status == 200
    assert ask(daemon, "Host: [2001:db8:0::1]").status == 200
    assert ask(daemon, "Host: lake.example", "Origin: https://lake.example").status == 200
    assert ask(daemon, "Host: lake.example", "Origin: https://evil.example").status == 403
    assert ask(daemon, "Host: www.lake.example").status == 421


@pytest.mark.parametrize(
    ("host", "passes"),
    [("10.0.0.5", True), ("10.0.0.5:81", True), ("10.0.0.6", False), ("lake.example", False)],
)
@pytest.mark.parametrize("address", ["10.0.0.5", "::ffff:10.0.0.5"])
def test_the_address_of_the_connection_is_a_host(address: str, host: str, passes: bool) -> None:
    """A daemon on all addresses answers as the one that it was reached at.

    In process, as no test leaves loopback.
    """
    reached = []

    async def inner(_scope: Scope, _receive: Receive, _send: Send) -> None:
        reached.append(host)

    scope = {"http_version": "1.1", "headers": [(b"host", host.encode())], "server": (address, 80)}
    # neither is called
    asked = BrowserGuard(inner, [])(scope, None, None)  # type: ignore[arg-type]
    with nullcontext() if passes else pytest.raises(ProblemError, match="421"):
        asyncio.run(asked)
    assert reached == [host] * passes


@pytest.mark.parametrize(
    "target", ["/health#x", "/#", "/health?a#b", "http://localhost/health#x", "#"]
)
def test_a_fragment_is_400(validatord: LiveDaemon, target: str) -> None:
    """No client sends one: whoever does means another target than it would get."""
    answer = ask(validatord, "Host: localhost", target=target)
    assert (answer.status, answer.header("x-content-type-options")) == (400, "nosniff")


@pytest.mark.parametrize("target", ["/%", "/v1/health%4", "/%zz", "/%+1", "/%C3%A?a=%20"])
def test_a_bare_percent_sign_in_the_path_is_400(validatord: LiveDaemon, target: str) -> None:
    """Such a path is none of a URI, and servers differ in what they take it for."""
    answer = ask(validatord, "Host: localhost", target=target)
    assert answer.status == 400
    assert "%25" in str(answer.json()["detail"])


def test_a_bare_percent_sign_in_the_query_is_read(validatord: LiveDaemon) -> None:
    """Forms are often sent so, and nothing is routed by them."""
    assert ask(validatord, "Host: localhost", target="/health?rate=5%").status == 200


def test_an_encoded_number_sign_is_none(validatord: LiveDaemon) -> None:
    """It is a character like others."""
    assert ask(validatord, "Host: localhost", target="/health%23x").status == 404


def test_programs_notice_nothing(validatord: LiveDaemon) -> None:
    """A usual client sends one host and no origin."""
    body = '{"kind":"sms","artifact":{"to":"x","body":"y"}}'
    assert validatord.ask("POST", "/validate", body, JSON).status == 200

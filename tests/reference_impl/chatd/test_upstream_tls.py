"""Upstreams over TLS: the connection goes to an address, the certificate must match the name."""

from __future__ import annotations

import asyncio
import ssl

import httpx
import pytest
import trustme

from reference_impl.chatd.errors import UnusableAnswerError
from reference_impl.chatd.service import UpstreamProvider
from reference_impl.chatd.wire import Chat, Completion, Message
from tests.reference_impl.chatd.miniature_upstream import running_upstream


def ask(certified_name: str, *, trusted: bool = True) -> Completion:
    """Ask an upstream at https://localhost whose certificate is for a name."""
    authority = trustme.CA()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(certified_name).configure_cert(serving)
    trusting = ssl.create_default_context()
    if trusted:
        authority.configure_trust(trusting)
    with running_upstream() as upstream:
        upstream.socket = serving.wrap_socket(upstream.socket, server_side=True)
        provider = UpstreamProvider(
            prefix="gpt-",
            name="gpt-",
            url=httpx.URL(f"https://localhost:{upstream.server_address[1]}/chat/completions"),
            key=None,
            reach="loopback",
            timeout_s=5.0,
            limit_bytes=65_536,
            transport=httpx.AsyncHTTPTransport(verify=trusting, trust_env=False),
        )
        chat = Chat(model="gpt-good", messages=(Message(role="user", content="Where?"),))
        return asyncio.run(provider.complete(chat))


def test_a_certificate_for_the_name_is_taken() -> None:
    """Though the connection is to 127.0.0.1, which the certificate does not name."""
    assert ask("localhost").content == "Dallas."


@pytest.mark.parametrize(
    ("name", "trusted"), [("elsewhere.test", True), ("127.0.0.1", True), ("localhost", False)]
)
def test_any_other_certificate_is_refused(name: str, *, trusted: bool) -> None:
    """One for another name, for the address, or of an unknown authority."""
    with pytest.raises(UnusableAnswerError, match="cannot be reached"):
        ask(name, trusted=trusted)

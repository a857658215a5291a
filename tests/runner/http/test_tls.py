"""Runtimes behind TLS: who trusts them, what they are shown, and the names of failures."""

import ssl
from pathlib import Path

import pytest
import trustme

from conformance.errors import RuntimeUnavailableError
from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.runtime import AttachedRuntime, Runtime, TlsSettings
from conformance.runner import event_loop
from conformance.runner.http.tls import client_tls
from conformance.runner.http.wire import WireClient
from tests.miniatures.tls_servers import Authority, serve_tls
from tests.runner.asking import BUDGET_MS, GET, LIMITS, ask
from tests.runner.starting import PLACE, case, observed

ENOUGH_MS = 2_000


@pytest.fixture(name="authority")
def new_authority(tmp_path: Path) -> Authority:
    return Authority(trustme.CA(), tmp_path)


def seen_over(context: ssl.SSLContext, settings: TlsSettings) -> list[Answer | Fault]:
    """Ask twice."""

    async def ask_twice(url: str) -> list[Answer | Fault]:
        client = WireClient(url, (), LIMITS, client_tls("a", settings))
        seen = [await client.exchange(GET, ENOUGH_MS), await client.exchange(GET, ENOUGH_MS)]
        client.close()
        return seen

    with serve_tls(context) as url:
        return event_loop.run(ask_twice(url))


def fault_over(context: ssl.SSLContext, settings: TlsSettings) -> Fault:
    seen = seen_over(context, settings)[0]
    assert isinstance(seen, Fault), seen
    return seen


def test_trusted_authority(authority: Authority) -> None:
    """A server whose certificate comes from the authority of the settings is asked."""
    seen = seen_over(authority.server_context(), TlsSettings(authority=authority.file))
    assert [getattr(each, "body", each) for each in seen] == [b"hi", b"hi"]
    assert [getattr(each, "notes", each) for each in seen] == [(), ()]


def test_server_name(authority: Authority) -> None:
    """The certificate may carry another name than the URL's host, if the settings say so."""
    context = authority.server_context("service.internal")
    named = TlsSettings(authority=authority.file, server_name="service.internal")
    assert all(isinstance(each, Answer) for each in seen_over(context, named))
    fault = fault_over(context, TlsSettings(authority=authority.file))
    assert (fault.kind, fault.phase) == (FaultKind.TLS_BAD_CERTIFICATE, "tls")
    assert "127.0.0.1" in fault.detail


def test_unknown_authority(authority: Authority) -> None:
    """A certificate of an unknown authority is refused, unless the settings disable the check."""
    fault = fault_over(authority.server_context(), TlsSettings())
    assert (fault.kind, fault.phase) == (FaultKind.TLS_BAD_CERTIFICATE, "tls")
    assert all(
        isinstance(each, Answer)
        for each in seen_over(authority.server_context(), TlsSettings(insecure=True))
    )


def test_expired_certificate(authority: Authority) -> None:
    """A certificate whose time is over says so."""
    fault = fault_over(
        authority.server_context(expired=True), TlsSettings(authority=authority.file)
    )
    assert (fault.kind, fault.detail) == (FaultKind.TLS_BAD_CERTIFICATE, "certificate has expired")


def test_client_certificate(authority: Authority) -> None:
    """A server that asks for a certificate gets it; one that does not fails the handshake."""
    context = authority.server_context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.file)
    certificate, key = authority.client_files()
    shown = TlsSettings(authority=authority.file, certificate=certificate, key=key)
    assert all(isinstance(each, Answer) for each in seen_over(context, shown))
    fault = fault_over(context, TlsSettings(authority=authority.file))
    assert fault.kind is FaultKind.TLS_FAILED
    assert "certificate required" in fault.detail


def test_old_protocol(authority: Authority) -> None:
    """Two sides without a version in common fail the handshake."""
    context = authority.server_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("NULL-SHA256:@SECLEVEL=0")
    fault = fault_over(context, TlsSettings(authority=authority.file))
    assert (fault.kind, fault.phase) == (FaultKind.TLS_FAILED, "tls")


def test_plain_request_to_a_tls_port(authority: Authority) -> None:
    """A server that answers a plain request in TLS is named for it."""
    with serve_tls(authority.server_context()) as url:
        fault = ask(url.replace("https:", "http:"), budget_ms=BUDGET_MS)
    assert isinstance(fault, Fault)
    assert fault.kind is FaultKind.TLS_SPOKEN


@pytest.mark.parametrize("broken", [False, True], ids=["missing", "no-pem"])
def test_files_that_cannot_be_used(tmp_path: Path, broken: bool) -> None:
    """A file that is not there, or is no certificate, is named before anything is asked."""
    file = tmp_path / "authority.pem"
    if broken:
        file.write_text("nothing")
    reach = AttachedRuntime(url="https://127.0.0.1:1", tls=TlsSettings(authority=file))
    with pytest.raises(
        RuntimeUnavailableError, match="runtime a: its TLS files cannot be used: "
    ) as caught:
        observed([Runtime(name="a", reach=reach, place=PLACE)], [], tmp_path)
    assert str(file) in caught.value.message


def test_runtime_behind_tls(tmp_path: Path, authority: Authority) -> None:
    """A session asks a runtime with its settings."""
    with serve_tls(authority.server_context()) as url:
        reach = AttachedRuntime(url=url, tls=TlsSettings(authority=authority.file))
        _, [[cell]] = observed([Runtime(name="a", reach=reach, place=PLACE)], [case("/")], tmp_path)
    assert isinstance(cell.observations[0], Answer)

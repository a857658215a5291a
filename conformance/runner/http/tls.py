"""TLS of the client: what it trusts, which certificate it shows, and the faults of a handshake."""

import ssl
from typing import Final

from msgspec import Struct

from conformance.errors import RuntimeUnavailableError
from conformance.model.observation import FaultKind
from conformance.model.runtime import TlsSettings
from conformance.runner.http.exchange_fault import ExchangeFaultError

_NO_TLS: Final = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "UNKNOWN_PROTOCOL"}
)


class ClientTls(Struct, frozen=True, kw_only=True):
    """A TLS context and the name that the server's certificate must carry.

    A name of None stands for the host of the URL.
    """

    context: ssl.SSLContext
    server_name: str | None = None


def client_tls(runtime: str, settings: TlsSettings) -> ClientTls:
    """Return the TLS context for the settings of a runtime.

    Raises RuntimeUnavailableError if a file cannot be used.
    """
    context = (
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if settings.insecure
        else ssl.create_default_context()
    )
    if settings.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        if settings.authority is not None:
            context.load_verify_locations(settings.authority)
        if settings.certificate is not None:
            context.load_cert_chain(settings.certificate, settings.key, password=b"")
    except (OSError, ssl.SSLError) as error:
        files = ", ".join(
            str(file) for file in (settings.authority, settings.certificate, settings.key) if file
        )
        raise RuntimeUnavailableError(
            f"runtime {runtime}: its TLS files cannot be used: {error.strerror or error}: {files}",
            hint="PEM files are wanted, and a key without a password",
        ) from error
    return ClientTls(context=context, server_name=settings.server_name)


def handshake_fault(error: Exception, phase: str) -> ExchangeFaultError:
    """Return the fault for an error of TLS."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return ExchangeFaultError(FaultKind.TLS_BAD_CERTIFICATE, phase, error.verify_message)
    reason = getattr(error, "reason", None) or str(error) or type(error).__name__
    kind = FaultKind.TLS_NOT_SPOKEN if reason in _NO_TLS else FaultKind.TLS_FAILED
    return ExchangeFaultError(kind, phase, reason.replace("_", " ").lower())

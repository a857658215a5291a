"""Opens connections: looks up the addresses of a name, connects to one, and starts TLS.

One time limit holds for all of it.
"""

import asyncio
import socket
import ssl
import time
from typing import Final

from conformance.model.observation import FaultKind
from conformance.runner.http.connection import STOOD_STILL_S, Connection
from conformance.runner.http.exchange_fault import ExchangeFaultError
from conformance.runner.http.tls import ClientTls, handshake_fault

_MS: Final = 1000
_TIMEOUTS: Final = frozenset({FaultKind.CONNECT_TIMEOUT, FaultKind.TLS_TIMEOUT})
_HANDSHAKE_S: Final = 3600.0  # asyncio's own limit; ours is reached first


async def connect(host: str, port: int, tls: ClientTls | None, bound_ms: float) -> Connection:
    """Open a connection within a time limit; raise ExchangeFaultError that names what went wrong.

    If this process stood still meanwhile, a time-out says nothing about the host: try once more.
    """
    started = time.monotonic()
    try:
        return await _connect(host, port, tls, bound_ms)
    except ExchangeFaultError as fault:
        late_s = time.monotonic() - started - bound_ms / _MS
        if fault.kind not in _TIMEOUTS or late_s < STOOD_STILL_S:
            raise
    return await _connect(host, port, tls, bound_ms)


async def _connect(host: str, port: int, tls: ClientTls | None, bound_ms: float) -> Connection:
    phase = "connect"
    try:
        async with asyncio.timeout(bound_ms / _MS):
            connection, transport = await _dial(host, port)
            if tls is not None:
                phase = "tls"
                await _secure(connection, transport, tls, host)
    except TimeoutError as error:
        if phase == "tls":
            raise ExchangeFaultError(
                FaultKind.TLS_TIMEOUT, phase, f"no handshake in {bound_ms:.0f} ms"
            ) from error
        raise ExchangeFaultError(
            FaultKind.CONNECT_TIMEOUT, phase, f"no connection in {bound_ms:.0f} ms"
        ) from error
    return connection


async def _dial(host: str, port: int) -> tuple[Connection, asyncio.Transport]:
    """Connect to the first address of a host that accepts.

    If one address refuses and others are unreachable, the fault is "refused".
    """
    loop, refused, why = asyncio.get_running_loop(), False, "it has no address"
    for address in await _addresses(host, port):
        try:
            transport, connection = await loop.create_connection(Connection, address, port)
        except TimeoutError:
            raise
        except OSError as error:
            refused, why = refused or isinstance(error, ConnectionRefusedError), str(error)
        else:
            return connection, transport
    if refused:
        raise ExchangeFaultError(
            FaultKind.CONNECT_REFUSED, "connect", f"{host}:{port} refuses connections"
        )
    raise ExchangeFaultError(FaultKind.CONNECT_FAILED, "connect", why)


async def _addresses(host: str, port: int) -> list[str]:
    """Return the addresses of a host; `localhost` has two, and a runtime may listen on either."""
    if ":" in host or host.replace(".", "").isdigit():
        return [host]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (
        OSError,
        UnicodeError,
    ) as error:  # an invalid host name fails while it is encoded
        raise ExchangeFaultError(FaultKind.CONNECT_FAILED, "connect", str(error)) from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def _secure(
    connection: Connection, transport: asyncio.Transport, tls: ClientTls, host: str
) -> None:
    """Start TLS on a connection; a failed handshake closes it."""
    loop = asyncio.get_running_loop()
    try:
        secured = await loop.start_tls(
            transport,
            connection,
            tls.context,
            server_hostname=tls.server_name or host,
            ssl_handshake_timeout=_HANDSHAKE_S,
        )
    except (OSError, ssl.CertificateError) as error:
        raise handshake_fault(error, "tls") from error
    except BaseException:
        transport.abort()
        raise
    connection.connection_made(secured or transport)

"""Miniatures that speak TLS, or are spoken TLS to; certificates are made again in every session."""

import contextlib
import datetime as dt
import os
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import trustme

from tests.miniatures.server import read_request, serve_connections

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority in a folder: its own certificate, and one for a client that it trusts."""

    root: trustme.CA
    folder: Path

    @property
    def file(self) -> Path:
        """Return the authority's certificate as a file."""
        file = self.folder / "authority.pem"
        self.root.cert_pem.write_to_path(str(file))
        return file

    def client_files(self) -> tuple[Path, Path]:
        """Return a certificate and a key for a client."""
        files = self.folder / "client.pem", self.folder / "client.key"
        made = self.root.issue_cert("client@example.org")
        made.cert_chain_pems[0].write_to_path(str(files[0]))
        made.private_key_pem.write_to_path(str(files[1]))
        return files

    def server_context(self, name: str = "127.0.0.1", *, expired: bool = False) -> ssl.SSLContext:
        """Return what a server with a name shows."""
        ends = dt.datetime(2001, 1, 1, tzinfo=dt.UTC) if expired else None
        begins = dt.datetime(2000, 1, 1, tzinfo=dt.UTC) if expired else None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.root.issue_cert(name, not_before=begins, not_after=ends).configure_cert(context)
        return context


@contextlib.contextmanager
def serve_tls(context: ssl.SSLContext) -> Iterator[str]:
    """Answer every request over TLS; yields the base URL."""

    def talk(connection: socket.socket) -> None:
        with context.wrap_socket(
            connection, server_side=True, do_handshake_on_connect=False
        ) as secured:
            try:
                while read_request(secured):
                    secured.sendall(ANSWER)
            except ssl.SSLError:
                _close_gently(secured)

    with serve_connections(talk) as url:
        yield url.replace("http:", "https:")


def _close_gently(connection: socket.socket) -> None:
    """Read what is left, so that what was sent is not lost to a reset."""
    connection.shutdown(socket.SHUT_WR)
    while os.read(connection.fileno(), 65536):
        pass

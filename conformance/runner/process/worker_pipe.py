"""The pipe between a run and its worker processes."""

import os
import socket
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any


def received(connection: Connection) -> Iterator[Any]:
    """Yield what the other side sends until either side closes the connection."""
    while True:
        try:
            yield connection.recv()
        except (EOFError, OSError):
            return


def shut(connection: Connection) -> None:
    """Close both directions, so that neither side receives any more."""
    with socket.socket(fileno=os.dup(connection.fileno())) as pipe:
        pipe.shutdown(socket.SHUT_RDWR)

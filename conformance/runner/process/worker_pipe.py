"""What a run and its workers send each other."""

import os
import socket
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any


def received(connection: Connection) -> Iterator[Any]:
    """Yield what the other side sends until it closes, or until the connection is shut here."""
    while True:
        try:
            yield connection.recv()
        except (EOFError, OSError):
            return


def shut(connection: Connection) -> None:
    """End both directions: nobody gets any more, here or there."""
    with socket.socket(fileno=os.dup(connection.fileno())) as pipe:
        pipe.shutdown(socket.SHUT_RDWR)

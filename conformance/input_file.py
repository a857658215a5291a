"""Standard input for a program, as a file.

A pipe breaks if the program ends before it has read everything; a file does not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO


@contextmanager
def input_file(content: bytes) -> Iterator[IO[bytes]]:
    """Yield an unnamed temporary file that holds the content; a program reads it from the start."""
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield file

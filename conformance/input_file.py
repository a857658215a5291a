"""What a program reads from its standard input, as a file.

A pipe breaks where a program ends before it has read everything; a file does not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO


@contextmanager
def input_file(content: bytes) -> Iterator[IO[bytes]]:
    """Keep content in a file without a name; a program reads it from the start."""
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield file

"""What must be kept out is in no file and on no stream, wherever it is cut on its way there."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from conformance import outgoing
from conformance.atomic_file import replace_file, replace_file_by_pieces
from conformance.records.lines import RecordLines

CANARY: Final = b"Canary-7x"
PRINTS: Final = """\
import os, sys
from conformance import outgoing
sys.stdout, sys.stderr = outgoing.guarded(sys.stdout), outgoing.guarded(sys.stderr)
outgoing.keep_out("test", lambda raw: raw.replace(b"Canary-7x", b"[out]"))
sys.stdout.write("text Cana")
sys.stdout.write("ry-7x\\n")
sys.stdout.buffer.write(b"bytes Canary-7x\\n")
sys.stderr.write("error Canary-7x\\n")
print("asked: Canary-7x ", end="", flush=True)
os.write(1, b"|\\n")
print("last Canary-7x", end="")
"""


@pytest.fixture(autouse=True)
def kept_out() -> Iterator[None]:
    """Keep the canary out for a test."""
    outgoing.keep_out("test", lambda raw: raw.replace(CANARY, b"[out]"))
    yield
    outgoing.keep_out("test", lambda raw: raw)


def test_a_file(tmp_path: Path) -> None:
    """As a whole, and as a record that grows."""
    replace_file(tmp_path / "file", b"a Canary-7x b")
    with RecordLines(tmp_path / "record") as record:
        record.row({"a": "Canary-7x"})
    assert (tmp_path / "file").read_bytes() == b"a [out] b"
    assert (tmp_path / "record").read_bytes() == b'{"a":"[out]"}\n'


@pytest.mark.parametrize("size", [1, 2, 5, 4_095, 4_096, 4_097, 10_000])
def test_a_file_of_pieces(tmp_path: Path, size: int) -> None:
    """Also where it begins in one piece and ends in another."""
    content = b"x" * 5_000 + CANARY + b"y" * 5_000 + CANARY
    pieces = (content[at : at + size] for at in range(0, len(content), size))
    replace_file_by_pieces(tmp_path / "file", pieces)
    assert (tmp_path / "file").read_bytes() == content.replace(CANARY, b"[out]")


def test_what_is_printed() -> None:
    """On both streams, as text and as bytes, and what is not ended by a line end is not held."""
    done = subprocess.run([sys.executable, "-c", PRINTS], capture_output=True, check=True)
    assert done.stdout == b"text [out]\nbytes [out]\nasked: [out] |\nlast [out]"
    assert done.stderr == b"error [out]\n"

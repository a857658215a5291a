"""Large bodies in a record: written in pieces, read as they were, and held once where alike."""

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance import outgoing
from conformance.model import large_texts
from conformance.model.decision import Ledger
from conformance.model.large_texts import LARGE_BYTES
from conformance.model.observation import Cell
from conformance.model.verdict import CaseResult
from conformance.records.read import read_record
from conformance.records.write import RecordWriter, case_line
from conformance.runner.secrets import Secrets
from conformance.verdicts.judgement import judge
from tests.comparison.differences import answer
from tests.comparison.live_runs import header
from tests.verdicts.ledger_rows import result

TEXT: Final = b'["' + "\u00e9\u65e5 '\\n\\u0000\u2028".encode() * (LARGE_BYTES // 9) + b'"]'
"""Characters of one to three bytes, so that pieces end within one, and all that JSON escapes."""
BODIES: Final = {
    "text": TEXT,
    "zero-bytes": b"\0" * (LARGE_BYTES + 1),
    "no-utf-8": b"\xff" * (LARGE_BYTES + 1),
    "cut-in-a-character": TEXT[:-2] + b"\xe6",
    "just-large": b"x" * LARGE_BYTES,
    "just-small": b"x" * (LARGE_BYTES - 1),
}


def of_bodies(bodies: Sequence[bytes]) -> CaseResult:
    """Return a case in which each of some runtimes answered a body."""
    cells = tuple(
        Cell(runtime=name, live=True, observations=(answer(body),))
        for name, body in zip("abc", bodies, strict=False)
    )
    return result("one", *cells)


def read_back(seen: CaseResult, folder: Path) -> CaseResult:
    """Write a record of one case, and read the case."""
    with RecordWriter(folder) as record:
        record.header(header(), Ledger())
        record.case(seen, judge(seen, Ledger()))
    (found,) = [line for line in read_record(folder) if isinstance(line, CaseResult)]
    return found


@pytest.mark.parametrize("raw", BODIES.values(), ids=BODIES)
def test_a_body_is_read_as_it_was(raw: bytes, tmp_path: Path) -> None:
    seen = of_bodies([raw, raw, raw[:-1]])
    found = read_back(seen, tmp_path)
    assert [cell.answers[0].body for cell in found.cells] == [raw, raw, raw[:-1]]


def test_a_line_is_the_json_that_it_always_was() -> None:
    seen = of_bodies([TEXT, b"{}"])
    row = json.loads(case_line(seen, judge(seen, Ledger())))
    assert [cell["seen"][0]["answer"]["body"].encode() for cell in row["cells"]] == [TEXT, b"{}"]
    assert list(row["cells"][0]["seen"][0]["answer"]) == [
        "status", "reason", "headers", "body", "elapsed_ms",
    ]  # fmt: skip


def test_bodies_that_are_alike_are_held_once(tmp_path: Path) -> None:
    first, second, third = (
        cell.answers[0].body
        for cell in read_back(of_bodies([TEXT, TEXT, TEXT[:-1]]), tmp_path).cells
    )
    assert first is second
    assert first is not third


def test_a_torn_line_is_left_out(tmp_path: Path) -> None:
    read_back(of_bodies([TEXT]), tmp_path)
    file = tmp_path / "run.ndjson"
    whole = file.read_bytes()
    for end in (len(whole) - 1, len(whole) - LARGE_BYTES // 2):
        file.write_bytes(whole[:end])
        assert not any(isinstance(line, CaseResult) for line in read_record(tmp_path))


@pytest.mark.parametrize("at", [0, LARGE_BYTES - 3, LARGE_BYTES, len(TEXT) - 40])
def test_a_secret_is_taken_out_wherever_a_piece_ends(at: int, tmp_path: Path) -> None:
    secret = b"hunter2-and-more"
    raw = b"x" * at + secret + b"y" * (2 * LARGE_BYTES)
    with contextlib.ExitStack() as stack:
        stack.callback(outgoing._CLEANERS.clear)
        Secrets({"TOKEN": secret.decode()}).keep_out()
        read_back(of_bodies([raw]), tmp_path)
    written = (tmp_path / "run.ndjson").read_bytes()
    assert secret not in written
    assert b"[secret:TOKEN]" in written


@given(
    text=st.text(st.sampled_from('a"\\/\n\x01é€😀u{'), max_size=60),
    ascii_alone=st.booleans(),
    piece_bytes=st.integers(1, 40),
)
def test_a_large_body_is_read_in_pieces_wherever_they_end(
    text: str, ascii_alone: bool, piece_bytes: int
) -> None:
    """A piece ends before an escape or a character, and never between two halves of one."""
    row = {"cells": [{"seen": [{"answer": {"body": text}}]}]}
    line = json.dumps(row, ensure_ascii=ascii_alone).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large_texts, "LARGE_BYTES", 1)
        patch.setattr(large_texts, "_PIECE_BYTES", piece_bytes)
        read = large_texts.row_of(line)
    assert read["cells"][0]["seen"][0]["answer"]["body"] == text.encode()

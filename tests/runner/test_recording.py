"""Recordings: written ones are read back, missing ones say why, torn ones are refused by line."""

import json
import tracemalloc
from pathlib import Path
from typing import Any, Final

import pytest
from msgspec.structs import replace

from conformance.errors import BadFileError, RuntimeUnavailableError
from conformance.model.case import Case, Step
from conformance.model.large_texts import LARGE_BYTES
from conformance.model.observation import Answer, Cell, Fault, FaultKind, NotAsked
from conformance.model.request import Request
from conformance.runner.recording import (
    Recording,
    RecordingHeader,
    RecordingRow,
    read_recording,
    rows_of,
    write_recording,
)
from tests.runner.starting import case

HEADER = RecordingHeader(
    runtime="rust", recorded="2026-11-23", commit="abc1234", toolchain="rustc 1.90"
)
ANSWER = Answer(
    status=200,
    reason="OK",
    headers=(("Content-Type", "text/x"), ("a", "\xe9"), ("A", "")),
    body=b"hello",
    notes=("informational:103",),
    elapsed_ms=1.5,
)


def rows(of: Case, **changes: Any) -> list[RecordingRow]:
    """Return the rows of a case that was answered alike at every step."""
    seen = replace(ANSWER, **changes)
    return list(rows_of(of, Cell(runtime="rust", live=True, observations=(seen,) * len(of.steps))))


def written(folder: Path, *new: RecordingRow, header: RecordingHeader = HEADER) -> Recording:
    file = folder / "recordings" / "rust.ndjson"
    write_recording(file, header, new)
    return read_recording(file)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        "ä€😀".encode(),
        b"\xff\x00\xfe",
        b"\xed\xa0\x80",
        bytes(range(256)),
        b'{"a":"\\ud800"}',
    ],
)
def test_answers_come_back_whole(tmp_path: Path, body: bytes) -> None:
    """Status, headers, notes and every byte of a body survive, be it text or not."""
    one = case("/a")
    assert written(tmp_path, *rows(one, body=body)).answer(one, 0) == replace(ANSWER, body=body)


LARGE: Final = ('["é\\n' + "日 x" * (2 * LARGE_BYTES) + '"]').encode()
MOST_BY_BYTE: Final = 2.6
"""The line that is read and its body, with a piece on the way: what is kept is the body alone."""


def test_a_large_body_is_written_and_read_in_pieces(tmp_path: Path) -> None:
    """It is the JSON that a small one is, and stays what it is when others are recorded."""
    first, second = case("/", name="first"), case("/", name="second")
    tracemalloc.start()
    try:
        held = written(tmp_path, *rows(first, body=LARGE))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_BY_BYTE * len(LARGE)
    again = written(tmp_path, *rows(second, body=b"{}"))
    for recording in (held, again):
        seen = recording.answer(first, 0)
        assert isinstance(seen, Answer)
        assert seen == replace(ANSWER, body=LARGE)
    lines = (tmp_path / "recordings" / "rust.ndjson").read_bytes().splitlines()
    assert json.loads(lines[1])["answer"]["body"] == LARGE.decode()


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("body", [b"{}", LARGE], ids=["small", "large"])
def test_a_last_line_may_have_no_end(tmp_path: Path, body: bytes, end: bytes) -> None:
    """Editors write it so; a recording is no file that grows."""
    written(tmp_path, *rows(case("/first"), body=body))
    file = tmp_path / "recordings" / "rust.ndjson"
    file.write_bytes(file.read_bytes().removesuffix(b"\n") + end)
    seen = read_recording(file).answer(case("/first"), 0)
    assert isinstance(seen, Answer)
    assert seen.body == body


def test_header_comes_back(tmp_path: Path) -> None:
    """A recording tells what was recorded, when, from which commit and toolchain."""
    assert written(tmp_path).header == HEADER
    assert str(HEADER) == "recorded 2026-11-23, commit abc1234, rustc 1.90"
    assert str(replace(HEADER, commit="", toolchain="")) == "recorded 2026-11-23, commit unknown"


def test_steps_have_their_own_answers(tmp_path: Path) -> None:
    """Each step of a case is looked up by itself."""
    two = case("/a", "/b")
    first, second = rows(two)
    recording = written(tmp_path, second | {"answer": second["answer"] | {"status": 201}}, first)
    seen = [recording.answer(two, step) for step in range(2)]
    assert [getattr(each, "status", None) for each in seen] == [200, 201]


def test_file_is_sorted_and_repeatable(tmp_path: Path) -> None:
    """The same answers in any order give the same bytes, sorted by case and step.

    Nothing is left beside them.
    """
    new = [*rows(case("/", name="b")), *rows(case("/1", "/2", name="a"))]
    written(tmp_path, *new)
    file = tmp_path / "recordings" / "rust.ndjson"
    first = file.read_bytes()
    written(tmp_path, *reversed(new))
    assert file.read_bytes() == first
    lines = [json.loads(line) for line in first.splitlines()[1:]]
    assert [(line["case"], line["step"]) for line in lines] == [("a", 0), ("a", 1), ("b", 0)]
    assert list(file.parent.iterdir()) == [file]


def test_recording_again_keeps_the_rest(tmp_path: Path) -> None:
    """Cases recorded again take the place of what was there of them; all others stay."""
    old, kept = case("/a", "/b", name="old"), case("/c", name="kept")
    written(tmp_path, *rows(old), *rows(kept))
    new = case("/a2", name="old")
    recording = written(tmp_path, *rows(new, status=204), header=replace(HEADER, commit="def5678"))
    assert recording.header.commit == "def5678"
    assert sorted((name, step) for _, name, step, _ in recording.rows) == [("kept", 0), ("old", 0)]
    assert isinstance(recording.answer(kept, 0), Answer)
    assert recording.answer(new, 0) == replace(ANSWER, status=204)


def test_kept_answers_remember_where_they_come_from(tmp_path: Path) -> None:
    """A recording that holds answers of another day says so, until they are recorded again."""
    old, kept = case("/a", name="old"), case("/c", name="kept")
    written(tmp_path, *rows(old), *rows(kept))
    later = replace(HEADER, recorded="2026-12-01", commit="def5678")
    mixed = written(tmp_path, *rows(old), header=later)
    assert mixed.provenance == (
        "recorded 2026-12-01, commit def5678, rustc 1.90; 1 of 2 answers kept from 2026-11-23 on"
    )
    again = written(tmp_path, *rows(old), header=replace(later, recorded="2026-12-02"))
    assert again.provenance.endswith("; 1 of 2 answers kept from 2026-11-23 on")
    assert written(tmp_path, *rows(kept), *rows(old), header=later).provenance == str(later)


def changed_requests() -> list[Any]:
    step = case("/a").steps[0]
    changes: dict[str, dict[str, Any]] = {
        "method": {"method": "POST"},
        "target": {"target": "/b"},
        "headers": {"headers": (("a", "b"),)},
        "body": {"body": b""},
    }
    return [
        pytest.param(Step(request=replace(step.request, **change)), id=name)
        for name, change in changes.items()
    ]


@pytest.mark.parametrize("step", changed_requests())
def test_changed_request_has_no_answer(tmp_path: Path, step: Step) -> None:
    """A request that changed in any part since recording is not answered by the old answer."""
    recording = written(tmp_path, *rows(case("/a")))
    seen = recording.answer(replace(case("/a"), steps=(step,)), 0)
    assert isinstance(seen, Fault)
    assert (seen.kind, seen.phase) == (FaultKind.NO_ANSWER_RECORDED, "recording")
    assert seen.detail == "the request has changed since it was recorded; record it again"


def test_case_that_was_never_recorded(tmp_path: Path) -> None:
    """A case that is not in the recording says so."""
    seen = written(tmp_path, *rows(case("/a"))).answer(case("/a", name="new"), 0)
    assert isinstance(seen, Fault)
    assert seen.detail == "this case was never recorded; record it again"


def test_same_request_under_another_expectation(tmp_path: Path) -> None:
    """What a case expects is no part of the key."""
    recording = written(tmp_path, *rows(case("/a")))
    assert recording.answer(case("/a", timeout_ms=5, tags=frozenset({"t"})), 0) == ANSWER


def test_fault_is_not_recorded() -> None:
    """A runtime that gave no answer cannot be recorded; the message says what it did instead."""
    fault = Fault(kind=FaultKind.RESET, phase="body", detail="torn", elapsed_ms=1.0)
    with pytest.raises(RuntimeUnavailableError) as caught:
        list(rows_of(case("/"), Cell(runtime="rust", live=True, observations=(fault,))))
    assert caught.value.message == "rust gave no answer to s/x: reset: torn"


def test_steps_not_asked_are_left_out() -> None:
    """A step that was not sent leaves no row."""
    cell = Cell(runtime="rust", live=True, observations=(NotAsked(reason="x", unsupported=True),))
    assert list(rows_of(case("/"), cell)) == []


def good_lines() -> list[bytes]:
    """Return the lines of a recording with one exchange."""
    first = {
        "recording": 1,
        "runtime": "rust",
        "recorded": "2026-11-23",
        "commit": "",
        "toolchain": "",
    }
    return [json.dumps(row).encode() for row in (first, rows(case("/a"))[0])]


def damaged(**changes: Any) -> bytes:
    """Return the exchange's line with members of its answer changed."""
    row = rows(case("/a"))[0]
    return json.dumps(row | {"answer": row["answer"] | changes}).encode()


def test_good_lines_are_good(tmp_path: Path) -> None:
    """The lines that the table below damages are readable as they are."""
    file = tmp_path / "r.ndjson"
    file.write_bytes(b"\n".join(good_lines()))
    assert read_recording(file).answer(case("/a"), 0) == ANSWER


FIRST, SECOND = good_lines()


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        pytest.param([], "1:1: the recording is empty", id="empty"),
        pytest.param([b""], "1:1: the recording is empty", id="only-a-line-end"),
        pytest.param([b"hello"], "1:1: expected a line of a recording: ", id="text"),
        pytest.param([b"\x1f\x8b\x08"], "1:1: expected a line of a recording: ", id="gzip"),
        pytest.param([b"[]"], "1:1: expected a line of a recording: ", id="list"),
        pytest.param(
            [b'{"a": 1}'],
            "1:1: expected a line of a recording: its member 'recording' is missing",
            id="another-format",
        ),
        pytest.param(
            [b'{"recording": 2}'],
            "1:1: expected a line of a recording: format 2, this version reads 1",
            id="newer",
        ),
        pytest.param(
            [b'{"recording": 1}'],
            "1:1: expected a line of a recording: its member 'runtime' is missing",
            id="half-a-header",
        ),
        pytest.param(
            [SECOND],
            "1:1: expected a line of a recording: its member 'recording' is missing",
            id="no-header",
        ),
        pytest.param([FIRST, SECOND[:-9]], "2:1: expected a line of a recording: ", id="torn"),
        pytest.param(
            [FIRST, b"", SECOND], "2:1: expected a line of a recording: ", id="blank-line"
        ),
        pytest.param([FIRST, b"{}"], "2:1: expected a line of a recording: ", id="no-members"),
        pytest.param([FIRST, SECOND, b"7"], "3:1: expected a line of a recording: ", id="number"),
        pytest.param(
            [FIRST, damaged(status="200")],
            "2:1: expected a line of a recording: ",
            id="status",
        ),
        pytest.param(
            [FIRST, damaged(headers=[["a"]])],
            "2:1: expected a line of a recording: ",
            id="headers",
        ),
        pytest.param(
            [FIRST, damaged(headers=[["a", 1]])],
            "2:1: expected a line of a recording: ",
            id="value",
        ),
        pytest.param([FIRST, damaged(body=5)], "2:1: expected a line of a recording: ", id="body"),
        pytest.param(
            [FIRST, damaged(body_base64="?")], "2:1: expected a line of a recording: ", id="base64"
        ),
    ],
)
def test_files_that_are_no_recordings(tmp_path: Path, lines: list[bytes], problem: str) -> None:
    """A torn or foreign file is refused with the line that cannot be used, and is left as it is."""
    file = tmp_path / "r.ndjson"
    file.write_bytes(b"".join(line + b"\n" for line in lines) if lines != [b""] else b"")
    for use in (
        lambda: read_recording(file),
        lambda: write_recording(file, HEADER, rows(case("/"))),
    ):
        before = file.read_bytes()
        with pytest.raises(BadFileError) as caught:
            use()
        assert str(caught.value).removeprefix(f"{file}:").startswith(problem)
        assert file.read_bytes() == before


def test_requests_are_kept_for_people(tmp_path: Path) -> None:
    """A row also holds the request that was answered."""
    step = Step(request=Request(method="POST", target="/a", headers=(("x", "y"),), body=b"\xff"))
    written(tmp_path, *rows(replace(case("/"), steps=(step,))))
    line = json.loads((tmp_path / "recordings" / "rust.ndjson").read_bytes().splitlines()[1])
    assert line["request"] == {
        "method": "POST",
        "target": "/a",
        "headers": [["x", "y"]],
        "body_base64": "/w==",
    }

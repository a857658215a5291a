"""Receipts are true: each is compared with the files themselves.

The receipts are those of every case of the materializer, for every tool.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from conformance.model.batch import BatchRun
from conformance.model.case import Case
from conformance.suites.suite_file import read_suite
from tests.batch.tools import ROOT, are_built, every_tool, run, tree

pytestmark = are_built

CASES = read_suite(ROOT / "cases/batch/materializer.yaml", "cases/batch/materializer.yaml")
COUNTS = ("read", "written", "deduplicated", "skipped")
SKIPS = "data/_kb/distillation_skips.jsonl"


@every_tool
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_a_receipt_says_is_so(tool: str, case: Case, tmp_path: Path) -> None:
    """A run that did its work leaves one receipt, and any other leaves none."""
    for step in case.steps:
        assert step.run is not None
        before = laid_out(step.run, tmp_path)
        done = run(
            tool, *step.run.arguments, root=tmp_path, clock=None, **dict(step.run.environment)
        )
        after = tree(tmp_path)
        new = [path for path in after.keys() - before.keys() if path.endswith("/receipt.json")]

        if done.returncode != 0:
            assert new == []
        elif "--dry-run" in step.run.arguments:
            assert after == before
        else:
            (path,) = new
            receipt = check_receipt(path, after)
            check_sources(receipt, step.run.arguments, before)
            check_skips(receipt, before, after)
            check_outputs(receipt, before, after)
            if "--json" in step.run.arguments:
                assert done.stdout == after[path]


def laid_out(given: BatchRun, root: Path) -> dict[str, bytes]:
    """Write the files of a step over what is there; return all that a tool finds."""
    for file in given.files:
        place = root / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.read())
    return tree(root)


def rows_of(raw: bytes) -> list[bytes]:
    """Return the lines that hold anything."""
    return [line for line in raw.split(b"\n") if line.strip(b" \t\r")]


def check_receipt(path: str, after: dict[str, bytes]) -> dict[str, Any]:
    """Hold the sums, outcome and digest of a receipt against its own entries."""
    receipt: dict[str, Any] = json.loads(after[path])
    assert (
        after[path]
        == json.dumps(receipt, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    )
    assert path == f"reports/distillation/{receipt['run_id']}/receipt.json"
    for count in COUNTS:
        assert receipt[count] == sum(entry[count] for entry in receipt["sources"])
    assert receipt["exit"] == ("ok" if receipt["written"] else "nothing_new")
    claim = {"outputs": receipt["outputs"], "sources": receipt["sources"]}
    canonical = json.dumps(
        claim, separators=(",", ":"), ensure_ascii=False, sort_keys=True
    ).encode()
    assert receipt["digest"] == hashlib.sha256(canonical).hexdigest()
    return receipt


def check_sources(
    receipt: dict[str, Any], arguments: tuple[str, ...], before: dict[str, bytes]
) -> None:
    """Hold each entry of a source against what could be read of it."""
    named = {arguments[at + 1] for at, word in enumerate(arguments) if word == "--source"}
    sources = {
        path.removesuffix(".jsonl").rpartition("/")[2]
        for path in before
        if path.startswith("data/_kb/")
    }
    sources.discard("distillation_skips")
    assert {entry["source"] for entry in receipt["sources"]} == (
        sources & named if named else sources
    )
    for entry in receipt["sources"]:
        whole, end, torn = before[entry["file"]].rpartition(b"\n")
        assert entry["sha256"] == hashlib.sha256(whole + end).hexdigest()
        assert (entry["bytes"], entry["torn"]) == (len(whole + end), torn != b"")
        assert entry["read"] == len(rows_of(whole))
        assert entry["read"] == entry["written"] + entry["deduplicated"] + entry["skipped"]
        assert min(entry[count] for count in COUNTS) >= 0


def check_skips(receipt: dict[str, Any], before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Hold the skips of each source against those rows that the file of skips knows, each once."""
    skips = [json.loads(line) for line in rows_of(after.get(SKIPS, b""))]
    known = [(skip["source"], skip["line_hash"]) for skip in skips]
    assert len(known) == len(set(known))
    for entry in receipt["sources"]:
        rows = rows_of(before[entry["file"]].rpartition(b"\n")[0])
        hashes = [hashlib.sha256(row).hexdigest() for row in rows]
        assert entry["skipped"] == sum(
            (entry["source"], line_hash) in known for line_hash in hashes
        )


def check_outputs(
    receipt: dict[str, Any], before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    """Compare each entry of an output with its file, and all with the files that changed."""
    changed = [
        path
        for path in sorted(after)
        if path.startswith("data/evidence/") and after[path] != before.get(path)
    ]
    assert [entry["file"] for entry in receipt["outputs"]] == changed
    for entry in receipt["outputs"]:
        there, now = before.get(entry["file"], b""), after[entry["file"]]
        assert now.startswith(there)
        assert entry["sha256"] == hashlib.sha256(now).hexdigest()
        assert entry["records"] == len(rows_of(now))
        assert entry["written"] == len(rows_of(now)) - len(rows_of(there))
    for entry in receipt["sources"]:
        own = [
            each
            for each in receipt["outputs"]
            if each["file"].endswith(f"/{entry['source']}.jsonl")
        ]
        assert entry["written"] == sum(each["written"] for each in own)

"""What is true of a root after a run, whatever failed in it.

It covers what its files are and whether its receipts can be trusted.

In: a root.  Out: sentences about what is wrong.  Everything is read again from the disk as
docs/distillation.md has it, and nothing is asked of the tool that wrote it.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

RECEIPTS: Final = "reports/distillation"
_COUNTS: Final = ("read", "written", "deduplicated", "skipped")

Tree = dict[str, bytes]


def tree(root: Path) -> Tree:
    """Read every file below a root."""
    return {
        str(file.relative_to(root)): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


def is_unfinished(file: str) -> bool:
    """Return whether a file carries the name of one that is still being written."""
    return Path(file).name.startswith(".") and file.endswith(".tmp")


def without_receipts(files: Tree) -> Tree:
    """Leave out the receipts: a run that finishes another's work has counts of its own."""
    return {file: content for file, content in files.items() if not file.startswith(RECEIPTS)}


def untruths(files: Tree, run_id: str) -> Iterator[str]:
    """Yield what a run's receipt says and is not so; nothing where there is no receipt."""
    name = f"{RECEIPTS}/{run_id}/receipt.json"
    if name not in files:
        return
    try:
        receipt = json.loads(files[name])
    except ValueError:
        yield f"{name} is not JSON"
        return
    for output in receipt["outputs"]:
        yield from _of_output(files, output)
    for source in receipt["sources"]:
        yield from _of_source(files, source)
    yield from _of_sums(receipt)


def _of_output(files: Tree, output: dict[str, Any]) -> Iterator[str]:
    content = files.get(output["file"])
    if content is None:
        yield f"the receipt names {output['file']}, which is not there"
    elif hashlib.sha256(content).hexdigest() != output["sha256"]:
        yield f"the receipt has another digest of {output['file']}"
    elif sum(bool(line.strip()) for line in content.splitlines()) != output["records"]:
        yield f"the receipt has another count of {output['file']}"


def _of_source(files: Tree, source: dict[str, Any]) -> Iterator[str]:
    whole = files[source["file"]][: source["bytes"]]
    if len(whole) != source["bytes"] or hashlib.sha256(whole).hexdigest() != source["sha256"]:
        yield f"the receipt has another digest of {source['file']}"
    if source["read"] != sum(bool(line.strip()) for line in whole.splitlines()):
        yield f"the receipt has another count of {source['file']}"
    if source["read"] != source["written"] + source["deduplicated"] + source["skipped"]:
        yield f"the receipt's counts of {source['file']} do not add up"


def _of_sums(receipt: dict[str, Any]) -> Iterator[str]:
    for count in _COUNTS:
        if receipt[count] != sum(source[count] for source in receipt["sources"]):
            yield f"the receipt's {count} is not the sum of its sources'"
    if receipt["written"] != sum(output["written"] for output in receipt["outputs"]):
        yield "the receipt's outputs do not have what its sources wrote"
    claim = {"outputs": receipt["outputs"], "sources": receipt["sources"]}
    canonical = json.dumps(claim, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if hashlib.sha256(canonical.encode()).hexdigest() != receipt["digest"]:
        yield "the receipt's digest is not that of its entries"

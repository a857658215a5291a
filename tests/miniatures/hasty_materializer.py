"""A materializer in small, with habits to choose from its first argument.

It copies each `data/_kb/*.jsonl` to `data/evidence/2026/11/25/` and writes a receipt.  `keeps` does
that as docs/distillation.md says: each file beside its place, to the disk, then in its place, the
receipt last.  `claims` writes the receipt first; `tears` writes each file in its place; `litters`
leaves what it could not finish; `shrugs` says that all went well when nothing did.
"""

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

FOLDER = "data/evidence/2026/11/25"


def main(habit: str, root: Path, run_id: str) -> int:
    """Do a run."""
    if habit != "litters":
        for unfinished in [*root.rglob(".*.tmp")]:
            unfinished.unlink()
    sources = sorted(root.glob("data/_kb/*.jsonl"))
    writes = [(root / FOLDER / source.name, source.read_bytes()) for source in sources]
    told = (root / "reports/distillation" / run_id / "receipt.json", receipt(root, sources))
    writes = [told, *writes] if habit == "claims" else [*writes, told]
    try:
        for path, content in writes:
            write(habit, path, content)
    except OSError as error:
        sys.stderr.write(f"materializer: {error.filename or root}: {error.strerror}\n")
        return 0 if habit == "shrugs" else 1
    return 0


def receipt(root: Path, sources: list[Path]) -> bytes:
    """Give the receipt of a run over some sources."""
    read: list[dict[str, Any]] = []
    written: list[dict[str, Any]] = []
    for source in sources:
        content = source.read_bytes()
        sha256, rows = hashlib.sha256(content).hexdigest(), len(content.splitlines())
        counts = {"read": rows, "written": rows, "deduplicated": 0, "skipped": 0}
        read.append(
            {
                "file": str(source.relative_to(root)),
                "sha256": sha256,
                "bytes": len(content),
                **counts,
            }
        )
        written.append(
            {"file": f"{FOLDER}/{source.name}", "sha256": sha256, "records": rows, "written": rows}
        )
    claim = {"outputs": written, "sources": read}
    digest = hashlib.sha256(
        json.dumps(claim, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    rows = sum(output["records"] for output in written)
    sums = {"read": rows, "written": rows, "deduplicated": 0, "skipped": 0}
    return json.dumps({**claim, **sums, "digest": digest}).encode()


def write(habit: str, path: Path, content: bytes) -> None:
    """Write a file whole, or as the habit has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    place = path if habit == "tears" else path.with_name(f".{path.name}.tmp")
    try:
        with place.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        place.replace(path)
    except OSError:
        if habit not in {"litters", "tears"}:
            place.unlink(missing_ok=True)
        raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[4]), sys.argv[6]))

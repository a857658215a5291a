"""The batch tools of all languages as the tests run them.

They are real commands on a folder, and the result is what that folder holds after.

Where a peer is not built its tests are skipped; with CONFORMANCE_REQUIRE_LIVE set they fail
instead.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
DATA: Final = ROOT / "cases/batch/data"
EVIDENCE: Final = ROOT / "cases/batch/evidence"
NOON: Final = "2026-11-25T12:00:00Z"

COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "python": (sys.executable, "-m", "reference_impl"),
    "typescript": (
        str(ROOT / "peers/ts/node_modules/.bin/bun"),
        str(ROOT / "peers/ts/src/main.ts"),
    ),
    "go": (str(ROOT / "peers/go/bin/lakehouse"),),
}

_LIVE_REQUIRED: Final = os.environ.get("CONFORMANCE_REQUIRE_LIVE", "") not in {"", "0"}
are_built = pytest.mark.skipif(
    not _LIVE_REQUIRED and not all(Path(command[0]).exists() for command in COMMANDS.values()),
    reason="the peers are not built: make peers",
)
every_tool = pytest.mark.parametrize("tool", COMMANDS)


def environment(clock: str | None = NOON) -> dict[str, str]:
    """Return the variables of a tool; what Python warns of is an error."""
    told = {} if clock is None else {"CONFORMANCE_CLOCK": clock}
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **told}


def run(
    tool: str, *words: str | bytes, root: Path, clock: str | None = NOON, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a tool in a folder to its end."""
    return subprocess.run(
        [*COMMANDS[tool], *words],
        cwd=root,
        env={**environment(clock), **variables},
        capture_output=True,
        timeout=60,
        check=False,
    )


def tree(root: Path) -> dict[str, bytes]:
    """Return all files of a folder by their paths in it."""
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


def marks(root: Path) -> dict[str, tuple[int, int]]:
    """Return the file at each path of a folder and its last write time, folders too."""
    stats = {path.relative_to(root).as_posix(): path.stat() for path in root.rglob("*")}
    return {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in stats.items()}

"""Programs of the peers: how to start one and how to change a file of its cases.

The module also defines the mark of tests that need them.

Where the peers are not built such tests are skipped; with CONFORMANCE_REQUIRE_LIVE set they fail
instead.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUST = "peers/rust/target/release/lakehouse"
GO = "peers/go/bin/lakehouse"

_LIVE_REQUIRED = os.environ.get("CONFORMANCE_REQUIRE_LIVE", "") not in {"", "0"}
_ARE_BUILT = all((ROOT / program).exists() for program in (RUST, GO))

live = pytest.mark.skipif(
    not _ARE_BUILT and not _LIVE_REQUIRED, reason="the peers are not built: make peers"
)


@contextmanager
def started(*argv: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a daemon on a free port.

    Yields where it listens and its process, which is stopped after.
    """
    with subprocess.Popen(
        [*argv, "--port", "0"], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        heard = (re.search(r"listening on (http://\S+)", line) for line in process.stderr)
        listening = next(filter(None, heard), None)
        assert listening is not None
        try:
            yield listening[1], process
        finally:
            process.terminate()


def edited(file: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))

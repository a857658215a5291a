"""The programs of analysers: run offline; a missing program is an error."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_TIMEOUT_S: Final = 280
"""Less than the default of 300 s for a reviewer, so that this error is the one reported."""
MODULE: Final = (sys.executable, "-P", "-m")
"""Runs an installed module; with `-P`, a folder with its name in the checkout is not imported."""
_OFFLINE: Final = {"GOPROXY": "off", "CARGO_NET_OFFLINE": "true"}
"""Analysers run offline: a build of the runtimes has already fetched what they need."""
_STEERING: Final = re.compile(
    r"RUFF_.*|MYPY.*|CLIPPY_.*|RUST(?!UP_).*|CARGO_(?!HOME\Z).*|GO(?:FLAGS|WORK|ENV|OS|ARCH|EXPERIMENT)"
)
"""Variables that can make an analyser find less; no diff shows them, so they are removed."""
_UNSTEERED: Final = {"GOENV": "off", "GOWORK": "off", "RUSTFLAGS": ""}
"""Disables settings in files of the home folder and above the checkout, for the same reason."""


class AnalyserError(Exception):
    """An analyser is missing or has failed; the message says which one and why."""


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not _STEERING.fullmatch(name)}
    return {**kept, **_UNSTEERED, **_OFFLINE}


def run(argv: Sequence[str], folder: Path, fine: Sequence[int]) -> subprocess.CompletedProcess[str]:
    """Run a program and return its result.

    Raises AnalyserError if the program is missing, too slow, or ends with a code that is not in
    `fine`.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the words are ours, and no shell reads them
            argv, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=_TIMEOUT_S, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise AnalyserError(f"{argv[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise AnalyserError(f"{argv[0]} did not end within {_TIMEOUT_S} s") from None
    if "No module named" in done.stderr:
        raise AnalyserError(f"{argv[len(MODULE)]} is not installed beside {argv[0]}")
    if done.returncode not in fine:
        words = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
        raise AnalyserError(f"{' '.join(argv[:4])} ended with {done.returncode}: {words[-1]}")
    return done

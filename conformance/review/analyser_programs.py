"""The programs of analysers: run without a network, and a failure where one is missing."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_TIMEOUT_S: Final = 280
"""Less than the 300 s that a reviewer has by default, so that the reason is this one."""
MODULE: Final = (sys.executable, "-P", "-m")
"""Runs an installed module: with `-P`, a folder of the same name in the checkout does not stand in
for it.
"""
_OFFLINE: Final = {"GOPROXY": "off", "CARGO_NET_OFFLINE": "true"}
"""What an analyser needs is there once the peers have been built."""
_STEERING: Final = re.compile(
    r"RUFF_.*|MYPY.*|CLIPPY_.*|RUST(?!UP_).*|CARGO_(?!HOME\Z).*|GO(?:FLAGS|WORK|ENV|OS|ARCH|EXPERIMENT)"
)
"""Variables by which an analyser finds less: no diff shows them, so it gets none of them."""
_UNSTEERED: Final = {"GOENV": "off", "GOWORK": "off", "RUSTFLAGS": ""}
"""The same for settings in files of the home folder and above the checkout."""


class AnalyserError(Exception):
    """An analyser is missing, or could not work; the message says which and why."""


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not _STEERING.fullmatch(name)}
    return {**kept, **_UNSTEERED, **_OFFLINE}


def run(argv: Sequence[str], folder: Path, fine: Sequence[int]) -> subprocess.CompletedProcess[str]:
    """Run a program.

    Raises AnalyserError where it is missing, or ends with an exit code that is not fine.
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

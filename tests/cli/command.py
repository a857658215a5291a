"""The `conformance` command, run as a user runs it."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.cli.warm_command import warm_command


def conformance(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, with variables added to the environment.

    It is a process of its own that has its modules already.  What it printed is printed again, so
    that a test that fails shows it.
    """
    return _printed(words, warm_command()(*words, cwd=cwd, **environment))


def cold_conformance(
    *words: str, cwd: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command likewise from a fresh interpreter, whose start a test is about."""
    done = subprocess.run(
        [sys.executable, "-m", "conformance", *words],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return _printed(words, done)


def _printed(
    words: Sequence[str], done: subprocess.CompletedProcess[str]
) -> subprocess.CompletedProcess[str]:
    sys.stdout.write(f"$ conformance {shlex.join(words)}\n")
    sys.stdout.write(f"{done.stdout}{done.stderr}exit {done.returncode}\n")
    return done


def settled(output: str) -> str:
    """Replace what differs from run to run: ids, times, ports."""
    output = re.sub(r"[0-9]{8}T[0-9]{9}Z-[0-9a-f]{4}", "RUN", output)
    output = re.sub(r"[0-9-]{10}T[0-9:]{8}\+00:00", "TIME", output)
    return re.sub(r"127\.0\.0\.1:[0-9]+", "127.0.0.1:PORT", output)

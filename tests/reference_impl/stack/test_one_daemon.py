"""Each daemon alone: by one command, with its own flags, in a folder that need not last."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from reference_impl.stack.rooms import ROOMS
from tests.reference_impl.conftest import ROOT
from tests.reference_impl.stack.conftest import environment

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ROOMS)
def test_a_daemon_starts_alone_and_leaves_no_scratch(tmp_path: Path, name: str) -> None:
    """SIGTERM is a good end, and the folder it was given is gone."""
    command = [sys.executable, "-m", "reference_impl", name, "--scratch", "--port", "0"]
    variables = {**environment(), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        assert re.fullmatch(r"listening on http://127\.0\.0\.1:\d+\n", first), (
            first + process.stderr.read()
        )
        process.send_signal(signal.SIGTERM)

        assert (process.wait(timeout=20), process.stderr.read()) == (0, "")
    assert os.listdir(tmp_path) == []  # noqa: PTH208


@pytest.mark.parametrize("name", ["gateway", "vectord"])
def test_each_daemon_has_its_own_help(name: str) -> None:
    """Help is the daemon's, not the stack's."""
    command = [sys.executable, "-m", "reference_impl", name, "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert f"{name} of the lakehouse, reference implementation." in done.stdout

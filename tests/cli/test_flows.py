"""The example flows: on servers from packages where they are installed, else on recordings."""

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.command import conformance

ROOT = Path(__file__).parents[2]
FLOWS = ROOT / "cases/examples/flows"
SERVERS = ROOT / "peers/flows"
INSTALLED = (SERVERS / ".venv/.installed", SERVERS / "node_modules/.bin/flow-tus")
FROM_PACKAGES = ("authlib", "oidc-provider", "tuspyserver", "tus-node-server")
PARITY = "PARITY, with 9 cases that differ as decided\n"

_LIVE_REQUIRED = os.environ.get("CONFORMANCE_REQUIRE_LIVE", "") not in {"", "0"}


@pytest.mark.skipif(
    not all(file.exists() for file in INSTALLED) and not _LIVE_REQUIRED,
    reason="the servers of the flows are not installed: make flows",
)
def test_live(tmp_path: Path) -> None:
    """All servers are started, logged in to, and differ only as their ledger says."""
    run = conformance("run", "cases/examples/flows", "--runs", str(tmp_path), cwd=ROOT)

    assert PARITY in run.stdout, run.stdout + run.stderr
    assert run.stdout.count("live, started\n") == len(FROM_PACKAGES) + 2
    assert "3/3 suites green · 11 cases: 2 passed + 9 known\n" in run.stdout
    assert run.returncode == 0


def test_recordings_stand_in(tmp_path: Path) -> None:
    """Without the packages the flows are replayed from recordings, and the report says so."""
    shutil.copytree(FLOWS, tmp_path / "flows")
    names = [word for name in FROM_PACKAGES for word in ("--runtime", name)]
    run = conformance("run", "flows", *names, cwd=tmp_path, CONFORMANCE_REQUIRE_LIVE="0")

    assert PARITY in run.stdout, run.stdout + run.stderr
    for name in FROM_PACKAGES:
        assert f"\nwarning: {name} is recorded " in run.stdout
    assert run.returncode == 0

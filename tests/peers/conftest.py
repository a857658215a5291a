"""What the tests of the peers stand on: a copy of the cases that they may change."""

import shutil
from pathlib import Path

import pytest

from tests.peers.live_peers import ROOT


@pytest.fixture
def lakehouse(tmp_path: Path) -> Path:
    """Copy the cases beside links to the code, so that a test can change what it likes."""
    shutil.copytree(ROOT / "cases", tmp_path / "cases")
    for name in ("peers", "reference_impl"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path

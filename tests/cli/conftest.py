"""What several tests of the command line share."""

from pathlib import Path

import pytest

from tests.cli.gauntlet_shop import make_shop


@pytest.fixture
def gauntlet_shop(tmp_path: Path) -> Path:
    """Make a repository that a gauntlet can be run in."""
    return make_shop(tmp_path)

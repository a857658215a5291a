"""What several tests of the command line share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.gauntlet_shop import make_shop
from tests.cli.warm_command import WarmCommand, warm_command


@pytest.fixture
def gauntlet_shop(tmp_path: Path) -> Path:
    """Make a repository that a gauntlet can be run in."""
    return make_shop(tmp_path)


@pytest.fixture(scope="session", name="conformance")
def start_command() -> Iterator[WarmCommand]:
    """Give the command without its start-up time."""
    with warm_command() as command:
        yield command

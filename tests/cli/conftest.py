"""What several tests of the command line share."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.cli.gauntlet_shop import make_shop
from tests.cli.guarded_shop import make_guarded_shop
from tests.cli.warm_command import WarmCommand, warm_command


@pytest.fixture
def gauntlet_shop(tmp_path: Path) -> Path:
    """Make a repository that a gauntlet can be run in."""
    return make_shop(tmp_path)


@pytest.fixture(scope="session", name="conformance")
def start_command() -> WarmCommand:
    """Give the command without its start-up time."""
    return warm_command()


@pytest.fixture(scope="session", name="guarding")
def allow_recordings(conformance: WarmCommand) -> Callable[..., Any]:
    """Return the command with recordings allowed: one of the shop's runtimes is a recording."""
    return partial(conformance, CONFORMANCE_REQUIRE_LIVE="")


@pytest.fixture(scope="session", name="committed_shop")
def commit_shop(guarding: WarmCommand, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the repository that guards are tried in, once."""
    return make_guarded_shop(guarding, tmp_path_factory.mktemp("shop"))


@pytest.fixture(name="shop")
def copy_shop(committed_shop: Path, tmp_path: Path) -> Path:
    """Return a copy of the repository that guards are tried in."""
    return shutil.copytree(committed_shop, tmp_path / "shop", symlinks=True)

"""One shop with saved runs, made once and copied for every test.

Two services, the second in several versions.
"""

import shutil
from pathlib import Path

import pytest

from tests.cli.warm_command import WarmCommand, warm_command
from tests.tracker.shop import Shop, open_shop


@pytest.fixture(scope="session")
def command() -> WarmCommand:
    """Return the command, warm."""
    return warm_command()


@pytest.fixture(scope="session")
def first_shop(tmp_path_factory: pytest.TempPathFactory, command: WarmCommand) -> Shop:
    """Return the shop that the others are copies of."""
    return open_shop(tmp_path_factory.mktemp("tracker") / "shop", command)


@pytest.fixture
def shop(first_shop: Shop, tmp_path: Path) -> Shop:
    """Return a shop of one's own, its document not yet made."""
    folder = tmp_path / "shop"
    shutil.copytree(first_shop.folder, folder, symlinks=True)
    return Shop(folder=folder, command=first_shop.command)


@pytest.fixture(scope="session")
def first_synced(first_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return a shop whose document holds two claims, its row and the run that shows it."""
    folder = tmp_path_factory.mktemp("synced") / "shop"
    shutil.copytree(first_shop.folder, folder, symlinks=True)
    shop = Shop(folder=folder, command=first_shop.command)
    shop.sync("--run", "drops")
    shop.add_claims()
    shop.sync("--run", "drops")
    return shop


@pytest.fixture
def synced(first_synced: Shop, tmp_path: Path) -> Shop:
    """Return a shop of one's own whose document is up to date."""
    folder = tmp_path / "shop"
    shutil.copytree(first_synced.folder, folder, symlinks=True)
    return Shop(folder=folder, command=first_synced.command)

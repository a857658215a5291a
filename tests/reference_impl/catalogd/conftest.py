"""A catalogd for the whole session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reference_impl.lake import running_room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reference_impl.conftest import LiveDaemon


@pytest.fixture(scope="session")
def catalogd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDaemon]:
    """One catalogd with default settings; each test registers names of its own."""
    with running_room("catalogd", tmp_path_factory.mktemp("catalogd")) as daemon:
        yield daemon

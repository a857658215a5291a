"""A storaged for the whole session, and ones of a test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reference_impl.lake import running_room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reference_impl.conftest import LiveDaemon


@pytest.fixture(scope="session")
def storaged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDaemon]:
    """One storaged with default settings; each test writes to a bucket of its own."""
    with running_room("storaged", tmp_path_factory.mktemp("storaged")) as daemon:
        yield daemon

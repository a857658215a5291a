"""A lake for the whole session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reference_impl.lake import running_lake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reference_impl.lake import Lake


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """Run a lake with default settings; each test ingests under names of its own."""
    with running_lake(tmp_path_factory.mktemp("lake")) as lake:
        yield lake

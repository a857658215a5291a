"""Live vectords for the tests, each with a data directory of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reference_impl.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reference_impl.conftest import LiveDaemon

PROGRAM = ("-m", "reference_impl", "vectord")


@pytest.fixture(scope="session")
def vectord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDaemon]:
    """One vectord for the whole session."""
    folder = tmp_path_factory.mktemp("vectord")
    with running(folder / "log", "--data-dir", str(folder), program=PROGRAM) as daemon:
        yield daemon

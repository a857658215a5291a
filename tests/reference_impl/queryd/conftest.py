"""A lake with one dataset for the whole session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reference_impl.lake import parquet_of, running_lake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reference_impl.lake import Lake

PEOPLE = (
    "SELECT * FROM (VALUES (1, 'Ada', 'Dallas'), (2, 'Ben', 'Austin'), (3, 'Cy', 'Dallas')) "
    "AS t(id, name, city)"
)


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """Run a lake with the dataset `workers`: three people in two cities.

    A statement may take 5 s.
    """
    with running_lake(tmp_path_factory.mktemp("lake"), "--statement-timeout-s", "5") as lake:
        lake.register(
            "workers",
            parquet_of(PEOPLE),
            {"id": "INTEGER", "name": "VARCHAR", "city": "VARCHAR"},
            3,
        )
        yield lake

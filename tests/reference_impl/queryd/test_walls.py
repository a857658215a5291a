"""Each wall of the cage by itself: the gate over the engine's trees, and the engine.

The engine is tested as if the gate had let all through.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reference_impl.queryd.errors import StatementError
from reference_impl.queryd.service.engine import Engine, _as_subquery
from reference_impl.queryd.service.gate import tables_of

WRITES_INSIDE = [
    "WITH x AS (COPY (SELECT 1) TO '{file}' (FORMAT csv, USE_TMP_FILE false)) SELECT 1",
    "WITH x AS (INSERT INTO d VALUES (1)) SELECT 1",
    "WITH x AS (DELETE FROM d) SELECT 1",
]
READS = [
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM read_csv('{secret}')",
    "SELECT * FROM glob('{secret}*')",
    "SELECT * FROM query('SELECT * FROM read_text(''{secret}'')')",
    "SELECT * FROM '{secret}'",
]
STATE = [
    "SELECT current_setting('threads')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM information_schema.tables",
    "SHOW TABLES",
]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Make a dataset's file and one that is a secret."""
    (tmp_path / "secret").write_text("hunter2")
    with duckdb.connect() as engine:
        engine.execute(f"COPY (SELECT 1 AS a) TO '{tmp_path}/d.parquet'")
    return {"file": str(tmp_path / "d.parquet"), "secret": str(tmp_path / "secret")}


def _tree(sql: str) -> dict[str, Any]:
    with duckdb.connect() as engine:
        (text,) = engine.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone() or ("",)
    tree: dict[str, Any] = json.loads(text)
    return tree


@pytest.mark.parametrize("sql", [*WRITES_INSIDE, *READS[:-1], *STATE])
def test_the_gate_alone_refuses(files: dict[str, str], sql: str) -> None:
    """By its tree alone, before anything could run; older engines have no tree for some of it."""
    tree = _tree(sql.format(**files))

    if tree["error"]:
        pytest.skip("this engine does not parse it")
    with pytest.raises(StatementError):
        tables_of(tree)


@pytest.mark.parametrize("sql", [*WRITES_INSIDE, *READS])
def test_the_engine_alone_refuses(files: dict[str, str], sql: str) -> None:
    """Without a gate, the engine reads no other file and changes none, even of its own dataset."""
    before = [Path(name).read_bytes() for name in files.values()]
    with Engine(memory_mb=256, threads=1)._open({"d": (files["file"],)}) as instance:
        with pytest.raises(duckdb.Error):
            instance.execute(_as_subquery(sql.format(**files)))
        assert instance.execute("SELECT a FROM d").fetchall() == [(1,)]
        with pytest.raises(duckdb.Error):
            instance.execute("SET enable_external_access = true")

    assert [Path(name).read_bytes() for name in files.values()] == before

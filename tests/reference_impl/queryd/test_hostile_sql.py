"""Statements that try to leave the cage: every one is refused or bounded.

Nothing outside was read or changed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.reference_impl.conftest import Answer
    from tests.reference_impl.lake import Lake

SECRET = "hunter2-in-a-file"  # noqa: S105  # what must not be read

# {secret}: a file outside; {out}: a file that must not appear; {cached}: the file that is the
# dataset `workers`.
REFUSED = [
    # reads of files
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM read_blob('{secret}')",
    "SELECT * FROM read_csv('{secret}')",
    "SELECT * FROM read_json('{secret}')",
    "SELECT * FROM read_csv_auto('{secret}', header=false)",
    "SELECT * FROM read_parquet('{cached}')",
    "SELECT * FROM parquet_scan('{cached}')",
    "SELECT * FROM parquet_metadata('{cached}')",
    "SELECT * FROM parquet_kv_metadata('{cached}')",
    "SELECT * FROM '{secret}'",
    'SELECT * FROM "{secret}"',
    "FROM '{secret}.csv'",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM sniff_csv('{secret}')",
    "SELECT * FROM read_duckdb('{secret}')",
    "SELECT (SELECT content FROM read_text('{secret}'))",
    "SELECT * FROM workers WHERE name IN (SELECT content FROM read_text('{secret}'))",
    "SELECT * FROM workers, LATERAL (SELECT * FROM read_text('{secret}'))",
    "WITH x AS (SELECT * FROM read_text('{secret}')) SELECT * FROM x",
    (
        "WITH RECURSIVE x AS (SELECT content FROM read_text('{secret}') UNION ALL SELECT * FROM x) "
        "SELECT * FROM x"
    ),
    "SELECT 1 UNION ALL SELECT size FROM read_blob('{secret}')",
    "DESCRIBE SELECT * FROM read_csv('{secret}')",
    "SUMMARIZE SELECT * FROM read_csv('{secret}')",
    "SELECT * FROM query('SELECT * FROM read_text(''{secret}'')')",
    "SELECT * FROM query_table('{secret}')",
    "SELECT * FROM json_execute_serialized_sql('{{}}')",
    # network and extensions
    "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')",
    "SELECT * FROM 'https://example.com/x.parquet'",
    "SELECT * FROM 's3://bucket/x.parquet'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "FORCE INSTALL spatial FROM community",
    "ATTACH 'http://127.0.0.1:1/x.db' AS x",
    "SELECT * FROM postgres_scan('host=127.0.0.1', 'a', 'b')",
    # writes
    "COPY workers TO '{out}'",
    "COPY (SELECT 1) TO '{out}' (FORMAT csv, USE_TMP_FILE false)",
    "COPY (SELECT 1) TO '{cached}' (FORMAT csv, USE_TMP_FILE false)",
    "WITH x AS (COPY (SELECT 1) TO '{out}' (FORMAT csv, USE_TMP_FILE false)) SELECT 1",
    "WITH x AS (COPY (SELECT 1) TO '{cached}' (FORMAT csv, USE_TMP_FILE false)) SELECT 1",
    "SELECT * FROM (WITH x AS (COPY (SELECT 1) TO '{out}' (USE_TMP_FILE false)) SELECT 1)",
    "WITH x AS (INSERT INTO workers VALUES (4, 'x', 'y') RETURNING *) SELECT * FROM x",
    "WITH x AS (DELETE FROM workers RETURNING *) SELECT * FROM x",
    "WITH x AS (UPDATE workers SET name = 'x' RETURNING *) SELECT * FROM x",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{out}' (USE_TMP_FILE false)",
    "EXPLAIN SELECT 1",
    "EXPORT DATABASE '{out}'",
    "IMPORT DATABASE '{out}'",
    "ATTACH '{out}' AS x",
    "ATTACH ':memory:' AS x",
    "CREATE TABLE x AS SELECT 1",
    "CREATE OR REPLACE VIEW workers AS SELECT 42",
    "CREATE MACRO f(x) AS x",
    "CREATE TEMP TABLE x (a INTEGER)",
    "CREATE SECRET s (TYPE s3)",
    "DROP VIEW workers",
    "INSERT INTO workers VALUES (1, 'a', 'b')",
    "TRUNCATE workers",
    "ALTER VIEW workers RENAME TO x",
    "COMMENT ON VIEW workers IS 'x'",
    # settings and state
    "SET threads = 1",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA enable_profiling",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "CALL enable_logging()",
    "SET VARIABLE x = 1",
    "SELECT current_setting('allowed_paths')",
    "SELECT main.current_setting('allowed_paths')",
    "SELECT system.main.current_setting('memory_limit')",
    "SELECT CURRENT_SETTING('threads') FROM workers",
    "SELECT getenv('HOME')",
    "SELECT getvariable('x')",
    "SELECT write_log('x')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_views()",
    "SELECT * FROM duckdb_views",
    "SELECT * FROM main.duckdb_views",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_logs",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM pg_catalog.pg_class",
    "SELECT * FROM duckdb_views, (WITH duckdb_views AS (SELECT 1) SELECT 1)",
    "SELECT * FROM pragma_table_info('workers')",
    "SELECT * FROM enable_profiling()",
    "SELECT * FROM test_all_types()",
    "SHOW TABLES",
    "SHOW ALL TABLES",
    "SHOW DATABASES",
    "DESCRIBE",
    "USE x",
    "BEGIN",
    "COMMIT",
    "CHECKPOINT",
    "VACUUM",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "DEALLOCATE p",
    # more than one statement, and ways to look like one
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP VIEW workers; SELECT 2",
    "SELECT 1); DROP VIEW workers; SELECT * FROM (SELECT 1",
    "SELECT 1) TO '{out}'; --",
    "SELECT 1) UNION SELECT content FROM read_text('{secret}') --",
    "SELECT 1 /*",
    "SELECT 1 --\n) ; COPY (SELECT 1) TO '{out}",
    "SELECT '",
    "(((((",
    ";",
    "--",
    " ",
    "\x00SELECT 1",
    "SELECT * FROM token",
    "SELECT * FROM self",
    # the engine itself
    "SELECT " + "(" * 5000 + "1" + ")" * 5000,
    "SELECT " + "+".join(["1"] * 20000),
    "FROM " + ", ".join(f"t{number}" for number in range(101)),
]
BOUNDED = [
    "SELECT count(*) FROM range(4000000000) a, range(1000) b WHERE a.range = -b.range - 1",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
    "SELECT sleep_ms(60000)",
    "SELECT pg_sleep(60)",
    "SELECT repeat('x', 1000000000)",
    "SELECT list(range) FROM range(400000000)",
    "SELECT lpad('', 2000000000, 'x')",
    "SELECT string_agg(repeat('x', 1000000), '') FROM range(2000)",
    "SELECT range(1000000000)",
    "SELECT * FROM (SELECT repeat('x', 100000000) FROM range(20))",
    "SELECT count(*) FROM (SELECT DISTINCT hash(range) FROM range(500000000))",
]


@pytest.fixture(scope="module")
def outside(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Make the files that statements name, and have `workers` in queryd's cache."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "secret").write_text(SECRET)
    (folder / "secret.csv").write_text(f"a\n{SECRET}\n")
    assert lake.sql("SELECT * FROM workers").json()["row_count"] == 3
    (cached,) = (lake.queryd.log_file.parent / "data/queryd/cache").iterdir()
    return {"secret": str(folder / "secret"), "out": str(folder / "out"), "cached": str(cached)}


def _files(outside: dict[str, str]) -> dict[str, Any]:
    """Read all that a statement could change."""
    folders = {Path(name).parent for name in outside.values()}
    return {
        str(path): path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }


def _require_contained(answer: Answer, outside: dict[str, str]) -> None:
    assert answer.status == 422, answer.body[:200]
    detail = answer.json()["detail"]
    assert detail.startswith("the body does not fit: /sql")
    assert SECRET not in detail
    assert not any(str(Path(name).parent) in detail for name in outside.values())
    assert "Traceback" not in detail


@pytest.mark.parametrize("sql", REFUSED, ids=lambda sql: json.dumps(sql[:60]))
def test_what_wants_out_is_refused(lake: Lake, outside: dict[str, str], sql: str) -> None:
    """A statement is refused with a reason without path or secret; no file is read or changed."""
    before = _files(outside)
    answer = lake.sql(sql.format(**outside))

    _require_contained(answer, outside)
    assert _files(outside) == before


@pytest.mark.parametrize("sql", BOUNDED, ids=lambda sql: sql[:60])
def test_what_wants_all_is_bounded(lake: Lake, outside: dict[str, str], sql: str) -> None:
    """Time and memory have an end, and the next statement is answered as if nothing had been."""
    _require_contained(lake.sql(sql), outside)

    assert lake.value("count(*) FROM workers") == 3
    assert lake.queryd.memory_bytes("VmHWM") < 120 * 2**20


def test_parameters_are_values_only(lake: Lake, outside: dict[str, str]) -> None:
    """A parameter cannot name a table or a file, and nothing in it is SQL."""
    assert lake.value("?", "x'); DROP VIEW workers; --") == "x'); DROP VIEW workers; --"
    assert lake.sql("SELECT * FROM ?", outside["secret"]).status == 422
    assert lake.sql("SELECT * FROM read_text(?)", outside["secret"]).status == 422

"""SQL from outside: values, parameters, cuts, and what happens without a dataset or a worker."""

from __future__ import annotations

import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference_impl.lake import parquet_of, running_lake

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reference_impl.lake import Lake

LARGE = 2**53 - 1
VALUES: dict[str, Any] = {
    "true": True,
    "NULL": None,
    "'Zo\u00eb'": "Zo\u00eb",
    "1::TINYINT": 1,
    f"{LARGE}": LARGE,
    f"-{LARGE}": -LARGE,
    f"{LARGE + 1}": str(LARGE + 1),
    f"-{LARGE + 1}::HUGEINT": str(-LARGE - 1),
    "340282366920938463463374607431768211455::UHUGEINT": "340282366920938463463374607431768211455",
    "0.1::DOUBLE + 0.2::DOUBLE": 0.1 + 0.2,
    "1.5::FLOAT": 1.5,
    "'nan'::DOUBLE": "NaN",
    "'inf'::DOUBLE": "Infinity",
    "'-inf'::FLOAT": "-Infinity",
    "0.10::DECIMAL(10, 2)": "0.10",
    "1e-10::DECIMAL(38, 12)": "0.000000000100",
    "DATE '2026-11-25'": "2026-11-25",
    "'infinity'::DATE": "infinity",
    "'20000-01-01'::DATE": "20000-01-01",
    "TIME '19:30:00.5'": "19:30:00.5",
    "TIMESTAMP '2026-11-25 19:30:00.5'": "2026-11-25T19:30:00.5",
    "TIMESTAMP_NS '2026-11-25 19:30:00.123456789'": "2026-11-25T19:30:00.123456789",
    "TIMESTAMPTZ '2026-11-25 19:30:00+02'": "2026-11-25T17:30:00Z",
    "'-infinity'::TIMESTAMP": "-infinity",
    "INTERVAL '1 month 2 days'": "1 month 2 days",
    "'6d7a3a52-0000-4000-8000-000000000000'::UUID": "6d7a3a52-0000-4000-8000-000000000000",
    "'\\xAA\\x00'::BLOB": "qgA=",
    "'101'::BIT": "101",
    "'a'::ENUM('a', 'b')": "a",
    "'{\"a\": 1}'::JSON": '{"a": 1}',
    "[1, NULL]": [1, None],
    "[1, 2]::INTEGER[2]": [1, 2],
    f"[{LARGE + 1}, 1]": [str(LARGE + 1), 1],
    "{'a': 1, 'b c': [DATE '2026-11-25']}": {"a": 1, "b c": ["2026-11-25"]},
    "MAP {'k': 1.50}": [{"key": "k", "value": "1.50"}],
    "MAP {[1]: 'v'}": [{"key": [1], "value": "v"}],
    "MAP {DATE '2026-11-25': 'nan'::DOUBLE}": [{"key": "2026-11-25", "value": "NaN"}],
    "[{'t': TIMESTAMPTZ '2026-11-25 00:00:00+00'}]": [{"t": "2026-11-25T00:00:00Z"}],
    "NULL::INTEGER[]": None,
    "NULL::STRUCT(a INTEGER)": None,
    "union_value(num := 2)": "2",
}


@pytest.mark.parametrize("expression", VALUES)
def test_values(lake: Lake, expression: str) -> None:
    """Each type has one form in JSON that loses nothing."""
    found = lake.value(expression)

    assert found == VALUES[expression]
    assert type(found) is type(VALUES[expression])


def test_a_result_has_columns_rows_and_counts(lake: Lake) -> None:
    """Names and types of columns, rows in the order that was asked for."""
    answer = lake.sql(
        "SELECT city, count(*) AS n FROM workers GROUP BY city ORDER BY n DESC;  -- busiest first\n"
    )
    result = answer.json()

    assert answer.status == 200
    assert result["columns"] == [
        {"name": "city", "type": "VARCHAR"},
        {"name": "n", "type": "BIGINT"},
    ]
    assert result["rows"] == [["Dallas", 2], ["Austin", 1]]
    assert (result["row_count"], result["truncated"]) == (2, False)


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT name FROM Workers WHERE ID = 2", [["Ben"]]),
        ("FROM workers SELECT count(*)", [[3]]),
        ("WITH workers AS (SELECT 1 AS id) SELECT * FROM workers", [[1]]),
        ("SELECT a.id FROM workers a JOIN workers b USING (id) WHERE b.name = 'Cy'", [[3]]),
        ("VALUES (1), (2)", [[1], [2]]),
        ("SELECT 1 AS a, 2 AS a", [[1, 2]]),
        (
            "DESCRIBE workers",
            [
                ["id", "INTEGER", "YES", None, None, None],
                ["name", "VARCHAR", "YES", None, None, None],
            ],
        ),
        ("SELECT unnest([1, 2]) ORDER BY 1 DESC", [[2], [1]]),
        (
            "PIVOT workers ON city IN ('Dallas') USING count(*) GROUP BY id ORDER BY id LIMIT 1",
            [[1, 1]],
        ),
    ],
)
def test_what_sql_can_say(lake: Lake, sql: str, rows: list[Any]) -> None:
    """Queries of all forms run; names of datasets and columns are matched whatever their case."""
    assert lake.sql(sql, max_rows=2).json()["rows"] == rows


def test_parameters(lake: Lake) -> None:
    """By place or by number, of any JSON kind, and as many as the statement has."""
    assert lake.sql("SELECT name FROM workers WHERE id = ? AND city = ?", 1, "Dallas").json()[
        "rows"
    ] == [["Ada"]]
    assert lake.sql("SELECT $2, $1, $1", None, "x").json()["rows"] == [["x", None, None]]
    assert lake.value("?::DOUBLE", 1.5) == 1.5
    assert lake.sql("SELECT ?").status == 422
    assert lake.sql("SELECT 1", 1).status == 422
    assert lake.sql("SELECT ?", 10**60).status == 422
    assert lake.value("?", 2**63) == str(2**63)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELEC 1", "Parser Error: syntax error at or near"),
        ("SELECT * FROM nowhere", "Catalog Error: Table with name nowhere does not exist!"),
        ("SELECT nothing FROM workers", 'Binder Error: Referenced column "nothing" not found'),
        ("SELECT 'x'::INTEGER", "Conversion Error: Could not convert string"),
        ("SELECT error('no')", "Invalid Input Error: no"),
    ],
)
def test_a_wrong_statement_is_told_in_one_line(lake: Lake, sql: str, said: str) -> None:
    """The engine's words, without its drawing of the place."""
    answer = lake.sql(sql)

    assert answer.status == 422
    assert answer.json()["detail"].startswith(f"the body does not fit: /sql: {said}")
    assert "\n" not in answer.json()["detail"]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"sql": ""},
        {"sql": 5},
        {"sql": "SELECT 1", "max_rows": -1},
        {"sql": "SELECT 1", "max_rows": 10_001},
        {"sql": "SELECT 1", "params": {}},
        {"sql": "SELECT 1", "params": [[]]},
        {"sql": "SELECT 1", "file": "x"},
        {"sql": "x" * 100_001},
    ],
    ids=lambda document: str(document)[:60],
)
def test_a_wrong_body_is_422(lake: Lake, document: dict[str, Any]) -> None:
    """Nothing is guessed or ignored."""
    assert lake.queryd.post(document, "/v1/sql").status == 422


@pytest.mark.parametrize(
    ("max_rows", "count", "truncated"), [(0, 0, True), (2, 2, True), (3, 3, False), (9, 3, False)]
)
def test_rows_are_cut_and_it_is_said(
    lake: Lake, max_rows: int, count: int, truncated: bool
) -> None:
    """`truncated` says that there were more."""
    result = lake.sql("SELECT id FROM workers ORDER BY id", max_rows=max_rows).json()

    assert [row[0] for row in result["rows"]] == [1, 2, 3][:count]
    assert (result["row_count"], result["truncated"]) == (count, truncated)


def test_a_large_result_is_cut_by_its_size(lake: Lake) -> None:
    """The answer stays within its limit, with whole rows."""
    answer = lake.sql("SELECT repeat('x', 1000000) FROM range(30)")

    assert (answer.json()["row_count"], answer.json()["truncated"]) == (8, True)
    assert len(answer.body) < 8 * 2**20 + 1000


def test_statements_run_beside_each_other(lake: Lake) -> None:
    """More statements than workers wait for their turn, and none sees another's rows."""
    with ThreadPoolExecutor(5) as pool:
        answers = list(
            pool.map(lambda n: lake.value("sum(range + ?) FROM range(1000)", n), range(10))
        )

    assert answers == [499500 + 1000 * n for n in range(10)]


def test_a_dataset_counts_from_its_registration_on(lake: Lake) -> None:
    """New objects of a dataset are what the next statement reads, and a forgotten one is gone."""
    for rows in (5, 7):
        lake.register("changing", parquet_of(f"FROM range({rows})"), {"range": "BIGINT"}, rows)
        assert lake.value("count(*) FROM changing") == rows

    assert lake.catalogd.ask("DELETE", "/catalog/datasets/changing").status == 204
    assert lake.sql("SELECT * FROM changing").status == 422


def test_an_object_that_is_gone_or_changed_is_a_conflict(lake: Lake) -> None:
    """The catalog's digest counts, not whatever stands under the key."""
    lake.register("broken", parquet_of("SELECT 1 AS a"), {"a": "INTEGER"}, 1)
    lake.storaged.ask("PUT", "/storage/lake/broken", parquet_of("SELECT 2 AS a"))
    assert lake.sql("SELECT * FROM broken").status == 409
    lake.storaged.ask("DELETE", "/storage/lake/broken")
    answer = lake.sql("SELECT * FROM broken")

    assert answer.status == 409
    assert answer.json()["detail"] == "the dataset broken is not in storaged as the catalog has it"


def test_an_object_that_is_no_parquet_is_told(lake: Lake) -> None:
    """What is registered may be anything; only the statement that reads it fails."""
    lake.register("text", b"this is no parquet", {"a": "INTEGER"}, 1)

    answer = lake.sql("SELECT * FROM text")

    assert (
        answer.json()["detail"]
        == "the body does not fit: /sql: the dataset text is no Parquet that can be read"
    )
    assert lake.value("1") == 1


def test_without_its_neighbours(tmp_path: Path) -> None:
    """A gone catalog or store is 502, and no worker outlives the daemon."""
    with running_lake(tmp_path) as lake:
        assert lake.value("1") == 1
        lake.register("d", parquet_of("SELECT 1 AS a"), {"a": "INTEGER"}, 1)
        lake.storaged.stop(signal.SIGKILL)
        assert lake.sql("SELECT * FROM d").status == 502
        lake.catalogd.stop(signal.SIGKILL)
        assert lake.sql("SELECT * FROM d").status == 502
        assert lake.value("1") == 1
        listed = subprocess.run(
            ["ps", "--ppid", str(lake.queryd.process.pid), "-o", "pid="],
            capture_output=True,
            text=True,
            check=True,
        )
        assert lake.queryd.stop() == 0
        for pid in listed.stdout.split():
            alive = subprocess.run(["ps", "-p", pid], capture_output=True, check=False)
            assert alive.returncode == 1


def test_the_cache_keeps_to_its_size(tmp_path: Path) -> None:
    """What is unused longest makes room; a statement still gets what it needs."""
    with running_lake(tmp_path, "--cache-mb", "1") as lake:
        for number in range(4):
            rows = f"FROM range(20000) SELECT md5((range + {number} * 100000)::VARCHAR) AS h"
            lake.register(f"d{number}", parquet_of(rows), {"h": "VARCHAR"}, 20000)
            assert lake.value(f"count(*) FROM d{number}") == 20000
        cached = [path.stat().st_size for path in (tmp_path / "data/queryd/cache").iterdir()]

        assert sum(cached) <= 2**20
        assert lake.value("count(*) FROM d0 JOIN d3 USING (h)") == 0

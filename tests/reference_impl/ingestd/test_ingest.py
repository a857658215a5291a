"""Files from outside: what they become, which line is wrong, and that nothing is half done."""

from __future__ import annotations

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference_impl.lake import parquet_of, running_lake

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reference_impl.lake import Lake

CSV = "text/csv"
JSON_LINES = "application/x-ndjson"
PARQUET = "application/vnd.apache.parquet"


def _rows(lake: Lake, name: str) -> list[Any]:
    rows: list[Any] = lake.sql(f'FROM "{name}"').json()["rows"]
    return rows


def _keys(lake: Lake, name: str) -> list[str]:
    listed = lake.storaged.ask("GET", f"/storage/datasets?prefix={name}/").json()["objects"]
    return [entry["key"] for entry in listed]


def test_csv_becomes_a_typed_dataset(lake: Lake) -> None:
    """Rows, schema and objects are answered, and the catalog and SQL say the same."""
    text = 'id,zip,hired,wage,note\n1,01234,2026-01-05,21.5,\n2,99999,2026-02-06,19,"a ""b"",\nc"\n'
    answer = lake.ingest("people", "text/csv; charset=utf-8", text)
    told = answer.json()
    manifest = lake.catalogd.ask("GET", "/catalog/datasets/people").json()

    assert answer.status == 201
    assert told["rows"] == manifest["row_count"] == 2
    assert told["schema"] == manifest["schema"]
    assert [column["type"] for column in told["schema"]] == [
        "BIGINT",
        "VARCHAR",
        "DATE",
        "DOUBLE",
        "VARCHAR",
    ]
    assert told["objects"] == manifest["objects"]
    assert told["dataset_id"] == manifest["dataset_id"]
    assert _keys(lake, "people") == [told["objects"][0]["key"]]
    assert _rows(lake, "people") == [
        [1, "01234", "2026-01-05", 21.5, None],
        [2, "99999", "2026-02-06", 19, 'a "b",\nc'],
    ]


def test_json_lines_become_a_typed_dataset(lake: Lake) -> None:
    """Members that a row lacks are null; nested values keep their structure."""
    lines = [
        {"id": 1, "at": "2026-01-05T10:00:00", "tags": ["a", "b"]},
        {"id": 2, "place": {"city": "Dallas"}},
    ]
    answer = lake.ingest("events", JSON_LINES, "\n\n".join(json.dumps(line) for line in lines))

    assert answer.status == 201
    assert [column["type"] for column in answer.json()["schema"]] == [
        "BIGINT",
        "TIMESTAMP",
        "VARCHAR[]",
        "STRUCT(city VARCHAR)",
    ]
    assert _rows(lake, "events") == [
        [1, "2026-01-05T10:00:00", ["a", "b"], None],
        [2, None, None, {"city": "Dallas"}],
    ]


def test_parquet_keeps_its_types(lake: Lake) -> None:
    """What has types already is taken with them."""
    file = parquet_of(
        "SELECT 1::UTINYINT AS a, 1.50::DECIMAL(5, 2) AS b, 'x'::BLOB AS c, [DATE '2026-01-01'] "
        "AS d"
    )
    answer = lake.ingest("typed", PARQUET, file)

    assert [column["type"] for column in answer.json()["schema"]] == [
        "UTINYINT",
        "DECIMAL(5,2)",
        "BLOB",
        "DATE[]",
    ]
    assert _rows(lake, "typed") == [[1, "1.50", "eA==", ["2026-01-01"]]]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\r\n1,x\r\n2,y\r\n", [[1, "x"], [2, "y"]]),
        ("a,b\n1,x\n2,y", [[1, "x"], [2, "y"]]),
        ("\ufeffa,b\n1,x\n", [[1, "x"]]),
        ("a\n1\n", [[1]]),
        ("a,b\n", []),
        ("a,b\n,\n", [[None, None]]),
        ("a,b\n1,x\n\n2,y\n", [[1, "x"], [2, "y"]]),
        ("1,2\n3,4\n", [[3, 4]]),
        ('"a ""q""","b,c"\n1,2\n', [[1, 2]]),
        ("a;b\n1;2\n", [["1;2"]]),
        ("a\n12345678901234567890\n", [["12345678901234567890"]]),
        ("a\n#1\n", [["#1"]]),
        ("a\nNULL\n", [["NULL"]]),
    ],
    ids=repr,
)
def test_csv_is_read_as_it_is_written(lake: Lake, text: str, rows: list[Any]) -> None:
    """Commas, double quotes, a header: no dialect is guessed."""
    lake.catalogd.ask("DELETE", "/catalog/datasets/dialect")

    assert lake.ingest("dialect", CSV, text.encode()).status == 201
    assert _rows(lake, "dialect") == rows


MANY = "".join(f"{number},n\n" for number in range(30_000))
BAD: dict[str, tuple[str, bytes, int | None, str]] = {
    "too few": (CSV, b"a,b\n1,x\n2\n3,z\n", 3, "it has fewer values than the header has columns"),
    "too many": (CSV, b"a,b\n1,x\n2,y,z\n", 3, "it has more values than the header has columns"),
    "after a row of two lines": (
        CSV,
        b'a,b\n1,"x\ny"\n2\n',
        4,
        "it has fewer values than the header has columns",
    ),
    "after a mark and returns": (
        CSV,
        "\ufeffa,b\r\n1,x\r\n2\r\n".encode(),
        3,
        "it has fewer values",
    ),
    "another type far below": (
        CSV,
        f"a,b\n{MANY}x,n\n".encode(),
        30_002,
        "the value of column a does not have",
    ),
    "an open quote": (CSV, b'a,b\n1,"x\n2,y\n', 2, "a quoted value does not end with its quote"),
    "text after a quote": (
        CSV,
        b'a,b\n1,x\n2,"x"y\n',
        3,
        "a quoted value does not end with its quote",
    ),
    "no utf-8": (CSV, b"a,b\n1,x\n2,\xff\n", 3, "it is not UTF-8"),
    "a header that is no utf-8": (CSV, b"a,\xff\n1,x\n", 1, "the header is no CSV in UTF-8"),
    "no header": (CSV, b"", 1, "there is no header"),
    "a nameless column": (CSV, b"a,,c\n1,2,3\n", 1, "a column has no name"),
    "a name twice": (CSV, b"a,b,A\n1,2,3\n", 1, "two columns have one name, whatever their case"),
    "broken json": (JSON_LINES, b'{"a":1}\n{"a":\n', 2, "it is not valid JSON, at column"),
    "a member twice": (
        JSON_LINES,
        b'{"a":1}\n\n{"a":1,"a":2}\n',
        3,
        "an object holds a key twice, at column",
    ),
    "nan": (JSON_LINES, b'{"a":NaN}\n', 1, "it is not valid JSON"),
    "a list": (JSON_LINES, b'{"a":1}\n[1]\n', 2, "it is no JSON object"),
    "a document over lines": (JSON_LINES, b'{"a":\n1}\n', 1, "it is not valid JSON"),
    "json that is no utf-8": (JSON_LINES, b'{"a":1}\n{"a":"\xff"}\n', 2, "it is not valid JSON"),
    "no lines": (JSON_LINES, b"\n \n", None, "it holds no rows"),
    "no parquet": (PARQUET, b"a,b\n1,2\n", None, "it cannot be read as parquet"),
    "cut parquet": (PARQUET, b"PAR1" + b"\0" * 100, None, "it cannot be read as parquet"),
    "empty parquet": (PARQUET, b"", None, "it cannot be read as parquet"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_at_its_line(lake: Lake, what: str) -> None:
    """The first bad line is named, no value of it is told, and nothing is stored or registered."""
    media_type, body, line, reason = BAD[what]
    answer = lake.ingest("bad", media_type, body)

    assert answer.status == 422
    assert answer.json()["line"] == line
    assert answer.json()["detail"].startswith(
        f"{'the file' if line is None else f'line {line}'}: {reason}"
    )
    assert lake.catalogd.ask("GET", "/catalog/datasets/bad").status == 404
    assert _keys(lake, "bad") == []
    assert list((lake.ingestd.log_file.parent / "data/ingestd/scratch").iterdir()) == []


def test_new_rows_of_the_same_schema(lake: Lake) -> None:
    """They take the place of the old ones under the same id."""
    first = lake.ingest("again", CSV, "a,b\n1,x\n").json()
    second = lake.ingest("again", CSV, "a,b\n2,y\n3,z\n").json()

    assert second["dataset_id"] == first["dataset_id"]
    assert _rows(lake, "again") == [[2, "y"], [3, "z"]]


def test_another_schema_is_a_conflict_that_leaves_nothing(lake: Lake) -> None:
    """The dataset stays as it was, and the refused rows are not kept."""
    lake.ingest("kept", CSV, "a,b\n1,x\n")
    answer = lake.ingest("kept", CSV, "a,c\n1,x\n")

    assert answer.status == 409
    assert len(_keys(lake, "kept")) == 1
    assert _rows(lake, "kept") == [[1, "x"]]


def test_a_file_cannot_make_the_engine_read_another(lake: Lake) -> None:
    """Text in a file is text, whatever it would mean to the engine."""
    texts = [
        "'); COPY (SELECT 1) TO '/tmp/x'; --",
        "read_text('/etc/passwd')",
        "/etc/passwd",
        "=cmd|'/c calc'!A1",
    ]
    body = "\n".join(json.dumps({"t": text, text: 1}) for text in texts)

    assert lake.ingest("texts", JSON_LINES, body).status == 201
    assert [row[0] for row in _rows(lake, "texts")] == texts
    assert lake.ingest("names", CSV, '"a\'); --","""; DROP TABLE source"\n1,2\n').status == 201


@pytest.mark.parametrize(
    "query", ["", "name=", "name=A", "name=a/b", "name=a&x=1", "name=a&name=b", "name=%00"]
)
def test_a_wrong_name_is_422(lake: Lake, query: str) -> None:
    """It is refused before the file is read."""
    assert (
        lake.ingestd.ask("POST", f"/v1/ingest?{query}", "a\n1\n", {"content-type": CSV}).status
        == 422
    )


@pytest.mark.parametrize(
    "media_type", ["application/json", "text/plain", "application/octet-stream", "text/csv,x"]
)
def test_another_media_type_is_415(lake: Lake, media_type: str) -> None:
    """The answer says which there are."""
    answer = lake.ingest("x", media_type, "a\n1\n")

    assert answer.status == 415
    assert set((answer.header("accept") or "").split(", ")) >= {CSV, JSON_LINES, PARQUET}


def test_files_come_beside_each_other(lake: Lake) -> None:
    """Each dataset has its own rows."""
    with ThreadPoolExecutor(6) as pool:
        statuses = list(
            pool.map(lambda n: lake.ingest(f"many{n}", CSV, f"a\n{n}\n").status, range(6))
        )

    assert statuses == [201] * 6
    assert [_rows(lake, f"many{number}") for number in range(6)] == [
        [[number]] for number in range(6)
    ]


def test_limits(tmp_path: Path) -> None:
    """A file over the limit is 413.

    One that is converted too slowly is refused and its process ended.
    """
    limits = ("--max-body-bytes", "1000000", "--convert-timeout-s", "0.02")
    with running_lake(tmp_path, ingestd_arguments=limits) as lake:
        assert lake.ingest("large", CSV, "a\n" + "1\n" * 600_000).status == 413
        answer = lake.ingest("slow", CSV, "a\n1\n")

        assert answer.status == 422
        assert answer.json()["detail"] == "the file: its conversion takes longer than 0.02 s"
        assert list((tmp_path / "data/ingestd/scratch").iterdir()) == []


def test_without_its_neighbours(tmp_path: Path) -> None:
    """A gone catalog or store is 502; the dataset is not there, or it is whole."""
    with running_lake(tmp_path) as lake:
        assert lake.ingest("whole", CSV, "a\n1\n").status == 201
        lake.catalogd.stop(signal.SIGKILL)
        assert lake.ingest("whole", CSV, "a\n2\n").status == 502
        lake.storaged.stop(signal.SIGKILL)
        assert lake.ingest("whole", CSV, "a\n3\n").status == 502
    with running_lake(tmp_path) as lake:
        assert _rows(lake, "whole") == [[1]]

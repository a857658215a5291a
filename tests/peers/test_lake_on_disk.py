"""What the Go peer keeps of a file: typed Parquet, and a dataset that outlives `kill -9`."""

import hashlib
import json
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb

from tests.peers.live_peers import GO, live, started

pytestmark = live

FILE = """\
id,zip,hired,at,wage,night,wide,note
1,01234,2026-01-05,2026-01-05T10:00:00.25,21.5,true,9223372036854775808,"Cy ""the crane"", Jr."
-2,73301,,2026-01-05 11:00:00,1e3,F,-1,
"""
COLUMNS = [
    ("id", "BIGINT"),
    ("zip", "VARCHAR"),
    ("hired", "DATE"),
    ("at", "TIMESTAMP"),
    ("wage", "DOUBLE"),
    ("night", "BOOLEAN"),
    ("wide", "DECIMAL(38,0)"),
    ("note", "VARCHAR"),
]
ROWS = [
    '1|01234|2026-01-05|2026-01-05 10:00:00.25|21.5|true|9223372036854775808|Cy "the crane", Jr.',
    "-2|73301|None|2026-01-05 11:00:00|1000.0|false|-1|None",
]


def ask(url: str, method: str, path: str, body: str | None = None) -> Any:
    """Send one request, a body as CSV, and return the JSON of its answer."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(method, path, body, {"content-type": "text/csv"} if body else {})
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def test_a_file_is_parquet_that_others_read(tmp_path: Path) -> None:
    """The object has the bytes that the manifest says; another engine finds the same in it."""
    with started(GO, "serve", f"-data={tmp_path}") as (url, _):
        made = ask(url, "POST", "/v1/ingest?name=workers", FILE)

    assert [(column["name"], column["type"]) for column in made["schema"]] == COLUMNS
    (stored,) = made["objects"]
    file = tmp_path / "objects" / stored["bucket"] / stored["key"]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == stored["sha256"]
    assert file.stat().st_size == stored["size_bytes"]
    with duckdb.connect() as engine:
        described = engine.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(file)]).fetchall()
        rows = engine.execute(
            "SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(file)]
        ).fetchall()
    assert [(name, kind) for name, kind, *_ in described] == COLUMNS
    assert ["|".join(map(str, row)) for row in rows] == ROWS


def test_a_dataset_outlives_kill_9(tmp_path: Path) -> None:
    """What was answered is there after the next start, and what was half written is not."""
    with started(GO, "serve", f"-data={tmp_path}") as (url, process):
        made = ask(url, "POST", "/v1/ingest?name=workers", FILE)
        before = ask(url, "GET", "/v1/catalog/datasets")
        process.kill()
        process.wait()
    half = tmp_path / "catalogd" / ".half.json.tmp"
    half.write_text("{")

    with started(GO, "serve", f"-data={tmp_path}") as (url, _):
        after = ask(url, "GET", "/v1/catalog/datasets")

    assert [dataset["dataset_id"] for dataset in after["datasets"]] == [made["dataset_id"]]
    assert after == before
    assert not half.exists()

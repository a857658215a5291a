"""A converter: the process in which files become typed Parquet, with limits set in the kernel.

In: tasks as frames; limits as arguments. Out: the outcome of each. Each task has an instance of the
engine that can open only the two files of the task. The types of CSV columns are those of the first
rows, and every later row must have them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import msgspec

from reference_impl.ingestd.errors import FileError
from reference_impl.ingestd.service.csv_header import read_header
from reference_impl.ingestd.service.json_lines import LONGEST_LINE_BYTES, require_json_lines
from reference_impl.ingestd.service.task import Converted, Fault, Outcome, Task
from reference_impl.ingestd.wire import Column
from reference_impl.kit.cage import end_after, limit_resources, serve_frames

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AROUND_ENGINE_MB = 1024  # address space of the interpreter, the engine's code and its threads

_CSV = (
    "header=true, delim=',', quote='\"', escape='\"', skip=0, comment='', strict_mode=true, "
    "null_padding=false"
)
_ROUNDED = frozenset({"HUGEINT", "UHUGEINT"})
_FAULTS = {
    "CAST": "the value of column {column} does not have the column's type",
    "MISSING COLUMNS": "it has fewer values than the header has columns",
    "TOO MANY COLUMNS": "it has more values than the header has columns",
    "UNQUOTED VALUE": "a quoted value does not end with its quote",
    "LINE SIZE OVER MAXIMUM": "it is too long",
    "INVALID ENCODING": "it is not UTF-8",
}


def main(memory_mb: int, file_bytes: int) -> None:
    """Convert files until the input ends."""
    limit_resources(space_mb=memory_mb + _AROUND_ENGINE_MB, file_bytes=file_bytes)
    decoder = msgspec.json.Decoder(Task)
    serve_frames(lambda content: msgspec.json.encode(_outcome(decoder.decode(content), memory_mb)))


def _outcome(task: Task, memory_mb: int) -> Outcome:
    end_after(task.allowed_s)
    try:
        with duckdb.connect(config=_config(memory_mb)) as engine:
            _close(engine, task)
            _load(engine, task)
            return _write(engine, task)
    except FileError as error:
        return Fault(reason=error.reason, line=error.line)
    except (duckdb.OutOfMemoryException, MemoryError):
        return Fault(reason="it needs more memory than a conversion has", line=None)
    except duckdb.Error:
        return Fault(reason=f"it cannot be read as {task.format}", line=None)


def _config(memory_mb: int) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": f"{memory_mb}MB",
        "threads": 1,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
    }


def _close(engine: DuckDBPyConnection, task: Task) -> None:
    for setting in (
        "TimeZone='UTC'",
        f"allowed_paths=[{_text(task.source)}, {_text(task.target)}]",
        "temp_directory=''",
        "enable_external_access=false",
        "lock_configuration=true",
    ):
        engine.execute(f"SET {setting}")


def _load(engine: DuckDBPyConnection, task: Task) -> None:
    """Create the view `source` over the file, with its types."""
    source = _text(task.source)
    if task.format == "csv":
        _load_csv(engine, task.source)
        return
    if task.format == "json_lines":
        require_json_lines(task.source)
        options = (
            f"format='newline_delimited', sample_size=-1, maximum_object_size={LONGEST_LINE_BYTES}"
        )
        reader = f"read_json({source}, {options})"
    else:
        reader = f"read_parquet({source})"
    # only fixed words and a quoted path
    engine.execute(f"CREATE VIEW source AS SELECT * FROM {reader}")  # noqa: S608


def _load_csv(engine: DuckDBPyConnection, path: str) -> None:
    """Read a CSV file into the table `source`; raises FileError for its first bad line."""
    names = read_header(path)
    types = _csv_types(engine, path, names)
    columns = ", ".join(
        f"{_text(name)}: {_text(kind)}" for name, kind in zip(names, types, strict=True)
    )
    engine.execute(
        f"CREATE TABLE source AS SELECT * FROM read_csv({_text(path)}, {_CSV}, "  # noqa: S608
        "auto_detect=false,"
        f" columns={{{columns}}}, store_rejects=true)"
    )
    rejected = engine.execute(
        "SELECT line, line_byte_position, error_type, column_name FROM reject_errors ORDER BY "
        "line, column_idx LIMIT 1"
    ).fetchone()
    if rejected is not None:
        row, position, kind, column = rejected
        reason = _FAULTS.get(kind, "it is no row of this file").format(column=column)
        raise FileError(reason, max(row, _line_at(path, position)))


def _line_at(path: str, position: int) -> int:
    """Return the number of the line that has the byte at `position`.

    The engine counts rows, and a row may have several lines.  For bytes that are not UTF-8 the
    engine gives no position, so only its row count is known.
    """
    with Path(path).open("rb") as source:
        return source.read(position).count(b"\n") + 1


def _csv_types(engine: DuckDBPyConnection, path: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the types that the first rows show, or text for all if these are not valid rows."""
    try:
        found = engine.execute(f"SELECT Columns FROM sniff_csv({_text(path)}, {_CSV})").fetchone()  # noqa: S608
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        found = None
    types = tuple(column["type"] for column in found[0]) if found else ()
    return types if len(types) == len(names) else ("VARCHAR",) * len(names)


def _write(engine: DuckDBPyConnection, task: Task) -> Converted:
    target = _text(task.target)
    options = "FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false"
    engine.execute(f"COPY (SELECT {_exact_columns(engine)} FROM source) TO {target} ({options})")  # noqa: S608
    described = engine.execute(f"DESCRIBE SELECT * FROM read_parquet({target})").fetchall()  # noqa: S608
    (rows,) = engine.execute(f"SELECT count(*) FROM read_parquet({target})").fetchone() or (0,)  # noqa: S608
    return Converted(
        columns=tuple(Column(name=name, type=kind) for name, kind, *_ in described), rows=rows
    )


def _exact_columns(engine: DuckDBPyConnection) -> str:
    """Return an SQL list of all columns; integers that Parquet would round are decimals."""
    described = engine.execute("DESCRIBE source").fetchall()
    return ", ".join(
        f"CAST({_name(name)} AS DECIMAL(38, 0)) AS {_name(name)}"
        if kind in _ROUNDED
        else _name(name)
        for name, kind, *_ in described
    )


def _name(identifier: str) -> str:
    """Return an identifier quoted for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: str) -> str:
    """Return a text quoted for SQL."""
    return "'" + value.replace("'", "''") + "'"


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

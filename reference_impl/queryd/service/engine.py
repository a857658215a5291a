"""The SQL engine with its restrictions: DuckDB, in a worker process.

In: a statement, its parameters, and the files that are its tables. Out: its result as JSON, cut off
at a number of rows and of bytes, or `StatementError`. Each statement has an instance of its own, in
memory, that is restricted in this order: views over the files, only those files may be opened, no
other external access, no change of settings. Then the statement is checked by its parse tree. The
tree is that of exactly the text that runs, with the statement as a subquery: there the engine
itself refuses statements that change something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import msgspec

from reference_impl.queryd.errors import StatementError
from reference_impl.queryd.service.frames import Table
from reference_impl.queryd.service.gate import tables_of
from reference_impl.queryd.service.values import encoder, expression, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reference_impl.queryd.service.frames import Run

T = TypeVar("T")

# Rows are encoded while they are fetched, so that the limits cut a large result early.
_BATCH_ROWS = 100
# The engine's messages quote the statement; a problem document stays short.
_LONGEST_DETAIL = 300
_OUT_OF_REACH = "only datasets can be read: files, network and settings are out of reach"
_TOO_LARGE = "it needs more memory than a statement has"
_TOO_DEEP = "it is nested too deeply"


class Engine:
    """Creates an instance for each statement."""

    def __init__(self, *, memory_mb: int, threads: int) -> None:
        self._config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{memory_mb}MB",
            "threads": threads,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
        }
        self._parser = self._open({})

    def names_in(self, sql: str) -> frozenset[str]:
        """Return the names of the tables that a statement reads.

        Raises StatementError.
        """
        return self._judged(_as_subquery(self._only_query(sql)))

    def run(self, task: Run) -> Table:
        """Run a statement and return its result.

        Raises StatementError.
        """
        source = _as_subquery(self._only_query(task.sql))
        unknown = {name for name in self._judged(source) if name.lower() not in task.files}
        with self._open(task.files) as instance:
            _refuse_built_in(instance, unknown)
            return _explained(lambda: _result(instance, source, task))

    def _open(self, files: dict[str, tuple[str, ...]]) -> duckdb.DuckDBPyConnection:
        instance = duckdb.connect(config=self._config)
        for name, paths in files.items():
            _make_view(instance, name, paths)
        allowed = _texts(path for paths in files.values() for path in paths)
        for setting in (
            "TimeZone='UTC'",
            f"allowed_paths={allowed}",
            "temp_directory=''",
            "enable_external_access=false",
            "lock_configuration=true",
        ):
            instance.execute(f"SET {setting}")
        return instance

    def _only_query(self, sql: str) -> str:
        """Return the only statement of a text, without its semicolon; raises StatementError."""
        statements = _explained(lambda: self._parser.extract_statements(sql))
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise StatementError("exactly one SELECT, DESCRIBE or SUMMARIZE is answered")
        return _without_end(statements[0].query)

    def _judged(self, source: str) -> frozenset[str]:
        serialize = "SELECT json_serialize_sql(?::VARCHAR)"
        (text,) = _explained(lambda: self._parser.execute(serialize, [source]).fetchone()) or ("",)
        try:
            tree = msgspec.json.decode(text)
        except (RecursionError, msgspec.DecodeError):
            raise StatementError(_TOO_DEEP) from None
        if tree["error"] or len(tree["statements"]) != 1:
            raise StatementError(_one_line(tree.get("error_message", "it is no query")))
        return tables_of(tree)


def _make_view(instance: duckdb.DuckDBPyConnection, name: str, paths: tuple[str, ...]) -> None:
    try:
        instance.execute(
            f"CREATE VIEW {quoted(name)} AS SELECT * FROM read_parquet({_texts(paths)})"  # noqa: S608
        )
    except duckdb.Error:
        raise StatementError(f"the dataset {name} is no Parquet that can be read") from None


def _without_end(statement: str) -> str:
    """Return a statement without its last semicolon and the comments after it."""
    text = statement.encode()
    end = len(text)
    for position, kind in reversed(duckdb.tokenize(statement)):
        if text[position : position + 1] == b";" and kind == duckdb.token_type.operator:
            end = position
        elif kind != duckdb.token_type.comment:
            break
    return text[:end].decode()


def _as_subquery(query: str) -> str:
    """Return a query as a subquery; a comment at its end cannot hide the parenthesis."""
    # running the caller's SQL is the purpose of this daemon
    return f"SELECT * FROM (\n{query}\n)"  # noqa: S608


def _texts(values: Iterable[str]) -> str:
    return "[" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + "]"


def _refuse_built_in(instance: duckdb.DuckDBPyConnection, unknown: Iterable[str]) -> None:
    """Raise StatementError for the engine's own tables, which show its surroundings.

    A CTE with such a name is refused as well.
    """
    built_in = {
        name
        for (name,) in instance.execute(
            "SELECT view_name FROM duckdb_views() WHERE internal"
        ).fetchall()
    }
    if any(name.casefold() in built_in for name in unknown):
        raise StatementError(_OUT_OF_REACH)


def _result(instance: duckdb.DuckDBPyConnection, source: str, task: Run) -> Table:
    """Return the result: the types are read first, then the query runs with exact columns."""
    instance.execute(f"{source} LIMIT 0", task.params)
    columns = [(name, kind) for name, kind, *_ in instance.description or ()]
    selected = ", ".join(
        expression(position, kind) for position, (_, kind) in enumerate(columns, start=1)
    )
    instance.execute(f"{source.replace('*', selected, 1)} LIMIT {task.max_rows + 1}", task.params)
    encoders = [encoder(kind) for _, kind in columns]
    rows, truncated = _cut(_rows(instance, encoders), task)
    return Table(
        columns=msgspec.Raw(
            msgspec.json.encode([{"name": name, "type": str(kind)} for name, kind in columns])
        ),
        rows=msgspec.Raw(b"[" + b",".join(rows) + b"]"),
        row_count=len(rows),
        truncated=truncated,
    )


def _rows(
    instance: duckdb.DuckDBPyConnection, encoders: list[Callable[[Any], Any]]
) -> Iterator[bytes]:
    while batch := instance.fetchmany(_BATCH_ROWS):
        for row in batch:
            yield msgspec.json.encode(
                [encode(value) for encode, value in zip(encoders, row, strict=True)]
            )


def _cut(rows: Iterator[bytes], task: Run) -> tuple[list[bytes], bool]:
    kept: list[bytes] = []
    size_bytes = 0
    for row in rows:
        size_bytes += len(row) + 1
        if len(kept) == task.max_rows or size_bytes > task.max_bytes:
            return kept, True
        kept.append(row)
    return kept, False


def _explained(call: Callable[[], T]) -> T:
    """Return the result of a call; an engine error becomes one line without any path."""
    try:
        return call()
    except (duckdb.OutOfMemoryException, MemoryError):
        raise StatementError(_TOO_LARGE) from None
    except (duckdb.IOException, duckdb.PermissionException):
        raise StatementError(_OUT_OF_REACH) from None
    except RecursionError:
        raise StatementError(_TOO_DEEP) from None
    except duckdb.Error as error:
        raise StatementError(_one_line(str(error))) from None


def _one_line(message: str) -> str:
    first = message.split("\n", 1)[0].strip()
    return first[:_LONGEST_DETAIL] if "/" not in first else _OUT_OF_REACH

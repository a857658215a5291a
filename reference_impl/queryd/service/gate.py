"""The gate: which statements are allowed, by the parse tree of the engine's own parser.

In: the serialized tree of a whole statement. Out: the names of the tables that it reads, or
`StatementError`. It is the first of several barriers. It refuses nodes that are no query (a COPY or
an INSERT inside a CTE parses as part of a SELECT), tables with a path, table functions that are not
listed here (no listed one reads files), and functions that show or keep state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reference_impl.queryd.errors import StatementError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each table is an object to fetch and a file to open before the statement starts.
MOST_TABLES = 100

_QUERIES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_TABLE_FUNCTIONS = frozenset(
    {"generate_series", "json_each", "json_tree", "range", "repeat", "unnest"}
)
_SHOWN = frozenset({"DESCRIBE", "SUMMARY"})
_CLOSED_FUNCTIONS = frozenset(
    {
        "current_query",
        "current_setting",
        "getenv",
        "getvariable",
        "json_execute_serialized_sql",
        "json_serialize_plan",
        "nextval",
        "pg_sleep",
        "setseed",
        "setval",
        "sleep_ms",
        "write_log",
    }
)


def tables_of(tree: dict[str, Any]) -> frozenset[str]:
    """Return the names of the tables that a statement reads, including its own CTEs.

    Raises StatementError.
    """
    names: set[str] = set()
    for node in _nodes(tree):
        kind = node.get("type")
        if not isinstance(kind, str):
            continue
        _refuse_unwanted(node, kind)
        if kind == "BASE_TABLE":
            names.add(_table_name(node))
    if len(names) > MOST_TABLES:
        raise StatementError(f"more than {MOST_TABLES} tables are named")
    return frozenset(names)


def _nodes(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every object in a tree, at any depth."""
    waiting: list[Any] = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _refuse_unwanted(node: dict[str, Any], kind: str) -> None:
    if kind.endswith("_NODE") and kind not in _QUERIES:
        raise StatementError("only queries are answered: nothing can be changed, written or set")
    if (
        kind == "TABLE_FUNCTION"
        and _function_name(node.get("function", {})) not in _TABLE_FUNCTIONS
    ):
        raise StatementError(
            f"of table functions only {', '.join(sorted(_TABLE_FUNCTIONS))} can be used"
        )
    if kind == "SHOW_REF" and (node.get("show_type") not in _SHOWN or node.get("query") is None):
        raise StatementError("only a dataset or a query can be described")
    if node.get("class") == "FUNCTION" and _function_name(node) in _CLOSED_FUNCTIONS:
        raise StatementError(f"the function {_function_name(node)} is closed")


def _function_name(node: dict[str, Any]) -> str:
    return str(node.get("function_name", "")).casefold()


def _table_name(node: dict[str, Any]) -> str:
    path = node.get("qualified_name", {}).get("path", [node.get("table_name")])
    if (
        len(path) != 1
        or node.get("schema_name")
        or node.get("catalog_name")
        or node.get("at_clause")
    ):
        raise StatementError("tables are datasets, by their name alone")
    return str(path[0])

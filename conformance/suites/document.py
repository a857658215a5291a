"""Strict YAML with positions: text in, a tree of nodes out, or every problem.

Each problem has its line and column.

The language is YAML 1.2 core, one document a file.  Tags, anchors, aliases, merge keys, duplicate
keys and keys that are no strings are refused; `no`, `010`, `12:30` and dates stay strings.  Sizes
and depth are bounded while reading, so that no file can exhaust the harness.
"""

from pathlib import Path

from conformance.errors import BadFileError, NameNotUtf8Error, Place, Problem, hint_for
from conformance.safe_text import is_no_utf8, visible
from conformance.suites.nodes import MAX_FILE_BYTES, Node
from conformance.suites.read_files import note


def read_document(file: Path, shown_as: str | None = None) -> Node:
    """Read one YAML file; raise BadFileError with every problem that has a place."""
    name = shown_as or str(file)
    return parse_document(source_bytes(file, name), name)


def source_bytes(file: Path, name: str) -> bytes:
    """Return the bytes of a file, or the first of them if the file is too large to be parsed.

    Raises BadFileError, and NameNotUtf8Error.
    """
    if is_no_utf8(str(file)):
        raise NameNotUtf8Error(visible(str(file)))
    try:
        note(file)
        with file.open("rb") as opened:
            return opened.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        problem = Problem(Place(name), f"cannot be read: {error.strerror}")
        raise BadFileError([problem], hint=hint_for(error)) from error


def parse_document(raw: bytes, name: str) -> Node:
    """Parse YAML bytes; raise BadFileError with all problems, shown under `name`."""
    from conformance.suites.yaml_nodes import nodes_of  # noqa: PLC0415 - not loaded where all files are kept as read

    return nodes_of(raw, name)

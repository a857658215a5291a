"""The grammar of `schema:`: a file with a JSON Schema (2020-12).

Files that it refers to are included.

A schema is part of its suite: it is read completely with the suite.  No reference leads to the
network or out of the repository.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from conformance.errors import Problem
from conformance.model.expectation import JsonSchema
from conformance.suites.expect_fields import pattern_problem
from conformance.suites.fields import Text
from conformance.suites.nodes import Node, shown, text
from conformance.suites.sent_files import Files, UnusableFileError

SCHEMA_FILE = Text(pattern=r"[^\0]+", meaning="a path from the folder of this suite")


def schema_problems(node: Node | None, files: Files) -> Iterator[Problem]:
    """Yield a problem if a schema cannot be used.

    The reason is a file, its content, or a reference without a target.
    """
    if node is None:
        return
    try:
        schema_of(node, files)
    except UnusableFileError as error:
        yield Problem(node.place, str(error))


def schema_of(node: Node, files: Files) -> JsonSchema:
    """Return a schema with all files that it refers to; raise UnusableFileError."""
    first = files.path(text(node))
    documents: dict[str, str] = {}
    pending = [first]
    while pending:
        file = pending.pop()
        name = files.name(file)
        if name in documents:
            continue
        documents[name], document = _document(name, file, files)
        others = filter(None, (urldefrag(reference).url for reference in _words(document, "$ref")))
        pending.extend(
            files.path(os.path.relpath(file.parent / other, files.folder)) for other in others
        )
    schema = JsonSchema(name=files.name(first), documents=tuple(sorted(documents.items())))
    _follow_references(schema)
    return schema


def _document(name: str, file: Path, files: Files) -> tuple[str, Any]:
    """Return a schema's text and its parsed document.

    Raises UnusableFileError if the file is no valid schema.
    """
    import jsonschema  # noqa: PLC0415 - slow to load, and only where a suite has a schema

    raw = files.read(os.path.relpath(file, files.folder))
    try:
        written = raw.decode()
        document = json.loads(written)
        jsonschema.Draft202012Validator.check_schema(document)
    except jsonschema.SchemaError as error:
        raise UnusableFileError(
            f"{shown(name)} is no JSON Schema: {error.message} at {error.json_path}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise UnusableFileError(f"{shown(name)} is no JSON: {error}") from None
    if next(_words(document, "$id"), None) is not None:
        raise UnusableFileError(
            f"{shown(name)} has an $id; schemas refer to each other by the names of their files"
        )
    for pattern in _words(document, "pattern"):
        if (wrong := pattern_problem(pattern)) is not None:
            raise UnusableFileError(f"{shown(name)}: {shown(pattern)} is {wrong}")
    return written, document


def _words(document: Any, member: str) -> Iterator[str]:
    """Yield the strings that are the value of a member with this name, at any depth."""
    pending = [document]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if isinstance(node.get(member), str):
                yield node[member]
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)


def _follow_references(schema: JsonSchema) -> None:
    """Raise UnusableFileError for a reference without a target."""
    from referencing import Registry, exceptions  # noqa: PLC0415 - as above
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415 - as above

    documents = {name: json.loads(written) for name, written in schema.documents}
    resources = [
        (name, DRAFT202012.create_resource(document)) for name, document in documents.items()
    ]
    registry: Any = Registry().with_resources(resources)
    for name, document in documents.items():
        for reference in _words(document, "$ref"):
            try:
                registry.resolver(name).lookup(reference)
            except exceptions.Unresolvable:
                raise UnusableFileError(
                    f"{shown(name)} refers to {shown(reference)}, which is not there"
                ) from None

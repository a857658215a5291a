"""OpenAPI documents (2 and 3): the operations of a service.

Documents are written by others, so members of an unexpected form are ignored.
"""

import codecs
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from conformance.errors import BadFileError, Place, Problem
from conformance.model.api_document import ApiDocument
from conformance.suites.fields import Text
from conformance.suites.nodes import Node, text
from conformance.suites.sent_files import Files, UnusableFileError

OPENAPI_FILE = Text(pattern=r"[^\0]+", meaning="a path from the folder of this suite")
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def openapi_problems(node: Node | None, files: Files) -> Iterator[Problem]:
    """Yield the reasons why the document that a suite names cannot be used."""
    if node is None:
        return
    try:
        api_document_of(node, files)
    except UnusableFileError as error:
        yield Problem(node.place, str(error))
    except BadFileError as error:
        # The problem has the place in the suite, which its author can change
        for problem in error.problems:
            yield Problem(node.place, str(problem))


def api_document_of(node: Node, files: Files) -> ApiDocument:
    """Return the operations of the document that a suite names.

    Raises UnusableFileError and BadFileError.
    """
    name = files.name(files.path(text(node)))
    return _api_document(files.read(text(node)), name)


@lru_cache(maxsize=1)
def _api_document(raw: bytes, name: str) -> ApiDocument:
    """Return the operations of a document, from a cache.

    Several suites may name the same large document, and each reads it twice.
    """
    document = read_openapi(raw, name)
    return ApiDocument(name=name, base=base_path(document), operations=tuple(_operations(document)))


def _operations(document: dict[str, Any]) -> Iterator[str]:
    for path, item in object_of(document, "paths").items():
        methods = resolved(document, item) or {}
        for method in _METHODS:
            if isinstance(methods.get(method), dict):
                yield f"{method.upper()} {path}"


def read_openapi(raw: bytes, name: str) -> dict[str, Any]:
    """Read a document in JSON or YAML; raises BadFileError for anything else."""
    # Some editors on Windows write a byte order mark first
    bare = raw.removeprefix(codecs.BOM_UTF8)
    try:
        document = _read(bare, name)
    except (ValueError, RecursionError) as error:
        raise BadFileError([Problem(Place(name), f"no OpenAPI document: {error}")]) from error
    if not isinstance(document, dict) or not _is_openapi(document):
        what = "no OpenAPI document: wanted `openapi` or `swagger`, and `paths`"
        raise BadFileError([Problem(Place(name), what)])
    return document


def _read(bare: bytes, name: str) -> Any:
    if bare.lstrip()[:1] == b"{":
        return json.loads(bare)
    from conformance.suites.foreign_yaml import read_foreign_yaml  # noqa: PLC0415 - not for JSON

    return read_foreign_yaml(bare, name)


def _is_openapi(document: dict[str, Any]) -> bool:
    has_version = not document.keys().isdisjoint(("openapi", "swagger"))
    has_paths = bool(object_of(document, "paths"))
    return has_version and has_paths


def resolved(document: dict[str, Any], written: Any) -> dict[str, Any] | None:
    """Return an object, or the object that its reference names; None if there is none."""
    if not isinstance(written, dict):
        return None
    if "$ref" not in written:
        return written
    node: Any = document
    for word in str(written["$ref"]).removeprefix("#/").split("/"):
        name = word.replace("~1", "/").replace("~0", "~")  # RFC 6901, 4
        node = node.get(name) if isinstance(node, dict) else None
    # A chain of references might never end
    if not isinstance(node, dict) or "$ref" in node:
        return None
    return node


def base_path(document: dict[str, Any]) -> str:
    """Return the path of the first server of a document; empty if it has none."""
    url = _first_url(document)
    if url is None:
        # The form of Swagger 2
        url = document.get("basePath")
    if not isinstance(url, str):
        return ""
    try:
        return base_path_of(url)
    except ValueError:
        return ""


def _first_url(document: dict[str, Any]) -> str | None:
    """Return the URL of the first server, or None."""
    servers = document.get("servers")
    if not isinstance(servers, list):
        return None
    for server in servers[:1]:
        url = server.get("url") if isinstance(server, dict) else None
        if isinstance(url, str):
            return url
    return None


def base_path_of(url: str) -> str:
    """Return the path of a URL without a slash at its end."""
    path = urlsplit(url).path.rstrip("/")
    if not path.startswith("/"):
        return ""
    return path


def object_of(holder: Any, name: str) -> dict[str, Any]:
    """Return the member of an object with this name, if it is an object; else an empty object."""
    if not isinstance(holder, dict):
        return {}
    member = holder.get(name)
    if not isinstance(member, dict):
        return {}
    return member

"""OpenAPI documents (2 and 3) into the requests that anybody may send: GET operations that need no parameter.

A document comes from a service that nobody here wrote: whatever has not the form that is looked for is passed over.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from conformance.errors import BadFileError, Place, Problem
from conformance.suites.document import parse_document
from conformance.suites.importers.imported import ImportedRequest
from conformance.suites.json_text import json_text
from conformance.suites.request_fields import TARGET

MAX_OPERATIONS: Final = 50


def read_openapi(raw: bytes, name: str) -> dict[str, Any]:
    """Read a document in JSON or YAML; raises BadFileError for anything else."""
    try:
        text = raw if raw.lstrip()[:1] == b"{" else json_text(parse_document(raw, name))
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFileError([Problem(Place(name), f"no OpenAPI document: {error}")]) from error
    if isinstance(document, dict) and {"openapi", "swagger"} & document.keys() and _object(document, "paths"):
        return document
    raise BadFileError([Problem(Place(name), "no OpenAPI document: wanted `openapi` or `swagger`, and `paths`")])


def plain_gets(document: dict[str, Any], origin: str, base_paths: frozenset[str]) -> tuple[ImportedRequest, ...]:
    """Return the GET operations without required parameters, the first of them where there are very many.

    The path of the document's server goes before theirs, unless the runtimes have it in their URLs already.
    """
    base = _base_path(document)
    prefix = "" if base in base_paths else base
    found = (f"{prefix}{path}" for path in _paths(document) if re.fullmatch(r"/[^{}]*", path))
    return tuple(
        ImportedRequest(origin=origin, host="", method="GET", target=target)
        for target in found
        if re.fullmatch(TARGET.pattern or "", target)
    )[:MAX_OPERATIONS]


def _paths(document: dict[str, Any]) -> Iterator[str]:
    for path, item in _object(document, "paths").items():
        operation = item.get("get") if isinstance(item, dict) else None
        if (
            isinstance(operation, dict)
            and not _needs_parameters(document, item, operation)
            and not _is_endless(operation)
        ):
            yield path


def _needs_parameters(document: dict[str, Any], *holders: dict[str, Any]) -> bool:
    """Tell whether a parameter is required; one that cannot be looked up is taken to be."""
    for holder in holders:
        parameters = holder.get("parameters", [])
        if not isinstance(parameters, list):
            return True
        for parameter in parameters:
            known = _resolved(document, parameter)
            if known is None or known.get("required", False) is not False:
                return True
    return False


def _resolved(document: dict[str, Any], parameter: Any) -> dict[str, Any] | None:
    """Return a parameter, or what its reference within the document names."""
    if not isinstance(parameter, dict):
        return None
    if "$ref" not in parameter:
        return parameter
    node: Any = document
    for word in str(parameter["$ref"]).removeprefix("#/").split("/"):
        node = node.get(word.replace("~1", "/").replace("~0", "~")) if isinstance(node, dict) else None
    return node if isinstance(node, dict) and "$ref" not in node else None


def _is_endless(operation: dict[str, Any]) -> bool:
    """Tell whether an operation answers with a stream of events, which has no end to compare."""
    responses = _object(operation, "responses").values()
    return any("text/event-stream" in _object(response, "content") for response in responses)


def _base_path(document: dict[str, Any]) -> str:
    servers = document.get("servers")
    url = servers[0].get("url") if isinstance(servers, list) and servers and isinstance(servers[0], dict) else None
    written = url if isinstance(url, str) else document.get("basePath")
    try:
        return base_path_of(written) if isinstance(written, str) else ""
    except ValueError:
        return ""


def base_path_of(url: str) -> str:
    """Return the path of a URL without the slash at its end."""
    path = urlsplit(url).path.rstrip("/")
    return path if path.startswith("/") else ""


def _object(holder: Any, name: str) -> dict[str, Any]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, dict) else {}

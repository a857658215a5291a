"""OpenAPI documents (2 and 3) into the requests that anybody may send: GET operations that need no parameter.

A document comes from a service that nobody here wrote: whatever has not the form that is looked for is passed over.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from conformance.suites.importers.imported import ImportedRequest
from conformance.suites.openapi_document import base_path, object_of, resolved
from conformance.suites.request_fields import TARGET

MAX_OPERATIONS: Final = 50


def plain_gets(document: dict[str, Any], origin: str, base_paths: frozenset[str]) -> tuple[ImportedRequest, ...]:
    """Return the GET operations without required parameters, the first of them where there are very many.

    The path of the document's server goes before theirs, unless the runtimes have it in their URLs already.
    """
    base = base_path(document)
    prefix = "" if base in base_paths else base
    found = (f"{prefix}{path}" for path in _paths(document) if re.fullmatch(r"/[^{}]*", path))
    return tuple(
        ImportedRequest(origin=origin, host="", method="GET", target=target)
        for target in found
        if re.fullmatch(TARGET.pattern or "", target)
    )[:MAX_OPERATIONS]


def _paths(document: dict[str, Any]) -> Iterator[str]:
    for path, item in object_of(document, "paths").items():
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
            known = resolved(document, parameter)
            if known is None or known.get("required", False) is not False:
                return True
    return False


def _is_endless(operation: dict[str, Any]) -> bool:
    """Tell whether an operation answers with a stream of events, which has no end to compare."""
    responses = object_of(operation, "responses").values()
    return any("text/event-stream" in object_of(response, "content") for response in responses)

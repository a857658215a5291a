"""The operations of a service, according to an OpenAPI document.

It finds the operation to which a request belongs.
"""

import functools
import re
from urllib.parse import unquote

from msgspec import Struct

from conformance.model.request import Request


class ApiDocument(Struct, frozen=True, kw_only=True):
    """The operations of a document, and the suites that name it.

    Each operation is written `METHOD /path/{parameter}`.

    `base` is the path of the document's server.  It is part of the request's path, or of the
    runtime's URL.
    """

    name: str
    base: str
    operations: tuple[str, ...]
    suites: tuple[str, ...] = ()

    def operation_of(self, request: Request) -> str | None:
        """Return the operation to which a request belongs, or None.

        An operation without parameters in its path is preferred.
        """
        path = request.target.partition("?")[0]
        # A path of the document may be written with the base path or without it
        within = path.removeprefix(self.base) if path.startswith(f"{self.base}/") else path
        for candidate in dict.fromkeys((path, within)):
            segments = tuple(map(unquote, candidate.split("/")))
            for operation, method, patterns in _patterns(self.operations):
                if method == request.method and _fits(patterns, segments):
                    return operation
        return None


def _fits(patterns: tuple[re.Pattern[str], ...], segments: tuple[str, ...]) -> bool:
    if len(patterns) != len(segments):
        return False
    return all(map(re.Pattern.fullmatch, patterns, segments))


@functools.lru_cache(16)
def _patterns(
    operations: tuple[str, ...],
) -> tuple[tuple[str, str, tuple[re.Pattern[str], ...]], ...]:
    """Return each operation with its method and a pattern for each path segment.

    The operations with the fewest parameters come first.
    """
    patterns = []
    for operation in sorted(operations, key=lambda each: (each.count("{"), each)):
        method, _, path = operation.partition(" ")
        patterns.append((operation, method, tuple(map(_pattern, path.split("/")))))
    return tuple(patterns)


def _pattern(segment: str) -> re.Pattern[str]:
    """Return the pattern of a path segment; each `{parameter}` in it matches any text."""
    literal = re.split(r"\{[^{}]*\}", segment)
    return re.compile("(?s:.+)".join(map(re.escape, literal)))

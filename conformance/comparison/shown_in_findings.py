"""What a finding shows: its place as a path, and what the runtimes sent there."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from conformance.comparison.values.lossless_json import (
    NoJsonError,
    parse,
)
from conformance.model.finding import Finding
from conformance.model.json_path import JsonPath, parse_path

KIND: Final = "kind"


def path_of(place: str) -> JsonPath | None:
    """Return a place in a body as a path; None for a part of an answer."""
    try:
        return parse_path(place)
    except ValueError:
        return None


def sent_in(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield each runtime with what it sent, for each distinct combination."""
    return chain.from_iterable(finding.sent)


def plain_text(shown: str) -> str:
    """Return what was sent as a text: a string in JSON as the text that it is."""
    try:
        value = parse(shown.encode()).value if shown.startswith('"') else shown
    except NoJsonError:
        return shown
    return value if isinstance(value, str) else shown

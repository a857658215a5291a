"""The grammar of `reset:`, by which a runtime forgets earlier requests.

The ways are a request, a command, or only fresh names.
"""

from pathlib import Path
from typing import Final

from conformance.model.runtime import Reset
from conformance.suites.fields import Choice, Either, Field, FieldTable, ListOf, Text
from conformance.suites.nodes import Node, items, members, text
from conformance.suites.request_fields import REQUEST, request_of
from conformance.suites.sent_files import Files

_WORD: Final = Text(pattern=r"[^\0]*", meaning="text without a NUL character")
_WAYS: Final = FieldTable(
    fields={
        "request": Field(spec=REQUEST, says="the request that makes it forget earlier ones"),
        "command": Field(spec=ListOf(item=_WORD, least=1), says="the argument vector that does so"),
    },
    one_of=("request", "command"),
)
RESET: Final = Field(
    spec=Either(options=(Choice(options=("names",)), _WAYS)),
    says="how `fuzz` makes it forget: a request, a command, or `names`, which only sends fresh "
    "names",
)


def reset_of(node: Node, folder: Path) -> Reset:
    """Return the reset for a checked node; a command runs in the folder of its file."""
    given = members(node)
    if "request" in given:
        request, _ = request_of(given["request"], Files(folder))
        return Reset(request=request)
    return Reset(argv=tuple(map(text, items(given.get("command")))), directory=folder)

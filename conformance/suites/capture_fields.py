"""The grammar of `capture:`, which names values of an answer for the steps after it."""

from collections.abc import Iterator
from typing import Final

from conformance.errors import Problem
from conformance.model.case import Capture, step_name
from conformance.model.json_path import Wildcard, parse_path
from conformance.suites.document import Mapping, Node, members, shown, text
from conformance.suites.expect_fields import pattern_problems
from conformance.suites.fields import Either, Field, Table, Text
from conformance.suites.matrix import NAME
from conformance.suites.request_defaults import FIELD_NAME
from conformance.suites.substitution import literal

PATH = Text(pattern=r"(?s)\$.*", meaning="a path from '$'")
CAPTURE = Table(
    fields={
        "path": Field(spec=PATH, says="a JSON path of names and indexes into the body"),
        "header": Field(spec=Text(pattern=FIELD_NAME, meaning="a header name"), says="a header field"),
        "regex": Field(spec=Text(), says="a pattern (RE2) for the body as text: its first group, or all that it finds"),
        "identity": Field(
            spec=Text(pattern=NAME, meaning="a lower-case word"),
            says="the kind of thing it identifies: each runtime has its own, compared by what they stand for",
        ),
    },
    one_of=("path", "header", "regex"),
)
CAPTURES: Final = Field(
    spec=Table(keyed=(NAME, "names of captures", Either(options=(PATH, CAPTURE)))),
    says="names for values of the answer, each a path or an object; later steps write ${name}",
)


def capture_problems(node: Node | None, captured: dict[str, int], number: int) -> Iterator[Problem]:
    """Yield what is wrong with the captures of a step; `captured` has the steps of all names, and gets these."""
    for name, member in (node.members if isinstance(node, Mapping) else {}).items():
        if name in captured:
            yield Problem(member.key_place, f"{name!r} is already captured by {step_name(captured[name])}")
        captured.setdefault(name, number)
        path = members(member.node).get("path", member.node if text(member.node) else None)
        yield from _path_problems(path) if path is not None and "regex" not in members(member.node) else ()
        yield from pattern_problems(members(member.node).get("regex"))


def _path_problems(node: Node) -> Iterator[Problem]:
    try:
        path = parse_path(text(node))
    except ValueError as error:
        yield Problem(node.place, str(error))
    else:
        if any(isinstance(segment, Wildcard) for segment in path):
            yield Problem(node.place, f"{shown(text(node))} may mean several values; a capture takes one, as [0] does")


def captures_of(node: Node | None) -> tuple[Capture, ...]:
    """Return the checked captures of a step."""
    return tuple(_capture(name, value) for name, value in members(node).items())


def _capture(name: str, node: Node) -> Capture:
    given = members(node)
    path = text(given["path"]) if "path" in given else text(node)
    return Capture(
        name=name,
        path=parse_path(path) if path else None,
        header=text(given["header"]) if "header" in given else None,
        regex=literal(text(given["regex"])) if "regex" in given else None,
        identity=text(given["identity"]) if "identity" in given else None,
    )

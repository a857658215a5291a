"""The grammar of `capture:`, which names values of an answer for later steps."""

from collections.abc import Collection, Iterator
from typing import Final

from conformance.errors import Problem
from conformance.model.capture import Capture
from conformance.model.case import step_name
from conformance.model.json_path import JsonPath, Wildcard, parse_path
from conformance.model.template import BASE_URL, HOST
from conformance.suites.expect_fields import pattern_problems
from conformance.suites.fields import Choice, Either, Field, FieldTable, Text
from conformance.suites.matrix import NAME
from conformance.suites.nodes import Mapping, Node, if_given, members, shown, text
from conformance.suites.request_defaults import FIELD_NAME
from conformance.suites.substitution import literal

RESERVED: Final = frozenset({BASE_URL, HOST, "now", "uuid", "random"})
"""The names to which the harness itself gives values."""
PATH = Text(pattern=r"(?s)\$.*", meaning="a path from '$'")
CAPTURE = FieldTable(
    fields={
        "path": Field(spec=PATH, says="a path of names and indexes into the body, of any kind"),
        "header": Field(
            spec=Text(pattern=FIELD_NAME, meaning="a header name"), says="a header field"
        ),
        "cookie": Field(
            spec=Text(pattern=FIELD_NAME, meaning="the name of a cookie"),
            says="a cookie that is set",
        ),
        "regex": Field(
            spec=Text(),
            says="a pattern (RE2) for it, or for the body as text: its first group, or all that "
            "it finds",
        ),
        "token": Field(
            spec=PATH,
            says="a path into the claims of the token there, or of the only one in the body",
        ),
        "as": Field(
            spec=Choice(options=("url",)), says="it is resolved against the URL of the request"
        ),
        "identity": Field(
            spec=Text(pattern=NAME, meaning="a lower-case word"),
            says="the kind of thing it identifies: each runtime has its own, compared by what "
            "they stand for",
        ),
    },
    at_most_one_of=("path", "header", "cookie"),
)
_SOURCES: Final = ("path", "header", "cookie", "regex", "token")
CAPTURES: Final = Field(
    spec=FieldTable(keyed=(NAME, "names of captures", Either(options=(PATH, CAPTURE)))),
    says="names for values of the answer, each a path or an object; later steps write ${name}",
)


def capture_problems(
    node: Node | None, captured: dict[str, int], number: int, others: Collection[str] = ()
) -> Iterator[Problem]:
    """Yield the problems of the captures of a step.

    `captured` maps each captured name to its step number; the names of this step are added.
    `others` are names of `vars`.
    """
    given = node.members if isinstance(node, Mapping) else {}
    for name, member in given.items():
        if name in captured:
            what = f"{name!r} is already captured by {step_name(captured[name])}"
            yield Problem(member.key_place, what)
        captured.setdefault(name, number)
        if name in others:
            what = f"{name!r} already stands for a value of `vars`"
            yield Problem(member.key_place, what)
        if name in RESERVED:
            what = f"{name!r} is a name of the harness; choose another"
            yield Problem(member.key_place, what)
        yield from source_problems(member.node)


def source_problems(node: Node) -> Iterator[Problem]:
    """Yield the problems of the source of a capture, which is a path alone or an object."""
    given = members(node)
    has_no_source = given.keys().isdisjoint(_SOURCES)
    if isinstance(node, Mapping) and has_no_source:
        got = ", ".join(given) or "none"
        yield Problem(node.place, f"wanted at least one of {', '.join(_SOURCES)}; got {got}")
    # A text alone is a path
    path = node if text(node) else given.get("path")
    for each in (path, given.get("token")):
        if each is not None:
            yield from _path_problems(each)
    yield from pattern_problems(given.get("regex"))


def _path_problems(node: Node) -> Iterator[Problem]:
    try:
        path = parse_path(text(node))
    except ValueError as error:
        yield Problem(node.place, str(error))
        return
    has_wildcard = any(isinstance(segment, Wildcard) for segment in path)
    if has_wildcard:
        what = f"{shown(text(node))} may mean several values; a capture takes one, as [0] does"
        yield Problem(node.place, what)


def captures_of(node: Node | None) -> tuple[Capture, ...]:
    """Return the checked captures of a step."""
    return tuple(capture_of(name, value) for name, value in members(node).items())


def capture_of(name: str, node: Node) -> Capture:
    """Return a checked capture with its name."""
    given = members(node)
    # A text alone is a path
    path = text(given.get("path", node))
    return Capture(
        name=name,
        path=parse_path(path) if path else None,
        header=if_given(given, "header", text),
        cookie=if_given(given, "cookie", text),
        regex=if_given(given, "regex", _literal),
        token=if_given(given, "token", _path),
        as_url="as" in given,
        identity=if_given(given, "identity", text),
    )


def _literal(node: Node) -> str:
    return literal(text(node))


def _path(node: Node) -> JsonPath:
    return parse_path(text(node))

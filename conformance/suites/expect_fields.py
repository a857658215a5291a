"""The grammar of `expect:`: literal JSON with matchers in it.

A matcher is an object with one key, which begins with `$`.
"""

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from decimal import Decimal
from typing import Final

from conformance.errors import Problem
from conformance.model.expectation import (
    AnyOf,
    Elements,
    Expectation,
    Has,
    Length,
    Literal,
    Matcher,
    Members,
    Named,
    Not,
    OfKind,
    Pattern,
    Range,
)
from conformance.model.rule import RuleKind
from conformance.suites.field_check import is_special
from conformance.suites.fields import (
    Choice,
    Either,
    Field,
    FieldTable,
    JsonWith,
    ListOf,
    Null,
    Number,
    OneOrMany,
    Text,
    Whole,
)
from conformance.suites.json_text import json_text
from conformance.suites.nodes import (
    Mapping,
    Node,
    Sequence,
    if_given,
    items,
    kind_of,
    members,
    one_or_many,
    shown,
    text,
)
from conformance.suites.request_defaults import FIELD_NAME
from conformance.suites.substitution import literal, references_below, sole_reference

NOTE_PATTERN: Final = r"[a-z][a-z0-9^:._-]*"
# People cannot read a longer pattern
MAX_PATTERN_CHARACTERS: Final = 1_000
# An exponent of six digits: a number with so many digits is never an answer, and slow to compare
_HUGE_EXPONENT: Final = re.compile(r"[eE][-+]?[0-9]{6,}")

STATUS_CODE = Whole(least=100, most=999)
STATUS = Either(
    options=(
        STATUS_CODE,
        Text(pattern=r"[1-5]xx", meaning="a status such as 404, or a class such as 4xx"),
    )
)
EXIT_CODE = Whole(least=0, most=255)
SIZE = Whole(least=0, most=1_000_000_000)
MATCHING = JsonWith(special=lambda: MATCHER)
MATCHER: FieldTable = FieldTable(
    fields={
        "$is": Field(
            spec=Choice(options=tuple(kind.value for kind in RuleKind)), says="a value of this kind"
        ),
        "$re": Field(
            spec=Text(), says="a string in which this pattern (RE2) is found; ^ and $ anchor it"
        ),
        "$any": Field(spec=ListOf(item=MATCHING, least=1), says="what any of these accepts"),
        "$not": Field(spec=MATCHING, says="what this does not accept"),
        "$has": Field(spec=MATCHING, says="an array with at least one element that this accepts"),
        "$len": Field(
            spec=Either(
                options=(SIZE, ListOf(item=Either(options=(SIZE, Null())), least=2, most=2))
            ),
            says="a string, array or object of this length, or between two lengths; null is no "
            "bound",
        ),
        "$range": Field(
            spec=ListOf(item=Either(options=(Number(), Null())), least=2, most=2),
            says="a number between these two, both included; null is no bound",
        ),
        "$open": Field(
            spec=FieldTable(keyed=(r"(?s).*", "member names", MATCHING)),
            says="an object with at least these members",
        ),
    },
    one_of=("$is", "$re", "$any", "$not", "$has", "$len", "$range", "$open"),
)
EXPECT = FieldTable(
    fields={
        "use": Field(
            spec=Text(),
            says="the name of an expectation of `expectations`; fields next to it override its own",
        ),
        "status": Field(
            spec=OneOrMany(item=STATUS),
            says="the status, a class such as 2xx, or a list of those allowed",
        ),
        "exit": Field(
            spec=OneOrMany(item=EXIT_CODE),
            says="of a `run`, the exit code, or a list of those allowed",
        ),
        "headers": Field(
            spec=FieldTable(keyed=(FIELD_NAME, "header names", MATCHING)),
            says="header fields, repeated ones joined with ', '; null where a field must be absent",
        ),
        "json": Field(
            spec=MATCHING,
            says="the body as a value, whatever its kind: literal, except for matchers",
        ),
        "body": Field(spec=MATCHING, says="the body as text"),
        "notes": Field(
            spec=ListOf(item=Text(pattern=NOTE_PATTERN, meaning="the name of a note")),
            says="all notes of the answer, no more and no fewer; [] for none",
        ),
    },
    at_most_one_of=("status", "exit"),
)


def expectation_problems(
    node: Node | None, known: Callable[[str], str | None]
) -> Iterator[Problem]:
    """Yield the problems of expectations that the table cannot express.

    They are names within longer text, and patterns and bounds that cannot be used.
    """
    given = members(node)
    # A header field may have the name of a matcher: `$len` is a valid name
    fields = members(given.get("headers")).values()
    for expected in (*fields, given.get("json"), given.get("body")):
        if expected is None:
            continue
        for place, reference in references_below(expected):
            wrong = known(reference)
            if wrong is not None:
                yield Problem(place, wrong)
        yield from _matcher_problems(expected)


def _matcher_problems(node: Node) -> Iterator[Problem]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _matcher_problems(item)
    elif isinstance(node, Mapping):
        yield from _member_problems(node)
    elif any(references_below(node)) and sole_reference(node.text) is None:
        what = f"in an expectation a name stands alone, not within {shown(node.text)}"
        yield Problem(node.place, what)


def _member_problems(node: Mapping) -> Iterator[Problem]:
    for name, member in node.members.items():
        # Names are filled in for each request, but an expectation is fixed before
        without_escaped = name.replace("$${", "")
        if "${" in without_escaped:
            what = "a member's name in an expectation is literal; write $${ for ${"
            yield Problem(member.key_place, what)
        problems_of = _MEMBER_PROBLEMS.get(name, _matcher_problems)
        yield from problems_of(member.node)


def pattern_problems(node: Node | None) -> Iterator[Problem]:
    """Yield a problem if a pattern cannot be used."""
    if node is None:
        return
    wrong = pattern_problem(literal(text(node)))
    if wrong is not None:
        yield Problem(node.place, wrong)


def pattern_problem(pattern: str) -> str | None:
    """Return why a pattern cannot be used, or None."""
    import re2  # noqa: PLC0415 - a native library, loaded only where a suite has patterns

    if len(pattern) > MAX_PATTERN_CHARACTERS:
        return f"a pattern of more than {MAX_PATTERN_CHARACTERS} characters"
    options = re2.Options()
    # It would write to the standard error; the problem says the same
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except UnicodeEncodeError:
        why = "no valid Unicode"
    except re2.error as error:
        why = error.args[0].decode("utf-8", "replace")
    else:
        return None
    return f"no pattern that RE2 can run: {shown(why)}"


def _bound_problems(node: Node) -> Iterator[Problem]:
    written = items(node)
    # A single length is both bounds
    if not written:
        return
    for bound in written:
        if _HUGE_EXPONENT.search(text(bound)):
            yield Problem(bound.place, f"{shown(text(bound))} is out of range")
            return
    bounds = [bound for bound in map(_bound, written) if bound is not None]
    if not bounds:
        yield Problem(node.place, "wanted at least one bound")
    elif bounds[0] > bounds[-1]:
        least, most = bounds
        yield Problem(node.place, f"wanted the smaller bound first, got {least} and {most}")


_MEMBER_PROBLEMS: Final[dict[str, Callable[[Node], Iterator[Problem]]]] = {
    "$re": pattern_problems,
    "$len": _bound_problems,
    "$range": _bound_problems,
}
"""Matchers with other content than JSON with matchers."""


def expectation_of(node: Node | None) -> Expectation:
    """Return the expectation for a checked node."""
    given = members(node)
    headers = members(given.get("headers"))
    return Expectation(
        statuses=tuple(map(_status, _statuses(given))),
        headers=tuple((name, matcher_of(value)) for name, value in headers.items()),
        json=if_given(given, "json", matcher_of),
        body=if_given(given, "body", matcher_of),
        notes=if_given(given, "notes", _notes),
    )


def _notes(node: Node) -> tuple[str, ...]:
    return tuple(sorted(map(text, items(node))))


def _statuses(given: MappingOf[str, Node]) -> tuple[Node, ...]:
    """Return the allowed statuses, or exit codes of a `run`, as nodes."""
    status = given.get("status") or given.get("exit")
    if status is None:
        return ()
    return one_or_many(status)


def _status(node: Node) -> str:
    written = text(node)
    if written.endswith("xx"):
        return written
    # A number may have a sign: `+404` is 404
    return str(int(written))


def matcher_of(node: Node) -> Matcher:
    """Return the matcher for a node; a node without matchers is a literal value."""
    if isinstance(node, Sequence):
        return Elements(tuple(map(matcher_of, node.items)))
    if isinstance(node, Mapping):
        # `$$ref` is the literal member `$ref`, and no matcher
        special = next(filter(is_special, node.members), None)
        if special is None:
            return _members(node)
        return _special(special, node.members[special].node)
    name = sole_reference(node.text) if node.kind == "string" else None
    if name is not None:
        return Named(name)
    return Literal(json_text(node))


def _members(node: Node, *, at_least: bool = False) -> Members:
    matchers = ((_literal_name(name), matcher_of(value)) for name, value in members(node).items())
    return Members(tuple(matchers), at_least)


def _literal_name(name: str) -> str:
    """Return a member's name without its escape.

    `$$ref` is the member `$ref`, and `$${` has the same meaning as everywhere.
    """
    if name.startswith("$$"):
        return name[1:]
    return literal(name)


_AROUND_ONE: Final[dict[str, Callable[[Matcher], Matcher]]] = {"$not": Not, "$has": Has}


def _special(name: str, node: Node) -> Matcher:
    match name:
        case "$is":
            return OfKind(text(node))
        case "$re":
            return Pattern(literal(text(node)))
        case "$any":
            return AnyOf(tuple(map(matcher_of, items(node))))
        case "$open":
            return _members(node, at_least=True)
        case "$not" | "$has":
            return _AROUND_ONE[name](matcher_of(node))
    return _bounded(name, node)


def _bounded(name: str, node: Node) -> Matcher:
    bounds = tuple(map(_bound, items(node) or (node, node)))
    if name == "$range":
        return Range(*bounds)
    least, most = (None if bound is None else int(bound) for bound in bounds)
    return Length(least, most)


def _bound(node: Node) -> Decimal | None:
    if kind_of(node) == "null":
        return None
    return Decimal(text(node))

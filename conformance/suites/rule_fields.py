"""The grammar of `rules:`, and the rules that its entries are.

A rule is about a path (`is`, `numbers`, `approx`, `key`, `as`) or about a note, and says why.
"""

from collections.abc import Iterator

from conformance.errors import Problem
from conformance.model.case import AlignRule, MapRule, NoteRule, NumberRule, Rule, RuleKind, ValueRule
from conformance.model.json_path import parse_path
from conformance.suites.document import Node, items, members, text
from conformance.suites.fields import Amount, Choice, Field, ListOf, OneOrMany, Table, Text

_FORMS = ("is", "numbers", "approx", "key", "as")
RULE = Table(
    fields={
        "path": Field(
            spec=Text(pattern=r"(?s)\$.*", meaning="a path from '$'"), says="a JSON path such as $.items[*].id"
        ),
        "is": Field(spec=Choice(options=tuple(kind.value for kind in RuleKind)), says="what may stand there"),
        "form": Field(
            spec=Choice(options=("any",)), says="any: timestamps may be written in two ways; else all are written alike"
        ),
        "numbers": Field(spec=Choice(options=("value",)), says="numbers are equal by value: 1 is 1.0 and 1e0"),
        "approx": Field(
            spec=Table(
                fields={
                    "relative": Field(spec=Amount(), says="the share of the larger magnitude that may lie between"),
                    "absolute": Field(spec=Amount(), says="what may lie between"),
                }
            ),
            says="numbers are equal within a tolerance",
        ),
        "key": Field(spec=OneOrMany(item=Text()), says="the members by which elements of a list belong together"),
        "as": Field(
            spec=Choice(options=("set", "map")), says="set: a list in any order; map: an object whose names are data"
        ),
        "note": Field(
            spec=Text(pattern=r"[a-z][a-z0-9^:_-]*", meaning="the name of a note"), says="a note that may differ"
        ),
        "why": Field(
            spec=Text(pattern=r"(?s).*\S.*", meaning="a reason"), required=True, says="why this is no difference"
        ),
    },
    one_of=("path", "note"),
    at_most_one_of=("note", *_FORMS),
)
RULES = Field(spec=ListOf(item=RULE), says="what is allowed to differ, each with its reason")


def rules_of(node: Node | None) -> Iterator[Rule]:
    """Yield the rules of a checked list."""
    return map(_rule, items(node))


def rule_problems(node: Node | None) -> Iterator[Problem]:
    """Yield what the table cannot say: a path without a form, an empty tolerance, a path that cannot be used."""
    for rule in items(node):
        given = members(rule)
        if "path" not in given:
            continue
        if not given.keys() & set(_FORMS):
            yield Problem(rule.place, f"what may differ at the path is missing: one of {', '.join(_FORMS)}")
        if "form" in given and ("is" not in given or text(given["is"]) != RuleKind.TIMESTAMP.value):
            yield Problem(given["form"].place, "form goes with `is: timestamp` only")
        if "approx" in given and not members(given["approx"]):
            yield Problem(given["approx"].place, "wanted relative, absolute or both, got neither")
        yield from _path_problems(given["path"])


def _path_problems(node: Node) -> Iterator[Problem]:
    """Yield why a path cannot be used; elements of lists are compared together, so that an index never fires."""
    try:
        path = parse_path(text(node))
    except ValueError as error:
        yield Problem(node.place, str(error))
    else:
        if any(isinstance(segment, int) for segment in path):
            yield Problem(node.place, f"{text(node)}: a rule is about every element of a list; write [*]")


def _rule(node: Node) -> Rule:
    given = members(node)
    why, place = text(given["why"]), node.place
    if "note" in given:
        return NoteRule(note=text(given["note"]), why=why, place=place)
    path = parse_path(text(given["path"]))
    if "is" in given:
        return ValueRule(path=path, accepts=RuleKind(text(given["is"])), any_form="form" in given, why=why, place=place)
    if "key" in given:
        names = tuple(text(item) for item in items(given["key"]) or (given["key"],))
        return AlignRule(path=path, key=names, why=why, place=place)
    if "as" in given:
        if text(given["as"]) == "map":
            return MapRule(path=path, why=why, place=place)
        return AlignRule(path=path, key=(), why=why, place=place)
    approx = members(given["approx"]) if "approx" in given else {}
    tolerance = {name: float(text(approx[name])) if name in approx else 0.0 for name in ("relative", "absolute")}
    return NumberRule(path=path, **tolerance, why=why, place=place)

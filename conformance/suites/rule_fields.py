"""The grammar of `rules:`, and the rules that its entries stand for.

A rule is about a path (`is`, `numbers`, `approx`, `key`, `as`, `order`), about a header field or
one of its cookies (`is`), or about a note, and says why.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from conformance.errors import Place, Problem
from conformance.model.json_path import ANY_DEPTH, JsonPath, parse_path
from conformance.model.rule import (
    AlignRule,
    HeaderRule,
    JoinRule,
    MapRule,
    NoteRule,
    NumberRule,
    OrderRule,
    Rule,
    RuleKind,
    ValueRule,
)
from conformance.suites.fields import Amount, Choice, Field, FieldTable, ListOf, OneOrMany, Text
from conformance.suites.nodes import Node, if_given, items, members, one_or_many, text
from conformance.suites.request_defaults import FIELD_NAME

_FORMS = ("is", "numbers", "approx", "key", "as", "order")
SET_COOKIE: Final = "set-cookie"
_COOKIE_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_AS: Final[Mapping[str, Callable[[JsonPath, str, Place], Rule]]] = {
    "set": lambda path, why, place: AlignRule(path=path, key=(), why=why, place=place),
    "map": lambda path, why, place: MapRule(path=path, why=why, place=place),
    "concatenated": lambda path, why, place: JoinRule(path=path, why=why, place=place),
}
RULE = FieldTable(
    fields={
        "path": Field(
            spec=Text(pattern=r"(?s)\$.*", meaning="a path from '$'"),
            says="a JSON path such as $.items[*].id",
        ),
        "is": Field(
            spec=Choice(options=tuple(kind.value for kind in RuleKind)), says="what may stand there"
        ),
        "form": Field(
            spec=Choice(options=("any",)),
            says="any: timestamps may be written in two ways; else all are written alike",
        ),
        "numbers": Field(
            spec=Choice(options=("value",)), says="numbers are equal by value: 1 is 1.0 and 1e0"
        ),
        "approx": Field(
            spec=FieldTable(
                fields={
                    "relative": Field(
                        spec=Amount(), says="the share of the larger magnitude that may lie between"
                    ),
                    "absolute": Field(spec=Amount(), says="what may lie between"),
                }
            ),
            says="numbers are equal within a tolerance",
        ),
        "key": Field(
            spec=OneOrMany(item=Text()),
            says="the members by which elements of a list belong together",
        ),
        "as": Field(
            spec=Choice(options=("set", "map", "concatenated")),
            says="set: a list in any order; map: an object whose names are data; "
            "concatenated: the pieces of a text in a stream, compared by what they add up to",
        ),
        "order": Field(
            spec=Choice(options=("any",)),
            says="any: the children of an XML or HTML element in any order",
        ),
        "header": Field(
            spec=Text(pattern=FIELD_NAME, meaning="the name of a header field"),
            says="a header field",
        ),
        "cookie": Field(
            spec=Text(pattern=_COOKIE_NAME, meaning="the name of a cookie"),
            says="of the header `set-cookie`, the cookie with this name",
        ),
        "value": Field(
            spec=Choice(options=tuple(kind.value for kind in RuleKind)),
            says="what the cookie's value may be",
        ),
        "note": Field(
            spec=Text(pattern=r"[a-z][a-z0-9^:_-]*", meaning="the name of a note"),
            says="a note that may differ",
        ),
        "why": Field(
            spec=Text(pattern=r"(?s).*\S.*", meaning="a reason"),
            required=True,
            says="why this is no difference",
        ),
    },
    one_of=("path", "header", "note"),
    at_most_one_of=("note", *_FORMS),
    needs={"cookie": "header", "value": "cookie"},
)
RULES = Field(spec=ListOf(item=RULE), says="what is allowed to differ, each with its reason")


def rules_of(node: Node | None) -> Iterator[Rule]:
    """Yield the rules of a checked list."""
    return map(_rule, items(node))


def rule_problems(node: Node | None) -> Iterator[Problem]:
    """Yield the problems of rules that the table cannot express.

    They are a path without a form, an empty tolerance, and a path that cannot be used.
    """
    for rule in items(node):
        given = members(rule)
        yield from _header_problems(rule, given)
        if "path" in given:
            yield from _form_problems(rule, given)
            yield from _path_problems(given["path"])
            yield from _join_problems(given)


def _form_problems(rule: Node, given: dict[str, Node]) -> Iterator[Problem]:
    """Yield the problems of the form of a rule about a path, such as `is` or `approx`."""
    if given.keys().isdisjoint(_FORMS):
        what = f"what may differ at the path is missing: one of {', '.join(_FORMS)}"
        yield Problem(rule.place, what)
    is_timestamp = text(given.get("is")) == RuleKind.TIMESTAMP.value
    if "form" in given and not is_timestamp:
        yield Problem(given["form"].place, "form goes with `is: timestamp` only")
    if "approx" in given and not members(given["approx"]):
        yield Problem(given["approx"].place, "wanted relative, absolute or both, got neither")


def _join_problems(given: dict[str, Node]) -> Iterator[Problem]:
    # The pieces of a text are the elements of a list
    joins = text(given.get("as")) == "concatenated"
    path = given["path"]
    if joins and "[*]" not in text(path):
        what = "as: concatenated is about the elements of a list; write [*] for them"
        yield Problem(path.place, what)


def _header_problems(rule: Node, given: dict[str, Node]) -> Iterator[Problem]:
    """Yield the problems of a rule about a header field."""
    if "header" not in given:
        return
    form = "value" if "cookie" in given else "is"
    if form not in given:
        yield Problem(rule.place, f"what may differ is missing: {form}")
    if "cookie" in given:
        yield from _cookie_problems(given)
    # Forms for values in a body have no meaning for a header field
    for name in filter(given.__contains__, ("form", *_FORMS[1:])):
        yield Problem(given[name].place, f"{name} goes with 'path' only")


def _cookie_problems(given: dict[str, Node]) -> Iterator[Problem]:
    if "is" in given:
        yield Problem(given["is"].place, "a rule about a cookie has 'value' in place of 'is'")
    if text(given["header"]).lower() != SET_COOKIE:
        yield Problem(given["cookie"].place, f"cookie goes with `header: {SET_COOKIE}` only")


def _path_problems(node: Node) -> Iterator[Problem]:
    """Yield the reasons why a path cannot be used.

    Elements of lists are compared together, so a path with an index never applies.
    """
    written = text(node)
    try:
        path = parse_path(written)
    except ValueError as error:
        yield Problem(node.place, str(error))
        return
    has_index = any(isinstance(segment, int) for segment in path)
    if has_index:
        what = f"{written}: a rule is about every element of a list; write [*]"
        yield Problem(node.place, what)
    if ANY_DEPTH in path:
        what = f"{written}: a rule is about one place; `.**` is for ledger rows"
        yield Problem(node.place, what)


def _rule(node: Node) -> Rule:
    given = members(node)
    why, place = text(given["why"]), node.place
    if "note" in given:
        return NoteRule(note=text(given["note"]), why=why, place=place)
    if "header" in given:
        cookie = if_given(given, "cookie", text)
        accepts = RuleKind(text(given["value" if cookie else "is"]))
        return HeaderRule(
            header=text(given["header"]).lower(),
            accepts=accepts,
            cookie=cookie,
            why=why,
            place=place,
        )
    path = parse_path(text(given["path"]))
    if "order" in given:
        return OrderRule(path=path, why=why, place=place)
    if "as" in given:
        return _AS[text(given["as"])](path, why, place)
    return _value_rule(given, path, why, place)


def _value_rule(given: dict[str, Node], path: JsonPath, why: str, place: Place) -> Rule:
    """Return a rule about the values at a path, or about the key of the elements there."""
    if "is" in given:
        return ValueRule(
            path=path,
            accepts=RuleKind(text(given["is"])),
            any_form="form" in given,
            why=why,
            place=place,
        )
    if "key" in given:
        names = one_or_many(given["key"])
        return AlignRule(path=path, key=tuple(map(text, names)), why=why, place=place)
    # Without `approx` it is `numbers: value`: equal by value, without tolerance
    approx = members(given.get("approx"))
    return NumberRule(
        path=path,
        relative=float(text(approx.get("relative")) or 0),
        absolute=float(text(approx.get("absolute")) or 0),
        why=why,
        place=place,
    )

"""The check of a node against the grammar of its file.

All problems are yielded, each at the place of its value.  An unknown field comes with the name that
was probably meant.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from functools import partial
from itertools import chain, filterfalse
from typing import Any, Final

from conformance.errors import Problem
from conformance.suites.fields import (
    Amount,
    AnyValue,
    Choice,
    Either,
    FieldTable,
    Flag,
    JsonWith,
    Leaf,
    ListOf,
    Null,
    Number,
    OneOrMany,
    Spec,
    Text,
    Whole,
)
from conformance.suites.nodes import (
    Mapping,
    Node,
    Sequence,
    describe,
    items,
    kind_of,
    members,
    shown,
    text,
)
from conformance.suites.scope import out_of_scope_url

# 18 digits always fit into 64 bits, and reading longer numbers takes ever more time
_MAX_DIGITS: Final = 18
# One or two wrong letters in a usual name; a lower value suggests unrelated names
_LIKENESS: Final = 0.7
_AMOUNT: Final = re.compile(r"(?=.{1,18}\Z)\+?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?")


def check(spec: Spec, node: Node) -> Iterator[Problem]:
    """Yield a problem for each difference between a node and its spec."""
    return _CHECKS.get(type(spec), _check_leaf)(spec, node)


def _check_nothing(_spec: AnyValue, _node: Node) -> Iterator[Problem]:
    return iter(())


def _check_leaf(spec: Leaf, node: Node) -> Iterator[Problem]:
    wrong = _LEAVES.get(type(spec), _other_kind)(spec, node)
    if wrong is not None:
        yield Problem(node.place, wrong)


def _check_one_or_many(spec: OneOrMany, node: Node) -> Iterator[Problem]:
    if not isinstance(node, Sequence):
        return check(spec.item, node)
    return check(ListOf(item=spec.item, least=1), node)


def _check_either(spec: Either, node: Node) -> Iterator[Problem]:
    """Check a node against the option for its kind; without one, yield what was wanted."""
    # Only the option of the node's kind yields problems
    for option in spec.options:
        if _is_about(option, node):
            yield from check(option, node)
            return
    wanted = " or ".join(map(_meaning, spec.options))
    has_text = Text in map(type, spec.options)
    hint = _quote_hint(node) if has_text else ""
    yield Problem(node.place, f"wanted {wanted}, got {describe(node)}{hint}")


def _quote_hint(node: Node) -> str:
    """Return the hint to quote a scalar that YAML reads as a number or a flag."""
    if kind_of(node) in {"null", "list", "object"}:
        return ""
    return "; quote it"


def _is_about(spec: Spec, node: Node) -> bool:
    """Return whether a node has a kind that a spec accepts; its content is not checked."""
    return kind_of(node) in _KINDS.get(type(spec), ())


_ANY_KIND: Final = {"null", "boolean", "integer", "number", "string", "list", "object"}
_KINDS: Final[MappingOf[type, set[str]]] = {
    Text: {"string"},
    Choice: {"string"},
    Whole: {"integer"},
    Number: {"integer", "number"},
    Null: {"null"},
    Flag: {"boolean"},
    ListOf: {"list"},
    OneOrMany: {"list"},
    FieldTable: {"object"},
    JsonWith: _ANY_KIND,
    AnyValue: _ANY_KIND,
}


def _check_json(spec: JsonWith, node: Node) -> Iterator[Problem]:
    # An object with a matcher name is checked as a matcher
    if any(map(is_special, members(node))):
        yield from check(spec.special(), node)
        return
    for inner in chain(items(node), members(node).values()):
        yield from _check_json(spec, inner)


_WORDS: Final[MappingOf[type, str]] = {
    Whole: "an integer",
    Number: "a number",
    Amount: "a number from 0 on, such as 0.001 or 1e-6",
    Null: "null",
    Flag: "true or false",
    ListOf: "a list",
}
"""The names of specs in messages, if the spec has no text of its own."""


def is_special(name: str) -> bool:
    """Return whether a member's name is that of a matcher; `$$` begins a literal name."""
    return name.startswith("$") and not name.startswith("$$")


def _check_list(spec: ListOf, node: Node) -> Iterator[Problem]:
    if not isinstance(node, Sequence):
        yield Problem(node.place, f"wanted a list, got {describe(node)}")
        return
    count = len(node.items)
    if count < spec.least:
        what = f"wanted at least {spec.least} in this list, got {count}"
        yield Problem(node.place, what)
    if spec.most is not None and count > spec.most:
        what = f"wanted at most {spec.most} in this list, got {count}"
        yield Problem(node.place, what)
    for item in node.items:
        yield from check(spec.item, item)


def _other_kind(spec: Leaf, node: Node) -> str | None:
    """Return the problem of a node whose kind the spec does not accept, or None."""
    if _is_about(spec, node):
        return None
    wants_text = "string" in _KINDS[type(spec)]
    hint = _quote_hint(node) if wants_text else ""
    return f"{_wanted(spec, node)}{hint}"


def _text_problem(spec: Text, node: Node) -> str | None:
    wrong = _other_kind(spec, node)
    if wrong is not None:
        return wrong
    written = text(node)
    if spec.pattern is None or re.fullmatch(spec.pattern, written):
        return None
    wrong = f"wanted {spec.meaning}, got {shown(written)}"
    # A URL of another protocol has a reason of its own
    another = out_of_scope_url(written)
    if not another:
        return wrong
    return f"{wrong}; {another}"


def _wanted(spec: Leaf, node: Node) -> str:
    return f"wanted {_meaning(spec)}, got {describe(node)}"


def _amount_problem(spec: Amount, node: Node) -> str | None:
    """Return why a node is no tolerance (a decimal number, not negative), or None."""
    is_number = kind_of(node) in _KINDS[Number]
    if is_number and _AMOUNT.fullmatch(text(node)):
        return None
    return _wanted(spec, node)


def _choice_problem(spec: Choice, node: Node) -> str | None:
    wrong = _other_kind(spec, node)
    if wrong is not None:
        return wrong
    written = text(node)
    if written in spec.options:
        return None
    meant = suggestion(written, spec.options)
    return f"wanted {_meaning(spec)}, got {shown(written)}{meant}"


def _whole_problem(spec: Whole, node: Node) -> str | None:
    wrong = _other_kind(spec, node)
    if wrong is not None:
        return wrong
    digits = text(node)
    got = digits if len(digits) <= _MAX_DIGITS else f"{digits[:_MAX_DIGITS]}…"
    if got == digits and spec.least <= int(digits) <= spec.most:
        return None
    return f"wanted an integer from {spec.least} to {spec.most}, got {got}"


_LEAVES: Final[MappingOf[type, Callable[[Any, Node], str | None]]] = {
    Text: _text_problem,
    Choice: _choice_problem,
    Whole: _whole_problem,
    Amount: _amount_problem,
}
"""The checks of leaves for which the kind of the node is not enough."""


def _meaning(spec: Spec) -> str:
    if isinstance(spec, Text):
        return spec.meaning
    if isinstance(spec, Choice):
        return "one of " + ", ".join(spec.options)
    if isinstance(spec, FieldTable):
        return f"an object{_shape_of(spec)}"
    return _WORDS.get(type(spec), "a value")


def _check_table(spec: FieldTable, node: Node) -> Iterator[Problem]:
    if not isinstance(node, Mapping):
        yield Problem(node.place, f"wanted an object{_shape_of(spec)}, got {describe(node)}")
        return
    for name, member in node.members.items():
        inner = _spec_of_member(spec, name)
        if inner is None:
            yield Problem(member.key_place, _unknown_field(name, spec))
        else:
            yield from check(inner, member.node)
    for name in filterfalse(node.members.__contains__, spec.fields):
        missing = spec.fields[name]
        if missing.required:
            yield Problem(node.place, f"field {name!r} is missing: {missing.says}")
    yield from _check_counts(spec, node)


def _spec_of_member(spec: FieldTable, name: str) -> Spec | None:
    """Return the spec of a member, or None for a name that the table does not allow."""
    if name in spec.fields:
        return spec.fields[name].spec
    if spec.keyed is None:
        return None
    pattern, _, inner = spec.keyed
    if not re.fullmatch(pattern, name):
        return None
    return inner


def _check_counts(spec: FieldTable, node: Mapping) -> Iterator[Problem]:
    names = node.members
    if spec.one_of:
        yield from _check_one_of(spec, node)
    exclusive = list(filter(spec.at_most_one_of.__contains__, names))
    if len(exclusive) > 1:
        allowed = ", ".join(spec.at_most_one_of)
        what = f"wanted at most one of {allowed}; got {', '.join(exclusive)}"
        yield Problem(node.place, what)
    for name, needed in spec.needs.items():
        others = (needed,) if isinstance(needed, str) else needed
        is_alone = names.keys().isdisjoint(others)
        if name in names and is_alone:
            wanted = " or ".join(map(repr, others))
            yield Problem(names[name].key_place, f"field {name!r} goes with {wanted} only")


def _check_one_of(spec: FieldTable, node: Mapping) -> Iterator[Problem]:
    present = list(filter(partial(_counts_as_one_of, spec), node.members))
    if len(present) == 1:
        return
    wanted = ", ".join(_names_of_one_of(spec))
    got = ", ".join(present) or "none"
    yield Problem(node.place, f"wanted exactly one of {wanted}; got {got}")


def _counts_as_one_of(spec: FieldTable, name: str) -> bool:
    """Return whether a member belongs to `one_of`: exactly one such member must be given."""
    if name in spec.one_of:
        return True
    # Each keyed member counts, because any of them may be the one
    if "keyed" not in spec.one_of or name in spec.fields:
        return False
    return _spec_of_member(spec, name) is not None


def _names_of_one_of(spec: FieldTable) -> Iterator[str]:
    """Yield the `one_of` names for a message; keyed members by the meaning of their keys."""
    for name in spec.one_of:
        if name == "keyed" and spec.keyed:
            _, meaning, _ = spec.keyed
            yield meaning
        else:
            yield name


def _shape_of(spec: FieldTable) -> str:
    if not spec.fields:
        return ""
    return f" with {', '.join(spec.fields)}"


def _unknown_field(name: str, spec: FieldTable) -> str:
    known = list(spec.fields)
    listed = known
    meant = ""
    if spec.keyed is not None:
        pattern, meaning, _ = spec.keyed
        listed = [meaning, *known] if known else [f"{meaning} ({pattern})"]
        meant = _in_other_case(name, pattern)
    advice = suggestion(name, known) or meant or f"; known: {', '.join(listed)}"
    return f"unknown field {shown(name)}{advice}"


def _in_other_case(name: str, pattern: str) -> str:
    """Return the suggestion to write a name in upper or lower case, if a pattern allows it then."""
    for form in (name.upper(), name.lower()):
        if re.fullmatch(pattern, form):
            return f"; did you mean {form!r}?"
    return ""


def suggestion(name: str, known: "list[str] | tuple[str, ...]") -> str:
    """Return `; did you mean 'x'?` for the nearest known name, or an empty text."""
    by_lower_case = {option.lower(): option for option in known}
    near = difflib.get_close_matches(name.lower(), by_lower_case, 1, _LIKENESS)
    if not near:
        return ""
    return f"; did you mean {by_lower_case[near[0]]!r}?"


_CHECKS: Final[MappingOf[type, Callable[[Any, Node], Iterator[Problem]]]] = {
    AnyValue: _check_nothing,
    Either: _check_either,
    JsonWith: _check_json,
    FieldTable: _check_table,
    ListOf: _check_list,
    OneOrMany: _check_one_or_many,
}
"""The checks for specs that are no leaves."""

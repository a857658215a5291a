"""The check of a node against the grammar of its file.

All problems are yielded at once, each at the place of the value it is about.  An unknown field
comes with the name that was probably meant.
"""

import difflib
import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from typing import Final

from conformance.errors import Problem
from conformance.suites.document import Mapping, Node, Scalar, Sequence, describe, shown
from conformance.suites.fields import (
    Amount,
    AnyValue,
    Choice,
    Either,
    Flag,
    JsonWith,
    Leaf,
    ListOf,
    Null,
    Number,
    OneOrMany,
    Spec,
    Table,
    Text,
    Whole,
)
from conformance.suites.scope import out_of_scope_url

_MAX_DIGITS: Final = 18
_LIKENESS: Final = 0.7
_AMOUNT: Final = re.compile(r"(?=.{1,18}\Z)\+?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?")


def check(spec: Spec, node: Node) -> Iterator[Problem]:
    """Yield every way in which a node is not what the spec describes."""
    if isinstance(spec, AnyValue):
        return
    if isinstance(spec, Either):
        yield from _check_either(spec, node)
    elif isinstance(spec, JsonWith):
        yield from _check_json(spec, node)
    elif isinstance(spec, Table):
        yield from _check_table(spec, node)
    elif isinstance(spec, ListOf):
        yield from _check_list(spec, node)
    elif isinstance(spec, OneOrMany):
        inner: Spec = ListOf(item=spec.item, least=1) if isinstance(node, Sequence) else spec.item
        yield from check(inner, node)
    elif (wrong := _scalar_problem(spec, node)) is not None:
        yield Problem(node.place, wrong)


def _check_either(spec: Either, node: Node) -> Iterator[Problem]:
    """Check a node against the option for its kind; where there is none, say what was wanted."""
    fitting = [option for option in spec.options if _is_about(option, node)]
    if fitting:
        yield from check(fitting[0], node)
    else:
        wanted = " or ".join(map(_meaning, spec.options))
        has_text = any(isinstance(option, Text) for option in spec.options)
        hint = "; quote it" if has_text and isinstance(node, Scalar) and node.kind != "null" else ""
        yield Problem(node.place, f"wanted {wanted}, got {describe(node)}{hint}")


def _is_about(spec: Spec, node: Node) -> bool:
    """Return whether a node is of the kind that a spec is about, whatever else is wrong with it."""
    if isinstance(node, Mapping):
        return isinstance(spec, Table | JsonWith | AnyValue)
    if isinstance(node, Sequence):
        return isinstance(spec, ListOf | OneOrMany | JsonWith | AnyValue)
    return isinstance(spec, AnyValue | JsonWith) or node.kind in _KINDS.get(type(spec), set())


_KINDS: Final[MappingOf[type, set[str]]] = {
    Text: {"string"},
    Choice: {"string"},
    Whole: {"integer"},
    Number: {"integer", "number"},
    Null: {"null"},
    Flag: {"boolean"},
}


def _check_json(spec: JsonWith, node: Node) -> Iterator[Problem]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _check_json(spec, item)
    elif isinstance(node, Mapping):
        if any(is_special(name) for name in node.members):
            yield from check(spec.special(), node)
            return
        for member in node.members.values():
            yield from _check_json(spec, member.node)


def is_special(name: str) -> bool:
    """Return whether a member's name is that of a matcher, and no literal one."""
    return name.startswith("$") and not name.startswith("$$")


def _check_list(spec: ListOf, node: Node) -> Iterator[Problem]:
    if not isinstance(node, Sequence):
        yield Problem(node.place, f"wanted a list, got {describe(node)}")
        return
    if len(node.items) < spec.least:
        yield Problem(
            node.place, f"wanted at least {spec.least} in this list, got {len(node.items)}"
        )
    if spec.most is not None and len(node.items) > spec.most:
        yield Problem(node.place, f"wanted at most {spec.most} in this list, got {len(node.items)}")
    for item in node.items:
        yield from check(spec.item, item)


def _scalar_problem(spec: Leaf, node: Node) -> str | None:
    if isinstance(spec, Whole):
        return _whole_problem(spec, node)
    if isinstance(spec, Amount):
        fits = (
            isinstance(node, Scalar)
            and node.kind in {"integer", "number"}
            and _AMOUNT.fullmatch(node.text)
        )
        return None if fits else f"wanted {_meaning(spec)}, got {describe(node)}"
    if isinstance(spec, Null | Flag | Number):
        return None if _is_about(spec, node) else f"wanted {_meaning(spec)}, got {describe(node)}"
    if not isinstance(node, Scalar) or node.kind != "string":
        hint = "; quote it" if isinstance(node, Scalar) and node.kind != "null" else ""
        return f"wanted {_meaning(spec)}, got {describe(node)}{hint}"
    if isinstance(spec, Choice):
        wrong = (
            f"wanted {_meaning(spec)}, got {shown(node.text)}{suggestion(node.text, spec.options)}"
        )
        return None if node.text in spec.options else wrong
    matches = spec.pattern is None or re.fullmatch(spec.pattern, node.text)
    another = out_of_scope_url(node.text)
    why = f"; {another}" if another else ""
    return None if matches else f"wanted {spec.meaning}, got {shown(node.text)}{why}"


def _whole_problem(spec: Whole, node: Node) -> str | None:
    if not isinstance(node, Scalar) or node.kind != "integer":
        return f"wanted an integer, got {describe(node)}"
    within = len(node.text) <= _MAX_DIGITS and spec.least <= int(node.text) <= spec.most
    return (
        None
        if within
        else f"wanted an integer from {spec.least} to {spec.most}, got {node.text[:20]}"
    )


def _meaning(spec: Spec) -> str:
    if isinstance(spec, Text):
        return spec.meaning
    if isinstance(spec, Choice):
        return "one of " + ", ".join(spec.options)
    if isinstance(spec, Table):
        return f"an object{_shape_of(spec)}"
    words: dict[type, str] = {
        Whole: "an integer",
        Number: "a number",
        Amount: "a number from 0 on, such as 0.001 or 1e-6",
        Null: "null",
        Flag: "true or false",
        ListOf: "a list",
    }
    return words.get(type(spec), "a value")


def _check_table(spec: Table, node: Node) -> Iterator[Problem]:
    if not isinstance(node, Mapping):
        yield Problem(node.place, f"wanted an object{_shape_of(spec)}, got {describe(node)}")
        return
    for name, member in node.members.items():
        if name in spec.fields:
            yield from check(spec.fields[name].spec, member.node)
        elif spec.keyed is not None and re.fullmatch(spec.keyed[0], name):
            yield from check(spec.keyed[2], member.node)
        else:
            yield Problem(member.key_place, _unknown_field(name, spec))
    for name, entry in spec.fields.items():
        if entry.required and name not in node.members:
            yield Problem(node.place, f"field {name!r} is missing: {entry.says}")
    yield from _check_counts(spec, node)


def _check_counts(spec: Table, node: Mapping) -> Iterator[Problem]:
    names = list(node.members)
    if spec.one_of:
        present = [
            name
            for name in names
            if name in spec.one_of or (name not in spec.fields and _is_keyed(spec, name))
        ]
        wanted = ", ".join(
            spec.keyed[1] if name == "keyed" and spec.keyed else name for name in spec.one_of
        )
        if len(present) != 1:
            yield Problem(
                node.place, f"wanted exactly one of {wanted}; got {', '.join(present) or 'none'}"
            )
    exclusive = [name for name in names if name in spec.at_most_one_of]
    if len(exclusive) > 1:
        yield Problem(
            node.place,
            f"wanted at most one of {', '.join(spec.at_most_one_of)}; got {', '.join(exclusive)}",
        )
    for name, needed in spec.needs.items():
        others = (needed,) if isinstance(needed, str) else needed
        if name in node.members and not any(other in node.members for other in others):
            wanted = " or ".join(map(repr, others))
            yield Problem(node.members[name].key_place, f"field {name!r} goes with {wanted} only")


def _is_keyed(spec: Table, name: str) -> bool:
    return (
        "keyed" in spec.one_of
        and spec.keyed is not None
        and re.fullmatch(spec.keyed[0], name) is not None
    )


def _shape_of(spec: Table) -> str:
    return f" with {', '.join(spec.fields)}" if spec.fields else ""


def _unknown_field(name: str, spec: Table) -> str:
    known = list(spec.fields)
    if spec.keyed is None:
        return f"unknown field {shown(name)}" + (
            suggestion(name, known) or f"; known: {', '.join(known)}"
        )
    pattern, meaning, _ = spec.keyed
    also = [meaning, *known] if known else [f"{meaning} ({pattern})"]
    forms = [form for form in (name.upper(), name.lower()) if re.fullmatch(pattern, form)]
    meant = f"; did you mean {forms[0]!r}?" if forms else ""
    return f"unknown field {shown(name)}" + (
        suggestion(name, known) or meant or f"; known: {', '.join(also)}"
    )


def suggestion(name: str, known: "list[str] | tuple[str, ...]") -> str:
    """Return `; did you mean 'x'?` for the nearest known name, or nothing."""
    near = difflib.get_close_matches(
        name.lower(), {option.lower(): option for option in known}, 1, _LIKENESS
    )
    meant = {option.lower(): option for option in known}
    return f"; did you mean {meant[near[0]]!r}?" if near else ""

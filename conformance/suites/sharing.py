"""Sharing between files: `include:` of a suite, and requests and expectations with names.

A `shared:` file is merged into the suite before the suite is checked, so that problems in it have
their own places.  `use: NAME` in a request or an expectation is replaced by the part with that
name; other members of the request or the expectation override those of the part.
"""

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from itertools import chain
from pathlib import PurePath
from posixpath import normpath
from typing import Final

from msgspec.structs import replace

from conformance.errors import BadFileError, Problem
from conformance.suites.document import read_document
from conformance.suites.expect_fields import EXPECT
from conformance.suites.field_check import check, suggestion
from conformance.suites.fields import Field, FieldTable, ListOf, OneOrMany, Text
from conformance.suites.nodes import (
    Mapping,
    Member,
    Node,
    Sequence,
    items,
    members,
    one_or_many,
    shown,
    text,
)
from conformance.suites.request_defaults import REQUEST_DEFAULTS
from conformance.suites.request_fields import BODY_FORMS, REQUEST
from conformance.suites.rule_fields import RULES
from conformance.suites.sent_files import Files, UnusableFileError
from conformance.suites.step_fields import SETUP
from conformance.suites.value_fields import VARS

USE: Final = "use"
_LISTS_OF_STEPS: Final = frozenset({"setup", "steps", "cleanup"})
SHARED_NAME: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"


def _without_use(table: FieldTable) -> FieldTable:
    """Return a table without `use`."""
    fields = dict(table.fields)
    fields.pop(USE, None)
    return replace(table, fields=fields, one_of=tuple(name for name in table.one_of if name != USE))


ENV = Field(
    spec=ListOf(item=Text(pattern=r"[A-Za-z_][A-Za-z0-9_]*", meaning="the name of a variable")),
    says="environment variables that ${env:NAME} may read; their values are secrets",
)
SHARED_FIELDS: Final = {
    "env": ENV,
    "request": Field(
        spec=REQUEST_DEFAULTS,
        says="what every request takes; a request overrides it, or drops it with null",
    ),
    "setup": SETUP,
    "vars": VARS,
    "rules": RULES,
    "requests": Field(
        spec=FieldTable(keyed=(SHARED_NAME, "names of requests", _without_use(REQUEST))),
        says="requests by name, for `request: {use: NAME}`",
    ),
    "expectations": Field(
        spec=FieldTable(keyed=(SHARED_NAME, "names of expectations", _without_use(EXPECT))),
        says="expectations by name, for `expect: {use: NAME}`",
    ),
}
INCLUDE = Field(
    spec=OneOrMany(item=Text(pattern=r"[^\0]+", meaning="the path of a file")),
    says="`shared:` files, from the folder of this suite, whose parts this suite has as well",
)
SHARED = FieldTable(
    fields={
        "shared": Field(
            spec=Text(), required=True, says="a title: what the suites that include this file share"
        ),
        **SHARED_FIELDS,
    }
)


def with_included(root: Node, files: Files) -> Node:
    """Return a suite with the parts of its included files.

    Raises BadFileError with all problems of the included files.
    """
    include = members(root).get("include")
    if not isinstance(root, Mapping) or include is None:
        return root
    # An include of another form is refused by the check of the suite
    if any(check(INCLUDE.spec, include)):
        return root
    problems: list[Problem] = []
    # The last one first: a merged file goes before the existing parts
    for node in reversed(one_or_many(include)):
        try:
            root = _merged(_read(node, files), root)
        except BadFileError as error:
            problems.extend(error.problems)
    if problems:
        raise BadFileError(problems)
    return root


def _read(node: Node, files: Files) -> Mapping:
    name = text(node)
    try:
        file = files.path(name)
    except UnusableFileError as error:
        raise BadFileError([Problem(node.place, str(error))]) from error
    path = PurePath(node.place.file).parent / name
    root = read_document(file, normpath(path.as_posix()))
    problems = list(check(SHARED, root))
    if problems:
        raise BadFileError(problems)
    assert isinstance(root, Mapping)  # noqa: S101 - the check says so
    return root


def _merged(shared: Mapping, suite: Mapping) -> Mapping:
    """Return a suite with the parts of a shared file.

    Shared lists come before the suite's own; a name that the suite has too keeps the suite's value.
    """
    merged = dict(suite.members)
    for name in filter(SHARED_FIELDS.__contains__, shared.members):
        member = shared.members[name]
        own = merged.get(name)
        if own is None:
            merged[name] = member
        else:
            merged[name] = Member(own.key_place, _together(member.node, own.node))
    return replace(suite, members=merged)


def _together(shared: Node, own: Node) -> Node:
    """Return two lists joined, or the members of two objects.

    If both have a value for one name, the suite's own counts.
    """
    if isinstance(shared, Sequence) and isinstance(own, Sequence):
        return replace(own, items=(*shared.items, *own.items))
    if isinstance(shared, Mapping) and isinstance(own, Mapping):
        together = _each_together(shared.members, own.members)
        return replace(own, members={**shared.members, **together})
    return own


def _each_together(
    shared: MappingOf[str, Member], own: MappingOf[str, Member]
) -> dict[str, Member]:
    together = dict(own)
    # Header fields and parameters are combined; any other member is replaced
    for name in {"headers", "query"} & shared.keys() & own.keys():
        node = _together(shared[name].node, own[name].node)
        together[name] = Member(own[name].key_place, node)
    return together


def _names_a_method(request: MappingOf[str, Member]) -> bool:
    """Return whether a request has its own method; the check then refuses `use` in it."""
    return "method" in request or not request.keys() <= REQUEST.fields.keys()


class NamedParts:
    """The named requests and expectations of a suite."""

    def __init__(self, root: Node) -> None:
        given = members(root)
        self._parts = {
            "request": members(given.get("requests")),
            "expect": members(given.get("expectations")),
        }
        self.used = any(self._parts.values())

    def filled_in(self, case: Node) -> Node:
        """Return a case or a step with each `use: NAME` replaced by the part of that name."""
        if not self.used or not isinstance(case, Mapping):
            return case
        filled: dict[str, Member] = {}
        for name, member in case.members.items():
            filled[name] = Member(member.key_place, self._filled(name, member.node))
        return replace(case, members=filled)

    def _filled(self, field: str, node: Node) -> Node:
        if field in _LISTS_OF_STEPS and isinstance(node, Sequence):
            return replace(node, items=tuple(map(self.filled_in, node.items)))
        if not isinstance(node, Mapping):
            return node
        used = self._parts.get(field, {}).get(text(members(node).get(USE)))
        if not isinstance(used, Mapping):
            return node
        own = dict(node.members)
        own.pop(USE, None)
        if field == "request" and _names_a_method(own):
            return node
        taken = used.members
        # A body of one form replaces a body of any other form
        has_own_body = not own.keys().isdisjoint(BODY_FORMS)
        if has_own_body:
            taken = {name: member for name, member in taken.items() if name not in BODY_FORMS}
        return replace(node, members={**taken, **_each_together(taken, own)})

    def problems(self, case: Node) -> Iterator[Problem]:
        """Yield a problem for each `use` in a case or a step whose name does not exist."""
        for field, node in members(case).items():
            used = members(node).get(USE)
            if field in _LISTS_OF_STEPS:
                yield from chain.from_iterable(map(self.problems, items(node)))
            elif field in self._parts and used is not None:
                yield from self._unknown(field, used)

    def _unknown(self, field: str, name: Node) -> Iterator[Problem]:
        """Yield a problem if no part has a name; unusable parts are refused elsewhere."""
        what = "request" if field == "request" else "expectation"
        known = list(self._parts[field])
        meant = suggestion(text(name), known) or f"; `{what}s:` names them"
        yield Problem(name.place, f"no {what} is named {shown(text(name))}{meant}")

"""`matrix:`: one case in a file that stands for many, one for every combination of some values.

The document is expanded before it is checked, so that a value is checked in the place where it is
filled in, and a problem has the value's own place.  A value that is alone in a string keeps its
kind; within longer text it is text.  The id of each case contains its values,
`name[axis=value,…]`, and does not change when values are added or moved.
"""

import hashlib
import itertools
import math
import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.errors import BadFileError, Problem
from conformance.suites.field_check import check
from conformance.suites.fields import AnyValue, FieldTable, ListOf
from conformance.suites.json_text import json_text
from conformance.suites.nodes import (
    MAX_NODES,
    Mapping,
    Member,
    Node,
    Scalar,
    Sequence,
    describe,
    items,
    members,
    plain_kind,
    shown,
    text,
)
from conformance.suites.substitution import references, replaced, sole_reference
from conformance.wording import plural

# A larger matrix is more often a mistake in an axis than intended
MAX_CASES: Final = 1_000
MAX_CHARACTERS: Final = 16 << 20
NAME: Final = r"[a-z][a-z0-9_-]{0,62}"
MATRIX = FieldTable(keyed=(NAME, "names", ListOf(item=AnyValue(), least=1)))
_PLAIN_VALUE: Final = re.compile(r"[A-Za-z0-9._+-]{1,24}\Z")
# The name of a case has a word for each of its values, and must stay short
_SHOWN_CHARACTERS: Final = 24
# Among so few values two equal digests of six digits are very unlikely
_DIGEST_DIGITS: Final = 6


class Expanded(Struct, frozen=True):
    """A case with its matrix filled in, and the suffix of its name."""

    node: Node
    suffix: str = ""


def expand(cases: Node | None) -> tuple[Expanded, ...]:
    """Return the cases of a suite, with each matrix expanded.

    Raises BadFileError if a matrix is too large.
    """
    expansion = _Expansion()
    found = tuple(itertools.chain.from_iterable(map(expansion.of, items(cases))))
    if expansion.problems:
        raise BadFileError(expansion.problems)
    return found


class _Expansion:
    """An expander of cases, with a limit on the size of all cases together."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._nodes = 0
        self._characters = 0

    def of(self, case: Node) -> Iterator[Expanded]:
        matrix = members(case).get("matrix")
        # A matrix of another form is refused by the check of the case
        if matrix is None or any(check(MATRIX, matrix)) or not isinstance(case, Mapping):
            yield Expanded(case)
            return
        axes = {name: items(values) for name, values in members(matrix).items()}
        # Counted before the expansion: a few axes may stand for millions of cases
        count = math.prod(map(len, axes.values()))
        if count > MAX_CASES:
            what = f"{plural(count, 'combination')}; at most {MAX_CASES} cases"
            self.problems.append(Problem(matrix.place, what))
            return
        for values in itertools.product(*axes.values()):
            chosen = dict(zip(axes, values, strict=True))
            filled = self._filled_case(case, chosen)
            if self._is_too_much:
                what = "the cases of this file come to too much; split it"
                self.problems.append(Problem(matrix.place, what))
                return
            yield Expanded(filled, _suffix(chosen))

    @property
    def _is_too_much(self) -> bool:
        return self._nodes > MAX_NODES or self._characters > MAX_CHARACTERS

    def _filled_case(self, case: Mapping, chosen: MappingOf[str, Node]) -> Mapping:
        filled: dict[str, Member] = {}
        for name, member in case.members.items():
            if name == "name":
                # The name stays as it is: its suffix has the values
                filled[name] = member
            elif name != "matrix":
                filled[name] = Member(member.key_place, self._filled(member.node, chosen))
        return replace(case, members=filled)

    def _filled(self, node: Node, chosen: MappingOf[str, Node]) -> Node:
        self._nodes += 1
        if self._is_too_much:
            return node
        if isinstance(node, Sequence):
            return replace(node, items=tuple(self._filled(item, chosen) for item in node.items))
        if isinstance(node, Mapping):
            return self._filled_members(node, chosen)
        if node.kind != "string":
            return node
        # A value that stands alone keeps its kind
        name = sole_reference(node.text)
        if name is not None and name in chosen:
            return chosen[name]
        return self._filled_text(node, chosen)

    def _filled_members(self, node: Mapping, chosen: MappingOf[str, Node]) -> Node:
        filled: dict[str, Member] = {}
        for name, member in node.members.items():
            key = Scalar(member.key_place, "string", name)
            spelled = self._filled_text(key, chosen).text
            if spelled in filled:
                what = f"duplicate key {shown(spelled)} once names are filled in"
                self.problems.append(Problem(member.key_place, what))
            filled[spelled] = Member(member.key_place, self._filled(member.node, chosen))
        return replace(node, members=filled)

    def _filled_text(self, node: Scalar, chosen: MappingOf[str, Node]) -> Scalar:
        used = list(filter(chosen.__contains__, references(node.text)))
        if not used:
            return node
        for name in used:
            value = chosen[name]
            if isinstance(value, Scalar):
                continue
            what = f"{name!r} is no text where it is {describe(value)} ({value.place})"
            self.problems.append(Problem(node.place, what))
            return node
        texts = {name: text(chosen[name]) for name in used}
        self._characters += sum(len(texts[name]) for name in used)
        if self._characters > MAX_CHARACTERS:
            return node
        return replace(node, text=replaced(node.text, texts))


def _suffix(chosen: MappingOf[str, Node]) -> str:
    values = (f"{name}={_value(node)}" for name, node in sorted(chosen.items()))
    return f"[{','.join(values)}]"


def _value(node: Node) -> str:
    """Return a value as a word of an id.

    It is the value itself if that is a word, else a shortened form of it and a digest.

    A string that looks like another kind of scalar gets a digest too, so that `1` and `"1"` are two
    cases.
    """
    kind, written = "json", json_text(node)
    if isinstance(node, Scalar):
        if node.kind in {"null", "boolean"}:
            return written
        kind, written = "text", text(node)
        if _PLAIN_VALUE.match(written) and plain_kind(written) == node.kind:
            return written
    word = re.sub(r"[^A-Za-z0-9._]+", "-", written[: 4 * _SHOWN_CHARACTERS]).strip("-")
    word = word[:_SHOWN_CHARACTERS]
    digest = hashlib.sha256(f"{kind}\n{written}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{word}~{digest[:_DIGEST_DIGITS]}"

"""Suite defaults for requests: header fields, and parameters of the query.

Every request of the suite has them unless it says otherwise.

A request overrides a default by its name, and drops it with null.  A default may refer to a name
that a setup step captures.  Earlier requests do not have this default: for example, the login
itself is sent without the token that it returns.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from operator import itemgetter
from typing import Final
from urllib.parse import quote, unquote_plus

from msgspec import Struct

from conformance.errors import Problem
from conformance.model.template import Parts, Slot, SlotForm
from conformance.suites.field_check import suggestion
from conformance.suites.fields import Either, Field, FieldTable, ListOf, Null, Text
from conformance.suites.nodes import Node, Scalar, each_value, members, shown, text
from conformance.suites.substitution import references_below, text_parts

FIELD_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
HEADER_VALUE = Text(pattern=r"[\t -~\x80-\xff]*", meaning="header text of one line")
HEADERS = FieldTable(
    keyed=(
        FIELD_NAME,
        "header names",
        Either(options=(HEADER_VALUE, ListOf(item=HEADER_VALUE, least=1), Null())),
    )
)
QUERY = FieldTable(
    keyed=(
        r"(?s).+",
        "parameter names",
        Either(options=(Text(), ListOf(item=Text(), least=1), Null())),
    )
)
REQUEST_DEFAULTS = FieldTable(
    fields={
        "headers": Field(spec=HEADERS, says="header fields that each request is sent with"),
        "query": Field(
            spec=QUERY, says="parameters that are added to each target, percent-encoded"
        ),
    }
)

Entry = tuple[str, Node]
"""The name of a field or a parameter, and a node with one value or a list of values."""


class RequestDefaults(Struct, frozen=True, kw_only=True):
    """The header fields and parameters that a suite gives its requests."""

    headers: tuple[Entry, ...] = ()
    query: tuple[Entry, ...] = ()

    def before(self, later: Collection[str]) -> "RequestDefaults":
        """Return the defaults of a request that is sent before some names are captured."""
        if not later:
            return self
        return RequestDefaults(
            headers=_known_before(self.headers, later),
            query=_known_before(self.query, later),
        )


NO_DEFAULTS: Final = RequestDefaults()


def defaults_of(node: Node | None) -> RequestDefaults:
    """Return the checked defaults of a suite; fields with null are left out."""
    given = members(node)
    return RequestDefaults(
        headers=_present(given.get("headers")), query=_present(given.get("query"))
    )


def header_entries(own: Node | None, defaults: RequestDefaults) -> Iterator[Entry]:
    """Yield the header fields of a request: the suite's, then its own.

    Fields of the suite that the request names are left out.
    """
    own_names = {name.lower() for name in members(own)}
    for name, value in defaults.headers:
        if name.lower() not in own_names:
            yield name, value
    yield from _present(own)


def target_parts(target: str, own: Node | None, defaults: RequestDefaults) -> Parts:
    """Return a target with the parameters of the suite, and then those of the request.

    Parameters of the suite that the target or the request names are left out.
    """
    parts = list(text_parts(target, SlotForm.TARGET))
    first = parts[0]
    if isinstance(first, Slot):  # a whole URL, and not the name of a segment
        parts[0] = Slot(first.name, SlotForm.URL)
    # OPTIONS of the server as a whole has no query
    if target == "*":
        return tuple(parts)
    own_names = {*members(own), *_named_in(target)}
    of_suite = (entry for entry in defaults.query if entry[0] not in own_names)
    separator = "&" if "?" in target else "?"
    for name, value in each_value([*of_suite, *_present(own)]):
        parts.append(f"{separator}{quote(name, safe='')}=")
        parts += text_parts(text(value), SlotForm.TARGET, _encoded)
        separator = "&"
    return tuple(parts)


def dropped_problems(request: Node | None, defaults: RequestDefaults) -> Iterator[Problem]:
    """Yield a problem for each null in a request that drops no default."""
    given = members(request)
    yield from _dropping_nothing(given.get("headers"), defaults.headers, str.lower)
    yield from _dropping_nothing(given.get("query"), defaults.query, str)


def _dropping_nothing(
    own: Node | None, entries: Iterable[Entry], fold: Callable[[str], str]
) -> Iterator[Problem]:
    """Yield a problem for each null whose name no default has; `fold` normalises names."""
    known = list(map(itemgetter(0), entries))
    folded = set(map(fold, known))
    for name, value in members(own).items():
        if not _is_null(value) or fold(name) in folded:
            continue
        what = (
            "null drops what the suite's `request` says; it has no "
            f"{shown(name)}{suggestion(name, known)}"
        )
        yield Problem(value.place, what)


def default_problems(node: Node | None) -> Iterator[Problem]:
    """Yield a problem for each null among the defaults: there is nothing to drop."""
    for field in members(node).values():
        for name, value in members(field).items():
            if not _is_null(value):
                continue
            what = f"null drops nothing here; leave {shown(name)} out"
            yield Problem(value.place, what)


def _encoded(literal: str) -> str:
    return quote(literal, safe="")


def _known_before(entries: Iterable[Entry], later: Collection[str]) -> tuple[Entry, ...]:
    known = []
    for name, value in entries:
        # The login itself is sent without the token that it returns
        used = set(map(itemgetter(1), references_below(value)))
        if used.isdisjoint(later):
            known.append((name, value))
    return tuple(known)


def _present(node: Node | None) -> tuple[Entry, ...]:
    return tuple((name, value) for name, value in members(node).items() if not _is_null(value))


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind == "null"


def _named_in(target: str) -> Iterator[str]:
    """Yield the names of the parameters in a target, as the suite writes it."""
    for pair in target.partition("?")[2].split("&"):
        yield unquote_plus(pair.partition("=")[0])

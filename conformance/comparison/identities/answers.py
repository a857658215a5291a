"""Spells the ids and addresses of two runtimes alike in the bodies and headers of two answers.

The second answer gets the ids of the first one; the URLs of both runtimes get one spelling. Places
at which the answers show different things become differences.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from itertools import repeat
from typing import Final

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms
from conformance.comparison.answers.header_facts import HeaderFacts, facts_of
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.token import spelled_tokens
from conformance.comparison.difference import Difference, Occurrence, Verbatim, printable
from conformance.comparison.identities.alignment import Mixed, align, align_text
from conformance.comparison.identities.meanings import Identities, common_identities
from conformance.comparison.identities.own_urls import with_own_addresses_replaced
from conformance.comparison.identities.paths import (
    NO_IDENTITIES,
    IdentityPaths,
    MixedPlace,
    OwnName,
)
from conformance.comparison.idioms.member_names import with_names
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import JsonPath, render_path

_Names = tuple[Identities, Identities]
_ANOTHER_IDENTITY: Final = "another thing is shown here, by what the case captured or named"
_ANOTHER_SPELLING: Final = "the same thing is shown here, in another spelling than the captured one"
_SEPARATORS: Final = re.compile(r"([/?&=#;:])")
"""Separators in a URL; the parts between them are aligned one by one."""


def spelled_alike(
    a: ReadAnswer, b: ReadAnswer, terms: Terms
) -> tuple[ReadAnswer, ReadAnswer, Terms]:
    """Return two answers with ids and addresses spelled alike, and the terms.

    The terms get the places of identities in the answers.
    """
    names = common_identities(a.identities, b.identities)
    # Equal bytes contain equal addresses, so there is nothing to respell
    if names is None and a.has_same_body(b):
        return a, b, terms
    first, second, paths = a.body, b.body, NO_IDENTITIES
    if first.kind == second.kind:
        first, second, paths = _bodies(a, b, terms, names)
    header = b.header
    if names is not None:
        header, in_header = _header(a.header, b, names)
        paths = replace(paths, aligned=True, in_header=in_header)
    return (
        a.respelled(a.header, first),
        b.respelled(header, second),
        replace(terms, identities=paths),
    )


def _bodies(
    a: ReadAnswer, b: ReadAnswer, terms: Terms, names: _Names | None
) -> tuple[Body, Body, IdentityPaths]:
    """Return two bodies of one kind spelled alike, and the places of their identities."""
    first, second = a.body, b.body
    if terms.by_value:
        first, second = with_own_addresses_replaced(
            first, second, (a.base_url, b.base_url), joined=terms.loosening.joins
        )
    if names is None:
        return first, second, NO_IDENTITIES
    if first.structured:
        return _structured_bodies(first, second, names)
    if first.kind == "text":
        return _text_bodies(first, second, names)
    return first, second, NO_IDENTITIES


def _text_bodies(first: Body, second: Body, names: _Names) -> tuple[Body, Body, IdentityPaths]:
    """Return two texts with the ids of the first runtime, and the places of identities."""
    text, mixed = align_text(first.text, second.text, names)
    by_place = {"$": MixedPlace(("$", "$"), mixed[0])} if mixed else {}
    return first, second.respelled(text=text), IdentityPaths(mixed=by_place)


def _structured_bodies(
    first: Body, second: Body, names: _Names
) -> tuple[Body, Body, IdentityPaths]:
    """Return two structured bodies with the ids of the first runtime, and their places."""
    aligned = align(first.value, second.value, names)
    own_names = (names[0].own_name, names[1].own_name)
    mixed: dict[str, MixedPlace] = {}
    for each in aligned.mixed:
        places = _places(each.path, own_names)
        mixed[places[0]] = MixedPlace(places, each)
    paths = IdentityPaths(
        mixed=mixed,
        disordered=frozenset(_place(path, own_names[0]) for path in aligned.disordered),
        lists=aligned.lists,
        own_names=own_names,
    )
    return first.respelled(value=aligned.first), second.respelled(value=aligned.second), paths


def _places(path: JsonPath, own: tuple[OwnName, OwnName]) -> tuple[str, str]:
    """Return a path as a place in the spelling of each runtime."""
    first, second = own
    return _place(path, first), _place(path, second)


def _place(path: JsonPath, own_name: OwnName) -> str:
    """Return a path as a place, with a runtime's own ids in the names of members."""
    return printable(render_path(with_names(path, own_name)))


_InHeader = tuple[tuple[str, Mixed], ...]
"""Header fields with the things that are mixed up in them."""


def _header(a: HeaderFacts, b: ReadAnswer, names: _Names) -> tuple[HeaderFacts, _InHeader]:
    """Return the second header with the ids of the first runtime, and the things mixed up in it."""
    values_of_first: defaultdict[str, deque[str]] = defaultdict(deque)
    for name, value in a.fields:
        values_of_first[name].append(value)
    spelled: list[tuple[str, str]] = []
    mixed: list[tuple[str, Mixed]] = []
    compared = {"location", *b.header.named_fields}
    # Fields with the same name are aligned in their order
    for name, value in b.header.fields:
        others = values_of_first[name]
        other = others.popleft() if others else ""
        x, y = map(_SEPARATORS.split, map(spelled_tokens, (other, value)))
        aligned = align(x, y, names)
        spelled.append((name, "".join(aligned.second)))
        if other and name in compared:
            mixed.extend(zip(repeat(name), aligned.mixed))
    facts = facts_of(tuple(spelled), b.base_url, b.header.named_fields)
    return replace(facts, names=b.header.names), tuple(mixed)


def identity_differences(_: ReadAnswer, __: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the places at which two answers show different things."""
    for name, each in terms.identities.in_header:
        yield _difference((f"header {name}", f"header {name}"), each)
    for mixed_up in terms.identities.mixed.values():
        yield _difference(mixed_up.places, mixed_up.mixed)


def _difference(places: tuple[str, str], mixed: Mixed) -> Difference:
    """Return the difference for a place at which two answers show different things."""
    words = _ANOTHER_SPELLING if mixed.is_of_spelling else _ANOTHER_IDENTITY
    return Difference(
        kind=DifferenceKind.IDENTITY,
        facet=Facet.VALUE,
        places=places,
        facts=(mixed.first, mixed.second),
        occurrences=(Occurrence((), Verbatim(mixed.first), Verbatim(mixed.second)),),
        details=(words, words),
    )

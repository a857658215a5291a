"""Identities in the parts of two answers: the second side spelled as the first, and what is mixed up as a finding."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from conformance.comparison.answers.headers import HeaderFacts
from conformance.comparison.bodies.body import Body
from conformance.comparison.difference import Difference, printable
from conformance.comparison.identities.alignment import Aligned, Identities, Mixed, align, align_text
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import render_path

Names = tuple[Identities, Identities]
_SEPARATORS: Final = re.compile(r"([/?&=#;:])")


def aligned_header(a: HeaderFacts, b: HeaderFacts, names: Names) -> tuple[HeaderFacts, list[Difference]]:
    """Return the second header with the Location's identities spelled as in the first, and those that are mixed up."""
    if a.target is None or b.target is None:
        return b, []
    aligned = align(_SEPARATORS.split(a.target), _SEPARATORS.split(b.target), names)
    mixed = [_difference("location", each) for each in aligned.mixed]
    return replace(b, target="".join(aligned.second)), mixed


def aligned_text(a: Body, b: Body, names: Names) -> tuple[Body, list[Difference]]:
    """Do the same for a body that is text."""
    text, mixed = align_text(a.text, b.text, names)
    return replace(b, text=text), [_difference("$", each) for each in mixed]


def with_identities(differences: Iterable[Difference], aligned: Aligned) -> Iterator[Difference]:
    """Yield differences of value that are identities mixed up, or in another order, under that name."""
    mixed = {printable(render_path(each.path)): each for each in aligned.mixed}
    disordered = {printable(render_path(path)) for path in aligned.disordered}
    for path, each in mixed.items():
        yield _difference(path, each)
    for difference in differences:
        if difference.kind is not DifferenceKind.VALUE or difference.path not in mixed.keys() | disordered:
            yield difference
        elif difference.path not in mixed:
            yield replace(difference, kind=DifferenceKind.IDENTITY)


def _difference(path: str, mixed: Mixed) -> Difference:
    return Difference(
        kind=DifferenceKind.IDENTITY,
        facet=Facet.VALUE,
        path=path,
        a_fact=mixed.first,
        b_fact=mixed.second,
        a_example=mixed.first,
        b_example=mixed.second,
        detail="one runtime shows another thing here than the other, by what the case captured or named",
    )

"""The body facet: what kind of body either side has, and then what differs within the two."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms, are_errors
from conformance.comparison.answers.text import binary_difference, described, text_differences
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.html import HTML
from conformance.comparison.bodies.kind_names import TABLE, TEXT
from conformance.comparison.bodies.label import NO_LABEL
from conformance.comparison.bodies.markup import own_path, own_value
from conformance.comparison.bodies.reading import has_idioms
from conformance.comparison.bodies.text import read_any
from conformance.comparison.bodies.xml import XML
from conformance.comparison.difference import DIFFERS, Difference, at_one_place, printable
from conformance.comparison.identities.paths import OwnName
from conformance.comparison.idioms.bodies import OTHER_ERROR_PAGE, body_kind_idiom
from conformance.comparison.idioms.catalogue import IDIOMS, IN_ERRORS, OF_TABLES, OF_XML
from conformance.comparison.idioms.collections import ANOTHER_ORDER
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.idioms.tables import is_shown_by_rows, of_uneven_rows
from conformance.comparison.values.columns import not_one_object
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import MINUS_ZERO, Json, kind_of
from conformance.comparison.values.side import MISSING, SentSide
from conformance.comparison.values.walk import Walk
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import render_path

_SMALL: Final = 64 << 10
"""To walk a larger body takes little more time than to find out first that it differs."""


def body_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterable[Difference]:
    """Return the differences of two bodies."""
    if (
        a.answer.body == b.answer.body
        and a.header.of_label == b.header.of_label
        and not terms.identities
    ):
        return ()
    # the same bytes under two labels differ in the header field, and in nothing else
    unlike = a.body.kind_by_label != b.body.kind_by_label and a.body.raw != b.body.raw
    kinds = (_kind_difference(a, b),) if unlike else ()
    if a.body.kind != b.body.kind:
        terms.stops.below(((), ()))
        return kinds
    if a.body.structured:
        return (*kinds, *_structured_differences(a, b, terms))
    return _plain_differences(a.body, b.body, terms)


def _structured_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterable[Difference]:
    first, second = a.body, b.body
    promising = len(first.raw) == len(second.raw) or len(first.raw) < _SMALL
    if (
        promising
        and _may_be_equal(first.value, second.value)
        and first.outline == second.outline
        and first.kind != HTML.name  # equal values may have other white space beside them
        and _are_equal(first.value, second.value)
    ):
        return _spelling_difference(first, second, terms)
    signed = all(MINUS_ZERO in body.notes for body in (first, second))
    idioms = _idioms(a, b)
    walk = Walk(
        terms.level,
        terms.loosening,
        terms.numbers,
        idioms,
        terms.identities,
        terms.stops,
        signed,
        terms.forms,
    )
    own = terms.identities.own_names
    accepted_before = terms.loosening.hits.total()
    walk.compare_sides(_root(first, own[0]), _root(second, own[1]))
    terms.stops.more = walk.more
    found: Sequence[Difference] = _named_by_kind(
        walk.differences, first, second, by_value=terms.by_value
    )
    # values that a rule accepts are spelled in two ways, and the rule accepts that too
    if terms.by_value and not found and terms.loosening.hits.total() == accepted_before:
        found = list(_spelling_difference(first, second, terms))
    return found if terms.in_pages else _as_a_page(a, b, found)


def _may_be_equal(a: Json, b: Json) -> bool:
    """Return False where a look at the outermost values shows that two bodies are not equal."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys()
    return type(a) is type(b) and (not isinstance(a, list) or len(a) == len(b))


def _are_equal(a: Json, b: Json) -> bool:
    """Return whether two values are equal; elements of lists that are one object are not read."""
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        a, b = not_one_object(a, b)
    return canonical(a) == canonical(b)


def _named_by_kind(
    found: Sequence[Difference], a: Body, b: Body, *, by_value: bool
) -> Sequence[Difference]:
    """Return differences with the causes and the places that only their kind of body has."""
    if a.kind == TABLE:
        own = [each for each in found if not is_shown_by_rows(each, a.value, b.value)]
        return [of_uneven_rows(each, a.value, b.value) for each in own]
    if a.markup is None:
        return found
    written = (_as_written(each, a, b) for each in found)
    return [each for each in written if not _is_of_layout(each, by_value=by_value)]


def _is_of_layout(found: Difference, *, by_value: bool) -> bool:
    """Return whether types differ only as two documents are laid out beside a third one.

    A tag that this one repeats is a list in all of them, and no list under a name of another
    convention.
    """
    if found.kind is not DifferenceKind.TYPE:
        return False
    pairs = [(each.a, each.b) for each in found.occurrences]
    return all(
        MISSING not in pair
        and kind_of(pair[0]) == kind_of(pair[1])
        and (not by_value or canonical(pair[0]) == canonical(pair[1]))
        for pair in pairs
    )


def _as_written(found: Difference, a: Body, b: Body) -> Difference:
    """Return a difference as either document alone would be laid out: its places and values."""
    if found.paths is None or a.markup is None or b.markup is None:
        return found
    first, second = (
        printable(render_path(own_path(markup, path)))
        for markup, path in zip((a.markup, b.markup), found.paths, strict=True)
    )
    seen = tuple(
        replace(
            each,
            a=own_value(a.markup, found.paths[0], each.a),
            b=own_value(b.markup, found.paths[1], each.b),
        )
        for each in found.occurrences
    )
    return replace(found, places=(first, second), occurrences=seen)


def _spelling_difference(a: Body, b: Body, terms: Terms) -> Iterable[Difference]:
    """Return that two bodies are spelled in two ways, where both labels say that this counts."""
    counts = a.spelling_counts and b.spelling_counts and terms.by_value
    if not counts or terms.identities or a.sent or b.sent:
        return ()
    return _plain_differences(read_any(a.raw, NO_LABEL), read_any(b.raw, NO_LABEL), terms)


def _as_a_page(a: ReadAnswer, b: ReadAnswer, found: Sequence[Difference]) -> Sequence[Difference]:
    """Return how two error pages differ as one difference: nobody fixes them by element.

    They are pages of a framework, which nobody fixes element by element.

    A bare text that is called HTML is no page: beside one it is a body of another kind.
    """
    if not found or a.body.kind != HTML.name or not are_errors(a, b):
        return found
    pages = (_is_page(a.body), _is_page(b.body))
    if not any(pages):
        return found
    if not all(pages):
        kinds = (HTML.name if pages[0] else TEXT, HTML.name if pages[1] else TEXT)
        return (at_one_place(DifferenceKind.BODY_KIND, Facet.SHAPE, "kind", kinds, _shown(a, b)),)
    facet = Facet.SHAPE if any(each.facet is Facet.SHAPE for each in found) else Facet.VALUE
    facts, page = (DIFFERS, DIFFERS), OTHER_ERROR_PAGE.name
    return (at_one_place(DifferenceKind.VALUE, facet, "$", facts, _shown(a, b), idiom=page),)


def _is_page(body: Body) -> bool:
    """Return whether HTML has an element."""
    return bool(body.outline)


def _root(body: Body, own_name: OwnName | None) -> SentSide:
    return SentSide([body.value], sent=[body.sent.value] if body.sent else None, own_name=own_name)


def _idioms(a: ReadAnswer, b: ReadAnswer) -> tuple[Idiom, ...]:
    if a.body.kind == XML.name:
        return OF_XML
    if not has_idioms(a.body):
        return (ANOTHER_ORDER,)
    idioms = IN_ERRORS if are_errors(a, b) else IDIOMS
    return (*OF_TABLES, *idioms) if a.body.kind == TABLE else idioms


def _plain_differences(a: Body, b: Body, terms: Terms) -> Iterator[Difference]:
    """Yield how two bodies without structure differ.

    Identities that are mixed up have been found already.
    """
    if not terms.by_value or terms.identities.mixed:
        return
    if a.kind == "text":
        yield from text_differences(a, b)
    elif a.raw != b.raw:
        yield binary_difference(a, b)


def _kind_difference(a: ReadAnswer, b: ReadAnswer) -> Difference:
    facts = (a.body.kind_by_label, b.body.kind_by_label)
    idiom = body_kind_idiom(a.body, b.body, errors=are_errors(a, b))
    return at_one_place(
        DifferenceKind.BODY_KIND, Facet.SHAPE, "kind", facts, _shown(a, b), idiom=idiom
    )


def _shown(a: ReadAnswer, b: ReadAnswer) -> tuple[str, str]:
    return shown_body(a.body), shown_body(b.body)


def unread_kind(a: Body, b: Body, terms: Terms) -> str:
    """Return the kind of two bodies that differ and are not read at this level, else nothing."""
    unlike = a.kind == b.kind and not a.structured and a.raw != b.raw
    return a.kind if unlike and not terms.by_value else ""


def shown_body(body: Body) -> str:
    """Return a whole body as a text: as it was sent, or described where it is no text."""
    return (
        described(body.raw)
        if body.kind_by_label == "binary"
        else body.raw.decode("utf-8", "backslashreplace")
    )

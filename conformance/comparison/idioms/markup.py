"""Idioms that only documents of elements have: XML and HTML."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import compress, filterfalse, repeat, starmap
from operator import methodcaller, ne
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.kind_names import HTML, XML
from conformance.comparison.difference import as_fact
from conformance.comparison.idioms.claim import IdiomClaim, Rest, values_at
from conformance.comparison.idioms.conditions import between, for_equal_lengths, two_roots
from conformance.comparison.idioms.envelopes import ENVELOPE
from conformance.comparison.idioms.errors import (
    ERROR_SHAPE,
    error_shape,
    format_of,
    key_case_in_errors,
)
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import NAMESPACE, TEXT_OF_AN_ELEMENT, is_no_text
from conformance.comparison.idioms.members import KEY_CASE
from conformance.comparison.idioms.numbers import number_in
from conformance.comparison.idioms.wrapping import RENAMED_ROOT, of_two_names
from conformance.comparison.values.columns import Column, holds_only, is_numeric, members_of
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json, same_number
from conformance.comparison.values.objects import (
    indexes_without,
    picked,
    positions_of,
    sole,
    without,
)
from conformance.model.finding import DifferenceKind

_INHERITED: Final = "none of its own"
_NONE: Final = "no namespace"
_NO_CHILD: Final = ("@", "#")
"""What the names of attributes and of texts begin with."""


@between("object", "object")
def xml_namespace(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise elements of one name in two namespaces, or in a namespace on one side only."""
    first, second = _namespaces(a), _namespaces(b)
    names = first | second
    # elements of one column in several namespaces are different things
    if [len(first), len(second), len(names)] != [1, 1, 2]:
        return None
    return IdiomClaim(
        kind=DifferenceKind.TYPE,
        a_fact=_as_fact(*first),
        b_fact=_as_fact(*second),
        rest=(Rest(a=_without_attributes(a, names), b=_without_attributes(b, names)),),
        explained=names - {""},
    )


def _without_attributes(column: Column, names: frozenset[str]) -> Column:
    """Return elements without some attributes; the order of their children is kept."""
    found: Column = []
    for value in column:
        kept = filterfalse(names.__contains__, value)
        found.append({name: value[name] for name in kept})
    return found


def _namespaces(column: Column) -> frozenset[str]:
    """Return the members that name the elements' namespaces; `` for an element without its own."""
    return frozenset(map(namespace_of, column))


def namespace_of(value: dict[str, Json]) -> str:
    """Return the name of an element's namespace member, `` without one."""
    return next(filter(methodcaller("startswith", NAMESPACE), value), "")


def _as_fact(member: str) -> str:
    """Return as a fact the namespace that a member names."""
    return as_fact(member.removeprefix(NAMESPACE) or _NONE) if member else _INHERITED


XML_NAMESPACE: Final = Idiom(
    name="xml-namespace",
    title="different XML namespace",
    explanation="The same element is in another namespace, so that a reader that asks for it by "
    "its whole name finds nothing.",
    cures=cures(
        bodies={XML},
        go=("the XMLName or the xml struct tag, with the namespace of the others", 1),
        rust=("the namespace that the writer declares on the element", 1),
        python=("the namespace of the element: {URI}name, or its nsmap", 1),
        typescript=("the xmlns that the builder of the element sets", 1),
        java=("@XmlSchema on the package, or the namespace of the element", 1),
        csharp=("the Namespace of [XmlRoot] or [XmlElement]", 1),
    ),
    detect=xml_namespace,
)


ELEMENT_ORDER: Final = Idiom(
    name="element-order",
    title="child elements in a different order",
    explanation="The children that an element of XML or HTML has on both sides stand in another "
    "order. A schema with xs:sequence, and a reader that goes by position, take one order only.",
    cures=cures(
        bodies={XML, HTML},
        go=(
            (
                "the order of the fields in the struct that is encoded, or of the elements in the "
                "template"
            ),
            1,
        ),
        rust=(
            (
                "the order of the fields in the struct that is serialised, or of the elements in "
                "the template"
            ),
            1,
        ),
        python=("the order in which the elements are added, or stand in the template", 1),
        typescript=(
            (
                "the order of the members of the object that is written, or of the elements in the "
                "template"
            ),
            1,
        ),
        java=(
            (
                "propOrder of @XmlType or @JsonPropertyOrder on the class, or the order in the "
                "template"
            ),
            1,
        ),
        csharp=("Order of [XmlElement] on the properties, or the order in the template", 1),
    ),
)


@between("object", "object")
def wrapped_children(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise children with one more element around them: `<items><item/></items>`."""
    inside_a, inside_b = members_of(a), members_of(b)
    wrapped = {
        outer: sole(members_of(inside_a[outer]))
        for outer in inside_a.keys() - inside_b.keys()
        if holds_only(inside_a[outer], dict)
    }
    children = {
        inner: outer
        for outer, inner in wrapped.items()
        if inner in inside_b.keys() - inside_a.keys()
    }
    inner = sole(children)
    if inner is None:
        return None
    outer = children[inner]
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact=f"{as_fact(inner)} enveloped in {as_fact(outer)}",
        b_fact=f"{as_fact(inner)} bare",
        rest=(
            Rest(a=list(map(_unwrapped, a, repeat(outer))), b=b, a_names={inner: (outer, inner)}),
        ),
    )


def _unwrapped(element: dict[str, Json], outer: str) -> dict[str, Json]:
    """Return an element in which one child is replaced by this child's own children."""
    unwrapped: dict[str, Json] = {}
    for name, value in element.items():
        unwrapped |= value if name == outer else {name: value}
    return unwrapped


WRAPPED_CHILDREN: Final = replace(ENVELOPE, detect=wrapped_children)
"""The idiom of an envelope, for some children of an element: writers put a list into an element of
its own."""


def renamed_root_element(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise two documents whose root elements have different names, whatever they hold.

    A document has only one root, so one root is in place of the other.
    """
    roots = two_roots(a, b)
    if roots is None:
        return None
    first, second = roots
    below_a, below_b = members_of(a)[first], members_of(b)[second]
    if not {*roots}.isdisjoint({*members_of(below_a), *members_of(below_b)}):
        return None  # one document holds the other one
    claim = of_two_names((first, below_a), (second, below_b))
    if not all(map(_is_one_empty, below_a, below_b)):
        return claim
    # each child would be absent from an empty document, which its root explains
    return replace(claim, rest=(), explained=frozenset(roots))


def _is_one_empty(x: Json, y: Json) -> bool:
    """Return whether just one of two elements has children, and nothing else differs in them."""
    (first, beside_first), (second, beside_second) = map(_children_apart, (x, y))
    is_one_without = bool(first) != bool(second)
    return all((is_one_without, beside_first == beside_second))


def _children_apart(element: Json) -> tuple[Sequence[str], Mapping[str, Json]]:
    """Return the tags of an element's children, and its other members that say something."""
    members = element if isinstance(element, dict) else {TEXT_OF_AN_ELEMENT: element}
    saying = dict(filterfalse(lambda each: is_no_text(*each), members.items()))
    tags = list(filterfalse(methodcaller("startswith", _NO_CHILD), saying))
    return tags, without(saying, tags)


RENAMED_ROOT_ELEMENT: Final = replace(RENAMED_ROOT, detect=renamed_root_element, at_root=True)
"""The idiom of a renamed root for XML, where a document may hold only text or empty elements."""


@between("object", "object")
@for_equal_lengths
def renamed_element(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise an element's only child that has two names and the same content, or number.

    Where there are several such elements, as in a list, all others have the same names on both
    sides.
    """
    names = list(zip(map(_only_child, a), map(_only_child, b), strict=True))
    pair = sole(set(compress(names, starmap(ne, names))))
    if pair is None or None in pair:
        return None
    first, second = map(str, pair)
    at = positions_of(map(pair.__eq__, names))
    inside_a = members_of(picked(a, at))[first]
    inside_b = members_of(picked(b, at))[second]
    respelled = positions_of(map(_are_one_number, inside_a, inside_b))
    # a different content is no sign that it is one element
    if not respelled and set(map(canonical, inside_a)).isdisjoint(map(canonical, inside_b)):
        return None
    others = indexes_without(set(at), len(a))
    left = indexes_without(set(respelled), len(at))
    below = Rest(
        a=picked(inside_a, left),
        b=picked(inside_b, left),
        a_at=(first,),
        b_at=(second,),
        elements=values_at(picked(at, left)),
    )
    beside = Rest(a=picked(a, others), b=picked(b, others), elements=values_at(others))
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact=as_fact(first),
        b_fact=as_fact(second),
        rest=(below, beside) if others else (below,),
        shown_by=lambda x, y: (_only_child(x), _only_child(y)) == pair,
        example=(at[0], at[0]),
    )


def _are_one_number(x: Json, y: Json) -> bool:
    """Return whether two texts are one number in two spellings, as `<double>` and `<int>` are."""
    numbers = number_in(x), number_in(y)
    return x != y and all(map(is_numeric, numbers)) and same_number(*numbers)


def _only_child(element: dict[str, Json]) -> str | None:
    """Return the name of the child that an element holds and nothing else, or None."""
    name = sole(element.keys())
    return None if name is None or name.startswith(_NO_CHILD) else name


RENAMED_ELEMENT: Final = replace(
    RENAMED_ROOT, detect=renamed_element, is_symmetric=True, of_forms=frozenset({"object"})
)
"""The idiom of a renamed root for an element within a document, such as `<i4>` and `<int>` of
XML-RPC."""


ENVELOPE_OF_DOCUMENT: Final = replace(ENVELOPE, at_root=True)
"""The idiom of an envelope, for a whole document in another element."""


def error_shape_of_roots(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise two error documents whose roots and whose elements have different names."""
    roots = two_roots(a, b)
    if roots is None:
        return None
    first, second = roots
    below_a, below_b = members_of(a)[first], members_of(b)[second]
    claim = error_shape(below_a, below_b, in_xml=True)
    if claim is None:
        return None
    rest = (replace(each, a_at=(first,), b_at=(second,)) for each in claim.rest)
    return replace(
        claim,
        a_fact=format_of(below_a, in_xml=True),
        b_fact=format_of(below_b, in_xml=True),
        rest=tuple(rest),
        explained=frozenset(),
    )


ERROR_SHAPE_OF_ROOTS: Final = replace(ERROR_SHAPE, detect=error_shape_of_roots, at_root=True)
"""The idiom of another error format, for documents in which the name of the root is part of the
format."""
ERROR_SHAPE_IN_XML: Final = replace(ERROR_SHAPE, detect=partial(error_shape, in_xml=True))
KEY_CASE_IN_XML_ERRORS: Final = replace(KEY_CASE, detect=partial(key_case_in_errors, in_xml=True))
"""The idioms of errors for XML, where the status of a problem document is a text."""

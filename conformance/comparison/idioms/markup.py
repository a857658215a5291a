"""What differs in documents of elements, XML and HTML, and not in other bodies."""

from typing import Final

from conformance.comparison.bodies.kind_names import HTML, XML
from conformance.comparison.difference import as_fact
from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.idioms.conditions import between
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import NAMESPACE
from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import each_without
from conformance.model.finding import DifferenceKind

_INHERITED: Final = "none of its own"
_NONE: Final = "no namespace"


@between("object", "object")
def xml_namespace(a: Column, b: Column) -> IdiomClaim | None:
    """See elements of one name in two namespaces, or in one on one side only."""
    first, second = _namespaces(a), _namespaces(b)
    # elements of one column in several namespaces are several things
    if len(first) != 1 or len(second) != 1 or first == second:
        return None
    names = first | second
    return IdiomClaim(
        kind=DifferenceKind.TYPE,
        a_fact=_as_fact(*first),
        b_fact=_as_fact(*second),
        rest=(Rest(a=each_without(a, names), b=each_without(b, names)),),
        explained=names - {""},
    )


def _namespaces(column: Column) -> frozenset[str]:
    """Return the members that name the namespaces of elements; empty for one without its own."""
    return frozenset(map(namespace_of, column))


def namespace_of(value: dict[str, Json]) -> str:
    """Return the member that names the namespace of an element, `` without one."""
    return next((name for name in value if name.startswith(NAMESPACE)), "")


def _as_fact(member: str) -> str:
    """Return the namespace that a member names as a fact."""
    return as_fact(member.removeprefix(NAMESPACE) or _NONE) if member else _INHERITED


XML_NAMESPACE: Final = Idiom(
    name="xml-namespace",
    title="another XML namespace",
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
    title="child elements in another order",
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

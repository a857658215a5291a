"""What differs in documents of elements, XML and HTML, and not in other bodies."""

from typing import Final

from conformance.comparison.idioms.idiom import Idiom, cures

ELEMENT_ORDER: Final = Idiom(
    name="element-order",
    title="child elements in another order",
    explanation="The children that an element of XML or HTML has on both sides stand in another "
    "order. A "
    "schema with xs:sequence, and a reader that goes by position, take one order only.",
    cures=cures(
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

"""Names with a prefix that are texts of XML: what counts is the namespace, as each writer's differ.

Such are the types of values (`xsi:type`), the codes of SOAP faults, and most of a WSDL document.
"""

import pytest

from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import read_body
from conformance.model.case import CompareLevel
from tests.comparison.differences import answer, between, seen
from tests.comparison.situations import places_with_values

XML = "application/xml"
SCHEMA = "http://www.w3.org/2001/XMLSchema"


def fault(prefix: str, code: str = "Client", namespace: str = "urn:soap") -> str:
    """Return a fault whose code is a name in the namespace of the envelope."""
    return (
        f'<{prefix}:Fault xmlns:{prefix}="{namespace}"><{prefix}:code>{prefix}:{code}</{prefix}:code>'
        f"</{prefix}:Fault>"
    )


def typed(prefix: str, kind: str, more: str = "") -> str:
    """Return a value of a type of XML Schema."""
    return (
        f'<v xmlns:i="{SCHEMA}-instance" xmlns:{prefix}="{SCHEMA}"{more} '
        f'i:type="{prefix}:{kind}">1</v>'
    )


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param(fault("s"), fault("soap"), [], id="text"),
        pytest.param(fault("s"), fault("soap", "Server"),
            [("error-code", "$.Fault.code")], id="other"),
        pytest.param(typed("xs", "int"), typed("xsd", "int"), [], id="attribute"),
        pytest.param(
            typed("xs", "int"), typed("xsd", "long"), [("value", "$.v['@xsi:type']")], id="type"
        ),
        pytest.param(
            typed("xs", "int"),
            typed("xsd", "int", ' xmlns:xs="urn:other"'),
            [],
            id="prefix-of-another-namespace",
        ),
        pytest.param(
            '<a xmlns:p="urn:1"><b>p:T</b></a>',
            '<a xmlns:p="urn:2"><b>p:T</b></a>',
            [("value", "$.a.b")],
            id="one-prefix-of-two-namespaces",
        ),
        pytest.param(
            '<s:a xmlns:s="urn:1"><b>s:T</b></s:a>', '<a xmlns="urn:1"><b xmlns="">s:T</b></a>', [],
            id="a-text-that-no-prefix-stands-in",
        ),
        pytest.param("<a>12:30</a>", "<a>12:30</a>", [], id="a-time"),
    ],
)  # fmt: skip
def test_names_in_texts_are_compared_by_their_namespaces(
    a: str, b: str, wanted: list[tuple[str, str]]
) -> None:
    assert seen(a, b, XML) == wanted
    assert seen(b, a, XML) == wanted


def test_a_name_is_shown_and_captured_as_it_was_sent() -> None:
    """Only two documents tell that it is another spelling."""
    both = [answer(each, media=XML) for each in (fault("s"), fault("soap", "Server"))]
    (sent,) = (each[2] for each in places_with_values(both, CompareLevel.VALUE))
    assert sent == (("a", '"s:Client"'), ("b", '"soap:Server"'))
    assert read_body(fault("s").encode(), read_label(XML)).value["Fault"]["code"] == "s:Client"
    assert not between(both[0], both[0], level=CompareLevel.SHAPE)


def test_a_namespace_is_shown_where_it_is_the_difference() -> None:
    """Names that are spelled alike and differ are never shown alike."""
    both = [
        answer(f'<a xmlns:p="{namespace}"><b>p:T</b><c>p:U</c></a>', media=XML)
        for namespace in ("urn:1", "urn:2")
    ]
    sent = [each[2] for each in places_with_values(both, CompareLevel.VALUE)]
    assert sent == [
        (("a", '"{urn:1}T"'), ("b", '"{urn:2}T"')),
        (("a", '"{urn:1}U"'), ("b", '"{urn:2}U"')),
    ]

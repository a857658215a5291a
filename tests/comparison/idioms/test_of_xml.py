"""Idioms of documents in XML: a fault beside a result, two shapes of errors, renamed elements."""

import pytest

from conformance.model.case import CompareLevel
from conformance.model.observation import Answer
from tests.comparison.differences import answer, between, seen
from tests.comparison.laws import findings_of

XML = "application/xml"
RPC_FAULT = (
    "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>4</int>"
    "</value></member><member><name>faultString</name><value>no</value></member></struct></value>"
    "</fault></methodResponse>"
)


def rpc(*values: str) -> str:
    """Return an answer of XML-RPC with some values."""
    params = "".join(f"<param><value>{value}</value></param>" for value in values)
    return f"<methodResponse><params>{params}</params></methodResponse>"


def problem(status: str) -> str:
    """Return what looks like a problem document of RFC 9457, with a status."""
    members = f"<type>urn:x</type><title>No item</title><status>{status}</status>"
    return f'<problem xmlns="urn:ietf:rfc:7807">{members}<detail>gone</detail></problem>'


def errors(first: str, second: str) -> tuple[Answer, Answer]:
    """Return two documents as answers with the status of an error."""
    return answer(first, 400, media=XML), answer(second, 400, media=XML)


def soap(body: str) -> str:
    """Return an answer of SOAP 1.1 with a body."""
    envelope = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
    return f"<s:Envelope {envelope}><s:Body>{body}</s:Body></s:Envelope>"


@pytest.mark.parametrize(
    ("a", "b", "place"),
    [
        pytest.param(rpc("<int>1</int>"), RPC_FAULT, "$.methodResponse", id="xml-rpc"),
        pytest.param(soap('<m:Price xmlns:m="urn:m">1</m:Price>'),
            soap("<s:Fault><faultcode>s:Client</faultcode></s:Fault>"), "$.Envelope.Body",
            id="soap"),
        pytest.param("<order><id>1</id></order>", "<error><code>1</code></error>", "$", id="roots"),
        pytest.param('<r xmlns="urn:r"><price>1</price></r>', '<r xmlns="urn:r"><error>no</error></r>',
            "$.r", id="within-a-namespace"),
        pytest.param('<order xmlns="urn:o"><id>1</id><name>x</name></order>', problem("404"), "$",
            id="a-problem-document"),
        pytest.param('<r xmlns="urn:r"><price>1</price></r>', '<r xmlns="urn:r">'
            f"{problem('404')}</r>", "$.r", id="a-problem-document-within"),
        pytest.param("<PublishResponse><MessageId>1</MessageId></PublishResponse>",
            "<ErrorResponse><Error><Code>E1</Code><Message>no way</Message></Error></ErrorResponse>",
            "$", id="the-root-of-an-error"),
        pytest.param('<Features xmlns="urn:f"><n>1</n></Features>',
            '<ExceptionReport xmlns="urn:o"><Exception exceptionCode="E1"><ExceptionText>no way'
            "</ExceptionText></Exception></ExceptionReport>", "$", id="roots-in-two-namespaces"),
    ],
)  # fmt: skip
def test_a_fault_beside_a_result(a: str, b: str, place: str) -> None:
    """It is one cause, by value and by shape."""
    for level in (CompareLevel.VALUE, CompareLevel.SHAPE):
        assert seen(a, b, XML, level) == [("result-vs-error", place)]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("<order><id>1</id></order>", "<order><id>1</id><error/></order>"),
        ("<order><id>1</id></order>", "<order><id>1</id><error>none</error></order>"),
    ],
)
def test_no_fault(a: str, b: str) -> None:
    """An error that says nothing, or beside a result, is a member."""
    assert seen(a, b, XML) == [("member", "$.order.error")]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("<order><id>1</id></order>", "<ErrorLog><id>1</id></ErrorLog>"),
        ("<error><code>E1</code></error>", "<ErrorReport><code>E1</code></ErrorReport>"),
    ],
)
def test_roots_of_no_fault(a: str, b: str) -> None:
    """Nothing known says that one is a result, and the other an error."""
    assert seen(a, b, XML) == [("renamed-root", "$")]


@pytest.mark.parametrize("b", [problem("200"), problem("open"), "<problem><id>4</id></problem>"])
def test_a_result_that_is_called_a_problem(b: str) -> None:
    """It is one whose status is no error's."""
    names = {name for name, _ in seen('<order xmlns="urn:o"><id>1</id></order>', b, XML)}
    assert "result-vs-error" not in names


@pytest.mark.parametrize(
    ("b", "place"),
    [
        ("<problem><status>400</status><title>x</title></problem>", "$"),
        ("<error><status>400</status><title>x</title></error>", "$.error"),
    ],
)
def test_two_shapes_of_errors(b: str, place: str) -> None:
    """Two documents of an error are one cause, whatever their roots are called."""
    first, second = errors("<error><code>1</code><why>x</why></error>", b)
    for level in (CompareLevel.VALUE, CompareLevel.SHAPE):
        facts = ("code, why", "problem document")
        assert between(first, second, level) == [("error-shape", place, *facts)]
        assert between(second, first, level) == [("error-shape", place, *facts[::-1])]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param(rpc("<i4>1</i4>"), rpc("<int>1</int>"),
            [("renamed-root", "$.methodResponse.params.param.value")], id="alone"),
        pytest.param(rpc("<i4>1</i4>", "<string>x</string>", "<i4>2</i4>"),
            rpc("<int>1</int>", "<string>y</string>", "<int>3</int>"),
            [("renamed-root", "$.methodResponse.params.param[*].value"),
             ("value", "$.methodResponse.params.param[*].value.i4"),
             ("value", "$.methodResponse.params.param[*].value.string")], id="beside-others"),
        pytest.param(rpc("<double>4.0</double>"), rpc("<int>4</int>"),
            [("renamed-root", "$.methodResponse.params.param.value")], id="another-number"),
        pytest.param(rpc("<int>1</int>", "<double>4.0</double>", "<double>5.5</double>"),
            rpc("<int>1</int>", "<int>4</int>", "<int>5</int>"),
            [("renamed-root", "$.methodResponse.params.param[*].value"),
             ("value", "$.methodResponse.params.param[*].value.double")], id="other-numbers"),
        pytest.param(rpc("<double>4.0</double>", "<double>2.5</double>", "<int>1</int>"),
            rpc("<int>4</int>", "<double>2.5</double>", "<int>1</int>"),
            [("renamed-root", "$.methodResponse.params.param[*].value")],
            id="names-on-both-sides"),
        pytest.param(rpc("<double>4.5</double>"), rpc("<int>4</int>"),
            [("member", "$.methodResponse.params.param.value.double"),
             ("member", "$.methodResponse.params.param.value.int")], id="unequal-numbers"),
        pytest.param(rpc("<i4>1</i4>"), rpc("<string>x</string>"),
            [("member", "$.methodResponse.params.param.value.i4"),
             ("member", "$.methodResponse.params.param.value.string")], id="another-content"),
        pytest.param('<r><i a="1"/></r>', '<r><i b="1"/></r>',
            [("member", "$.r.i['@a']"), ("member", "$.r.i['@b']")], id="an-attribute"),
    ],
)  # fmt: skip
def test_an_element_under_another_name(a: str, b: str, wanted: list[tuple[str, str]]) -> None:
    """One that is all of another element is renamed where its content is the same somewhere."""
    assert seen(a, b, XML) == wanted


SOAP_1_1_FAULT = soap(
    "<s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring></s:Fault>"
)


@pytest.mark.parametrize(
    ("a", "b", "media", "wanted"),
    [
        pytest.param(
            '{"error":{"code":"E","message":"no"}}',
            '{"error":{"reason":"E","text":"no"}}',
            "application/json",
            [("error-shape", "$.error")],
            id="json",
        ),
        pytest.param(
            '{"error":"no"}',
            '{"type":"urn:x","title":"no","status":404}',
            "application/json",
            [("error-shape", "$")],
            id="a-problem-document",
        ),
        pytest.param(
            SOAP_1_1_FAULT,
            soap(
                "<s:Fault><Code><Value>s:Sender</Value></Code><Reason>"
                "<Text>no</Text></Reason></s:Fault>"
            ),
            XML,
            [("error-shape", "$.Envelope.Body.Fault")],
            id="soap",
        ),
        pytest.param(SOAP_1_1_FAULT, RPC_FAULT, XML, [("error-shape", "$")], id="roots"),
    ],
)
def test_two_errors_with_the_status_of_a_success(
    a: str, b: str, media: str, wanted: list[tuple[str, str]]
) -> None:
    """They are two shapes of errors, as under the status of an error."""
    for level in (CompareLevel.VALUE, CompareLevel.SHAPE):
        assert seen(a, b, media, level) == wanted


@pytest.mark.parametrize(
    ("a", "b", "media", "facts"),
    [
        ('<error xmlns="urn:a"><c>E</c><d>m</d></error>', "<fault><f>E</f><g>m</g></fault>", XML,
            ("c, d", "f, g")),
        ('{"error":{"status":"E","detail":"m"}}', '{"error":{"code":"E","text":"m"}}',
            "application/json", ("detail, status", "code, text")),
        ('{"error":{"status":404,"detail":"m"}}', '{"error":{"code":"E","text":"m"}}',
            "application/json", ("problem document", "code, text")),
    ],
)  # fmt: skip
def test_the_facts_of_two_shapes(a: str, b: str, media: str, facts: tuple[str, str]) -> None:
    """A namespace is no member, and a problem document has a number as its status."""
    first, second = (answer(body, 400, media=media) for body in (a, b))
    ((name, _, *shown),) = between(first, second)
    assert (name, tuple(shown)) == ("error-shape", facts)


def test_children_that_stand_apart_in_an_error() -> None:
    """Where a shape of errors explains some children, those that are left are still compared."""
    apart = "<error><i>1</i><why>x</why><code>1</code><i>2</i></error>"
    together = "<problem><status>400</status><title>x</title><i>1</i><i>3</i></problem>"
    first, second = errors(apart, together)
    found = [(name, place) for name, place, *_ in between(first, second, CompareLevel.VALUE)]
    assert found == [("error-shape", "$"), ("value", "$.error.i[*]")]


@pytest.mark.parametrize(
    ("bare", "wrapped"),
    [
        pytest.param("<Error><Code>x</Code><Message>m</Message></Error>",
            "<Resp><Error><Code>x</Code><Message>m</Message></Error></Resp>", id="two-elements"),
        pytest.param("<Error><Code>x</Code></Error>",
            "<Resp><Error><Code>x</Code></Error></Resp>", id="one-element"),
        pytest.param("<E><Fault><code>x</code></Fault></E>",
            "<W><E><Fault><code>x</code></Fault></E></W>", id="a-fault"),
        pytest.param(RPC_FAULT, f"<r>{RPC_FAULT}</r>", id="xml-rpc"),
    ],
)  # fmt: skip
def test_an_error_in_another_element(bare: str, wrapped: str) -> None:
    """It is enveloped, as in JSON, on either side; what differs within is a cause of its own."""
    changed = wrapped.replace(">x<", ">y<").replace(">no<", ">y<")
    for level in (CompareLevel.VALUE, CompareLevel.SHAPE):
        a, b = errors(bare, wrapped)
        for given in ({"a": a, "b": b}, {"a": b, "b": a}, {"a": a, "b": b, "c": a}):
            (found,) = findings_of(given, list(given), level)
            assert (found.idiom, found.place) == ("envelope", "$")
    names = {name for name, *_ in between(*errors(bare, changed), CompareLevel.VALUE)}
    assert "envelope" in names
    assert len(names) == 2


@pytest.mark.parametrize(
    ("empty", "full", "wanted"),
    [
        pytest.param("<R/>", "<L><a/><b>1</b></L>", ["renamed-root"], id="children"),
        pytest.param("<R xmlns='u' k='1'/>", "<L xmlns='u' k='1'><a/><b>1</b></L>",
            ["renamed-root"], id="equal-attributes"),
        pytest.param("<R/>", "<L>1</L>", ["renamed-root", "value"], id="a-text"),
        pytest.param("<R k='1'/>", "<L k='2'><a/></L>", ["member", "renamed-root", "value"],
            id="another-attribute"),
        pytest.param("<R><a/></R>", "<L><a/><b>1</b></L>", ["member", "renamed-root"],
            id="one-child-more"),
    ],
)  # fmt: skip
def test_an_empty_document_under_another_root(empty: str, full: str, wanted: list[str]) -> None:
    """Its content is no cause for each child, if nothing else is there to compare."""
    a, b = (answer(each, media=XML) for each in (empty, full))
    for given in ({"a": a, "b": b}, {"a": b, "b": a}, {"a": a, "b": b, "c": a}):
        found = findings_of(given, list(given), CompareLevel.VALUE)
        assert sorted(each.name for each in found) == wanted


def test_nobody_agrees_with_an_empty_document() -> None:
    """What two documents under one root differ in says nothing of the empty one."""
    bodies = "<R/>", "<L><a/><b>1</b></L>", "<L><a/><b>2</b></L>"
    given = {name: answer(body, media=XML) for name, body in zip("abc", bodies, strict=True)}
    found = {each.name: each for each in findings_of(given, list(given), CompareLevel.VALUE)}
    assert set(found) == {"renamed-root", "value"}
    assert set(found["value"].runtimes) == {"b", "c"}

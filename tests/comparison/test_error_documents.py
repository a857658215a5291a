"""Errors in XML: faults of SOAP and XML-RPC, errors of OAI-PMH; what they are called and say."""

from collections.abc import Callable
from functools import partial

import pytest

from conformance.comparison.answers.answer import read_answer
from conformance.comparison.causes import causes_of
from conformance.comparison.error_codes import code_in_success, error_code
from conformance.model.case import CompareLevel
from conformance.model.finding import Finding
from conformance.model.observation import Answer
from conformance.model.request import Request
from tests.comparison.compared_steps import compared
from tests.comparison.differences import answer, between

XML = "application/xml"
ENVELOPE_1_1 = "http://schemas.xmlsoap.org/soap/envelope/"
ENVELOPE_1_2 = "http://www.w3.org/2003/05/soap-envelope"
REQUEST = Request(method="POST", target="/soap", headers=(), body=None)
Document = Callable[[str, str], str]


def bare(code: str, said: str) -> str:
    """Return a fault of SOAP 1.1 without a namespace."""
    fault = f"<faultcode>{code}</faultcode><faultstring>{said}</faultstring>"
    return f"<Envelope><Body><Fault>{fault}</Fault></Body></Envelope>"


def soap_1_1(code: str, said: str, language: str = "") -> str:
    """Return a fault of SOAP 1.1, whose elements are in no namespace."""
    fault = f"<faultcode>{code}</faultcode><faultstring{language}>{said}</faultstring>"
    return f'<s:Envelope xmlns:s="{ENVELOPE_1_1}"><s:Body><s:Fault>{fault}</s:Fault></s:Body></s:Envelope>'


def soap_1_2(code: str, said: str, below: str = "") -> str:
    """Return a fault of SOAP 1.2."""
    subcode = below and f"<s:Subcode><s:Value>{below}</s:Value></s:Subcode>"
    of_code = f"<s:Code><s:Value>{code}</s:Value>{subcode}</s:Code>"
    reason = f'<s:Reason><s:Text xml:lang="en">{said}</s:Text></s:Reason>'
    fault = f"<s:Fault>{of_code}{reason}</s:Fault>"
    return f'<s:Envelope xmlns:s="{ENVELOPE_1_2}"><s:Body>{fault}</s:Body></s:Envelope>'


def with_subcode(code: str, said: str) -> str:
    """Return a fault of SOAP 1.2 whose own code is the same for every error."""
    return soap_1_2("s:Sender", said, code)


def xml_rpc(code: str, said: str) -> str:
    """Return a fault of XML-RPC."""
    members = f"<member><name>faultCode</name><value><int>{code}</int></value></member>"
    members += f"<member><name>faultString</name><value><string>{said}</string></value></member>"
    struct = f"<value><struct>{members}</struct></value>"
    return f"<methodResponse><fault>{struct}</fault></methodResponse>"


def xml_rpc_in_text(code: str, said: str) -> str:
    """Return a fault of XML-RPC whose texts have no type, which makes them strings."""
    return xml_rpc(code, said).replace("<string>", "").replace("</string>", "")


def oai_pmh(code: str, said: str) -> str:
    """Return an error of OAI-PMH."""
    error = f'<request>http://x/</request><error code="{code}">{said}</error>'
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{error}</OAI-PMH>'


def aws(code: str, said: str) -> str:
    """Return an error of S3."""
    return f"<Error><Code>{code}</Code><Message>{said}</Message></Error>"


def fhir(code: str, said: str) -> str:
    """Return an error of FHIR, whose texts are attributes."""
    issue = f'<code value="{code}"/><details><text value="{said}"/></details>'
    return (
        f'<OperationOutcome xmlns="http://hl7.org/fhir"><issue>{issue}</issue></OperationOutcome>'
    )


def scim(code: str, said: str) -> str:
    """Return an error of SCIM (RFC 7644, section 3.12)."""
    return f'{{"scimType":"{code}","detail":"{said}","status":"400"}}'


IN_XML = [
    pytest.param(bare, 500, id="soap-without-namespaces"),
    pytest.param(soap_1_1, 500, id="soap-1.1"),
    pytest.param(partial(soap_1_1, language=' xml:lang="en"'), 500, id="soap-1.1-in-a-language"),
    pytest.param(soap_1_2, 500, id="soap-1.2"),
    pytest.param(with_subcode, 400, id="soap-1.2-subcode"),
    pytest.param(xml_rpc, 200, id="xml-rpc"),
    pytest.param(xml_rpc_in_text, 200, id="xml-rpc-in-text"),
    pytest.param(oai_pmh, 200, id="oai-pmh"),
    pytest.param(oai_pmh, 400, id="oai-pmh-with-a-status"),
    pytest.param(aws, 404, id="s3"),
    pytest.param(fhir, 404, id="fhir"),
]


def named(a: str, b: str, status: int, media: str = XML) -> list[str]:
    """Return the names of the differences by value of two bodies, the same from either side."""
    first, second = (answer(text, status, media=media) for text in (a, b))
    names = [name for name, *_ in between(first, second, CompareLevel.VALUE)]
    assert [name for name, *_ in between(second, first, CompareLevel.VALUE)] == names
    return names


@pytest.mark.parametrize(("document", "status"), IN_XML)
def test_the_code_and_the_message_of_an_error(document: Document, status: int) -> None:
    """Each is a difference by its name, alone and beside the other."""
    first = document("41", "no such item")
    assert named(first, document("42", "no such item"), status) == ["error-code"]
    assert named(first, document("41", "an item of no name"), status) == ["error-message"]
    both = document("42", "an item of no name")
    assert named(first, both, status) == ["error-code", "error-message"]


def test_the_code_of_scim() -> None:
    """Its name is `scimType`, in the difference and as the code of the refusal."""
    first, second = scim("noTarget", "no such path"), scim("invalidPath", "no such path")
    assert named(first, second, 400, "application/json") == ["error-code"]
    assert error_code(read_answer(answer(first, 400))) == "noTarget"


@pytest.mark.parametrize(
    ("a", "b", "status"),
    [
        pytest.param("<r><name>faultCode</name><value>1</value></r>",
            "<r><name>faultCode</name><value>2</value></r>", 200, id="a-result"),
        pytest.param("<e><m><name>price</name><value>1</value></m><m/></e>",
            "<e><m><name>price</name><value>2</value></m><m/></e>", 404, id="another-name"),
        pytest.param("<e><code>1</code><value>1</value></e>", "<e><code>1</code><value>2</value></e>",
            404, id="a-value-of-nothing"),
        pytest.param("<r><request>1</request><code>1</code></r>",
            "<r><request>1</request><code>2</code></r>", 200, id="a-code-of-a-result"),
    ],
)  # fmt: skip
def test_what_is_no_code(a: str, b: str, status: int) -> None:
    """A value under another name, or of what is no error, is a value."""
    assert named(a, b, status) == ["value"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ('{"detail":[{"type":"missing","loc":["body","a"],"msg":"Field required"}]}', "missing"),
        ('{"detail":[{"loc":["body","a"],"msg":"Field required"}]}', "Field required"),
        ('{"success":false,"issues":[{"code":"too_small","path":["a"]}]}', "too_small"),
        ('{"status":400,"violations":[{"field":"a","message":"is empty"}]}', "is empty"),
        ('{"errors":[{"msg":"no such item","path":"a"}]}', "no such item"),
        ('{"errors":["no such item"]}', "no such item"),
        ('{"statusCode":400,"message":["a should not be empty"]}', "a should not be empty"),
        ('{"code":"bad","errors":[{"code":"missing"}]}', "bad"),
        ('{"detail":["a"],"errors":[]}', ""),
    ],
)
def test_what_the_first_of_several_errors_is_called(document: str, code: str) -> None:
    """Lists of errors have their codes and messages under the names that frameworks use."""
    assert error_code(read_answer(answer(document, 400))) == code


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param(soap_1_1("s:Client", "no such item"), "no such item", id="of-every-error"),
        pytest.param(bare("CLIENT", "no such item"), "no such item", id="in-capitals"),
        pytest.param(soap_1_1("m:NoItem", "no such item"), "m:NoItem", id="of-its-own"),
        pytest.param(soap_1_1("s:Client.NoItem", "no"), "s:Client.NoItem", id="below-a-code"),
        pytest.param(soap_1_2("s:Sender", "no such item"), "no such item", id="soap-1.2"),
        pytest.param(with_subcode("m:NoItem", "no such item"), "m:NoItem", id="subcode"),
        pytest.param(xml_rpc("4", "no such item"), "4", id="xml-rpc"),
        pytest.param(oai_pmh("badVerb", "no such verb"), "badVerb", id="oai-pmh"),
        pytest.param(aws("NoSuchKey", "no such key"), "NoSuchKey", id="s3"),
        pytest.param(fhir("not-found", "no such patient"), "not-found", id="fhir"),
        pytest.param("<problem><type>about:blank</type><title>Gone</title></problem>", "Gone",
            id="a-type-that-names-nothing"),
        pytest.param("<error>no such item</error>", "no such item", id="a-text-alone"),
        pytest.param("<error><id>x</id></error>", "", id="neither"),
    ],
)  # fmt: skip
def test_what_an_error_is_called(document: str, code: str) -> None:
    """It is the code that says more than a status does, else the message."""
    assert error_code(read_answer(answer(document, 500, media=XML))) == code
    assert error_code(read_answer(answer(document, 200, media=XML))) == ""


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param(xml_rpc("4", "no such item"), "4", id="xml-rpc"),
        pytest.param(oai_pmh("badVerb", "no such verb"), "badVerb", id="oai-pmh"),
        pytest.param("<order><code>A1</code></order>", "", id="a-code-of-a-result"),
    ],
)
def test_what_an_error_in_a_success_is_called(document: str, code: str) -> None:
    """It is what the error calls itself; what a result calls a code is none."""
    assert code_in_success(read_answer(answer(document, 200, media=XML))) == code


def _cause(refused: Answer) -> str:
    result = answer(soap_1_1("", "").replace("Fault", "Order"), 200, media=XML)
    (found,) = (each for each in _findings(refused, result) if each.place == "status")
    (cause,) = causes_of(found, REQUEST)
    return cause.key


def _findings(a: Answer, b: Answer) -> tuple[Finding, ...]:
    return compared(a=a, b=b).findings


@pytest.mark.parametrize("document", [soap_1_1, soap_1_2])
def test_two_faults_beside_a_result_are_two_causes(document: Document) -> None:
    """Their code is that of every fault, and what they say tells them apart."""
    said = ("no such item", "no such item", "bad type")
    first, again, other = (
        _cause(answer(document("s:Sender", each), 500, media=XML)) for each in said
    )
    assert first == again != other

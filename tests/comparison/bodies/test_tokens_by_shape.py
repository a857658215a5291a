"""Tokens in bodies: what they hold is JSON; that a text is one, and that it is signed, is shape."""

import base64
import json
from typing import Any

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.values.lossless_json import Json
from conformance.model.case import CompareLevel
from conformance.model.finding import Facet
from tests.comparison.bodies.test_tokens import token
from tests.comparison.differences import answer, seen

SHAPE = CompareLevel.SHAPE


@pytest.mark.parametrize(
    ("second", "wanted"),
    [
        pytest.param(token("b3RoZXI", sub="u2"), [], id="another-subject"),
        pytest.param(token("", sub="u1"), [("member", "$.t.signature")], id="unsigned"),
        pytest.param("opaque", [("type", "$.t")], id="no-token"),
        pytest.param(None, [("type", "$.t")], id="null"),
    ],
)
def test_a_token_and_its_signature_are_shape(
    second: str | None, wanted: list[tuple[str, str]]
) -> None:
    """By shape a token is no text like others, and a signed one no unsigned one."""
    a, b = (json.dumps({"t": each}) for each in (token(sub="u1"), second))
    assert seen(a, b, "application/json", SHAPE) == wanted


def test_a_claim_that_comes_again_is_seen() -> None:
    """Readers disagree which of two claims of one name counts: the earlier one is shown."""
    twice = base64.urlsafe_b64encode(b'{"sub":"u1","sub":"u2"}').decode().rstrip("=")
    header, _, signature = token(sub="u2").split(".")
    a, b = (json.dumps({"t": each}) for each in (token(sub="u2"), f"{header}.{twice}.{signature}"))
    assert seen(a, b, "application/json") == [("member", "$.t.claims['sub (earlier value 1)']")]


@pytest.mark.parametrize("level", [SHAPE, CompareLevel.VALUE])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param([token(sub="u1")], ["opaque"], id="alone"),
        pytest.param([token(sub="u1"), token(sub="u2")], [token(sub="u1"), "opaque"], id="one"),
        pytest.param([token(sub="u1"), "opaque"], ["opaque", "opaque"], id="among-others"),
    ],
)
def test_a_token_beside_another_text_is_of_shape_at_either_level(
    level: CompareLevel, first: list[str], second: list[str]
) -> None:
    """A look at the values says no less of the structure than one at the shape alone."""
    a, b = (read_answer(answer(json.dumps({"t": each}))) for each in (first, second))
    for one, other in ((a, b), (b, a)):
        (found,) = compare_answers(one, other, Terms(level=level)).differences
        assert (found.name, found.facet, found.places[0]) == ("type", Facet.SHAPE, "$.t[*]")


@pytest.mark.parametrize("level", [SHAPE, CompareLevel.VALUE])
@pytest.mark.parametrize("field", ["x-token", "set-cookie"])
@pytest.mark.parametrize("other", ["opaque", token("", sub="u1")])
def test_a_token_of_a_field_is_of_its_shape_at_either_level(
    level: CompareLevel, field: str, other: str
) -> None:
    """That one field has no token, or an unsigned one, is no matter of what it says."""
    values = (f"sid={value}" if field == "set-cookie" else value for value in (token(), other))
    sent: list[dict[str, Any]] = [{field: value} for value in values]
    a, b = (read_answer(answer(**fields), fields=(field,)) for fields in sent)
    (found,) = compare_answers(a, b, Terms(level=level)).differences
    assert found.facet is Facet.HEADERS
    assert found.facts[0] == "a signed token"


AROUND = {
    "application/xml": "<r><t>{}</t></r>",
    "text/xml": '<r><t v="{}"/></r>',
    "application/soap+xml": '<r><t v="1">{0}</t><t v="2">{0}</t></r>',
    "text/html": "<p><b>{}</b></p>",
    "application/xhtml+html": "<p><input name=id_token value={}></p>",
    "application/x-www-form-urlencoded": "t={}",
}
"""A body of each kind that is no JSON, with a place for a token."""


@pytest.mark.parametrize("level", [SHAPE, CompareLevel.VALUE])
@pytest.mark.parametrize("media", AROUND)
@pytest.mark.parametrize(
    ("claims", "others"),
    [
        pytest.param({"aud": "a"}, {"aud": ["a"]}, id="list"),
        pytest.param({"r": {"k": 1}}, {"r": [{"k": 1}]}, id="list-of-objects"),
        pytest.param({"r": {}}, {"r": ""}, id="empty"),
        pytest.param({"r": "x"}, {"r": {"#text": "x"}}, id="text"),
        pytest.param({"a": True}, {"a": "true"}, id="boolean"),
        pytest.param({"a": None, "b": 1}, {"b": 1}, id="null"),
        pytest.param({"a": 1}, {"a": 1.0}, id="number"),
        pytest.param({"a": {"b": 1, "c": 2}}, {"a": {"c": 2, "b": 1}}, id="order"),
    ],
)
def test_what_a_token_holds_is_json_in_every_kind_of_body(
    level: CompareLevel, media: str, claims: dict[str, Json], others: dict[str, Json]
) -> None:
    """Neither is it as lax as XML, nor does it have children in an order."""
    tokens = token(**claims), token(**others)
    first, second = (json.dumps({"t": each}) for each in tokens)
    wanted = [name for name, _ in seen(first, second, "application/json", level)]
    a, b = map(AROUND[media].format, tokens)
    found = seen(a, b, media, level)
    assert [name for name, _ in found] == wanted
    assert all(".claims." in place for _, place in found)


@pytest.mark.parametrize("media", AROUND)
def test_the_header_of_a_token_is_json_too(media: str) -> None:
    """The order of its members is none, and one value is no list of one."""
    header = {"alg": "HS256", "crit": "x"}
    reordered, other = {"crit": "x", "alg": "HS256"}, {"alg": "HS256", "crit": ["x"]}
    first, *others = (
        AROUND[media].format(token(header=each)) for each in (header, reordered, other)
    )
    assert seen(first, others[0], media) == []
    assert [name for name, _ in seen(first, others[1], media)] == ["scalar-vs-list"]


def test_what_is_around_a_token_is_markup_still() -> None:
    """Elements behind it have an order; one that holds a token shows it whole."""
    a, b = (f"<r><t>{token(a=1)}</t><u>{each}</u></r>" for each in ("<i/><k/>", "<k/><i/>"))
    assert seen(a, b, "application/xml") == [("element-order", "$.r.u")]
    holders = f"<o><i>1</i><s><t>{token(a=1)}</t></s></o>", "<o><i>2</i></o>"
    others = "<o><i>1</i></o>", f"<o><i>2</i><s><t>{token(a=2)}</t></s></o>"
    first, second = (
        read_answer(answer(f"<r>{''.join(each)}</r>", media="application/xml"))
        for each in (holders, others)
    )
    (elsewhere,) = compare_answers(first, second, Terms(level=CompareLevel.VALUE)).differences
    assert elsewhere.places == ("$.r.o[*].s", "$.r.o[*].s")
    shown = elsewhere.occurrences[0].a, elsewhere.occurrences[1].b
    assert [each["t"]["claims"] for each in shown] == [{"a": 1}, {"a": 2}]

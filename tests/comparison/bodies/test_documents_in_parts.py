"""What is said of a document is the same whether it is a body or a part of one."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.finding_titles import title_of
from conformance.model.case import CompareLevel
from conformance.model.finding import Finding
from conformance.model.json_path import parse_path
from conformance.model.observation import Answer
from conformance.model.rule import OrderRule, RuleKind
from tests.comparison.derived_findings import findings
from tests.comparison.differences import PLACE, Row, answer, between, rule, seen

MULTIPART: Final = "multipart/form-data; boundary=z"
CSV, XML, HTML, JSON = "text/csv", "application/xml", "text/html", "application/json"
Typed = tuple[str, str]
"""A media type and a body."""
ROWS: Final = "id,name\n1,Ann\n2,Bob\n3,Cy\n"
SITUATIONS: Final = [
    pytest.param((XML, "<r><a>1</a><b>2</b></r>"), (XML, "<r><b>2</b><a>1</a></r>"), id="order"),
    pytest.param((XML, '<r xmlns="a"><a>1</a></r>'), (XML, '<r xmlns="b"><a>1</a></r>'),
                 id="namespace"),
    pytest.param((XML, "<r><a>1</a></r>"), (XML, "<s><a>1</a></s>"), id="root"),
    pytest.param((XML, "<r><a>1</a></r>"), (XML, "<r><a>1</a><a>2</a></r>"), id="repeated"),
    pytest.param((XML, "<r>Hi <b/></r>"), (XML, "<r><p>Hi</p> <b/></r>"), id="moved-text"),
    pytest.param((XML, "<r><a>1</a></r>"), (XML, "<r><a>1</r>"), id="cut-xml"),
    pytest.param((HTML, "<p>a</p><b>c</b>"), (HTML, "<b>c</b><p>a</p>"), id="order-in-html"),
    pytest.param((CSV, ROWS), (CSV, ROWS.split("\n", 1)[1]), id="no-header"),
    pytest.param((CSV, ROWS), (CSV, ROWS.replace("id,name", "ID,NAME")), id="capitals"),
    pytest.param((CSV, ROWS), (CSV, ROWS.replace("name", "label")), id="renamed"),
    pytest.param((CSV, "id,n\n1,x\n2,y\n"), (CSV, "id\n1\n2\n"), id="a-column-less"),
    pytest.param((CSV, "id,n\n1,x\n2,y\n"), (CSV, "id,n\n1,x\n2\n"), id="a-cell-less"),
    pytest.param((CSV, ROWS), (CSV, "a message"), id="no-table"),
    pytest.param((JSON, '{"a":1}'), (HTML, "<p>no</p>"), id="json-and-html"),
    pytest.param((JSON, '{"a":1}'), (XML, "<a>1</a>"), id="json-and-xml"),
    pytest.param((JSON, '{"a":1}'), ("text/plain", "no"), id="json-and-text"),
    pytest.param((JSON, '{"a":1,"b":[1,2]}'), (JSON, '{"a":1,"b":[1'), id="cut-json"),
    pytest.param((JSON, '{"a":1}'), (JSON, '{"data":{"a":1}}'), id="envelope"),
    pytest.param((JSON, '{"a":1}'), ("text/html", '{"a":1,"b":2}'), id="json-as-html"),
    pytest.param((JSON, '{"a":NaN}'), (JSON, '{"a":1}'), id="no-number"),
    pytest.param(("text/plain", "a\r\nb\r\n"), ("text/plain", "a\nb\n"), id="line-ends"),
    pytest.param(("text/plain", "a\nb"), ("text/plain", "a\nc"), id="texts"),
    pytest.param(("text/event-stream", "event: a\ndata: 1\n\n"),
                 ("text/event-stream", "event: b\ndata: 1\n\n"), id="events"),
]  # fmt: skip


def part(typed: Typed, name: str = 'Content-Disposition: form-data; name="t"\r\n') -> Answer:
    """Return an answer with a document as its only part."""
    media, body = typed
    text = f"--z\r\n{name}Content-Type: {media}\r\n\r\n{body}\r\n--z--\r\n"
    return answer(text, media=MULTIPART)


def whole(typed: Typed) -> Answer:
    """Return an answer with a document as its body."""
    return answer(typed[1], media=typed[0])


def said(given: Sequence[Answer], at: str = "$.t") -> list[tuple[str, ...]]:
    """Return what is said of answers, with the places that a whole body has."""
    found = findings(*([each] for each in given))
    return sorted((_of_whole(each.place, at), *_what(each), *_leaders(each, at)) for each in found)


def _what(finding: Finding) -> tuple[str, ...]:
    """Return the name and the facts; nothing for a media type, which is a field or a member."""
    if finding.place.endswith(("content-type", ".type")):
        return ()
    return finding.name, finding.signatures[0].odd, finding.signatures[0].rest


def _leaders(finding: Finding, at: str) -> tuple[str, ...]:
    if finding.follows is None:
        return ()
    return tuple(_of_whole(place, at) for place in finding.follows.places)


def _of_whole(place: str, at: str) -> str:
    """Return a place in a part as the place in a body that is this part."""
    if place in {f"{at}.type", "header content-type"}:
        return "type"
    return place.replace(f"{at}.body", "$").replace("kind", "$")


@pytest.mark.parametrize(("first", "second"), SITUATIONS)
def test_a_part_is_compared_as_a_body_is(first: Typed, second: Typed) -> None:
    """All that is said of two documents, and what follows from what, is the same in a part."""
    for given in ((first, first, second), (second, first, first)):
        assert said(list(map(part, given))) == said(list(map(whole, given)))


@pytest.mark.parametrize(
    ("media", "bodies"),
    [
        (CSV, [ROWS, ROWS.replace("name", "label"), ROWS.replace("id,name", "ID,NAME"),
               "id\n1\n2\n3\n", "1,Ann\n2,Bob\n3,Cy\n", "name,id\nAnn,1\nBob,2\nCy,3\n"]),
        (XML, ["<r><a>1</a><b>2</b></r>", "<r><b>2</b><a>1</a></r>", "<s><a>1</a></s>",
               '<r xmlns="u"><a>1</a><b>2</b></r>', "<r><a>1</a><a>2</a></r>", "<r>"]),
        (JSON, ['{"a":1}', '{"a":"1"}', '{"A":1}', "[1]", '{"a":1', '{"data":{"a":1}}']),
    ],
)  # fmt: skip
def test_three_parts_are_compared_as_three_bodies_are(media: str, bodies: list[str]) -> None:
    """Also where two of them differ in one way, and the third in another one."""
    for three in combinations(bodies, 3):
        given = [(media, body) for body in three]
        assert said(list(map(part, given))) == said(list(map(whole, given))), three


def test_the_titles_of_kinds_say_in_which_part_they_are() -> None:
    """A whole body has no path; a part has one."""
    given = [part((JSON, '{"a":1}')), part((JSON, '{"a":1}')), part((HTML, "<p>no</p>"))]
    titles = [title_of(each) for each in findings(*([each] for each in given))]
    assert "kind of $.t.body: HTML instead of JSON" in titles


def _mixed(*documents: Typed) -> str:
    parts = (f"--z\r\nContent-Type: {media}\r\n\r\n{body}\r\n" for media, body in documents)
    return "".join(parts) + "--z--\r\n"


MIXED: Final = "multipart/mixed; boundary=z"
FIELDS: Final = (JSON, '{"n":1}')
AB, BA = (XML, "<r><a>1</a><b>2</b></r>"), (XML, "<r><b>2</b><a>1</a></r>")


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        pytest.param((FIELDS, AB), (FIELDS, BA), [("element-order", "$.parts[*].body.r")],
                     id="one"),
        pytest.param((AB, AB), (BA, BA), [("element-order", "$.parts[*].body.r")], id="two"),
        pytest.param((FIELDS, AB), (AB, FIELDS), [("another-order", "$.parts")], id="moved"),
        pytest.param((AB, AB), (AB,), [("length", "$.parts")], id="fewer"),
        pytest.param((FIELDS, AB), ((JSON, '{"n":2}'), BA),
                     [("element-order", "$.parts[*].body.r"), ("value", "$.parts[*].body.n")],
                     id="of-two-kinds"),
    ],
)  # fmt: skip
def test_parts_without_a_name_go_by_their_index(
    first: Sequence[Typed], second: Sequence[Typed], wanted: list[tuple[str, str]]
) -> None:
    """Those at one index are compared as bodies, whatever the kinds of the others."""
    assert seen(_mixed(*first), _mixed(*second), MIXED) == wanted


def test_equal_differences_of_several_parts_are_one() -> None:
    """It is seen once in each of the parts, and not more often."""
    a, b = (read_answer(answer(_mixed(each, each), media=MIXED)) for each in (AB, BA))
    outcome = compare_answers(a, b, Terms(level=CompareLevel.VALUE))
    (found,) = outcome.differences
    assert [each.element for each in found.occurrences] == [(0,), (1,)]


def test_documents_in_parts_of_parts() -> None:
    """A part of a part is a body too."""
    inner = [_mixed(FIELDS, each).replace("--z", "--y") for each in (AB, BA)]
    first, second = (_mixed(("multipart/mixed; boundary=y", each)) for each in inner)
    assert seen(first, second, MIXED) == [("element-order", "$.parts[*].body.parts[*].body.r")]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("$.t", []), ("$.t.body", []), ("$.**", []), ("$.t.body.r", []),
        ("$.t.body.r.a", [("value", "$.t.body.r.b")]),
    ],
)  # fmt: skip
def test_rules_are_about_documents_in_parts(path: str, wanted: list[tuple[str, str]]) -> None:
    """They have the path of the part before that of the document."""
    rules = (rule(path, RuleKind.ANY),)
    other = (XML, "<r><b>3</b><a>3</a></r>")
    found = between(part(AB), part(other), CompareLevel.VALUE, rules)
    assert [each[:2] for each in found] == wanted


def test_a_rule_frees_the_order_of_children_in_a_part() -> None:
    """The order of children is accepted where a rule says so, in a part as in a body."""
    rules = (OrderRule(path=parse_path("$.t.body.r"), why="a test", place=PLACE),)
    assert between(part(AB), part(BA), CompareLevel.VALUE, rules) == []


@pytest.mark.parametrize("accepted", [(JSON, '{"a":1}'), (XML, "<a/>"), ("text/plain", "no")])
def test_a_rule_accepts_another_kind_of_part(accepted: Typed) -> None:
    """A part that may be anything may be of any kind."""
    rules = (rule("$.t.body", RuleKind.ANY), rule("$.t.type", RuleKind.ANY))
    assert between(part(accepted), part((HTML, "<p/>")), CompareLevel.VALUE, rules) == []


def test_the_fields_of_a_form_are_values() -> None:
    """Without types, a text beside JSON is another type, and no other kind of document."""
    field = '--z\r\nContent-Disposition: form-data; name="t"\r\n\r\n{}\r\n--z--\r\n'
    assert seen(field.format("[1]"), field.format("no"), MULTIPART) == [("type", "$.t.body")]


@pytest.mark.parametrize(("first", "second"), SITUATIONS)
def test_by_shape_a_part_is_compared_as_a_body_is(first: Typed, second: Typed) -> None:
    """Differences of shape are the same, too."""
    in_parts = between(part(first), part(second))
    assert _places(in_parts) == _places(between(whole(first), whole(second)))


def _places(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Return rows without those about types, at the places of a whole body."""
    places = [(name, _of_whole(place, "$.t"), *facts) for name, place, *facts in rows]
    return sorted(each for each in places if each[1] != "type")


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        pytest.param(
            [(JSON, '{"id":1,"v":1}'), (JSON, '{"id":2,"v":2}'), (JSON, '{"id":3,"v":3}')],
            [(JSON, '{"id":2,"v":2}'), (JSON, '{"id":1,"v":1}'), (JSON, '{"id":3,"v":9}')],
            ["$.parts[*].body.v"],
            id="swapped-and-one-changed",
        ),
        pytest.param(
            [(JSON, '{"a":1}'), (XML, "<r>1</r>")],
            [(XML, "<r>1</r>"), (JSON, '{"a":2}')],
            ["$.parts[*].body.a"],
            id="two-kinds",
        ),
    ],
)
def test_parts_in_another_order_are_not_compared_by_index(
    first: list[Typed], second: list[Typed], wanted: list[str]
) -> None:
    """The order is one difference, and the part that is changed another one."""
    bodies = [
        "".join(f"--z\r\nContent-Type: {media}\r\n\r\n{body}\r\n" for media, body in parts)
        for parts in (first, second)
    ]
    a, b = (answer(f"{body}--z--\r\n", media=MULTIPART) for body in bodies)
    places = sorted(place for _, place, _, _ in between(a, b, CompareLevel.VALUE))
    assert places == ["$.parts", *wanted]

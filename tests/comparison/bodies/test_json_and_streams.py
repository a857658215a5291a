"""JSON under any label, JSON lines and events: one changed thing is one difference, at its path."""

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import read_body
from conformance.comparison.values.lossless_json import spelling
from conformance.model.case import CompareLevel
from conformance.model.json_path import parse_path
from conformance.model.rule import JoinRule, RuleKind
from tests.comparison.differences import PLACE, answer, between, rule, seen

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
LINES, EVENTS = "application/x-ndjson", "text/event-stream"

JSON_LABELS = [
    "application/json", "text/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1",
    "application/json-rpc",
    "application/jsonrequest", "application/vnd.api+json", "application/hal+json; charset=utf-8",
    "APPLICATION/JSON",
    "application/x-json", "application/geo+json", "application/json+protobuf",
    "application/json; profile=x",
]  # fmt: skip
LINES_LABELS = [
    "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
    "application/jsonlines",     "application/json-seq", "application/x-json-lines", "text/jsonl",
    "application/stream+json", "application/geo+json-seq", "application/x-ldjson",
]  # fmt: skip
NO_JSON_LABELS = [
    "application/jsonpath",
    "text/javascript",
    "application/jose",
    "image/png",
    "text/html",
    "text/css",
]


@pytest.mark.parametrize("media", JSON_LABELS)
def test_json_is_read_under_any_label(media: str) -> None:
    """The shapes of two bodies differ under any name of their JSON.

    The order of members never counts.
    """
    assert seen('{"a":true}', '{"b":"boom"}', media, SHAPE) == [
        ("member", "$.a"),
        ("member", "$.b"),
    ]
    assert seen('{"a":1,"b":2}', '{"b":2,"a":1}', media) == []


@pytest.mark.parametrize("media", LINES_LABELS)
def test_json_lines_are_read_under_any_label(media: str) -> None:
    """Each line is a record."""
    assert read_body(b'{"a":1}\n{"a":2}\n', read_label(media)).value == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("media", NO_JSON_LABELS)
def test_other_labels_are_no_json(media: str) -> None:
    """A label that only looks alike is not taken for JSON."""
    assert read_body(b"5", read_label(media)).kind not in {"JSON", "JSON lines"}


@pytest.mark.parametrize(
    "media", [None, "text/plain", "application/octet-stream", "application/vnd.own"]
)
@pytest.mark.parametrize(
    "other", [None, "text/plain", "application/octet-stream", "application/json", "text/json"]
)
def test_a_label_that_says_nothing_leaves_it_to_the_content(
    media: str | None, other: str | None
) -> None:
    """What begins as an object or array and parses is JSON.

    Another label is a difference of the header alone.
    """
    a, b = answer('{"a":true}', media=media), answer('{"b":"boom"}', media=other)
    shape = [(name, place) for name, place, _, _ in between(a, b) if not place.startswith("header")]
    assert shape == [("member", "$.a"), ("member", "$.b")]
    assert {place for _, place, _, _ in between(a, answer(a.body, media=other))} <= {
        "header content-type"
    }


@pytest.mark.parametrize("body", ["5", '"x"', "{bad", "[1", "{}x", ""])
def test_what_does_not_parse_as_a_container_is_no_json(body: str) -> None:
    """A text that is a number, or is torn, stays a text."""
    assert read_answer(answer(body, media="text/plain")).body.kind in {"text", "empty"}


def test_the_spelling_of_json_counts_where_nobody_declares_json() -> None:
    """Two files that are sent as bytes differ by their blanks, though they are read as JSON.

    Declared JSON does not.
    """
    texts = ('{"a": 1}', '{"a":1}')
    assert [name for name, _ in seen(*texts, "application/octet-stream")] == ["text"]
    assert seen(*texts, "application/octet-stream", SHAPE) == []
    assert seen_unlabelled(*texts) == []
    mixed = between(answer(texts[0], media="text/plain"), answer(texts[1]), VALUE)
    assert {place for _, place, _, _ in mixed} == {"header content-type"}


def seen_unlabelled(a: str, b: str) -> list[str]:
    """Return the names of the differences of two bodies without a label."""
    return [name for name, _, _, _ in between(answer(a, media=None), answer(b, media=None), VALUE)]


def test_a_suite_says_what_a_body_is() -> None:
    """The word of the suite counts, whatever the label."""
    a, b = (
        read_answer(answer(body, media="text/html"), read_as="json")
        for body in ('{"a":1}', '{"a":2}')
    )
    assert (a.body.kind, b.body.value) == ("JSON", {"a": 2})


RECORDS = '{"id":1,"n":"a"}\n{"id":2,"n":"b"}\n'


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        pytest.param(RECORDS, [], id="same"),
        pytest.param(RECORDS.replace("\n", "\r\n"), [], id="line-ends"),
        pytest.param(RECORDS.rstrip(), [], id="no-last-line-end"),
        pytest.param("\n" + RECORDS + "\n\n", [], id="blank-lines"),
        pytest.param("\x1e" + RECORDS.replace("\n", "\n\x1e", 1), [], id="record-separators"),
        pytest.param(RECORDS.replace('"id":2,"n":"b"', '"n":"b", "id":2'), [], id="spelling"),
        pytest.param(RECORDS.replace('"b"', '"c"'), [("value", "$[*].n")], id="value"),
        pytest.param(RECORDS.replace("2", '"2"'), [("number-as-string", "$[*].id")], id="type"),
        pytest.param(RECORDS.replace(',"n":"b"', ""), [("member", "$[*].n")], id="member"),
        pytest.param(RECORDS + '{"id":3,"n":"c"}\n', [("length", "$")], id="one-more"),
        pytest.param(RECORDS.replace('"b"}', '"b"'), [("malformed-body", "kind"),
            ("note", "note invalid-json")], id="torn"),
    ],
)  # fmt: skip
def test_json_lines(changed: str, wanted: list[tuple[str, str]]) -> None:
    """Records are compared as the elements of a list."""
    assert seen(RECORDS, changed, LINES) == wanted


def test_several_documents_under_a_label_of_json() -> None:
    """A stream of records that calls itself JSON is read as one."""
    assert seen(RECORDS, RECORDS.replace('"b"', '"c"'), "application/json") == [("value", "$[*].n")]
    lines = read_answer(answer(RECORDS))
    assert (lines.body.kind, lines.body.notes) == ("JSON lines", ())


@pytest.mark.parametrize("between_two", ["", " ", "\n", "\r\n\r\n"])
def test_documents_may_follow_each_other_anyhow(between_two: str) -> None:
    """Where one ends the next may begin, in the same line or after several lines of its own."""
    documents = ['{\n "a": "}{"\n}', "[1,\n2.50]", '{"a": {"b": []}}']
    raw = between_two.join(documents).encode()
    body = read_body(raw, read_label("application/json"))
    assert (body.kind, body.notes) == ("JSON lines", ())
    assert [each["a"] for each in (body.value[0], body.value[2])] == ["}{", {"b": []}]
    assert spelling(body.value[1][1]) == "2.50"


@pytest.mark.parametrize(
    "text", ['{"a":1}{"a":', '{"a":1}x', "1 2", '{"a":1},{"a":2}', '{"a":1} 5']
)
def test_what_is_not_all_documents_is_no_json(text: str) -> None:
    """A rest that is none, and numbers of which nobody knows where one ends, are text with a note."""
    body = read_body(text.encode(), read_label("application/json"))
    assert (body.kind, body.notes) == ("text", ("invalid-json",))


def test_rules_apply_to_records() -> None:
    """A rule's path goes through the records, and `key` says which belong together."""
    a, b = (answer(body, media=LINES) for body in (RECORDS, RECORDS.replace('"b"', '"c"')))
    assert between(a, b, VALUE, (rule("$[*].n", RuleKind.STRING),)) == []


STREAM = """\
event: start
id: 1
data: {"m":"x"}

: ping

data: {"delta":"Hel"}

data: {"delta":"lo"}

data: [DONE]

"""


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        pytest.param(STREAM, [], id="same"),
        pytest.param(STREAM.replace("\n", "\r\n"), [], id="line-ends"),
        pytest.param(STREAM.replace("\n", "\r"), [], id="carriage-returns"),
        pytest.param(STREAM.replace(": ping\n\n", ""), [], id="comment"),
        pytest.param(STREAM.replace("data: ", "data:"), [], id="no-space"),
        pytest.param("\ufeff" + STREAM, [], id="byte-order-mark"),
        pytest.param(STREAM.replace('{"m":"x"}', '{"m":\ndata: "x"}'), [], id="data-in-two-lines"),
        pytest.param(STREAM.replace("start", "begin"), [("value", "$[*].event")], id="event"),
        pytest.param(STREAM.replace("id: 1\n", ""), [("member", "$[*].id")], id="id"),
        pytest.param(STREAM.replace("data: [DONE]\n\n", ""), [("note", "note ends-with-done")],
            id="no-terminator"),
        pytest.param(STREAM.replace('"lo"', '"low"'), [("value", "$[*].data.delta")], id="data"),
        pytest.param(STREAM.replace('data: {"delta":"lo"}\n\n', ""), [("length", "$")],
            id="one-less"),
        pytest.param(STREAM[:-1], [("note", "note unfinished-event")], id="unfinished"),
        pytest.param(STREAM + "data: {}\n\n", None, id="after-the-end"),
    ],
)  # fmt: skip
def test_events(changed: str, wanted: list[tuple[str, str]] | None) -> None:
    """Fields and data are compared, and how a stream is written is not."""
    found = seen(STREAM, changed, EVENTS)
    assert found == wanted if wanted is not None else ("note", "note events-after-done") in found


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param('{"x":1,"x":2}', '{"x":9,"x":2}', [("value", "$['x (earlier value 1)']")],
            id="earlier-value"),
        pytest.param('{"x":1,"x":2}', '{"x":1,"x":2}', [], id="same"),
        pytest.param('{"p":{"x":1,"x":1},"q":{"x":1}}', '{"p":{"x":1},"q":{"x":1,"x":1}}',
                     [("member", "$.p['x (earlier value 1)']"), ("member", "$.q['x (earlier value 1)']")],
                     id="other-object"),
    ],
)  # fmt: skip
def test_members_that_come_again_are_compared(
    a: str, b: str, wanted: list[tuple[str, str]]
) -> None:
    """Where both bodies have a member twice, each of its values counts at its place."""
    assert sorted(seen(a, b, "application/json")) == wanted


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param('{"error":"quota"}\n', '{"error":"no such model"}\n',
            [("error-message", "$.error")],
            id="json"),
        pytest.param("Internal Server Error", "quota", [("text", "$")], id="text"),
        pytest.param("x: 1", "x: 2", [("text", "$")], id="other-fields"),
        pytest.param("<h1>Bad gateway</h1>", "", [("body-not-its-label", "kind"),
            ("note", "note no-event-stream")], id="page"),
        pytest.param("\n\n", "\n", [], id="no-line"),
        pytest.param(": ping\n\n", "\n", [], id="comments-alone"),
        pytest.param(
            'data: {"a":1}\n\n{"b":2}\n\n',
            'data: {"a":1}\n\n',
            [
                ("length", "$"),
                ("member", "$[*].data"),
                ("member", "$[*].unknown"),
                ("note", "note unknown-event-lines"),
            ],
            id="line-after",
        ),
        pytest.param("data: 1\nx: 1\n\n", "data: 1\nx: 2\n\n", [("value", "$[*].unknown[*]")],
            id="line-in-event"),
        pytest.param(": ping\n\nquota", ": ping\n\nboom", [("value", "$[*].unknown[*]")],
            id="after-a-comment"),
    ],
)  # fmt: skip
def test_what_is_no_field_is_compared(a: str, b: str, wanted: list[tuple[str, str]]) -> None:
    """Lines that readers skip are compared.

    A body without any field is text, and other lines belong to their event.
    """
    assert sorted(seen(a, b, EVENTS)) == wanted


def test_data_is_json_where_it_parses() -> None:
    """Data that is no JSON is text; tokens of a text stay texts though one of them is a number."""
    assert read_body(b"data: a\n\ndata: 1\n\n", read_label(EVENTS)).value == [
        {"data": "a"},
        {"data": "1"},
    ]
    assert read_body(b"data: 1\n\ndata: 2\n\n", read_label(EVENTS)).value == [
        {"data": 1},
        {"data": 2},
    ]
    assert read_body(b'data: x\n\ndata: {"a":1}\n\n', read_label(EVENTS)).value == [
        {"data": "x"},
        {"data": {"a": 1}},
    ]


def chunks(*texts: str) -> str:
    """Return a stream whose deltas are these texts."""
    return "".join(
        f'data: {{"choices":[{{"delta":{{"content":"{text}"}}}}]}}\n\n' for text in texts
    )


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        pytest.param(chunks("Hel", "lo"), chunks("H", "ell", "o"), True, id="cut-elsewhere"),
        pytest.param(chunks("Hello"), chunks("Hel", "lo"), True, id="cut-once"),
        pytest.param(chunks("Hello"), chunks("Hel", "p"), False, id="another-text"),
        pytest.param(
            chunks("a") + "data: {}\n\n" + chunks("b"),
            chunks("a", "b"),
            False,
            id="something-between",
        ),
    ],
)
def test_deltas_are_compared_by_what_they_add_up_to(a: str, b: str, *, equal: bool) -> None:
    """Where a stream is cut is no difference with `as: concatenated`; what it says is."""
    whole = JoinRule(
        path=parse_path("$[*].data.choices[*].delta.content"), why="pieces", place=PLACE
    )
    first, second = (answer(body, media=EVENTS) for body in (a, b))
    assert between(first, second, VALUE) != []
    assert (between(first, second, VALUE, (whole,)) == []) == equal


@pytest.mark.parametrize("media", ["application/javascript", "text/x-unknown", "text/csv"])
def test_json_that_is_called_a_text_is_compared_once(media: str) -> None:
    """It is JSON beside JSON: the labels differ, and the members, and no kind does."""
    called = answer('{"a":1}', media=media)
    found = [place for _, place, *_ in between(called, answer('{"b":1}'))]
    assert sorted(found) == ["$.a", "$.b", "header content-type"]


@pytest.mark.parametrize(("word", "kind"), [("text", "text"), ("binary", "bytes")])
def test_a_body_is_what_the_suite_says(word: str, kind: str) -> None:
    """JSON that is declared a text, or bytes, is not looked into."""
    a, b = (read_answer(answer(body), read_as=word) for body in ('{"a":1}', '{"b":1}'))
    found = compare_answers(a, b, Terms(level=VALUE)).differences
    assert [(each.kind.value, each.places[0]) for each in found] == [(kind, "$")]


def test_json_that_is_too_deep_is_what_its_label_says() -> None:
    """It is read as a text, and that is no fault of its label."""
    found = dict(seen("[" * 600 + "]" * 600, '{"a":1}', "application/json"))
    assert set(found) == {"body-kind", "note"}

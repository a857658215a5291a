"""Two answers: status first, then headers, notes and bodies, as far as the level asks."""

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.model.case import CompareLevel
from conformance.model.observation import Answer
from tests.comparison.differences import Row, answer, between, mirrored

STATUS, SHAPE, VALUE = CompareLevel.STATUS, CompareLevel.SHAPE, CompareLevel.VALUE
ALL_ELSE = {"status": 200, "ETag": '"1"', "Allow": "GET"}


@pytest.mark.parametrize("level", CompareLevel)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(200, 404, id="success-and-error"),
        pytest.param(400, 409, id="two-errors"),
        pytest.param(200, 301, id="success-and-redirect"),
        pytest.param(500, 503, id="server-errors"),
    ],
)
def test_another_status_stops_the_comparison(first: int, second: int, level: CompareLevel) -> None:
    """Where statuses differ and are not of one kind, nothing else is said."""
    a = answer('{"a":1}', first, Allow="GET", ETag="1")
    b = answer("no", second, media="text/plain", notes=("chunk-extension",))
    wanted: list[Row] = [("status", "status", str(first), str(second))]
    assert between(a, b, level) == wanted
    assert between(b, a, level) == mirrored(wanted)


def test_two_successes_are_compared_further() -> None:
    """200 and 201 are one difference, and the bodies are still compared."""
    assert between(answer('{"a":1}', 200), answer("{}", 201)) == [
        ("created-status", "status", "200", "201"),
        ("member", "$.a", "present", "absent"),
    ]


def test_status_level_looks_at_nothing_else() -> None:
    """At the level of status only statuses are compared."""
    assert between(answer('{"a":1}', ETag="1"), answer("text", media="text/plain"), STATUS) == []


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param(
            '{"a":1,"a":2}',
            '{"a":2}',
            ("note", "note duplicate-key", "present", "absent"),
            id="duplicate-key",
        ),
        pytest.param(
            "[0]", "[-0]", ("note", "note minus-zero", "absent", "present"), id="minus-zero"
        ),
        pytest.param(
            "[0.0]",
            "[-0.0]",
            ("note", "note minus-zero", "absent", "present"),
            id="minus-zero-number",
        ),
        pytest.param(
            b"\xef\xbb\xbf{}",
            b"{}",
            ("note", "note byte-order-mark", "present", "absent"),
            id="mark",
        ),
        pytest.param(
            "[1.5]", "[NaN]", ("note", "note non-finite-number", "absent", "present"), id="nan"
        ),
        pytest.param(
            "[1]",
            "[9007199254740993]",
            ("note", "note integer-past-2^53", "absent", "present"),
            id="big",
        ),
        pytest.param(
            '["a"]',
            '["\\ud800"]',
            ("note", "note lone-surrogate", "absent", "present"),
            id="surrogate",
        ),
    ],
)
def test_notes_are_compared_like_headers(a: str | bytes, b: str | bytes, wanted: Row) -> None:
    """What is odd about one body and not about the other is a difference at the level of shape."""
    assert between(answer(a), answer(b)) == [wanted]
    assert between(answer(a), answer(a)) == []
    assert between(answer(b), answer(b)) == []


@pytest.mark.parametrize(
    ("body", "note"),
    [
        pytest.param(b"[" * 600 + b"]" * 600, "too-deep", id="deep"),
        pytest.param(b"[" * 100_000, "too-deep", id="endless"),
        pytest.param(b"1" * 5000, "number-too-long", id="digits"),
        pytest.param('{"a":1}'.encode("utf-16"), "not-utf-8", id="utf-16"),
        pytest.param(b'"\xff"', "not-utf-8", id="latin-1"),
        pytest.param(b"[1e400", "invalid-json", id="cut"),
        pytest.param(b"[Infinity]", "non-finite-number", id="infinity"),
    ],
)
def test_what_a_careless_parser_hides_is_noted(body: bytes, note: str) -> None:
    """Each oddity of a body has its name, and no one is a fault of the comparison."""
    assert f"note {note}" in {row[1] for row in between(answer("1"), answer(body), VALUE)}
    assert between(answer(body), answer(body), VALUE) == []


def test_notes_of_the_wire_are_compared_too() -> None:
    """A note that the wire made counts like one on the body, and an equal one is no difference."""
    assert between(answer(notes=("obs-fold",)), answer()) == [
        ("note", "note obs-fold", "present", "absent")
    ]
    assert between(answer(notes=("obs-fold",)), answer(notes=("obs-fold",))) == []


@pytest.mark.parametrize(
    ("a", "b", "kinds"),
    [
        pytest.param(answer("{}"), answer(""), ("JSON", "empty"), id="empty"),
        pytest.param(answer("x", media="text/xml"), answer(b"\xff", media="text/xml"), ("text",
            "binary"), id="binary"),
        pytest.param(answer("{}", media=None), answer("x", media=None), ("JSON", "text"),
            id="undeclared"),
        pytest.param(answer("", media=None), answer("x", media=None), ("empty", "text"),
            id="nothing-and-text"),
    ],
)  # fmt: skip
def test_kinds_of_body(a: Answer, b: Answer, kinds: tuple[str, str]) -> None:
    """Bodies of different kinds are one difference, and nothing is compared within."""
    wanted: list[Row] = [("body-kind", "kind", *kinds)]
    assert between(a, b, VALUE) == wanted
    assert between(b, a, VALUE) == mirrored(wanted)


@pytest.mark.parametrize("level", [SHAPE, VALUE])
@pytest.mark.parametrize(
    ("media", "kind"),
    [("text/plain", "text"), ("text/html; charset=utf-8", "HTML"), (None, "text")],
)
@pytest.mark.parametrize("status", [400, 404, 500])
def test_an_error_in_text_is_an_idiom(
    status: int, media: str | None, kind: str, level: CompareLevel
) -> None:
    """A text error beside a JSON error is an idiom; the label of each is beside it."""
    a, b = answer('{"error":"x"}', status), answer("bad request", status, media=media)
    label = (media or "absent").partition(";")[0]
    wanted: list[Row] = [
        ("header", "header content-type", "application/json", label),
        ("text-vs-json-error", "kind", "JSON", kind),
    ]
    assert between(a, b, level) == wanted
    assert between(b, a, level) == mirrored(wanted)


def test_other_headers_of_a_text_error_are_still_compared() -> None:
    """The idiom explains no field but the label."""
    a, b = answer("{}", 405, Allow="GET"), answer("no", 405, media="text/plain")
    assert between(a, b) == [
        ("header", "header allow", "GET", "absent"),
        ("header", "header content-type", "application/json", "text/plain"),
        ("text-vs-json-error", "kind", "JSON", "text"),
    ]


def test_a_success_in_text_is_no_such_idiom() -> None:
    """A text where the other side sends JSON has no idiom when nothing failed."""
    assert between(answer("{}"), answer("ok", media="text/plain")) == [
        ("body-kind", "kind", "JSON", "text"),
        ("header", "header content-type", "application/json", "text/plain"),
    ]


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        pytest.param(
            answer("a", media="text/plain"), answer("b", media="text/plain"), "text", id="text"
        ),
        pytest.param(
            answer(b"\xff", media="image/png"),
            answer(b"\xfe", media="image/png"),
            "bytes",
            id="binary",
        ),
        pytest.param(answer("{bad"), answer("{worse"), "text", id="broken-json"),
    ],
)
def test_other_bodies_are_compared_by_value_only(a: Answer, b: Answer, kind: str) -> None:
    """Texts and binaries have no shape; by value they are equal byte by byte."""
    assert between(a, b) == []
    assert between(a, b, VALUE) == [(kind, "$", "differs", "differs")]
    assert between(a, a, VALUE) == []


def test_declared_json_that_is_none_is_noted() -> None:
    """A body that says it is JSON and is not carries the reason as a note."""
    assert ("note", "note invalid-json", "absent", "present") in between(answer("{}"), answer("{"))


def test_a_note_shows_why_a_body_is_not_the_json_that_it_is_said_to_be() -> None:
    """A body that is torn is named with the place at which it cannot be read."""
    torn, whole = read_answer(answer('{"a":1}}')), read_answer(answer('{"a":1}'))
    found = compare_answers(torn, whole, Terms(level=CompareLevel.SHAPE)).differences[0]
    (sent,) = found.occurrences
    assert (found.places[0], sent.a, sent.b) == (
        "note invalid-json",
        "Extra data at character 7",
        "absent",
    )


def test_structured_suffixes_are_json() -> None:
    """A media type that ends in +json is JSON."""
    media = "application/problem+json"
    assert between(answer('{"a":1}', media=media), answer('{"a":"x"}', media=media)) == [
        ("type", "$.a", "integer", "string")
    ]

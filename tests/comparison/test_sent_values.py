"""What a finding shows of each runtime: just what differs, as that runtime sent it."""

from itertools import permutations

import pytest

from conformance.comparison.difference import Verbatim
from conformance.comparison.rendered_values import rendered_together
from conformance.model.case import CompareLevel
from conformance.model.finding import Sent
from conformance.model.pin import Pin
from conformance.reporting.phrases import sent_lines
from tests.comparison.differences import answer
from tests.comparison.laws import findings_of

OWN = "http://localhost:1"


def sent_at(place: str, *bodies: str) -> tuple[Sent, ...]:
    """Return what the finding at a place shows."""
    given = {name: answer(body) for name, body in zip("abcde", bodies, strict=False)}
    (found,) = (
        each for each in findings_of(given, list(given), CompareLevel.VALUE) if each.place == place
    )
    return found.sent


@pytest.mark.parametrize(
    ("place", "bodies", "sent"),
    [
        pytest.param(
            "$[*].name", ('[{"name":"gift"},{"name":null}]', '[{"name":"gift"},{}]'),
                [("null", "absent")],
            id="the-element-that-differs-and-no-other",
        ),
        pytest.param(
            "$", ('{"user_id":1,"x":[1,2]}', '{"userId":1,"x":[1,2]}'),
                [('{"user_id":1}', '{"userId":1}')],
            id="the-names-that-differ-and-no-others",
        ),
        pytest.param(
            "$[*]", ('[{"n":1},{"user_id":2},null]', '[{"n":1},{"userId":2},null]'),
            [('{"user_id":2}', '{"userId":2}')], id="the-objects-that-have-such-names",
        ),
        pytest.param(
            "$.l.*.n",
            (f'{{"at":"{OWN}","l":[{{"id":"x","n":1}},{{"id":"y","n":2}}]}}',
             f'{{"at":"{OWN}","l":{{"y":{{"n":2}},"x":{{"n":3}}}}}}'),
            [("1", "3")], id="the-member-of-a-map-that-belongs-to-an-element-of-a-list",
        ),
        pytest.param(
            "$.p → $.a", ('{"p":"{\\"a\\":1}"}', '{"p":{"a":2}}'), [("1", "2")],
                id="a-value-inside-a-text",
        ),
        pytest.param(
            "$[*].v", ('[{"v":1},{"v":2},{"v":3}]', '[{"v":3},{"v":2},{"v":1}]',
                '[{"v":1},{"v":2},{"v":4}]'),
            [("3", "3", "4")], id="one-element-at-two-indexes",
        ),
    ],
)  # fmt: skip
def test_what_is_shown(place: str, bodies: tuple[str, ...], sent: list[tuple[str, ...]]) -> None:
    """Each combination of values is that of one element, in the order of the runtimes."""
    assert [tuple(value for _, value in shown) for shown in sent_at(place, *bodies)] == sent


def test_only_whole_numbers_are_shown_as_one_number() -> None:
    """Of 5 and 5.0, and 5 and 5.3, the first two are one number in two spellings."""
    given = {name: answer(body) for name, body in (("a", "[5,5]"), ("b", "[5.0,5.3]"))}
    found = {each.name: each.sent for each in findings_of(given, ["a", "b"], CompareLevel.VALUE)}
    assert found == {
        "integer-vs-float": ((("a", "5"), ("b", "5.0")),),
        "value": ((("a", "5"), ("b", "5.3")),),
    }


def test_of_lists_of_two_lengths_the_same_number_is_shown() -> None:
    """Nothing corresponds by position there: the example is one number in two spellings."""
    given = {"a": answer("[31390,12]"), "b": answer("[9.5,12.0,1]")}
    found = {each.name: each.sent for each in findings_of(given, ["a", "b"], CompareLevel.VALUE)}
    assert found["integer-vs-float"] == ((("a", "12"), ("b", "12.0")),)


def test_what_is_extra_in_a_list_of_lists_is_shown_for_each_runtime() -> None:
    """Of a list within a list each runtime has a line, with what is extra beside which other."""
    given = dict(zip("abc", map(answer, ("[[1,2]]", "[[2,9,3]]", "[[1]]")), strict=True))
    (found,) = findings_of(given, "abc", CompareLevel.VALUE)
    assert sent_lines(found) == [
        ("a", "2 elements, extra: 1 beside b; 2 beside c"),
        ("b", "3 elements, extra: 9, 3 beside a; 2, 9, 3 beside c"),
        ("c", "1 element, extra: 1 beside b"),
    ]


def test_a_header_field_is_shown_as_each_runtime_sent_it() -> None:
    """Two runtimes that both have a field do not share a line where they sent two values."""
    given = {"a": answer(etag='"a"'), "b": answer(etag='W/"z"'), "c": answer()}
    (found,) = findings_of(given, "abc", CompareLevel.VALUE)
    assert sent_lines(found) == [("c", "absent"), ("a", '"a"'), ("b", 'W/"z"')]


def test_an_excerpt_shows_all_that_tells_three_texts_apart() -> None:
    """Three long texts differ in two places that are far from each other."""
    start, end = "a" * 300, "b" * 300
    bodies = (f'"{start}X{end}"', f'"{start}Y{end}"', f'"{start}X{end}Z"')
    (sent,) = sent_at("$", *bodies)
    shown = [text.partition(" (")[0] for _, text in sent]
    assert len(set(shown)) == len(bodies)
    assert ["aX" in text for text in shown] == [True, False, True]
    assert ["bZ" in text for text in shown] == [False, False, True]


@pytest.mark.parametrize(
    ("bodies", "shown"),
    [
        (("hello", "hello "), ("hello", "hello\\x20")),
        (("a\tb", "a b", "a  b"), ("a\\tb", "a b", "a \\x20b")),
        (("hello", "hallo "), ("hello", "hallo ")),
        (("hello", " "), ("hello", "\\x20")),
    ],
)
def test_spaces_that_are_not_seen_are_escaped(
    bodies: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    """Of plain texts that look alike the spaces are shown; a pin holds whatever is beside it."""
    assert tuple(rendered_together(list(map(Verbatim, bodies)))) == shown
    alone = [rendered_together([Verbatim(body)])[0] for body in bodies]
    pins = [Pin(values=((("a", (text,)),),)) for text in alone]
    assert all(pin.lists("a", text) for pin, text in zip(pins, shown, strict=True))


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        pytest.param(("e\u0301", "\u00e9"), ('"e\\u0301"', '"\\u00e9"'), id="json"),
        pytest.param((Verbatim("e\u0301"), Verbatim("\u00e9")), ("e\\u0301", "\\xe9"), id="plain"),
        pytest.param(("e\u0301", "\u00ea"), ('"e\u0301"', '"\u00ea"'), id="not-alike"),
    ],
)
def test_letters_that_look_alike_are_escaped(
    values: tuple[str, str], shown: tuple[str, str]
) -> None:
    """A value of JSON has the escapes of JSON, and a plain text those of Python."""
    assert tuple(rendered_together(values)) == shown


@pytest.mark.parametrize("order", list(permutations("abc")), ids="".join)
def test_a_text_beside_json_of_two_types(order: tuple[str, ...]) -> None:
    """Which lines of the text differ is known only where it is held against another text."""
    given = {
        "a": answer("no rows", media="text/plain"),
        "b": answer("[]", media="text/csv"),
        "c": answer('{"a":1}'),
    }
    found = findings_of(given, order, CompareLevel.VALUE)
    assert {each.place for each in found} == {"header content-type", "kind", "$"}

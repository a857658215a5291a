"""What a case itself demands: each matcher where it fits and where it does not.

It is also tested what is said of a failure.
"""

from pathlib import Path

import pytest

from conformance.comparison.expectations.failures import expectation_failures
from conformance.model.observation import Answer, Cell
from conformance.model.template import KnownName
from tests.suites.reading import cases_in


def failures(folder: Path, expect: str, body: str, names: tuple[KnownName, ...] = ()) -> list[str]:
    """Return what an answer fails of an expectation, written as a flow mapping."""
    steps = (
        "      - {request: {GET: /}, capture: {id: $.id}}\n      - {request: {GET: "
        f"/}}, expect: {expect}}}\n"
    )
    (case,) = cases_in(
        folder, f"suite: a/b\nisolate: names\ncases:\n  - name: x\n    steps:\n{steps}"
    )
    headers = (("Content-Type", "application/json"), ("x-n", "1"), ("X-N", "2"))
    answer = Answer(
        status=200,
        reason="OK",
        headers=headers,
        body=body.encode("utf-8", "surrogatepass"),
        elapsed_ms=1.0,
    )
    cell = Cell(runtime="a", live=True, observations=(answer, answer), names=names)
    return [str(failure) for failure in expectation_failures(case, [cell])]


FITTING = [
    ("1", "1"),
    ("1.50", "1.5"),
    ("15e-1", "1.5"),
    ("12345678901234567890", "12345678901234567890"),
    ("null", "null"),
    ("'1'", '"1"'),
    ("[1, [], {}]", "[1, [], {}]"),
    ("{b: 1, a: true}", '{"a": true, "b": 1}'),
    ("{$is: uuid}", '"6f2c1b9e-8a57-4b43-9f0a-0c9f1f5f3f10"'),
    ("{a: {$is: any}}", "{}"),
    ("{a: {$is: any}}", '{"a": [1]}'),
    ("{$is: integer}", "3"),
    ("{$re: 'a+$'}", '"baa"'),
    ("{$re: '^é.$'}", '"éx"'),
    ("{$re: '^(a+)+$'}", '"' + "a" * 5_000 + '"'),
    ("{$any: [1, {$is: 'null'}, '2']}", '"2"'),
    ("{$any: [{a: 1}, [1]]}", "[1]"),
    ("{$not: {$any: [1, 2]}}", "3"),
    ("{$not: {$has: {$open: {id: '${id}'}}}}", '[{"id": "w-2"}]'),
    ("{$has: {$open: {id: '${id}'}}}", '[1, {"id": "w-1", "n": 1}]'),
    ("{$len: 2}", '"ää"'),
    ("{$len: 2}", "[1, 2]"),
    ("{$len: [1, null]}", '{"a": 1}'),
    ("{$len: [null, 1]}", "[]"),
    ("{$range: [1, 2]}", "2"),
    ("{$range: [-1.5, null]}", "-1.50"),
    ("{$range: [null, 1e2]}", "99.999999999999999999999999"),
    ("{$range: [9007199254740993, 9007199254740993]}", "9007199254740993"),
    ("{$open: {a: {$open: {b: 1}}}}", '{"x": 0, "a": {"b": 1, "c": 2}}'),
    ("{$open: {}}", "{}"),
    ("{$$is: uuid, '$$$x': 1}", '{"$is": "uuid", "$$x": 1}'),
    ("'$${id}'", '"${id}"'),
    ("'${id}'", '"w-1"'),
    ("{of: ['${id}']}", '{"of": ["w-1"]}'),
]


@pytest.mark.parametrize(("wanted", "body"), FITTING)
def test_what_fits(tmp_path: Path, wanted: str, body: str) -> None:
    """A literal is equal to itself, numbers by value, and each matcher accepts what it says."""
    known = KnownName(name="id", text="w-1", json='"w-1"')
    assert failures(tmp_path, f"{{json: {wanted}}}", body, (known,)) == []


NOT_FITTING = [
    ("1", "1.0", "wanted 1 at $, got 1.0"),
    ("1", "true", "wanted 1 at $, got true"),
    ("'1'", "1", 'wanted "1" at $, got 1'),
    ("9007199254740993", "9007199254740992", "wanted 9007199254740993 at $, got 9007199254740992"),
    ("{a: 1}", '{"a": 1, "b": 2}', "wanted nothing at $.b, got 2"),
    ("{a: 1}", "{}", "wanted 1 at $.a, got nothing"),
    ("{a: 1}", "[]", "wanted an object at $, got []"),
    ("{a: {b: [1, {c: 2}]}}", '{"a": {"b": [1, {"c": 3}]}}', "wanted 2 at $.a.b[1].c, got 3"),
    ("[1, 2]", "[1]", "wanted 2 elements at $, got 1 element"),
    ("[]", "{}", "wanted an array at $, got {}"),
    ("{$is: uuid}", '"6f2c"', 'wanted a value of kind uuid at $, got "6f2c"'),
    ("{$is: any}", "", "wanted a value of kind any at $, got no body"),
    ("{$re: '^a+$'}", '"ab"', 'wanted a string that matches ^a+$ at $, got "ab"'),
    ("{$re: '1'}", "1", "wanted a string that matches 1 at $, got 1"),
    ("{$re: a}", r'"\ud800"', r'wanted a string that matches a at $, got "\ud800"'),
    (
        "{$re: '^(a+)+$'}",
        '"' + "a" * 40 + 'b"',
        'wanted a string that matches ^(a+)+$ at $, got "' + "a" * 40 + 'b"',
    ),
    ("{$any: [1, {$is: string}]}", "2", "wanted 1 or a value of kind string at $, got 2"),
    ("{$not: {$any: [1, 2]}}", "2", "wanted anything but 1 or 2 at $, got 2"),
    ("{$has: 1}", "[]", "wanted an array with 1 in it at $, got []"),
    ("{$has: 1}", '{"a": 1}', 'wanted an array with 1 in it at $, got {"a":1}'),
    ("{$len: 2}", "[1]", "wanted a length of 2 at $, got [1]"),
    ("{$len: [2, 3]}", '"a"', 'wanted a length from 2 to 3 at $, got "a"'),
    ("{$len: 0}", "0", "wanted a length of 0 at $, got 0"),
    ("{$range: [1, 2]}", "2.01", "wanted a number from 1 to 2 at $, got 2.01"),
    ("{$range: [1, null]}", "true", "wanted a number of at least 1 at $, got true"),
    ("{$range: [null, 1]}", '"1"', 'wanted a number of at most 1 at $, got "1"'),
    ("{$open: {a: 1}}", '{"b": 1}', "wanted 1 at $.a, got nothing"),
    ("'${id}'", '"w-2"', 'wanted "w-1", known as \'id\' at $, got "w-2"'),
    ("{a: 1}", "{bad", "wanted an object at $, got a text body: "),
]


@pytest.mark.parametrize(("wanted", "body", "said"), NOT_FITTING)
def test_what_does_not_fit(tmp_path: Path, wanted: str, body: str, said: str) -> None:
    """A failure says where, what was wanted and what came."""
    known = KnownName(name="id", text="w-1", json='"w-1"')
    (found,) = failures(tmp_path, f"{{json: {wanted}}}", body, (known,))
    assert found.startswith(f"a: {said}") if said.endswith(": ") else found == f"a: {said}"


@pytest.mark.parametrize(
    ("known", "body", "fits"),
    [
        pytest.param("[1, [2]]", "[1.0, [2]]", False, id="another-kind"),
        pytest.param("[1.0, [2]]", "[1.00, [2]]", True, id="an-array"),
        pytest.param("[1, 2]", "[1, 2, 3]", False, id="one-element-more"),
        pytest.param("[1, 2, 3]", "[1, 2]", False, id="one-element-less"),
        pytest.param("[1, 2]", "[2, 1]", False, id="another-order"),
        pytest.param('{"a": [1]}', '{"a": [1, 1]}', False, id="one-element-more-within"),
        pytest.param('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', True, id="an-object"),
        pytest.param('{"a": 1, "b": 2}', '{"a": 1}', False, id="one-member-less"),
        pytest.param('{"a": 1}', '{"a": 1, "b": 2}', False, id="one-member-more"),
        pytest.param('{"a": 1}', '{"b": 1}', False, id="another-name"),
    ],
)
def test_a_captured_array_or_object(tmp_path: Path, known: str, body: str, *, fits: bool) -> None:
    """What was captured is equal to itself alone, element by element and member by member."""
    found = failures(
        tmp_path, "{json: '${id}'}", body, (KnownName(name="id", text=known, json=known),)
    )
    assert (found == []) == fits


def test_every_path_that_does_not_fit(tmp_path: Path) -> None:
    """All failures of an answer are told, up to a bound."""
    found = failures(tmp_path, "{json: {a: 1, b: {$is: string}}}", '{"a": 2, "b": 3, "c": 4}')
    assert [each.split(" at ")[1].split(",")[0] for each in found] == ["$.a", "$.b", "$.c"]
    wide = "{" + ", ".join(f"m{number}: 1" for number in range(50)) + "}"
    assert len(failures(tmp_path, f"{{json: {wide}}}", "{}")) == 20


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        pytest.param("{headers: {content-type: application/json}}", [], id="equal"),
        pytest.param("{headers: {X-n: '1, 2'}}", [], id="joined"),
        pytest.param("{headers: {x-none: null}}", [], id="absent"),
        pytest.param(
            "{headers: {x-n: {$re: '^1'}, content-type: {$any: [a, {$len: 16}]}}}",
            [],
            id="matchers",
        ),
        pytest.param(
            "{headers: {x-n: '1'}}", ['a: wanted "1" at header x-n, got "1, 2"'], id="other"
        ),
        pytest.param(
            "{headers: {x-n: null}}", ['a: wanted null at header x-n, got "1, 2"'], id="present"
        ),
        pytest.param(
            "{headers: {etag: {$is: string}}}",
            ["a: wanted a value of kind string at header etag, got no such field"],
            id="missing",
        ),
        pytest.param("{body: '{\"a\": 1}'}", [], id="text"),
        pytest.param("{body: {$len: [1, 20]}}", [], id="text-length"),
        pytest.param(
            "{body: {$re: b}}",
            [r'a: wanted a string that matches b at the body, got "{\"a\": 1}"'],
            id="text-other",
        ),
        pytest.param(
            "{status: 404, json: {b: 1}, headers: {x: y}}",
            ["a: wanted status 404, got 200"],
            id="status-first",
        ),
        pytest.param("{status: [200, 404], json: {$open: {}}}", [], id="all"),
    ],
)
def test_headers_and_text(tmp_path: Path, expect: str, said: list[str]) -> None:
    """Headers and the body as text meet the same matchers.

    Where the status is wrong, that alone is told.
    """
    assert failures(tmp_path, expect, '{"a": 1}') == said


def test_a_body_that_is_no_text(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 match no pattern and are shown escaped."""
    (case,) = cases_in(
        tmp_path, "suite: a/b\ncases: [{name: x, request: {GET: /}, expect: {body: {$re: x}}}]\n"
    )
    answer = Answer(status=200, reason="OK", headers=(), body=b"x\xff", elapsed_ms=1.0)
    (failure,) = expectation_failures(case, [Cell(runtime="a", live=True, observations=(answer,))])
    assert str(failure) == r'a: wanted a string that matches x at the body, got "x\udcff"'


@pytest.mark.parametrize(
    ("wanted", "got", "failed"),
    [
        pytest.param("200", 200, False, id="as-wanted"),
        pytest.param("200", 404, True, id="an-error-for-a-success"),
        pytest.param("200", 503, True, id="a-server-error-for-a-success"),
        pytest.param("404", 200, True, id="a-success-for-an-error"),
        pytest.param("[200, 404]", 404, False, id="one-of-several"),
        pytest.param("[200, 404]", 201, True, id="none-of-several"),
    ],
)
def test_a_status(tmp_path: Path, wanted: str, got: int, *, failed: bool) -> None:
    """The status must be one of those that are wanted, of whatever class it is."""
    (case,) = cases_in(
        tmp_path,
        f"suite: a/b\ncases:\n  - {{name: x, request: {{GET: /}}, expect: {{status: {wanted}}}}}\n",
    )
    answer = Answer(status=got, reason="", headers=(), body=b"", elapsed_ms=1.0)
    cell = Cell(runtime="a", live=True, observations=(answer,))
    assert bool(list(expectation_failures(case, [cell]))) == failed

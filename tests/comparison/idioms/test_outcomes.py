"""A result beside an error under one status is one cause.

The other differences of the two bodies that follow from it belong to that cause.
"""

import pytest

from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.observation import Cell
from tests.comparison.differences import answer, between
from tests.comparison.live_runs import case

ERROR = (
    '{"jsonrpc":"2.0","id":8,"error":{"code":-32602,"message":"Invalid params","data":"missing b"}}'
)
OTHER_ERROR = (
    '{"jsonrpc":"2.0","id":8,"error":{"code":-32600,"message":"Invalid params","data":"missing b"}}'
)


def found_between(
    *bodies: str, level: CompareLevel = CompareLevel.VALUE
) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the name, the place and the odd runtimes of each finding between a, b and c."""
    both = zip("abc", bodies, strict=False)
    cells = [Cell(runtime=name, live=True, observations=(answer(body),)) for name, body in both]
    found = compare_case(case(compare=level), cells).findings
    return [(each.name, each.place, each.odd) for each in found if each.follows is None]


@pytest.mark.parametrize("level", [CompareLevel.SHAPE, CompareLevel.VALUE])
@pytest.mark.parametrize(
    ("result", "error"),
    [
        pytest.param('{"jsonrpc":"2.0","id":8,"result":0}', ERROR, id="a-result-that-is-zero"),
        pytest.param('{"jsonrpc":"2.0","id":8,"result":{"x":[1]}}', ERROR, id="an-object"),
        pytest.param(
            '{"id":8,"result":5,"error":null}',
            '{"id":8,"result":null,"error":{"m":1}}',
            id="json-rpc-1",
        ),
        pytest.param('{"data":{"a":1}}', '{"errors":[{"message":"x"}]}', id="graphql"),
        pytest.param(
            '{"data":{"a":1}}', '{"data":null,"errors":[{"message":"x"}]}', id="graphql-with-null"
        ),
        pytest.param('{"ok":true,"channel":"C"}', '{"ok":false,"error":"not_authed"}', id="a-flag"),
        pytest.param(
            '{"success":true}', '{"success":false,"message":"no"}', id="a-flag-and-a-message"
        ),
        pytest.param(
            '{"id":1,"name":"x"}', '{"error":"no","message":"not there"}', id="a-resource"
        ),
        pytest.param(
            '{"id":1,"name":"x","message":"hi","code":"A"}',
            '{"error":"no","message":"not there","code":4}',
            id="members-of-one-name",
        ),
        pytest.param(
            '{"id":1,"title":"Book","status":"open","price":3}',
            '{"type":"about:blank","title":"Not Found","status":404,"detail":"no"}',
            id="a-problem-document",
        ),
        pytest.param(
            '{"result":{"a":1},"status":"done","detail":"x"}',
            '{"title":"Not Found","status":404,"detail":"no","instance":"/x"}',
            id="a-result-with-the-names-of-a-problem",
        ),
        pytest.param('{"count":2}', '{"error":"no","errorHints":["x"]}', id="hints"),
        pytest.param('{"id":2}', '{"error":"no"}', id="an-id"),
        pytest.param(
            '{"id":2,"status":"open"}', '{"error":{"code":"E","message":"no"}}', id="a-row"
        ),
        pytest.param(
            '{"id":2,"status":"open"}',
            '{"type":"about:blank","title":"x","status":404}',
            id="an-id-beside-a-problem-document",
        ),
        pytest.param('{"status":"ok"}', '{"error":"no stock"}', id="a-status-of-success"),
        pytest.param(
            '{"code":0,"message":"success"}',
            '{"error":{"code":"E","message":"no stock"}}',
            id="a-code-of-success",
        ),
        pytest.param("{}", '{"error":"no","code":"E"}', id="nothing"),
        pytest.param('[{"id":1}]', '{"errors":[{"message":"no stock"}]}', id="a-list"),
        pytest.param("[]", '{"errors":[{"message":"no stock"}]}', id="an-empty-list"),
        pytest.param('["a","b"]', '{"errors":["no stock"]}', id="a-list-of-words"),
    ],
)
def test_a_result_beside_an_error_is_one_cause(
    result: str, error: str, level: CompareLevel
) -> None:
    """The odd one is the only one with a result, and nothing else is found of the two."""
    assert found_between(result, error, error, level=level) == [("result-vs-error", "$", ("a",))]
    assert found_between(error, result, error, level=level) == [("result-vs-error", "$", ("b",))]
    assert found_between(error, result, level=level) == [("result-vs-error", "$", ())]


def test_errors_are_compared_with_each_other() -> None:
    """Two of three refuse, each with its own code: that is a difference between these two."""
    assert found_between('{"jsonrpc":"2.0","id":8,"result":0}', ERROR, OTHER_ERROR) == [
        ("result-vs-error", "$", ("a",)), ("error-code", "$.error.code", ()),
    ]  # fmt: skip


def test_what_both_have_is_compared() -> None:
    """Another id is a difference of its own."""
    assert found_between('{"jsonrpc":"2.0","id":9,"result":0}', ERROR) == [
        ("result-vs-error", "$", ()), ("value", "$.id", ()),
    ]  # fmt: skip


def test_one_answer_of_a_batch() -> None:
    """The other answers of the batch are compared as they are."""
    fine = '{"id":1,"result":3}'
    assert found_between(f'[{fine},{{"id":2,"result":3}}]',
        '[{"id":1,"result":4},{"id":2,"error":{"code":1}}]') == [
        ("result-vs-error", "$[*]", ()), ("value", "$[*].result", ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            '{"data":{"a":1},"errors":[]}', '{"data":{"a":2},"errors":["x"]}', id="in-part"
        ),
        pytest.param('{"ok":true,"findings":[]}', '{"ok":false,"findings":["x"]}', id="a-check"),
        pytest.param('{"error":"x"}', '{"error":"y"}', id="two-errors"),
        pytest.param('{"result":1}', '{"result":2}', id="two-results"),
        pytest.param('{"error":"x"}', '{"message":"y"}', id="two-shapes-of-errors"),
        pytest.param('{"id":1,"errors":[]}', '{"id":1,"errors":["x"]}', id="nothing-but-errors"),
        pytest.param('{"state":"done","error":null}', '{"state":"failed","error":"x"}', id="a-job"),
        pytest.param(
            '{"title":"Book","status":200,"price":1}', '{"title":"Tome","status":2}', id="a-book"
        ),
        pytest.param('{"id":1}', '{"id":1,"error":"x"}', id="an-error-in-addition"),
        pytest.param('{"id":1,"status":"on"}', '{"id":1,"status":"off","error":"x"}', id="a-task"),
        pytest.param('{"id":1,"status":404}', '{"error":"x"}', id="the-status-of-an-error"),
        pytest.param('{"status":"failed"}', '{"error":"x"}', id="a-status"),
        pytest.param('{"error_report":{"why":"x"}}', '{"error":"x"}', id="an-error-by-its-words"),
        pytest.param('["no such item"]', '{"errors":["not there"]}', id="a-list-of-sentences"),
        pytest.param('[{"code":"E"}]', '{"errors":[{"message":"x"}]}', id="a-list-of-errors"),
    ],
)
def test_what_is_no_result_beside_an_error(first: str, second: str) -> None:
    """Where both hold a result, or neither does, the members are compared as they are."""
    assert "result-vs-error" not in [name for name, _, _ in found_between(first, second)]
    assert found_between(first, second) != []


def test_an_error_in_an_envelope_is_no_result() -> None:
    """What stands around an error is an envelope."""
    assert found_between('{"body":{"error":"no"}}', '{"error":"no"}') == [("envelope", "$", ())]


@pytest.mark.parametrize(
    ("enveloped", "bare"),
    [
        ('{"errors":[{"message":"no stock"}]}', '[{"message":"no stock"}]'),
        ('{"error":{"code":"E","message":"no"}}', '{"code":"E","message":"not here"}'),
    ],
)
def test_an_error_as_an_envelope(enveloped: str, bare: str) -> None:
    """It is one where something in it is what the other side sends bare."""
    assert ("envelope", "$", ()) in found_between(enveloped, bare)


def test_no_envelope_of_something_else() -> None:
    """An error that has the members of a message alone does not stand around it."""
    names = [name for name, *_ in found_between('{"error":{"message":"no"}}', '{"message":"done"}')]
    assert names == ["member", "member"]


def test_two_answers_with_the_status_of_an_error_have_no_result() -> None:
    """Two refusals whose bodies look like a result and an error have two shapes of errors."""
    a, b = answer('{"data":{"why":"no"}}', 400), answer('{"error":"no"}', 400)
    assert "result-vs-error" not in [name for name, *_ in between(a, b)]
    assert between(a, b) != []

"""The part of a request that a refusal names, and the causes that it tells apart."""

import json
from typing import Any

import pytest

from conformance.comparison.answers.answer import read_answer
from conformance.comparison.causes import causes_of
from conformance.comparison.refused_fields import refused_field
from conformance.model.finding import DifferenceKind
from conformance.model.observation import Answer
from conformance.model.request import Request
from tests.comparison.compared_steps import compared
from tests.comparison.differences import answer

ORDER = Request(method="POST", target="/orders?page=2", body=b'{"note": "total", "total": 1}')


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"code": "invalid", "field": "total"}, "total", id="beside-the-code"),
        pytest.param({"errors": [{"pointer": "/total"}, {"pointer": "/note"}]}, "total", id="9457"),
        pytest.param({"errors": [{"pointer": "#/items/3/qty"}]}, "items.qty", id="in-any-element"),
        pytest.param({"errors": [{"source": {"pointer": "/data/x"}}]}, "data.x", id="json-api"),
        pytest.param({"detail": [{"loc": ["body", "items", 0]}]}, "body.items", id="a-list"),
        pytest.param({"error": {"details": [{"path": "$.total"}]}}, "total", id="path-of-a-member"),
        pytest.param({"error": {"code": "x", "param": "items[0].qty"}}, "items.qty", id="param"),
        pytest.param({"status": 400, "path": "/orders"}, "", id="path-of-the-url"),
        pytest.param({"field": None, "message": "no"}, "", id="none"),
        pytest.param({"message": "'total' must be less than 7"}, "total", id="quoted-member"),
        pytest.param({"message": 'the "page" is too large'}, "page", id="quoted-parameter"),
        pytest.param({"message": "`note` and 'total' differ"}, "note", id="first-of-two"),
        pytest.param({"message": "'other' is not known"}, "", id="no-name-of-the-request"),
        pytest.param({"message": "total must be less than 7"}, "", id="not-quoted"),
        pytest.param("no", "", id="a-text"),
    ],
)
def test_what_a_refusal_names(body: Any, field: str) -> None:
    """It is a member of the error, else a name of the request that its message quotes."""
    headers = (("content-type", "application/json"),)
    refused = Answer(
        status=400, reason="", headers=headers, body=json.dumps(body).encode(), elapsed_ms=1
    )
    assert refused_field(read_answer(refused), ORDER) == field
    success = Answer(status=200, reason="", headers=headers, body=refused.body, elapsed_ms=1)
    assert not refused_field(read_answer(success), ORDER)


def _cause(a: Answer, b: Answer) -> str:
    (status,) = (each for each in compared(a=a, b=b).findings if each.place == "status")
    assert status.kind is DifferenceKind.STATUS
    (cause,) = causes_of(status, ORDER)
    return cause.key


def _refusal(field: str, status: int = 422, message: str = "no") -> Answer:
    return answer(json.dumps({"message": message, "errors": [{"pointer": field}]}), status)


ACCEPTED = answer('{"id": 1}', 201)


def test_two_refused_parts_are_two_causes() -> None:
    """A runtime that refuses a total and a note that others take has two faults."""
    total = _cause(ACCEPTED, _refusal("/total"))
    assert total != _cause(ACCEPTED, _refusal("/note"))
    assert total == _cause(ACCEPTED, _refusal("#/total"))
    assert _cause(ACCEPTED, _refusal("/items/0")) == _cause(ACCEPTED, _refusal("/items/7"))


def test_who_names_no_part_has_one_cause() -> None:
    """A message with the value that it refuses is the same in each case."""
    unnamed = [answer(json.dumps({"message": f"'{value}' is wrong"}), 400) for value in (1, 2)]
    first, second = (_cause(ACCEPTED, each) for each in unnamed)
    assert first == second


def test_parts_do_not_count_where_every_runtime_refuses() -> None:
    """Then it is the handler of errors that differs, whatever is wrong in the request."""
    causes = {
        _cause(_refusal(field, 409, "taken"), _refusal(field, 404, "gone"))
        for field in ("/total", "/note")
    }
    assert len(causes) == 1

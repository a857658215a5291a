"""What a request creates is recognised by the paths of the operations that want its ids."""

import pytest

from conformance.fuzzing.creators import collections_of
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe
from conformance.model.observation import Answer, Cell


def _operation(written: str) -> Operation:
    method, _, path = written.partition(" /")
    return Operation(method=method, path=tuple(path.split("/")))


def _outcome(location: str) -> Outcome:
    probe = Probe((FormStep(Form(method="POST", path=("x",))),), ("POST /x",), "base")
    headers = (("location", location),) if location else ()
    answer = Answer(status=201, reason="", headers=headers, body=b"{}", elapsed_ms=1.0)
    cells = tuple(Cell(runtime=name, live=True, observations=(answer,)) for name in "ab")
    return Outcome(probe=probe, case=probe.case("p", (), ()), cells=cells)


@pytest.mark.parametrize(
    ("creator", "wanted", "location", "collections"),
    [
        ("POST /visits", "GET /visits/{id}", "", [("visits",)]),
        ("POST /patients/{id}/visits", "GET /visits/{visitId}", "", [("visits",)]),
        ("POST /checkout", "GET /orders/{id}", "/orders/7", [("orders",)]),
        ("POST /checkout", "GET /orders/{id}", "http://a.test/orders/7", [("orders",)]),
        ("POST /checkout", "GET /orders/{id}", "/carts/7", []),
        ("POST /checkout", "GET /orders/{id}", "", []),
        ("POST /visits/{id}/close", "GET /visits/{id}", "", []),
    ],
)
def test_the_collections_that_a_request_may_have_added_to(
    creator: str, wanted: str, location: str, collections: list[tuple[str, ...]]
) -> None:
    found = collections_of(_operation(creator), [_operation(wanted)], _outcome(location))
    assert list(found) == collections

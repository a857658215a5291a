"""A request that is to be made smaller loses at once what it has as usual and need not have."""

from msgspec.structs import replace

from conformance.fuzzing.features import Usual
from conformance.fuzzing.form import Form, FormStep, QueryPair
from conformance.fuzzing.json_nodes import parse
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.usual_parts import without_usual_parts

OPERATION = Operation(method="POST", path=("rooms",))


def _form(body: str, *query: QueryPair) -> Form:
    return Form(method="POST", path=("rooms",), query=query, body=parse(body))


def _bare(tried: Form) -> Form:
    usual = {OPERATION.id: Usual(OPERATION, _form('{"name":"x","size":2,"floor":1}', ("q", "1")))}
    least = {OPERATION.id: Probe((FormStep(_form('{"name":"y"}')),), (OPERATION.id,), "base")}
    probe = Probe((FormStep(tried),), (OPERATION.id,), "value")
    return without_usual_parts(probe, usual, least).form


def test_what_is_tried_and_what_is_needed_stay() -> None:
    tried = _form('{"name":"x","size":2,"floor":null,"other":1}', ("q", "1"), ("page", "2"))
    assert _bare(tried) == _form('{"name":"x","floor":null,"other":1}', ("page", "2"))


def test_a_member_that_is_there_twice_stays_twice() -> None:
    tried = _form('{"name":"x","name":"z","size":2}')
    assert _bare(tried) == _form('{"name":"x","name":"z"}')


def test_a_body_that_is_no_object_stays_as_it_is() -> None:
    assert _bare(_form("[]")) == _form("[]")


def test_a_body_in_another_spelling_is_that_of_the_least_request() -> None:
    tried = _form("{}")
    usual = b'{"name":"x","size":2,"floor":1'
    bom, comma = b"\xef\xbb\xbf" + usual + b"}", usual + b",}"
    assert _bare(replace(tried, body=bom)).body == b'\xef\xbb\xbf{"name":"y"}'
    assert _bare(replace(tried, body=comma)).body == b'{"name":"y",}'
    assert _bare(replace(tried, body=b"hello")).body == b"hello"

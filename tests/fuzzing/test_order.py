"""What is tried first of a service: each thing where it is the first of its kind."""

from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.form import FormStep
from conformance.fuzzing.json_nodes import node_of
from conformance.fuzzing.operation import BodyShape, Operation, Parameter
from conformance.fuzzing.order import _BEFORE_STATES, StageInputs, stages
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.spots import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "size": {"type": "integer", "maximum": 9}},
}
FIRST, SECOND = "sequences and bounds", "the dictionary and other operations"


def _subject(method: str, path: tuple[str, ...]) -> Subject:
    body = BodyShape(
        media_type="application/json", schema=_SCHEMA, samples=(node_of({"name": "x", "size": 1}),)
    )
    operation = Operation(method=method, path=path, body=body)
    probe = Probe((FormStep(operation.forms()[0]),), (operation.id,), "base")
    return Subject(Base(operation, probe, accepted=True), probe, {})


def _inputs(*subjects: Subject) -> StageInputs:
    return StageInputs(
        subjects=subjects,
        others=(),
        lists=(),
        sequences=(),
        longer=(),
        methods={each.base.operation.path: {each.base.operation.method} for each in subjects},
        unsafe=True,
    )


CREATE = _subject("POST", ("orders",))
REPLACE = _subject("PUT", ("orders", "{id}"))
OTHER = _subject("POST", ("carts",))


def _tried(inputs: StageInputs) -> dict[str, list[Probe]]:
    tried: dict[str, list[Probe]] = {}
    for name, probes in stages(inputs):
        tried.setdefault(name, []).extend(probes)
    return tried


def _at(probes: list[Probe], subject: Subject, where: str) -> list[str]:
    wanted = f"{subject.base.operation.id} @ {where}"
    return [probe.entry for probe in probes if probe.locus == wanted]


def test_a_member_is_tried_where_a_thing_is_created_before_it_is_where_that_is_changed() -> None:
    tried = _tried(_inputs(CREATE, REPLACE))

    assert "maximum 9" in _at(tried[FIRST], CREATE, "body $.size")
    assert _at(tried[FIRST], REPLACE, "body $.size") == []
    assert "maximum 9" in _at(tried[SECOND], REPLACE, "body $.size")


def test_a_thing_that_is_made_below_another_one_may_be_changed_under_a_path_of_its_own() -> None:
    create = _subject("POST", ("carts", "{id}", "orders"))
    tried = _tried(_inputs(create, REPLACE))

    assert "maximum 9" in _at(tried[FIRST], create, "body $.size")
    assert _at(tried[FIRST], REPLACE, "body $.size") == []


def test_a_member_of_another_collection_is_another_member() -> None:
    tried = _tried(_inputs(CREATE, OTHER))

    assert "maximum 9" in _at(tried[FIRST], OTHER, "body $.size")


def test_a_body_is_misspelled_in_one_operation_of_a_method_first() -> None:
    tried = _tried(_inputs(CREATE, OTHER))

    assert "trailing comma" in _at(tried[FIRST], CREATE, "body")
    assert _at(tried[FIRST], OTHER, "body") == []
    assert "trailing comma" in _at(tried[SECOND], OTHER, "body")


def test_header_fields_are_tried_first_where_answers_are_unlike() -> None:
    plain = replace(OTHER, answer_kinds=("text/plain",))
    tried = _tried(_inputs(CREATE, plain, replace(REPLACE, answer_kinds=("text/plain",))))

    assert "range" in _at(tried[FIRST], plain, "header range")


def test_wire_forms_come_among_the_first_requests() -> None:
    """A service that takes any method shows it long before all of its bounds are tried."""
    _, probes = next(iter(stages(_inputs(CREATE, REPLACE, OTHER))))
    first = list(islice(probes, 60))

    assert {probe.stage for probe in first} == {"value", "wire"}


def test_what_takes_few_texts_is_tried_with_the_dictionary_last() -> None:
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "code": {"type": "string", "pattern": "^[A-Z]+$"},
        },
    }
    body = BodyShape(
        media_type="application/json", schema=schema, samples=(node_of({"name": "x", "code": "A"}),)
    )
    operation = Operation(method="POST", path=("orders",), body=body)
    probe = Probe((FormStep(operation.forms()[0]),), (operation.id,), "base")
    subject = Subject(Base(operation, probe, accepted=True), probe, {})
    tried = _tried(_inputs(subject))

    assert "markup" in _at(tried[SECOND], subject, "body $.name")
    assert "markup" not in _at(tried[SECOND], subject, "body $.code")
    assert "markup" in _at(tried["the dictionary elsewhere"], subject, "body $.code")


def test_nothing_is_lost_by_the_order() -> None:
    """Each member of each operation is tried with each of its bounds, sooner or later."""
    tried = [
        probe for probes in _tried(_inputs(CREATE, REPLACE, OTHER)).values() for probe in probes
    ]
    for subject in (CREATE, REPLACE, OTHER):
        entries = _at(tried, subject, "body $.size")
        assert {"maximum 8", "maximum 9", "maximum 10", "absent", "no JSON numbers"} <= set(entries)
    assert len({(probe.steps, probe.locus, probe.entry) for probe in tried}) > 1_000


def test_a_number_of_a_parameter_is_spelled_as_some_readers_take_it() -> None:
    page = Parameter(name="page", place="query", schema={"type": "integer"}, sample="2")
    operation = Operation(method="GET", path=("orders",), parameters=(page,))
    probe = Probe((FormStep(operation.forms()[-1]),), (operation.id,), "base")
    tried = _tried(_inputs(Subject(Base(operation, probe, accepted=True), probe, {})))
    targets = {each.form.target for each in tried[FIRST]}

    assert {"/orders?page=%2B2", "/orders?page=%202", "/orders?page=002"} <= targets


def test_states_are_walked_to_after_the_first_requests() -> None:
    """Most defects show at once, and a walk takes as long as many of them."""
    in_states: list[Iterator[Probe]] = []
    tried = stages(replace(_inputs(CREATE, REPLACE, OTHER), in_states=in_states))
    _, soon = next(tried)
    assert len(list(soon)) == _BEFORE_STATES
    in_states.append(iter([CREATE.probe]))
    _, then = next(tried)
    assert CREATE.probe in list(islice(then, 6))

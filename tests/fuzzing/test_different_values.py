"""Requests with other values than usual: they show what the same values twice do not."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.creators import Creator
from conformance.fuzzing.different_parts import different_parts
from conformance.fuzzing.form import Form, FormStep, in_target
from conformance.fuzzing.further_resources import others
from conformance.fuzzing.idempotency_keys import idempotency_probes
from conformance.fuzzing.json_nodes import node_of, value_of
from conformance.fuzzing.moves import moves
from conformance.fuzzing.operation import BodyShape, Operation, Parameter
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.sequences import sequences
from conformance.fuzzing.spots import Subject, spots
from conformance.fuzzing.state_walks import in_each_state
from conformance.fuzzing.systematic import first_tier
from conformance.fuzzing.values import Spot, searches
from conformance.model.capture import Capture
from conformance.model.observation import Answer, Cell

_MADE = Capture(name="order_id", path=("id",), identity="order_id")
_CREATE = FormStep(
    Form(
        method="POST", path=("orders",), body=node_of({"title": "Red chair", "due": "2026-01-15"})
    ),
    (_MADE,),
)
_ORDER = Creator("order_id", (_CREATE,), ("POST /orders",))
_ONE = ("orders", "${order_id}")


def _base(method: str, path: tuple[str, ...], body: Any = None, **more: Any) -> Base:
    named = tuple("{id}" if "$" in each else each for each in path)
    operation = Operation(method=method, path=named, **more)
    form = Form(method=method, path=path, body=None if body is None else node_of(body))
    steps = (_CREATE, FormStep(form)) if path[1:] else (FormStep(form),)
    names = (*_ORDER.operations, operation.id)[-len(steps) :]
    return Base(operation, Probe(steps, names, "base"), accepted=True)


def _other(base: Base, body: Any) -> Base:
    return replace(base, other=replace(base.form, body=node_of(body)))


def _by_id(*bases: Base) -> Mapping[str, Base]:
    return {each.operation.id: each for each in bases}


_PAYMENT = _other(_base("POST", (*_ONE, "payments"), {"sum": 2}), {"sum": 3})
_READ = _base("GET", _ONE)


def test_a_change_has_the_other_values_that_were_accepted() -> None:
    change = _other(_base("PUT", _ONE, {"title": "Red chair"}), {"title": "Zed chair"})
    found = moves(_ORDER, _by_id(change))
    (sent,) = (move.step.form for move in found if move.operation == change.operation.id)
    assert sent.tree == node_of({"title": "Zed chair"})


def test_a_key_is_sent_again_with_the_other_values_that_were_accepted() -> None:
    key = Parameter(name="Idempotency-Key", place="header")
    base = _other(
        _base("POST", ("orders",), {"title": "Red chair"}, parameters=(key,)), {"title": "Z"}
    )
    *_, last = idempotency_probes(_by_id(base))
    assert last.form.tree == node_of({"title": "Z"})
    assert last.form.header("idempotency-key") == "${fresh:key}"


def test_parts_with_other_values_come_in_each_order() -> None:
    """What is kept of the last part, not of the greatest, differs in one of the orders."""
    bases = _by_id(_PAYMENT, _READ)
    probes = [each for each, _ in different_parts(_ORDER, moves(_ORDER, bases), bases)]
    sums = [[value_of(step.form.tree or "0")["sum"] for step in each.steps[1:3]] for each in probes]
    assert sums == [[2, 3], [3, 2], [2, 2]]
    assert {each.form for each in probes} == {_READ.form}


def test_a_thing_with_few_members_stands_in_lists_beside_one_with_all() -> None:
    """Null is first in some orders, and in no filter."""
    sort = Parameter(name="sort", place="query", schema={"enum": ["due", "-due"]})
    listing = _base("GET", ("orders",), parameters=(sort,))
    schema = {"required": ["title"], "properties": {"title": {}, "due": {}}}
    body = BodyShape(media_type="application/json", schema=schema)
    creating = _base("POST", ("orders",), {"title": "a", "due": "b"})
    creating = replace(creating, operation=replace(creating.operation, body=body))
    asked = list(sequences(_ORDER, None, _by_id(creating, listing)))
    (probe,) = (each for each in asked if each.entry.endswith("bare → lists"))
    bodies = [value_of(step.form.tree) for step in probe.steps if step.form.tree is not None]
    assert [list(body) for body in bodies] == [["title", "due"], ["title"]]
    assert [step.form.query for step in probe.steps[2:]] == [
        (("sort", "due"),),
        (("sort", "-due"),),
    ]


def test_a_thing_with_few_members_has_a_name_of_its_own() -> None:
    """Else it is refused where names are unique, and nothing is listed."""
    sort = Parameter(name="sort", place="query", schema={"enum": ["due", "-due"]})
    schema = {"required": ["title"], "properties": {"title": {}, "due": {}}}
    body = BodyShape(media_type="application/json", schema=schema)
    named = {"title": "${fresh:title}", "due": "b"}
    step = replace(_CREATE, form=replace(_CREATE.form, body=node_of(named)))
    creating = _base("POST", ("orders",), named)
    creating = replace(creating, operation=replace(creating.operation, body=body))
    listing = _base("GET", ("orders",), parameters=(sort,))
    creator = replace(_ORDER, steps=(step,))
    asked = sequences(creator, None, _by_id(creating, listing))
    (probe,) = (each for each in asked if each.entry.endswith("bare → lists"))
    assert probe.steps[1].form.tree == node_of({"title": "${fresh:bare_title}"})


def test_what_a_change_leaves_in_a_state_is_read() -> None:
    """A counter of changes shows in the thing, not in the answer to the change."""
    bases = _by_id(_PAYMENT, _READ)
    payment = next(move for move in moves(_ORDER, bases) if not move.safe)
    probes = [probe for probe, _ in in_each_state(_ORDER, [(payment,)], bases)]
    paid = [each for each in probes if each.operations.count(_PAYMENT.operation.id) == len("12")]
    assert paid
    assert {each.form for each in paid} == {_READ.form}


@pytest.mark.parametrize("value", ["W/${tag}", '"x", ${tag}'])
def test_a_change_is_asked_on_a_list_of_tags_and_on_a_weak_one(value: str) -> None:
    change = _base("PUT", _ONE, {"title": "Red chair"})
    asked = sequences(_ORDER, None, _by_id(change, _READ))
    conditions = {(each.form.method, each.form.header("if-match")) for each in asked}
    assert ("PUT", value) in conditions


def test_a_third_thing_has_another_letter_case_a_space_and_an_accent() -> None:
    async def send(probe: Probe) -> Outcome:
        answer = Answer(status=201, reason="", headers=(), body=b"{}", elapsed_ms=1.0)
        cells = (Cell(runtime="a", live=True, observations=(answer,)),)
        return Outcome(probe=probe, case=probe.case("p", (), ()), cells=cells)

    more = asyncio.run(others(_ORDER, {}, send))
    titles = [value_of(step.form.tree or "")["title"] for step in more]
    assert titles == ["Zed chair", "yed chair éb"]


def _list(held: tuple[str, ...], *parameters: Parameter) -> Subject:
    base = _base("GET", ("orders",), parameters=parameters)
    return Subject(base, base.probe, {}, stored_texts=held)


def test_a_list_is_searched_for_an_address_in_another_case() -> None:
    email = Parameter(name="email", place="query", schema={"type": "string", "format": "email"})
    subject = _list(("${fresh:name}@example.com",), email)
    seen = [value for spot, _ in spots(subject) for value in spot.seen]
    assert seen[-2:] == ["${fresh:name}@example.com", "${fresh:name}@EXAMPLE.COM"]
    assert in_target(seen[-1]) == "${fresh:name}%40EXAMPLE.COM"


def test_letters_beyond_ascii_are_searched_for_first() -> None:
    held = [*map("word{}".format, "abcdefghij"), "Zoë"]
    first = next(iter(searches(Spot("q", {"type": "string"}, '"a"'), held)))
    assert first == "Z%ë"


def test_a_plus_sign_stands_for_a_space_of_what_a_list_holds() -> None:
    search = Parameter(name="q", place="query", schema={"type": "string"})
    probes = first_tier(_list(("Red chair",), search))
    (query,) = (each.form.query for each in probes if each.entry == "a space as a plus sign")
    assert query == (("q", "Red+chair"),)


def test_the_usual_value_of_a_parameter_that_is_not_sent_is_tried() -> None:
    sort = Parameter(name="sort", place="query", schema={"enum": ["due", "-due"]}, sample="due")
    asked = {probe.form.query for probe in first_tier(_list((), sort))}
    assert {(("sort", "due"),), (("sort", "-due"),)} <= asked


def test_what_others_have_left_may_show_in_a_list_that_a_probe_fills() -> None:
    listing = FormStep(Form(method="GET", path=("orders",)))
    filled = Probe((_CREATE, listing), ("POST /orders", "GET /orders"), "value")
    assert filled.reads_all
    assert not replace(filled, steps=(listing,)).reads_all
    assert not _READ.probe.reads_all

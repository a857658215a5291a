"""Members that mean something together: parts of a change, and the ends of a range."""

from typing import Any

from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import FormStep
from conformance.fuzzing.json_nodes import node_of, render
from conformance.fuzzing.operation import BodyShape, Operation, Parameter
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.ranges import next_in_range
from conformance.fuzzing.related_members import exchanged, first_of_each_order, parts_of_change
from conformance.fuzzing.sequences import sequences
from conformance.fuzzing.spots import Subject
from conformance.model.capture import Capture

_RANGE = {"start": "2026-05-04T09:00:00Z", "end": "2026-05-04T10:00:00Z"}


def _base(method: str, path: tuple[str, ...], body: dict[str, Any] | None) -> Base:
    shape = BodyShape(
        media_type="application/json", schema={}, samples=(node_of(body),) if body else ()
    )
    operation = Operation(method=method, path=path, body=shape if body else None)
    probe = Probe((FormStep(operation.forms()[0]),), (operation.id,), "base")
    return Base(operation, probe, accepted=True)


def _subject(method: str, body: dict[str, Any]) -> Subject:
    base = _base(method, ("rooms",), body)
    return Subject(base, base.probe, {})


def _sent(probes: list[Probe]) -> dict[tuple[str, str], str]:
    return {(probe.where, probe.entry): (probe.form.raw_body or b"").decode() for probe in probes}


def test_a_change_is_sent_with_one_member_alone_and_with_null_for_it() -> None:
    body = {"note": "x", "address": {"street": "a", "city": "b"}}
    sent = _sent(list(parts_of_change(_subject("PATCH", body))))

    assert sent["body $.note", "null alone"] == '{"note":null}'
    assert sent["body $.address.street", "alone"] == '{"address":{"street":"a"}}'
    assert not list(parts_of_change(_subject("PUT", body)))


def test_the_end_of_a_range_is_its_start_and_lies_before_it() -> None:
    sent = _sent(list(exchanged(_subject("POST", {**_RANGE, "title": "x", "open": True}))))

    assert set(sent) == {
        ("body $.end", "the value of another member"),
        ("body $.end", "exchanged with another"),
    }
    start = _RANGE["start"]
    alike = sent["body $.end", "the value of another member"]
    assert alike.count(start) == 2


def test_items_of_lists_and_members_of_other_objects_are_not_exchanged() -> None:
    body = {"size": 1, "items": [{"low": 1, "high": 2}], "limits": {"high": 3}}

    assert not list(exchanged(_subject("POST", body)))


def test_the_next_range_begins_where_the_first_one_ends() -> None:
    (form,) = next_in_range(_subject("POST", {**_RANGE, "size": 3, "most": 4}).form)

    assert form.body is not None
    assert not isinstance(form.body, bytes)
    wanted = '{"start":"2026-05-04T10:00:00Z","end":"2026-05-04T11:00:00Z","size":3,"most":4}'
    assert render(form.body) == wanted


def _stays() -> tuple[Creator, dict[str, Base]]:
    create = _base("POST", ("stays",), _RANGE)
    made = FormStep(create.form, (Capture(name="stay_id", path=("id",), identity="stay_id"),))
    about = [("DELETE", None), ("GET", None), ("PUT", _RANGE)]
    others = [_base(method, ("stays", "{id}"), body) for method, body in about]
    path = ("stays", "${stay_id}")
    bases = {"POST /stays": create}
    for base in others:
        step = FormStep(base.form)
        step = FormStep(type(step.form)(method=step.form.method, path=path, body=step.form.body))
        probe = Probe((step,), (base.operation.id,), "base")
        bases[base.operation.id] = Base(base.operation, probe, accepted=True)
    return Creator("stay_id", (made,), ("POST /stays",)), bases


def test_things_are_created_in_turn_again_after_one_is_gone_and_changed_to_be_alike() -> None:
    creator, bases = _stays()
    second = FormStep(_base("POST", ("stays",), {"start": "2027-01-01T00:00:00Z"}).form)
    probes = list(sequences(creator, second, bases))
    entries = [probe.entry for probe in probes]

    assert "POST /stays → POST /stays for the time after it" in entries
    gone = "POST /stays → DELETE /stays/{id} → POST /stays → GET /stays/{id}"
    assert gone in entries
    (alike,) = (probe for probe in probes if probe.entry == "PUT /stays/{id} like another")
    assert (alike.form.raw_body or b"").startswith(b'{"start":"2027-01-01T00:00:00Z","end":"2026')


def test_a_list_is_cut_to_its_first_in_each_order() -> None:
    """The order of things with ids of their own is not compared; the first one is."""
    sort = Parameter(name="sort", place="query", schema={"type": "string", "enum": ["a", "-a"]})
    limit = Parameter(name="limit", place="query", schema={"type": "integer"})
    operation = Operation(method="GET", path=("rooms",), parameters=(sort, limit))
    probe = Probe((FormStep(operation.forms()[0]),), (operation.id,), "base")
    made = ((probe.steps[0], "POST /rooms"),)
    subject = Subject(Base(operation, probe, accepted=True), probe, {}, changes=made)
    queries = [each.form.query for each in first_of_each_order(subject)]
    assert queries == [(("sort", value), ("limit", "1")) for value in ("a", "-a")]
    assert not list(first_of_each_order(replace(subject, changes=())))

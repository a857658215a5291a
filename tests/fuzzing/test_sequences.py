"""Sequences that leave a step out, or that read a text which has to be quoted."""

import asyncio
from typing import Any

from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.fuller_bodies import fullest
from conformance.fuzzing.json_nodes import node_of, value_of
from conformance.fuzzing.operation import BodyShape, Operation, Parameter
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.sequences import missing_setup, sequences
from conformance.model.capture import Capture
from conformance.model.observation import Answer, Cell

_MADE = Capture(name="course_id", path=("id",), identity="course_id")
CREATE = FormStep(
    Form(method="POST", path=("courses",), body=node_of({"title": "alpha", "seats": 2})), (_MADE,)
)
PUBLISH = FormStep(Form(method="POST", path=("courses", "${course_id}", "publish")))
ENROL = FormStep(Form(method="POST", path=("courses", "${course_id}", "enrolments")))
REPORT = FormStep(Form(method="GET", path=("report",)))


def _base(*steps: FormStep) -> Base:
    form = steps[-1].form
    operation = Operation(method=form.method, path=form.path)
    names = tuple(f"{step.form.method} {step.form.target}" for step in steps)
    return Base(operation, Probe(steps, names, "base"), accepted=True)


def test_a_change_that_has_to_come_first_is_left_out() -> None:
    """What gives an id that is needed stays."""
    base = _base(CREATE, PUBLISH, ENROL)
    (probe,) = missing_setup({base.operation.id: base})
    assert probe.steps == (CREATE, ENROL)
    assert probe.target == base.probe.operations[-1]


def test_reads_show_a_text_that_has_to_be_quoted() -> None:
    report = _base(REPORT)
    creator = Creator("course_id", (CREATE,), ("POST /courses",))
    tried = list(sequences(creator, None, {report.operation.id: report}))
    bodies = [each.steps[0].form.tree for each in tried if each.form == REPORT.form]
    assert node_of({"title": 'a, "b"; <c> & d', "seats": 2}) in bodies
    assert node_of({"title": "a\r\nb", "seats": 2}) in bodies


def test_a_date_that_has_to_be_past_is_found() -> None:
    """The usual date is refused: without another one, no request has the member."""
    samples = ({"name": "ann"}, {"name": "ann", "born": "2026-01-15"})
    body = BodyShape(media_type="application/json", samples=tuple(map(node_of, samples)))
    operation = Operation(method="POST", path=("students",), body=body)
    probe = Probe((FormStep(operation.forms()[0]),), (operation.id,), "base")

    async def send(asked: Probe) -> Outcome:
        sent: Any = asked.form.raw_body
        status = 400 if b"2026" in sent or b"2096" in sent else 201
        answer = Answer(status=status, reason="", headers=(), body=b"{}", elapsed_ms=1.0)
        cells = (Cell(runtime="a", live=True, observations=(answer,)),)
        return Outcome(probe=asked, case=asked.case("p", (), ()), cells=cells)

    full = asyncio.run(fullest(operation, probe, send))
    assert full.form.tree == node_of({"name": "ann", "born": "2001-01-15"})


def test_a_search_is_for_what_a_change_has_taken_away_and_given() -> None:
    """A service may keep what it searches apart from the thing, as it was before."""
    named = replace(CREATE.form, body=node_of({"name": "${fresh:name}", "seats": 2}))
    create = FormStep(named, (_MADE,))
    change = FormStep(Form(method="PATCH", path=("courses", "${course_id}"), body=named.body))
    gone = FormStep(Form(method="DELETE", path=("courses", "${course_id}")))
    search = _base(FormStep(Form(method="GET", path=("search",), query=(("q", "alpha"),))))
    parameters = (Parameter(name="q", place="query", schema={"type": "string"}),)
    search = replace(search, operation=replace(search.operation, parameters=parameters))
    creator = Creator("course_id", (create,), ("POST /courses",))
    every = [_base(create, change), _base(create, gone), search]
    tried = sequences(creator, None, {each.operation.id: each for each in every})

    targets: dict[str, set[str]] = {}
    for probe in tried:
        *_, before, last = probe.steps
        if last.form.path == ("search",):
            targets.setdefault(before.form.method, set()).add(last.form.target)
    assert {"/search?q=${fresh:name}", "/search?q=${fresh:new_name}"} <= targets["PATCH"]
    assert "/search?q=${fresh:name}" in targets["DELETE"]


_SCHEMA = {
    "required": ["title"],
    "properties": {
        "title": {"type": "string"},
        "seats": {"type": "integer"},
        "after_id": {"type": "string"},
    },
}


def _all_of(*bases: Base) -> list[Probe]:
    made = _base(CREATE)
    body = BodyShape(media_type="application/json", schema=_SCHEMA)
    made = replace(made, operation=replace(made.operation, body=body))
    creator = Creator("course_id", (CREATE,), ("POST /courses",))
    return list(sequences(creator, None, {each.operation.id: each for each in (made, *bases)}))


def test_a_thing_refers_to_another_one_of_its_kind() -> None:
    """What has a part that is not done may not be done itself."""
    bodies = [
        value_of(each.steps[1].form.tree or "")
        for each in _all_of(_base(CREATE, PUBLISH))
        if len(each.steps) == 3 and each.form == PUBLISH.form
    ]
    assert {"title": "alpha", "seats": 2, "after_id": "${course_id}"} in bodies


def test_a_thing_is_read_that_has_no_more_than_it_needs() -> None:
    """What it lacks may come from what holds it."""
    read = _base(CREATE, FormStep(Form(method="GET", path=("courses", "${course_id}"))))
    bare = [
        each for each in _all_of(read) if each.steps[0].form.tree == node_of({"title": "alpha"})
    ]
    assert [each.form.method for each in bare] == ["GET"]


def test_a_change_is_made_with_each_of_the_few_values_of_a_member() -> None:
    states = {"required": ["to"], "properties": {"to": {"enum": ["open", "busy", "done"]}}}
    path = ("courses", "${course_id}", "moves")
    move = _base(CREATE, FormStep(Form(method="POST", path=path, body=node_of({"to": "open"}))))
    body = BodyShape(media_type="application/json", schema=states)
    move = replace(move, operation=replace(move.operation, body=body))
    words = {
        tuple(value_of(step.form.tree or "")["to"] for step in each.steps[1:])
        for each in _all_of(move)
        if len(each.steps) == 3 and {step.form.path for step in each.steps[1:]} == {path}
    }
    assert {("done", "busy"), ("busy", "done"), ("done", "done")} <= words


def test_what_is_put_below_a_thing_changes_the_thing() -> None:
    """Its entity tag is then another one."""
    read = _base(CREATE, FormStep(Form(method="GET", path=("courses", "${course_id}"))))
    path = ("courses", "${course_id}", "tags", "${fresh:tag_id}")
    put = _base(CREATE, FormStep(Form(method="PUT", path=path)))
    conditional = [
        [step.form.method for step in each.steps]
        for each in _all_of(read, put)
        if each.form.header("if-none-match") == "${tag}"
    ]
    assert ["POST", "GET", "PUT", "GET"] in conditional

"""Requests that may be valid hold the ids of things that other requests have made."""

import pytest

from conformance.fuzzing.candidates import Candidates
from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.json_nodes import JsonObject, node_of
from conformance.fuzzing.listed_values import next_choices
from conformance.fuzzing.operation import BodyShape, Operation
from conformance.fuzzing.probe import Probe
from conformance.model.capture import Capture


def _creator(collection: str, placeholder: str) -> Creator:
    made = Capture(name=placeholder, path=("id",), identity=placeholder)
    step = FormStep(Form(method="POST", path=(collection,)), (made,))
    return Creator(placeholder, (step,), (f"POST /{collection}",))


STUDENTS, COURSES = _creator("students", "student_id"), _creator("courses", "course_id")


def _enrolment(member: str) -> Operation:
    body = BodyShape(media_type="application/json", samples=(node_of({member: "alpha"}),))
    return Operation(method="POST", path=("courses", "{slug}", "enrolments"), body=body)


@pytest.mark.parametrize("member", ["student_id", "studentId", "student"])
def test_a_member_that_names_a_thing_holds_the_id_of_one_that_was_made(member: str) -> None:
    candidates = Candidates(creators={("students",): STUDENTS, ("courses",): COURSES})
    first, *_ = candidates.requests_for(_enrolment(member))
    assert first.form.tree == node_of({member: "${student_id}"})
    assert {"POST /students", "POST /courses"} < set(first.operations)


def test_a_request_after_a_change_refers_to_things_as_well() -> None:
    """A course has to be published before a student who exists can be enrolled."""
    candidates = Candidates(creators={("students",): STUDENTS, ("courses",): COURSES})
    publish = Operation(method="POST", path=("courses", "{slug}", "publish"))
    form = Form(method="POST", path=("courses", "${course_id}", "publish"))
    steps = (*COURSES.steps, FormStep(form))
    candidates.note(publish, Probe(steps, (*COURSES.operations, publish.id), "base"))
    *_, last = candidates.requests_for(_enrolment("student"))
    assert last.operations == ("POST /students", "POST /courses", publish.id, last.operations[-1])
    assert last.form.tree == node_of({"student": "${student_id}"})
    assert last.form.path == ("courses", "${course_id}", "enrolments")


def test_what_is_refused_is_asked_with_each_of_the_few_values_of_a_member() -> None:
    """What is open already cannot be opened."""
    schema = {"required": ["to"], "properties": {"to": {"enum": ["open", "done"]}}}
    body = BodyShape(
        media_type="application/json", schema=schema, samples=(node_of({"to": "open"}),)
    )
    operation = Operation(method="POST", path=("courses", "{slug}", "moves"), body=body)
    candidates = Candidates(creators={("courses",): COURSES})
    bodies = [each.form.tree for each in candidates.requests_for(operation)]
    assert node_of({"to": "done"}) in bodies


def test_further_things_have_other_ones_of_few_values() -> None:
    schema = {"properties": {"size": {"enum": ["s", "m", "l"]}, "name": {"type": "string"}}}
    body = node_of({"size": "l", "name": "x"})
    assert isinstance(body, JsonObject)
    assert next_choices(body, schema) == node_of({"size": "s", "name": "x"})


def test_a_member_that_may_be_absent_holds_the_id_of_one_that_was_made() -> None:
    """An id that nobody has is refused: without one that was made, no request has the member."""
    candidates = Candidates(creators={("students",): STUDENTS, ("courses",): COURSES})
    own = FormStep(Form(method="POST", path=("courses",), body=node_of({"student_id": "x"})))
    referring = candidates.referring(Probe((own,), ("POST /courses",), "base"))
    assert referring.operations == ("POST /students", "POST /courses")
    assert referring.form.tree == node_of({"student_id": "${student_id}"})
    assert candidates.referring(referring) == referring


def test_a_request_does_not_refer_to_what_it_makes_itself() -> None:
    candidates = Candidates(creators={("courses",): COURSES})
    own = FormStep(Form(method="POST", path=("courses",), body=node_of({"course_id": "x"})))
    probe = Probe((own,), ("POST /courses",), "base")
    assert candidates.referring(probe) == probe

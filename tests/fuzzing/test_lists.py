"""Lists: a parameter twice with what finds two things, and pages that hold more than one."""

import asyncio
from typing import Any

from msgspec.structs import replace

from conformance.fuzzing.bases import Base, Preparation
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.json_nodes import node_of
from conformance.fuzzing.operation import Operation, Parameter
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.pages import PagedList, Pager
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.resources import resources_of
from conformance.fuzzing.spots import Subject
from conformance.fuzzing.systematic import first_tier
from conformance.model.capture import Capture
from conformance.model.observation import Answer, Cell

_FEATURE = Parameter(
    name="feature", place="query", schema={"type": "array", "items": {"type": "string"}}
)


def _list(*parameters: Parameter) -> Subject:
    operation = Operation(method="GET", path=("rooms",), parameters=parameters)
    probe = Probe((FormStep(Form(method="GET", path=("rooms",))),), (operation.id,), "base")
    return Subject(Base(operation, probe, accepted=True), probe, {}, stored_texts=("wifi", "stage"))


def test_a_parameter_that_may_be_repeated_is_sent_twice_with_texts_that_things_hold() -> None:
    sent = {probe.form.query for probe in first_tier(_list(_FEATURE)) if probe.entry == "twice"}

    assert (("feature", "wifi"), ("feature", "stage")) in sent


def test_pages_are_followed_with_one_thing_more_than_the_smallest_number() -> None:
    subject = _list()
    first = replace(subject.form, query=(("limit", "1"),))
    capture = Capture(name="page", path=("next",), identity="page")
    pages = PagedList(subject, Pager(first, capture, "cursor"), 2)

    (fuller,) = (probe for probe in pages.probes() if probe.entry == "pages of more things")
    queries = [step.form.query for step in fuller.steps]
    assert queries == [(("limit", "2"),), (("limit", "2"), ("cursor", "${page_1}"))]


async def _accepted(probe: Probe) -> Outcome:
    answer = Answer(status=200, reason="", headers=(), body=b"{}", elapsed_ms=1.0)
    cells = (Cell(runtime="a", live=True, observations=(answer,) * len(probe.steps)),)
    return Outcome(probe=probe, case=probe.case("p", (), ()), cells=cells)


def test_a_list_is_filled_with_parts_that_have_no_path_of_their_own() -> None:
    """An empty list has no order, no pages and no count."""
    path = ("notes", "1", "comments")
    note, own = (Form(method="POST", path=each) for each in (path[:1], path))
    note, own = (replace(each, body=node_of({"text": "alpha"})) for each in (note, own))
    adding = Operation(method="POST", path=path)
    listing = Operation(method="GET", path=path)
    made = Probe((FormStep(note), FormStep(own)), ("POST /notes", adding.id), "base")
    read = Probe(
        (FormStep(note), FormStep(Form(method="GET", path=path))), ("", listing.id), "base"
    )
    base = Base(listing, read, accepted=True)
    oracle: Any = None
    preparation = Preparation(oracle, (adding, listing), bases={listing.id: base})
    preparation.candidates.note(adding, made)

    async def filled() -> Subject:
        things = await resources_of(preparation, _accepted)
        assert not things.seconds
        return await things.subject(base)

    subject = asyncio.run(filled())
    assert subject.probe.operations == ("POST /notes", *[adding.id] * 3, listing.id)
    assert subject.stored_texts == ("alpha", "zeta", "Yeta éb")

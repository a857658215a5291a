"""Lists: a parameter twice with what finds two things, and pages that hold more than one."""

from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.operation import Operation, Parameter
from conformance.fuzzing.pages import PagedList, Pager
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.spots import Subject
from conformance.fuzzing.systematic import first_tier
from conformance.model.capture import Capture

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

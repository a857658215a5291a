"""An operation that answers in several media types is asked for each of them."""

import json

from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.features import Usual, features_of
from conformance.fuzzing.form import FormStep
from conformance.fuzzing.openapi import operations_of
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.order import StageInputs, stages
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.spots import Subject
from conformance.fuzzing.variants import places_of, variants_of

_JSON, _CSV = "application/json", "text/csv"
_REPORT = Operation(method="GET", path=("report",), media_types=(_JSON, _CSV))


def test_a_document_says_in_which_media_types_an_operation_answers() -> None:
    responses = {
        "200": {"description": "", "content": {_JSON: {}, _CSV: {}}},
        "400": {"description": "", "content": {"application/problem+json": {}}},
    }
    document = {"openapi": "3.0.3", "paths": {"/report": {"get": {"responses": responses}}}}
    (operation,), _ = operations_of(json.dumps(document).encode(), "d")
    assert operation.media_types == (_JSON, _CSV)


def test_a_further_media_type_is_asked_for() -> None:
    (variant,) = variants_of(_REPORT)
    form, *_ = variant.forms()
    assert form.header("accept") == _CSV
    assert not places_of(form) <= places_of(_REPORT.forms()[0])


def _subject(operation: Operation, *answered: str) -> Subject:
    probe = Probe((FormStep(operation.forms()[0]),), (_REPORT.id,), "base")
    subject = Subject(Base(_REPORT, probe, accepted=True), probe, {})
    return replace(subject, answer_kinds=answered)


def test_header_fields_are_tried_with_each_media_type() -> None:
    """A range of a text is served by other code than one of JSON."""
    (variant,) = variants_of(_REPORT)
    things = StageInputs(
        subjects=[_subject(_REPORT, _JSON)],
        others=[_subject(variant, _CSV)],
        lists=(),
        sequences=(),
        longer=(),
        methods={_REPORT.path: {"GET"}},
        unsafe=True,
    )
    _, first = next(stages(things))
    ranges = [each.form for each in first if each.where == "header range"]
    assert {form.header("accept") for form in ranges} == {None, _CSV}


def test_a_media_type_of_the_document_is_usual() -> None:
    """Else one defect of a media type would hide all others of it."""
    (variant,) = variants_of(_REPORT)
    usual = {_REPORT.id: Usual(_REPORT, _REPORT.forms()[0])}
    assert not features_of(_subject(variant).probe, usual)
    xml = variant.forms()[0].with_header("accept", "text/xml")
    assert features_of(_subject(variant).probe.with_form(xml), usual)

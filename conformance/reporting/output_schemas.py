"""JSON Schemas (2020-12) of the output for programs.

That is `report.json`, a line of `run.ndjson`, and the output of `next --json`.

The schemas are made from the types that are written, so they always fit.  Compatibility: within one
`format` no member is removed or changes its meaning; members may be added, so a reader has to
ignore members that it does not know.
"""

import json
from collections.abc import Callable
from typing import Any, Final, get_type_hints

import msgspec

from conformance.model.decision import Decision, Ledger
from conformance.model.finding import Finding
from conformance.model.group import Group
from conformance.model.observation import FaultKind, NotAsked
from conformance.model.own_difference import OwnDifference
from conformance.model.report import Headline, RunReport
from conformance.model.run import RunFooter, RunHeader
from conformance.model.verdict import Comparison, ExpectationFailure, Judgement, Verdict
from conformance.records.write import FORMAT as RECORD_FORMAT
from conformance.reporting.json_report import FORMAT as REPORT_FORMAT
from conformance.reporting.next_cause import FORMAT as NEXT_FORMAT
from conformance.reporting.next_cause import NextStep
from conformance.reporting.verification import Verification

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
_AS_THEY_ARE: Final = (
    "suites",
    "runtimes",
    "pairs",
    "cases",
    "more_cases",
    "nothing_proved",
    "warnings",
)
_TEXT: Final[Schema] = {"type": "string"}
_TEXTS: Final[Schema] = {"type": "array", "items": _TEXT}


class _Types:
    """Makes the schemas of types, and gathers the definitions that they refer to."""

    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}

    def of(self, kind: Any) -> Schema:
        (schema,), definitions = msgspec.json.schema_components(
            [kind], ref_template="#/$defs/{name}"
        )
        self.definitions.update(definitions)
        return dict(schema)

    def list_of(self, kind: Any) -> Schema:
        return {"type": "array", "items": self.of(kind)}

    def with_members(self, kind: Any, **members: Schema) -> Schema:
        """Return the schema of a type with some members added or replaced."""
        self.of(kind)
        schema = self.definitions[kind.__name__]
        required = [*schema.get("required", ()), *members]
        return {
            **schema,
            "properties": schema["properties"] | members,
            "required": list(dict.fromkeys(required)),
        }


def report_schema() -> Schema:
    """Return the schema of `report.json`."""
    types, hints = _Types(), get_type_hints(RunReport)
    members: dict[str, Schema] = {
        "format": {"const": REPORT_FORMAT},
        "red": {"type": "boolean"},
        "outcome": _TEXT,
        "headline": types.with_members(Headline, text=_TEXT),
        "counts": {
            "type": "object",
            "propertyNames": types.of(Verdict),
            "additionalProperties": {"type": "integer"},
        },
        "run": types.of(RunHeader),
        "finished": {"type": ["object", "null"]},
        "groups": {
            "type": "array",
            "items": types.with_members(Group, says=_TEXT, signatures=_TEXTS),
        },
        "ledger": types.of(hints["rows"]),
        "decisions": {"type": "array", "items": types.with_members(Decision, about=_TEXT)},
        "not_checked": types.of(hints["gaps"]),
        **{name: types.of(hints[name]) for name in _AS_THEY_ARE},
    }
    return _document("conformance: report.json", _object(members), types)


def record_schema() -> Schema:
    """Return the schema of one line of `run.ndjson`: the header, a case or the footer."""
    types = _Types()
    header: dict[str, Schema] = {
        "line": {"const": "header"},
        "format": {"const": RECORD_FORMAT},
        "run": types.of(RunHeader),
        "ledger": types.of(Ledger),
    }
    footer: dict[str, Schema] = {"line": {"const": "footer"}, "run": types.of(RunFooter)}
    lines = [
        _object(header),
        _object(_case_members(types), {"read_as": _TEXTS, "digest": _TEXT}),
        _object(footer),
    ]
    return _document("conformance: a line of run.ndjson", {"oneOf": lines}, types)


def _case_members(types: _Types) -> dict[str, Schema]:
    """Return the members of a case line."""
    request, cell = _request_and_cell(types)
    return {
        "line": {"const": "case"},
        "case": _TEXT,
        "verdict": types.of(Verdict),
        "reason": _TEXT,
        "decisions": types.of(get_type_hints(Judgement)["decisions"]),
        "place": _TEXT,
        "level": {"enum": ["status", "shape", "value"]},
        "requests": {"type": "array", "items": request},
        "cells": {"type": "array", "items": cell},
        "comparison": types.of(Comparison),
        "expected": {"type": "boolean"},
        "expectation_failures": types.list_of(ExpectationFailure),
        "repeated": {"type": "boolean"},
        "unstable": types.list_of(Finding),
        "own_differences": types.list_of(OwnDifference),
        "excused": types.list_of(OwnDifference),
        "changes_itself": {"type": "boolean"},
    }


def _request_and_cell(types: _Types) -> tuple[Schema, Schema]:
    """Return the schema of a request, and that of a cell."""
    body = {"body": _TEXT, "body_base64": _TEXT}
    headers = {
        "type": "array",
        "items": {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2},
    }
    request = _object({"method": _TEXT, "target": _TEXT, "headers": headers}, body)
    answer = _object(
        {
            "status": {"type": "integer"},
            "reason": _TEXT,
            "headers": headers,
            "elapsed_ms": {"type": "number"},
        },
        {
            **body,
            "notes": _TEXTS,
            "retried": {"type": "boolean"},
            "arrivals": {"type": "array"},
            "askings": {"type": "integer"},
            "pages": {"type": "array"},
        },
    )
    fault = _object(
        {
            "kind": types.of(FaultKind),
            "phase": _TEXT,
            "detail": _TEXT,
            "elapsed_ms": {"type": "number"},
        },
        {"last": answer},
    )
    outcomes = {"answer": answer, "fault": fault, "not_asked": types.of(NotAsked)}
    return request, _cell(request, outcomes)


def _cell(request: Schema, outcomes: dict[str, Schema]) -> Schema:
    """Return the schema of a cell."""
    seen = [_object({name: schema}) for name, schema in outcomes.items()]
    setup = [_object({"request": request, name: schema}) for name, schema in outcomes.items()]
    return _object(
        {
            "runtime": _TEXT,
            "live": {"type": "boolean"},
            "seen": {"type": "array", "items": {"oneOf": seen}},
        },
        {
            "setup": {"type": "array", "items": {"oneOf": setup}},
            "sent": {"type": "object", "additionalProperties": request},
            "warnings": _TEXTS,
        },
    )


def _object(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
    }


def _document(title: str, schema: Schema, types: _Types) -> Schema:
    return {
        "$schema": DRAFT,
        "title": title,
        **schema,
        "$defs": dict(sorted(types.definitions.items())),
    }


def next_schema() -> Schema:
    """Return the schema of the output of `conformance next --json`."""
    return _of_a_type("conformance next --json", NextStep, NEXT_FORMAT)


def verification_schema() -> Schema:
    """Return the schema of the output of `conformance next --verify KEY --json`."""
    return _of_a_type("conformance next --verify KEY --json", Verification, NEXT_FORMAT)


def _of_a_type(title: str, kind: type, number: int) -> Schema:
    """Return the schema of a type whose members are all required."""
    types = _Types()
    schema = types.with_members(kind, format={"const": number})
    for each in (schema, *types.definitions.values()):
        if "properties" in each:
            each["required"] = list(each["properties"])
    del types.definitions[kind.__name__]
    return _document(title, schema, types)


OUTPUTS: Final[dict[str, Callable[[], Schema]]] = {
    "report": report_schema,
    "record": record_schema,
    "next": next_schema,
    "verification": verification_schema,
}
"""The functions that make the schemas, by kind of output."""


def output_schema_text(kind: str) -> str:
    """Return the schema of a kind of output as the text of a JSON file."""
    return json.dumps(OUTPUTS[kind](), indent=2, ensure_ascii=False) + "\n"

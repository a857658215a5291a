"""All details of one case, as plain values for the page's script; equal bodies occur once.

The number of a finding's cause is a gap, because it is known only after the last case.

A UTF-8 body is text; any other body is its size, digest and first bytes. A very long text is cut
and marked so.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from conformance.comparison.sentences import EMPTY, facts_of_side, sides_of
from conformance.model.case import step_name
from conformance.model.finding import Finding
from conformance.model.observation import Answer, Cell, Fault, Observation
from conformance.model.request import Request
from conformance.model.verdict import CaseResult, Judgement
from conformance.reporting.curl_command import Address
from conformance.reporting.explanation import commands, setup_commands
from conformance.reporting.html.body_trees import BodyTree, read_trees
from conformance.reporting.html.inert_json import GAP
from conformance.reporting.phrases import follows
from conformance.safe_text import visible

MAX_BODY_CHARACTERS: Final = 50_000
"""Two bodies of this length, and 200 findings in them, make a page of about half a megabyte."""
_FIRST_BYTES: Final = 48

Plain = dict[str, Any]


def case_block(result: CaseResult, judgement: Judgement, reached: Mapping[str, Address]) -> Plain:
    """Return a case as plain values: its steps, its findings and further remarks.

    Each step has the exchange of each runtime, and curl commands.
    """
    bodies = _Bodies()
    steps = [_step(result, number, bodies, reached) for number in range(len(result.requests))]
    findings = zip(result.comparison.findings, judgement.decisions, strict=True)
    return {
        "place": result.place,
        "level": result.level.value,
        "reason": judgement.reason,
        "expected": result.expected,
        "repeated": result.repeated,
        "classes": result.comparison.classes,
        "setup": [_setup(result, number, bodies, reached) for number in _setup_numbers(result)],
        "steps": steps,
        "findings": [_finding(finding, decided) for finding, decided in findings],
        "failures": [
            {"step": failure.step, "text": str(failure)} for failure in result.expectation_failures
        ],
        "warnings": [
            f"{cell.runtime} {warning}" for cell in result.cells for warning in cell.warnings
        ],
        "unstable": [
            f"step {finding.step + 1}: {finding.signatures[0]}" for finding in result.unstable
        ],
        "bodies": bodies.all,
    }


class _Bodies:
    """The distinct bodies of a case."""

    def __init__(self) -> None:
        self.all: list[Plain] = []
        self._numbers: dict[bytes, int] = {}

    def number(self, body: bytes | None) -> int | None:
        """Return the index of a body; None for a request without one."""
        if body is None:
            return None
        if body not in self._numbers:
            self._numbers[body] = len(self.all)
            self.all.append(_body(body))
        return self._numbers[body]


def _body(body: bytes) -> Plain:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        digest = hashlib.sha256(body).hexdigest()
        return {"size": len(body), "sha256": digest, "start": body[:_FIRST_BYTES].hex(" ")}
    cut = {"cut": True} if len(text) > MAX_BODY_CHARACTERS else {}
    return {"size": len(body), "text": text[:MAX_BODY_CHARACTERS], **cut}


def _step(
    result: CaseResult, number: int, bodies: _Bodies, reached: Mapping[str, Address]
) -> Plain:
    trees = read_trees(
        [cell.observations[number] for cell in result.cells], result.kind_of_step(number)
    )
    return {
        "request": _request(result.requests[number], bodies),
        "cells": [
            {**_cell(cell, number, bodies), **_tree(tree, bodies)}
            for cell, tree in zip(result.cells, trees, strict=True)
        ],
        "curl": [
            [names, visible(command)]
            for command, names in commands(result, number, reached).items()
        ],
    }


def _tree(tree: BodyTree | None, bodies: _Bodies) -> Plain:
    """Return a body as parsed; empty if it is shown as sent or is too long for a tree."""
    if tree is None or len(tree.text) > MAX_BODY_CHARACTERS:
        return {}
    return {"read": {"kind": tree.kind, "body": bodies.number(tree.text.encode())}}


def _setup_numbers(result: CaseResult) -> range:
    return range(max((len(cell.setup) for cell in result.cells), default=0))


def _setup(
    result: CaseResult, number: int, bodies: _Bodies, reached: Mapping[str, Address]
) -> Plain:
    """Return a setup step: what each runtime was sent and answered; nothing is compared."""
    asked = [cell for cell in result.cells if number < len(cell.setup)]
    by_command = setup_commands(result.cells, number, reached)
    return {
        "name": step_name(-number - 1),
        "request": _request(asked[0].setup[number].request, bodies),
        "cells": [
            {
                "runtime": cell.runtime,
                "live": cell.live,
                "sent": _request(cell.setup[number].request, bodies),
                **_seen(cell.setup[number].seen, bodies),
            }
            for cell in asked
        ],
        "curl": [[names, visible(command)] for command, names in by_command.items()],
    }


def _request(request: Request, bodies: _Bodies) -> Plain:
    return {
        "method": request.method,
        "target": request.target,
        "headers": request.headers,
        "body": bodies.number(request.body),
    }


def _cell(cell: Cell, step: int, bodies: _Bodies) -> Plain:
    sent = cell.sent_at(step)
    return {
        "runtime": cell.runtime,
        "live": cell.live,
        **({"sent": _request(sent, bodies)} if sent else {}),
        **_seen(cell.observations[step], bodies),
    }


def _seen(seen: Observation, bodies: _Bodies) -> Plain:
    if isinstance(seen, Answer):
        return {
            "status": seen.status,
            "reason": seen.reason,
            "headers": seen.headers,
            "body": bodies.number(seen.body),
            "notes": seen.notes,
            "retried": seen.retried,
            "elapsed_ms": seen.elapsed_ms,
        }
    if isinstance(seen, Fault):
        return {
            "fault": seen.kind.value,
            "phase": seen.phase,
            "detail": seen.detail,
            "elapsed_ms": seen.elapsed_ms,
        }
    return {"not_asked": seen.reason}


def _finding(finding: Finding, decided: tuple[str, ...]) -> Plain:
    return {
        "step": finding.step,
        "cause": GAP,
        "signatures": [str(signature) for signature in finding.signatures],
        "path": finding.place,
        "facet": finding.facet.value,
        "odd": finding.odd,
        "sides": [
            {"runtimes": side.runtimes, "place": side.places[0], "facts": facts_of_side(facts)}
            for side, facts in zip(finding.sides, sides_of(finding), strict=True)
        ],
        "detail": "; ".join(filter(None, (finding.detail, follows(finding)))),
        "sent": [[(name, value or EMPTY) for name, value in sent] for sent in finding.sent],
        "more_sent": finding.more_sent,
        "not_compared": finding.not_compared,
        "decided": decided,
    }

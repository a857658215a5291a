"""Turn the requests of suites into operations, with the steps before each request."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, starmap
from operator import attrgetter, itemgetter
from typing import Final

from msgspec.structs import replace

from conformance.distinct import distinct
from conformance.fuzzing.form import Form, FormStep, form_of
from conformance.fuzzing.openapi import LeftOutOperation
from conformance.fuzzing.operation import BodyShape, Operation, fits
from conformance.fuzzing.probe import Probe
from conformance.model.case import Case
from conformance.model.runtime import Runtime

_ID: Final = re.compile(
    r"[0-9]+|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|(?=.*[0-9])[0-9A-Za-z_-]{16,}"
    r"|\$\{[^}]*\}"
)
"""A segment that is an id: a number, a UUID, a long word with a digit, or a placeholder."""
_SECRET: Final = re.compile("env:")


def with_suites(
    operations: Iterable[Operation], cases: Iterable[Case], runtimes: Sequence[Runtime] = ()
) -> tuple[tuple[Operation, ...], tuple[LeftOutOperation, ...]]:
    """Return the operations with requests of suites, and those that only suites have.

    Also return the cases that are left out, with reasons. `runtimes` are those under test.
    """
    by_id = {each.id: each for each in operations}
    left_out: dict[LeftOutOperation, None] = {}
    for case in cases:
        why = _exclusion_reason(case) or _missing_features(case, runtimes)
        if why:
            left_out[LeftOutOperation(what=case.id, why=why)] = None
            continue
        for probe in _probes(case, list(by_id.values())):
            known = by_id.get(probe.operations[-1]) or _operation(probe)
            by_id[known.id] = replace(
                known,
                written=(*known.written, probe),
                rules=distinct((known.rules, case.rules)),
            )
    return tuple(by_id.values()), tuple(left_out)


def _exclusion_reason(case: Case) -> str:
    if case.runs_commands:
        return "it is for commands, and not for services"
    templates = filter(None, map(attrgetter("template"), case.steps))
    names = chain.from_iterable(map(attrgetter("names"), templates))
    if any(map(_SECRET.match, names)):
        return "it sends a secret, which is in no request that is made up"
    if any(map(attrgetter("until"), case.steps)):
        return "it reads an answer that need not end"
    return ""


def _missing_features(case: Case, runtimes: Iterable[Runtime]) -> str:
    """Return what a case requires that some runtime does not support; empty if nothing."""
    lacking = {each.name: ", ".join(sorted(each.lacks(case.requires))) for each in runtimes}
    unsupported = filter(itemgetter(1), lacking.items())
    return "; ".join(starmap("{} does not support {}".format, unsupported))


def _probes(case: Case, known: list[Operation]) -> Iterator[Probe]:
    """Yield each request of a case with the steps before it."""
    steps = tuple(FormStep(form_of(step.request), step.captures) for step in case.steps)
    forms = map(attrgetter("form"), steps)
    operations = tuple(map(partial(_operation_id, known=known), forms))
    for end in range(1, len(steps) + 1):
        yield Probe(steps[:end], operations[:end], "base")


def _operation_id(form: Form, known: list[Operation]) -> str:
    """Return the id of a request's operation.

    It is a known operation if the path matches, else one made from the path.
    """
    for operation in known:
        if operation.method == form.method and fits(form.path, operation.path):
            return operation.id
    return f"{form.method} /{'/'.join(_opened(form.path))}"


def _opened(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path with parameters in place of its ids.

    The first is `{id}`, others have their position: `{id3}`.
    """
    opened: list[str] = []
    for segment in path:
        if not _ID.fullmatch(segment):
            opened.append(segment)
            continue
        is_first = "{id}" not in opened
        opened.append("{id}" if is_first else f"{{id{len(opened)}}}")
    return tuple(opened)


def _operation(probe: Probe) -> Operation:
    form = probe.form
    body = None
    if form.body is not None:
        body = BodyShape(media_type=form.header("content-type") or "", samples=(form.body,))
    path = tuple(probe.operations[-1].partition(" /")[2].split("/"))
    return Operation(method=form.method, path=path, body=body)

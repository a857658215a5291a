"""Write the first requests as suites, measure noise with them, and write them again with rules.

Noise is what differs by itself when a case is sent again to the same runtime. Cases that only read
come first in a suite, so that a runtime that is started for a run answers them from its initial
data. A suite that would be too long to read is split: `first`, `first-2` and so on.
"""

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.atomic_file import replace_file
from conformance.comparison.rules.rule_text import rule_line
from conformance.fuzzing.case_file import FoundCase, case_head_lines, named, request_lines
from conformance.fuzzing.first_requests import FirstRequests
from conformance.fuzzing.first_rules import FirstRules, OwnMembers, learn_rules
from conformance.fuzzing.openapi import LeftOutOperation
from conformance.fuzzing.probe import TIMEOUT_MS, Probe
from conformance.model.case import SAFE_METHODS
from conformance.model.rule import Rule
from conformance.model.runtime import Runtime
from conformance.model.yaml_text import yaml_text
from conformance.project.files import read_suites
from conformance.safe_text import visible
from conformance.wording import plural

SUITE_ID: Final = "first"
_MOST_CHARACTERS: Final = 256 << 10
"""Most characters of one suite: a quarter of the limit of a file, because rules are added later."""
# The width of a line of YAML in a suite
_WIDTH: Final = 118


class SuitesPlan(Struct, frozen=True, kw_only=True):
    """What to write: the folder, the requests, what is left out, and the API document."""

    folder: Path
    modeline: str
    runtimes: tuple[Runtime, ...]
    first_requests: FirstRequests
    left_out: tuple[LeftOutOperation, ...]
    source: str
    document: str | None


class _Case(Struct, frozen=True, kw_only=True):
    """A case, and the lines of its requests."""

    found: FoundCase
    lines: tuple[str, ...]


_Suites = dict[str, list[_Case]]


class Written(Struct, frozen=True, kw_only=True):
    """The written files, their number of cases, what is left out, and the learned rules."""

    files: tuple[Path, ...]
    cases: int
    left_out: tuple[LeftOutOperation, ...]
    rules: FirstRules = field(default_factory=FirstRules)


def write_first_suites(plan: SuitesPlan, *, logs: Path | None) -> Written:
    """Write the suites, with learned rules if the runtimes can be opened again.

    `logs` is the folder for logs of the runtimes, or None where they cannot be opened. Raises
    RuntimeUnavailableError where a runtime cannot be opened again: then the suites are written
    without rules.
    """
    refused = {each.probe.steps: each.refused for each in plan.first_requests.requests}
    found = named(_forms(plan.first_requests), fresh=True)
    expecting = (replace(case, status=refused[case.probe.steps]) for case in found)
    cases = sorted(expecting, key=lambda case: not _reads(case.probe))
    suites, too_long = _in_suites(cases)
    left_out = (*plan.left_out, *too_long)
    written = Written(
        files=tuple(plan.folder / f"{suite}.yaml" for suite in suites),
        cases=sum(map(len, suites.values())),
        left_out=left_out,
    )
    _write(plan, suites, written)
    if logs is None:
        return written
    own = OwnMembers(given=plan.first_requests.own_ids, names=plan.first_requests.own_names)
    rules = learn_rules(plan.runtimes, list(read_suites(written.files)), own, logs)
    written = replace(written, rules=rules)
    _write(plan, suites, written)
    return written


def _forms(first: FirstRequests) -> Iterator[tuple[str, Probe, tuple[Rule, ...]]]:
    return ((each.title, each.probe, ()) for each in first.requests)


def _reads(probe: Probe) -> bool:
    return all(step.form.method in SAFE_METHODS for step in probe.steps)


def _in_suites(cases: Iterable[FoundCase]) -> tuple[_Suites, tuple[LeftOutOperation, ...]]:
    """Return the cases by suite, and the cases that are longer than a suite may be."""
    suites: _Suites = {}
    too_long: list[LeftOutOperation] = []
    room = 0
    for case in cases:
        lines = tuple(request_lines(case))
        size = sum(len(line) + 1 for line in lines)
        if size > _MOST_CHARACTERS:
            too_long.append(
                LeftOutOperation(
                    what=case.title, why=f"it has more than {plural(_MOST_CHARACTERS, 'character')}"
                )
            )
            continue
        if size > room:
            number = len(suites) + 1
            suites[SUITE_ID if number == 1 else f"{SUITE_ID}-{number}"] = []
            room = _MOST_CHARACTERS
        room -= size
        suites[next(reversed(suites))].append(_Case(found=case, lines=lines))
    return suites, tuple(too_long)


def _write(plan: SuitesPlan, suites: _Suites, written: Written) -> None:
    rules = written.rules
    for suite, cases in suites.items():
        lines = [plan.modeline, *_head(plan, suite, written)]
        for case in cases:
            case_id = f"{suite}/{case.found.name}"
            level = [rules.levels[case_id]] if case_id in rules.levels else []
            own = [rule_line(rule, why) for rule, why in rules.of_cases.get(case_id, {}).items()]
            lines += case_head_lines(case.found, own, level)
            lines += case.lines
        replace_file(plan.folder / f"{suite}.yaml", "".join(f"{line}\n" for line in lines).encode())


def _head(plan: SuitesPlan, suite: str, written: Written) -> Iterator[str]:
    """Yield the lines of a suite before its cases; the first suite also lists what is left out."""
    yield from _comment(f"The first cases: {plan.source}.")
    if suite == SUITE_ID:
        yield from _missing(plan, written)
    yield f"suite: {suite}"
    yield "compare: value"
    yield f"timeout_ms: {TIMEOUT_MS}"
    if plan.document is not None:
        yield f"openapi: {yaml_text(plan.document)}"
    yield from _header_lines(plan)
    if rules := written.rules.of_suites.get(suite):
        yield "rules:"
        yield from (f"  - {rule_line(rule, why)}" for rule, why in rules.items())
    yield "cases:"


def _missing(plan: SuitesPlan, written: Written) -> Iterator[str]:
    """Yield comments on operations that have no case, and on differences that have no rule."""
    for why, names in by_reason(written.left_out):
        yield from _comment(f"Left out, as {why}: {', '.join(names)}")
    if plan.first_requests.refused:
        yield from _comment(
            "No request was found that every runtime accepts: "
            f"{', '.join(plan.first_requests.refused)}"
        )
    for each in written.rules.not_proposed:
        where = plural(len(each.cases), "case")
        yield from _comment(f"Differs by itself, and no rule is proposed: {each.what}, in {where}")


def _header_lines(plan: SuitesPlan) -> Iterator[str]:
    all_names = {each.name for each in plan.runtimes}
    if plan.first_requests.headers:
        yield "headers:"
    for name, senders in sorted(plan.first_requests.headers.items()):
        only = f"  # only {', '.join(sorted(senders))} sends it" if senders != all_names else ""
        yield f"  - {yaml_text(name)}{only}"


def by_reason(left_out: Iterable[LeftOutOperation]) -> list[tuple[str, list[str]]]:
    """Return the left-out operations grouped by reason, in the order of the reasons."""
    found: dict[str, list[str]] = {}
    for each in left_out:
        found.setdefault(each.why, []).append(each.what)
    return list(found.items())


def _comment(words: str) -> list[str]:
    wrapped = textwrap.TextWrapper(
        width=_WIDTH,
        initial_indent="# ",
        subsequent_indent="#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped.wrap(visible(words))

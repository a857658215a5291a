"""Noise: what a runtime answers differently when it is asked the same again, and after a restart.

Noise is learned, never guessed: each case is sent three times, twice to one life of the runtime and once to the next,
and whatever then differs by value is proposed as a rule for people to review.  A runtime that only has a URL is not
restarted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from conformance.comparison.parity import compare_case
from conformance.comparison.rules.kinds import narrowest_kind
from conformance.comparison.values.lossless_json import NoJsonError, parse
from conformance.model.case import Case, CompareLevel, RuleKind
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.observation import Cell
from conformance.model.runtime import Runtime
from conformance.model.yaml_text import yaml_text
from conformance.reporting.phrases import plural
from conformance.runner import event_loop
from conformance.runner.session import concerns, open_session
from conformance.safe_text import visible

_LIVES: Final = ("first", "again", "after a restart")


@dataclass(slots=True)
class NoisyPath:
    """A place in the answers of a suite that differs by itself: what stands there, in which runtimes and cases."""

    kinds: set[RuleKind] = field(default_factory=set)
    runtimes: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)

    @property
    def kind(self) -> RuleKind:
        """Return the narrowest kind that holds for all that was seen."""
        if self.kinds == {RuleKind.INTEGER, RuleKind.NUMBER}:
            return RuleKind.NUMBER
        return next(iter(self.kinds)) if len(self.kinds) == 1 else RuleKind.ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What was learned: paths by suite that a rule can loosen, and what no rule can."""

    paths: Mapping[str, Mapping[str, NoisyPath]]
    beyond_rules: tuple[str, ...]
    asked: int


def learn(runtimes: Sequence[Runtime], cases: Iterable[Case], logs: Path) -> Noise:
    """Ask each runtime every case of its own three times; raises RuntimeUnavailableError where one cannot be opened."""
    paths: dict[str, dict[str, NoisyPath]] = {}
    beyond: dict[str, None] = {}
    asked = 0
    for runtime in runtimes:
        own = [case for case in cases if concerns(case, runtime)]
        asked += len(own)
        lives = event_loop.run(_three_times(replace(runtime, fallback=None), own, logs))
        for case, cells in zip(own, lives, strict=True):
            by_value = replace(case, compare=CompareLevel.VALUE)
            for finding in compare_case(by_value, cells).findings:
                if finding.place.startswith("$") and finding.kind is not DifferenceKind.TEXT:
                    noisy = paths.setdefault(case.suite, {}).setdefault(finding.place, NoisyPath())
                    noisy.kinds.add(_kind(finding))
                    noisy.runtimes.add(runtime.name)
                    noisy.cases.add(case.id)
                else:
                    beyond[f"{case.id}, {runtime.name}: {finding.signatures[0]}"] = None
            for cell in cells:
                beyond.update((f"{case.id}, {runtime.name}: {fault.kind.value}", None) for fault in cell.faults)
    return Noise(paths=paths, beyond_rules=tuple(beyond), asked=asked)


async def _three_times(runtime: Runtime, cases: Sequence[Case], logs: Path) -> list[tuple[Cell, ...]]:
    """Return for each case what one runtime did, each time under the name of that time."""
    seen: list[list[Cell]] = [[] for _ in cases]
    for lives in (_LIVES[:2], _LIVES[2:]):
        async with open_session([runtime], logs, cases=cases, run_id="noise") as session:
            for attempt, life in enumerate(lives, start=1):
                for case, cells in zip(cases, seen, strict=True):
                    cells += [replace(cell, runtime=life) for cell in await session.observe(case, attempt)]
    return [tuple(cells) for cells in seen]


def _kind(finding: Finding) -> RuleKind:
    """Return what stands on both sides of a finding; anything where one side has nothing, or another kind."""
    if finding.kind is DifferenceKind.LENGTH:
        return RuleKind.ARRAY
    kinds = {_kind_of_example(example) for example in (value for sent in finding.sent for _, value in sent)}
    return kinds.pop() if len(kinds) == 1 else RuleKind.ANY


def _kind_of_example(example: str) -> RuleKind:
    try:
        value = parse(example.encode()).value
    except NoJsonError:
        return RuleKind.STRING if example.startswith('"') else RuleKind.ANY  # a text that is cut is a text
    return narrowest_kind(value)


def noise_lines(noise: Noise, runtimes: Iterable[str]) -> Iterator[str]:
    """Yield a YAML file of rules by suite, ready to be moved under `rules:` of each."""
    yield f"# What {', '.join(runtimes)} answered differently when asked the same again."
    yield "# Move the rules that you agree with under `rules:` of the suite, and say in `why` what is behind them."
    for line in noise.beyond_rules:
        yield f"# no rule can be about it: {visible(line)}"
    yield "noise:" if noise.paths else "noise: {}"
    for suite, paths in sorted(noise.paths.items()):
        yield f"  {yaml_text(suite)}:"
        for path, noisy in sorted(paths.items()):
            why = f"differs by itself in {', '.join(sorted(noisy.runtimes))}, in {plural(len(noisy.cases), 'case')}"
            yield f"    - {{path: {yaml_text(path)}, is: {noisy.kind.value}, why: {yaml_text(why)}}}"

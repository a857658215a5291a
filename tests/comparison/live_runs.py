"""Runs of the whole pipeline on real ports: services in, a report out."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

from conformance.errors import Place
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.decision import Ledger
from conformance.model.expectation import Expectation
from conformance.model.report import RunReport
from conformance.model.request import Request
from conformance.model.rule import Rule
from conformance.model.run import RunHeader
from conformance.model.runtime import AttachedRuntime, Reach, Runtime
from conformance.pipeline import Progress, RunPlan, run
from tests.miniatures.server import Service, serve

LANGUAGES = {"a": "python", "b": "go", "c": "rust", "d": "typescript"}


def case(
    name: str = "order",
    *targets: str,
    compare: CompareLevel = CompareLevel.SHAPE,
    rules: tuple[Rule, ...] = (),
    statuses: tuple[int, ...] = (),
    requires: frozenset[str] = frozenset(),
) -> Case:
    """Return a case that asks for one target after the other."""
    expected = Expectation(statuses=tuple(map(str, statuses)))
    steps = tuple(
        Step(request=Request(method="GET", target=target), expectation=expected)
        for target in targets or (f"/{name}",)
    )
    return Case(
        suite="shop", name=name, place=Place("shop.yaml", 4, 5), steps=steps, against=None,
            compare=compare,
        rules=rules, requires=requires, timeout_ms=5_000,
    )  # fmt: skip


def header(baseline: str | None = None, unselected: frozenset[str] = frozenset()) -> RunHeader:
    """Return the header of a run on a fixed day."""
    return RunHeader(
        run_id="r1", started="2026-11-23T10:00:00+00:00", command="conformance run", version="0",
            machine="", commit="",
        runtimes=(), baseline=baseline, unselected=unselected,
    )  # fmt: skip


def runtime(name: str, reach: Reach, supports: frozenset[str] | None = None) -> Runtime:
    """Return a runtime under a name, each name in another language."""
    return Runtime(
        name=name,
        reach=reach,
        place=Place("runtimes.yaml"),
        language=LANGUAGES.get(name),
        supports=supports,
    )


def replay(  # noqa: PLR0913 - a run has this many parts
    folder: Path,
    services: Mapping[str, Service],
    *cases: Case,
    ledger: Ledger | None = None,
    baseline: str | None = None,
    unselected: frozenset[str] = frozenset(),
    supports: Mapping[str, frozenset[str]] | None = None,
    others: tuple[Runtime, ...] = (),
    progress: Progress | None = None,
) -> RunReport:
    """Serve each service on its own port and run the cases against all of them."""
    with contextlib.ExitStack() as running:
        attached = tuple(
            runtime(
                name,
                AttachedRuntime(url=running.enter_context(serve(service))),
                supports=(supports or {}).get(name),
            )
            for name, service in services.items()
        )
        plan = RunPlan(
            header=header(baseline, unselected),
            cases=cases or (case(),),
            runtimes=(*attached, *others),
            ledger=ledger or Ledger(),
            folder=folder,
        )
        return run(plan, progress, environment={})

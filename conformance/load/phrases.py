"""A load run in words and plain values, shared by all forms of its report."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from conformance.load.figures import ClassFigures, LoadRun, ProcessFigures, RuntimeFigures
from conformance.load.plan import Pace
from conformance.wording import plural


def outcome(run: LoadRun) -> str:
    """Return the outcome of the run in one sentence."""
    if run.nothing_counted:
        empty = ", ".join(each.runtime for each in run.runtimes if not each.scenarios)
        return f"NOTHING PROVED: no scenario of {empty} was counted"
    results = "; ".join(map(result_of, run.runtimes)) or "nothing was measured"
    return f"{_verdict(run)}: {results}"


def _verdict(run: LoadRun) -> str:
    if not run.red:
        return "PASS"
    return "FAIL" if run.complete else "FAIL, interrupted"


def warning(run: LoadRun) -> str:
    """Return the warning about an interrupted load; empty if the load finished."""
    if run.complete:
        return ""
    measured = (
        ", ".join(f"{each.runtime} for {each.counted_s:g} s" for each in run.runtimes) or "nothing"
    )
    return (
        f"the load was interrupted: of {run.header.pace.duration_s:g} s a runtime, it measured "
        f"{measured}"
    )


def result_of(figures: RuntimeFigures) -> str:
    """Return the result of one runtime in one sentence."""
    within, classes = sum(not each.red for each in figures.classes), len(figures.classes)
    held = f"{within} of {plural(classes, 'class', 'classes')}"
    return (
        f"{figures.runtime}: {held} within limits, "
        f"{figures.failed} of {plural(figures.scenarios, 'scenario')} failed, "
        f"{figures.scenarios_per_s:.1f} scenarios/s"
    )


def paced(pace: Pace) -> str:
    """Return in words how the load was driven."""
    loop = (
        f"an open loop of {pace.rate_per_s:g} scenarios/s"
        if pace.rate_per_s is not None
        else "a closed loop"
    )
    thought = f", {pace.think_time_s:g} s to think" if pace.think_time_s else ""
    return (
        f"{plural(pace.users, 'user')} in {loop}{thought}, for {pace.duration_s:g} s, "
        f"after {pace.lead_s:g} s that do not count; seed {pace.seed}"
    )


def generator(figures: RuntimeFigures) -> str:
    """Return in words what the load generator used, and whether that distorts the times."""
    own = figures.generator
    usage = (
        f"{plural(own.processes, 'process', 'processes')}, {own.cpu_s:.1f} s CPU, "
        f"{own.max_rss_mib:.0f} MiB; the busiest used {own.busiest_percent:.0f} % of a core; its "
        f"clock ticked {own.lag_p99_ms:.1f} ms late at p99"
    )
    verdict = "SATURATED: times may be the generator's own" if own.saturated else "not saturated"
    others = "Other programs" if figures.processes else "Other programs, the runtime among them,"
    return f"{usage}: {verdict}. {others} used {figures.others_percent:.0f} % of the machine."


def memory_mib(processes: Sequence[ProcessFigures]) -> float:
    """Return the sum of the highest memory of each process, in MiB."""
    return sum(each.max_rss_mib for each in processes)


class Ratio(Struct, frozen=True, kw_only=True):
    """One figure of two runtimes, and the ratio of the second to the first."""

    name: str
    unit: str
    first: float
    second: float

    @property
    def times(self) -> float | None:
        """Return the ratio of the second to the first; None if the first is 0."""
        return self.second / self.first if self.first else None


def ratios(first: RuntimeFigures, second: RuntimeFigures) -> Iterator[Ratio]:
    """Yield the figures that two runtimes have in common."""
    yield Ratio(
        name="scenarios", unit="/s", first=first.scenarios_per_s, second=second.scenarios_per_s
    )
    for left, right in _same(first.classes, second.classes):
        yield Ratio(
            name=f"{left.name} failed",
            unit="%",
            first=left.failed_percent,
            second=right.failed_percent,
        )
        yield Ratio(
            name=f"{left.name} p50", unit="ms", first=left.times.p50_ms, second=right.times.p50_ms
        )
        yield Ratio(
            name=f"{left.name} p99", unit="ms", first=left.times.p99_ms, second=right.times.p99_ms
        )
    if first.processes and second.processes:
        cpu_s = (sum(each.cpu_s for each in side.processes) for side in (first, second))
        per_scenario = [
            1_000 * used_s / max(side.scenarios, 1)
            for used_s, side in zip(cpu_s, (first, second), strict=True)
        ]
        yield Ratio(name="CPU a scenario", unit="ms", first=per_scenario[0], second=per_scenario[1])
        yield Ratio(
            name="memory",
            unit="MiB",
            first=memory_mib(first.processes),
            second=memory_mib(second.processes),
        )


def _same(
    first: Sequence[ClassFigures], second: Sequence[ClassFigures]
) -> Iterator[tuple[ClassFigures, ClassFigures]]:
    by_name = {each.name: each for each in second}
    return ((each, by_name[each.name]) for each in first if each.name in by_name)

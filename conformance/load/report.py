"""A load run as JSON, as lines for a terminal, and as Markdown."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from conformance.load import phrases
from conformance.load.figures import ClassFigures, LoadRun, RuntimeFigures
from conformance.reporting.json_report import printed_json
from conformance.reporting.markdown import markdown_template
from conformance.reporting.terminal import Line
from conformance.safe_text import visible

FORMAT: Final = 1


def load_json(run: LoadRun) -> bytes:
    """Return the run as one JSON object.

    Its top level has the figures of the first runtime; `runtimes` has those of all of them.
    """
    plain: dict[str, Any] = {
        "format": FORMAT,
        "outcome": phrases.outcome(run),
        "red": run.red,
        "complete": run.complete,
    }
    for figures in run.runtimes[:1]:
        plain |= _runtime(figures)
    plain["run"] = msgspec.to_builtins(run.header)
    plain["runtimes"] = [
        {
            "name": figures.runtime,
            **_runtime(figures),
            "seconds": msgspec.to_builtins(figures.seconds),
        }
        for figures in run.runtimes
    ]
    return printed_json(plain)


def _runtime(figures: RuntimeFigures) -> dict[str, Any]:
    return {
        "runtime": figures.runtime,
        "reached": figures.reached,
        "scenarios": figures.scenarios,
        "failed": figures.failed,
        "counted_s": figures.counted_s,
        "scenarios_per_s": round(figures.scenarios_per_s, 2),
        "exchanges_per_s": round(figures.exchanges_per_s, 2),
        "classes": [_class(figures, each) for each in figures.classes],
        "causes": msgspec.to_builtins(figures.causes),
        "processes": msgspec.to_builtins(figures.processes),
        "memory_mib": round(phrases.memory_mib(figures.processes), 1),
        "generator": {
            **msgspec.to_builtins(figures.generator),
            "saturated": figures.generator.saturated,
        },
        "others_percent": figures.others_percent,
    }


def _class(figures: RuntimeFigures, each: ClassFigures) -> dict[str, Any]:
    steps = [
        {
            "name": step.name,
            "exchanges": step.exchanges,
            "exchanges_per_s": round(figures.per_s(step.exchanges), 2),
            **msgspec.to_builtins(step.times),
        }
        for step in each.steps
    ]
    return {
        "name": each.name,
        "weight": each.weight,
        "scenarios": each.scenarios,
        "scenarios_per_s": round(figures.per_s(each.scenarios), 2),
        "failed": each.failed,
        "failed_percent": round(each.failed_percent, 3),
        "allowed_failures_percent": each.allowed_failures_percent,
        "red": each.red,
        **msgspec.to_builtins(each.times),
        "steps": steps,
    }


def load_lines(run: LoadRun) -> Iterator[Line]:
    """Yield the report of the run line by line."""
    header = run.header
    yield f"load {header.run_id} · {header.started} · commit {header.commit or 'unknown'}", "dim"
    yield phrases.paced(header.pace), "dim"
    if warning := phrases.warning(run):
        yield f"warning: {warning}", "yellow"
    for figures in run.runtimes:
        yield from _runtime_lines(figures)
    if len(run.runtimes) > 1:
        yield "", ""
        first, second = run.runtimes[:2]
        yield from ratio_lines(phrases.ratios(first, second), (first.runtime, second.runtime))
    yield "", ""
    yield phrases.outcome(run), "bold red" if run.red else "bold green"


def _runtime_lines(figures: RuntimeFigures) -> Iterator[Line]:
    """Yield the throughput, times, failures and processes of one runtime."""
    yield "", ""
    yield (
        (
            f"{figures.runtime}: {figures.scenarios_per_s:.1f} scenarios/s, "
            f"{figures.exchanges_per_s:.0f} exchanges/s"
        ),
        "bold",
    )
    yield (
        (
            f"  {'':<28}{'scenarios':>10}{'failed':>8}"
            f"{'p50 ms':>10}{'p90 ms':>10}{'p99 ms':>10}{'max ms':>10}"
        ),
        "dim",
    )
    for each in figures.classes:
        times = each.times
        percentiles = (times.p50_ms, times.p90_ms, times.p99_ms, times.max_ms)
        columns = "".join(f"{latency:>10.1f}" for latency in percentiles)
        yield (
            f"  {each.name:<28}{each.scenarios:>10}{each.failed:>8}{columns}",
            "red" if each.red else "",
        )
    for cause in figures.causes:
        yield f"  {cause.count} of {cause.scenario}: {visible(cause.says)}", "red"
        yield from ((f"      {visible(line)}", "dim") for line in cause.example.splitlines())
    for process in figures.processes:
        yield (
            (
                f"  {visible(process.name):<28}{process.cpu_s:>8.1f} s "
                f"CPU{process.max_rss_mib:>10.0f} MiB"
            ),
            "",
        )
    yield (
        f"  load: {phrases.generator(figures)}",
        "yellow" if figures.generator.saturated else "dim",
    )


def ratio_lines(ratios: Iterable[phrases.Ratio], names: tuple[str, str]) -> Iterator[Line]:
    """Yield a table with the figures of two runtimes and their ratios."""
    yield f"  {'':<36}{names[0]:>14}{names[1]:>14}{'ratio':>8}", "dim"
    for ratio in ratios:
        times = "" if ratio.times is None else f"{ratio.times:.2f}"
        yield (
            (
                f"  {f'{ratio.name}, {ratio.unit}':<36}"
                f"{ratio.first:>14.2f}{ratio.second:>14.2f}{times:>8}"
            ),
            "",
        )


def load_markdown(run: LoadRun) -> str:
    """Return the report of the run as Markdown."""
    template = markdown_template("conformance.load", "load.md.j2")
    ratios = list(phrases.ratios(run.runtimes[0], run.runtimes[1])) if len(run.runtimes) > 1 else []
    return template.render(run=run, words=phrases, ratios=ratios)

"""Comparison of two saved load runs, an earlier and a later one, runtime by runtime."""

from collections.abc import Iterator

from conformance.errors import RunRecordError
from conformance.load import phrases
from conformance.load.figures import LoadRun, RuntimeFigures
from conformance.load.report import ratio_lines
from conformance.reporting.json_report import printed_json
from conformance.reporting.markdown import markdown_template
from conformance.reporting.terminal import Line


def regressed(base: LoadRun, head: LoadRun) -> list[str]:
    """Return the classes that were within their limits in `base` and are not in `head`."""
    names: list[str] = []
    for before, after in _pairs(base, head):
        red_before = {each.name for each in before.classes if each.red}
        red_now = (each.name for each in after.classes if each.red)
        names += [f"{after.runtime} {name}" for name in red_now if name not in red_before]
    return names


def load_change_lines(base: LoadRun, head: LoadRun) -> Iterator[Line]:
    """Yield the changes line by line."""
    for warning in _warnings(base, head):
        yield f"warning: {warning}", "yellow"
    for before, after in _pairs(base, head):
        yield f"{after.runtime}: {base.header.run_id} and then {head.header.run_id}", "bold"
        yield from ratio_lines(phrases.ratios(before, after), ("before", "after"))
    yield _judged(base, head), "bold red" if regressed(base, head) else "bold green"


def load_changes_markdown(base: LoadRun, head: LoadRun) -> str:
    """Return the changes as Markdown."""
    template = markdown_template("conformance.load", "load_changes.md.j2")
    pairs, warnings, worse = _pairs(base, head), list(_warnings(base, head)), _judged(base, head)
    return template.render(
        base=base, head=head, pairs=pairs, warnings=warnings, worse=worse, words=phrases
    )


def load_changes_json(base: LoadRun, head: LoadRun) -> bytes:
    """Return the changes as one JSON object."""
    runtimes = [
        {
            "name": after.runtime,
            "figures": [
                {
                    "name": each.name,
                    "unit": each.unit,
                    "before": each.first,
                    "after": each.second,
                    "ratio": each.times,
                }
                for each in phrases.ratios(before, after)
            ],
        }
        for before, after in _pairs(base, head)
    ]
    worse = regressed(base, head)
    warnings = list(_warnings(base, head))
    return printed_json(
        {
            "format": 1,
            "red": bool(worse),
            "regressed": worse,
            "warnings": warnings,
            "runtimes": runtimes,
        }
    )


def _warnings(base: LoadRun, head: LoadRun) -> Iterator[str]:
    for run in (base, head):
        if warning := phrases.warning(run):
            yield f"{run.header.run_id}: {warning}"


def _judged(base: LoadRun, head: LoadRun) -> str:
    worse = regressed(base, head)
    return f"regressed: {', '.join(worse)}" if worse else "nothing regressed"


def _pairs(base: LoadRun, head: LoadRun) -> list[tuple[RuntimeFigures, RuntimeFigures]]:
    before = {each.runtime: each for each in base.runtimes}
    pairs = [(before[each.runtime], each) for each in head.runtimes if each.runtime in before]
    if not pairs:
        raise RunRecordError(
            f"runs {base.header.run_id} and {head.header.run_id} have no runtime in common"
        )
    return pairs

"""How many of the forms that `conformance fuzz` leaves are minimal.

A form is minimal if no step, parameter, header field, member, item or run of characters can be
taken away, and no scalar be made simpler, so that its cause still shows from a fresh state.

`python -m tests.bench.fuzz_minimal [--requests N] [--seed N] [--plant NAME]…`: the shop of the fuzz
bench, with all plants where none is named.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from conformance.fuzzing.form import Form
from conformance.fuzzing.found_cause import FoundCause
from conformance.fuzzing.fuzzer import Fuzz, FuzzPlan, Progress, fuzz
from conformance.fuzzing.isolation import Isolation
from conformance.fuzzing.openapi import operations_of
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.oracle import Key, Oracle
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.shrinking import simplifications
from conformance.model.decision import Ledger
from conformance.runner.open_session import open_session
from conformance.suites.runtimes_file import read_runtimes
from tests.bench.fuzz_bench import declare_runtimes
from tests.bench.fuzz_shop_document import DOCUMENT, PLANTS


def main() -> None:
    """Fuzz, try to make each form smaller, and print how many cannot be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plant", action="append", default=[])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        declare_runtimes(Path(folder), ",".join(given.plant or PLANTS))
        run = fuzz(_plan(Path(folder), given.seed, given.requests), Progress(_shown, _nothing))
        smaller = asyncio.run(_smaller_forms(run))
    forms = [form for cause in run.search.known.causes.values() for form in cause.forms]
    minimal = len(forms) - len(smaller)
    for form, simpler in smaller:
        print(f"  {_line(form)}\n    also shows as {_line(simpler)}")
    print(
        f"minimal: {minimal} of {len(forms)} forms ({minimal / max(1, len(forms)):.0%}), "
        f"{len(run.search.known.causes)} causes, {run.search.oracle.requests:,} requests"
    )


def _plan(folder: Path, seed: int, requests: int) -> FuzzPlan:
    operations, left_out = operations_of(json.dumps(DOCUMENT).encode(), "the shop")
    return FuzzPlan(
        runtimes=tuple(read_runtimes(folder / "runtimes.yaml")),
        operations=operations,
        left_out=left_out,
        ledger=Ledger(),
        baseline=None,
        seed=seed,
        seconds=None,
        requests=requests,
        logs=folder / "logs",
    )


def _shown(cause: FoundCause) -> None:
    print(f"  found: {cause.title}", flush=True)


def _nothing(_: Fuzz) -> None:
    """Print nothing while it goes on."""


async def _smaller_forms(run: Fuzz) -> list[tuple[Probe, Probe]]:
    """Return the forms that can be made smaller, each with the first such one."""
    plan = run.plan
    operations = {each.id: each for each in plan.operations}
    found: list[tuple[Probe, Probe]] = []
    opened = open_session(list(plan.runtimes), plan.logs, run_id="minimal", same_names=True)
    async with opened as session:
        oracle = Oracle(session, None, plan.ledger)
        oracle.headers, oracle.rules = run.search.oracle.headers, run.search.oracle.rules
        isolation = Isolation(session, plan.runtimes)
        for cause in run.search.known.causes.values():
            for form in cause.forms:
                simpler = await _smaller(form, cause.key, operations, oracle, isolation)
                found += [(form, simpler)] if simpler is not None else []
    return found


async def _smaller(
    form: Probe,
    key: Key,
    operations: Mapping[str, Operation],
    oracle: Oracle,
    isolation: Isolation,
) -> Probe | None:
    """Return the first simpler form that shows the cause as well, if there is one."""
    for simpler in simplifications(form, operations):
        await isolation.reset()
        if key in (await oracle.send(simpler)).causes:
            return simpler
    return None


def _line(probe: Probe) -> str:
    return ", then ".join(_shown_form(step.form) for step in probe.steps)


def _shown_form(form: Form) -> str:
    body = "" if form.raw_body is None else f" {form.raw_body[:120]!r}"
    return f"{form.method} {form.target}{body}"


if __name__ == "__main__":
    main()

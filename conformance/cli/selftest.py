"""`conformance selftest`: plants defects in front of a runtime; each must be found and named."""

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from msgspec.structs import asdict

from conformance.cli import options
from conformance.errors import UsageError
from conformance.model.decision import Ledger
from conformance.model.runtime import AttachedRuntime
from conformance.project.cases import load_cases
from conformance.project.request import RunRequest
from conformance.project.runs import DEFAULT_RUNS, new_header
from conformance.project.runtimes import load_runtimes
from conformance.safe_text import visible
from conformance.selftest import sample
from conformance.selftest.background import in_background
from conformance.selftest.trial import PlantOutcome, PlantState, Trial, TrialSubject
from conformance.suites.suite_file import read_suite
from conformance.wording import plural

_EPILOG = """\b
Examples:
  conformance selftest                                            before a sample service of its own
  conformance selftest cases/shop --runtime shop=http://127.0.0.1:8001
"""
_SAMPLE_SUITE = Path(sample.__file__).with_suffix(".yaml")


@click.command("selftest", epilog=_EPILOG)
@options.paths
@options.runtime
@options.as_json
def command(*, paths: tuple[Path, ...], runtime_options: tuple[str, ...], as_json: bool) -> int:
    """Plant defects in front of a runtime, one after another; each must be found and named right.

    PATHS are suite files or folders of them; their requests are sent to the one runtime that is
    given. Without both, a sample service is used. Exits 1 if a plant is missed or named wrong.
    """
    if bool(paths) != bool(runtime_options):
        raise UsageError(
            "wanted suites and one --runtime, or neither",
            hint="--runtime shop=http://127.0.0.1:8001",
        )
    outcomes: list[PlantOutcome] = []
    with _subject(paths, runtime_options) as subject, tempfile.TemporaryDirectory() as folder:
        trial = Trial(subject, new_header(Ledger(), frozenset(), None), Path(folder))
        left_out = trial.prepare()
        if left_out and not as_json:
            cases = plural(len(subject.cases), "case")
            click.echo(
                f"left out: {left_out} of {cases}, for differing by themselves or having several "
                "steps"
            )
        for outcome in trial.outcomes():
            outcomes.append(outcome)
            if not as_json:
                click.echo(
                    f"{outcome.state.value:<9} {outcome.plant:<19} {visible(outcome.detail)}"
                )
    planted = [outcome for outcome in outcomes if outcome.state is not PlantState.NO_PLACE]
    found = [outcome for outcome in planted if outcome.state is PlantState.FOUND]
    if as_json:
        rows = [{**asdict(outcome), "state": outcome.state.value} for outcome in outcomes]
        click.echo(
            json.dumps({"found": len(found), "planted": len(planted), "plants": rows}, indent=2)
        )
    else:
        without = (
            f"; {len(outcomes) - len(planted)} had no place" if len(planted) < len(outcomes) else ""
        )
        click.echo(f"{len(found)}/{plural(len(planted), 'plant')} found and named right{without}")
    return int(len(found) < len(planted))


@contextlib.contextmanager
def _subject(paths: tuple[Path, ...], runtime_options: tuple[str, ...]) -> Iterator[TrialSubject]:
    if not paths:
        with in_background(sample.open_sample) as url:
            yield TrialSubject(url=url, headers=(), cases=read_suite(_SAMPLE_SUITE))
        return
    request = RunRequest(paths=paths, runtime_options=runtime_options, runs=DEFAULT_RUNS)
    runtimes = load_runtimes(request)
    if len(runtimes) != 1 or not isinstance(runtimes[0].reach, AttachedRuntime):
        raise UsageError(
            "wanted one --runtime with a URL", hint="--runtime shop=http://127.0.0.1:8001"
        )
    yield TrialSubject(
        url=runtimes[0].reach.url,
        headers=runtimes[0].headers,
        cases=tuple(load_cases(request).selected),
    )

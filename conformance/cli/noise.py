"""`conformance noise`: rules for what runtimes answer differently by themselves."""

import sys
from pathlib import Path
from typing import Any

import click

from conformance.atomic_file import replace_file
from conformance.cli import options
from conformance.errors import UsageError
from conformance.model.runtime import RecordedRuntime
from conformance.noise.learning import learn, noise_lines
from conformance.project.cases import load_cases
from conformance.project.request import Request
from conformance.project.runtimes import load_runtimes
from conformance.reporting.phrases import plural

_EPILOG = """\b
Example:
  conformance noise cases/shop --output noise.yaml      then move what you agree with into the suites
"""


@click.command("noise", epilog=_EPILOG)
@options.selecting
@click.option("--output", type=click.Path(path_type=Path), help="Write there. [standard output]")
def command(*, output: Path | None, **selecting: Any) -> int:
    """Ask each runtime every case three times, the third after a restart, and propose a rule for what then differs.

    PATHS are suite files or folders of them [cases]. What a case changes, it changes three times. A runtime that has a
    URL only is not restarted; recordings are left out, as they always say the same.
    """
    request = Request(**selecting)
    cases = load_cases(request).selected
    live = [runtime for runtime in load_runtimes(request) if not isinstance(runtime.reach, RecordedRuntime)]
    if not live:
        raise UsageError("every runtime here is a recording", hint="name one with --runtime NAME=URL")
    noise = learn(live, cases, request.runs / "noise")
    text = "".join(f"{line}\n" for line in noise_lines(noise, [runtime.name for runtime in live]))
    if output is None:
        sys.stdout.write(text)
    else:
        replace_file(output, text.encode())
        found = sum(map(len, noise.paths.values()))
        click.echo(
            f"{plural(found, 'rule')} proposed in {output}, from {plural(noise.asked, 'case')} asked three times"
        )
    return 0

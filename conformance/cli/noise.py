"""`conformance noise`: proposes rules for differences of runtimes from themselves."""

import sys
from pathlib import Path
from typing import Any

import click

from conformance.atomic_file import replace_file
from conformance.cli import options
from conformance.cli.path_type import PATH
from conformance.errors import UsageError
from conformance.model.runtime import RecordedRuntime
from conformance.noise.learning import learn
from conformance.noise.writing import noise_lines
from conformance.project.cases import load_cases
from conformance.project.request import RunRequest
from conformance.project.runtimes import load_runtimes
from conformance.reporting.phrases import plural

_EPILOG = """\b
Example:
  conformance noise cases/shop --output noise.yaml     then move what you agree with into the suites
"""


@click.command("noise", epilog=_EPILOG)
@options.selecting
@click.option("--output", type=PATH, help="Write there. [standard output]")
def command(*, output: Path | None, **selecting: Any) -> int:
    """Send each runtime every case again, and propose a rule for each answer that then differs.

    PATHS are suite files or folders of them [cases]. A runtime that the harness starts gets each
    case twice, and a second instance of it gets it once, at the same time or after a restart; a
    runtime with only a URL gets it twice. A case that changes data does so each time. Recordings
    are left out, because they never differ.
    """
    request = RunRequest(**selecting)
    cases = load_cases(request).selected
    live = [
        runtime
        for runtime in load_runtimes(request)
        if not isinstance(runtime.reach, RecordedRuntime)
    ]
    if not live:
        raise UsageError(
            "every runtime here is a recording", hint="name one with --runtime NAME=URL"
        )
    noise = learn(live, cases, request.runs / "noise")
    text = "".join(f"{line}\n" for line in noise_lines(noise))
    if output is None:
        sys.stdout.write(text)
    else:
        replace_file(output, text.encode())
        asked = (
            f"{plural(noise.asked, 'case')} asked again of {plural(len(noise.runtimes), 'runtime')}"
        )
        left = (
            f"; {len(noise.not_proposed)} not proposed: comments in the file say why"
            if noise.not_proposed
            else ""
        )
        click.echo(f"{plural(noise.proposed, 'rule')} proposed in {output}, from {asked}{left}")
    return 0

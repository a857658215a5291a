"""The options of the command of a saved run, read from its record."""

import shlex
from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import fields

from conformance.cli import run
from conformance.errors import RunRecordError
from conformance.model.run import RunHeader
from conformance.project.request import RunRequest
from conformance.safe_text import visible

_RUN: Final = ["conformance", "run"]


def asked_for(header: RunHeader) -> tuple[RunRequest, Mapping[str, Any]]:
    """Return the request of a run's command, and all of its options by name.

    Raises RunRecordError if the command is not `conformance run`.
    """
    words = shlex.split(header.command)
    if words[:2] != _RUN:
        raise RunRecordError(
            f"{header.run_id} was made by `{visible(header.command)}`",
            hint="make one by `conformance run`: its options say how the cases are asked again",
        )
    given = run.command.make_context("run", words[2:]).params
    names = {field.name for field in fields(RunRequest)}
    return RunRequest(**{name: value for name, value in given.items() if name in names}), given

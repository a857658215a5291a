"""`conformance init`: the first files of a new folder of cases."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from conformance.capture import ask
from conformance.cli import options
from conformance.cli.file_kinds import KINDS
from conformance.errors import BadFileError, ConformanceError, Place, Problem, UsageError
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.observation import Answer
from conformance.model.request import Request as HttpRequest
from conformance.model.runtime import AttachedRuntime, Runtime
from conformance.project.files import RUNTIMES_NAME
from conformance.project.first_files import NAMES, SUITE_NAME, first_files, usual_requests
from conformance.project.request import Request
from conformance.project.runs import DEFAULT_RUNS
from conformance.project.runtimes import load_runtimes
from conformance.reporting import phrases
from conformance.safe_text import visible
from conformance.suites.importers.imported import ImportedRequest
from conformance.suites.importers.openapi import plain_gets
from conformance.suites.json_schema import schema_text
from conformance.suites.openapi_document import base_path_of, read_openapi
from conformance.suites.runtimes_file import runtime_from_option

OPENAPI_TARGET: Final = "/openapi.json"
MAX_OPENAPI_BYTES: Final = 16 << 20
_TIMEOUT_MS: Final = 5_000
_EPILOG = """\b
Example:
  conformance init --runtime a=http://127.0.0.1:8001 --runtime b=http://127.0.0.1:8002 --language a=go
"""


@click.command("init", epilog=_EPILOG)
@click.argument("folder", default="cases", type=click.Path(path_type=Path))
@click.option(
    "--runtime", "runtime_options", multiple=True, required=True, metavar="NAME=URL", help="Who is asked. Repeatable."
)
@options.language
@click.option("--openapi", "openapi_file", type=click.Path(path_type=Path), help="The OpenAPI document of the service.")
def command(
    *, folder: Path, runtime_options: tuple[str, ...], language_options: tuple[str, ...], openapi_file: Path | None
) -> int:
    """Write a first suite, the runtimes, an empty ledger and the JSON Schema of all three into FOLDER [cases].

    Nothing is overwritten.

    The cases are the GET operations of an OpenAPI document that need no parameter: the one that is named, or the one
    that a runtime has at /openapi.json. Without one they are `/`, `/health` and a path that nobody knows.
    """
    for option in runtime_options:
        runtime_from_option(option)
    request = Request(paths=(), runtime_options=runtime_options, language_options=language_options, runs=DEFAULT_RUNS)
    runtimes = load_runtimes(request)
    if there := [name for name in NAMES if (folder / name).exists()]:
        raise UsageError(f"{folder} has {', '.join(there)} already", hint="name another folder")
    requests, source = _requests(runtimes, openapi_file)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in first_files(requests, source, runtimes, schema_text(KINDS)).items():
        with (folder / name).open("x", encoding="utf-8") as file:
            file.write(text)
    click.echo(f"{folder / SUITE_NAME}: {phrases.plural(len(requests), 'case')}, {source}")
    if len(runtimes) == 1:
        click.echo(f"{runtimes[0].name} has nobody to differ from: add another runtime to {folder / RUNTIMES_NAME}")
    click.echo(f"next: conformance run {folder}")
    return 0


def _requests(runtimes: Sequence[Runtime], file: Path | None) -> tuple[tuple[ImportedRequest, ...], str]:
    """Return the first requests, and in words where they are from."""
    bases = frozenset(base_path_of(each.reach.url) for each in runtimes if isinstance(each.reach, AttachedRuntime))
    if file is not None:
        found = plain_gets(read_openapi(_bytes_of(file), str(file)), str(file), bases)
        if not found:
            raise UsageError(f"{file}: no GET operation without required parameters", hint="leave --openapi away")
        return found, "GET operations of the OpenAPI document that need no parameter"
    for runtime in runtimes:
        try:
            seen = ask(runtime, _openapi_case())
            if isinstance(seen, Answer) and seen.status == 200:  # noqa: PLR2004 - a status is its number
                found = plain_gets(read_openapi(seen.body, OPENAPI_TARGET), OPENAPI_TARGET, bases)
                if found:
                    return found, f"GET operations of {runtime.name}'s {OPENAPI_TARGET} that need no parameter"
        except ConformanceError as error:
            if not isinstance(error, BadFileError):
                click.echo(f"note: {visible(error.message)}", err=True)
    return usual_requests(), "what can be asked of any service"


def _openapi_case() -> Case:
    return Case(
        suite="init",
        name="openapi",
        place=Place("init"),
        steps=(Step(request=HttpRequest(method="GET", target=OPENAPI_TARGET)),),
        against=None,
        compare=CompareLevel.STATUS,
        timeout_ms=_TIMEOUT_MS,
    )


def _bytes_of(file: Path) -> bytes:
    with file.open("rb") as opened:
        raw = opened.read(MAX_OPENAPI_BYTES + 1)
    if len(raw) > MAX_OPENAPI_BYTES:
        raise BadFileError([Problem(Place(str(file)), f"more than {MAX_OPENAPI_BYTES} bytes")])
    return raw

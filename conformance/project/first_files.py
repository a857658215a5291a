"""The files of a new folder of cases, except suites: the runtimes, an empty ledger, the schema.

The first line of each YAML file names the JSON Schema in the same folder, so that editors complete
and check the file.
"""

from collections.abc import Iterable
from typing import Final

from conformance.model.runtime import AttachedRuntime, Runtime
from conformance.model.yaml_text import yaml_text
from conformance.project.files import LEDGER_NAME, RUNTIMES_NAME

SCHEMA_NAME: Final = ".schema.json"
MODELINE: Final = f"# yaml-language-server: $schema={SCHEMA_NAME}"
_LEDGER: Final = (
    "# What was decided about each difference: one row a cause. `conformance decide` writes rows.",
    "decisions: []",
)


def first_files(runtimes: Iterable[Runtime], schema: str) -> dict[str, str]:
    """Return the text of each file by name."""
    declared = [
        "# Who is asked: a URL here is consent to call it.",
        "runtimes:",
        *_runtime_lines(runtimes),
    ]
    return {RUNTIMES_NAME: _text(declared), LEDGER_NAME: _text(_LEDGER), SCHEMA_NAME: schema}


def _runtime_lines(runtimes: Iterable[Runtime]) -> Iterable[str]:
    for runtime in runtimes:
        if isinstance(runtime.reach, AttachedRuntime):
            yield f"  {yaml_text(runtime.name)}:"
            yield f"    url: {yaml_text(runtime.reach.url)}"
        if runtime.language is not None:
            yield f"    language: {runtime.language}"
        if runtime.disposable:
            yield "    disposable: true"


def _text(lines: Iterable[str]) -> str:
    return "\n".join((MODELINE, *lines)) + "\n"

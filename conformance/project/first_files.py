"""The files that a new folder of cases begins with, as text: a suite, the runtimes, an empty ledger.

The first line of each names the JSON Schema beside it, so that editors complete and check the file at once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from conformance.model.runtime import AttachedRuntime, Runtime
from conformance.model.yaml_text import yaml_text
from conformance.project.files import LEDGER_NAME, RUNTIMES_NAME
from conformance.suites.importers.imported import ImportedRequest
from conformance.suites.importers.suite_text import case_lines

SUITE_NAME: Final = "first.yaml"
SCHEMA_NAME: Final = ".schema.json"
NAMES: Final = (SUITE_NAME, RUNTIMES_NAME, LEDGER_NAME, SCHEMA_NAME)
USUAL_TARGETS: Final = ("/", "/health", "/no/such/path")
_MODELINE: Final = f"# yaml-language-server: $schema={SCHEMA_NAME}"
_LEDGER: Final = (
    "# What was decided about each difference: one row a cause. `conformance decide` writes rows.",
    "decisions: []",
)


def usual_requests() -> tuple[ImportedRequest, ...]:
    """Return what can be asked of any service that nothing is known of."""
    return tuple(ImportedRequest(origin="init", host="", method="GET", target=target) for target in USUAL_TARGETS)


def first_files(
    requests: Sequence[ImportedRequest], source: str, runtimes: Iterable[Runtime], schema: str
) -> dict[str, str]:
    """Return the text of each file by name; `source` says in words where the requests are from."""
    names: Counter[str] = Counter()
    cases = [line for request in requests for line in case_lines(request, names)]
    suite = [f"# The first cases: {source}.", "suite: first", "compare: shape", "cases:", *cases]
    declared = ["# Who is asked: a URL here is consent to call it.", "runtimes:", *_runtime_lines(runtimes)]
    return {
        SUITE_NAME: _text(suite),
        RUNTIMES_NAME: _text(declared),
        LEDGER_NAME: _text(_LEDGER),
        SCHEMA_NAME: schema,
    }


def _runtime_lines(runtimes: Iterable[Runtime]) -> Iterable[str]:
    for runtime in runtimes:
        if isinstance(runtime.reach, AttachedRuntime):
            yield f"  {yaml_text(runtime.name)}:"
            yield f"    url: {yaml_text(runtime.reach.url)}"
        if runtime.language is not None:
            yield f"    language: {runtime.language}"


def _text(lines: Iterable[str]) -> str:
    return "\n".join((_MODELINE, *lines)) + "\n"

"""One conversation with one runtime, written as the fields of a case."""

from pathlib import Path

from conformance.model.observation import Cell
from tests.miniatures.registries import Registry
from tests.miniatures.server import serve
from tests.runner.starting import attached, observed
from tests.suites.reading import cases_in

HEAD = "suite: workers/x\ncases:\n  - name: x\n"


def talk(folder: Path, registry: Registry, steps: str, **runtime: object) -> Cell:
    """Hold one conversation, written as the fields of a case."""
    with serve(registry) as url:
        _, [[cell]] = observed(
            [attached("a", url, **runtime)], cases_in(folder, HEAD + steps), folder
        )
    return cell

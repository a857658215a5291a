"""Every file, good or bad, that reader tests use: collected from those tests, none listed here.

A sample is a text that holds a root key; the rows and fields that two modules wrap into a file are
wrapped here too.
"""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from _pytest.mark.structures import ParameterSet

from conformance.cli.file_kinds import KINDS
from tests.ledger import row_texts, test_bad_rows
from tests.ledger import test_file as test_decisions_file
from tests.suites import test_request_building, test_runtimes_file

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def samples() -> dict[str, list[str]]:
    """Return the texts of each kind of file."""
    found: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
    for text in (*_written_in_tests(), *_wrapped(), *_of_the_repository()):
        for kind, texts in found.items():
            if re.search(rf"^{kind}:", text, re.MULTILINE):
                texts[text] = None
    return {kind: list(texts) for kind, texts in found.items()}


def _written_in_tests() -> Iterator[str]:
    suites = (file for file in sorted(HERE.glob("test_*.py")) if file.name != "test_json_schema.py")
    features = sorted(HERE.parent.glob("*/test_file.py"))
    for file in (*suites, *features):
        yield from _texts_of(importlib.import_module(f"tests.{file.parent.name}.{file.stem}"))


def _texts_of(module: ModuleType) -> Iterator[str]:
    for value in vars(module).values():
        yield from _texts_in(value)
        yield from _parameters_of(value)


def _parameters_of(function: object) -> Iterator[str]:
    """Yield the texts that a test is parametrised with."""
    for mark in getattr(function, "pytestmark", ()):
        if mark.name == "parametrize":
            yield from _texts_in(mark.args[1])


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, ParameterSet):
        yield from _texts_in(list(value.values))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts_in(item)


def _wrapped() -> Iterator[str]:
    for fields in _parameters_of(test_runtimes_file.test_bad_runtimes):
        yield f"runtimes:\n  a: {fields}\n"
    for name in _parameters_of(test_runtimes_file.test_names_of_runtimes):
        yield f"runtimes:\n  {name}: {{url: 'http://h'}}\n"
    for body in _texts_in(test_request_building.JSON_BODIES):
        yield f"suite: a/b\ncases:\n  - name: x\n    request: {{POST: /, json: {body}}}\n"
    row = row_texts.ROW
    for changed in ({}, *({name: ""} for name in row), *_changes()):
        fields = "".join(
            f"    {name}: {value}\n" for name, value in {**row, **changed}.items() if value
        )
        yield f"decisions:\n  - x: \n{fields}" if "x" in changed else f"decisions:\n  -\n{fields}"


def _changes() -> Iterator[dict[str, Any]]:
    """Yield what the tests of the ledger change of their row."""
    for function in (*vars(test_decisions_file).values(), *vars(test_bad_rows).values()):
        for mark in getattr(function, "pytestmark", ()):
            for values in mark.args[1] if mark.name == "parametrize" else ():
                yield from (
                    value for value in getattr(values, "values", ()) if isinstance(value, dict)
                )


def _of_the_repository() -> Iterator[str]:
    yield from (file.read_text() for file in sorted((ROOT / "cases").rglob("*.yaml")))
    for document in (ROOT / "README.md", ROOT / "docs/suites.md"):
        yield from re.findall(
            r"^```yaml\n(.*?)^```$", document.read_text(), re.DOTALL | re.MULTILINE
        )

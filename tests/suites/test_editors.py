"""What editors and linters say of our files by the schemas that `conformance schema` prints."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.cli.file_kinds import KINDS
from tests.cli.command import conformance
from tests.suites.language_server import LanguageServer, installed

ROOT = Path(__file__).parents[2]
WRONG = {
    "suite": "suite: a\ncasse: []\n",
    "runtimes": "runtimes: {a: {urll: x}}\n",
    "decisions": "decisions: [{idd: D-001}]\n",
}


def files_of(kind: str) -> list[Path]:
    """Return the files of a kind in this repository."""
    files = sorted((ROOT / "cases").rglob("*.yaml"))
    return [file for file in files if re.search(rf"^{kind}:", file.read_text(), re.MULTILINE)]


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Print the schema of each kind, and the one for all, into files, as a user does."""
    folder = tmp_path_factory.mktemp("schemas")
    for kind in (*KINDS, "any"):
        words = () if kind == "any" else (kind,)
        (folder / f"{kind}.json").write_text(conformance("schema", *words, cwd=folder).stdout)
    return {file.stem: file for file in folder.iterdir()}


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    """Start the language server."""
    if shutil.which("npm") is None and not os.environ.get("CONFORMANCE_REQUIRE_LIVE"):
        pytest.skip("npm is missing: the language server cannot be installed")
    with LanguageServer(installed(tmp_path_factory.mktemp("editor"))) as server:
        yield server


def linted(schema: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    """Check files by a schema with check-jsonschema."""
    words = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--schemafile",
        str(schema),
        *map(str, files),
    ]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", [*KINDS, "any"])
def test_check_jsonschema_takes_our_files(schemas: dict[str, Path], kind: str) -> None:
    """Each file of the repository is valid by the schema of its kind and by that of all kinds."""
    files = [file for one in KINDS if kind in {one, "any"} for file in files_of(one)]
    assert files
    done = linted(schemas[kind], *files)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("kind", WRONG)
def test_check_jsonschema_refuses_a_wrong_file(
    schemas: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    """A misspelt field is refused by both, and the schema itself is not what is wrong."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(WRONG[kind])
    for schema in (schemas[kind], schemas["any"]):
        done = linted(schema, wrong)
        assert done.returncode == 1
        assert "Schema validation errors were encountered" in done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_underlines_nothing_in_our_files(
    schemas: dict[str, Path], editor: LanguageServer, kind: str
) -> None:
    """The language server accepts both schemas and finds no error in the repository's files."""
    for schema in (schemas[kind], schemas["any"]):
        for file in files_of(kind):
            assert editor.diagnostics(file.read_text(), schema) == [], file


@pytest.mark.parametrize("kind", WRONG)
def test_an_editor_underlines_a_misspelt_field(
    schemas: dict[str, Path], editor: LanguageServer, kind: str
) -> None:
    """The language server names the field that no file of the kind has."""
    wrong = re.findall(r"casse|urll|idd", WRONG[kind])[0]
    for schema in (schemas[kind], schemas["any"]):
        assert any(wrong in message for message in editor.diagnostics(WRONG[kind], schema))


def test_schemas_are_json(schemas: dict[str, Path]) -> None:
    """What is printed is one JSON document that names its draft."""
    assert {json.loads(file.read_text())["$schema"] for file in schemas.values()} == {
        "http://json-schema.org/draft-07/schema#"
    }

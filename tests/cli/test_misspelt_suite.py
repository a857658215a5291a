"""A suite whose root key is misspelt is an error wherever it is read, and never left out."""

from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import always, serve

CASES = "cases:\n  - {name: x, request: {GET: /}}\n"


@pytest.mark.parametrize(
    ("root", "said"),
    [
        pytest.param(
            "sutie: shop/b\n",
            "b.yaml:1:1: unknown field 'sutie'; did you mean 'suite'?",
            id="misspelt",
        ),
        pytest.param("", "b.yaml:1:1: field 'suite' is missing", id="missing"),
    ],
)
def test_a_misspelt_root_key(tmp_path: Path, root: str, said: str) -> None:
    """A folder with such a file is not run and not listed, and `doctor` says which file it is."""
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "a.yaml").write_text(f"suite: shop/a\n{CASES}")
    (folder / "b.yaml").write_text(f"{root}{CASES}")
    with serve(always({})) as url:
        done = conformance(
            "run", "cases", "--runtime", f"a={url}", "--runtime", f"b={url}", cwd=tmp_path
        )
    listed, checked = conformance("list", cwd=tmp_path), conformance("doctor", cwd=tmp_path)
    assert (done.returncode, listed.returncode, checked.returncode) == (2, 2, 2)
    for output in (done.stderr, listed.stderr, checked.stdout):
        assert said in output


def test_doctor_names_yaml_that_is_something_else(tmp_path: Path) -> None:
    """Other YAML beside the suites is a line, so that nobody takes it for a suite that runs."""
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "a.yaml").write_text(f"suite: shop/a\n{CASES}")
    (folder / "compose.yaml").write_text("services: {}\n")
    (folder / "many.yaml").write_text("load: many\n")
    checked = conformance("doctor", cwd=tmp_path)
    shown = " ".join(checked.stdout.split())
    assert "suites 1 suite, 1 case" in shown
    assert "other YAML 1 file without `suite:`, not read: cases/compose.yaml" in shown

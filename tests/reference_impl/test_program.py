"""Reference programs without their packages: one line says what to install, never a traceback."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from reference_impl.kit.program import PACKAGES
from reference_impl.stack.rooms import ROOMS, TOOLS
from tests.reference_impl.conftest import ROOT

SAYS = "is not installed; the reference needs it: pip install conformance-reference\n"


@pytest.mark.parametrize("words", ["", "up", "vectord", "chatd"])
def test_what_to_install(tmp_path: Path, words: str) -> None:
    """The stack, and one daemon."""
    hidden = f"import sys\nfor name in {sorted(PACKAGES)}:\n    sys.modules[name] = None\n"
    (tmp_path / "sitecustomize.py").write_text(hidden)
    done = subprocess.run(
        [sys.executable, "-m", "reference_impl", *words.split()],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("lakehouse: ")
    assert done.stderr.endswith(SAYS)


@pytest.mark.parametrize("name", [*ROOMS, *TOOLS])
def test_a_program_loads_no_other(name: str) -> None:
    """One daemon or tool starts without the modules of any other."""
    asks = (
        "import sys\n"
        "from reference_impl.__main__ import main\n"
        "try:\n"
        f"    main([{name!r}, '--help'])\n"
        "finally:\n"
        "    print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", asks], cwd=ROOT, capture_output=True, text=True, check=True
    )
    packages = {
        module.split(".")[1]
        for module in done.stderr.split()
        if module.startswith("reference_impl.")
    }
    assert done.stdout.startswith(f"usage: {name}")
    assert packages & {*ROOMS, *TOOLS} == {name}


def test_the_packages_are_those_of_the_distribution() -> None:
    """What the distribution depends on is what is known to be missing without it."""
    project = tomllib.loads((ROOT / "reference_impl/pyproject.toml").read_text())["project"]
    needed = {requirement.partition(">=")[0] for requirement in project["dependencies"]}
    assert needed == PACKAGES

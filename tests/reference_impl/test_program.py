"""Reference programs without their extra: one line says what to install, never a traceback."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from reference_impl.kit.program import PACKAGES
from tests.reference_impl.conftest import ROOT

SAYS = (
    "is not installed; the reference needs its extra: pip install "
    "'conformance-harness[reference]'\n"
)


@pytest.mark.parametrize(
    "words",
    ["reference_impl", "reference_impl up", "reference_impl vectord", "reference_impl.chatd"],
)
def test_what_to_install(tmp_path: Path, words: str) -> None:
    """The stack, one daemon, and a daemon by its own module."""
    hidden = f"import sys\nfor name in {sorted(PACKAGES)}:\n    sys.modules[name] = None\n"
    (tmp_path / "sitecustomize.py").write_text(hidden)
    done = subprocess.run(
        [sys.executable, "-m", *words.split()],
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


def test_the_packages_are_those_of_the_extra() -> None:
    """What the extra brings is what is known to be missing without it."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    assert {requirement.partition(">=")[0] for requirement in extras["reference"]} == PACKAGES

"""Names that are not UTF-8 get one message, with the cure; no record and no report can hold them."""

import os
from pathlib import Path

import pytest

from tests.cli.warm_command import WarmCommand

ODD = os.fsdecode(b"q\xff")
SUITE = "suite: shop\ncases:\n  - {name: one, request: {GET: /one}}\n"
BOTH = ("--runtime", "a=http://127.0.0.1:1", "--runtime", "b=http://127.0.0.1:1")
NAMES = {
    "a suite": f"cases/{ODD}.yaml",
    "a folder of suites": f"cases/{ODD}/shop.yaml",
}
WORDS = {
    "a suite": ("run", f"{ODD}.yaml", *BOTH),
    "a runtimes file": ("run", "cases", "--runtimes", f"{ODD}.yaml"),
    "a ledger": ("run", "cases", *BOTH, "--ledger", f"{ODD}.yaml"),
    "a folder of runs": ("gate", "--runs", ODD),
    "a recording": ("record", "cases", "--runtime", "a", "--output", ODD),
    "a new folder": ("init", ODD, *BOTH),
    "a load": ("load", f"{ODD}.yaml"),
    "a document": ("fuzz", "--openapi", f"{ODD}.json", *BOTH),
}


@pytest.mark.parametrize("what", NAMES)
@pytest.mark.parametrize("verb", ["run", "list", "fuzz", "noise", "record"])
def test_a_name_on_the_disk(conformance: WarmCommand, tmp_path: Path, what: str, verb: str) -> None:
    """It is said before anything is asked, with the bytes as Python keeps them."""
    file = tmp_path / NAMES[what]
    file.parent.mkdir(parents=True)
    file.write_text(SUITE)
    asked = {"list": ("cases",), "record": ("cases", "--output", "x", *BOTH[:2])}
    done = conformance(verb, *asked.get(verb, ("cases", *BOTH)), cwd=tmp_path)

    shown = NAMES[what].replace("\udcff", "\\udcff")
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {shown}: this name is not UTF-8")
    assert "hint: rename the file or folder" in done.stderr
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("what", WORDS)
def test_a_word_of_the_command_line(conformance: WarmCommand, tmp_path: Path, what: str) -> None:
    """No record can hold the command line then."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases/shop.yaml").write_text(SUITE)

    done = conformance(*WORDS[what], cwd=tmp_path)

    assert done.returncode == 2
    assert "this name is not UTF-8" in done.stderr
    assert "Traceback" not in done.stderr

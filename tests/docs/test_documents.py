"""The documents are true: the first two minutes run as written, and examples are accepted.

Their links lead somewhere.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conformance.ledger.file import read_ledger
from conformance.suites.runtimes_file import read_runtimes
from conformance.suites.suite_file import read_suite
from tests.miniatures.server import Received, Reply, Service, json_reply, serve

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("peers/*.md"),
        *ROOT.glob("reports/*.md"),
    ]
)


def blocks(document: Path, language: str) -> list[str]:
    """Return the code blocks of a language in a document."""
    return re.findall(
        rf"^```{language}\n(.*?)^```$", document.read_text(), re.DOTALL | re.MULTILINE
    )


def own_service(order: dict[str, Any]) -> Service:
    """Return a service of a reader of the README: it is alive, and has an order."""
    answers = {"/health": {"version": len(order)}, "/orders/2": order}

    def service(request: Received) -> Reply:
        known = answers.get(request.target)
        return json_reply({"error": "not found"}, 404) if known is None else json_reply(known)

    return service


def managed_python(folder: Path) -> Path:
    """Make a Python that refuses packages, as the system's does; return its folder of programs."""
    programs = folder / "bin"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    for name in ("pip", "pip3"):
        (programs / name).write_text(
            "#!/bin/sh\necho error: externally-managed-environment >&2\nexit 1\n"
        )
    return programs


def test_the_first_two_minutes_run_as_written(tmp_path: Path) -> None:
    """The README's blocks run in a copy of the repository's files, and nothing is around them.

    The Python in the PATH refuses `pip install`, as that of Debian does (PEP 668).
    """
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    for name in tracked.decode().split("\0"):
        if name.startswith(("conformance/", "reference_impl/", "README", "pyproject", "LICENSE")):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    script = "".join(
        re.sub(r"^\$ ", "", block, flags=re.MULTILINE)
        for block in blocks(ROOT / "README.md", "console")
    )
    path = {
        **os.environ,
        "PATH": f"{managed_python(tmp_path / 'system')}:{os.environ['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    path.pop("PYTHONWARNINGS", None)  # what pip does inside is not of interest here
    with serve(own_service({"id": 2, "note": None})) as a, serve(own_service({"id": 2})) as b:
        own = {**path, "A": a, "B": b}
        words = ["bash", "-c", f"{script}\nconformance gate"]
        done = subprocess.run(
            words, cwd=tmp_path, env=own, capture_output=True, text=True, check=False
        )

    text = (ROOT / "README.md").read_text()
    assert text.index("conformance demo") < text.index("conformance init") < text.index("    1. [")
    assert "PARITY, with 2 cases that differ as decided" in done.stdout
    assert "next: conformance run cases" in done.stdout
    assert "value of $.version differs" in done.stdout
    explain = re.search("^  in full: (conformance explain .*)$", done.stdout, re.MULTILINE)
    assert explain
    entered = {**own, "PATH": f"{tmp_path}/.venv/bin:{own['PATH']}"}
    full = subprocess.run(
        explain[1].split(), cwd=tmp_path, env=entered, capture_output=True, text=True, check=True
    ).stdout
    assert f"curl --include --path-as-is --request GET {a}/health" in full
    assert "2/2 status codes match" in done.stdout
    assert "null vs absent" in done.stdout
    assert done.returncode == 1, done.stderr
    assert [line for line in done.stderr.splitlines() if "rror" in line] == []


def test_the_suites_of_the_page_on_services_are_accepted(tmp_path: Path) -> None:
    """What docs/talking-to-a-service.md shows is what the readers accept."""
    written = blocks(ROOT / "docs/talking-to-a-service.md", "yaml")
    (shared,) = (block for block in written if block.startswith("shared:"))
    (tmp_path / "shared.yaml").write_text(shared)
    suites = [block for block in written if block.startswith("suite:")]
    assert suites
    for number, block in enumerate(suites):
        (tmp_path / f"{number}.yaml").write_text(block)
        assert read_suite(tmp_path / f"{number}.yaml")
    (block,) = (block for block in written if block.startswith("runtimes:"))
    (tmp_path / "runtimes.yaml").write_text(block)
    names = ("CLIENT_SECRET", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "HOOK_KEY")
    (runtime,) = read_runtimes(tmp_path / "runtimes.yaml", dict.fromkeys(names, "made up"))
    assert [name for name, _ in runtime.access.signers] == ["cloud", "hook", "own"]


def test_the_examples_are_accepted(tmp_path: Path) -> None:
    """What docs/suites.md shows is what the readers accept."""
    files = suite, steps, runtimes, decisions = [
        tmp_path / f"{name}.yaml" for name in ("suite", "steps", "runtimes", "decisions")
    ]
    for file, block in zip(files, blocks(ROOT / "docs/suites.md", "yaml"), strict=True):
        file.write_text(block)
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/answers.json").write_text("{}")
    (tmp_path / "schemas/shop.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: shop, version: '1'}\npaths: {/: {get: {}}}\n"
    )

    assert [case.id for case in read_suite(suite)] == [
        "validatord/validate/sms-over-160-characters",
        "validatord/validate/two-exchanges",
    ]
    assert [case.name for case in read_suite(steps)][:2] == [
        "register-and-read",
        "malformed-body[body=bad~c57827,type=application-json~588565]",
    ]
    assert len(read_suite(steps)) == 7
    assert [runtime.name for runtime in read_runtimes(runtimes, {"STAGING_TOKEN": "made-up"})] == [
        "rust",
        "staging",
        "inside",
        "legacy",
    ]
    assert [row.id for row in read_ledger(decisions).decisions] == ["D-001", "D-002", "D-003"]


@pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT))
)
def test_links_lead_somewhere(document: Path) -> None:
    """Every relative link of a document names a file that is there."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT))
)
def test_modules_that_are_named_exist(document: Path) -> None:
    """Every Python file that a document names by its path exists.

    The path is from the top or within one of the packages.
    """
    named = re.findall(r"`([\w./-]+/\w+\.py)`", document.read_text())
    tops = (ROOT, ROOT / "conformance", ROOT / "reference_impl")

    assert [name for name in named if not any((top / name).is_file() for top in tops)] == []


def test_every_record_is_listed() -> None:
    """The list of decision records names each file with its title."""
    listed = dict(
        re.findall(r"\| \[\d+\]\(([^)]+)\) \| (.+?) \|", (ROOT / "docs/adr/README.md").read_text())
    )
    written = {
        file.name: re.sub(r"^# \d+\. ", "", file.read_text().partition("\n")[0])
        for file in (ROOT / "docs/adr").glob("0*.md")
    }

    assert listed == written

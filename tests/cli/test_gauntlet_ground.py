"""What a gauntlet is based on: attempts to make it see a wrong checkout or harness.

A wrong history is also tried.
"""

import json
import os
import py_compile
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.command import cold_conformance, conformance
from tests.cli.gauntlet_shop import (
    SERVICE,
    STARTED,
    accept,
    change,
    gauntlet,
    git,
    reports,
    tags,
    with_phases,
)
from tests.miniatures.server import Received, Reply, json_reply, serve

SMOKE = "smoke: {run: shop.yaml, runtimes: [a], budget_s: 60}"
CONSOLE = Path(sys.executable).parent / "conformance"


def smoke(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a gauntlet of one phase, as a person does, on a service that runs already."""
    with serve(tags([])) as url:
        argv = [str(CONSOLE), "gauntlet", "--runtime", f"a={url}", *words]
        return subprocess.run(
            argv, cwd=folder, capture_output=True, text=True, check=False, timeout=120
        )


def test_a_change_that_is_taken_back(gauntlet_shop: Path) -> None:
    """A phase that ran on other files could not run, whatever they hold when it ends."""
    file = gauntlet_shop / "shop.py"

    def meddling(_: Received) -> Reply:
        text, was = file.read_text(), file.stat()
        file.write_text("meddled\n")
        file.write_text(text)
        os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
        return json_reply({})

    done = gauntlet(gauntlet_shop, meddling, tags([]), "--only", "smoke")
    assert done.returncode == 1
    assert (
        "smoke: could not run: the checkout was changed while it ran, and changed back: "
        in done.stdout
    )


def test_a_folder_that_bears_the_name_of_the_harness(gauntlet_shop: Path) -> None:
    """The installed harness runs the phases."""
    with_phases(gauntlet_shop, SMOKE)
    (gauntlet_shop / "conformance").mkdir()
    (gauntlet_shop / "conformance/__init__.py").touch()
    change(gauntlet_shop, "print('{}')", "conformance/__main__.py")
    done = smoke(gauntlet_shop)
    assert done.stdout.startswith("SHIP-WITH-KNOWN-GAP: ")
    assert "1/1 smoke: 1/1 suite, 1/1 case" in done.stderr


def test_evidence_without_a_record(gauntlet_shop: Path) -> None:
    """A phase that names no record proves nothing, however green it says it is."""
    with_phases(gauntlet_shop, SMOKE)
    (gauntlet_shop / ".git/info/exclude").write_text("sitecustomize.py\n")
    answer = "import os, sys\nif 'run' in sys.orig_argv:\n    os.write(1, b'{}')\n    os._exit(0)\n"
    (gauntlet_shop / "sitecustomize.py").write_text(answer)
    done = cold_conformance(
        "gauntlet",
        "--runtime",
        "a=http://127.0.0.1:9",
        cwd=gauntlet_shop,
        PYTHONPATH=str(gauntlet_shop),
    )
    assert done.returncode == 1
    assert "smoke: could not run: its output names no record that is kept\n" in done.stdout


def test_the_whole_checkout_as_the_folder_of_reports(gauntlet_shop: Path) -> None:
    """A new file is named all the same."""
    with_phases(gauntlet_shop, SMOKE)
    (gauntlet_shop / "new.py").write_text("x\n")
    done = smoke(gauntlet_shop, "--gauntlets", ".")
    assert "known gap: the tree is dirty: 1 file changed since commit " in done.stdout
    assert ": new.py\n" in done.stdout


def test_in_the_folder_of_the_cases(gauntlet_shop: Path) -> None:
    """In the folder of the cases, the baseline above is found, and reports go beside it.

    What the gauntlet writes is no change of the checkout.
    """
    with_phases(gauntlet_shop, SMOKE)
    smoke(gauntlet_shop)
    accept(gauntlet_shop)
    done = smoke(gauntlet_shop / "cases")
    assert done.stdout.startswith("SHIP-WITH-KNOWN-GAP: "), done.stdout
    assert len(reports(gauntlet_shop)) == 2
    assert not (gauntlet_shop / "cases/reports").exists()


def test_the_budget_that_is_said_is_the_one_that_is_left(gauntlet_shop: Path) -> None:
    """A phase has no longer than the whole gauntlet."""
    text = "gauntlet:\n  budget_s: 40\n  phases:\n    smoke: {run: shop.yaml, runtimes: [a]}\n"
    change(gauntlet_shop, text, "cases/gauntlet.yaml")
    done = smoke(gauntlet_shop)
    assert "1/1 smoke: begins, for at most 40 s\n" in done.stderr


def test_the_first_commit_is_reviewed_whole(gauntlet_shop: Path) -> None:
    """There is nothing before it."""
    git(gauntlet_shop, "checkout", "--quiet", "--orphan", "alone")
    with_phases(gauntlet_shop, "review: {review: baseline}")
    done = conformance("gauntlet", cwd=gauntlet_shop)
    assert done.stdout.startswith("SHIP-WITH-KNOWN-GAP: "), done.stdout
    evidence = json.loads(
        max((gauntlet_shop / "reports/gauntlet").glob("*/review.json")).read_text()
    )["evidence"]
    assert "shop.py" in {
        path for bundle in evidence["output"]["bundles"] for path in bundle["paths"]
    }


def test_a_shallow_clone(gauntlet_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """It says that history is missing, and how to bring it."""
    with_phases(gauntlet_shop, "review: {review: baseline}")
    conformance("gauntlet", cwd=gauntlet_shop)
    accept(gauntlet_shop)
    change(gauntlet_shop, "after")
    clone = tmp_path_factory.mktemp("clone")
    subprocess.run(
        ["git", "clone", "--quiet", "--depth", "1", gauntlet_shop.as_uri(), str(clone)], check=True
    )
    done = conformance("gauntlet", cwd=clone)
    assert done.returncode == 1
    assert "this clone is shallow, and lacks the history back to it" in done.stdout


def test_a_baseline_that_names_no_commit(gauntlet_shop: Path) -> None:
    """A revision that moves would leave nothing to review."""
    with_phases(gauntlet_shop, SMOKE)
    smoke(gauntlet_shop)
    accept(gauntlet_shop)
    file = gauntlet_shop / "reports/gauntlet/baseline.json"
    whole = json.loads(file.read_text())
    whole["accepted"]["commit"] = "HEAD"
    file.write_text(json.dumps(whole))
    done = conformance("gauntlet", cwd=gauntlet_shop)
    assert done.returncode not in {0, 1}
    assert "wanted the whole id of a commit, got 'HEAD'" in done.stderr


def test_a_compiled_module_that_says_something_else(gauntlet_shop: Path) -> None:
    """The source is what is run: no compiled module in the checkout stands in for it."""
    with_phases(gauntlet_shop, "smoke: {run: shop.yaml, runtimes: [a], min_cases: 2}")
    folder = gauntlet_shop / "cases/service"
    folder.mkdir()
    service = SERVICE.replace("send_response(200)", "send_response(logic.STATUS)")
    (folder / "service.py").write_text(f"import logic\n{service}")
    logic = folder / "logic.py"
    logic.write_text("STATUS = 200\n")
    compiled = py_compile.compile(
        str(logic), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )
    logic.write_text("STATUS = 500\n")
    (gauntlet_shop / ".gitignore").write_text("__pycache__/\nreports/\n")
    started = STARTED.replace("service.py", "cases/service/service.py")
    change(gauntlet_shop, f"runtimes:\n  a: {{{started}}}\n", "cases/runtimes.yaml")
    done = cold_conformance("gauntlet", cwd=gauntlet_shop, PYTHONPYCACHEPREFIX="")
    assert Path(str(compiled)).is_file()
    assert done.returncode == 1, done.stdout
    assert "is answered by 500, and wants 2xx" in done.stdout


def test_a_file_that_only_this_clone_ignores(gauntlet_shop: Path) -> None:
    """A service may read it, no commit has it, and it is named; what editors leave is not."""
    with_phases(gauntlet_shop, SMOKE)
    (gauntlet_shop / ".git/info/exclude").write_text("json/\n.idea/\n")
    for name in ("json/__init__.py", ".idea/x.xml"):
        (gauntlet_shop / name).parent.mkdir()
        (gauntlet_shop / name).touch()
    done = smoke(gauntlet_shop)
    assert (
        "known gap: 1 file is ignored by this clone only, and a service may read it: "
        "json/__init__.py\n" in done.stdout
    )
    assert ".idea" not in done.stdout


def test_a_phase_for_which_no_time_is_left(gauntlet_shop: Path) -> None:
    """It was not started, and that is said; it has no budget of less than nothing."""
    rows = "".join(f"    {name}: {{run: shop.yaml, runtimes: [a]}}\n" for name in ("one", "two"))
    change(gauntlet_shop, f"gauntlet:\n  budget_s: 1\n  phases:\n{rows}", "cases/gauntlet.yaml")

    def slow(_: Received) -> Reply:
        time.sleep(3)
        return json_reply({})

    with serve(slow) as url:
        done = conformance("gauntlet", "--runtime", f"a={url}", cwd=gauntlet_shop)
    said = "two: could not run: not started: the phases before it have spent the budget of the"
    assert f"{said} whole gauntlet\n" in done.stdout

"""The workflow and the example for GitLab do what they say.

Their steps are run here, in a copy of the repository.

Installing and building are left out: they need a network, and their outcome is what these tests run
on.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.peers.live_peers import live
from tests.tracker.shop import git

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github/workflows/conformance.yml"
GITLAB = ROOT / "docs/examples/gitlab-ci.yml"
SET_UP = ("python -m pip install", "make peers")


QUICK = """\
gauntlet:
  phases:
    review: {review: baseline, reviewers: [ruff, mypy]}
    parity: {run: validatord}
"""
"""A gauntlet of seconds: the steps are what is tried here, and the gate runs the whole one."""


@pytest.fixture(name="checkout")
def copy_repository(tmp_path: Path) -> Path:
    """Copy what the steps read, as a repository.

    What was built is linked to, and reports are committed.
    """
    folder = tmp_path / "checkout"
    built = ("peers/go/bin", "peers/rust/target", "peers/ts/node_modules")
    left_out = shutil.ignore_patterns("bin", "target", "node_modules", ".venv", "__pycache__")
    for name in ("cases", "docs", "reports/cutover", "peers", "reference_impl"):
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    for name in ("CHANGELOG.md", "README.md"):
        shutil.copy(ROOT / name, folder / name)
    for name in built:
        (folder / name).symlink_to(ROOT / name)
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "conformance").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m conformance "$@"\n'
    )
    (commands / "conformance").chmod(0o755)
    (folder / "cases/gauntlet.yaml").write_text(QUICK)
    (folder / ".gitignore").write_text(
        "\n".join(("reports/", ".mypy_cache/", "__pycache__/", *built, ""))
    )
    git(folder, "init", "--quiet")
    git(folder, "add", "--force", "reports/cutover")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a copy")
    # The copy has no accepted gauntlet: its pages are brought up to date with that.
    synced = [sys.executable, "-m", "conformance", "tracker", "sync"]
    subprocess.run(synced, cwd=folder, capture_output=True, check=True)
    for message in ("first", "second"):
        (folder / "change.py").write_text(f"CHANGE = {message!r}\n")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", message)
    return folder


def run(script: str, checkout: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a step as the services do."""
    path = f"{checkout.parent / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=checkout,
        env={**os.environ, "PATH": path, "CI": "true", **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def steps_of(job: dict[str, Any]) -> list[str]:
    """Return the scripts of a job but for those that install and build."""
    scripts = [step["run"] for step in job["steps"] if "run" in step]
    left = [script for script in scripts if not script.startswith(SET_UP)]
    assert len(scripts) - len(left) == len(SET_UP)
    return left


@live
def test_the_workflow(checkout: Path, tmp_path: Path) -> None:
    """Each step succeeds, the summary is written, and what is uploaded is there."""
    job = yaml.safe_load(WORKFLOW.read_text())["jobs"]["gauntlet"]
    summary = tmp_path / "summary.md"
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), **job["env"]}

    for script in steps_of(job):
        done = run(script, checkout, **github)
        assert done.returncode == 0, (script, done.stdout, done.stderr)
        assert "::error" not in done.stdout

    assert summary.read_text().startswith(
        "# SHIP-WITH-KNOWN-GAP: all is green except for known gaps\n"
    )
    uploaded = [step["with"]["path"] for step in job["steps"] if "upload" in step.get("uses", "")]
    assert [path for path in uploaded if any((checkout / path).iterdir())] == ["reports/gauntlet/"]


@live
def test_a_red_step(checkout: Path, tmp_path: Path) -> None:
    """Without its decision, a run fails and says so in the summary.

    It annotates each case at its line.
    """
    (checkout / "cases/decisions.yaml").write_text("decisions: []\n")
    summary = tmp_path / "summary.md"
    summary.write_text("an earlier step\n")

    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    done = run("conformance run cases/validatord --strict", checkout, **github)

    assert done.returncode == 1
    annotations = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert annotations[0] == (
        "::error "
        "file=cases/validatord/validate.yaml,line=22,col=5,title=validatord/validate/email-without-a-subject::failed: externally tagged enum vs flat struct at "
        "$: go is the odd one out (flat); python, rust: externally tagged; undecided"
    )
    assert len(annotations) == 5
    assert summary.read_text().startswith("an earlier step\n# RED: 5 failed\n")


@live
def test_the_example_for_gitlab(checkout: Path) -> None:
    """Its script succeeds, and what it keeps and shows is there."""
    job = yaml.safe_load(GITLAB.read_text())["gauntlet"]

    assert [line for line in job["before_script"] if not line.startswith(SET_UP)] == []
    for script in job["script"]:
        done = run(script, checkout, **job["variables"])
        assert done.returncode == 0, (script, done.stdout, done.stderr)
    artifacts = job["artifacts"]
    for path in (*artifacts["paths"], artifacts["reports"]["junit"]):
        assert list(checkout.glob(path))


@live
def test_a_gauntlet_that_holds(checkout: Path, tmp_path: Path) -> None:
    """The step fails, the summary begins with the verdict, and each reason is annotated."""
    (checkout / "cases/decisions.yaml").write_text("decisions: []\n")
    git(checkout, "commit", "--quiet", "--all", "--message", "no decision")
    summary = tmp_path / "summary.md"

    done = run(
        "conformance gauntlet", checkout, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary)
    )

    assert done.returncode == 1
    assert summary.read_text().startswith("# HOLD: a suite is red: ")
    annotations = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert annotations[0].startswith(
        "::error title=gauntlet parity::undecided in 5 cases: externally tagged enum vs flat"
    )
    (report,) = (checkout / "reports/gauntlet").glob("*.json")
    assert json.loads(report.read_text())["verdict"] == "hold"


def test_a_summary_has_an_end(checkout: Path, tmp_path: Path) -> None:
    """A nearly full summary gets what there is room for, at a border of sections, or nothing."""
    (checkout / "cases/decisions.yaml").write_text("decisions: []\n")
    cases = "".join(
        f"  - {{name: case-{n}, request: {{GET: /}}, expect: {{status: 200}}}}\n" for n in range(2)
    )
    (checkout / "s.yaml").write_text(f"suite: a\ncases:\n{cases}")
    (checkout / "app.py").write_text(
        "async def app(scope, receive, send):\n"
        "    await send({'type': 'http.response.start', 'status': 500, 'headers': []})\n"
        "    await send({'type': 'http.response.body', 'body': b''})\n"
    )
    (checkout / "runtimes.yaml").write_text(
        "runtimes: {a: {app: 'app:app'}, b: {app: 'app:app'}}\n"
    )
    sizes = []
    for held in (0, (1 << 20) - 600, (1 << 20) - 10):
        summary = tmp_path / f"summary-{held}.md"
        summary.write_text("x" * held)
        done = run(
            "conformance run s.yaml --quiet || true", checkout, GITHUB_STEP_SUMMARY=str(summary)
        )
        assert (done.stdout, done.stderr) == ("RED: 2 failed\n", "")
        sizes.append(summary.stat().st_size - held)
    assert sizes[0] > 600 >= sizes[1] > 10 >= sizes[2] == 0

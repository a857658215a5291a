"""The doors for pipelines: the action, both jobs to copy, the hook, and the release.

Their steps run here in a scratch repository, as bash runs them there. What needs the forge itself
is not run: installing from its files, artifacts, the comment, publishing.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.packaging.release import problems
from tests.tracker.shop import git

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
USERS = ROOT / "docs/examples/github-workflow.yml"
GITLAB = ROOT / "docs/examples/gitlab-job.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
RELEASE = ROOT / ".github/workflows/release.yml"
OF_THE_FORGE = (
    "Install",
    "Fetch the last run of the base branch",
    "Keep one comment up to date",
)
"""Steps of the action that are not run here."""
SERVICE = """\
async def app(scope, receive, send):
    if scope["type"] == "http":
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"n": VALUE}'})
"""
RUNTIMES = """\
runtimes:
  a: {app: "first_app:app", directory: ..}
  b: {app: "second_app:app", directory: ..}
"""
SCRIPT = """\
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = Path(sys.argv[2]).read_bytes()
        self.send_response_only(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
STARTED = """\
runtimes:
  a: {command: ["${python}", serve.py, "${port}", a.json], directory: ..}
  b: {command: ["${python}", serve.py, "${port}", b.json], directory: ..}
"""


@pytest.fixture(name="project")
def scratch_repository(tmp_path: Path) -> Path:
    """Make a repository with two alike runtimes, and the command beside it."""
    folder = tmp_path / "project"
    (folder / "cases").mkdir(parents=True)
    (folder / "cases/shop.yaml").write_text(
        "suite: shop\ncases:\n  - name: one\n    request: {GET: /}\n"
    )
    (folder / "cases/runtimes.yaml").write_text(RUNTIMES)
    (folder / "cases/decisions.yaml").write_text("decisions: []\n")
    (folder / ".gitignore").write_text("reports/\n__pycache__/\n")
    answers(folder, "1", "1")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "base")
    command = tmp_path / "bin/conformance"
    command.parent.mkdir()
    # As the installed command, which does not import from the folder it is called in
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m conformance "$@"\n')
    command.chmod(0o755)
    return folder


def answers(folder: Path, first: str, second: str) -> None:
    """Say what both runtimes answer."""
    (folder / "first_app.py").write_text(SERVICE.replace("VALUE", first))
    (folder / "second_app.py").write_text(SERVICE.replace("VALUE", second))


def start_by_commands(folder: Path) -> None:
    """Commit runtimes that are started: a guard lets none run inside the harness."""
    (folder / "serve.py").write_text(SCRIPT)
    for name in "ab":
        (folder / f"{name}.json").write_text('{"n": 1}')
    (folder / "cases/runtimes.yaml").write_text(STARTED)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "commands")


def bash(script: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a step as the services do."""
    path = f"{folder.parent / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "CI": "true", **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def filled(text: str, known: dict[str, str]) -> str:
    """Return a text with the values of its expressions."""
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: known[found[1]], text)


def run_action(folder: Path, **given: str) -> tuple[int, str, str]:
    """Run the steps of the action in their order.

    Return its exit code, what the run printed, and the comment of a pull request.
    """
    action = yaml.safe_load(ACTION.read_text())
    assert given.keys() <= action["inputs"].keys()
    known = {f"inputs.{name}": str(each["default"]) for name, each in action["inputs"].items()}
    known |= {f"inputs.{name}": value for name, value in given.items()}
    known["runner.temp"] = str(folder.parent)
    output, summary = folder.parent / "output", folder.parent / "summary.md"
    output.write_text("")
    code, printed = 0, ""
    for step in action["runs"]["steps"]:
        if "run" not in step or step["name"] in OF_THE_FORGE:
            continue
        known |= {
            f"steps.verdict.outputs.{name}": value
            for name, _, value in (line.partition("=") for line in output.read_text().splitlines())
        }
        variables = {name: filled(value, known) for name, value in step.get("env", {}).items()}
        github = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
        done = bash(step["run"], folder, **variables, **github, GITHUB_ACTIONS="true")
        printed += done.stdout + done.stderr
        code = done.returncode
        assert code == 0 or step["name"] == "Verdict", (step["name"], done.stdout, done.stderr)
    return code, printed, (folder.parent / "conformance-comment.md").read_text()


def test_the_action_is_green(project: Path) -> None:
    """Words are those of a shell; the summary and what is uploaded are there."""
    code, printed, comment = run_action(project, arguments="cases --case 'shop/*' --strict")

    assert (code, "PARITY" in printed) == (0, True)
    assert comment.startswith("<!-- conformance -->\nThere is no earlier run")
    assert (project.parent / "summary.md").read_text().startswith("# PARITY\n")
    action = yaml.safe_load(ACTION.read_text())
    assert (project / action["outputs"]["badge"]["value"]).is_file()


def test_the_action_is_red_for_what_a_change_did(project: Path) -> None:
    """The comment is held against the run of the base branch; the guard names a changed file."""
    start_by_commands(project)
    assert bash("conformance run cases --quiet", project).returncode == 0
    (project / "reports/runs").rename(project.parent / "runs")
    (project.parent / "conformance-base").mkdir()
    (project.parent / "runs").rename(project.parent / "conformance-base/runs")
    (project / "b.json").write_text('{"n": "1"}')
    suite = project / "cases/shop.yaml"
    suite.write_text(f"{suite.read_text()}  - name: two\n    request: {{GET: /two}}\n")

    code, printed, comment = run_action(project, arguments="cases", guard="HEAD")

    assert code == 1
    assert "::error file=cases/shop.yaml,title=guard::" in printed
    lines = comment.splitlines()
    assert lines[:2] == [
        "<!-- conformance -->",
        "# RED: 2 failed, 1 guarded thing not as in HEAD",
    ]
    assert "- guard HEAD: cases/shop.yaml: cases and rules were changed" in lines
    assert "number as string" in comment
    assert "no earlier run" not in comment


def test_a_comment_on_a_run_that_was_not_made(project: Path) -> None:
    """It says why; nothing of what a program printed is Markdown there."""
    start_by_commands(project)
    (project / "serve.py").write_text('raise SystemExit("@you <b>")')

    code, _, comment = run_action(project, arguments="cases")

    assert code == 4
    first, heading, _, said, _, *lines = comment.splitlines()
    assert (first, heading) == ("<!-- conformance -->", "# NO RUN")
    assert said == "`conformance run` exited 4 and made no run:"
    assert any("runtime a: start_crashed" in line for line in lines)
    assert all(line.startswith("    ") for line in lines if line)


def test_a_comment_on_a_gate(project: Path) -> None:
    """The record does not know what the gate was asked for: the gate itself says why it is red."""
    start_by_commands(project)
    assert bash("conformance run cases --quiet --baseline a", project).returncode == 0
    with (project / "cases/shop.yaml").open("a") as suite:
        suite.write("  - name: two\n    request: {GET: /two}\n")

    code, _, comment = run_action(project, command="gate", guard="HEAD")

    assert code == 1
    assert comment.splitlines()[1] == "# `conformance gate` exited 1"
    assert "    guard HEAD: cases/shop.yaml: cases and rules were changed" in comment


def test_a_folder_in_place_of_the_latest_run(project: Path) -> None:
    """A run that comes with the checkout is gone before the run of the job."""
    (project / "reports/runs/latest").mkdir(parents=True)
    (project / "reports/runs/latest/run.ndjson").write_text("")

    code, printed, _ = run_action(project, arguments="cases")

    assert (code, "PARITY" in printed) == (0, True)


def test_inputs_that_do_not_fit(project: Path) -> None:
    """What is wrong is said in the words of the action, and no traceback is printed."""
    with pytest.raises(AssertionError, match="`guard` is for `run` and `gate`"):
        run_action(project, command="gauntlet", guard="HEAD")
    with pytest.raises(AssertionError) as refused:
        run_action(project, arguments='cases --case "*')
    assert "the input `arguments` is not in the words of a shell: No closing" in str(refused.value)
    assert "Traceback" not in str(refused.value)


def test_no_words_are_none(project: Path) -> None:
    """Without arguments the command gets none; text of an input is never run by bash.

    Words that cannot be parsed fail the step, and no module of the checkout parses them.
    """
    code, printed, _ = run_action(project, arguments="")
    assert (code, "PARITY" in printed) == (0, True)

    with pytest.raises(AssertionError, match="No closing quotation"):
        run_action(project, arguments='cases --strict --case "*')
    (project / "shlex.py").write_text("raise SystemExit(0)\n")
    code, printed, _ = run_action(project, arguments="cases --case '*/none'")
    assert (code, "PARITY" in printed) == (5, False)

    code, _, comment = run_action(project, arguments='"$(touch run-by-bash)" ; touch run-by-bash')
    assert code == 2
    assert not (project / "run-by-bash").exists()
    assert comment


def test_the_workflow_to_copy() -> None:
    """It has ten lines, and gives the action nothing that it does not take."""
    text = USERS.read_text()
    (_, use) = yaml.safe_load(text)["jobs"]["conformance"]["steps"]

    assert len(text.splitlines()) == 10
    assert use["with"].keys() <= yaml.safe_load(ACTION.read_text())["inputs"].keys()


def test_the_job_to_copy(project: Path) -> None:
    """It has at most ten lines; its script succeeds, and what it keeps and shows is there."""
    text = GITLAB.read_text()
    job = yaml.safe_load(text)["conformance"]
    scripts = [script for script in job["script"] if not script.startswith("pip install")]

    assert len(text.splitlines()) <= 10
    assert len(scripts) == 1
    done = bash(scripts[0], project)
    assert (done.returncode, done.stderr) == (0, "")
    for path in (*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]):
        assert list(project.glob(path)), path


def test_the_hook(project: Path) -> None:
    """It is green on what can be read, and names what cannot, in each kind of file."""
    (hook,) = yaml.safe_load(HOOKS.read_text())
    assert bash(hook["entry"], project).returncode == 0

    (project / "cases/load.yaml").write_text("load: {user: 1}\n")
    (project / "cases/runtimes.yaml").write_text(RUNTIMES.replace("directory", "folder"))
    done = bash(hook["entry"], project)

    assert done.returncode == 2
    assert "cases/load.yaml:1:8: " in done.stderr
    assert "cases/runtimes.yaml:2:" in done.stderr


def test_the_hook_reads_rows(project: Path) -> None:
    """A row about a case that is not there is refused."""
    row = (
        "decisions:\n  - id: D-001\n    title: t\n    state: open\n    kind: must_match\n"
        '    cause: status\n    at: [status]\n    where: [shop/gone]\n    sides: {"200": [a], "404": [b]}\n'
        '    reason: it is so\n    owner: me\n    opened: "2026-11-01"\n'
    )
    (project / "cases/decisions.yaml").write_text(row)

    done = bash("conformance list --strict", project)

    assert done.returncode == 2
    assert "D-001: there is no case shop/gone" in done.stderr


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("github-actions", ACTION),
        ("github-workflows", USERS),
        ("github-workflows", RELEASE),
        ("gitlab-ci", GITLAB),
    ],
)
def test_the_forge_can_read_it(schema: str, file: Path) -> None:
    """Each file is what the forge's schema says."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_a_release() -> None:
    """Only the job that publishes may, from a tag alone, after the built files were tried."""
    jobs: dict[str, Any] = yaml.safe_load(RELEASE.read_text())["jobs"]

    assert [name for name, job in jobs.items() if "permissions" in job] == ["publish"]
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert jobs["publish"]["if"] == "github.ref_type == 'tag'"
    assert (jobs["publish"]["needs"], jobs["try"]["needs"]) == ("try", "build")
    assert "password" not in json.dumps(jobs)


def test_what_a_release_holds_against() -> None:
    """A dry run passes; another tag or another repository does not."""
    home = "https://github.com/conformance-harness/conformance"
    assert list(problems("", "https://elsewhere.example/fork")) == []
    found = list(problems("v9.9.9", "https://elsewhere.example/fork"))
    assert any("and the tag is v9.9.9" in line for line in found)
    assert any(f"`Source` is {home}, and this is https://elsewhere.example/fork" in line for line in found)  # fmt: skip

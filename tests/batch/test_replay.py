"""Replay against live gateways: the three tools log one task as the same line.

The lines differ only in clock, id and timings.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.batch.tools import COMMANDS, EVIDENCE, ROOT, are_built, environment, run
from tests.peers.live_peers import GO, RUST, live, started

pytestmark = are_built

LOG = "data/_kb/replay_runs.jsonl"
OWN = ("run_id", "latency_ms", "recorded_at")
INDEX = "rebuild the vectord index with fewer than 32 items"
NO_WORD = "the answer has no word of the task"
UNKNOWN = "the model could not be asked: 422"


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    """Start the reference stack and tell where its gateway listens."""
    command = [
        sys.executable,
        "-m",
        "reference_impl",
        "up",
        "--one-process",
        "--scratch",
        "--free-ports",
    ]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said: list[str] = []
        try:
            for line in process.stdout:
                said.append(line)
                if line.startswith("ready in "):
                    break
            (url,) = re.findall(r"^gateway +(http://\S+)", "".join(said), re.MULTILINE)
            yield url
        finally:
            process.terminate()
            process.stdout.read()


def runs(folder: Path, *words: str) -> list[dict[str, Any]]:
    """Run a replay with each tool on evidence of its own.

    Return what all say, once, and the exit code beside it.

    What is printed is what is logged, and every line has an id, a time and a latency of its own.
    """
    told = []
    for tool in COMMANDS:
        root = folder / tool
        shutil.copytree(EVIDENCE, root)
        done = run(tool, "replay", *words, "--json", root=root, clock=None)
        logged = (root / LOG).read_bytes() if (root / LOG).exists() else None
        assert logged is None if "--dry-run" in words else logged == b"\n" + done.stdout
        line = json.loads(done.stdout)
        assert re.fullmatch(r"[0-9a-f]{32}", line["run_id"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["recorded_at"])
        assert isinstance(line["latency_ms"], int)
        shared = {name: value for name, value in line.items() if name not in OWN}
        told.append({"exit": done.returncode, "members": list(line), **shared})
    return told


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        pytest.param(
            ("--task", INDEX),
            {"exit": 0, "passed": True, "escalation_path": ["local"], "reasons": []},
            id="passes",
        ),
        pytest.param(
            ("--task", INDEX, "--no-retrieval"),
            {"exit": 0, "retrieved": [], "bundle_chars": 0},
            id="without-retrieval",
        ),
        pytest.param(
            ("--task", INDEX, "--budget", "0"),
            {"exit": 0, "bundle_chars": 0},
            id="without-a-budget",
        ),
        pytest.param(
            ("--task", "poisoned index items verdict tests", "--budget", "5"),
            {"exit": 0, "bundle_chars": 26},
            id="with-a-small-budget",
        ),
        pytest.param(
            ("--task", "rebuild the index", "--model", "nobody", "--model", "local"),
            {
                "exit": 0,
                "passed": True,
                "escalation_path": ["nobody", "local"],
                "reasons": [UNKNOWN],
            },
            id="escalates",
        ),
        pytest.param(
            ("--task", "rebuild the index", "--model", "nobody", "--model", "nobody-else"),
            {"exit": 1, "passed": False, "model": "nobody-else", "reasons": [UNKNOWN, UNKNOWN]},
            id="escalates-in-vain",
        ),
        pytest.param(
            ("--task", "no word of this occurs anywhere"),
            {"exit": 1, "passed": False, "retrieved": [], "reasons": [NO_WORD]},
            id="fails",
        ),
        pytest.param(
            ("--task", INDEX, "--dry-run"),
            {"exit": 0, "passed": False, "escalation_path": [], "reasons": ["dry run"]},
            id="asks-nobody",
        ),
    ],
)
def test_the_tools_log_one_line(
    tmp_path: Path, gateway: str, words: tuple[str, ...], wanted: dict[str, Any]
) -> None:
    """The tools log one task alike, with tokens as the gateway counts them.

    It is retrieved, bundled, asked, validated, escalated and logged alike.
    """
    first, *others = runs(tmp_path, *words, "--gateway", gateway)

    assert {name: first.get(name) for name in wanted} == wanted
    assert all(other == first for other in others)
    assert (first["prompt_tokens"] > 0) == (
        "--dry-run" not in words and first["model"] != "nobody-else"
    )


def test_a_bundle_costs_what_its_budget_allows(tmp_path: Path, gateway: str) -> None:
    """A model gets less under a smaller budget, and the tokens counted show it.

    The gateway counts the tokens.
    """
    counted = []
    for budget in ("0", "20", "1500"):
        line = runs(tmp_path / budget, "--task", INDEX, "--budget", budget, "--gateway", gateway)[0]
        counted.append((line["bundle_chars"], line["prompt_tokens"]))
    assert counted == sorted(set(counted))


@live
@pytest.mark.parametrize("program", [GO, RUST])
def test_a_gateway_without_a_chat_is_told_as_such(tmp_path: Path, program: str) -> None:
    """The gateways of the peers serve no model: every tool logs their answer as its reason."""
    with started(str(ROOT / program), "serve") as (url, _):
        first, *others = runs(tmp_path, "--task", INDEX, "--gateway", url)

    assert (first["exit"], first["reasons"]) == (1, ["the model could not be asked: 404"])
    assert all(other == first for other in others)

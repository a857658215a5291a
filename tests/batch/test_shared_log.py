"""One log for all runtimes: what is acknowledged is there once, whichever process dies.

Real replays share it, too.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.batch.shared_log_rounds import LOG, Counts, build_programs, play
from tests.batch.tools import COMMANDS, are_built, environment
from tests.miniatures.server import always, serve

WAVES = 5
CARELESS = [sys.executable, "-m", "tests.miniatures.careless_appender"]
ANSWER = {"content": "welders", "usage": {"prompt_tokens": 1, "completion_tokens": 1}}

can_build = pytest.mark.skipif(
    shutil.which("go") is None and os.environ.get("CONFORMANCE_REQUIRE_LIVE", "") in {"", "0"},
    reason="the writer in Go cannot be built: go is missing",
)


@are_built
@can_build
def test_what_is_acknowledged_is_there_once(tmp_path: Path) -> None:
    """What is acknowledged is there once while writers are killed one after the other.

    Three languages append, and nothing is lost, doubled or joined.
    """
    counts = play(build_programs(tmp_path), rounds=50, seed=7)

    assert (counts.kills, counts.verdict) == (50, "kept"), str(counts)
    assert counts.acknowledged > 50


def test_careless_writers_are_found_out() -> None:
    """Writers that write the line end separately lose and join records.

    The count says so.
    """
    counts = play(dict.fromkeys(("a", "b", "c"), CARELESS), rounds=3, seed=7)

    assert counts.verdict == "broken", str(counts)
    assert min(counts.lost, counts.glued) > 0


def test_nothing_acknowledged_proves_nothing() -> None:
    """A log without acknowledged records is neither kept nor broken."""
    counts = Counts()
    counts.add(b'\n{"run_id":"a-1"}\n', set())

    assert (counts.verdict, counts.unacknowledged_but_present) == ("unknown", 1)


@pytest.mark.parametrize(
    ("log", "lost", "doubled", "torn", "glued"),
    [
        (b'\n{"schema":1,"run_id":"a-1"}\n', 0, 0, 0, 0),
        (b'\n{"schema":1,"run_id":"a-1"}\n\n{"schema":1,"run_id":"a-1"}\n', 0, 1, 0, 0),
        (b'\n{"schema":1,"run_i\n{"schema":1,"run_id":"a-1"}\n', 0, 0, 1, 0),
        (b'{"schema":1,"run_i{"schema":1,"run_id":"a-1"}\n', 1, 0, 1, 1),
        (b'\n{"schema":1,"run_id":"a-1"}', 1, 0, 0, 0),
        (b'\n123\n{}\n{"schema":1,"run_id":"a-1"}\n', 0, 0, 2, 0),
    ],
    ids=["whole", "twice", "torn", "glued", "unfinished", "no-record"],
)
def test_the_words_of_the_count(log: bytes, lost: int, doubled: int, torn: int, glued: int) -> None:
    """Each way in which a log can be wrong is counted by its name."""
    counts = Counts()
    counts.add(log, {"a-1"})

    assert (counts.lost, counts.doubled, counts.torn, counts.glued) == (lost, doubled, torn, glued)


@are_built
def test_real_replays_share_one_log(tmp_path: Path) -> None:
    """Replays of all languages run at the same time share one log.

    A replay that says it passed is there once, whichever process died before.
    """
    chance = random.Random(7)  # noqa: S311  # which replay dies is no secret
    passed: list[str] = []
    with serve(always(ANSWER)) as gateway:
        for wave in range(WAVES):
            replays = {
                tool: _replay(tool, gateway, tmp_path, f"{tool}-{wave}") for tool in COMMANDS
            }
            time.sleep(chance.uniform(0, 0.2))
            replays[chance.choice(sorted(replays))].kill()
            passed += [
                f"{tool}-{wave}" for tool, replay in replays.items() if replay.wait(timeout=60) == 0
            ]
    counts = Counts()
    counts.add((tmp_path / LOG).read_bytes(), set(passed))

    assert len(passed) >= 2 * WAVES
    assert (counts.verdict, counts.acknowledged) == ("kept", len(passed)), str(counts)


def _replay(tool: str, gateway: str, root: Path, run_id: str) -> subprocess.Popen[bytes]:
    words = [
        "replay",
        "--task",
        "find welders",
        "--gateway",
        gateway,
        "--root",
        str(root),
        "--run-id",
        run_id,
    ]
    return subprocess.Popen([*COMMANDS[tool], *words], env=environment(), stdout=subprocess.DEVNULL)

"""A step that is repeated until its answer is what it waits for.

It is for a job that is not done at once.
"""

import json
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.cli.test_setup_steps import shops
from tests.miniatures.server import Received, Reply, json_reply

SUITE = """\
suite: jobs
compare: value
cases:
  - name: report
    steps:
      - {request: {POST: /jobs}, capture: {id: {path: $.id, identity: job}}}
      - request: {GET: "/jobs/${id}"}
        until: {status: 200, json: {$open: {state: done, id: "${id}"}}}
        within_ms: 400
        every_ms: 10
        capture: {page: $.result}
      - request: {GET: "/results/${page}"}
"""


class Jobs:
    """Jobs that are done once they were asked for so many times; 0 is never."""

    def __init__(self, name: str, asked: int, *, status: int = 200) -> None:
        self.name, self.wanted, self.status = name, asked, status
        self.asked = 0
        self.results = 0

    def __call__(self, request: Received) -> Reply:
        """Make a job, tell of it, or give its result."""
        if request.method == "POST":
            return json_reply({"id": f"{self.name}-12345678"}, 202)
        if request.target.startswith("/results"):
            self.results += 1
            return json_reply({"n": 1})
        self.asked += 1
        done = self.asked == self.wanted
        return json_reply(
            {"id": f"{self.name}-12345678", "state": "done" if done else "waiting", "result": 7},
            self.status,
        )


def test_the_answer_that_is_as_wanted_is_compared(tmp_path: Path) -> None:
    """Two runtimes that need different times are at parity.

    `explain` says how often each was asked.
    """
    (tmp_path / "s.yaml").write_text(SUITE)
    with shops(Jobs("left", 2), Jobs("right", 5)) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    explained = conformance("explain", "jobs/report", cwd=tmp_path).stdout
    assert explained.count("the answer to request 2\n") == 1
    assert explained.count("the answer to request 5\n") == 1


def test_time_runs_out(tmp_path: Path) -> None:
    """It is a fault with a name, with how often it was asked and the last answer.

    Later steps are not asked.
    """
    (tmp_path / "s.yaml").write_text(SUITE)
    slow = Jobs("right", 0)
    with shops(Jobs("left", 2), slow) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 1
    assert "b: until_not_met: after" in done.stdout
    assert 'wanted "done" at $.state, got "waiting"' in done.stdout
    assert slow.asked > 2
    assert slow.results == 0
    explained = conformance("explain", "jobs/report", cwd=tmp_path).stdout
    assert "its last answer: 200" in explained
    assert '"state": "waiting"' in explained
    (case,) = json.loads(conformance("explain", "jobs/report", "--json", cwd=tmp_path).stdout)
    assert case["cells"][1]["seen"][1]["fault"]["last"]["status"] == 200


def test_running_out_can_be_decided(tmp_path: Path) -> None:
    """A runtime whose jobs never end is a known difference like any other fault."""
    (tmp_path / "s.yaml").write_text(SUITE)
    (tmp_path / "decisions.yaml").write_text(
        "decisions:\n  - {id: D-001, title: t, state: open, kind: must_match, cause: fault, at: "
        "['step 2: exchange'],\n"
        "     where: [jobs/report], sides: {faulted until_not_met: [b], answered: [a]}, reason: "
        "r, owner: o,\n"
        "     opened: '2026-11-01'}\n"
    )
    with shops(Jobs("left", 2), Jobs("right", 0)) as words:
        done = conformance("run", "s.yaml", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "decided in D-001" in done.stdout or "1 known" in done.stdout


def test_a_recording_is_asked_once(tmp_path: Path) -> None:
    """What was recorded is the answer that was waited for, and it is not waited for again."""
    (tmp_path / "s.yaml").write_text(SUITE)
    with shops(Jobs("left", 3)) as words:
        url = words[1].partition("=")[2]
        (tmp_path / "runtimes.yaml").write_text(
            f"runtimes:\n  a: {{url: '{url}'}}\n  old: {{recording: old.ndjson}}\n"
        )
        recorded = conformance(
            "record", "s.yaml", "--runtime", f"old={url}", "--output", "old.ndjson", cwd=tmp_path
        )
    assert recorded.returncode == 0, recorded.stderr
    with shops(Jobs("left", 2)) as words:
        done = conformance(
            "run", "s.yaml", *words, "--runtime", "old", cwd=tmp_path, CONFORMANCE_REQUIRE_LIVE=""
        )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param(
            "until: {status: 200}", "3:47: `until` needs `within_ms` beside it", id="no-time"
        ),
        pytest.param(
            "until: {}, within_ms: 5", "3:47: wanted what the answer must be", id="nothing-wanted"
        ),
        pytest.param(
            "within_ms: 5",
            "3:40: field 'within_ms' goes with 'until' only",
            id="nothing-to-wait-for",
        ),
        pytest.param(
            "until: {events: 3}, within_ms: 5",
            "unknown field 'events'; known: status,",
            id="a-stream",
        ),
        pytest.param(
            "until: {json: {id: '${nxet}'}}, within_ms: 5",
            "3:59: nothing is named 'nxet' here",
            id="an-unknown-name",
        ),
        pytest.param(
            "stop_after: {ms: 5, events: 1}",
            "wanted exactly one of events, match, ms",
            id="two-ends",
        ),
    ],
)
def test_wrong_waiting_is_refused(tmp_path: Path, fields: str, said: str) -> None:
    """Each is refused with its place."""
    (tmp_path / "s.yaml").write_text(
        f"suite: s\ncases:\n  - {{name: x, request: {{GET: /jobs/1}}, {fields}}}\n"
    )
    done = conformance("list", "s.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr

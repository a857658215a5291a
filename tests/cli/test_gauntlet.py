"""`conformance gauntlet` from outside: real phases on real ports, each with its evidence, and one dated report."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import conformance, settled
from tests.miniatures.server import Received, Reply, always, json_reply, serve

SUITE = """\
suite: shop/items
cases:
  - {name: alive, request: {GET: /health}, expect: {status: 200}}
  - {name: item, request: {GET: /items/1}}
"""
ROW = """\
decisions:
  - id: D-001
    title: b has no tags
    state: accepted
    kind: intentional
    where: [shop/items/item]
    cause: null-vs-empty-list
    at: ["$.tags"]
    sides: {"null": [b], empty list: [a]}
    fix: "null"
    reason: both are read
    owner: shop team
    opened: "2026-11-01"
"""
REVIEW = """\
review:
  reviewers:
    one: {lineage: one, command: [sh, -c, "echo NO FINDINGS"]}
"""
CHAIN = """\
gauntlet:
  phases:
    smoke: {run: shop.yaml, runtimes: [a], min_cases: 2}
    review: {review: HEAD~1}
    parity: {run: shop.yaml, runtimes: [a, b]}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Make a repository with a suite, a ledger and a gauntlet; the runtimes are declared where nobody answers."""
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "shop.yaml").write_text(SUITE)
    (cases / "runtimes.yaml").write_text(
        "runtimes:\n  a: {url: 'http://127.0.0.1:9'}\n  b: {url: 'http://127.0.0.1:9'}\n"
    )
    (cases / "review.yaml").write_text(REVIEW)
    (cases / "gauntlet.yaml").write_text(CHAIN)
    (tmp_path / ".gitignore").write_text("reports/\n")
    for words in (("init", "--quiet"), ("add", "--all"), _commit("first"), _commit("second", "--allow-empty")):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)
    _change(tmp_path, "one")
    return tmp_path


def _commit(message: str, *more: str) -> tuple[str, ...]:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    return (*identity, "commit", "--quiet", "--all", "--message", message, *more)


def _change(shop: Path, text: str) -> None:
    (shop / "shop.py").write_text(text + "\n")
    for words in (("add", "--all"), _commit(text)):
        subprocess.run(["git", "-C", str(shop), *words], check=True, capture_output=True)


def tags(value: object, *, alive: bool = True) -> Any:
    """Return a service whose items have these tags."""

    def service(received: Received) -> Reply:
        if received.target == "/health":
            return json_reply({}, 200 if alive else 503)
        return json_reply({"tags": value})

    return service


def gauntlet(shop: Path, a: Any, b: Any, *words: str) -> subprocess.CompletedProcess[str]:
    """Run it on two services that run already."""
    with serve(a) as first, serve(b) as second:
        attached = ("--runtime", f"a={first}", "--runtime", f"b={second}")
        return conformance("gauntlet", *attached, *words, cwd=shop)


def reports(shop: Path) -> list[dict[str, Any]]:
    """Return all reports for scripts, the oldest first."""
    return [json.loads(file.read_text()) for file in sorted((shop / "reports" / "gauntlet").glob("*.json"))]


def test_a_whole_gauntlet_ships(shop: Path) -> None:
    """The whole output, the exit code, the report, and one evidence file a phase."""
    done = gauntlet(shop, tags([]), tags([]))
    assert done.returncode == 0, done.stderr
    assert settled(done.stdout) == (
        "smoke: 1/1 suite, 1/1 case, 1 skipped · nothing could be compared · PARITY\n"
        "review: NOT BLOCKED: no place at which distinct lineages agree and one of them blocks\n"
        "parity: 1/1 suite, 2/2 cases · 2/2 status codes match · 2/2 body shapes match · PARITY\n"
        "SHIP: every phase ran, and all is green\n"
        "report: reports/gauntlet/RUN.md\n"
    )
    (report,) = (shop / "reports" / "gauntlet").glob("*.md")
    assert report.read_text().startswith("# SHIP: every phase ran, and all is green\n")
    evidence = report.with_suffix("")
    assert sorted(file.name for file in evidence.glob("*.json")) == ["parity.json", "review.json", "smoke.json"]


def test_a_known_difference_ships_with_its_row(shop: Path) -> None:
    """The row is named, and nothing but it is the reason."""
    (shop / "cases" / "decisions.yaml").write_text(ROW)
    done = gauntlet(shop, tags([]), tags(None))
    assert done.returncode == 0, done.stderr
    assert "known gap: D-001 (accepted, intentional): b has no tags\n" in done.stdout
    assert "SHIP-WITH-KNOWN-GAP: all is green but for what the ledger names" in done.stdout


def test_an_unknown_difference_holds(shop: Path) -> None:
    """The cause stands in the report."""
    done = gauntlet(shop, tags([]), tags("none"))
    assert done.returncode == 1
    assert "HOLD: a suite is red: an undecided difference" in done.stdout
    (report,) = (shop / "reports" / "gauntlet").glob("*.md")
    assert "; 1 case undecided" in report.read_text()


def test_documented_is_not_regressed(shop: Path) -> None:
    """A case that was green in the last gauntlet and is red now holds, and is named."""
    (shop / "cases" / "decisions.yaml").write_text(ROW)
    gauntlet(shop, tags([]), tags(None))
    time.sleep(1.1)  # ids tell seconds
    done = gauntlet(shop, tags([]), tags(None, alive=False))
    assert done.returncode == 1
    assert "HOLD: what was green in the last gauntlet is red now" in done.stdout
    assert "parity: shop/items/alive: regressed\n" in done.stdout


def test_a_phase_that_could_not_run_holds(shop: Path) -> None:
    """Nobody answers there: no silent pass, and the reason is told."""
    done = conformance("gauntlet", "--runtime", "a=http://127.0.0.1:9", cwd=shop)
    assert done.returncode == 1
    assert "HOLD: a phase that did not run to its end proves nothing" in done.stdout
    assert "smoke: could not run: exit code 4: error: runtime a: http://127.0.0.1:9 cannot be reached" in done.stdout


def test_a_gauntlet_goes_on_where_it_was(shop: Path) -> None:
    """What ran is kept, what did not is run, and alone it is a hold that says what is missing."""
    alone = gauntlet(shop, tags([]), tags([]), "--only", "smoke")
    assert alone.returncode == 1
    assert "review: was not run\nparity: was not run\n" in alone.stdout
    resumed = gauntlet(shop, tags([]), tags([]), "--resume", "latest")
    assert resumed.returncode == 0
    assert (
        "1/3 smoke: 1/1 suite, 1/1 case, 1 skipped · nothing could be compared · PARITY (kept from before)\n"
        in resumed.stderr
    )
    assert "2/3 review: begins, for at most 600 s\n" in resumed.stderr
    assert len(reports(shop)) == 1


def test_evidence_of_another_commit_does_not_hold(shop: Path) -> None:
    """What was seen before a change says nothing about it."""
    gauntlet(shop, tags([]), tags([]))
    _change(shop, "two")
    resumed = gauntlet(shop, tags([]), tags([]), "--resume", "latest")
    assert "kept from before" not in resumed.stderr
    assert resumed.returncode == 0


def test_a_budget_that_is_spent_holds(shop: Path) -> None:
    """The phase is stopped, what it started too, and the verdict says so."""

    def slow(_: Received) -> Reply:
        time.sleep(3)
        return json_reply({})

    file = shop / "cases" / "gauntlet.yaml"
    file.write_text("gauntlet:\n  phases:\n    smoke: {run: shop.yaml, runtimes: [a], budget_s: 1}\n")
    with serve(slow) as url:
        done = conformance("gauntlet", "--runtime", f"a={url}", cwd=shop)
    assert done.returncode == 1
    assert "smoke: could not run: stopped: its budget of 1 s was spent\n" in done.stdout


def test_an_interrupted_gauntlet_keeps_its_evidence(shop: Path) -> None:
    """It ends with 130, stops the phase, and what ended before is kept."""

    def slow(_: Received) -> Reply:
        time.sleep(5)
        return json_reply({})

    with serve(always({})) as quick, serve(slow) as slow_url:
        argv = [
            sys.executable,
            "-m",
            "conformance",
            "gauntlet",
            "--runtime",
            f"a={quick}",
            "--runtime",
            f"b={slow_url}",
        ]
        with subprocess.Popen(argv, cwd=shop, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
            assert process.stderr is not None
            for line in process.stderr:
                if "parity: begins" in line:
                    break
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 130
    (folder,) = (shop / "reports" / "gauntlet").glob("*/")
    assert sorted(file.name for file in folder.glob("*.json")) == ["review.json", "smoke.json"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--only", "smok"), "--only smok: no such phase; did you mean 'smoke'?"),
        (("--resume", "latest"), "--resume latest: no such gauntlet in reports/gauntlet"),
        (("--runtime", "c=http://127.0.0.1:9"), "--runtime c=http://127.0.0.1:9: no phase asks c"),
        (("--file", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
    ],
)
def test_bad_usage(shop: Path, words: tuple[str, ...], complaint: str) -> None:
    """One message, exit code 2, and nothing is left."""
    done = conformance("gauntlet", *words, cwd=shop)
    assert complaint in done.stderr
    assert done.returncode == 2
    assert not (shop / "reports").exists()

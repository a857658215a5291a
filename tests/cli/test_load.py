"""`conformance load`, from outside: what users did, what was counted, and how it ends.

It is also tested what is reported of it.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import conformance
from tests.load.shop import LOAD_TEXT, Shop, write_load
from tests.miniatures.server import always, serve

COUNTED = 60
TINY = (
    "load: {{users: 1, {pace}, scenarios: {{look: {{weight: 1, steps: [{{request: {{GET: "
    "/x}}}}]}}}}}}\n"
)


def loaded(folder: Path, *words: str, text: str = LOAD_TEXT) -> tuple[int, dict[str, Any]]:
    """Run a load; return its exit code and its JSON."""
    file = write_load(folder, text)
    done = conformance("load", str(file), *words, "--runs", "runs", "--json", cwd=folder)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def counts(classes: Sequence[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """Return how many scenarios of each class there were, and how many failed."""
    return {each["name"]: (each["scenarios"], each["failed"]) for each in classes}


def test_a_load_within_its_limits(tmp_path: Path) -> None:
    """Every scenario is asked as it is written, with rows and fresh names.

    The figures add up, and are kept.
    """
    shop = Shop()
    with serve(shop) as url:
        code, report = loaded(tmp_path, "--runtime", f"shop={url}", "--workers", "2")
    assert (code, report["red"], report["format"]) == (0, False, 1)
    found, named = counts(report["classes"]).values()
    assert (found[1], named[1], found[0] + named[0]) == (0, 0, COUNTED)
    assert len(shop.queries) == found[0]
    assert set(shop.queries) <= {f"thing {number}" for number in range(10)}
    assert len(set(shop.names)) == named[0] > 0
    assert [step["exchanges"] for step in report["classes"][0]["steps"]] == [found[0], found[0]]
    for each in report["classes"]:
        assert 0 < each["p50_ms"] <= each["p90_ms"] <= each["p99_ms"] <= each["max_ms"]
        assert each["scenarios_per_s"] == pytest.approx(
            each["scenarios"] / report["counted_s"], rel=0.01
        )
    assert report["generator"]["processes"] == 3
    assert (
        f"PASS: shop: 2 of 2 classes within limits, 0 of {COUNTED} scenarios failed"
        in report["outcome"]
    )


def test_failures_are_grouped_by_cause_with_an_example(tmp_path: Path) -> None:
    """If one in three looks is refused, that is one cause with its count and an example.

    The example is one exchange in full, as text and never as markup.
    """
    with serve(Shop(fails=lambda look: look % 3 == 0)) as url:
        code, report = loaded(tmp_path, "--runtime", f"shop={url}", "--workers", "1")
    (cause,) = report["causes"]
    found = report["classes"][0]
    assert (code, report["red"], found["red"]) == (1, True, True)
    assert (cause["scenario"], cause["says"]) == ("find_and_look", "step 2: wrong status: 503")
    assert cause["count"] == found["failed"] == found["scenarios"] // 3
    assert "GET /things/t-1" in cause["example"]
    assert "<b>too busy</b>" in cause["example"]
    page = (tmp_path / "runs" / "latest" / "report.html").read_text()
    assert "<b>too busy" not in page
    assert "&lt;b&gt;too busy" in page


def test_some_may_fail_where_the_file_says_so(tmp_path: Path) -> None:
    """A third of the looks fails, and half of them may."""
    text = LOAD_TEXT.replace("weight: 3", "weight: 3\n      allowed_failures_percent: 50")
    with serve(Shop(fails=lambda look: look % 3 == 0)) as url:
        code, report = loaded(tmp_path, "--runtime", f"shop={url}", text=text)
    assert (code, report["red"]) == (0, False)
    assert report["classes"][0]["failed"] > 0


def test_an_open_loop_counts_from_the_intended_start(tmp_path: Path) -> None:
    """In an open loop, scenarios that wait for their turn take long.

    A service that takes 20 ms gets 200 scenarios a second.
    """
    text = LOAD_TEXT.replace("weight: 3", "weight: 0").replace("users: 4", "users: 1")
    with serve(Shop(takes_s=0.02)) as url:
        _, closed = loaded(tmp_path, "--runtime", f"shop={url}", text=text)
        _, open_loop = loaded(tmp_path, "--runtime", f"shop={url}", "--rate", "200", text=text)
    (_, slow), (_, served) = open_loop["classes"], closed["classes"]
    assert slow["scenarios"] == served["scenarios"] == COUNTED
    assert slow["p50_ms"] > 5 * served["p50_ms"]
    assert slow["steps"][0]["p50_ms"] < slow["p50_ms"] / 5


def test_a_load_ends_after_so_many_failures(tmp_path: Path) -> None:
    """A service that refuses everything is not asked for the whole time."""
    text = LOAD_TEXT.replace(
        "stop_after_scenarios: 60", "stop_after_failures: 5\n  think_time: 20ms"
    )
    with serve(Shop(fails=lambda _: True)) as url:
        code, report = loaded(tmp_path, "--runtime", f"shop={url}", text=text)
    assert code == 1
    assert report["failed"] >= 5
    assert report["counted_s"] < 15


def test_two_runtimes_and_two_runs_beside_each_other(tmp_path: Path) -> None:
    """Two runtimes get a table of ratios.

    Saved runs are shown again as they were, and held against each other.
    """
    with serve(Shop()) as one, serve(Shop(fails=lambda _: True)) as two:
        file = write_load(tmp_path)
        both = ("--runtime", f"one={one}", "--runtime", f"two={two}")
        done = conformance("load", str(file), *both, "--runs", "runs", cwd=tmp_path)
        good = conformance(
            "load", str(file), "--runtime", f"a={one}", "--runs", "good", "--quiet", cwd=tmp_path
        )
        bad = conformance(
            "load", str(file), "--runtime", f"a={two}", "--runs", "bad", "--quiet", cwd=tmp_path
        )
    assert (done.returncode, good.returncode, bad.returncode) == (1, 0, 1)
    assert "find_and_look p50, ms" in done.stdout
    assert "two: 1 of 2 classes within limits" in done.stdout
    again = conformance("report", "--runs", "runs", cwd=tmp_path)
    assert again.stdout.splitlines() == done.stdout.splitlines()[:-1]
    for style in ("markdown", "html"):
        shown = conformance("report", "--runs", "runs", "--format", style, cwd=tmp_path)
        suffix = {"markdown": "md", "html": "html"}[style]
        assert shown.stdout == (tmp_path / "runs" / "latest" / f"report.{suffix}").read_text()
    refused = conformance("report", "--runs", "runs", "--format", "junit", cwd=tmp_path)
    assert (refused.returncode, "no JUnit report" in refused.stderr) == (2, True)
    worse = conformance("changes", "good/latest", "bad/latest", cwd=tmp_path)
    assert (worse.returncode, "regressed: a find_and_look" in worse.stdout) == (1, True)
    shown = conformance(
        "changes", "good/latest", "bad/latest", "--format", "markdown", cwd=tmp_path
    )
    assert "regressed: a find\\_and\\_look" in shown.stdout
    assert "| find\\_and\\_look failed, % | 0.00 | 100.00 |  |" in shown.stdout
    better = conformance("changes", "bad/latest", "good/latest", "--json", cwd=tmp_path)
    assert (better.returncode, json.loads(better.stdout)["regressed"]) == (0, [])


PREPARING = """\
  prepare:
    command: ["${python}", bring.py, "${url}", "${corpus}", "${rows}"]
    corpus: 3
"""


def test_data_is_brought_before_the_load(tmp_path: Path) -> None:
    """The command is told where and how much, and writes the rows.

    Where it fails, the load does not begin.
    """
    (tmp_path / "bring.py").write_text(
        "import pathlib, sys\n"
        "_, url, corpus, rows = sys.argv\n"
        "assert url.startswith('http://127.0.0.1')\n"
        'pathlib.Path(rows).write_text(\'{"query": "brought"}\\n\' * int(corpus))\n'
    )
    text = LOAD_TEXT.replace("  rows: rows.ndjson\n", PREPARING)
    shop = Shop()
    with serve(shop) as url:
        code, report = loaded(tmp_path, "--runtime", f"shop={url}", "--corpus", "2", text=text)
        assert (code, report["run"]["corpus"], set(shop.queries)) == (0, 2, {"brought"})
        (tmp_path / "bring.py").write_text("import sys; sys.exit('the cellar is empty')")
        done = conformance("load", "shop.yaml", "--runtime", f"shop={url}", cwd=tmp_path)
    assert done.returncode == 4
    assert "runtime shop: its data could not be brought: the cellar is empty" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_started_runtime_is_measured(tmp_path: Path) -> None:
    """What it uses is told by the name of what it runs."""
    (tmp_path / "runtimes.yaml").write_text(
        'runtimes:\n  shop: {command: ["${python}", serve_shop.py, "${port}"], start_timeout_ms: '
        "30000}\n"
    )
    (tmp_path / "serve_shop.py").write_text(
        "import sys, socket, threading\n"
        f"sys.path.insert(0, {str(Path.cwd())!r})\n"
        "from tests.load.shop import Shop\n"
        "from tests.miniatures import server\n"
        "server.socket.create_server = lambda _at, make=socket.create_server: make(('127.0.0.1', "
        "int(sys.argv[1])))\n"
        "with server.serve(Shop()):\n"
        "    threading.Event().wait()\n"
    )
    text = LOAD_TEXT.replace("  stop_after_scenarios: 60\n", "")
    code, report = loaded(tmp_path, "--warm-up", "500ms", "--duration", "2s", text=text)
    (process,) = report["processes"]
    assert (code, process["name"].split()[0]) == (0, "serve_shop.py")
    assert process["max_rss_mib"] > 5


def test_what_cannot_be_loaded(tmp_path: Path) -> None:
    """Nobody there is 4, a bad file or option is 2, no runtime for it is 5; none is a traceback."""
    file = str(write_load(tmp_path))
    gone = conformance("load", file, "--runtime", "shop=http://127.0.0.1:9", cwd=tmp_path)
    assert (gone.returncode, "cannot be reached" in gone.stderr) == (4, True)
    none = conformance("load", "none.yaml", "--runtime", "shop=http://127.0.0.1:9", cwd=tmp_path)
    assert (none.returncode, "cannot be read" in none.stderr) == (2, True)
    soon = conformance("load", file, "--duration", "soon", cwd=tmp_path)
    assert (soon.returncode, "a duration such as 20s or 5m" in soon.stderr) == (2, True)
    corpus = conformance(
        "load", file, "--corpus", "5", "--runtime", "shop=http://127.0.0.1:9", cwd=tmp_path
    )
    assert (corpus.returncode, "no `prepare`" in corpus.stderr) == (2, True)
    (tmp_path / "runtimes.yaml").write_text(
        "runtimes: {other: {url: http://127.0.0.1:9, labels: [b]}}\n"
    )
    write_load(tmp_path, LOAD_TEXT.replace("load:\n", "load:\n  against: a\n"))
    unselected = conformance("load", file, cwd=tmp_path)
    assert (
        unselected.returncode,
        "no runtime has all that the load needs: a" in unselected.stderr,
    ) == (5, True)


def test_a_server_error_is_no_success(tmp_path: Path) -> None:
    """A step that expects nothing takes any answer but a 5xx.

    A refusal is still what the step allows.
    """
    text = TINY.format(pace="duration: 300ms")
    with serve(always({}, 503)) as url:
        code, report = loaded(tmp_path, "--runtime", f"shop={url}", "--workers", "1", text=text)
    assert (code, [cause["says"] for cause in report["causes"]]) == (1, ["step 1: status 503"])
    with serve(always({}, 404)) as url:
        code, report = loaded(tmp_path, "--runtime", f"shop={url}", "--workers", "1", text=text)
    assert (code, report["causes"]) == (0, [])


def test_a_load_in_which_nothing_counts_has_no_verdict(tmp_path: Path) -> None:
    """If every scenario was over before the window began, nothing is proved.

    The exit code says so.
    """
    text = TINY.format(pace="warm_up: 1s, duration: 1s, stop_after_scenarios: 3")
    with serve(always({})) as url:
        code, report = loaded(tmp_path, "--runtime", f"shop={url}", "--workers", "1", text=text)
    assert (code, report["outcome"]) == (5, "NOTHING PROVED: no scenario of shop was counted")

"""A load that is asked to end reports its results, keeps them as incomplete, leaves no process."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conformance.runner.process.guardian import descendants
from tests.cli.command import conformance
from tests.load.shop import LOAD_TEXT, Shop, write_load
from tests.miniatures.server import serve

ENDLESS = LOAD_TEXT.replace("  stop_after_scenarios: 60\n", "")


@contextmanager
def going_on(
    folder: Path, shop: Shop, *words: str, scenarios: int = 200
) -> Iterator["subprocess.Popen[str]"]:
    """Start a load that would go on for long, and wait until there were so many scenarios."""
    command = [
        sys.executable,
        "-m",
        "conformance",
        "load",
        "shop.yaml",
        *words,
        "--runs",
        "runs",
        "--workers",
        "2",
    ]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        while len(shop.names) + len(shop.queries) < scenarios:
            assert process.poll() is None
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_what_was_measured_is_kept(tmp_path: Path, number: signal.Signals) -> None:
    """The record and every form of the report hold what there was, and say what is missing.

    The exit code is 130.
    """
    write_load(tmp_path, ENDLESS)
    shop = Shop()
    with (
        serve(shop) as url,
        going_on(tmp_path, shop, "--runtime", f"shop={url}", "--json") as process,
    ):
        process.send_signal(number)
        said, complaint = process.communicate(timeout=30)
    report = json.loads(said)
    assert process.returncode == 130
    assert complaint.splitlines()[-1] == "interrupted; what was written so far is kept"
    assert (report["complete"], report["red"], report["failed"]) == (False, True, 0)
    assert (
        150 <= report["scenarios"] <= len(shop.queries) + len(shop.names)
    )  # of 200, but for what came last
    assert 0 < report["counted_s"] < 20
    assert report["outcome"].startswith("FAIL, interrupted: ")
    again = conformance("report", "--runs", "runs", "--format", "json", cwd=tmp_path)
    assert json.loads(again.stdout) == report
    assert json.loads((tmp_path / "runs/latest/report.json").read_text()) == report
    assert (report["runtime"], report["memory_mib"]) == ("shop", 0)
    for style in ("console", "markdown", "html"):
        shown = conformance("report", "--runs", "runs", "--format", style, cwd=tmp_path).stdout
        assert "the load was interrupted: of 20 s a runtime, it measured shop for" in shown
    changes = conformance("changes", "latest", "latest", "--runs", "runs", cwd=tmp_path)
    assert changes.stdout.count("the load was interrupted") == 2


def test_the_first_runtime_is_kept_when_the_second_is_not_there(tmp_path: Path) -> None:
    """Whatever ends a load, earlier results stay: here nobody answers for the second runtime."""
    write_load(tmp_path)
    with serve(Shop()) as url:
        both = ("--runtime", f"one={url}", "--runtime", "two=http://127.0.0.1:9")
        done = conformance("load", "shop.yaml", *both, "--runs", "runs", cwd=tmp_path)
    assert (done.returncode, "two" in done.stderr) == (4, True)
    assert "one: 2 of 2 classes within limits, 0 of 60 scenarios failed" in done.stdout
    assert "FAIL, interrupted: " in conformance("report", "--runs", "runs", cwd=tmp_path).stdout


def test_a_load_that_is_killed_leaves_its_record(tmp_path: Path) -> None:
    """Killed in the second runtime, it has the first on the disk."""
    write_load(tmp_path, ENDLESS)
    second = Shop(takes_s=0.3)
    with serve(Shop()) as one, serve(second) as two:
        words = ("--runtime", f"one={one}", "--runtime", f"two={two}", "--scenarios", "40")
        with going_on(tmp_path, second, *words, scenarios=1) as process:
            process.kill()
    (folder,) = (tmp_path / "runs").glob("*Z-*")
    shown = conformance("report", "--run", str(folder), cwd=tmp_path).stdout
    assert "the load was interrupted: of 20 s a runtime, it measured one for" in shown


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_no_worker_is_left(tmp_path: Path) -> None:
    """A load asked to end while the service does not answer ends, and so do its processes."""
    write_load(tmp_path, ENDLESS)
    shop = Shop(takes_s=0.7)
    with (
        serve(shop) as url,
        going_on(tmp_path, shop, "--runtime", f"shop={url}", scenarios=1) as process,
    ):
        workers = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        _, complaint = process.communicate(timeout=30)
    assert (process.returncode, "interrupted" in complaint) == (130, True)
    assert len(workers) >= 2
    end_s = time.monotonic() + 10  # what watches over shared resources ends last, by itself
    while left := [pid for pid in workers if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < end_s, left
        time.sleep(0.05)

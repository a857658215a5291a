"""Locust, with a master and two local workers, runs the same scenarios as `conformance load`."""

import csv
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from conformance.runner.process.ports import free_port
from tests.cli.test_load import COUNTED, counts, loaded
from tests.load.shop import Shop, write_load
from tests.miniatures.server import serve

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(find_spec("locust") is None, reason="locust is not installed")


def test_the_same_counts(tmp_path: Path) -> None:
    """Each scenario and step is gone through as often, with the same rows, by either."""
    ours, theirs = Shop(), Shop()
    with serve(ours) as url:
        _, report = loaded(tmp_path, "--runtime", f"shop={url}", "--workers", "2")
    with serve(theirs) as url:
        _drive_by_locust(tmp_path, url)
    with (tmp_path / "locust_stats.csv").open() as file:
        rows = {row["Name"]: row for row in csv.DictReader(file)}
    found = {
        name: (int(row["Request Count"]), int(row["Failure Count"])) for name, row in rows.items()
    }
    steps = {
        f"{each['name']} {step['name']}": (step["exchanges"], 0)
        for each in report["classes"]
        for step in each["steps"]
    }
    assert found | {"Aggregated": ()} == counts(report["classes"]) | steps | {"Aggregated": ()}
    assert sorted(theirs.queries) == sorted(ours.queries)


def _commands(folder: Path, url: str) -> tuple[list[str], list[str]]:
    """Return the commands of a master and of a worker that drive a URL."""
    port = str(free_port())
    command = [
        sys.executable,
        "-m",
        "locust",
        "-f",
        str(ROOT / "conformance/load/locustfile.py"),
        "--host",
        url,
    ]
    master = [
        *command,
        "--master",
        "--master-bind-port",
        port,
        "--headless",
        "--users",
        "4",
        "--spawn-rate",
        "4",
    ]
    master += [
        "--expect-workers",
        "2",
        "--run-time",
        "6s",
        "--csv",
        str(folder / "locust"),
        "--only-summary",
    ]
    worker = [*command, "--worker", "--master-host", "127.0.0.1", "--master-port", port]
    return master, worker


def _drive_by_locust(folder: Path, url: str) -> None:
    master, worker = _commands(folder, url)
    given = {
        **os.environ,
        "LOAD_FILE": str(write_load(folder)),
        "LOAD_SCENARIOS": str(COUNTED),
        "PYTHONPATH": str(ROOT),
    }
    with subprocess.Popen(
        master, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as conducting:
        workers = [
            subprocess.Popen(
                worker,
                env={**given, "LOAD_FIRST": str(first), "LOAD_OF": "2"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for first in range(2)
        ]
        conducting.wait(60)
        for each in workers:
            each.wait(30)

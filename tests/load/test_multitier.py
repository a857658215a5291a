"""The multitier load in its quick form, with 5,000 profiles: on the reference and on Go."""

import json
from pathlib import Path
from typing import Any

from tests.cli.command import conformance
from tests.peers.live_peers import live

ROOT = Path(__file__).parents[2]
SCENARIOS = (
    "cold_search_email",
    "surge_fill_validate",
    "profile_swap",
    "repeat_cache",
    "sms_validate",
    "playbook_record_replay",
)


def test_six_of_six_classes_without_a_failure(tmp_path: Path) -> None:
    """Each of the six is gone through, none fails, and every daemon is measured."""
    report = loaded("stack", tmp_path)

    measured = {process["name"] for process in report["processes"]}
    assert {
        "reference_impl vectord",
        "reference_impl matrixd",
        "reference_impl gateway",
    } <= measured
    assert sum(process["max_rss_mib"] for process in report["processes"]) < 1_700


@live
def test_the_go_stack_carries_the_same_load(tmp_path: Path) -> None:
    """The same six classes without a failure, measured as one process."""
    report = loaded("go", tmp_path)

    assert [process["name"] for process in report["processes"]] == ["lakehouse serve"]
    assert report["processes"][0]["max_rss_mib"] < 500


def loaded(runtime: str, runs: Path) -> Any:
    """Drive a runtime for 10 s and return the report of a load without a failure."""
    pace = ("--corpus", "5000", "--duration", "10s", "--warm-up", "1s", "--ramp", "1s")
    done = conformance(
        "load",
        "cases/load/multitier.yaml",
        "--runtime",
        runtime,
        *pace,
        "--users",
        "10",
        "--runs",
        str(runs),
        "--json",
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]
    report = json.loads(done.stdout)
    assert [each["name"] for each in report["classes"]] == list(SCENARIOS)
    assert all(each["scenarios"] > 0 and each["failed"] == 0 for each in report["classes"])
    return report

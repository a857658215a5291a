"""The multitier load in its quick form, on the whole reference stack with 5,000 profiles."""

import json
from pathlib import Path

from tests.cli.command import conformance

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
    words = (
        "--runtime",
        "stack",
        "--corpus",
        "5000",
        "--duration",
        "20s",
        "--warm-up",
        "1s",
        "--ramp",
        "1s",
    )
    done = conformance(
        "load",
        "cases/load/multitier.yaml",
        *words,
        "--users",
        "10",
        "--runs",
        str(tmp_path),
        "--json",
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]
    report = json.loads(done.stdout)
    assert [each["name"] for each in report["classes"]] == list(SCENARIOS)
    assert all(each["scenarios"] > 0 and each["failed"] == 0 for each in report["classes"])
    measured = {process["name"] for process in report["processes"]}
    assert {
        "reference_impl vectord",
        "reference_impl matrixd",
        "reference_impl gateway",
    } <= measured
    assert sum(process["max_rss_mib"] for process in report["processes"]) < 1_700

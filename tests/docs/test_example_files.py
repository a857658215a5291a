"""The files that documents show are read.

The rules of a verdict appear there as the code has them.
"""

import re
from pathlib import Path

from conformance.gauntlet.assessment import RULES
from conformance.gauntlet.file import read_gauntlet
from conformance.review.file import read_review
from conformance.suites.runtimes_file import read_runtimes
from conformance.suites.suite_file import read_suite

DOCS = Path(__file__).parents[2] / "docs"


def example(name: str, folder: Path) -> Path:
    """Write the one YAML block of a document to a file."""
    (block,) = re.findall(
        r"^```yaml\n(.*?)^```$", (DOCS / name).read_text(), re.DOTALL | re.MULTILINE
    )
    file = folder / "example.yaml"
    file.write_text(block)
    return file


def test_the_review_file_is_read(tmp_path: Path) -> None:
    """Three reviewers, each of a lineage of its own."""
    plan = read_review(example("review.md", tmp_path), {"LARGE_TOKEN": "x"})
    assert [reviewer.lineage for reviewer in plan.reviewers] == ["large", "smollm2", "ruff"]


def test_the_gauntlet_file_is_read(tmp_path: Path) -> None:
    """One phase of each kind, and two that replay suites, two that drive loads."""
    gauntlet = read_gauntlet(example("gauntlet.md", tmp_path))
    assert [phase.kind.value for phase in gauntlet.phases] == [
        "run",
        "review",
        "run",
        "load",
        "load",
        "tracker",
    ]


def test_the_rules_are_those_of_the_code() -> None:
    """Word for word, in order."""
    page = (DOCS / "gauntlet.md").read_text()
    items = re.findall(r"^[0-9]\. (.*(?:\n   .*)*)$", page, re.MULTILINE)
    assert [re.sub(r"\s+", " ", item) for item in items] == [
        f"{rule.verdict.value}: {rule.says}" for rule in RULES
    ]


def test_the_batch_files_are_read(tmp_path: Path) -> None:
    """A suite of commands, and two runtimes for it."""
    suite, runtimes = re.findall(
        r"^```yaml\n(.*?)^```$", (DOCS / "batch.md").read_text(), re.DOTALL | re.MULTILINE
    )
    (tmp_path / "suite.yaml").write_text(suite)
    (tmp_path / "runtimes.yaml").write_text(runtimes)
    assert [case.runs_commands for case in read_suite(tmp_path / "suite.yaml")] == [True]
    assert [runtime.name for runtime in read_runtimes(tmp_path / "runtimes.yaml")] == [
        "python",
        "go",
    ]

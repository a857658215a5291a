"""Gauntlet files: every field, and what a file may not say."""

from pathlib import Path

import pytest

from conformance.errors import BadFileError
from conformance.gauntlet.file import DEFAULT_BUDGET_S, DEFAULT_PHASE_BUDGET_S, read_gauntlet
from conformance.gauntlet.plan import DEFAULT_TOLERANCE_PERCENT, Gauntlet, PhaseKind

WHOLE = """\
gauntlet:
  budget_s: 900
  phases:
    smoke: {run: smoke, runtimes: [python], min_cases: 21, strict: true, cases: [a/*], budget_s: 60}
    review: {review: origin/main, reviewers: [ruff]}
    again: {review: baseline}
    parity: {run: [smoke, validatord]}
    load: {load: load/quick.yaml, duration: 20s, users: 10, corpus: 5000, tolerance_percent: 40}
    tracker: {tracker: parity}
"""
GOOD = (
    WHOLE,
    "gauntlet:\n  phases: {}\n",
    "gauntlet:\n  phases: {a: {run: x}}\n",
    "gauntlet:\n  phases: {a: {run: [x, y], min_cases: 1}, b: {tracker: a}}\n",
    "gauntlet:\n  phases: {a: {tracker: b}}\n",
    "gauntlet:\n  phases: {a: {load: x, runtimes: [b]}}\n",
)


def phase(fields: str) -> str:
    """Return a file with one phase."""
    return f"gauntlet:\n  phases:\n    a: {{{fields}}}\n"


BAD = [
    ("gauntlet: {}\n", "1:11: field 'phases' is missing"),
    ("gauntlet: []\n", "1:11: wanted an object"),
    ("gauntlet:\n  phase: {}\n", "2:3: unknown field 'phase'; did you mean 'phases'?"),
    (
        "gauntlet:\n  budget_s: 0\n  phases: {a: {run: x}}\n",
        "2:13: wanted an integer from 1 to 86400, got 0",
    ),
    ("gauntlet:\n  phases: {A: {run: x}}\n", "2:12: unknown field 'A'"),
    (phase(""), "3:8: wanted exactly one of run, review, load, tracker; got none"),
    (phase("run: x, load: y"), "wanted exactly one of run, review, load, tracker; got run, load"),
    (phase("run: []"), "3:14: wanted at least 1"),
    (phase("run: x, duration: 20s"), "field 'duration' goes with 'load' only"),
    (phase("load: x, min_cases: 2"), "field 'min_cases' goes with 'run' only"),
    (phase("load: x, strict: true"), "field 'strict' goes with 'run' only"),
    (
        phase("load: x, duration: 20"),
        "wanted a duration such as 20s or 5m, got integer '20'; quote it",
    ),
    (phase("load: x, duration: fast"), "wanted a duration such as 20s or 5m, got 'fast'"),
    (phase("load: x, users: 0"), "wanted an integer from 1 to 100000, got 0"),
    (phase("review: -x"), "wanted a revision that git knows, got '-x'"),
    (phase("review: main, cases: [x]"), "field 'cases' goes with 'run' only"),
    (phase("run: x, runtimes: []"), "wanted at least 1"),
    (phase("run: x, corpus: 5"), "field 'corpus' goes with 'load' only"),
    (phase("run: x, tolerance_percent: 5"), "field 'tolerance_percent' goes with 'load' only"),
    (phase("run: x, reviewers: [a]"), "field 'reviewers' goes with 'review' only"),
]


def read(folder: Path, text: str) -> Gauntlet:
    file = folder / "gauntlet.yaml"
    file.write_text(text)
    return read_gauntlet(file)


def test_every_field(tmp_path: Path) -> None:
    """Each phase becomes the words of its verb; paths are read from the folder of the file."""
    gauntlet = read(tmp_path, WHOLE)
    assert gauntlet.budget_s == 900
    smoke, review, again, parity, load, tracker = gauntlet.phases
    assert (smoke.kind, smoke.budget_s, smoke.runtimes) == (PhaseKind.RUN, 60, ("python",))
    assert smoke.words == (f"{tmp_path}/smoke", "--case", "a/*", "--strict", "--min-cases", "21")
    assert (review.base, again.base) == ("origin/main", None)
    assert review.words == ("--config", f"{tmp_path}/review.yaml", "--reviewer", "ruff")
    assert parity.words == (f"{tmp_path}/smoke", f"{tmp_path}/validatord")
    assert load.words == (
        f"{tmp_path}/load/quick.yaml",
        "--duration",
        "20s",
        "--users",
        "10",
        "--corpus",
        "5000",
    )
    assert (load.tolerance_percent, smoke.tolerance_percent) == (40, DEFAULT_TOLERANCE_PERCENT)
    assert (tracker.kind, tracker.words, tracker.run_of) == (PhaseKind.TRACKER, (), "parity")
    assert parity.budget_s == DEFAULT_PHASE_BUDGET_S
    assert read(tmp_path, GOOD[2]).budget_s == DEFAULT_BUDGET_S


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_bad_files(tmp_path: Path, text: str, problem: str) -> None:
    """Each is refused at its place."""
    with pytest.raises(BadFileError) as caught:
        read(tmp_path, text)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (GOOD[1], "2:11: wanted at least one phase"),
        (GOOD[4], "2:25: b is no earlier phase that replays suites"),
        (phase("review: main, runtimes: [a]"), "field 'runtimes' goes with 'run' or 'load' only"),
        (
            "gauntlet:\n  phases: {a: {tracker: b}, b: {run: x}}\n",
            "b is no earlier phase that replays suites",
        ),
    ],
)
def test_what_a_table_cannot_say(tmp_path: Path, text: str, problem: str) -> None:
    """Phases refer to what came before them."""
    with pytest.raises(BadFileError) as caught:
        read(tmp_path, text)
    assert problem in str(caught.value)

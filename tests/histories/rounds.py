"""Histories of storaged, catalogd and vectord under kills and slow calls, checked by key.

The calls are system calls.

    python -m tests.histories.rounds                 50 histories of each daemon; prints a table for
                                                     docs/reliability.md
    python -m tests.histories.rounds --histories N   so many of each
    python -m tests.histories.rounds --seed S        other choices

Of each three histories one is with calls that take long before their effect, one with calls that
take long after it.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.histories.checker import violation
from tests.histories.daemons import DAEMONS
from tests.histories.recording import KEYS, Plan, record

if TYPE_CHECKING:
    from tests.histories.daemons import Subject

_DELAYS = (None, "delay_enter", "delay_exit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one history."""

    operations: int
    unanswered: int
    kills: int
    violations: tuple[str, ...]


def play(subject: Subject, folder: Path, seed: int, plan: Plan) -> Outcome:
    """Record a history and check each of its keys."""
    operations = record(subject, folder, seed, plan)
    by_key = [[one for one in operations if one.key == f"k{number}"] for number in range(KEYS)]
    found = [violation(history, subject.model()) for history in by_key]
    return Outcome(
        operations=len(operations),
        unanswered=sum(one.answer is None for one in operations),
        kills=len(plan.lives_s) - 1,
        violations=tuple(one for one in found if one is not None),
    )


def plan_of(seed: int) -> Plan:
    """Choose the lives of a history's daemon and which calls are slow."""
    choice = random.Random(seed)  # noqa: S311  # repeatable, not secret
    lives_s = tuple(choice.uniform(0.2, 0.8) for _ in range(3))
    return Plan(lives_s=lives_s, delay=_DELAYS[seed % len(_DELAYS)])


def main() -> int:
    """Play them and print a table; 1 if a history is not linearizable."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--histories", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    print(
        "| daemon | histories | operations | without an answer | kills | not linearizable "
        "|\n|---|---|---|---|---|---|"
    )
    is_bad = False
    for subject in DAEMONS:
        outcomes = []
        for seed in range(asked.seed, asked.seed + asked.histories):
            with tempfile.TemporaryDirectory(prefix="history-") as folder:
                outcome = play(subject, Path(folder), seed, plan_of(seed))
            outcomes.append(outcome)
            for found in outcome.violations:
                print(f"{subject.room}, seed {seed}:\n{found}", file=sys.stderr)
        bad = sum(bool(one.violations) for one in outcomes)
        counts = (
            sum(getattr(one, name) for one in outcomes)
            for name in ("operations", "unanswered", "kills")
        )
        print(
            f"| {subject.room} | {len(outcomes)} | {' | '.join(f'{count:,}' for count in counts)} "
            f"| {bad} |",
            flush=True,
        )
        is_bad = is_bad or bad > 0
    return int(is_bad)


if __name__ == "__main__":
    sys.exit(main())

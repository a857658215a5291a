"""R6 to R8, R10 and R11: what was acknowledged is there after any kill."""

import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.batch import crash_points
from tests.batch.crash_points import Tool, declared_tools
from tests.batch.injection import STRACE
from tests.batch.shared_log_rounds import LOG, Counts, build_programs, play, start_writer
from tests.batch.test_crash_points import miniature
from tests.batch.test_shared_log import CARELESS
from tests.histories.daemons import DAEMONS
from tests.histories.rounds import plan_of
from tests.histories.rounds import play as play_history
from tests.reference_impl.vectord.killing import kill_rounds
from tests.reliability.row import SEED, Figure

HABITS: Final = ("claims", "tears", "litters", "shrugs")
"""What the planted materializers do wrong."""
_CARELESS_ROUNDS: Final = 3


def shared_log_kills(rounds: int) -> Figure:
    """Kill writers in three languages that share a log."""
    with tempfile.TemporaryDirectory() as folder:
        counts = play(build_programs(Path(folder)), rounds, SEED)
    return _of_counts(counts)


def _of_counts(counts: Counts) -> Figure:
    return Figure(
        text=(
            f"{counts.kills} kills, {counts.acknowledged:,} acknowledged: {counts.lost} lost, "
            f"{counts.doubled} doubled, {counts.torn} torn lines, {counts.glued} not alone"
        ),
        is_met=counts.verdict == "kept",
        numbers={"kills": counts.kills, "acknowledged": counts.acknowledged},
    )


def shared_log_without_kills(records: int) -> Figure:
    """Let the three write at the same time; then find out writers that write twice a record."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / LOG
        programs = build_programs(Path(folder))
        writers = {name: start_writer(programs[name], log, name) for name in programs}
        while sum(len(writer.acknowledged) for writer in writers.values()) < records:
            time.sleep(0.05)
        acknowledged = {name for writer in writers.values() for name in writer.kill()}
        counts = Counts()
        counts.add(log.read_bytes(), acknowledged)
    careless = play(dict.fromkeys(("a", "b", "c"), CARELESS), _CARELESS_ROUNDS, SEED)
    last_lines = len(writers)
    return Figure(
        text=(
            f"{counts.acknowledged:,} records of 350 to 65,300 bytes: {counts.lost} lost, "
            f"{counts.doubled} doubled, {counts.glued} joined; writers that write a record in two "
            f"calls: {careless.verdict}"
        ),
        is_met=(
            counts.verdict == "kept"
            and counts.torn <= last_lines  # of the writers that were ended
            and counts.acknowledged >= records
            and careless.verdict == "broken"
        ),
        numbers={"acknowledged": counts.acknowledged, "torn": counts.torn},
    )


def materializer_points(stride: int, habit_stride: int) -> Figure:
    """Kill and break each materializer at every `stride`-th call that changes a file."""
    if STRACE is None:
        return Figure(text="strace is not on this machine", is_met=False)
    points, missed, wrong = 0, 0, []
    for tool in declared_tools():
        found = crash_points.findings(tool, stride)
        points += len(found)
        missed += sum(one.missed for one in found)
        wrong += [f"{tool.name}: {text}" for one in found for text in one.violations]
    caught = [habit for habit in HABITS if _is_found_out(miniature(habit), habit_stride)]
    return Figure(
        text=(
            f"{points} points, {missed} missed, {len(wrong)} violations; "
            f"{len(caught)} of {len(HABITS)} planted materializers found out"
        ),
        is_met=points > 0 and missed < points / 2 and not wrong and len(caught) == len(HABITS),
        numbers={"points": points, "missed": missed, "violations": wrong, "caught": caught},
    )


def _is_found_out(tool: Tool, stride: int) -> bool:
    return any(one.violations for one in crash_points.findings(tool, stride))


def vectord_kills(rounds: int, flips: int) -> Figure:
    """Kill vectord under writes and saves, and flip bits of what it has saved."""
    from tests.reliability.flipped_bits import flipped  # noqa: PLC0415 - starts daemons of its own

    with tempfile.TemporaryDirectory() as folder:
        tally = kill_rounds(Path(folder), rounds, SEED)
    outcomes = dict(flipped(flips, random.Random(SEED)))  # noqa: S311 - the same bits in every run
    silent = outcomes.get("wrong", 0)
    return Figure(
        text=(
            f"{tally.rounds} kills, {tally.acknowledged:,} requests acknowledged: "
            f"{len(tally.faults)} items lost, doubled or changed; {flips} flipped bits: "
            f"{outcomes.get('made good', 0)} made good from what else is there, "
            f"{outcomes.get('refused', 0)} refused by name, {silent} served wrong"
        ),
        is_met=not tally.faults and silent == 0 and tally.acknowledged > 0,
        numbers={"faults": tally.faults[:20], "flips": outcomes},
    )


def linearizable_histories(count: int) -> Figure:
    """Play concurrent histories of storaged, catalogd and vectord with kills and slow calls."""
    operations, kills, bad = 0, 0, []
    for subject in DAEMONS:
        for seed in range(count):
            with tempfile.TemporaryDirectory(prefix="history-") as folder:
                outcome = play_history(subject, Path(folder), seed, plan_of(seed))
            operations, kills = operations + outcome.operations, kills + outcome.kills
            if outcome.violations:
                bad.append(f"{subject.room}, seed {seed}")
                sys.stderr.write("\n".join(outcome.violations))
    rooms = ", ".join(subject.room for subject in DAEMONS)
    return Figure(
        text=(
            f"histories, {count} of each of {rooms}: {operations:,} operations, {kills} kills, "
            f"{len(bad)} not linearizable"
        ),
        is_met=not bad and operations > 0,
        numbers={"operations": operations, "kills": kills, "not linearizable": bad},
    )

"""The table of all rows: what is measured, its bound, and how, in each form.

The bounds are those that the project has set itself; a row is met only where all of it was
measured.
"""

from typing import Final

from tests.reliability.row import Row

_PROBE: Final = "run cases/validatord"

ROWS: Final = (
    Row(
        id="R1",
        what="JSON texts that are valid, invalid, or read differently by parsers",
        bound="every one as RFC 8259 and the pinned table say, no crash",
        measure="bad_input:json_kinds",
    ),
    Row(
        id="R2",
        what="servers that misbehave over a connection",
        bound="each has its name, within its budget + 0.5 s and 32 MiB",
        measure="exchange_faults:named_in_time",
        full={"step": 1},
        quick={"step": 6},
    ),
    Row(
        id="R3",
        what="answers that can be read although something is odd about them",
        bound="none passes without a note; those without are listed",
        measure="exchange_faults:nothing_silent",
        full={"step": 1},
        quick={"step": 3},
    ),
    Row(
        id="R4",
        what="programs that misbehave as processes",
        bound="each has its name, no process is left after 1 s, every port is free",
        measure="tests_as_rows:passing",
        full={"paths": ["tests/runner/process/test_process_faults.py"]},
        quick={
            "paths": ["tests/runner/process/test_process_faults.py"],
            "keyword": "segfault or crash or sessions or flood",
        },
    ),
    Row(
        id="R5",
        what="the harness killed with -9 at any moment of a run",
        bound="0 processes left after 1 s, 0 unreadable files, the next run is clean",
        measure="killed_programs:harness_kills",
        full={"rounds": 100},
        quick={"rounds": 5},
        full_limit_s=600,
    ),
    Row(
        id="R6",
        what="writers in three languages, killed with -9, share one log",
        bound="0 acknowledged records lost or doubled, every torn line alone",
        measure="written_data:shared_log_kills",
        full={"rounds": 1000},
        quick={"rounds": 25},
        full_limit_s=600,
    ),
    Row(
        id="R7",
        what="writers in three languages at the same time, 350 bytes to 64 KiB",
        bound="0 of at least 19,000 records lost or joined; careless writers are found out",
        measure="written_data:shared_log_without_kills",
        full={"records": 19_000},
        quick={"records": 1_500},
    ),
    Row(
        id="R8",
        what="materializers killed, or without a disk, at every call that changes a file",
        bound="0 untrue receipts, the next run makes it good; planted ones are found out",
        measure="written_data:materializer_points",
        full={"stride": 1, "habit_stride": 3},
        quick={"stride": 25, "habit_stride": 3},
        full_limit_s=600,
    ),
    Row(
        id="R9",
        what="a program that replaces a file, killed with -9, while the file is read",
        bound="0 parts of a file in at least 5,000 reads",
        measure="killed_programs:file_kills",
        full={"rounds": 200, "reads": 5_000},
        quick={"rounds": 8, "reads": 200},
    ),
    Row(
        id="R10",
        what="vectord killed with -9 under writes and saves; single bits of its files flipped",
        bound="0 acknowledged items lost or changed, every flip made good or refused by name",
        measure="written_data:vectord_kills",
        full={"rounds": 200, "flips": 60},
        quick={"rounds": 4, "flips": 3},
        full_limit_s=900,
    ),
    Row(
        id="R11",
        what="8 clients on 5 keys of storaged, catalogd and vectord, with kills and slow disks",
        bound="every key's history is linearizable",
        measure="written_data:linearizable_histories",
        full={"count": 17},
        quick={"count": 1},
        full_limit_s=900,
    ),
    Row(
        id="R12",
        what="files written wrong by hand, and files of every kind mutated at random",
        bound="each read, or refused by name; 0 tracebacks, none over 2 s",
        measure="bad_input:bad_files",
        full={"mutations": 100_000},
        quick={"mutations": 1_000},
        full_limit_s=1200,
    ),
    Row(
        id="R13",
        what="strings that break outputs, as values, names, header fields, ids and log lines",
        bound="every file can be parsed, no character acts or hides, no markup",
        measure="tests_as_rows:passing",
        full={"paths": ["tests/reporting/test_naughty_strings.py"]},
        quick={"paths": ["tests/reporting/test_naughty_strings.py"]},
    ),
    Row(
        id="R14",
        what="secrets in every field that a runtime fills, in every documented form",
        bound="0 in any output of any command",
        measure="tests_as_rows:passing",
        full={
            "paths": [
                "tests/reporting/test_secrets.py",
                "tests/reporting/test_secrets_in_every_field.py",
            ]
        },
        quick={
            "paths": ["tests/reporting/test_secrets_in_every_field.py"],
            "keyword": "prints or file",
        },
    ),
    Row(
        id="R15",
        what="patterns that backtrack without end, and documents that explode",
        bound="each pattern under 50 ms or refused, each document refused within 0.5 s",
        measure="bad_input:patterns_and_bombs",
    ),
    Row(
        id="R16",
        what="connections of the harness and of all that it starts",
        bound="0 to other machines; every spelling of a foreign address is refused",
        measure="egress:connections",
        full={"commands": (_PROBE, "run cases/smoke", "run cases/batch")},
        quick={"commands": (_PROBE,)},
    ),
    Row(
        id="R17",
        what="requests that no client should send, to every daemon",
        bound="0 answers of 5xx, 0 echoes; large bodies 413 within 64 MiB; /health under 200 ms",
        measure="hostile_clients:refused",
        full={"keyword": "", "slow": 200},
        quick={"keyword": "validatord", "slow": 50},
        full_limit_s=600,
    ),
    Row(
        id="R18",
        what="keys that leave their bucket, and SQL that leaves its cage",
        bound="0 files outside, 0 keys that collide, every statement bounded",
        measure="tests_as_rows:passing",
        full={
            "paths": [
                "tests/reference_impl/storaged/test_keys.py",
                "tests/reference_impl/queryd/test_hostile_sql.py",
                "tests/reference_impl/queryd/test_walls.py",
            ]
        },
        quick={
            "paths": [
                "tests/reference_impl/storaged/test_keys.py",
                "tests/reference_impl/queryd/test_walls.py",
            ]
        },
    ),
    Row(
        id="R19",
        what="a daemon ended by SIGTERM under load",
        bound="ends within 6 s with 0, 0 answers cut off, 0 acknowledged events lost",
        measure="killed_programs:daemon_ends",
        full={"rounds": 100},
        quick={"rounds": 4},
        full_limit_s=600,
    ),
    Row(
        id="R20",
        what="the same cases again, with runtimes started again, also on a busy machine",
        bound="0 other verdicts, 0 other reports, 0 exchanges over 0.8 of their budget",
        measure="stability:repeated_runs",
        full={"suite": "cases/validatord", "quiet": 10, "busy": 5},
        quick={"suite": "cases/validatord", "quiet": 2, "busy": 1},
    ),
    Row(
        id="R21",
        what="gates that have looked at nothing",
        bound="8 of 8 are not green",
        measure="vacuous_gate:refused",
    ),
    Row(
        id="R22",
        what="defects planted in the harness, one at a time",
        bound="each is caught by the test that is named for it",
        measure="seeded_defects:caught",
        full={"step": 1},
        quick={"step": 11},
        full_limit_s=900,
        quick_limit_s=120,
    ),
)

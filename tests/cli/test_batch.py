"""Batch runtimes from outside: commands run by the harness in their own folders.

What they leave is compared.
"""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import conformance, settled

PROGRAM = Path(__file__).parents[1] / "miniatures" / "batch_program.py"
SUITE = """\
suite: batch/rows
compare: value
cases:
  - name: three-rows
    run: {files: {in.jsonl: {lines: [{id: a, n: 1}, {id: b, n: 2}, {id: c, n: 3}]}}}
    expect: {exit: 0, json: {$open: {stdout: {rows: 3}}}}
"""
ALIGNED = "rules: [{path: '$.files.*', key: id, why: the order of rows says nothing}]\n"


def runtimes(folder: Path, **habits: str) -> None:
    """Declare runtimes, each the program with a habit."""
    rows = "".join(
        f"  {name}: {{batch: ['${{python}}', '{PROGRAM}', {habit}], fallback: {name}.ndjson}}\n"
        for name, habit in habits.items()
    )
    (folder / "runtimes.yaml").write_text(f"runtimes:\n{rows}")


def run(folder: Path, suite: str = SUITE, **habits: str) -> subprocess.CompletedProcess[str]:
    """Run the suite on programs with habits."""
    runtimes(folder, **habits)
    (folder / "suite.yaml").write_text(suite)
    return conformance("run", "suite.yaml", cwd=folder)


def test_what_two_commands_leave_alike_is_parity(tmp_path: Path) -> None:
    """What two commands leave alike is parity, over the whole output.

    Exit codes are statuses, files are the body, and nothing is left in the folder.
    """
    done = run(tmp_path, a="copies", b="copies")
    assert settled(done.stdout).splitlines()[1:] == [
        "  a  live, run once for each step",
        "  b  live, run once for each step",
        "",
        "1/1 status codes match · 1/1 body shapes match · 1/1 bodies match by value",
        "",
        "1 case: 1 passed",
        "PARITY",
        (
            "reports: reports/runs/RUN/report.html, reports/runs/RUN/report.md, "
            "reports/runs/RUN/report.json"
        ),
    ]
    assert done.returncode == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "reports",
        "runtimes.yaml",
        "suite.yaml",
    ]


@pytest.mark.parametrize(
    ("habit", "signature"),
    [
        ("reorders", "another-order@$.files['out/rows.jsonl']"),
        ("tears", "$.files['out/rows.jsonl'][*]"),
        ("rounds", "integer-vs-float@$.files['out/rows.jsonl'][*].n"),
        ("drops", "$.files['out/rows.jsonl']"),
        ("deletes", "$.deleted"),
    ],
)
def test_what_differs_is_found_where_it_is(tmp_path: Path, habit: str, signature: str) -> None:
    """The same findings as for services, at the path of the file and the row."""
    done = run(
        tmp_path,
        SUITE.replace("    expect: {exit: 0, json: {$open: {stdout: {rows: 3}}}}\n", ""),
        a="copies",
        b=habit,
    )
    report = (tmp_path / "reports" / "runs" / "latest" / "report.md").read_text()
    assert signature in report
    assert done.returncode == 1


def test_rows_may_be_aligned_by_key(tmp_path: Path) -> None:
    """Rules hold for files as for bodies."""
    done = run(tmp_path, ALIGNED + SUITE, a="copies", b="reorders")
    assert "PARITY" in done.stdout


def test_a_run_is_explained_without_curl(tmp_path: Path) -> None:
    """What was run, what it was given and what it left; no request that nobody sent."""
    run(tmp_path, a="copies", b="drops")
    done = conformance("explain", "batch/rows/three-rows", cwd=tmp_path)
    assert "RUN" in done.stdout
    assert "in.jsonl" in done.stdout
    assert "curl" not in done.stdout


def test_exit_codes_are_compared_first(tmp_path: Path) -> None:
    """One that fails differs in its exit code, and in nothing else."""
    done = run(tmp_path, a="copies", b="fails")
    assert "0/1 status codes match" in done.stdout
    assert "they differ: a 0 · b 3" in done.stdout
    assert "failed" in done.stdout


@pytest.mark.parametrize(
    ("habit", "fault"),
    [
        ("crashes", "runtime_crashed: killed by SIGKILL; its last words: about to die"),
        ("hangs", "timeout_total: had not ended after 1500 ms"),
        ("eats", "memory_exceeded: used "),
        ("floods", "log_flood: printed "),
    ],
)
def test_each_way_to_give_no_outcome_has_a_name(tmp_path: Path, habit: str, fault: str) -> None:
    """It is bounded, and errors the case."""
    suite = SUITE.replace("run: {", "timeout_ms: 1500\n    run: {memory_mib: 100, ")
    done = run(tmp_path, suite, a="copies", b=habit)
    assert fault in done.stdout
    assert "1 errored" in done.stdout


def test_too_many_files_are_a_fault(tmp_path: Path) -> None:
    """What cannot be looked at is not compared in part."""
    done = run(tmp_path, SUITE.partition("    expect:")[0], a="copies", b="litters")
    assert (
        "output_too_large: it left more than 10000 files or 33554432 bytes to compare"
        in done.stdout
    )


def test_nothing_outlives_a_run(tmp_path: Path) -> None:
    """A daemon that a command started is gone with it."""
    done = run(tmp_path, SUITE.partition("    expect:")[0], a="leaves")
    record = next((tmp_path / "reports" / "runs").glob("*/run.ndjson")).read_text().splitlines()
    body = json.loads(json.loads(record[1])["cells"][0]["seen"][0]["answer"]["body"])
    pid = body["files"]["daemon.json"]["pid"]
    command = Path(f"/proc/{pid}/cmdline")
    assert "NOTHING PROVED" in done.stdout  # one runtime, and nothing expected
    assert not command.exists() or b"sleep(60)" not in command.read_bytes()


def test_a_command_gets_what_is_declared_and_no_more(tmp_path: Path) -> None:
    """Its own variables, the run's, the clock; none of the shell's, and no port."""
    (tmp_path / "suite.yaml").write_text(
        "suite: batch/env\ncases:\n  - name: tells\n"
        "    run: {args: [tells], environment: {GIVEN: by the case}, clock: "
        "'2026-11-25T12:00:00Z'}\n"
        "    expect: {exit: 0, json: {$open: {stdout: {CONFORMANCE_CLOCK: '2026-11-25T12:00:00Z', "
        "GIVEN: by the case,"
        " OWN: by the runtime, SECRET_OF_THE_SHELL: null, PORT: null}}}}\n"
    )
    (tmp_path / "runtimes.yaml").write_text(
        f"runtimes:\n  a: {{batch: ['${{python}}', '{PROGRAM}'], environment: {{OWN: by the "
        "runtime}}\n"
    )
    done = conformance("run", "suite.yaml", cwd=tmp_path, SECRET_OF_THE_SHELL="x")  # noqa: S106
    assert "PARITY" in done.stdout, done.stdout


def test_steps_share_the_folder_of_their_case(tmp_path: Path) -> None:
    """The next step finds what a step left in the folder.

    Its outcome says what is new since its own files were laid out.
    """
    suite = (
        "suite: batch/twice\ncases:\n  - name: twice\n    steps:\n"
        "      - run: {args: [copies], files: {in.jsonl: {lines: [{n: 1}]}}}\n"
        "        expect: {exit: 0}\n"
        "      - run: {args: [copies], files: {extra/a.txt: text}}\n"
        "        expect: {exit: 0, json: {$open: {files: {out/rows.jsonl: [{n: 1}]}}}}\n"
    )
    (tmp_path / "suite.yaml").write_text(suite)
    (tmp_path / "runtimes.yaml").write_text(
        f"runtimes:\n  a: {{batch: ['${{python}}', '{PROGRAM}']}}\n"
    )
    done = conformance("run", "suite.yaml", cwd=tmp_path)
    assert "PARITY" in done.stdout, done.stdout


def test_a_recording_stands_in_for_a_program(tmp_path: Path) -> None:
    """It is recorded like a service, and says that it is a recording.

    A run that changed since has no answer.
    """
    run(tmp_path, a="copies", b="copies")
    recorded = conformance("record", "suite.yaml", "--runtime", "b", cwd=tmp_path)
    assert recorded.returncode == 0, recorded.stderr
    file = tmp_path / "runtimes.yaml"
    file.write_text(
        file.read_text().replace("b: {batch: ['${python}'", "b: {batch: [no-such-program")
    )
    done = conformance("run", "suite.yaml", cwd=tmp_path, CONFORMANCE_REQUIRE_LIVE="0")
    assert "no-such-program is not on this machine" in done.stdout
    assert done.returncode == 0
    (tmp_path / "suite.yaml").write_text(SUITE.replace("n: 3", "n: 4"))
    changed = conformance("run", "suite.yaml", cwd=tmp_path, CONFORMANCE_REQUIRE_LIVE="0")
    assert "no_answer_recorded" in changed.stdout
    refused = conformance("run", "suite.yaml", cwd=tmp_path, CONFORMANCE_REQUIRE_LIVE="1")
    assert refused.returncode == 4


def test_every_record_is_held_to_the_schema_of_its_suite(tmp_path: Path) -> None:
    """Runtimes that agree on an invalid record are red.

    Runtime, file, line and the word of the schema are named.
    """
    files = {
        "patternProperties": {"^out/.*[.]jsonl$": {"items": {"$ref": "row.json"}}},
        "additionalProperties": False,
    }
    (tmp_path / "outcome.json").write_text(json.dumps({"properties": {"files": files}}))
    row = tmp_path / "row.json"
    row.write_text(
        '{"required": ["id", "n"], "properties": {"n": {"type": "integer", "maximum": 2}}}'
    )
    done = run(tmp_path, "schema: outcome.json\n" + SUITE, a="copies", b="copies")
    wanted = (
        "a, b: wanted what row.json#/properties/n/maximum says (2) at "
        "$.files['out/rows.jsonl'][2].n, got 3"
    )
    assert wanted in done.stdout
    assert "1/1 bodies match by value" in done.stdout
    assert done.returncode == 1

    row.write_text(row.read_text().replace("2", "3"))
    assert (
        "PARITY" in run(tmp_path, "schema: outcome.json\n" + SUITE, a="copies", b="copies").stdout
    )


def test_services_and_commands_are_asked_their_own_cases(tmp_path: Path) -> None:
    """A case that runs commands is not for a service."""
    (tmp_path / "suite.yaml").write_text(SUITE)
    done = conformance("run", "suite.yaml", "--runtime", "a=http://127.0.0.1:9", cwd=tmp_path)
    assert "1 skipped" in done.stdout

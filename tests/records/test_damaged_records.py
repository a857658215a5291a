"""Damaged run records: whatever happened to one, it is read, or refused with its file and line."""

import contextlib
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
import pytest
from click.testing import CliRunner

from conformance.cli.changes import command as changes
from conformance.cli.explain import command as explain
from conformance.cli.report import command as report
from conformance.errors import ConformanceError
from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, json_reply, serve

ROUNDS: Final = int(os.environ.get("DAMAGED_RECORDS", "400"))
SEED: Final = 20_261_129
SUITE: Final = """\
suite: s
compare: value
cases:
  - {name: one, request: {GET: /1}, expect: {status: 201}}
  - {name: text, request: {GET: /text}}
  - {name: steps, steps: [{request: {GET: /1}, capture: {n: $.n}}, {request: {POST: "/${n}", json: {a: 1}}}]}
"""
FORMS: Final = ("console", "markdown", "json", "junit", "html")
INSTEAD: Final[tuple[Any, ...]] = (
    None,
    "x",
    "",
    "0",
    -1,
    1.5,
    10**20,
    True,
    [],
    {},
    [None],
    {"a": 1},
)


def shop(number: int) -> Service:
    """Return one of two runtimes."""

    def service(request: Received) -> Reply:
        if request.target == "/text":
            return Reply(headers={"content-type": "text/plain"}, body=b"\xff" if number else b"two")
        return json_reply({"n": 1, "l": [number, "a"], "t": "0" if number else 0})

    return service


@pytest.fixture(name="lines", scope="module")
def lines_of_a_record(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Make a run, and return the lines of its record."""
    return saved_record(tmp_path_factory.mktemp("damaged"))


def saved_record(folder: Path) -> list[bytes]:
    """Make a run in a folder, and return the lines of its record."""
    (folder / "s.yaml").write_text(SUITE)
    with contextlib.ExitStack() as running:
        urls = {
            name: running.enter_context(serve(shop(number))) for number, name in enumerate("ab")
        }
        words = [word for name, url in urls.items() for word in ("--runtime", f"{name}={url}")]
        assert conformance("run", "s.yaml", *words, cwd=folder).returncode == 1
    return (folder / "reports/runs/latest/run.ndjson").read_bytes().splitlines(keepends=True)


def places(value: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every value within a value."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for step, held in inner:
        yield (*above, step)
        yield from places(held, (*above, step))


def damaged(line: bytes, chance: random.Random) -> bytes:
    """Return a line with bytes changed, or with one value removed or replaced."""
    if chance.random() < 0.15:
        raw = bytearray(line)
        for _ in range(chance.randint(1, 4)):
            raw[chance.randrange(len(raw) - 1)] = chance.randrange(256)
        return bytes(raw)
    row = json.loads(line)
    *above, last = chance.choice(list(places(row)))
    holder = row
    for step in above:
        holder = holder[step]
    if chance.random() < 0.3:
        del holder[last]
    else:
        holder[last] = chance.choice(INSTEAD)
    return json.dumps(row).encode() + b"\n"


def outcome(verb: click.Command, *words: str) -> str:
    """Return what a verb did: `read`, or the first line of the error.

    Anything else it raises is a failure.
    """
    done = CliRunner().invoke(verb, words)
    if isinstance(done.exception, ConformanceError):
        return str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    return "read"


def test_damaged_records_are_read_or_refused(lines: list[bytes], tmp_path: Path) -> None:
    """Each of many damages, in one line each, by every verb that reads a record.

    Some are refused and some are not.
    """
    chance, outcomes = random.Random(SEED), set()  # noqa: S311 - the same damages in every run
    base, head = tmp_path / "base", tmp_path / "head"
    for folder in (base, head):
        folder.mkdir()
    (base / "run.ndjson").write_bytes(b"".join(lines))
    for number in range(ROUNDS):
        at = chance.randrange(len(lines))
        (head / "run.ndjson").write_bytes(
            b"".join([*lines[:at], damaged(lines[at], chance), *lines[at + 1 :]])
        )
        found = {
            outcome(report, "--run", str(head), "--format", FORMS[number % len(FORMS)]),
            outcome(explain, "*", "--run", str(head), *(("--json",) if number % 2 else ())),
            outcome(changes, str(base), str(head)),
        }
        refused = found - {"read"}
        assert all(str(head / "run.ndjson") in said for said in refused), (number, refused)
        outcomes |= {"refused" if refused else "read"}
    assert outcomes == {"read", "refused"}


def test_a_finding_of_a_step_that_is_not_there_is_refused(
    lines: list[bytes], tmp_path: Path
) -> None:
    """Readers take steps and sides by their numbers."""
    row = json.loads(lines[1])
    row["comparison"]["findings"][0]["step"] = 7
    (tmp_path / "run.ndjson").write_bytes(
        b"".join([lines[0], json.dumps(row).encode() + b"\n", *lines[2:]])
    )
    assert "is of a step, of sides or of runtimes that are not there" in outcome(
        report, "--run", str(tmp_path)
    )

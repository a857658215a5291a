"""Load files: the grammar of `load:` documents, scenarios with weights and the pace of users.

A scenario is a case: its steps are in the load file, or it is a case of a suite. `${row:member}` is
a member of the data row that a scenario draws, `${fresh:name}` a name that no other scenario has.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from conformance.errors import BadFileError, Problem
from conformance.load.plan import DataPreparation, Load, Pace, Scenario
from conformance.model.case import Case, CompareLevel, Variable
from conformance.suites.document import parse_document, source_bytes
from conformance.suites.field_check import check
from conformance.suites.fields import Amount, Field, FieldTable, ListOf, Text, Whole
from conformance.suites.nodes import Node, items, members, text
from conformance.suites.reading import Reading
from conformance.suites.runtime_fields import FILE, WORD
from conformance.suites.sent_files import Files
from conformance.suites.step_fields import STEP, step_problems, steps_of
from conformance.suites.substitution import references_below
from conformance.suites.suite_file import SUITE, TAG, read_suite
from conformance.suites.suite_settings import DEFAULT_TIMEOUT_MS

DEFAULT_USERS: Final = 10
DEFAULT_DURATION_S: Final = 30.0
SCENARIO_NAME: Final = r"[a-z0-9][a-z0-9_-]{0,62}"
DURATION_PATTERN: Final = r"[0-9]{1,9}(?:ms|s|m|h)"

_COUNT = Whole(least=1, most=1_000_000_000)
_DURATION = Text(pattern=DURATION_PATTERN, meaning="a duration such as 20s or 5m")
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_OF_COMMANDS: Final = frozenset({"python", "url", "corpus", "rows"})

SCENARIO = FieldTable(
    fields={
        "weight": Field(
            spec=Amount(), required=True, says="how often it is chosen, relative to other weights"
        ),
        "steps": Field(spec=ListOf(item=STEP, least=1), says="its exchanges, as those of a case"),
        "case": Field(
            spec=Text(pattern=r"\S+", meaning="the id of a case"),
            says="a case of a suite, instead of steps",
        ),
        "suite": Field(spec=FILE, says="the suite file of the case"),
        "allowed_failures_percent": Field(
            spec=Amount(), says="the percentage of them that may fail; none by default"
        ),
        "timeout_ms": Field(
            spec=Whole(least=1, most=600_000), says="the budget of one whole exchange"
        ),
    },
    one_of=("steps", "case"),
    needs={"case": "suite", "suite": "case", "timeout_ms": "steps"},
)
PREPARE = FieldTable(
    fields={
        "command": Field(
            spec=ListOf(item=WORD, least=1),
            required=True,
            says="what is run before the load, once for each runtime: ${python}, ${url}, "
            "${corpus}, and ${rows}, the file that it writes rows to",
        ),
        "corpus": Field(spec=_COUNT, required=True, says="how much data to prepare, as ${corpus}"),
    }
)
LOAD = FieldTable(
    fields={
        "load": Field(
            spec=FieldTable(
                fields={
                    "scenarios": Field(
                        spec=FieldTable(keyed=(SCENARIO_NAME, "names of scenarios", SCENARIO)),
                        required=True,
                        says="what users do, by name",
                    ),
                    "against": Field(
                        spec=TAG, says="the label of the runtimes to ask; without it all are asked"
                    ),
                    "requires": SUITE.fields["requires"],
                    "env": SUITE.fields["env"],
                    "rows": Field(
                        spec=FILE,
                        says="a file of JSON objects, one per line, from which scenarios draw",
                    ),
                    "prepare": Field(spec=PREPARE, says="what prepares the data"),
                    "users": Field(
                        spec=Whole(least=1, most=100_000), says="how many at the same time"
                    ),
                    "duration": Field(spec=_DURATION, says="how long scenarios count"),
                    "ramp": Field(
                        spec=_DURATION, says="how long it takes until all users are active"
                    ),
                    "warm_up": Field(
                        spec=_DURATION, says="how long they go on before scenarios count"
                    ),
                    "think_time": Field(
                        spec=_DURATION, says="how long a user waits after a scenario"
                    ),
                    "rate": Field(
                        spec=Amount(),
                        says="scenarios a second that begin whether or not earlier ones have "
                        "ended: an open loop",
                    ),
                    "seed": Field(
                        spec=Whole(least=0, most=2**53), says="the seed of random choices"
                    ),
                    "stop_after_scenarios": Field(spec=_COUNT, says="end after that many"),
                    "stop_after_failures": Field(spec=_COUNT, says="end after that many failures"),
                },
                at_most_one_of=("rate", "think_time"),
            ),
            required=True,
            says="a load",
        )
    }
)


def read_load(file: Path) -> Load:
    """Return a load file, parsed; raises BadFileError with all of its problems."""
    raw = source_bytes(file, str(file))
    root = parse_document(raw, str(file))
    problems = list(check(LOAD, root)) or list(_meaning_problems(root, file.parent))
    if problems:
        raise BadFileError(problems)
    given = members(members(root)["load"])
    prepare = members(given.get("prepare"))
    return Load(
        scenarios=tuple(
            _scenario(name, node, given, file) for name, node in members(given["scenarios"]).items()
        ),
        pace=_pace(given),
        prepare=DataPreparation(
            argv=tuple(map(text, items(prepare["command"]))),
            directory=file.parent,
            corpus=int(text(prepare["corpus"])),
        )
        if prepare
        else None,
        rows=file.parent / text(given["rows"]) if "rows" in given else None,
        against=text(given["against"]) if "against" in given else None,
        requires=frozenset(map(text, items(given.get("requires")))),
        digest=hashlib.sha256(raw).hexdigest(),
    )


def seconds(written: str) -> float:
    """Return a duration such as `5m` in seconds; raises ValueError if it is malformed."""
    if re.fullmatch(DURATION_PATTERN, written) is None:
        raise ValueError(f"wanted a duration such as 20s or 5m, got {written!r}")
    digits = re.sub(r"[a-z]+\Z", "", written)
    return int(digits) * _SECONDS[written.removeprefix(digits)]


def _meaning_problems(root: Node, folder: Path) -> Iterator[Problem]:
    given = members(members(root)["load"])
    scenarios, prepare = given["scenarios"], members(given.get("prepare"))
    for place, name in references_below(prepare["command"]) if prepare else ():
        if name not in _OF_COMMANDS:
            yield Problem(
                place,
                f"nothing is named {name!r} here; a command knows "
                f"{', '.join(sorted(_OF_COMMANDS))}",
            )
    makes_rows = bool(prepare) and "rows" in {
        name for _, name in references_below(prepare["command"])
    }
    if makes_rows and "rows" in given:
        yield Problem(
            given["rows"].place,
            "rows come from this file or from the command that has ${rows}, not from both",
        )
    reading = _reading(given, folder, has_rows=makes_rows or "rows" in given)
    if not any(float(text(members(node)["weight"])) for node in members(scenarios).values()):
        yield Problem(scenarios.place, "wanted at least one scenario with a weight above 0")
    for node in members(scenarios).values():
        if "steps" in members(node):
            yield from step_problems(node, reading)
            for step in items(members(node)["steps"]):
                if "run" in members(step):
                    yield Problem(
                        members(step)["run"].place,
                        "a scenario is for services: it has requests, not runs",
                    )
        else:
            yield from _case_problems(members(node), folder)


def _reading(load: dict[str, Node], folder: Path, *, has_rows: bool) -> Reading:
    variables = frozenset(map(text, items(load.get("env"))))
    return Reading(files=Files(folder), variables=variables, isolated=True, has_rows=has_rows)


def _case_problems(given: dict[str, Node], folder: Path) -> Iterator[Problem]:
    known = [case.id for case in read_suite(folder / text(given["suite"]))]
    if text(given["case"]) not in known:
        yield Problem(
            given["case"].place,
            f"no such case in {text(given['suite'])}; it has {', '.join(known[:5])}",
        )


def _scenario(name: str, node: Node, load: dict[str, Node], file: Path) -> Scenario:
    given = members(node)
    return Scenario(
        name=name,
        case=_case(name, node, load, file)
        if "steps" in given
        else _case_of_suite(given, file.parent),
        weight=float(text(given["weight"])),
        allowed_failures_percent=float(text(given.get("allowed_failures_percent")) or 0),
    )


def _case(name: str, node: Node, load: dict[str, Node], file: Path) -> Case:
    return Case(
        suite=file.stem,
        name=name,
        place=node.place,
        steps=steps_of(node, _reading(load, file.parent, has_rows=True)),
        against=text(load["against"]) if "against" in load else None,
        compare=CompareLevel.STATUS,
        isolated=True,
        variables=tuple(
            Variable(name=text(each), place=each.place) for each in items(load.get("env"))
        ),
        timeout_ms=int(text(members(node).get("timeout_ms")) or DEFAULT_TIMEOUT_MS),
    )


def _case_of_suite(given: dict[str, Node], folder: Path) -> Case:
    found = {case.id: case for case in read_suite(folder / text(given["suite"]))}
    return replace(found[text(given["case"])], isolated=True)


def _pace(given: dict[str, Node]) -> Pace:
    durations = {
        name: seconds(text(given[name]))
        for name in ("duration", "ramp", "warm_up", "think_time")
        if name in given
    }
    counts = {
        name: int(text(given[name]))
        for name in ("stop_after_scenarios", "stop_after_failures")
        if name in given
    }
    return Pace(
        users=int(text(given.get("users")) or DEFAULT_USERS),
        duration_s=durations.get("duration", DEFAULT_DURATION_S),
        ramp_s=durations.get("ramp", 0.0),
        warm_up_s=durations.get("warm_up", 0.0),
        think_time_s=durations.get("think_time", 0.0),
        rate_per_s=(float(text(given["rate"])) or None) if "rate" in given else None,
        seed=int(text(given.get("seed")) or 0),
        stop_after_scenarios=counts.get("stop_after_scenarios"),
        stop_after_failures=counts.get("stop_after_failures"),
    )

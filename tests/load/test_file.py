"""Load files: every field, and what a file may not say."""

from pathlib import Path

import pytest

from conformance.errors import BadFileError
from conformance.load.file import DEFAULT_DURATION_S, DEFAULT_USERS, read_load, seconds
from conformance.load.plan import Load

STEPS = "steps: [{request: {GET: /}}]"
WHOLE = """\
load:
  against: stack
  requires: [search]
  env: [TOKEN]
  rows: rows.ndjson
  users: 50
  duration: 5m
  ramp: 5s
  warm_up: 500ms
  think_time: 1s
  seed: 7
  stop_after_scenarios: 1000
  stop_after_failures: 10
  scenarios:
    ask_twice:
      weight: 2.5
      allowed_failures_percent: 0.5
      timeout_ms: 500
      steps:
        - request: {POST: /search, json: {text: "${row:query}", name: "${fresh:name}"}, headers: {t: "${env:TOKEN}"}}
          expect: {status: 200, json: {$has: {$not: "${row:query}"}}}
          capture: {first: "$.hits[0]"}
        - request: {GET: "/hits/${first}"}
    of-a-suite: {weight: 1, suite: suite.yaml, case: a/one}
"""
SUITE_TEXT = "suite: a\ncases: [{name: one, request: {GET: /}}, {name: two, request: {GET: /}}]\n"
GOOD = (
    WHOLE,
    f"load: {{scenarios: {{a: {{weight: 1, {STEPS}}}}}}}\n",
    f"load: {{rate: 20, scenarios: {{a: {{weight: 1, {STEPS}}}, b: {{weight: 0, {STEPS}}}}}}}\n",
    (
        "load: {prepare: {command: [a, '${url}'], corpus: 5}, scenarios: {a: {weight: 1, "
        f"{STEPS}}}}}}}\n"
    ),
    "load: {scenarios: {a: {weight: 1, case: a/one, suite: suite.yaml}}}\n",
    "load: {scenarios: {}}\n",
)


def load(fields: str = "", scenario: str = f"weight: 1, {STEPS}") -> str:
    """Return a file with one scenario."""
    return f"load:\n  {{{fields}scenarios: {{\n    a: {{{scenario}}}}}}}\n"


BAD = [
    ("load: []\n", "1:7: wanted an object"),
    ("load: {}\n", "1:7: field 'scenarios' is missing"),
    ("load: {scenarios: {A: {}}}\n", "unknown field 'A'"),
    (load("user: 1, "), "unknown field 'user'; did you mean 'users'?"),
    (load("users: 0, "), "wanted an integer from 1 to 100000, got 0"),
    (load("duration: 5, "), "wanted a duration such as 20s or 5m, got integer '5'; quote it"),
    (load("ramp: soon, "), "wanted a duration such as 20s or 5m, got 'soon'"),
    (load("rate: -1, "), "wanted a number"),
    (load("rate: 1, think_time: 1s, "), "wanted at most one of rate, think_time"),
    (load("seed: x, "), "wanted an integer"),
    (load("stop_after_failures: 0, "), "wanted an integer from 1"),
    (load("prepare: {command: []}, "), "field 'corpus' is missing"),
    (load("prepare: {command: [], corpus: 1}, "), "wanted at least 1 in this list, got 0"),
    (load("rows: 1, "), "wanted the path of a file, got integer '1'"),
    (load(scenario=STEPS), "3:8: field 'weight' is missing"),
    (load(scenario=f"weight: -1, {STEPS}"), "wanted a number"),
    (load(scenario="weight: 1"), "wanted exactly one of steps, case; got none"),
    (load(scenario="weight: 1, case: a"), "field 'case' goes with 'suite' only"),
    (load(scenario=f"weight: 1, {STEPS}, suite: a"), "field 'suite' goes with 'case' only"),
    (load(scenario="weight: 1, steps: []"), "wanted at least 1 in this list, got 0"),
]


def read(folder: Path, text: str) -> Load:
    file = folder / "some.yaml"
    file.write_text(text)
    (folder / "suite.yaml").write_text(SUITE_TEXT)
    return read_load(file)


def test_every_field(tmp_path: Path) -> None:
    """Scenarios become cases of their own; what is not said has its default."""
    whole = read(tmp_path, WHOLE)
    twice, of_suite = whole.scenarios
    assert (twice.name, twice.weight, twice.allowed_failures_percent) == ("ask_twice", 2.5, 0.5)
    assert (twice.case.id, twice.case.timeout_ms, len(twice.case.steps)) == (
        "some/ask_twice",
        500,
        2,
    )
    assert (of_suite.name, of_suite.case.id, of_suite.case.isolated) == (
        "of-a-suite",
        "a/one",
        True,
    )
    pace = whole.pace
    assert (pace.users, pace.duration_s, pace.lead_s, pace.think_time_s, pace.seed) == (
        50,
        300.0,
        5.5,
        1.0,
        7,
    )
    assert (pace.stop_after_scenarios, pace.stop_after_failures, pace.rate_per_s) == (
        1000,
        10,
        None,
    )
    assert (whole.against, whole.requires) == ("stack", frozenset({"search"}))
    assert whole.rows == tmp_path / "rows.ndjson"
    plain = read(tmp_path, GOOD[1]).pace
    assert (plain.users, plain.duration_s, plain.lead_s) == (DEFAULT_USERS, DEFAULT_DURATION_S, 0.0)
    assert read(tmp_path, GOOD[2]).pace.rate_per_s == 20.0


@pytest.mark.parametrize("text", GOOD[:5])
def test_good_files(tmp_path: Path, text: str) -> None:
    """Each is read."""
    assert read(tmp_path, text).scenarios


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_bad_files(tmp_path: Path, text: str, problem: str) -> None:
    """Each is refused at its place."""
    with pytest.raises(BadFileError) as caught:
        read(tmp_path, text)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (GOOD[5], "1:19: wanted at least one scenario with a weight above 0"),
        (
            load(scenario="weight: 0, steps: [{request: {GET: /}}]"),
            "wanted at least one scenario with a weight",
        ),
        (
            load(scenario="weight: 1, steps: [{request: {GET: '/${row:a}'}}]"),
            "nothing is named 'row:a' here",
        ),
        (
            load(scenario="weight: 1, steps: [{request: {GET: '/${env:A}'}}]"),
            "declare it: `env: [A]`",
        ),
        (load(scenario="weight: 1, steps: [{run: {args: []}}]"), "a scenario is for services"),
        (
            load(scenario="weight: 1, case: a/three, suite: suite.yaml"),
            "no such case in suite.yaml; it has a/one",
        ),
        (
            load(scenario="weight: 1, case: a/three, suite: none.yaml"),
            "cannot be read: No such file",
        ),
        (
            load("prepare: {command: ['${file}'], corpus: 1}, "),
            "nothing is named 'file' here; a command knows corpus",
        ),
        (
            load("rows: a, prepare: {command: ['${rows}'], corpus: 1}, "),
            "from this file or from the command",
        ),
    ],
)
def test_what_a_table_cannot_say(tmp_path: Path, text: str, problem: str) -> None:
    """Names, cases and rows have to be there."""
    with pytest.raises(BadFileError) as caught:
        read(tmp_path, text)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("written", "read_s"), [("250ms", 0.25), ("20s", 20.0), ("5m", 300.0), ("2h", 7200.0)]
)
def test_durations(written: str, read_s: float) -> None:
    """A duration is a whole number and a unit."""
    assert seconds(written) == read_s
    with pytest.raises(ValueError, match="wanted a duration"):
        seconds(f"-{written}")

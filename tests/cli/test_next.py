"""`conformance next`: one undecided cause with its fix, its cases and what verifies it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import Reply, Service, always, serve

SUITE = """\
suite: shop
cases:
  - name: one
    request: {GET: /one}
  - name: two
    request: {GET: /two}
"""
TOTAL = {"total": 1}
TEXT = {"total": "1"}


@contextmanager
def shop(folder: Path, b: Service, a: Service | None = None) -> Iterator[tuple[str, ...]]:
    """Write the suite, serve two runtimes, and give the words that ask them."""
    (folder / "cases").mkdir(exist_ok=True)
    (folder / "cases/shop.yaml").write_text(SUITE)
    with serve(a or always(TOTAL)) as first, serve(b) as second:
        runtimes = ("--runtime", f"a={first}", "--runtime", f"b={second}")
        yield ("run", "cases", *runtimes, "--language", "b=go", "--baseline", "a", "--quiet")


def printed(
    conformance: WarmCommand, folder: Path, kind: str, *words: str, code: int
) -> dict[str, Any]:
    """Return what `next --json` prints; it is what its schema says."""
    done = conformance("next", *words, "--json", cwd=folder)
    assert done.returncode == code
    answer: dict[str, Any] = json.loads(done.stdout)
    schema = json.loads(conformance("schema", kind, cwd=folder).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    valid = jsonschema.Draft202012Validator(schema)
    valid.validate(answer)
    for member in answer:
        assert not valid.is_valid({name: answer[name] for name in answer if name != member}), member
    assert not valid.is_valid({**answer, "format": answer["format"] + 1})
    return answer


def test_a_cause(conformance: WarmCommand, tmp_path: Path) -> None:
    """It says who has to change, where, which cases show it, and what to run."""
    with shop(tmp_path, always(TEXT)) as run:
        conformance(*run, cwd=tmp_path)
    step = printed(conformance, tmp_path, "next", code=1)
    cause = step["cause"]

    assert (step["state"], step["stop"], step["undecided"]) == ("cause", False, 1)
    assert (cause["title"], cause["change"], cause["any_of_them"]) == (
        "number as string",
        ["b"],
        False,
    )
    assert [fix["language"] for fix in cause["fixes"]] == ["go"]
    assert cause["cases"] == [
        {"id": "shop/one", "place": "cases/shop.yaml:3:5"},
        {"id": "shop/two", "place": "cases/shop.yaml:5:5"},
    ]
    assert cause["files"] == ["cases/shop.yaml"]
    assert cause["operation"] == "GET /one"
    assert cause["example"]["sent"] == [
        {"runtimes": "b", "value": '"1"'},
        {"runtimes": "a", "value": "1"},
    ]
    assert cause["verify"] == f"conformance next --verify {cause['key']} --run {step['run']}"
    assert cause["explain"] == f"conformance explain {cause['key']} --run {step['run']}"
    assert step["stop_rule"]["attempts"] == 3

    shown = conformance("next", cwd=tmp_path).stdout
    assert "Change only b: no case" in shown
    assert "`stop`" not in shown


def key_of(conformance: WarmCommand, folder: Path) -> str:
    """Return the key of the cause that comes next."""
    key: str = json.loads(conformance("next", "--json", cwd=folder).stdout)["cause"]["key"]
    return key


def test_a_cause_that_is_closed(conformance: WarmCommand, tmp_path: Path) -> None:
    """Its cases are asked again with the options of the run; the latest run stays the latest."""
    answers: dict[str, Any] = dict(TEXT)

    def changing(request: Any) -> Any:
        return always(dict(answers))(request)

    with shop(tmp_path, changing) as run:
        conformance(*run, cwd=tmp_path)
        key = key_of(conformance, tmp_path)
        still = printed(conformance, tmp_path, "verification", "--verify", key, code=1)
        answers.update(TOTAL)
        closed = printed(conformance, tmp_path, "verification", "--verify", key[:4], code=0)

    assert (still["closed"], still["shown_in"]) == (False, ["shop/one", "shop/two"])
    assert (closed["closed"], closed["reasons"], closed["new_causes"]) == (True, [], [])
    assert key_of(conformance, tmp_path) == key


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"total": 2}, "new in these cases: ["),
        ({"total": 1, "more": True}, "new in these cases: ["),
    ],
)
def test_another_cause_in_its_place(
    conformance: WarmCommand, tmp_path: Path, other: Any, says: str
) -> None:
    """A change that brings another difference into the same cases closes nothing."""
    answers: dict[str, Any] = dict(TEXT)
    (tmp_path / "cases").mkdir()

    def changing(request: Any) -> Any:
        return always(dict(answers))(request)

    with shop(tmp_path, changing) as run:
        (tmp_path / "cases/shop.yaml").write_text(SUITE.replace("cases:", "compare: value\ncases:"))
        conformance(*run, cwd=tmp_path)
        key = key_of(conformance, tmp_path)
        answers.clear()
        answers.update(other)
        done = conformance("next", "--verify", key, cwd=tmp_path)

    assert done.returncode == 1
    assert f"[{key}] is still open\n  {says}" in done.stdout


def test_a_runtime_that_is_gone_closes_nothing(conformance: WarmCommand, tmp_path: Path) -> None:
    """Nobody answers any more: nothing was compared."""
    with shop(tmp_path, always(TEXT)) as run:
        conformance(*run, cwd=tmp_path)
        key = key_of(conformance, tmp_path)
    done = conformance("next", "--verify", key, cwd=tmp_path)

    assert done.returncode == 4
    assert "runtime a" in done.stderr


@pytest.mark.parametrize("verb", ["next", "gate", "report"])
def test_a_run_that_could_not_begin_is_the_latest(
    conformance: WarmCommand, tmp_path: Path, verb: str
) -> None:
    """No older run is taken for it, however green that was."""
    with shop(tmp_path, always(TOTAL)) as run:
        assert conformance(*run, cwd=tmp_path).returncode == 0
    assert conformance(*run, cwd=tmp_path).returncode == 4

    done = conformance(verb, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert "the run ended before it had a record" in done.stderr


def test_only_who_faults_can_close_a_fault(conformance: WarmCommand, tmp_path: Path) -> None:
    """A fault of one of two runtimes is not for the other to change."""
    two_lengths = Reply(headers={"content-length": "1"})
    with shop(tmp_path, lambda _: two_lengths) as run:
        conformance(*[word for word in run if word not in {"--baseline", "a"}], cwd=tmp_path)
    cause = printed(conformance, tmp_path, "next", code=1)["cause"]

    assert (cause["change"], cause["any_of_them"]) == (["b"], False)


def test_a_cause_that_is_decided(conformance: WarmCommand, tmp_path: Path) -> None:
    """A row closes it, and it is said that the runtimes differ as before."""
    with shop(tmp_path, always(TEXT)) as run:
        (tmp_path / "cases/decisions.yaml").write_text("decisions: []\n")
        conformance(*run, cwd=tmp_path)
        key = key_of(conformance, tmp_path)
        decided = ("decide", key, "--owner", "me", "--reason", "it is so")
        assert conformance(*decided, cwd=tmp_path).returncode == 0
        done = printed(conformance, tmp_path, "verification", "--verify", key, code=0)
        conformance(*run, cwd=tmp_path)

    assert done["decided_by"] == ["D-001"]
    end = printed(conformance, tmp_path, "next", code=0)
    assert (end["state"], end["stop"], end["cause"]) == ("done", True, None)
    assert end["reasons"] == ["PARITY, with 2 cases that differ as decided"]


def test_a_cause_that_is_skipped(conformance: WarmCommand, tmp_path: Path) -> None:
    """It is left to a person; a key that the run does not have changes nothing."""
    with shop(tmp_path, always(TEXT)) as run:
        conformance(*run, cwd=tmp_path)
    key = key_of(conformance, tmp_path)
    step = printed(conformance, tmp_path, "next", "--skip", key, "--skip", "zzzz", code=1)

    assert (step["state"], step["stop"], step["undecided"]) == ("person", True, 1)
    assert step["reasons"] == [f"[{key[:4]}] number as string was skipped"]


def test_what_only_a_person_sees(conformance: WarmCommand, tmp_path: Path) -> None:
    """An expectation that fails on both runtimes is no cause that a script closes."""
    with shop(tmp_path, always(TOTAL)) as run:
        suite = SUITE.replace("{GET: /two}\n", "{GET: /two}\n    expect: {status: 201}\n")
        (tmp_path / "cases/shop.yaml").write_text(suite)
        conformance(*run, cwd=tmp_path)
    step = printed(conformance, tmp_path, "next", code=1)

    assert step["state"] == "person"
    assert step["reasons"][0].startswith("shop/two is failed: ")


def test_nothing_proved(conformance: WarmCommand, tmp_path: Path) -> None:
    """A run that compares nothing is no end to be glad of."""
    with shop(tmp_path, always(TOTAL)) as run:
        words = [word for word in run if not word.startswith(("b=", "a="))]
        conformance(*words[:3], run[3], "--quiet", cwd=tmp_path)
    step = printed(conformance, tmp_path, "next", code=5)

    assert (step["state"], step["stop"]) == ("nothing proved", True)


def test_bad_usage(conformance: WarmCommand, tmp_path: Path) -> None:
    """A key that the run does not have, and a run of another command, get one message."""
    with shop(tmp_path, always(TEXT)) as run:
        conformance(*run, cwd=tmp_path)
        record = tmp_path / "reports/runs/latest/run.ndjson"
        unknown = conformance("next", "--verify", "zzzz", cwd=tmp_path)
        record.write_text(record.read_text().replace('"conformance run ', '"pytest cases ', 1))
        foreign = conformance("next", "--verify", key_of(conformance, tmp_path), cwd=tmp_path)

    assert (unknown.returncode, foreign.returncode) == (2, 2)
    assert "zzzz: " in unknown.stderr
    assert "was made by `pytest cases " in foreign.stderr

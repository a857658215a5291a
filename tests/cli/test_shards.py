"""A selection run in parts on several machines, and judged as one run."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import always, serve

NAMES = ("one", "two", "three", "four", "five", "six")
PARTS = [[], ["three", "four"], ["one", "two", "five", "six"]]
SUITE = "suite: shop/items\ncases:\n" + "".join(
    f"  - {{name: {name}, request: {{GET: /{name}}}, tags: [{name}]}}\n" for name in NAMES
)
ROW = """\
decisions:
  - id: D-001
    title: b answers ids as text
    state: open
    kind: must_match
    where: [shop/items/*]
    cause: number-as-string
    at: ["$.id"]
    sides: {string: [b], number: [a]}
    fix: string
    grows: true
    reason: a client reads both
    owner: shop team
    opened: "2026-11-01"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Path]:
    """Write a suite, runtimes that are alike, and a ledger with a row that nothing shows.

    Nothing shows that row any more.
    """
    (tmp_path / "shop.yaml").write_text(SUITE)
    (tmp_path / "decisions.yaml").write_text(ROW)
    with serve(always({"id": 1})) as a, serve(always({"id": 2})) as b:
        (tmp_path / "runtimes.yaml").write_text(
            f"runtimes:\n  a: {{url: '{a}'}}\n  b: {{url: '{b}'}}\n"
        )
        yield tmp_path


def run(folder: Path, *words: str) -> str:
    """Make a run; returns its id."""
    done = conformance("run", "shop.yaml", "--json", *words, cwd=folder)
    assert done.returncode in {0, 1}, done.stderr
    return str(json.loads(done.stdout)["run"]["run_id"])


def test_every_case_is_in_one_shard(tmp_path: Path) -> None:
    """The parts share no case and leave none out.

    They are the same whenever and wherever they are requested.
    """
    (tmp_path / "shop.yaml").write_text(SUITE)

    def listed(shard: str) -> list[str]:
        done = conformance("list", "shop.yaml", "--json", "--shard", shard, cwd=tmp_path)
        return [row["id"].removeprefix("shop/items/") for row in json.loads(done.stdout)]

    parts = [listed(f"{number}/3") for number in (1, 2, 3)]

    assert parts == PARTS
    assert listed("1/1") == list(NAMES)


def test_a_row_is_stale_only_in_the_union(shop: Path) -> None:
    """A shard is not judged alone.

    All shards together know that no case shows the difference.
    """
    shards = [run(shop, "--shard", f"{number}/2") for number in (1, 2)]
    alone = conformance("gate", shards[0], cwd=shop)
    union = conformance("gate", *shards, cwd=shop)
    lost = conformance("gate", shards[1], shards[1], cwd=shop)
    whole = json.loads(conformance("gate", *shards, "--json", cwd=shop).stdout)
    lines = (shop / "reports/runs" / shards[1] / "run.ndjson").read_text().splitlines(keepends=True)
    (shop / "torn").mkdir()
    (shop / "torn/run.ndjson").write_text("".join(lines[:-1]))
    torn = conformance("gate", shards[0], "torn", cwd=shop)

    assert alone.returncode == 2
    assert alone.stderr == (
        f"error: {shards[0]} is shard 1/2: shard 2/2 is missing\n"
        "  hint: name the runs of all shards; `conformance report` shows one of them\n"
    )
    assert union.stdout == (
        "stale     D-001: no longer seen in its 6 cases: mark it done, or fix the row\n"
        f"2 runs judged as one: {shards[0]} + {shards[1]}\n"
        "6 cases: 6 passed\n"
        "RED: D-001 stale\n"
    )
    assert union.returncode == 1
    assert (whole["run"]["selected"], whole["finished"]["cases"], whole["warnings"]) == (6, 6, [])
    assert lost.stderr == (
        f"error: these runs cannot be judged as one: {shards[1]} is named twice; shard 1/2 is "
        "missing; "
        "shard 2/2 is named twice\n"
        "  hint: name each shard of one selection once, all run at one commit with one ledger and "
        "baseline\n"
    )
    assert lost.returncode == 2
    assert torn.stdout.endswith("RED: the run did not finish\n")


def test_a_pattern_that_names_the_latest_run_too(shop: Path) -> None:
    """`latest` is no run of its own: beside the run that it leads to it counts for nothing."""
    for number in (1, 2):
        run(shop, "--shard", f"{number}/2")
    names = [f"reports/runs/{path.name}" for path in (shop / "reports/runs").iterdir()]
    done = conformance("gate", *sorted(names), cwd=shop)

    assert len(names) == 3
    assert done.stdout.endswith("RED: D-001 stale\n")


def test_runs_that_are_not_of_one_make(shop: Path) -> None:
    """A baseline and a ledger that differ, and a case in two runs, are each refused by name."""
    plain = run(shop, "--tag", "one")
    other = run(shop, "--tag", "two", "--baseline", "a")
    again = run(shop, "--tag", "one", "--tag", "three")
    (shop / "decisions.yaml").write_text(ROW.replace("D-001", "D-002"))
    later = run(shop, "--tag", "four", "--shard", "1/1")

    apart = conformance("gate", plain, other, later, cwd=shop)
    twice = conformance("gate", plain, again, cwd=shop)

    assert "ledger digest is " in apart.stderr
    assert f"baseline is none in {plain} and {later}, a in {other}" in apart.stderr
    assert f"({plain} is no shard, {other} is no shard, {later} is 1/1)" in apart.stderr
    assert f"cannot be judged as one: shop/items/one is in {plain} and in {again}" in twice.stderr
    assert (apart.returncode, twice.returncode) == (2, 2)


def test_an_empty_shard_is_a_run(shop: Path) -> None:
    """A part that no case falls into is green, and its record stands for it.

    A selection of nothing is still 5.
    """
    empty = next(n for n in (1, 2) if '"id"' not in conformance(
        "list", "shop.yaml", "--json", "--tag", "one", "--shard", f"{n}/2",
            cwd=shop).stdout)  # fmt: skip
    done = conformance("run", "shop.yaml", "--tag", "one", "--shard", f"{empty}/2", cwd=shop)
    nothing = conformance("run", "shop.yaml", "--tag", "none", "--shard", "1/2", cwd=shop)
    few = conformance(
        "run", "shop.yaml", "--tag", "one", "--min-cases", "2", "--shard", "1/2", cwd=shop
    )

    assert (
        f"warning: this is shard {empty}/2 of the selection: `conformance gate` judges all of them"
        in done.stdout
    )
    assert "no case\nPARITY\n" in done.stdout
    assert (done.returncode, nothing.returncode, few.returncode) == (0, 5, 5)


@pytest.mark.parametrize("written", ["0/2", "3/2", "2", "1/2/3", "\u0663/\u0665"])
def test_what_is_no_shard(tmp_path: Path, written: str) -> None:
    """What is not I/N is bad usage."""
    (tmp_path / "shop.yaml").write_text(SUITE)
    done = conformance("list", "shop.yaml", f"--shard={written}", cwd=tmp_path)

    assert "wanted I/N such as 2/5, with I from 1 to N" in done.stderr
    assert done.returncode == 2

"""Fixes that commands propose, based on all that a whole run shows.

None is based on what a part of the run cannot know.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, json_reply, serve

NAMES: Final = ("one", "two", "three", "four", "five", "six")
SUITE: Final = "suite: shop/items\ncases:\n" + "".join(
    f"  - {{name: {name}, request: {{GET: /{name}}}}}\n" for name in NAMES
)
OMITEMPTY: Final = "Fix in go (go): omitempty on the field, which is a pointer, about 1 line"
SHARDS: Final = ("1/2", "2/2")


def shop(*, odd: bool, contradicted: bool = False) -> Service:
    """Return a runtime: at /one the odd one sends null for what others leave out.

    At /three all may send null.
    """

    def service(request: Received) -> Reply:
        body: dict[str, Any] = {"id": 1}
        if request.target == "/one" and odd:
            body["gift"] = None
        if request.target == "/three" and contradicted:
            body["note"] = None
        return json_reply(body)

    return service


@pytest.fixture(params=[False, True], ids=["true", "contradicted"])
def contradicted(request: pytest.FixtureRequest) -> bool:
    """Return whether another case contradicts the fix."""
    return bool(request.param)


@pytest.fixture
def folder(tmp_path: Path, *, contradicted: bool) -> Iterator[Path]:
    """Serve three runtimes, and write the files of a run."""
    with (
        serve(shop(odd=True, contradicted=contradicted)) as go,
        serve(shop(odd=False, contradicted=contradicted)) as rust,
        serve(shop(odd=False, contradicted=contradicted)) as python,
    ):
        (tmp_path / "shop.yaml").write_text(SUITE)
        urls = {"go": go, "rust": rust, "python": python}
        lines = [f"  {name}: {{url: '{url}', language: {name}}}\n" for name, url in urls.items()]
        (tmp_path / "runtimes.yaml").write_text("runtimes:\n" + "".join(lines))
        yield tmp_path


def remedies(printed: str) -> list[str]:
    """Return where the fixes of a report for scripts are."""
    return [
        remedy["where"] for group in json.loads(printed)["groups"] for remedy in group["remedies"]
    ]


def test_a_fix_is_true_of_the_whole_run(folder: Path, *, contradicted: bool) -> None:
    """Every report has the fix, unless the runtime sends null elsewhere, where nobody differs."""
    run = conformance("run", "shop.yaml", cwd=folder)
    again = conformance("report", cwd=folder)
    written = (folder / "reports/runs/latest/report.md").read_text()
    for printed in (run.stdout, again.stdout):
        assert (OMITEMPTY in printed) is not contradicted
    assert ("omitempty" in written) is not contradicted
    assert (
        "evidence"
        not in json.loads((folder / "reports/runs/latest/report.json").read_text())["finished"]
    )


def test_shards_propose_together_what_none_can_alone(folder: Path, *, contradicted: bool) -> None:
    """A shard proposes no fix that needs the whole run.

    All shards together propose what one run would.
    """
    made = [
        conformance("run", "shop.yaml", "--json", "--shard", shard, cwd=folder).stdout
        for shard in SHARDS
    ]
    runs = [json.loads(printed)["run"]["run_id"] for printed in made]
    cases = [
        {line["case"] for line in lines(folder, run) if line["line"] == "case"}
        & {"shop/items/one", "shop/items/three"}
        for run in runs
    ]
    together = conformance("gate", *runs, "--json", cwd=folder)
    assert cases.count(set()) == 0, "the two cases are in one shard, so that nothing is shown"
    assert [remedies(printed) for printed in made] == [[], []]
    assert bool(remedies(together.stdout)) is not contradicted


def lines(folder: Path, run: str) -> list[dict[str, Any]]:
    """Return the lines of a run's record."""
    return [
        json.loads(line)
        for line in (folder / "reports/runs" / run / "run.ndjson").read_text().splitlines()
    ]


@pytest.mark.parametrize("contradicted", [False], indirect=True)
def test_a_run_that_did_not_finish(folder: Path) -> None:
    """Without its footer a record proposes no fix that needs the whole run."""
    conformance("run", "shop.yaml", cwd=folder)
    record = folder / "reports/runs/latest/run.ndjson"
    record.write_text("".join(record.read_text().splitlines(keepends=True)[:-1]))
    done = conformance("report", cwd=folder)
    assert "null vs absent" in done.stdout
    assert "Fix in" not in done.stdout


@pytest.mark.parametrize("contradicted", [False], indirect=True)
def test_a_record_of_another_format(folder: Path) -> None:
    """A reader of another format says which version wrote the record, and what to do."""
    conformance("run", "shop.yaml", cwd=folder)
    record = folder / "reports/runs/latest/run.ndjson"
    first, *rest = record.read_text().splitlines(keepends=True)
    header = json.loads(first)
    earlier, header["format"] = header["format"] - 1, header["format"] - 1
    record.write_text("".join((json.dumps(header) + "\n", *rest)))
    done = conformance("report", cwd=folder)
    version = header["run"]["version"]
    assert done.stderr == (
        f"error: {record.resolve()}:1:1: this record has format {earlier}, and this version reads "
        "format "
        f"{earlier + 1}\n  hint: run it again, or read it with version {version}, which wrote it\n"
    )
    assert done.returncode == 2

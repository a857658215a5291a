"""The selftest, from outside: every plant is found before the sample, and a plant without a place is told apart."""

import json
from pathlib import Path

from conformance.selftest.plants import PLANTS
from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, always, json_reply, serve

SUITE = """\
suite: shop
cases:
  - name: order
    request: {GET: /order}
  - name: clock
    request: {GET: /clock}
  - name: twice
    steps: [{request: {GET: /order}}, {request: {GET: /order}}]
"""


def test_every_plant_is_found_before_the_sample(tmp_path: Path) -> None:
    """Without arguments a sample service offers a place for every plant, and each is found and named right."""
    done = conformance("selftest", cwd=tmp_path)

    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines[:-1]] == [["found", plant.name] for plant in PLANTS]
    assert lines[-1] == f"{len(PLANTS)}/{len(PLANTS)} plants found and named right"
    assert (done.returncode, done.stderr) == (0, "")


def test_a_service_of_somebody_else_takes_the_plants_it_has_a_place_for(tmp_path: Path) -> None:
    """Cases that differ by themselves, or have several steps, are left out; plants without a place are not counted."""
    ticks = iter(range(1_000_000))

    def service(request: Received) -> Reply:
        return json_reply({"now": next(ticks)}) if request.target == "/clock" else json_reply({"open": True, "of": 2})

    (tmp_path / "shop.yaml").write_text(SUITE)
    with serve(service) as url:
        done = conformance("selftest", "shop.yaml", "--runtime", f"shop={url}", cwd=tmp_path)

    lines = done.stdout.splitlines()
    assert lines[0] == "left out: 2 of 3 cases, for differing by themselves or having several steps"
    without_place = {"retyped", "nulled", "number-rounded", "text-changed", "list-reordered", "list-shortened"}
    assert {line.split()[2] for line in lines if line.startswith("no place")} == {*without_place, "etag-dropped"}
    assert lines[-1] == f"{len(PLANTS) - 7}/{len(PLANTS) - 7} plants found and named right; 7 had no place"
    assert done.returncode == 0


def test_the_outcome_for_scripts(tmp_path: Path) -> None:
    """With --json each plant is a row with its state and what was found."""
    (tmp_path / "shop.yaml").write_text("suite: shop\ncases: [{name: order, request: {GET: /order}}]\n")
    with serve(always({"id": 1})) as url:
        done = conformance("selftest", "shop.yaml", "--runtime", f"shop={url}", "--json", cwd=tmp_path)

    outcome = json.loads(done.stdout)
    assert outcome["found"] == outcome["planted"] > len(PLANTS) // 2
    assert {"plant": "status-changed", "state": "found", "detail": "status at status"} in outcome["plants"]


def test_what_cannot_be_tried_is_said(tmp_path: Path) -> None:
    """Suites go with one runtime that has a URL; a service that never answers alike proves nothing."""
    (tmp_path / "shop.yaml").write_text("suite: shop\ncases: [{name: clock, request: {GET: /clock}}]\n")
    ticks = iter(range(1_000_000))
    alone = conformance("selftest", "shop.yaml", cwd=tmp_path)
    with serve(lambda _: json_reply({"now": next(ticks)})) as url:
        restless = conformance("selftest", "shop.yaml", "--runtime", f"shop={url}", cwd=tmp_path)

    assert alone.returncode == 2
    assert "error: wanted suites and one --runtime, or neither" in alone.stderr
    assert restless.returncode == 5
    assert "error: no case answers the same twice" in restless.stderr

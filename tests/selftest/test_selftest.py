"""The selftest, from outside: every plant is found before the sample.

A plant without a place is distinguished.
"""

import itertools
import json
from pathlib import Path

import pytest

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
    """Without arguments a sample service has a place for each plant, all found and named right."""
    done = conformance("selftest", cwd=tmp_path)

    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines[:-1]] == [["found", plant.name] for plant in PLANTS]
    assert lines[-1] == f"{len(PLANTS)}/{len(PLANTS)} plants found and named right"
    assert (done.returncode, done.stderr) == (0, "")


ANSWERS = {
    "page": json_reply({"items": [{"id": 1, "name": "rope"}], "limit": 10}),
    "list": json_reply([{"id": 1, "tags": ["a", "b"]}]),
    "empty": json_reply([]),
    "number": json_reply(7),
    "map": json_reply(
        {
            "1f3e5a7c-1111-4222-8333-444455556666": {"n": 1},
            "2f3e5a7c-1111-4222-8333-444455556666": {"n": 2},
        }
    ),
    "nested": json_reply({"a": {"b": {"c": {"on": True}}}}),
    "text": Reply(body=b"hello\n", headers={"content-type": "text/plain"}),
    "xml": Reply(body=b"<a><b>x</b></a>", headers={"content-type": "application/xml"}),
    "html": Reply(body=b"<!doctype html><p>Hi", headers={"content-type": "text/html"}),
    "nothing": Reply(status=204, headers={}, body=b""),
}
"""Answers of several makes, by target."""


def shapes(request: Received) -> Reply:
    """Answer a target by its name.

    `/moved` leads to another page of the service by its whole URL.
    """
    if request.target == "/moved":
        return Reply(
            status=302, headers={"location": f"http://{request.headers['host']}/page"}, body=b""
        )
    return ANSWERS[request.target.removeprefix("/")]


@pytest.mark.parametrize(
    "names",
    ["page", "list empty number map nested", "text xml html", "nothing moved head"],
    ids=lambda names: names,
)
def test_services_of_every_make_have_no_false_outcome(tmp_path: Path, names: str) -> None:
    """Before whatever a service answers, no plant is missed or called by a wrong name."""
    requests = {"head": "HEAD: /page", "moved": "GET: /moved"} | {
        name: f"GET: /{name}" for name in ANSWERS
    }
    cases = "".join(
        f"  - {{name: {name}, request: {{{requests[name]}}}}}\n" for name in names.split()
    )
    (tmp_path / "shop.yaml").write_text(f"suite: shop\ncases:\n{cases}")
    with serve(shapes) as url:
        done = conformance("selftest", "shop.yaml", "--runtime", f"shop={url}", cwd=tmp_path)

    *lines, last = done.stdout.splitlines()
    assert {line.split()[0] for line in lines} <= {"found", "no"}, done.stdout
    assert "named right" in last
    assert done.returncode == 0


def test_a_service_of_somebody_else_takes_the_plants_it_has_a_place_for(tmp_path: Path) -> None:
    """Cases that differ by themselves, or have several steps, are left out.

    Plants without a place are not counted.
    """
    ticks = iter(range(1_000_000))

    def service(request: Received) -> Reply:
        return (
            json_reply({"now": next(ticks)})
            if request.target == "/clock"
            else json_reply({"open": True, "of": 2})
        )

    (tmp_path / "shop.yaml").write_text(SUITE)
    with serve(service) as url:
        done = conformance("selftest", "shop.yaml", "--runtime", f"shop={url}", cwd=tmp_path)

    lines = done.stdout.splitlines()
    assert lines[0] == "left out: 2 of 3 cases, for differing by themselves or having several steps"
    without_place = {
        "retyped",
        "nulled",
        "number-changed",
        "text-changed",
        "list-reordered",
        "list-shortened",
    }
    assert {line.split()[2] for line in lines if line.startswith("no place")} == {
        *without_place,
        "etag-dropped",
    }
    assert (
        lines[-1]
        == f"{len(PLANTS) - 7}/{len(PLANTS) - 7} plants found and named right; 7 had no place"
    )
    assert done.returncode == 0


def test_a_service_that_turns_unsteady_is_not_the_harness_gone_wrong(tmp_path: Path) -> None:
    """Where a case answers the same twice and then otherwise, its plants have no place."""
    count = itertools.count()

    def turning(_: Received) -> Reply:
        number = next(count)
        return json_reply({"id": 1}, 200 if number < 2 else 200 + number)

    (tmp_path / "shop.yaml").write_text(
        "suite: shop\ncases: [{name: order, request: {GET: /order}}]\n"
    )
    with serve(turning) as url:
        done = conformance("selftest", "shop.yaml", "--runtime", f"shop={url}", cwd=tmp_path)

    assert {line.split()[0] for line in done.stdout.splitlines()[:-1]} == {"found", "no"}
    assert (
        "key-added           each answer that offers a place for it differs from itself"
        in done.stdout
    )
    assert done.returncode == 0


def test_the_outcome_for_scripts(tmp_path: Path) -> None:
    """With --json each plant is a row with its state and what was found."""
    (tmp_path / "shop.yaml").write_text(
        "suite: shop\ncases: [{name: order, request: {GET: /order}}]\n"
    )
    with serve(always({"id": 1})) as url:
        done = conformance(
            "selftest", "shop.yaml", "--runtime", f"shop={url}", "--json", cwd=tmp_path
        )

    outcome = json.loads(done.stdout)
    assert outcome["found"] == outcome["planted"] > len(PLANTS) // 2
    assert {"plant": "status-changed", "state": "found", "detail": "status at status"} in outcome[
        "plants"
    ]


def test_what_cannot_be_tried_is_said(tmp_path: Path) -> None:
    """Suites go with one runtime that has a URL.

    A service that never answers alike proves nothing.
    """
    (tmp_path / "shop.yaml").write_text(
        "suite: shop\ncases: [{name: clock, request: {GET: /clock}}]\n"
    )
    ticks = iter(range(1_000_000))
    alone = conformance("selftest", "shop.yaml", cwd=tmp_path)
    with serve(lambda _: json_reply({"now": next(ticks)})) as url:
        restless = conformance("selftest", "shop.yaml", "--runtime", f"shop={url}", cwd=tmp_path)

    assert alone.returncode == 2
    assert "error: wanted suites and one --runtime, or neither" in alone.stderr
    assert restless.returncode == 5
    assert "error: no case with one step answers the same twice" in restless.stderr

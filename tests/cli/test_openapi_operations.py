"""Operations that a service's OpenAPI document names, and no case asks for, are not checked."""

import json
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import always, serve

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "shop", "version": "1"},
    "servers": [{"url": "https://shop.example/api"}],
    "paths": {
        "/items": {"get": {}, "post": {}},
        "/items/{id}": {"get": {}, "delete": {}, "parameters": []},
        "/items/latest": {"get": {}},
        "/files/{name}.csv": {"get": {}},
        "/health": {"$ref": "#/components/pathItems/health"},
    },
    "components": {"pathItems": {"health": {"get": {}}}},
}
CASE = "  - {{name: case-{number}, request: {{{request}}}}}\n"
SAID = "operations of an OpenAPI document that no case of the run asks for (shop.json): "


def run(
    folder: Path, *requests: str, more: str = "", words: tuple[str, ...] = ()
) -> tuple[int, str]:
    """Run a suite of requests against two services that are alike.

    Return the exit code, and what is not checked.
    """
    (folder / "shop.json").write_text(json.dumps(DOCUMENT))
    cases = "".join(
        CASE.format(number=number, request=request) for number, request in enumerate(requests)
    )
    (folder / "shop.yaml").write_text(f"suite: shop\nopenapi: shop.json\ncases:\n{cases}{more}")
    with serve(always({"id": 7})) as a, serve(always({"id": 7})) as b:
        done = conformance(
            "run",
            "shop.yaml",
            "--runtime",
            f"a={a}",
            "--runtime",
            f"b={b}",
            "--strict",
            *words,
            cwd=folder,
        )
    lines = done.stdout.partition("not checked:\n")[2].partition("\n\n")[0]
    return done.returncode, lines.strip() or done.stdout.splitlines()[-2]


@pytest.mark.parametrize(
    ("requests", "left"),
    [
        pytest.param(["GET: /items"], "6 operations, for example POST /items", id="one-asked"),
        pytest.param(
            [
                "GET: /items?page=2",
                "POST: /api/items",
                "GET: /items/7",
                "DELETE: /items/a%2Fb",
                "GET: /files/x.csv",
            ],
            "2 operations, for example GET /items/latest",
            id="base-path-query-and-parameters",
        ),
        pytest.param(
            [
                "GET: /items/latest",
                "GET: /items/",
                "GET: /files/x.txt",
                "GET: /items/1/2",
                "GET: /health",
            ],
            "5 operations, for example GET /items",
            id="near-misses",
        ),
    ],
)
def test_operations_that_no_case_asks_for(tmp_path: Path, requests: list[str], left: str) -> None:
    """They are counted, one is named, and a strict run is red; a saved run says the same."""
    assert run(tmp_path, *requests) == (1, f"{SAID}{left}; hint: write a case that asks for it")
    gate = conformance("gate", cwd=tmp_path)
    assert (gate.returncode, "RED: 1 thing not checked" in gate.stdout) == (1, True), gate.stdout
    (gap,) = json.loads((tmp_path / "reports/runs/latest/report.json").read_text())["not_checked"]
    assert (gap["count"], gap["example"]) == (
        int(left.split(maxsplit=1)[0]),
        left.rpartition("example ")[2],
    )


def test_all_operations_are_asked_for(tmp_path: Path) -> None:
    """Nothing is said then; a request with a captured value counts as it was sent."""
    requests = [
        "POST: /items",
        "DELETE: /items/7",
        "GET: /items/latest",
        "GET: /files/x.csv",
        "GET: /health",
    ]
    assert run(tmp_path, *requests, "GET: /items", "GET: /items/7") == (0, "PARITY")
    assert run(tmp_path, *requests, "GET: /items")[0] == 1
    steps = (
        "steps: [{request: {GET: /items}, capture: {id: $.id}}, {request: {GET: '/items/${id}'}}]"
    )
    assert run(tmp_path, *requests, more=f"  - {{name: steps, {steps}}}\n") == (0, "PARITY")


def test_shards_are_judged_as_one(tmp_path: Path) -> None:
    """A shard asks for a part only; of all of them together it is said what none asked for."""
    requests = ("GET: /items", "POST: /items", "GET: /health")
    assert run(tmp_path, *requests, words=("--shard", "1/2"))[0] == 0
    first = (tmp_path / "reports/runs/latest").resolve()
    assert run(tmp_path, *requests, words=("--shard", "2/2"))[0] == 0
    gate = conformance("gate", str(first), "latest", cwd=tmp_path)
    assert (gate.returncode, "RED: 1 thing not checked" in gate.stdout) == (1, True), gate.stdout


@pytest.mark.parametrize(
    ("named", "text", "said"),
    [
        ("none.json", None, "shop.yaml:2:10: 'none.json': no such file beside this suite"),
        (
            "other.json",
            "[]",
            "shop.yaml:2:10: other.json: no OpenAPI document: wanted `openapi` or `swagger`",
        ),
        ("other.json", "{", "shop.yaml:2:10: other.json: no OpenAPI document: "),
        ("../other.json", None, "leads out of"),
    ],
)
def test_a_document_that_cannot_be_used(
    tmp_path: Path, named: str, text: str | None, said: str
) -> None:
    """It is an error of the suite, at the line that names it."""
    if text is not None:
        (tmp_path / named).write_text(text)
    (tmp_path / "shop.yaml").write_text(
        f"suite: shop\nopenapi: {named}\ncases:\n  - {{name: x, request: {{GET: /}}}}\n"
    )
    done = conformance("list", "shop.yaml", cwd=tmp_path)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), (
        done.stderr
    )

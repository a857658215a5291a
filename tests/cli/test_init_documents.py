"""`conformance init` with OpenAPI documents that are large, odd or missing."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance.fuzzing.openapi import operations_of
from tests.cli.command import conformance
from tests.miniatures.server import always, serve


def test_init_then_run_without_a_document(tmp_path: Path) -> None:
    """Where no runtime has a document, what can be asked of any service is asked.

    The folder is as named.
    """
    with serve(always({"ok": True})) as a, serve(always({"ok": True})) as b:
        runtimes = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        made = conformance("init", "parity/new", *runtimes, cwd=tmp_path)
        run = conformance("run", "parity/new", cwd=tmp_path)

    assert made.stdout == (
        "parity/new/first.yaml: 3 cases, what can be asked of any service\nnext: conformance run "
        "parity/new\n"
    )
    assert "3 cases: 3 passed\nPARITY\n" in run.stdout
    assert (made.returncode, run.returncode) == (0, 0)


def test_a_file_and_nobody_there(tmp_path: Path) -> None:
    """A document in YAML serves as well; who is alone or is not there is no obstacle."""
    (tmp_path / "api.yaml").write_text(
        "swagger: '2.0'\nbasePath: /v2\npaths:\n  /pets: {get: {}}\n"
    )
    named = conformance(
        "init",
        "named",
        "--openapi",
        "api.yaml",
        "--runtime",
        "a=http://127.0.0.1:9/v2",
        cwd=tmp_path,
    )
    alone = conformance("init", "alone", "--runtime", "a=http://127.0.0.1:9", cwd=tmp_path)
    below = conformance(
        "init", "below", "--openapi", "api.yaml", "--runtime", "a=http://127.0.0.1:9", cwd=tmp_path
    )

    assert "      GET: /pets\n" in (tmp_path / "named/first.yaml").read_text()
    assert "      GET: /v2/pets\n" in (tmp_path / "below/first.yaml").read_text()
    assert (
        "a has nobody to differ from: add another runtime to named/runtimes.yaml\n" in named.stdout
    )
    note = "note: runtime a: http://127.0.0.1:9 cannot be reached: connect_refused"
    assert alone.stderr.count(note) == 1, "said once"
    assert "\\n" not in alone.stderr, "each line of it is a line"
    assert alone.stdout.startswith("alone/first.yaml: 3 cases, what can be asked of any service\n")
    assert (named.returncode, alone.returncode, below.returncode) == (0, 0, 0)


def _large(operations: int) -> dict[str, Any]:
    """Return a document whose schemas all refer to each other."""
    count = operations // 4
    names = [f"Thing{at}" for at in range(count)]
    schemas: dict[str, Any] = {}
    for at, name in enumerate(names):
        others = {
            f"part{n}": {"$ref": f"#/components/schemas/{names[(at * 7 + n) % count]}"}
            for n in range(6)
        }
        size = {"type": "integer", "minimum": 1, "maximum": 9}
        schemas[name] = {
            "type": "object",
            "required": ["size"],
            "properties": {"size": size, **others},
        }
    paths: dict[str, Any] = {}
    for name in names:
        body = {
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        }
        identity = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]
        paths[f"/{name}"] = {"get": {}, "post": {"requestBody": body}}
        paths[f"/{name}/{{id}}"] = {"parameters": identity, "get": {}, "put": {"requestBody": body}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "large", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def test_a_document_with_1200_operations(tmp_path: Path) -> None:
    """Every operation has its cases, in as many suites as it takes, and all of them can be read."""
    (tmp_path / "large.yaml").write_text(yaml.safe_dump(_large(1_200)))
    options = ("--openapi", "large.yaml", "--runtime", "a=http://127.0.0.1:9", "--disposable")
    made = conformance("init", *options, cwd=tmp_path)
    listed = conformance("list", "cases", cwd=tmp_path)
    suites = sorted((tmp_path / "cases").glob("first*.yaml"))
    titles = [
        line for file in suites for line in file.read_text().splitlines() if line.startswith("  # ")
    ]
    asked = {title.removeprefix("  # ").partition(": ")[0] for title in titles}

    assert len(suites) > 1
    assert len(asked) == 1_200
    assert f"{len(titles)} cases" in made.stdout
    assert sum("first" in line for line in listed.stdout.splitlines()) >= len(titles)
    assert all(file.stat().st_size < 1 << 20 for file in suites)
    assert (made.returncode, listed.returncode) == (0, 0)


@pytest.mark.parametrize(
    "document",
    [
        {"servers": "x"},
        {"servers": [1]},
        {"servers": [{"url": "http://[/v1"}]},
        {"servers": [{"url": "{scheme}://x"}]},
        {"basePath": 7},
        {"paths": {"/odd": [], "/status": {"get": {"parameters": [], "responses": [1]}}}},
        {"paths": {"/status": {"get": {"parameters": {}, "responses": {"200": {"content": 1}}}}}},
        {"paths": {"/status": {"get": {"parameters": [{"$ref": "#/paths"}, {"$ref": "#/a/b"}]}}}},
        {
            "paths": {
                "/status": {
                    "get": {
                        "parameters": [{"name": "a", "in": "query", "schema": {"minLength": "x"}}]
                    }
                }
            }
        },
        {
            "paths": {
                "/status": {
                    "get": {
                        "requestBody": {"content": {"application/json": {"schema": {"anyOf": [1]}}}}
                    }
                }
            }
        },
        {
            "paths": {
                "/status": {
                    "get": {
                        "parameters": [
                            {
                                "name": "a",
                                "in": "query",
                                "schema": {"items": 1, "minItems": None, "type": "array"},
                            }
                        ]
                    }
                }
            }
        },
    ],
)
def test_odd_documents(document: dict[str, Any]) -> None:
    """A document of a service nobody here wrote: what is odd is passed over, the rest is used."""
    plain = {"openapi": "3.0.0", "paths": {"/status": {"get": {"tags": []}}}}
    found, left_out = operations_of(json.dumps({**plain, **document}).encode(), "o")
    assert ([each.forms()[0].path for each in found], left_out) == ([("status",)], ())

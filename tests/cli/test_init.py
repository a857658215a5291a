"""`conformance init`: the files it makes work at once."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.suites.importers.openapi import plain_gets
from conformance.suites.openapi_document import read_openapi
from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, always, json_reply, serve

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "servers": [{"url": "https://api.example.com/v1/"}],
    "components": {
        "parameters": {
            "Page": {"name": "page", "in": "query"},
            "Tenant": {"name": "t", "in": "query", "required": True},
        }
    },
    "paths": {
        "/items": {"get": {"parameters": [{"$ref": "#/components/parameters/Page"}]}, "post": {}},
        "/items/{id}": {"get": {}},
        "/search": {"get": {"parameters": [{"name": "q", "in": "query", "required": True}]}},
        "/tenants": {"parameters": [{"$ref": "#/components/parameters/Tenant"}], "get": {}},
        "/elsewhere": {"get": {"parameters": [{"$ref": "other.yaml#/Page"}]}},
        "/events": {"get": {"responses": {"200": {"content": {"text/event-stream": {}}}}}},
        "/a b": {"get": {}},
        "/status": {"get": {"responses": {"200": {"content": {"application/json": {}}}}}},
        "/only-post": {"post": {}},
        "/odd": [],
    },
}


def documented(document: object) -> Service:
    """Return a service that has its document at /openapi.json."""

    def answer(request: Received) -> Reply:
        return json_reply(document if request.target == "/openapi.json" else {"path": request.target})

    return answer


def test_init_then_run_with_a_document(tmp_path: Path) -> None:
    """The operations that need nothing become cases, which run in the made folder; nothing is overwritten."""
    with serve(always({"path": "/"}, 404)) as a, serve(documented(DOCUMENT)) as b:
        runtimes = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        made = conformance("init", *runtimes, cwd=tmp_path)
        run = conformance("run", "cases", cwd=tmp_path)
        again = conformance("init", *runtimes, cwd=tmp_path)

    assert made.stdout == (
        "cases/first.yaml: 2 cases, GET operations of b's /openapi.json that need no parameter\n"
        "next: conformance run cases\n"
    )
    assert (tmp_path / "cases/first.yaml").read_text() == (
        "# yaml-language-server: $schema=.schema.json\n"
        "# The first cases: GET operations of b's /openapi.json that need no parameter.\n"
        "suite: first\ncompare: shape\ncases:\n"
        "  - name: get-v1-items\n    request:\n      GET: /v1/items\n"
        "  - name: get-v1-status\n    request:\n      GET: /v1/status\n"
    )
    assert (tmp_path / "cases/.schema.json").read_text() == conformance("schema", cwd=tmp_path).stdout
    assert "0/2 status codes match" in run.stdout
    assert run.returncode == 1
    assert again.stderr == (
        "error: cases has first.yaml, runtimes.yaml, decisions.yaml, .schema.json already\n"
        "  hint: name another folder\n"
    )
    assert (made.returncode, again.returncode) == (0, 2)


def test_init_then_run_without_a_document(tmp_path: Path) -> None:
    """Where no runtime has a document, what can be asked of any service is asked; the folder is as named."""
    with serve(always({"ok": True})) as a, serve(always({"ok": False})) as b:
        runtimes = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        made = conformance("init", "parity/new", *runtimes, cwd=tmp_path)
        run = conformance("run", "parity/new", cwd=tmp_path)

    assert made.stdout == (
        "parity/new/first.yaml: 3 cases, what can be asked of any service\nnext: conformance run parity/new\n"
    )
    assert "3 cases: 3 passed\nPARITY\n" in run.stdout
    assert (made.returncode, run.returncode) == (0, 0)


def test_init_with_a_file_and_nobody_there(tmp_path: Path) -> None:
    """A document in YAML serves as well; one runtime is told that it is alone, one that is not there is no obstacle."""
    (tmp_path / "api.yaml").write_text("swagger: '2.0'\nbasePath: /v2\npaths:\n  /pets: {get: {}}\n")
    named = conformance("init", "named", "--openapi", "api.yaml", "--runtime", "a=http://127.0.0.1:9/v2", cwd=tmp_path)
    alone = conformance("init", "alone", "--runtime", "a=http://127.0.0.1:9", cwd=tmp_path)

    assert "      GET: /pets\n" in (tmp_path / "named/first.yaml").read_text()
    assert "a has nobody to differ from: add another runtime to named/runtimes.yaml\n" in named.stdout
    assert alone.stderr.startswith("note: runtime a: http://127.0.0.1:9 cannot be reached: connect_refused")
    assert alone.stdout.startswith("alone/first.yaml: 3 cases, what can be asked of any service\n")
    assert (named.returncode, alone.returncode) == (0, 0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Missing option '--runtime'"),
        (("--runtime", "a"), "--runtime a: wanted NAME=URL"),
        (("--runtime", "a=http://h", "--runtime", "a=http://i"), "--runtime: a is named twice"),
        (("--runtime", "a=http://h", "--openapi", "none.json"), "none.json: No such file or directory"),
        (("--runtime", "a=http://h", "--openapi", "bad.json"), "bad.json: no OpenAPI document: "),
        (("--runtime", "a=http://h", "--openapi", "empty.json"), "empty.json: no GET operation without required"),
    ],
)
def test_bad_usage(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    """What cannot be used is one message, and nothing is written."""
    (tmp_path / "bad.json").write_text('{"openapi": "3.0.0"}')
    (tmp_path / "empty.json").write_text('{"openapi": "3.0.0", "paths": {"/a": {"post": {}}}}')
    done = conformance("init", *words, cwd=tmp_path)

    assert message in done.stderr
    assert done.returncode == 2
    assert not (tmp_path / "cases").exists()


@pytest.mark.parametrize(
    "document",
    [
        {"servers": "x"},
        {"servers": [1]},
        {"servers": [{"url": "http://[/v1"}]},
        {"servers": [{"url": "{scheme}://x"}]},
        {"basePath": 7},
        {"paths": {"/a": {"get": {"parameters": {}}}, "/status": {"get": {"parameters": [], "responses": [1]}}}},
        {"paths": {"/a": {"get": {"parameters": [1]}}, "/status": {"get": {"responses": {"200": {"content": 1}}}}}},
        {
            "paths": {
                "/a": {"get": {"parameters": [{"$ref": "#/paths"}, {"$ref": "#/a/b"}]}},
                "/status": {"get": {"x": 1}},
            }
        },
    ],
)
def test_odd_documents(document: dict[str, Any]) -> None:
    """A document of a service nobody here wrote: what is odd is passed over, the rest is used."""
    plain = {"openapi": "3.0.0", "paths": {"/status": {"get": {"tags": []}}}}
    read = read_openapi(json.dumps({**plain, **document}).encode(), "o")
    assert [each.target for each in plain_gets(read, "o", frozenset())] == ["/status"]

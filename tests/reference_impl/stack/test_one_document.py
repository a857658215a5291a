"""The gateway's document over a live stack: all that the daemons say of their paths.

It also covers what the gateway may add.
"""

from __future__ import annotations

import json
import re
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import validate

from reference_impl.gateway.service.owners import OWNERS
from tests.reference_impl.stack.conftest import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN_PATHS = {"/health", "/metrics", "/openapi.json", "/status"}
OF_THE_GATEWAY = {"400", "403", "405", "408", "421", "431", "500", "502", "503", "504"}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """Give the document of every daemon of one stack."""
    stack = Stack(data_dir=tmp_path_factory.mktemp("document") / "data")
    code, _, err = stack.call("up", "--free-ports", "--detach", "--one-process")
    assert (code, err) == (0, "")
    urls = {name: stack.daemon(name)["url"] for name in {"gateway", *OWNERS.values()}}
    try:
        yield {name: _fetched(f"{url}/openapi.json") for name, url in urls.items()}
    finally:
        assert stack.call("down")[0] == 0


def _fetched(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - a stack of this test
        found: dict[str, Any] = json.load(answer)
    return found


def _operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (path, method): each
        for path, item in document["paths"].items()
        for method, each in item.items()
    }


def _resolved(node: Any, document: dict[str, Any], depth: int = 12) -> Any:
    """Return a part of a document without references, to a depth: schemas may be recursive."""
    if isinstance(node, list):
        return [_resolved(each, document, depth) for each in node]
    if not isinstance(node, dict) or depth == 0:
        return {} if depth == 0 else node
    if "$ref" in node:
        kind, name = re.fullmatch(r"#/components/(\w+)/(.+)", node["$ref"]).groups()  # type: ignore[union-attr]
        return _resolved(document["components"][kind][name], document, depth - 1)
    return {name: _resolved(each, document, depth - 1) for name, each in node.items()}


def test_it_is_valid_and_has_every_operation_of_every_daemon(
    documents: dict[str, dict[str, Any]],
) -> None:
    """No more and no less: the paths of the daemons behind it, and its own."""
    gateway = documents["gateway"]
    wanted = {
        operation
        for name, document in documents.items()
        for operation in _operations(document)
        if OWNERS.get(operation[0].split("/")[1]) == name
    }

    validate(gateway)
    assert {each for each in _operations(gateway) if each[0] not in OWN_PATHS} == wanted
    assert len(wanted) > 50
    assert {path for path in gateway["paths"] if path in OWN_PATHS} == OWN_PATHS
    assert "default" not in {
        status for each in _operations(gateway).values() for status in each["responses"]
    }


def test_each_operation_is_as_its_daemon_says(documents: dict[str, dict[str, Any]]) -> None:
    """Parameters, body and answers are the daemon's.

    Only what the gateway itself answers may be beside them.
    """
    gateway = documents["gateway"]
    for (path, method), whole in _operations(gateway).items():
        owner = OWNERS.get(path.split("/")[1])
        if owner is None:
            continue
        daemon = documents[owner]
        own = daemon["paths"][path][method]
        for member in ("parameters", "requestBody"):
            expected = _resolved(own.get(member), daemon)
            assert _resolved(whole.get(member), gateway) == expected, f"{method} {path} {member}"
        assert whole["operationId"] == f"{owner}_{own['operationId']}"
        assert whole["responses"].keys() - own["responses"].keys() <= OF_THE_GATEWAY
        for status, answer in own["responses"].items():
            of_both = _resolved(whole["responses"][status], gateway)
            for media_type, content in _resolved(answer, daemon).get("content", {}).items():
                schema = of_both["content"][media_type].get("schema")
                alternatives = schema.get("anyOf", [schema]) if schema is not None else [None]
                assert content.get("schema") in (schema, *alternatives), f"{method} {path} {status}"
            assert of_both.get("headers") == _resolved(answer, daemon).get("headers")

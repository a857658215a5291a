"""The description of a daemon: valid, complete, and the same each time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import jsonschema
import pytest
from openapi_spec_validator import validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reference_impl.conftest import LiveDaemon


def test_the_document_is_valid_openapi(validatord: LiveDaemon) -> None:
    """It is OpenAPI 3.1 with the daemon's name, its version and both prefixes."""
    document = validatord.document

    validate(document)
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "validatord"
    assert [server["url"] for server in document["servers"]] == ["/", "/v1"]
    assert sorted(document["paths"]) == [
        "/health",
        "/iterate",
        "/metrics",
        "/openapi.json",
        "/validate",
    ]


def test_a_document_with_a_token_is_valid(start_miniature: Callable[..., LiveDaemon]) -> None:
    """So is the document of a daemon with a token and with bodies that are 422."""
    document = start_miniature("--token-env", "MINIATURE_TOKEN", token="t").document  # noqa: S106

    validate(document)
    assert "422" in document["paths"]["/narrow"]["post"]["responses"]
    assert document["paths"]["/narrow"]["post"]["security"] == [{"token": []}]


def test_the_statuses_of_validate(validatord: LiveDaemon) -> None:
    """What the daemon can answer on /validate, no more and no less."""
    responses = validatord.document["paths"]["/validate"]["post"]["responses"]

    assert sorted(responses) == [
        "200",
        "400",
        "403",
        "405",
        "408",
        "413",
        "415",
        "421",
        "422",
        "431",
        "500",
        "503",
    ]
    assert sorted(responses["422"]["content"]) == ["application/json"]
    assert len(responses["422"]["content"]["application/json"]["schema"]["oneOf"]) == 4


def test_an_undeclared_answer_would_be_noticed(validatord: LiveDaemon) -> None:
    """The comparison that every other test relies on can fail: by status, media type and shape."""
    answer = validatord.post({"kind": "sms", "artifact": {}})
    go_shape = b'{"Kind":"schema","Field":"to","Reason":""}'
    wrong = (
        replace(answer, status=418),
        replace(answer, headers=(("content-type", "text/html"),)),
        replace(answer, body=go_shape),
    )
    for changed in wrong:
        with pytest.raises((AssertionError, jsonschema.ValidationError)):
            validatord._require_declared("POST", "/validate", changed)


def test_the_same_daemon_gives_the_same_bytes(
    validatord: LiveDaemon, start_validatord: Callable[..., LiveDaemon]
) -> None:
    """Nothing in the document depends on the process."""
    assert (
        validatord.ask("GET", "/openapi.json").body
        == start_validatord().ask("GET", "/v1/openapi.json").body
    )

"""validatord from outside: routes, envelope, roster and what it says about itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

SMS = {"to": "x", "body": "Hello Ada"}
ADA = {
    "worker_id": "w1",
    "name": "Ada L",
    "status": "active",
    "city": "A",
    "state": "T",
    "role": "r",
}
GOOD = {"kind": "sms", "artifact": SMS}


@pytest.mark.parametrize("path", ["/validate", "/v1/validate"])
def test_validate_answers_bare_and_under_v1(validatord: LiveDaemon, path: str) -> None:
    """A suite for the gateway also runs against the daemon alone."""
    assert validatord.post(GOOD, path).status == 200


@pytest.mark.parametrize("path", ["/health", "/v1/health"])
def test_health(validatord: LiveDaemon, path: str) -> None:
    """Health has exactly the three members of the contract."""
    answer = validatord.ask("GET", path)

    assert answer.header("content-type") == "application/json"
    assert answer.json() == {"status": "ok", "service": "validatord", "version": "0.1.0"}


@pytest.mark.parametrize("path", ["/health", "/v1/metrics", "/openapi.json"])
def test_head_is_get_without_a_body(validatord: LiveDaemon, path: str) -> None:
    """HEAD answers the headers of GET."""
    head, get = validatord.ask("HEAD", path), validatord.ask("GET", path)

    assert (head.status, head.body) == (200, b"")
    assert head.header("content-type") == get.header("content-type")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_another_method_is_405_with_allow(validatord: LiveDaemon, method: str) -> None:
    """`/validate` takes POST alone and says so."""
    answer = validatord.ask(method, "/v1/validate")

    assert (answer.status, answer.header("allow")) == (405, "POST")


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/validate/", "/v2/validate", "/Validate", "/v1/v1/validate"]
)
def test_an_unknown_path_is_404(validatord: LiveDaemon, path: str) -> None:
    """No redirect, no guess; the instance is the path that was asked for."""
    answer = validatord.post(GOOD, path)

    assert answer.status == 404
    assert answer.json()["instance"] == path


BAD_ENVELOPES: list[Any] = [
    None,
    5,
    "x",
    [],
    [GOOD],
    {},
    {"artifact": SMS},
    {"kind": "sms"},
    {"kind": None, "artifact": SMS},
    {"kind": 5, "artifact": SMS},
    {"kind": "SMS", "artifact": SMS},
    {"kind": "letter", "artifact": SMS},
    {"kind": "sms", "artifact": None},
    {"kind": "sms", "artifact": []},
    {"kind": "sms", "artifact": "x"},
    {**GOOD, "extra": 1},
    {**GOOD, "context": None},
    {**GOOD, "context": []},
    *[
        {**GOOD, "context": context}
        for context in (
            {"extra": 1},
            {"worker_id": 5},
            {"worker_id": None},
            {"city": 5},
            {"state": []},
            {"role": {}},
            {"target_count": -1},
            {"target_count": 2**53},
            {"target_count": 1.5},
            {"target_count": 1.0},
            {"target_count": "1"},
            {"target_count": True},
            {"target_count": None},
            {"roster": None},
            {"roster": {}},
            {"roster": [5]},
            {"roster": [{**ADA, "city": 5}]},
            {"roster": [{**ADA, "name": None}]},
            *({"roster": [{k: v for k, v in ADA.items() if k != member}]} for member in ADA),
        )
    ],
]


@pytest.mark.parametrize("envelope", BAD_ENVELOPES, ids=json.dumps)
def test_a_bad_envelope_is_400(validatord: LiveDaemon, envelope: Any) -> None:
    """A body that is JSON but no envelope is a problem document, never a ValidationError."""
    answer = validatord.post(envelope)

    assert answer.status == 400
    assert answer.header("content-type") == "application/problem+json"
    assert list(answer.json()) == ["type", "title", "status", "detail", "instance", "errors"]


def test_a_problem_names_the_place_and_echoes_no_value(validatord: LiveDaemon) -> None:
    """The detail holds a JSON Pointer; values do not come back."""
    roster = [ADA, {**ADA, "city": ["hunter2"]}]
    wrong_value = validatord.post({**GOOD, "context": {"roster": roster}})
    unknown_name = validatord.post({**GOOD, "context": {"zip": "hunter2"}})
    unknown_kind = validatord.post({"kind": "hunter2", "artifact": {}})

    assert (
        wrong_value.json()["detail"]
        == "the body does not fit: /context/roster/1/city: expected str, got array"
    )
    assert unknown_name.json()["detail"] == "the body does not fit: /context/zip: an unknown member"
    assert (
        unknown_kind.json()["detail"]
        == "the body does not fit: /kind: not one of the allowed values"
    )


def test_a_roster_entry_may_hold_more(validatord: LiveDaemon) -> None:
    """An export with further columns is a roster."""
    context = {"roster": [{**ADA, "phone": "1"}], "worker_id": "w1"}

    assert validatord.post({**GOOD, "context": context}).status == 200


def test_the_configured_roster_counts_unless_the_request_has_one(
    start_validatord: Callable[..., LiveDaemon], tmp_path: Path
) -> None:
    """Also an empty roster of a request replaces the configured one.

    The first entry with an id counts.
    """
    roster = tmp_path / "roster.json"
    roster.write_text(json.dumps([ADA, {**ADA, "name": "Zed"}]))
    daemon = start_validatord("--roster", str(roster))
    context: dict[str, Any] = {"worker_id": "w1"}

    assert daemon.post({**GOOD, "context": context}).status == 200
    assert daemon.post({**GOOD, "context": {**context, "roster": []}}).status == 422
    assert b"validatord_roster_workers 1\n" in daemon.ask("GET", "/metrics").body


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
MEMBERS = (
    "to",
    "subject",
    "body",
    "fills",
    "operation",
    "endorsed_names",
    "target_count",
    "fingerprint",
    "worker_id",
)
ARTIFACTS = st.dictionaries(st.sampled_from(MEMBERS), JSON_VALUES, max_size=5)
CONTEXTS = st.fixed_dictionaries(
    {},
    optional={
        "roster": st.lists(st.just(ADA) | JSON_VALUES, max_size=2),
        "worker_id": st.text(max_size=3) | JSON_VALUES,
        "target_count": st.integers() | JSON_VALUES,
        "city": JSON_VALUES,
    },
)
ENVELOPES = JSON_VALUES | st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["email", "sms", "fill", "playbook", "other"]),
        "artifact": ARTIFACTS | JSON_VALUES,
    },
    optional={"context": CONTEXTS | JSON_VALUES, "more": JSON_VALUES},
)


@settings(
    max_examples=80, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(envelope=ENVELOPES)
def test_any_json_has_an_answer(validatord: LiveDaemon, envelope: Any) -> None:
    """Any JSON gets an answer of a declared shape: a verdict or a problem of the caller."""
    assert validatord.post(envelope).status in {200, 400, 422}

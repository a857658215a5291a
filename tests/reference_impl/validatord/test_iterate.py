"""`POST /iterate` over a live validatord and a live chatd."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference_impl.chatd.miniature_upstream import running_upstream
from tests.reference_impl.conftest import JSON, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reference_impl.conftest import LiveDaemon

CITY = {"status": "active", "city": "Dallas", "state": "TX", "role": "picker"}
ROSTER = [
    {"worker_id": "w1", "name": "Ann Lee", **CITY},
    {"worker_id": "w2", "name": "Bob Ray", **CITY, "status": "inactive"},
    {"worker_id": "w3", "name": "Cy Poe", **CITY, "city": "Austin"},
    {"worker_id": "w4", "name": "Di Fox", **CITY},
]
LONG = (
    "please bring your badge, your safety shoes and a signed copy of the form that we sent you "
    "last week " * 2
)
CONTEXT = {"roster": ROSTER, "worker_id": "w1"}


@pytest.fixture(scope="module")
def chatd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDaemon]:
    """One chatd, whose upstream for `gpt-` models is a miniature."""
    directory = tmp_path_factory.mktemp("chatd")
    with running_upstream() as upstream:
        stack_file = directory / "stack.toml"
        stack_file.write_text(f"""
[[daemon.chatd.upstreams]]
prefix = "gpt-"
url = "http://127.0.0.1:{upstream.server_address[1]}"
reach = "loopback"
""")
        with running(
            directory / "log",
            "--config",
            str(stack_file),
            program=("-m", "reference_impl", "chatd"),
        ) as daemon:
            yield daemon


@pytest.fixture(scope="module")
def iterating(tmp_path_factory: pytest.TempPathFactory, chatd: LiveDaemon) -> Iterator[LiveDaemon]:
    """One validatord with a roster and a second for each iteration."""
    directory = tmp_path_factory.mktemp("validatord")
    roster = directory / "roster.json"
    roster.write_text(json.dumps(ROSTER))
    arguments = (
        "--roster",
        str(roster),
        "--chatd-url",
        f"http://127.0.0.1:{chatd.port}",
        "--iterate-timeout-s",
        "1",
    )
    with running(
        directory / "log", *arguments, program=("-m", "reference_impl", "validatord")
    ) as daemon:
        yield daemon


def say(draft: Any) -> str:
    """Ask for an artifact with a draft of it."""
    return f"Write to the worker, along these lines: {json.dumps(draft)}"


@pytest.mark.parametrize(
    ("kind", "prompt", "context", "groups"),
    [
        ("sms", say({"to": "x", "body": "See you, Ann"}), CONTEXT, []),
        ("sms", "to: +1-555-123-4567\nbody: See you on Monday", CONTEXT, ["Consistency"]),
        ("sms", say({"to": "x", "body": f"Ann, {LONG}"}), CONTEXT, ["Completeness"]),
        (
            "sms",
            say({"to": "x", "body": "Ann, 123-45-6789, $20 per hour"}),
            CONTEXT,
            ["Policy", "Policy"],
        ),
        (
            "email",
            say({"to": "a@b", "subject": LONG, "body": "Ann"}),
            {"worker_id": "w1"},
            ["Completeness"],
        ),
        (
            "fill",
            say(
                {
                    "fills": [
                        {"worker_id": "w2", "name": "Bob Ray"},
                        {"worker_id": "w1", "name": "Ann"},
                    ]
                }
            ),
            {"target_count": 2, "city": "Dallas"},
            ["Consistency", "Completeness", "Consistency"],
        ),
        (
            "playbook",
            'operation: fill: night shift\nendorsed_names: ["Ann"]\nfingerprint: ' + "a" * 64,
            {},
            None,
        ),
    ],
    ids=["valid", "lines", "long", "policy", "configured-roster", "fill", "no-rule-for-it"],
)
def test_it_writes_until_no_rule_fails(
    iterating: LiveDaemon, kind: str, prompt: str, context: Any, groups: list[str] | None
) -> None:
    """Each failure is fed back, in order.

    What the model cannot fix is 422 with what its last attempt fails.
    """
    answer = iterating.post(
        {"kind": kind, "prompt": prompt, "context": context, "max_iterations": 5}, "/v1/iterate"
    )
    if groups is None:
        assert (answer.status, answer.json()) == (
            422,
            {
                "Schema": {
                    "field": "target_count",
                    "reason": "target_count must be a positive integer",
                }
            },
        )
        return
    result = answer.json()
    assert answer.status == 200, result
    assert [next(iter(attempt["error"])) for attempt in result["attempts"][:-1]] == groups
    assert "error" not in result["attempts"][-1]
    assert result["iterations"] == len(result["attempts"])
    verdict = iterating.post(
        {"kind": kind, "artifact": result["artifact"], "context": context}, "/validate"
    )
    assert (verdict.status, verdict.json()["findings"]) == (200, result["findings"])


def test_as_many_attempts_as_the_task_allows(iterating: LiveDaemon) -> None:
    """One fewer than it takes ends with what the last attempt fails."""
    task = {
        "kind": "sms",
        "prompt": say({"to": "x", "body": "Ann, 123-45-6789, $20 per hour"}),
        "max_iterations": 2,
    }

    assert iterating.post(task, "/iterate").json() == {
        "Policy": {"reason": "body holds a pay rate"}
    }


def test_an_answer_without_an_object_is_an_attempt(iterating: LiveDaemon) -> None:
    """Prose is no artifact."""
    answer = iterating.post({"kind": "sms", "prompt": "Write something nice."}, "/iterate")

    assert (answer.status, answer.json()) == (
        422,
        {"Schema": {"field": "artifact", "reason": "artifact must be a JSON object"}},
    )


def test_messages_instead_of_a_prompt(iterating: LiveDaemon) -> None:
    """A conversation goes on where it stands."""
    messages = [
        {"role": "user", "content": "Write."},
        {"role": "assistant", "content": '{"to": "x", "body": "Hi"}'},
        {"role": "user", "content": "Again, please."},
    ]

    assert (
        iterating.post({"kind": "sms", "messages": messages}, "/iterate").json()["artifact"]["body"]
        == "Hi"
    )


@pytest.mark.parametrize(
    ("model", "status"),
    [
        ("gpt-malformed", 502),
        ("gpt-crashed", 502),
        ("gpt-slow", 504),
        ("gpt-rejects", 400),
        ("no-such", 400),
    ],
)
def test_what_fails_at_chatd(iterating: LiveDaemon, model: str, status: int) -> None:
    """A fault behind it is 502 or 504.

    A model or a conversation that is not taken is the caller's.
    """
    answer = iterating.post({"kind": "sms", "prompt": "x", "model": model}, "/iterate")

    assert answer.status == status
    assert answer.header("content-type") == "application/problem+json"


def test_the_request_id_goes_along(iterating: LiveDaemon, chatd: LiveDaemon) -> None:
    """One id, in both logs."""
    body = json.dumps({"kind": "sms", "prompt": say({"to": "x", "body": "Hi"})})
    answer = iterating.ask("POST", "/v1/iterate", body, {**JSON, "x-request-id": "chain-7"})

    assert answer.header("x-request-id") == "chain-7"
    assert chatd.wait_for_log(request_id="chain-7")["route"] == "/chat"
    assert iterating.wait_for_log(request_id="chain-7")["route"] == "/iterate"


def test_chatd_is_gone(tmp_path_factory: pytest.TempPathFactory) -> None:
    """502 that says who cannot be reached; `/validate` does not need it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}"
    log_file = tmp_path_factory.mktemp("alone") / "log"
    with running(
        log_file, "--chatd-url", nowhere, program=("-m", "reference_impl", "validatord")
    ) as daemon:
        answer = daemon.post({"kind": "sms", "prompt": "x"}, "/iterate")
        assert (answer.status, answer.json()["detail"]) == (502, "chatd cannot be reached")
        assert daemon.post({"kind": "sms", "artifact": {"to": "x", "body": "y"}}).status == 200


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": None},
        {"prompt": ""},
        {"messages": [{"role": "user", "content": "x"}]},
        {"kind": "letter"},
        {"model": ""},
        {"max_iterations": 0},
        {"max_iterations": 11},
        {"max_iterations": 1.5},
        {"context": {"more": 1}},
        {"more": 1},
    ],
    ids=json.dumps,
)
def test_a_bad_task_is_400(iterating: LiveDaemon, change: Any) -> None:
    """As a bad envelope of `/validate` is."""
    assert iterating.post({"kind": "sms", "prompt": "x", **change}, "/iterate").status == 400
    assert iterating.post({"kind": "sms"}, "/iterate").status == 400

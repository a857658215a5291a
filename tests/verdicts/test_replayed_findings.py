"""A finding is replayed before it counts: one not shown again is noise, a fault is an error."""

import socket
from pathlib import Path
from typing import Any

import pytest

from conformance.model.decision import Decision
from conformance.model.runtime import AttachedRuntime
from conformance.model.signature import Signature
from tests.comparison.live_runs import case, replay, runtime
from tests.miniatures import divergent_services as services
from tests.miniatures.server import (
    Received,
    Reply,
    Service,
    json_reply,
    read_request,
    received,
    serve_connections,
    serve_script,
)
from tests.verdicts.ledger_rows import counts, done, ledger, pair, row, states

THREE_STEPS = case("order", "/1", "/2", "/3")
DEAR = Signature("type", "$.total_price", "string", "integer")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param((), id="no-row"),
        pytest.param(
            (row(signature=Signature("member", "$.x", "absent", "present")),), id="another-row"
        ),
        pytest.param((done(signature=DEAR),), id="done-row"),
    ],
)
def test_what_a_replay_does_not_show_again_is_noise(
    tmp_path: Path, rows: tuple[Decision, ...]
) -> None:
    """An alternating service is nondeterministic, whatever the ledger says of other differences."""
    report = replay(
        tmp_path, pair(services.answers_alternately()), THREE_STEPS, ledger=ledger(*rows)
    )
    assert counts(report) == {"nondeterministic": 1}
    assert report.red


def test_a_replay_that_shows_another_difference_is_noise(tmp_path: Path) -> None:
    """A row for one of two alternating differences does not make the case known."""
    report = replay(tmp_path, _turns_between_two(), ledger=ledger(row(signature=DEAR)))
    assert counts(report) == {"nondeterministic": 1}
    assert report.red


def _turns_between_two() -> dict[str, Service]:
    """Return a plain service and one that alternates: a member missing, or a price in words."""
    plain = services.order()
    asked: list[int] = []

    def service(_: object) -> Any:
        asked.append(1)
        lacking = {name: member for name, member in plain.items() if name != "coupon_code"}
        return json_reply(lacking if len(asked) % 2 else {**plain, "total_price": "dear"})

    return pair(service)


def test_a_finding_that_is_shown_again_is_no_noise(tmp_path: Path) -> None:
    """A stable difference is asked for twice and then fails.

    One in the ledger is asked for once.
    """
    asked: list[str] = []
    drops = services.drops_member()

    def counted(request: Any) -> Any:
        asked.append(request.target)
        return drops(request)

    assert counts(replay(tmp_path / "new", pair(counted))) == {"failed": 1}
    assert asked == ["/order", "/order"]
    assert counts(replay(tmp_path / "known", pair(counted), ledger=ledger(row()))) == {"known": 1}
    assert asked == ["/order"] * 3


def test_answers_that_fall_behind_are_not_taken_for_differences(tmp_path: Path) -> None:
    """A connection that is one answer behind is found by the replay, which uses another.

    It is not trusted again.
    """
    cases = [case(name, f"/{name}") for name in ("one", "two", "three", "four")]
    with serve_connections(falls_behind) as url:
        behind = runtime("b", AttachedRuntime(url=url))
        report = replay(tmp_path, {"a": echoes_target}, *cases, others=(behind,))
    assert [(line.case_id, line.verdict.value) for line in report.cases] == [
        (cases[1].id, "nondeterministic")
    ]


def echoes_target(request: Received) -> Reply:
    return json_reply({request.target: True})


def falls_behind(connection: socket.socket) -> None:
    """Answer a connection's first request twice, and each later one after the next has come."""
    late = b""
    while request := read_request(connection):
        body = echoes_target(received(request)).body
        head = (
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
            f"{len(body)}\r\n\r\n"
        )
        connection.sendall(late or head.encode() + body)
        late = head.encode() + body


def test_a_fault_in_the_replay_is_an_error(tmp_path: Path) -> None:
    """A runtime that gives no answer the second time leaves nothing to judge."""
    asked: list[int] = []
    drops = services.drops_member()

    def service(request: Any) -> Any:
        asked.append(1)
        if len(asked) > 1:
            raise ConnectionResetError
        return drops(request)

    assert counts(replay(tmp_path, pair(service))) == {"errored": 1}


def test_a_fault_leaves_what_the_others_show(tmp_path: Path) -> None:
    """A runtime that closes without an answer errors its case.

    A row about the others still matches what they show.
    """
    with serve_script(lambda connection, _: connection.close()) as silent:
        others = (runtime("c", AttachedRuntime(url=silent)),)
        report = replay(
            tmp_path,
            pair(services.drops_member()),
            ledger=ledger(row(odd=("b",), rest=("a", "c"))),
            others=others,
        )
    assert (counts(report), states(report)) == ({"errored": 1}, {"D-001": "matched"})
    assert report.red

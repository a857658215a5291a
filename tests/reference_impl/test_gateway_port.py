"""The gateway over its port: what goes on, what returns, and what it says without an answer."""

from __future__ import annotations

import http.client
import json
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import validate

from reference_impl.gateway.service.owners import OWNERS
from tests.miniatures.faulty import OK, repeats, says, says_and_waits
from tests.miniatures.server import (
    Received,
    Reply,
    json_reply,
    serve,
    serve_connections,
    serve_script,
)
from tests.reference_impl.conftest import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.miniatures.server import Script
    from tests.reference_impl.conftest import LiveDaemon

PROGRAM = ("-m", "reference_impl", "gateway")
MIB = 1024 * 1024


@pytest.fixture(scope="session")
def nobody() -> str:
    """Give a URL where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(scope="session")
def start_gateway(tmp_path_factory: pytest.TempPathFactory, nobody: str) -> Callable[..., Any]:
    """Start a gateway in front of the daemons that are given; the others are gone."""

    def start(*arguments: str, **urls: str) -> Any:
        flags = [
            f"--{owner}-url={urls.get(owner, nobody)}" for owner in sorted(set(OWNERS.values()))
        ]
        return running(
            tmp_path_factory.mktemp("gateway") / "log", *flags, *arguments, program=PROGRAM
        )

    return start


@pytest.fixture(scope="module")
def seen() -> list[Received]:
    """Collect what the echoing daemon got."""
    return []


@pytest.fixture(scope="module")
def gateway(start_gateway: Callable[..., Any], seen: list[Received]) -> Iterator[LiveDaemon]:
    """One gateway whose every daemon is the same echo."""

    def echo(request: Received) -> Reply:
        if request.target != "/openapi.json":  # which the gateway asks for its own document
            seen.append(request)
        headers = {
            "content-type": "text/x-echo",
            "etag": '"e"',
            "connection": "close, x-hop",
            "x-hop": "1",
            "date": "x",
        }
        return Reply(status=207, headers=headers, body=request.body)

    with serve(echo) as url, start_gateway(**dict.fromkeys(OWNERS.values(), url)) as daemon:
        yield daemon


def test_a_request_goes_on_as_it_came(gateway: LiveDaemon, seen: list[Received]) -> None:
    """Method, target and headers are the caller's.

    What is of one connection is not passed on, in neither direction.
    """
    headers = {
        "content-type": "x/y", "x-request-id": "id-7", "authorization": "Bearer other", "te": "x",
        "connection": "keep-alive, x-mine", "x-mine": "1", "if-match": '"a"',
        "accept-encoding": "gzip",
    }  # fmt: skip
    answer = gateway.ask("PUT", "/v1/storage/b/%2e%2e/a%2Fb?x=%20&y", b"abc", headers)
    got = seen[-1]

    assert (got.method, got.target, got.body) == (
        "PUT",
        "/v1/storage/b/%2e%2e/a%2Fb?x=%20&y",
        b"abc",
    )
    assert {name: text for name, text in got.headers.items() if name != "host"} == {
        "content-type": "x/y", "x-request-id": "id-7", "if-match": '"a"', "accept-encoding": "gzip",
        "content-length": "3",
    }  # fmt: skip
    assert (answer.status, answer.body) == (207, b"abc")
    assert (answer.header("content-type"), answer.header("etag"), answer.header("x-hop")) == (
        "text/x-echo",
        '"e"',
        None,
    )
    assert (answer.header("x-request-id"), answer.header("date") == "x") == ("id-7", False)


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_any_method_goes_on(gateway: LiveDaemon, seen: list[Received], method: str) -> None:
    """Which methods a path answers is its owner's to say."""
    assert gateway.ask(method, "/sql").status == 207
    assert seen[-1].method == method
    assert ("content-length" in seen[-1].headers) == (
        method == "PATCH"
    )  # which the client of the test sends


def test_each_path_goes_to_its_owner_alone(start_gateway: Callable[..., Any]) -> None:
    """Bare and under /v1, itself and all below it."""
    with serve(lambda _: json_reply([])) as url, start_gateway(validatord=url) as daemon:
        for segment, owner in OWNERS.items():
            for path in (f"/{segment}", f"/v1/{segment}/x/y"):
                answer = daemon.ask("GET", path)
                told = answer.json()["detail"] if answer.status == 502 else "validatord answered"

                assert told == (
                    "validatord answered" if owner == "validatord" else f"{owner} cannot be reached"
                )


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/nope", "/nope/storage", "/storaged", "/v1/v1/sql"]
)
def test_a_path_of_nobody_is_404(gateway: LiveDaemon, path: str) -> None:
    """It is the gateway's own answer."""
    assert gateway.ask("GET", path).json()["detail"] == "there is nothing at this path"


FAULTS: dict[str, tuple[Script, int, str]] = {
    "closes": (says(), 502, "queryd cannot be reached"),
    "no HTTP": (says(b"nonsense\r\n\r\n"), 502, "queryd gave no proper answer"),
    "hangs": (says_and_waits(), 504, "queryd did not answer within 0.5 s"),
}


@pytest.fixture(scope="module")
def script() -> list[Script]:
    """Hold the script that queryd follows."""
    return []


@pytest.fixture(scope="module")
def impatient(start_gateway: Callable[..., Any], script: list[Script]) -> Iterator[LiveDaemon]:
    """One gateway that waits half a second for a daemon that follows a script."""

    def follow(connection: socket.socket, request: bytes) -> None:
        script[-1](connection, request)

    with (
        serve_script(follow) as url,
        start_gateway("--call-timeout-s", "0.5", "--health-timeout-s", "0.3", queryd=url) as daemon,
    ):
        yield daemon


@pytest.mark.parametrize(("fault", "status", "detail"), FAULTS.values(), ids=FAULTS)
def test_a_daemon_that_fails_is_named(
    impatient: LiveDaemon, script: list[Script], fault: Script, status: int, detail: str
) -> None:
    """502 and 504 are problem documents of the gateway."""
    script.append(fault)
    answer = impatient.ask("POST", "/v1/sql", b"{}", {"content-type": "application/json"})

    assert (answer.status, answer.json()["detail"], answer.json()["instance"]) == (
        status,
        detail,
        "/v1/sql",
    )


def test_an_answer_that_breaks_off_is_not_made_whole(
    impatient: LiveDaemon, script: list[Script]
) -> None:
    """The caller sees the break: nothing can take back what was sent."""
    script.append(says(OK, b"content-length: 100000\r\n\r\n", b"x" * 50000))
    connection = http.client.HTTPConnection("127.0.0.1", impatient.port, timeout=5)
    connection.request("GET", "/v1/sql")
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        connection.getresponse().read()
    connection.close()


def test_the_status_of_all(impatient: LiveDaemon, script: list[Script]) -> None:
    """Who is gone, slow, wrong or well, in the order of the ports, in one short wait."""
    said = {
        "slow": says_and_waits(),
        "wrong": says(OK, b"content-length: 2\r\n\r\n{}"),
        "ok": says(
            OK,
            b"content-length: 50\r\n\r\n",
            b'{"status":"ok","service":"queryd","version":"9.9"}  '[:50],
        ),
    }
    for expected, fault in said.items():
        script.append(fault)
        started_s = time.monotonic()
        status = impatient.ask("GET", "/v1/status").json()
        told = {daemon["name"]: daemon["status"] for daemon in status["daemons"]}

        assert time.monotonic() - started_s < 2
        assert (status["status"], told.pop("queryd")) == ("degraded", expected)
        assert set(told.values()) == {"gone"}
        assert list(told)[:2] == ["storaged", "catalogd"]


def test_bodies_stream_both_ways_in_little_memory(start_gateway: Callable[..., Any]) -> None:
    """200 MiB up and 200 MiB down pass through without being held."""
    size = 200 * MIB

    def talk(connection: socket.socket) -> None:
        got = 0
        head = connection.recv(65536)
        got = len(head.partition(b"\r\n\r\n")[2])
        while got < size:
            got += len(connection.recv(MIB))
        connection.sendall(OK + b"content-length: %d\r\n\r\n" % size)
        for _ in range(size // MIB):
            connection.sendall(b"y" * MIB)

    with serve_connections(talk) as url, start_gateway(storaged=url) as daemon:
        before = daemon.memory_bytes("VmRSS")
        connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=30)
        pieces = (b"x" * MIB for _ in range(size // MIB))
        connection.request("PUT", "/v1/storage/b/k", pieces, {"content-length": str(size)})
        answer = connection.getresponse()
        got = 0
        while piece := answer.read(MIB):
            got += len(piece)
        connection.close()

        assert got == size
        assert daemon.memory_bytes("VmHWM") - before < 32 * MIB


def test_a_reader_that_leaves_frees_the_daemon(start_gateway: Callable[..., Any]) -> None:
    """Nothing goes on for nobody; the gateway answers others."""
    with (
        serve_script(repeats(OK + b"\r\n", b"x" * 65536)) as url,
        start_gateway(storaged=url) as daemon,
    ):
        connection = daemon.connect()
        connection.sendall(b"GET /v1/storage/b/k HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(65536)
        connection.close()

        assert daemon.wait_for_log(path="/v1/storage/b/k", status=499)
        assert daemon.ask("GET", "/health").status == 200


def test_the_document_is_true(gateway: LiveDaemon) -> None:
    """It is valid and says whose each path is, also where no daemon gives a document."""
    validate(gateway.document)
    posted = gateway.document["paths"]["/sql"]["post"]

    assert posted["summary"] == "Pass on to queryd, whose own document describes this path."
    assert posted["responses"].keys() >= {"default", "502", "504"}
    assert sorted(gateway.document["paths"]["/storage/{rest}"]) == [
        "delete",
        "get",
        "head",
        "post",
        "put",
    ]


def _described(path: str, schema: dict[str, Any]) -> Reply:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}
    operation = {
        "operationId": "ask",
        "responses": {"200": {"description": "It.", "content": content}},
    }
    return json_reply(
        {
            "openapi": "3.1.0",
            "info": {"title": "x", "version": "1"},
            "paths": {path: {"post": operation}, "/other": {"get": operation}},
            "components": {"schemas": {"Answer": schema}},
        }
    )


def test_documents_of_daemons_are_put_together(start_gateway: Callable[..., Any]) -> None:
    """One name for two shapes stays two shapes.

    A daemon that gives no document keeps its general rows.
    """
    text, number = {"type": "string"}, {"type": "integer"}
    with (
        serve(lambda _: _described("/v1/sql", text)) as queryd,
        serve(lambda _: _described("/embed", number)) as embedd,
        start_gateway(queryd=queryd, embedd=embedd) as daemon,
    ):
        document = daemon.document
        validate(document)
        refs = {
            path: document["paths"][path]["post"]["responses"]["200"]["content"][
                "application/json"
            ]["schema"]["$ref"]
            for path in ("/sql", "/embed")
        }
        schemas = document["components"]["schemas"]

        assert [schemas[ref.rpartition("/")[2]] for ref in refs.values()] == [text, number]
        assert document["paths"]["/sql"]["post"]["operationId"] == "queryd_ask"
        assert document["paths"]["/sql"]["post"]["responses"].keys() >= {"200", "502", "504"}
        assert document["paths"].keys() >= {"/chat", "/chat/{rest}"}
        assert not document["paths"].keys() & {"/other", "/sql/{rest}", "/v1/sql"}
        assert document["info"]["description"].endswith("/iterate (validatord).")


def test_one_request_id_through_the_whole_chain(
    start_gateway: Callable[..., Any], start_validatord: Callable[..., LiveDaemon]
) -> None:
    """The caller's id is in the answer and in the log of each daemon it passed."""
    validatord = start_validatord()
    with start_gateway(validatord=f"http://127.0.0.1:{validatord.port}") as daemon:
        body = json.dumps({"kind": "sms", "artifact": {"to": "x", "body": "y"}})
        headers = {"content-type": "application/json", "x-request-id": "chain-1"}

        assert daemon.ask("POST", "/v1/validate", body, headers).header("x-request-id") == "chain-1"
        assert daemon.wait_for_log(request_id="chain-1")["service"] == "gateway"
        assert validatord.wait_for_log(request_id="chain-1")["service"] == "validatord"

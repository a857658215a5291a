"""What is done after a case, and which runtimes a case is for."""

import socket
from pathlib import Path

from conformance.model.observation import Fault
from conformance.model.report import RunReport
from conformance.model.verdict import Verdict
from tests.comparison.live_runs import replay
from tests.miniatures.registries import Registry, serial
from tests.miniatures.server import Received, Reply, always, json_reply, serve_script
from tests.runner.conversing import HEAD, talk
from tests.runner.starting import attached, observed
from tests.suites.reading import cases_in

CLEANING = """\
    steps:
      - {request: {POST: /workers, json: {name: Ann}}, capture: {id: {path: $.id, identity: worker}}}
      - {request: {GET: "/workers/${id}"}, expect: {status: 418}}
      - {request: {GET: "/nothing"}, capture: {never: $.x}}
    cleanup:
      - {request: {DELETE: "/workers/${id}"}}
      - {request: {DELETE: "/workers/${never}"}}
      - {request: {POST: /echo, raw: done}}
"""


def test_clean_up_runs_after_failures(tmp_path: Path) -> None:
    """What a case made is removed whatever happened.

    Steps whose names were never known are left out.
    """
    registry = Registry(serial(0))
    talk(tmp_path, registry, CLEANING)
    assert [f"{each.method} {each.target}" for each in registry.received] == [
        "POST /workers", "GET /workers/1", "GET /nothing", "DELETE /workers/1", "POST /echo",
    ]  # fmt: skip
    assert registry.workers == {}


def test_clean_up_is_not_compared(tmp_path: Path) -> None:
    """Answers to a clean-up do not matter."""
    written = (
        HEAD + "    request: {GET: /workers}\n    cleanup: [{request: {POST: /echo, raw: x}}]\n"
    )

    def other(request: Received) -> Reply:
        return json_reply({"workers": []}) if request.method == "GET" else json_reply("?", 500)

    report = replay(tmp_path, {"a": Registry(serial(0)), "b": other}, *cases_in(tmp_path, written))
    assert (report.counts[Verdict.PASSED], report.warnings) == (1, ())


def test_a_fault_of_a_clean_up_is_a_warning(tmp_path: Path) -> None:
    """It is no verdict on the case, and named with the case and the runtime.

    It runs after a fault too.
    """
    seen: list[bytes] = []

    def script(connection: socket.socket, request: bytes) -> None:
        seen.append(request.split(b" HTTP")[0])
        connection.sendall(b"HTTP/1.1 200")
        connection.close()

    written = HEAD + "    request: {GET: /}\n    cleanup: [{request: {DELETE: /}}]\n"
    with serve_script(script) as url:
        _, [[cell]] = observed([attached("a", url)], cases_in(tmp_path, written), tmp_path)
    assert (seen, [type(each) for each in cell.observations]) == ([b"GET /", b"DELETE /"], [Fault])
    assert cell.warnings[0].startswith("cleanup 1: closed_in_headers: ")


LACKING = (
    HEAD + "    requires: [search]\n    lacking: {status: [404, 501]}\n    request: {GET: /}\n"
)


def supporting(folder: Path, status: int, written: str = LACKING) -> RunReport:
    """Run a case on a runtime that supports what it needs, and on one that says it does not."""
    services = {"a": always({}), "b": always({"no": 1}, status)}
    return replay(folder, services, *cases_in(folder, written), supports={"b": frozenset()})


def test_a_lack_that_shows(tmp_path: Path) -> None:
    """A runtime that lacks what is required and answers so is silently left out of the case."""
    report = supporting(tmp_path, 501)
    assert (report.counts[Verdict.SKIPPED], report.warnings) == (1, ())
    assert report.cases[0].reason == "b does not support search, as its 501 shows"


def test_a_lack_that_does_not_show(tmp_path: Path) -> None:
    """A runtime that answers like one that lacks nothing is reported: its lack is not proven.

    The lack was declared.
    """
    report = supporting(tmp_path, 200)
    assert report.cases[0].reason == "b does not support search"
    assert report.warnings == ("workers/x/x: b is declared not to support search, but answers 200",)


def test_a_lack_that_is_taken_at_its_word(tmp_path: Path) -> None:
    """Without `lacking` the runtime is sent nothing."""
    registry = Registry(serial(0))
    written = LACKING.replace("    lacking: {status: [404, 501]}\n", "")
    cell = talk(tmp_path, registry, written.removeprefix(HEAD), supports=frozenset())
    assert (registry.received, cell.unsupported) == ([], "does not support search")

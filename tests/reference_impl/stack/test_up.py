"""`up` and its companions: all daemons at once, watched, and nothing left when it ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from reference_impl.stack.plan import PlannedDaemon
from reference_impl.stack.rooms import ROOMS, settings_of
from reference_impl.stack.supervisor import Child
from tests.reference_impl.stack.conftest import Stack, is_alive, said, wait_until

if TYPE_CHECKING:
    from pathlib import Path

SMS = '{"kind":"sms","artifact":{"to":"x","body":"y"}}'


def post(url: str, path: str, body: str) -> tuple[int, bytes]:
    """Post JSON and give status and body."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("POST", path, body, {"content-type": "application/json"})
    answer = connection.getresponse()
    try:
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_detached_stack_is_up_is_seen_and_goes_down(stack: Stack) -> None:
    """The table says what listens where; the gateway reaches what is behind it.

    Down leaves nothing.
    """
    code, out, err = stack.call("up", "--free-ports", "--detach")
    *rows, last = out.splitlines()

    assert (code, err) == (0, "")
    assert [row.split()[0] for row in rows] == list(ROOMS)
    assert all(re.fullmatch(r"\w+ +http://127\.0\.0\.1:\d+  ok", row) for row in rows)
    # Linux gives ports from 32,768 on to other programs, also while one is held and has no listener
    assert max(int(row.removesuffix("  ok").rpartition(":")[2]) for row in rows) < 32_768
    assert re.fullmatch(r"ready in \d+\.\d s", last)
    assert post(stack.daemon("gateway")["url"], "/v1/validate", SMS)[0] == 200
    assert stack.call("status")[0] == 0
    pids = stack.pids()
    assert len(set(pids)) == len(ROOMS) + 1
    assert stack.call("down") == (0, "stopped\n", "")
    assert not any(map(is_alive, pids))
    assert stack.call("down") == (0, f"no stack runs on {stack.data_dir}\n", "")
    assert stack.call("status") == (1, f"no stack runs on {stack.data_dir}\n", "")
    assert "validatord: listening on http://127.0.0.1:" in stack.call("logs", "validatord")[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_in_order(stack: Stack, number: signal.Signals) -> None:
    """Ctrl-C is a good end: code 0, every daemon gone."""
    process = stack.up()
    pids = stack.pids()
    process.send_signal(number)

    assert process.wait(timeout=20) == 0
    assert list(said(process)) == ["stopping\n", "stopped\n"]
    assert not any(map(is_alive, pids))
    assert not (stack.data_dir / "stack/state.json").exists()


def test_a_daemon_that_dies_is_started_again_and_said_so(stack: Stack) -> None:
    """It answers at the same place; meanwhile the gateway says who is gone."""
    process = stack.up()
    before = stack.daemon("validatord")
    os.kill(before["pid"], signal.SIGKILL)
    lines = said(process)

    assert next(lines).startswith(
        "validatord died (signal SIGKILL); starting it again in 0.5 s (log: "
    )
    status, body = post(stack.daemon("gateway")["url"], "/v1/validate", SMS)
    assert (status, json.loads(body)["detail"]) == (502, "validatord cannot be reached")
    assert next(lines) == f"validatord answers again at {before['url']}\n"
    assert post(stack.daemon("gateway")["url"], "/v1/validate", SMS)[0] == 200
    after = stack.daemon("validatord")
    assert (after["restarts"], after["url"]) == (1, before["url"])
    assert after["pid"] != before["pid"]


def test_kill_9_of_the_supervisor_leaves_nothing(stack: Stack) -> None:
    """The daemons are told by the kernel; the next stack starts on the same folder."""
    process = stack.up()
    pids = stack.pids()
    process.send_signal(signal.SIGKILL)
    process.wait()

    wait_until(lambda: not any(map(is_alive, pids)), "a daemon outlived its supervisor")
    assert stack.call("status")[0] == 1
    stack.up()


def test_a_reader_that_leaves_ends_nothing(stack: Stack) -> None:
    """`up | head` goes on serving and restarting, and still ends well."""
    process = stack.up()
    assert process.stdout is not None
    process.stdout.close()
    os.kill(stack.daemon("validatord")["pid"], signal.SIGKILL)
    wait_until(lambda: stack.daemon("validatord")["restarts"] == 1, "it was not started again")
    pids = stack.pids()
    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=20) == 0
    assert not any(map(is_alive, pids))


def test_a_long_log_is_set_aside(tmp_path: Path) -> None:
    """What a daemon logs takes a bounded room on the disk, and the newest of it stays."""
    log_file = tmp_path / "vectord.log"
    log_file.write_bytes(b"x" * (33 * 1024 * 1024))
    settings = settings_of("vectord")()
    planned = PlannedDaemon(name="vectord", settings=settings, url="http://127.0.0.1:1", flags=())
    child = Child(planned=planned, log_file=log_file)
    child.bound_log()
    child.bound_log()

    assert log_file.stat().st_size == 0
    assert (tmp_path / "vectord.log.old").stat().st_size == 33 * 1024 * 1024


@pytest.mark.parametrize("one_process", [(), ("--one-process",)])
def test_two_stacks_never_share_a_folder(stack: Stack, one_process: tuple[str, ...]) -> None:
    """The second is one line and code 1, and the first is not disturbed."""
    process = stack.up(*one_process)
    said_by_second = f"lakehouse: {stack.data_dir}/stack is in use by process {process.pid}: "

    code, out, err = stack.call("up", "--free-ports")
    assert (code, out) == (1, "")
    assert err.startswith(said_by_second)
    assert stack.call("status")[0] == 0


def test_one_process_serves_all(stack: Stack) -> None:
    """The same daemons, one process, one clean end."""
    process = stack.up("--one-process")

    assert set(stack.pids()) == {process.pid}
    assert post(stack.daemon("gateway")["url"], "/v1/validate", SMS)[0] == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0


def test_a_daemon_that_cannot_start_ends_the_start(stack: Stack, tmp_path: Path) -> None:
    """Its own words are told, and the others do not stay."""
    file = tmp_path / "stack.toml"
    file.write_text('[daemon.validatord]\nroster = "nosuch.json"\n')
    for more in ((), ("--one-process",), ("--detach",)):
        code, out, err = stack.call("up", "--free-ports", "--config", str(file), *more)

        assert code in {1, 2}
        assert "roster nosuch.json: No such file or directory" in out + err
        assert not (stack.data_dir / "stack/state.json").exists()


WRONG = {
    "[stak]\n": ": unknown table [stak] (did you mean stack?)",
    "[stack]\nhots = 'x'\n": ": [stack]: unknown setting hots (did you mean host?)",
    "[stack]\nport = 1\n": ": [stack]: unknown setting port",
    "[daemon.validator]\n": ": [daemon.validator]: unknown daemon (did you mean validatord?)",
    "[daemon.validatord]\nprot = 1\n": ": [daemon.validatord]: unknown setting prot (did you mean "
    "port?)",
    "[daemon.validatord]\nport = 'x'\n": ": [daemon.validatord] port: expected int, got str",
    "[daemon.gateway]\nsql_url = 'x'\n": ": [daemon.gateway]: unknown setting sql_url",
    "[daemon.gateway]\nqueryd_url = 'x'\n": ": [daemon.gateway] queryd_url: expected str matching "
    "regex",
    "[stack]\nhost = '0.0.0.0'\n": "gateway: host 0.0.0.0 is not loopback: set token_file or "
    "token_env",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_stack_file_is_one_line_and_starts_nothing(
    stack: Stack, tmp_path: Path, text: str
) -> None:
    """Every table is checked before any port: another stack may run on the ports of the file."""
    file = tmp_path / "stack.toml"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        file.write_text(f"{text}[daemon.storaged]\nport = {taken.getsockname()[1]}\n")
        code, out, err = stack.call("up", "--config", str(file))

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert WRONG[text] in err


def test_ports_of_the_file_are_taken_and_urls_follow_them(stack: Stack, tmp_path: Path) -> None:
    """A port of 0 is a free one, and whoever calls that daemon is told.

    A taken port is one line.
    """
    file = tmp_path / "stack.toml"
    file.write_text("".join(f"[daemon.{name}]\nport = 0\n" for name in ROOMS))
    assert stack.call("up", "--detach", "--config", str(file))[0] == 0
    taken = int(stack.daemon("validatord")["url"].rpartition(":")[2])
    assert post(stack.daemon("gateway")["url"], "/v1/validate", SMS)[0] == 200
    file.write_text(
        "".join(
            f"[daemon.{name}]\nport = {taken if name == 'validatord' else 0}\n" for name in ROOMS
        )
    )
    other = Stack(data_dir=tmp_path / "other")

    assert other.call("up", "--config", str(file)) == (
        1,
        "",
        (f"lakehouse: validatord: cannot listen on 127.0.0.1:{taken}: Address already in use\n"),
    )


def test_a_token_of_the_stack_is_every_daemons(stack: Stack, tmp_path: Path) -> None:
    """The gateway asks for it and passes its own on."""
    token_file, file = tmp_path / "token", tmp_path / "stack.toml"
    token_file.write_text("s3cret")
    token_file.chmod(0o600)
    file.write_text(f'[stack]\ntoken_file = "{token_file}"\n')
    assert stack.call("up", "--free-ports", "--detach", "--config", str(file))[0] == 0
    url = stack.daemon("gateway")["url"]

    assert post(url, "/v1/validate", SMS)[0] == 401
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    headers = {"content-type": "application/json", "authorization": "Bearer s3cret"}
    connection.request("POST", "/v1/validate", SMS, headers)
    assert connection.getresponse().status == 200
    connection.close()

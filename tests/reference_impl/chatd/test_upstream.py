"""chatd's upstreams: what each of their faults is for the caller, over real sockets."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.reference_impl.chatd.miniature_upstream import KEY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reference_impl.chatd.miniature_upstream import Upstream
    from tests.reference_impl.conftest import Answer, LiveDaemon


def ask(chatd: LiveDaemon, model: str) -> Answer:
    """Ask one question."""
    document = {
        "model": model,
        "messages": [{"role": "user", "content": "Where?"}],
        "temperature": 0.5,
    }
    return chatd.post(document, "/v1/chat")


def test_a_completion_comes_through(chatd: LiveDaemon, upstream: Upstream) -> None:
    """The upstream is sent the conversation, its own host and the key, and no more.

    Its tokens are passed on.
    """
    answer = ask(chatd, "gpt-good").json()
    path, headers, document = upstream.asked[-1]

    assert answer["latency_ms"] >= 0
    del answer["latency_ms"]
    assert answer == {
        "model": "gpt-good-2026",
        "provider": "gpt-",
        "content": "Dallas.",
        "usage": {"prompt_tokens": 7, "completion_tokens": 2},
    }
    assert path == "/api/v1/chat/completions"
    assert headers.pop("host") == f"127.1:{upstream.server_address[1]}"
    assert headers.pop("content-length")
    assert headers == {
        "content-type": "application/json",
        "accept": "application/json",
        "accept-encoding": "identity",
        "connection": "close",
        "authorization": f"Bearer {KEY}",
    }
    assert document == {
        "model": "gpt-good",
        "messages": [{"role": "user", "content": "Where?"}],
        "temperature": 0.5,
    }


@pytest.mark.parametrize(
    ("model", "status"),
    [
        ("gpt-rejects", 422),
        ("gpt-unknown", 422),
        ("gpt-rate-limited", 429),
        ("gpt-rate-limited-for-ages", 429),
        ("gpt-says-key", 502),
        ("gpt-crashed", 502),
        ("gpt-overloaded", 502),
        ("gpt-redirects", 502),
        ("gpt-malformed", 502),
        ("gpt-doubled", 502),
        ("gpt-no-choices", 502),
        ("gpt-no-usage", 502),
        ("gpt-null", 502),
        ("gpt-negative", 502),
        ("gpt-oversize", 502),
        ("gpt-encoded", 502),
        ("gpt-truncated", 502),
        ("gpt-closes", 502),
        ("gpt-gone", 502),
        ("gpt-gave-up", 504),
        ("gpt-slow", 504),
        ("gpt-drips", 504),
    ],
)
def test_a_fault_of_the_upstream_is_a_problem(chatd: LiveDaemon, model: str, status: int) -> None:
    """Each fault has its status.

    Neither what the upstream wrote nor the key comes back or is logged.
    """
    answer = ask(chatd, model)

    assert answer.status == status
    assert KEY.encode() not in answer.body
    assert KEY not in chatd.log_file.read_text()
    assert "Traceback" not in chatd.log_file.read_text()


def test_a_short_wait_is_passed_on(chatd: LiveDaemon) -> None:
    """`Retry-After` in seconds reaches the caller, and nothing else does."""
    assert ask(chatd, "gpt-rate-limited").header("retry-after") == "7"
    assert ask(chatd, "gpt-rate-limited-for-ages").header("retry-after") is None


def test_nothing_is_asked_twice(chatd: LiveDaemon, upstream: Upstream) -> None:
    """A connection that breaks is a fault: a second request might be paid for twice."""
    before = len(upstream.asked)
    ask(chatd, "gpt-closes")

    assert len(upstream.asked) == before + 1


def test_an_address_outside_its_network_is_not_connected_to(
    chatd: LiveDaemon, upstream: Upstream
) -> None:
    """A name that is to be public and leads to this machine is refused before anything is sent."""
    before = len(upstream.asked)
    answer = ask(chatd, "gpt-elsewhere")

    assert (answer.status, len(upstream.asked)) == (502, before)
    assert (
        answer.json()["detail"] == "the upstream's address is not public, as it is configured to be"
    )


def test_the_longest_prefix_answers(chatd: LiveDaemon) -> None:
    """All providers are listed; the small model is where its packages are."""
    listed = chatd.ask("GET", "/chat/models").json()["models"]

    assert [model["prefix"] for model in listed if model["prefix"] != "smollm2"] == [
        "gpt-",
        "gpt-elsewhere",
        "gpt-gone",
        "local",
    ]


@pytest.mark.parametrize(
    ("upstreams", "said"),
    [
        (
            '[[daemon.chatd.upstreams]]\nprefix = "a"\nurl = "ftp://a"',
            "upstream a: url must be http or https",
        ),
        (
            '[[daemon.chatd.upstreams]]\nprefix = "a"\nurl = "http://k:p@a"',
            "upstream a: url must be http or https",
        ),
        (
            '[[daemon.chatd.upstreams]]\nprefix = "a"\nurl = "http://[::1"',
            "upstream a: url is not a URL",
        ),
        (
            '[[daemon.chatd.upstreams]]\nprefix = "local"\nurl = "http://a"',
            "two providers have the prefix local",
        ),
        (
            '[[daemon.chatd.upstreams]]\nprefix = "a"\nurl = "http://a"\nkey_env = "NO_SUCH"',
            "variable NO_SUCH",
        ),
        ('[[daemon.chatd.upstreams]]\nprefix = "a"', "url"),
    ],
)
def test_an_unusable_upstream_keeps_the_daemon_from_starting(
    tmp_path: Path, upstreams: str, said: str
) -> None:
    """One line, exit code 2."""
    stack_file = tmp_path / "stack.toml"
    stack_file.write_text(upstreams)
    command = [
        sys.executable,
        "-m",
        "reference_impl",
        "chatd",
        "--port",
        "0",
        "--config",
        str(stack_file),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert said in done.stderr

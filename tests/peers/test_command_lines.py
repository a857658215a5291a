"""The command lines of the peers: an error is one line or the usage, and an exit code.

The text is on standard error.
"""

import socket
import subprocess
from pathlib import Path

import pytest

from tests.peers.live_peers import GO, ROOT, RUST, live

pytestmark = live


def said(*argv: str) -> tuple[int, str, str]:
    """Run a peer that cannot serve."""
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("program", [RUST, GO])
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("queryd", "--port", "0"),
        ("serve",),
        ("serve", "--port", "65536"),
        ("serve", "--port", "0", "more"),
        ("validatord", "--port", "0", "--substrate", "bare"),
        ("serve", "--port", "0", "--roster", "/no/such/file"),
    ],
)
def test_wrong_arguments_exit_with_2(program: str, arguments: tuple[str, ...]) -> None:
    """Nothing is served, and standard error says why."""
    code, output, errors = said(program, *arguments)

    assert (code, output) == (2, "")
    assert "lakehouse" in errors
    assert "listening" not in errors


@pytest.mark.parametrize(
    ("flag", "line"),
    [
        ("-wire=xml", "lakehouse: -wire is exported, serde or lowercase, not xml\n"),
        (
            "-substrate=tree",
            "lakehouse: -substrate is bare, recover, side-store or cells, not tree\n",
        ),
    ],
)
def test_an_unknown_word_is_answered_with_those_there_are(flag: str, line: str) -> None:
    """Of the flags that take one of a few words."""
    assert said(GO, "serve", "--port", "0", flag) == (2, "", line)


@pytest.mark.parametrize(
    ("daemon", "file"),
    [
        ("vectord", "vectord/damaged.index"),
        ("catalogd", "catalogd/damaged.json"),
        ("serve", "catalogd/damaged.json"),
    ],
)
def test_a_data_directory_that_cannot_be_read_is_named(
    tmp_path: Path, daemon: str, file: str
) -> None:
    """A damaged file stops the start instead of being forgotten."""
    damaged = tmp_path / file
    damaged.parent.mkdir()
    damaged.write_bytes(b"damaged")

    code, _, errors = said(GO, daemon, "--port", "0", f"-data={tmp_path}")

    assert code == 2
    assert errors.startswith(f"lakehouse: {damaged}: ")


@pytest.mark.parametrize("program", [RUST, GO])
def test_a_taken_port_exits_with_1(program: str) -> None:
    """The line says which address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, output, errors = said(program, "serve", "--port", str(taken.getsockname()[1]))

    assert (code, output) == (1, "")
    assert errors.startswith("lakehouse: ")
    assert "address already in use" in errors.lower()

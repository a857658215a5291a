"""Settings and the command line: what is taken, and how mistakes are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reference_impl.gateway.config import Config as GatewayConfig
from reference_impl.kit.daemon import run
from reference_impl.kit.settings import SettingsError, load_settings
from reference_impl.validatord.app import ROOM

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

    Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call validatord, in this process, with arguments that do not make it serve."""

    def call_with(*arguments: str) -> tuple[int, str, str]:
        try:
            code = run(arguments, ROOM)
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *capsys.readouterr()

    return call_with


WRONG_FLAGS = {
    ("--prot", "1"): "unknown argument --prot (did you mean --port?)",
    ("--por", "1", "--config", "nosuch.toml"): "unknown argument --por (did you mean --port?)",
    ("--port", "x"): "--port: expected int, got str",
    ("--port", "70000"): "--port: expected int <= 65535",
    ("--port",): "argument --port: expected one argument (see --help)",
    ("--config", "nosuch.toml"): "nosuch.toml: No such file or directory",
    ("--roster", "nosuch.json"): "roster nosuch.json: No such file or directory",
    ("--max-body-bytes", "0"): "--max-body-bytes: expected int >= 1",
    ("--drain-timeout-s", "60"): "--drain-timeout-s: expected int <= 5",
    ("--log-level", "loud"): "--log-level: invalid enum value 'loud'",
    ("--host", "0.0.0.0"): "host 0.0.0.0 is not loopback: set token_file or token_env",  # noqa: S104
    ("--host", "example.com"): "host example.com is not loopback: set token_file or token_env",
    ("--token-file", "a", "--token-env", "B"): "token_file and token_env exclude each other",
    (
        "--token-env",
        "NO_SUCH_VARIABLE",
    ): "environment variable NO_SUCH_VARIABLE: no usable token (one ASCII word is wanted)",
    ("--token-file", "nosuch"): "nosuch: No such file or directory",
}


@pytest.mark.parametrize("arguments", WRONG_FLAGS, ids=" ".join)
def test_a_wrong_flag_is_one_line_and_code_2(call: Call, arguments: tuple[str, ...]) -> None:
    """Bad usage never shows a trace."""
    assert call("--port", "0", *arguments) == (2, "", f"validatord: {WRONG_FLAGS[arguments]}\n")


WRONG_FILES = {
    "[daemon.validatord]\nprot = 1\n": "[daemon.validatord]: unknown setting prot (did you mean "
    "port?)",
    "[daemon.validatord]\nxyzzy = 1\n": "[daemon.validatord]: unknown setting xyzzy",
    '[daemon.validatord]\nport = "5221"\n': "[daemon.validatord] port: expected int, got str",
    "[daemon]\nvalidatord = 5\n": "[daemon.validatord] must be a table",
    "[daemon\n": "Expected ']' at the end of a table declaration (at line 1, column 8)",
}


@pytest.mark.parametrize("text", WRONG_FILES)
def test_a_wrong_stack_file_is_named(call: Call, tmp_path: Path, text: str) -> None:
    """The message names the file, the table and what may have been meant."""
    stack = tmp_path / "stack.toml"
    stack.write_text(text)

    assert call("--config", str(stack)) == (2, "", f"validatord: {stack}: {WRONG_FILES[text]}\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "it is not valid JSON, at line 1 column 1"),
        ("{}", "(the whole document): expected array, got object"),
        (
            '[{"worker_id":"w"}]',
            "; ".join(
                f"/0/{name}: the member is missing"
                for name in ("name", "status", "city", "state", "role")
            ),
        ),
        ('[{"worker_id":"w","worker_id":"w"}]', "an object holds a key twice, at line 1 column 31"),
    ],
)
def test_a_bad_roster_keeps_it_from_starting(
    call: Call, tmp_path: Path, text: str, said: str
) -> None:
    """A roster is checked at the start, not at the first request."""
    roster = tmp_path / "roster.json"
    roster.write_text(text)

    assert call("--port", "0", "--roster", str(roster)) == (
        2,
        "",
        f"validatord: roster {roster}: {said}\n",
    )


def test_flags_win_over_the_file_and_the_file_over_defaults(
    start_validatord: Callable[..., LiveDaemon], tmp_path: Path
) -> None:
    """The file's port is not taken, its body limit is; tables of others are not looked at."""
    stack = tmp_path / "stack.toml"
    stack.write_text(
        "[stack]\n[daemon.vectord]\ny = 2\n[daemon.validatord]\nport = 1\nmax_body_bytes = 10\n"
    )
    daemon = start_validatord("--config", str(stack))

    assert daemon.port != 1
    assert (
        daemon.ask(
            "POST", "/validate", b"{" + b" " * 10, {"content-type": "application/json"}
        ).status
        == 413
    )


def test_help_has_every_setting_and_an_example(call: Call) -> None:
    """Help is complete and exits 0."""
    code, text, _ = call("--help")

    assert code == 0
    assert "example: python -m reference_impl validatord --config stack.toml --port 0" in text
    assert "port to listen on, 0 for a free one (default 5221)" in " ".join(text.split())
    for flag in (
        "--host",
        "--max-body-bytes",
        "--roster",
        "--token-file",
        "--head-timeout-s",
        "--config",
    ):
        assert flag in text


def test_version(call: Call) -> None:
    """The version is the one that health tells."""
    assert call("--version") == (0, "validatord 0.1.0\n", "")


SHARED = {
    '[stack]\nlog_level = "loud"\n': "[stack] log_level: invalid enum value 'loud'",
    "[stack]\nport = 1\n": "[stack]: unknown setting port",
    "[stack]\nhots = 1\n": "[stack]: unknown setting hots (did you mean host?)",
    "stack = 5\n": "[stack] must be a table",
    "[stacks]\n": "unknown table [stacks] (did you mean stack?)",
    "[daemon.validater]\n": "[daemon.validater]: unknown daemon (did you mean validatord?)",
}


@pytest.mark.parametrize("text", SHARED)
def test_what_all_share_is_checked_too(call: Call, tmp_path: Path, text: str) -> None:
    """A daemon alone reads the same file as the stack, with the same errors."""
    stack = tmp_path / "stack.toml"
    stack.write_text(text)

    assert call("--config", str(stack)) == (2, "", f"validatord: {stack}: {SHARED[text]}\n")


def test_the_own_table_wins_over_the_shared_one(tmp_path: Path) -> None:
    """Flags over [daemon.NAME] over [stack] over defaults.

    A URL follows the table of the daemon it names.
    """
    stack = tmp_path / "stack.toml"
    stack.write_text(
        '[stack]\nlog_level = "error"\nhost = "127.0.0.2"\n[daemon.gateway]\nlog_level = "debug"\n'
        '[daemon.storaged]\nport = 1\nhost = "::1"\n[daemon.catalogd]\nport = 2\n'
        '[daemon.ingestd]\nhost = "0.0.0.0"\n[daemon.queryd]\nport = 0\n'
    )
    flags = {"queryd_url": "http://127.0.0.1:9", "drain_timeout_s": "1"}
    settings = load_settings(GatewayConfig, "gateway", str(stack), flags)

    assert (settings.log_level, settings.host, settings.drain_timeout_s) == (
        "debug",
        "127.0.0.2",
        1,
    )
    assert (settings.storaged_url, settings.catalogd_url) == (
        "http://[::1]:1",
        "http://127.0.0.2:2",
    )
    assert (settings.ingestd_url, settings.queryd_url) == (
        "http://127.0.0.1:5213",
        "http://127.0.0.1:9",
    )
    with pytest.raises(
        SettingsError, match=r"stack.toml: the port of queryd is 0: --queryd-url is needed"
    ):
        load_settings(GatewayConfig, "gateway", str(stack), {})

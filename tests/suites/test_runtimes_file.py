"""Runtimes files: who is asked, and how each is reached."""

from pathlib import Path

import pytest

from conformance.errors import BadFileError
from conformance.model.runtime import (
    AttachedRuntime,
    CommandRuntime,
    RecordedRuntime,
    Runtime,
    TlsSettings,
)
from conformance.suites.runtime_options import runtime_from_option
from conformance.suites.runtimes_file import read_runtimes

ENVIRONMENT = {"TOKEN": "s3cret value", "LINES": "a\r\nx: y", "WIDE": "only €"}
COMMAND = """\
runtimes:
  go:
    labels: [lakehouse]
    language: go
    supports: [search]
    command: [bin/server, --port, "${port}"]
    directory: ..
    environment: {MODE: test, AT: ":${port}"}
    ready: /health
    start_timeout_ms: 500
    stop_timeout_ms: 100
    toolchain: [go, version]
    source: [src, go.sum]
    fallback: recordings/go.ndjson
"""
ONE_WAY = "wanted exactly one of url, command, batch, app, recording"
OF_COMMANDS = "goes with 'command' or 'batch' only"


def read(folder: Path, written: str) -> tuple[Runtime, ...]:
    file = folder / "runtimes.yaml"
    file.write_text(written)
    return read_runtimes(file, ENVIRONMENT)


def read_one(folder: Path, fields: str) -> Runtime:
    (runtime,) = read(folder, f"runtimes:\n  a: {fields}\n")
    return runtime


def test_command_with_every_field(tmp_path: Path) -> None:
    """A command keeps its references for the launcher.

    Its files are relative to the folder of the runtimes file.
    """
    (runtime,) = read(tmp_path, COMMAND)
    assert (runtime.name, runtime.language, runtime.toolchain) == ("go", "go", ("go", "version"))
    assert runtime.source == (tmp_path / "../src", tmp_path / "../go.sum")
    assert runtime.labels == {"lakehouse"}
    assert runtime.supports == frozenset({"search"})
    assert runtime.fallback == tmp_path / "recordings" / "go.ndjson"
    assert (runtime.place.line, runtime.place.column) == (3, 5)
    assert runtime.reach == CommandRuntime(
        argv=("bin/server", "--port", "${port}"),
        directory=tmp_path / "..",
        environment=(("MODE", "test"), ("AT", ":${port}")),
        ready="/health",
        start_timeout_ms=500,
        stop_timeout_ms=100,
    )


def test_port_of_a_command(tmp_path: Path) -> None:
    """A command that cannot be told its port says which it is."""
    reach = read_one(tmp_path, "{command: [x], port: 8080}").reach
    assert isinstance(reach, CommandRuntime)
    assert reach.port == 8080


def test_tls_settings(tmp_path: Path) -> None:
    """The files of TLS settings lie from the folder of the runtimes file."""
    fields = (
        "{authority: ca.pem, server_name: a.test, certificate: c.pem, key: c.key, verify: none}"
    )
    reach = read_one(tmp_path, f"{{url: 'https://a:1', tls: {fields}}}").reach
    assert reach == AttachedRuntime(
        url="https://a:1",
        tls=TlsSettings(
            authority=tmp_path / "ca.pem",
            server_name="a.test",
            certificate=tmp_path / "c.pem",
            key=tmp_path / "c.key",
            insecure=True,
        ),
    )


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ("{url: 'http://a', tls: {verify: none}}", "field 'tls' goes with an https 'url' only"),
        ("{command: [x], tls: {verify: none}}", "field 'tls' goes with an https 'url' only"),
        ("{url: 'https://a', tls: {key: k}}", "field 'key' needs 'certificate' beside it"),
        ("{url: 'https://a', tls: {certificate: c}}", "field 'certificate' needs 'key' beside it"),
        ("{url: 'https://a', tls: {verify: never}}", "wanted one of none"),
        ("{url: 'https://a', port: 1}", "field 'port' goes with 'command' only"),
    ],
)
def test_bad_tls_settings(tmp_path: Path, fields: str, problem: str) -> None:
    """Settings that could not count are refused where they stand."""
    with pytest.raises(BadFileError, match=problem):
        read_one(tmp_path, fields)


def test_command_with_defaults(tmp_path: Path) -> None:
    """A minimal command runs beside its file, is ready with an open port, and gets every case."""
    runtime = read_one(tmp_path, "{command: [x]}")
    assert runtime.reach == CommandRuntime(
        argv=("x",), directory=tmp_path, start_timeout_ms=10_000, stop_timeout_ms=3_000
    )
    assert (runtime.supports, runtime.fallback, runtime.headers) == (None, None, ())


@pytest.mark.parametrize(
    ("url", "base"),
    [
        pytest.param("http://127.0.0.1:8001", "http://127.0.0.1:8001", id="port"),
        pytest.param("http://127.0.0.1:8001/", "http://127.0.0.1:8001", id="slash"),
        pytest.param("https://h.example/api/v1/", "https://h.example/api/v1", id="base-path"),
        pytest.param("http://[::1]:80/%7Ea", "http://[::1]:80/%7Ea", id="six"),
    ],
)
def test_attached(tmp_path: Path, url: str, base: str) -> None:
    """A URL is kept but for the slash at its end."""
    assert read_one(tmp_path, f"{{url: '{url}'}}").reach == AttachedRuntime(url=base)
    assert runtime_from_option(f"a={url}").reach == AttachedRuntime(url=base)


def test_recording(tmp_path: Path) -> None:
    """A recording lies from the folder of the runtimes file."""
    assert read_one(tmp_path, "{recording: r.ndjson}").reach == RecordedRuntime(
        file=tmp_path / "r.ndjson"
    )


def test_supports_nothing_is_not_the_same_as_unsaid(tmp_path: Path) -> None:
    """An empty `supports` declares that nothing optional is there.

    Without it, the runtime is held to every case.
    """
    assert read_one(tmp_path, "{url: 'http://h', supports: []}").lacks(frozenset({"x"})) == {"x"}
    assert read_one(tmp_path, "{url: 'http://h'}").lacks(frozenset({"x"})) == frozenset()


def test_headers_from_the_environment(tmp_path: Path) -> None:
    """A declared header takes its secret from the environment and keeps order and duplicates.

    The secret shows in no repr.
    """
    written = "{url: 'http://h', headers: {Authorization: 'Bearer ${env:TOKEN}', x: [b, '$${a}']}}"
    runtime = read_one(tmp_path, written)
    assert runtime.headers == (("Authorization", "Bearer s3cret value"), ("x", "b"), ("x", "${a}"))
    assert "s3cret" not in repr(runtime)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        pytest.param(
            "{}",
            "2:6: wanted exactly one of url, command, batch, app, recording; got none",
            id="unreachable",
        ),
        pytest.param(
            "{url: 'http://h', recording: r}",
            "2:6: wanted exactly one of url, command, batch, app, recording; got url, recording",
            id="two-ways",
        ),
        pytest.param("http://h", "2:6: wanted an object with url, ", id="text"),
        pytest.param(
            "{url: 'h:80'}",
            "2:12: wanted http:// or https://, a host, and no query, got 'h:80'",
            id="scheme",
        ),
        pytest.param(
            "{url: 'http://h/?a'}",
            "2:12: wanted http:// or https://, a host, and no query",
            id="query",
        ),
        pytest.param(
            "{url: 'http://h/#a'}",
            "2:12: wanted http:// or https://, a host, and no query",
            id="fragment",
        ),
        pytest.param(
            "{url: 'http://u:p@h'}",
            "2:12: wanted http:// or https://, a host, and no query",
            id="user",
        ),
        pytest.param(
            "{url: 'http://h:65536'}",
            "2:12: http://h:65536 names no host and port that can be called",
            id="port",
        ),
        pytest.param(
            "{url: 'http://h:0'}",
            "2:12: http://h:0 names no host and port that can be called",
            id="port-0",
        ),
        pytest.param(
            "{url: 'http://[:::]'}", "2:12: http://[:::] names no host and port", id="address"
        ),
        pytest.param(
            "{command: []}", "2:16: wanted at least 1 in this list, got 0", id="no-program"
        ),
        pytest.param(
            "{command: python x.py}", "2:16: wanted a list, got string 'python x.py'", id="shell"
        ),
        pytest.param(
            r'{command: ["a\0"]}',
            r"2:17: wanted text without a NUL character, got 'a\x00'",
            id="nul",
        ),
        pytest.param(
            r'{recording: "a\0"}', r"2:18: wanted the path of a file, got 'a\x00'", id="nul-in-path"
        ),
        pytest.param("{recording: ''}", "2:18: wanted the path of a file, got ''", id="no-path"),
        pytest.param(
            "{url: 'http://h', ready: /h}",
            "2:31: field 'ready' goes with 'command' only",
            id="ready",
        ),
        pytest.param(
            "{recording: r, fallback: s}",
            "2:31: field 'fallback' goes with 'command' or 'batch' only",
            id="fallback",
        ),
        pytest.param(
            "{url: 'http://h', source: [src]}",
            "2:32: field 'source' goes with 'command' or 'batch' or 'app' only",
            id="source",
        ),
        pytest.param(
            "{url: 'http://h', toolchain: [go]}",
            "2:35: field 'toolchain' goes with 'command' or 'batch' only",
            id="toolchain",
        ),
        pytest.param(
            "{url: 'http://h', environment: {A: b}}",
            "2:37: field 'environment' goes with",
            id="environment",
        ),
        pytest.param(
            "{command: [x], start_timeout_ms: 0}",
            "2:39: wanted an integer from 1 to 600000",
            id="timeout",
        ),
        pytest.param("{command: [x], ready: h}", "2:28: wanted a path, got 'h'", id="ready-path"),
        pytest.param(
            "{command: [x], labels: a}", "2:29: wanted a list, got string 'a'", id="labels"
        ),
        pytest.param(
            "{comand: [x], url: 'http://h'}",
            "2:7: unknown field 'comand'; did you mean 'command'?",
            id="typo",
        ),
        pytest.param(
            "{command: ['${host}']}",
            "2:17: nothing is named 'host' here; write $${",
            id="unknown-reference",
        ),
        pytest.param(
            "{command: ['${env:TOKEN}']}",
            "2:17: nothing is named 'env:TOKEN' here",
            id="secret-in-command",
        ),
        pytest.param(
            "{url: 'http://h', headers: {a: '${env:NONE}'}}",
            "2:37: nothing is named 'env:NONE' here; set the variable, or write ${env:NAME}",
            id="unset-variable",
        ),
        pytest.param(
            "{url: 'http://h', headers: {a: '${TOKEN}'}}",
            "2:37: nothing is named 'TOKEN' here",
            id="no-env",
        ),
        pytest.param(
            "{url: 'http://h', headers: {a: ['${env:LINES}']}}",
            "2:38: the variable in '${env:LINES}' does not hold header text of one line",
            id="variable-of-two-lines",
        ),
        pytest.param(
            "{url: 'http://h', headers: {a: '${env:WIDE}'}}",
            "2:37: the variable in '${env:WIDE}' does not hold header text of one line",
            id="variable-not-latin-1",
        ),
    ],
)
def test_bad_runtimes(tmp_path: Path, fields: str, problem: str) -> None:
    """What cannot be a runtime is named with its place; a variable's value is never shown."""
    with pytest.raises(BadFileError) as caught:
        read_one(tmp_path, fields)
    shown = str(caught.value).removeprefix(f"{tmp_path}/runtimes.yaml:")
    assert shown.startswith(problem)
    assert len(caught.value.problems) == 1
    assert "x: y" not in shown


@pytest.mark.parametrize("name", ["Go", "-a", "a b", "a" * 64])
def test_names_of_runtimes(tmp_path: Path, name: str) -> None:
    """A runtime's name is a short lower-case word."""
    with pytest.raises(BadFileError, match="unknown field"):
        read(tmp_path, f"runtimes:\n  {name}: {{url: 'http://h'}}\n")

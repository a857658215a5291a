"""No secret reaches any output, however a runtime writes it.

Outputs are console, files, recordings, logs, reports and pytest.
"""

import base64
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from conformance.runner.secrets import Secrets
from tests.cli.command import cold_conformance, conformance
from tests.miniatures import echoes_secrets
from tests.miniatures.server import Received, Reply, json_reply, serve

OF_SUITE = 'Canary/w\xf6rd<&"7 x'
OF_RUNTIME = "Sparrow-t\xf6ken+'<9 y"
VARIABLES = {"SUITE_SECRET": OF_SUITE, "RUNTIME_SECRET": OF_RUNTIME}
SUITE = """\
suite: secrets/echoed
env: [SUITE_SECRET]
compare: value
cases:
  - name: everywhere
    steps:
      - request:
          POST: "/echo/${env:SUITE_SECRET}"
          headers: {x-secret: "${env:SUITE_SECRET}"}
          raw: "${env:SUITE_SECRET}"
        capture: {it: "$.values[0]"}
      - request: {GET: "/again/${it}", headers: {x-secret: "${it}"}}
  - name: in-last-words
    request: {GET: "/crash/${env:SUITE_SECRET}"}
"""
RUNTIMES = """\
runtimes:
  one: {command: &, headers: {x-token: "${env:RUNTIME_SECRET}"}, fallback: one.ndjson}
  two: {command: &, headers: {x-token: ["${env:RUNTIME_SECRET}", and more]}, fallback: two.ndjson}
""".replace("&", '["${python}", echoes.py, "${port}"]')


def forms(value: str) -> Iterator[bytes]:
    """Yield what must be nowhere, in lower case."""
    raw = value.encode()
    texts = [
        value,
        json.dumps(value)[1:-1],
        json.dumps(json.dumps(value)[1:-1])[1:-1],
        html.escape(value),
    ]
    texts += [
        "".join(f"\\u{ord(character):04x}" for character in value),
        "".join(f"\\\\u{ord(character):04x}" for character in value),
        quote(quote(value, safe=""), safe=""),
        "".join(f"&#{ord(character)};" for character in value),
        "".join(f"&#x{ord(character):x};" for character in value),
        quote(value, safe=""),
        quote(value),
        quote_plus(value),
        raw.hex(),
        re.split(r"[^A-Za-z]", value)[0],
    ]
    yield from (text.lower().encode() for text in texts)
    yield value.lower().encode("latin-1")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            whole = encode(b"u:"[:offset] + raw + b"!")
            yield whole[4:-4].lower()


def leaks(shown: bytes) -> list[bytes]:
    """Return the forms of either secret that are in an output."""
    folded = shown.lower()
    in_one_line = re.sub(rb"\s|\\\\?[nr]", b"", folded)
    folded += in_one_line
    return [form for value in (OF_SUITE, OF_RUNTIME) for form in forms(value) if form in folded]


def test_what_is_looked_for_is_what_is_sent() -> None:
    """The canary finds each way in which the echo writes."""
    for value in (OF_SUITE, OF_RUNTIME):
        ways = dict(echoes_secrets.ways(value))
        assert len(ways) == 26
        hidden = [name for name, written in ways.items() if not leaks(written.encode())]
        assert hidden == ["percent, all", "mixed"]  # what is plain text is found as such


@pytest.mark.parametrize("value", [OF_SUITE, OF_RUNTIME])
def test_every_way_has_its_mark(value: str) -> None:
    """Each way is replaced, and two ways that a caller can tell apart still differ."""
    secrets = Secrets({"T": value})
    marks = {name: secrets.without(written) for name, written in echoes_secrets.ways(value)}

    assert [name for name, mark in marks.items() if "[secret:T" not in mark] == []
    assert (marks["raw"], marks["other case"]) == ("[secret:T]", "[secret:T:other case]")
    assert marks["json"] == marks["json in utf-8"] == '"[secret:T]"'
    assert (
        len(
            {
                marks[name]
                for name in (
                    "raw",
                    "json twice",
                    "percent",
                    "html",
                    "hex",
                    "hex, upper",
                    "base64 at 0",
                )
            }
        )
        == 7
    )
    assert secrets.without(f"<{value}{value}>") == "<[secret:T][secret:T]>"


def _all_outputs(folder: Path) -> "list[subprocess.CompletedProcess[str]]":
    """Return what every command that writes about the cases has printed, in a folder of its own."""
    (folder / "suite.yaml").write_text(SUITE)
    (folder / "runtimes.yaml").write_text(RUNTIMES)
    shutil.copy(echoes_secrets.__file__, folder / "echoes.py")

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return cold_conformance(*words, cwd=folder, PYTHONUTF8="1", **VARIABLES)

    done = [run("run", "suite.yaml", "-v"), run("run", "suite.yaml", "--json")]
    assert [each.returncode for each in done] == [1, 1]
    assert "runtime_crashed" in done[0].stdout
    assert "[secret:RUNTIME_SECRET" in done[0].stdout
    done += [
        run("explain", "secrets/*"),
        run("explain", _first_key(folder), "--json"),
        run("gate"),
        run("changes", "latest", "latest"),
    ]
    done += [run("report", "--format", style) for style in ("console", "markdown", "json", "junit")]
    done += [
        run("record", "suite.yaml", "--case", "*/everywhere"),
        run("noise", "suite.yaml", "--case", "*/everywhere"),
    ]
    assert done[-2].returncode == 0
    return [*done, _pytest_in(folder)]


def _first_key(folder: Path) -> str:
    """Return the key of the first cause of the last run."""
    report = json.loads((folder / "reports/runs/latest/report.json").read_text())
    key: str = report["groups"][0]["key"]
    return key


def _pytest_in(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run the cases by the plugin of pytest, with a JUnit file."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--conformance",
            "-p",
            "no:schemathesis",
            "--junitxml=pytest.xml",
        ],
        cwd=folder,
        env={**os.environ, **VARIABLES},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_output_holds_a_secret(tmp_path: Path) -> None:
    """No command, no file it writes, pytest or JUnit file holds either secret in any form."""
    printed = {
        f"output {number}": (each.stdout + each.stderr).encode()
        for number, each in enumerate(_all_outputs(tmp_path))
    }
    ours = {"suite.yaml", "runtimes.yaml", "echoes.py"}
    files = {
        str(file): file.read_bytes()
        for file in tmp_path.rglob("*")
        if file.is_file() and file.name not in ours
    }
    assert {"one.ndjson", "pytest.xml", "junit.xml", "one.log", "report.md"} <= {
        Path(name).name for name in files
    }
    assert b"[secret:SUITE_SECRET]" in next(
        raw for name, raw in files.items() if name.endswith("one.log")
    )
    assert {name: found for name, raw in (printed | files).items() if (found := leaks(raw))} == {}


def test_the_command_sends_the_same_target(tmp_path: Path) -> None:
    """A curl command with the secret left to the shell sends the same request, percent-encoded."""
    received: list[Received] = []
    (tmp_path / "suite.yaml").write_text(
        "suite: a\nenv: [SUITE_SECRET]\ncases:\n  - {name: x, request: {GET: "
        '"/a/${env:SUITE_SECRET}?b"}}\n'
    )

    def keep(request: Received) -> Reply:
        received.append(request)
        return json_reply({})

    with serve(keep) as url:
        words = ("--runtime", f"a={url}", "--runtime", f"b={url}")
        conformance("run", "suite.yaml", *words, cwd=tmp_path, **VARIABLES)
        explained = conformance("explain", "a/x", cwd=tmp_path).stdout
        command = next(
            line.strip() for line in explained.splitlines() if line.strip().startswith("curl --")
        )
        subprocess.run(
            ["sh", "-c", command], env={**os.environ, **VARIABLES}, capture_output=True, check=True
        )

    assert leaks(command.encode()) == []
    assert [request.target for request in received] == [f"/a/{quote(OF_SUITE, safe='')}?b"] * 3

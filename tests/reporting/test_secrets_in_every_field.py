"""A secret in each field that a runtime fills: no output of any verb has it.

Fields of answers, faults, notes, setups, captures, cookies, logins, pages, commands, signers and
clean-ups.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.command import conformance
from tests.miniatures.places_of_secrets import places, repeat, repeat_in_capitals
from tests.miniatures.server import serve_script

if TYPE_CHECKING:
    import subprocess

CANARY: Final = "Canary-7x-word"
VARIABLES: Final = {"TOKEN": CANARY, "OTHER": "Another-9y-thing"}
PLACES: Final = tuple(places(b"x"))
UNQUOTED: Final = {
    *("status-line", "version", "length", "two-lengths", "bad-header", "folded-header"),
    *("trailer", "informational", "after-the-answer", "cut-off", "bytes"),
}
"""Places of which a record has no text: the name of a fault, a note, or base64."""
SUITE: Final = """\
suite: places
env: [TOKEN]
timeout_ms: 2000
compare: value
cases:
"""
HAND_WRITTEN: Final = """\
  - name: in-a-capture
    steps:
      - request: {GET: "/value/${env:TOKEN}"}
        capture: {it: "$.a[0]"}
      - request: {GET: "/member/${it}"}
  - name: in-a-capture-that-finds-nothing
    steps:
      - request: {GET: "/member/${env:TOKEN}"}
        capture: {it: "$.nothing"}
      - request: {GET: "/x/${it}"}
  - name: in-a-setup
    setup: [{request: {GET: "/error-message/${env:TOKEN}"}, expect: {status: 200}}]
    request: {GET: /x/y}
  - name: in-a-clean-up
    request: {GET: "/value/${env:TOKEN}"}
    cleanup: [{request: {DELETE: "/bad-header/${env:TOKEN}"}}]
  - name: in-what-is-waited-for
    request: {GET: "/value/${env:TOKEN}"}
    until: {json: {a: [ready]}}
    within_ms: 300
  - name: in-an-expectation-that-is-not-met
    request: {GET: "/value/${env:TOKEN}"}
    expect: {json: {a: [ready]}, headers: {x-token: none}}
  - name: in-pages
    request: {GET: "/location/${env:TOKEN}"}
    pages: {items: $.items, next: {header: location}, most: 3}
  - name: in-cookies
    cookies: jar
    steps:
      - request: {GET: "/cookie/${env:TOKEN}"}
      - request: {GET: "/value/${env:TOKEN}"}
  - name: in-a-request
    request:
      POST: "/value/${env:TOKEN}?q=${env:TOKEN}"
      headers: {authorization: "Bearer ${env:TOKEN}"}
      json: {password: "${env:TOKEN}"}
"""
LOAD: Final = """\
load:
  env: [TOKEN]
  users: 1
  duration: 20s
  stop_after_scenarios: 4
  scenarios:
    look:
      weight: 1
      steps:
        - request: {GET: "/error-message/${env:TOKEN}"}
          expect: {status: 200, json: {a: 1}}
    fault:
      weight: 1
      steps: [{request: {GET: "/transfer-coding/${env:TOKEN}"}}]
"""
VERBS: Final = (
    ("run", "suite.yaml", "-v"),
    ("explain", "*"),
    ("explain", "*", "--json"),
    ("explain", "KEY1", "--all"),
    ("gate",),
    ("changes", "latest", "latest"),
    ("report", "--format", "console"),
    ("report", "--format", "markdown"),
    ("report", "--format", "json"),
    ("report", "--format", "junit"),
    ("report", "--format", "html"),
    ("decide", "KEY1", "--owner", "me", "--reason", "because"),
    ("decide", "KEY2", "--owner", "me", "--reason", "because"),
    ("decide", "KEY3", "--owner", "me", "--reason", "because"),
    ("run", "suite.yaml", "--json"),
    ("noise", "suite.yaml", "--case", "*/in-*"),
    ("fuzz", "suite.yaml", "--requests", "60", "--seed", "1", "--output", "found.yaml"),
    ("load", "load.yaml"),
    ("report", "--format", "markdown"),
    (
        "record",
        "suite.yaml",
        "--case",
        "*/*-value",
        "--output",
        "one.ndjson",
        "--runtime",
        "one=URL",
    ),
)


def write_project(folder: Path, first: str, other: str) -> None:
    """Write a suite with a case for each place, an empty ledger and two runtimes."""
    cases = "".join(
        f'  - {{name: {place}, request: {{GET: "/{place}/${{env:TOKEN}}"}}}}\n' for place in PLACES
    )
    (folder / "suite.yaml").write_text(SUITE + cases + HAND_WRITTEN)
    (folder / "load.yaml").write_text(LOAD)
    (folder / "decisions.yaml").write_text("decisions: []\n")
    (folder / "runtimes.yaml").write_text(
        "runtimes:\n"
        f'  one: {{url: "{first}", headers: {{x-own: "${{env:OTHER}}"}}, disposable: true}}\n'
        f'  two: {{url: "{other}", disposable: true}}\n'
    )


def _key(folder: Path, word: str) -> str:
    """Return a word, with the key of a cause of the last run for KEY1 and so on."""
    if not word.startswith("KEY"):
        return word
    report = json.loads((folder / "reports/runs/latest/report.json").read_text())
    key: str = report["groups"][int(word.removeprefix("KEY")) - 1]["key"]
    return key


def leaks(raw: bytes) -> list[str]:
    """Return the secrets that an output has, whatever their case."""
    return [value for value in VARIABLES.values() if value.lower().encode() in raw.lower()]


@pytest.fixture(name="printed", scope="module")
def printed_by_every_verb(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Path, dict[str, "subprocess.CompletedProcess[str]"]]]:
    """Run every verb that writes of the cases, in one folder."""
    folder = tmp_path_factory.mktemp("places")
    with serve_script(repeat) as first, serve_script(repeat_in_capitals) as other:
        write_project(folder, first, other)
        outputs = {}
        for words in VERBS:
            command = [_key(folder, word.replace("URL", first)) for word in words]
            outputs[" ".join(words)] = conformance(
                *command, cwd=folder, PYTHONUTF8="1", **VARIABLES
            )
        yield folder, outputs


def test_no_verb_prints_a_secret(
    printed: tuple[Path, dict[str, "subprocess.CompletedProcess[str]"]],
) -> None:
    """Whatever it prints, on either stream; and none ends in a traceback."""
    _, outputs = printed
    found = {words: leaks((done.stdout + done.stderr).encode()) for words, done in outputs.items()}
    assert {words: values for words, values in found.items() if values} == {}
    assert [words for words, done in outputs.items() if "Traceback" in done.stderr] == []


def test_no_file_holds_a_secret(
    printed: tuple[Path, dict[str, "subprocess.CompletedProcess[str]"]],
) -> None:
    """Records, reports, recordings, rows and logs."""
    folder, _ = printed
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {
        *("run.ndjson", "report.html", "report.md", "report.json", "junit.xml"),
        *("one.ndjson", "decisions.yaml"),
    }
    assert {str(file): leaks(file.read_bytes()) for file in files if leaks(file.read_bytes())} == {}


@pytest.mark.parametrize("place", [place for place in PLACES if place not in UNQUOTED])
def test_each_place_is_reached(
    printed: tuple[Path, dict[str, "subprocess.CompletedProcess[str]"]], place: str
) -> None:
    """The case of each place was asked, so that there was something to leave out."""
    folder, _ = printed
    record = next((folder / "reports/runs").glob("2*/run.ndjson")).read_text()
    (line,) = (line for line in record.splitlines() if f'"case":"places/{place}"' in line)
    assert "[secret:TOKEN" in line


SIGNER: Final = """\
import sys
sys.stderr.write("cannot sign " + sys.stdin.read())
raise SystemExit(1)
"""
SIGNED: Final = """\
suite: s
env: [TOKEN]
cases:
  - {name: x, request: {GET: "/x/y", headers: {x-token: "${env:TOKEN}"}}, sign: own}
"""


def test_what_a_signing_command_says(tmp_path: Path) -> None:
    """It is given the whole request, and its last words are shown."""
    (tmp_path / "sign.py").write_text(SIGNER)
    (tmp_path / "suite.yaml").write_text(SIGNED)
    with serve_script(repeat) as url:
        (tmp_path / "runtimes.yaml").write_text(
            f"runtimes:\n  a: {{url: '{url}', signers: {{own: {{command: ['${{python}}', sign.py]}}}}}}\n"
        )
        done = conformance("run", "suite.yaml", "-v", cwd=tmp_path, **VARIABLES)
    record = next((tmp_path / "reports/runs").glob("2*/run.ndjson")).read_bytes()
    assert "cannot sign" in done.stdout
    assert leaks((done.stdout + done.stderr).encode() + record) == []


def test_what_a_login_is_answered(tmp_path: Path) -> None:
    """A login that fails ends the run before there is a record; the message shows the answer."""
    (tmp_path / "suite.yaml").write_text("suite: s\ncases:\n  - {name: x, request: {GET: /x/y}}\n")
    with serve_script(repeat) as url:
        (tmp_path / "runtimes.yaml").write_text(
            f"runtimes:\n  a:\n    url: '{url}'\n    login:\n"
            "      - {request: {GET: '/value/${env:TOKEN}'}, capture: {access: $.a}}\n"
            "      - {request: {GET: '/x/${access}'}, expect: {json: {a: nothing}}}\n"
        )
        done = conformance("run", "suite.yaml", cwd=tmp_path, **VARIABLES)
    assert "its login failed" in done.stderr
    assert leaks((done.stdout + done.stderr).encode()) == []

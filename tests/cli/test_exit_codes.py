"""Every way a command can end has its exit code and one message that says what to do.

Never a traceback.
"""

import re
import socket
import tomllib
from pathlib import Path

import pytest

from tests.cli.command import cold_conformance, conformance
from tests.miniatures.server import always, serve

GOOD = "suite: a/b\ncases:\n  - name: one\n    request: {GET: /}\n    tags: [fast]\n"
NOWHERE = ("--runtime", "a=http://127.0.0.1:9", "--runtime", "b=http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("suite", "words", "code", "message"),
    [
        pytest.param(
            "suite: a/b\ncases:\n  - name: one\n    reqest: {GET: /}\n    expct: {}\n",
            ("run", "s.yaml", *NOWHERE),
            2,
            "error: s.yaml:3:5: wanted exactly one of request, run, steps; got none\n"
            "s.yaml:4:5: unknown field 'reqest'; did you mean 'request'?\n"
            "s.yaml:5:5: unknown field 'expct'; did you mean 'expect'?\n",
            id="all problems of a file at once",
        ),
        pytest.param(
            GOOD,
            ("run", "other.yaml"),
            2,
            "error: other.yaml: no such file or folder\n  hint: name a suite",
            id="no file",
        ),
        pytest.param(
            GOOD,
            ("run", "s.yaml"),
            2,
            "error: no runtimes: no runtimes.yaml in or above s.yaml\n",
            id="no runtimes",
        ),
        pytest.param(
            GOOD,
            ("run", "s.yaml", "--runtime", "a=ftp://x"),
            2,
            "error: --runtime a=ftp://x: wanted http://",
            id="bad URL",
        ),
        pytest.param(
            GOOD,
            ("run", "s.yaml", *NOWHERE, "--runtime", "a=http://h"),
            2,
            "error: --runtime: a is named twice",
            id="twice",
        ),
        pytest.param(
            GOOD,
            ("run", "s.yaml", *NOWHERE, "--baseline", "c"),
            2,
            "error: --baseline c: no such runtime\n  hint: one of a, b\n",
            id="baseline",
        ),
        pytest.param(
            GOOD,
            ("run", "s.yaml", *NOWHERE, "--supports", "c=x"),
            2,
            "error: --supports c=x: wanted NAME=",
            id="supports",
        ),
        pytest.param(
            GOOD,
            ("run", "", *NOWHERE),
            2,
            "Error: Invalid value for '[PATHS]...': wanted a path, got an empty text",
            id="empty path",
        ),
        pytest.param(
            GOOD,
            ("run", "s.yaml", *NOWHERE, "--runs", ""),
            2,
            "Error: Invalid value for '--runs': wanted a path, got an empty text",
            id="empty path of an option",
        ),
        pytest.param(
            GOOD,
            ("run", "s.yaml", *NOWHERE, "--ledger", "none.yaml"),
            2,
            "error: none.yaml: cannot be read: No such file or directory\n  hint: check the path",
            id="missing ledger",
        ),
        pytest.param(
            GOOD,
            ("load", "none.yaml", *NOWHERE),
            2,
            "error: none.yaml: cannot be read: No such file or directory\n  hint: check the path",
            id="missing load",
        ),
        pytest.param(
            GOOD,
            ("import", "none.har"),
            2,
            "error: none.har: No such file or directory\n  hint: check the path",
            id="missing import",
        ),
        pytest.param(
            GOOD,
            ("discover", "a", "b=http://127.0.0.1:9"),
            2,
            "error: a: wanted NAME=URL with a lower-case name\n  hint: a=http://",
            id="discover misspelt",
        ),
        pytest.param(
            GOOD,
            ("schema", "siute"),
            2,
            "Error: Invalid value for '[KIND]': 'siute' is not one of 'suite'",
            id="unknown kind",
        ),
        pytest.param(
            GOOD, ("run", "--no-such"), 2, "Error: No such option '--no-such'", id="unknown option"
        ),
        pytest.param(
            GOOD, ("rnu",), 2, "error: rnu: no such command; did you mean 'run'?", id="unknown verb"
        ),
        pytest.param(
            GOOD,
            ("report",),
            2,
            "error: no run 'latest' in reports/runs\n  hint: `conformance run`",
            id="no run yet",
        ),
        pytest.param(
            GOOD,
            ("explain", "kq3f"),
            2,
            "error: no run 'latest' in reports/runs\n",
            id="nothing to explain",
        ),
        pytest.param(
            GOOD,
            ("run", "s.yaml", *NOWHERE),
            4,
            "error: runtime a: http://127.0.0.1:9 cannot be reached: connect_refused: 127.0.0.1:9",
            id="unreachable",
        ),
        pytest.param(
            GOOD,
            ("run", "s.yaml", *NOWHERE, "--tag", "slow"),
            5,
            "error: 0 of 1 case selected, at least 1",
            id="none selected",
        ),
        pytest.param(
            GOOD,
            ("run", "s.yaml", *NOWHERE, "--min-cases", "2"),
            5,
            "error: 1 of 1 case selected, at least 2",
            id="too few",
        ),
        pytest.param(
            GOOD,
            ("record", "s.yaml", *NOWHERE),
            2,
            "error: no runtime here has a `fallback`",
            id="record where",
        ),
    ],
)
def test_how_a_command_ends(
    tmp_path: Path, suite: str, words: tuple[str, ...], code: int, message: str
) -> None:
    """The exit code and the whole start of the message."""
    (tmp_path / "s.yaml").write_text(suite)

    done = conformance(*words, cwd=tmp_path)

    shown = "".join(
        line
        for line in done.stderr.splitlines(keepends=True)
        if not line.startswith(("Usage:", "Try "))
    )
    assert shown.lstrip("\n").startswith(message)
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout) == (code, "")


def test_reports_that_cannot_be_written(tmp_path: Path) -> None:
    """A file where the folder of runs should be is one message and exit 2."""
    (tmp_path / "s.yaml").write_text(GOOD)
    (tmp_path / "reports").write_text("in the way")
    with serve(always({})) as url:
        done = conformance(
            "run", "s.yaml", "--runtime", f"a={url}", "--runtime", f"b={url}", cwd=tmp_path
        )

    assert re.fullmatch(r"error: reports/runs/[0-9TZa-f-]+: Not a directory\n", done.stderr)
    assert done.returncode == 2


def test_a_runtime_that_stops_answering_is_an_errored_case(tmp_path: Path) -> None:
    """A runtime that was reached and then hangs gives errored cases and 1, not 4."""
    (tmp_path / "s.yaml").write_text(GOOD + "    timeout_ms: 1000\n")
    with socket.create_server(("127.0.0.1", 0)) as listener, serve(always({})) as url:
        silent = f"http://127.0.0.1:{listener.getsockname()[1]}"
        done = conformance(
            "run", "s.yaml", "--runtime", f"a={url}", "--runtime", f"b={silent}", cwd=tmp_path
        )

    assert "errored   a/b/one" in done.stdout
    assert "b: timeout_idle: no byte for 500 ms" in done.stdout
    assert done.returncode == 1


def test_every_verb_explains_itself(tmp_path: Path) -> None:
    """Each help has an example, and the group's help lists each verb and the exit codes."""
    top = cold_conformance("--help", cwd=tmp_path).stdout
    for verb in (
        "run",
        "list",
        "explain",
        "report",
        "gate",
        "changes",
        "init",
        "import",
        "record",
        "schema",
        "doctor",
    ):
        assert f"  {verb} " in top
        shown = cold_conformance(verb, "--help", cwd=tmp_path)
        assert "Example" in shown.stdout
        assert f"conformance {verb}" in shown.stdout
        assert shown.returncode == 0
    assert "4    a runtime could not be started or reached" in top
    bare = cold_conformance(cwd=tmp_path)
    assert (bare.returncode, bare.stderr.strip()) == (2, top.strip())
    assert cold_conformance("--version", cwd=tmp_path).stdout == "conformance 0.1.0\n"


def test_list_and_doctor(tmp_path: Path) -> None:
    """`list` shows ids, level and tags.

    `doctor` says what a run would find, without asking anybody.
    """
    (tmp_path / "s.yaml").write_text(GOOD)
    (tmp_path / "runtimes.yaml").write_text(
        "runtimes:\n  here: {url: 'http://127.0.0.1:9'}\n  gone: {command: [no-such-program]}\n"
    )

    listed = conformance("list", "s.yaml", cwd=tmp_path)
    looked = conformance("doctor", "s.yaml", cwd=tmp_path)

    assert listed.stdout == "a/b/one  shape   s.yaml:3:5  #fast\n1 of 1 case\n"
    said = re.sub(r" {2,}", "  ", looked.stdout)  # columns are as wide as the longest name
    assert "ok  runtime here  would be called at http://127.0.0.1:9\n" in said
    assert (
        "bad  runtime gone  no-such-program is not on this machine, and there is no fallback\n"
        in said
    )
    assert looked.returncode == 4


def test_doctor_with_a_named_runtimes_file(tmp_path: Path) -> None:
    """The file that is named is the one that is found; a bad file is exit 2, as in a run."""
    (tmp_path / "s.yaml").write_text(GOOD)
    named = tmp_path / "else.yaml"
    named.write_text("runtimes:\n  here: {url: 'http://127.0.0.1:9'}\n")
    looked = conformance("doctor", "s.yaml", "--runtimes", named.name, cwd=tmp_path)
    assert "ok    runtimes.yaml" in looked.stdout
    assert "not found: name runtimes" not in looked.stdout
    assert looked.returncode == 0

    named.write_text("runtimes:\n  here: {ulr: 'http://127.0.0.1:9'}\n")
    looked = conformance("doctor", "s.yaml", "--runtimes", named.name, cwd=tmp_path)
    assert "bad   runtimes.yaml" in looked.stdout
    assert "else.yaml:2:10: unknown field 'ulr'" in looked.stdout
    assert "ok    decisions.yaml" in looked.stdout or "note  decisions.yaml" in looked.stdout
    assert looked.returncode == 2


def test_doctor_names_the_extras_that_there_are(tmp_path: Path) -> None:
    """Those that the package declares, each with how it is installed."""
    declared = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    extras = set(declared["optional-dependencies"]) - {"all", "dev"}
    lines = conformance("doctor", cwd=tmp_path).stdout.splitlines()
    named = {line.split()[2]: line for line in lines if line.split()[1] == "extra"}
    assert named.keys() == extras
    for name, line in named.items():
        assert line.endswith(("  installed", f"; pip install 'conformance-harness[{name}]'"))

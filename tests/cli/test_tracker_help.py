"""The help of `conformance tracker` and its verbs, and what is said to one who mistypes."""

from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.cli.warm_command import WarmCommand, warm_command

HELP = """\
Usage: conformance tracker [OPTIONS] COMMAND [ARGS]...

  Keep the ledger of decisions, and the document that is rendered from it.

Options:
  -h, --help  Show this message and exit.

Commands:
  sync      Bring the document up to date from the ledger and a complete run.
  check     Exit 1 for any drift between ledger, document, evidence and
            copies.
  accept    Say that a difference is kept on purpose.
  done      Say that a difference is fixed, in which commit.
  reopen    Take a row back to open.
  widen     Take a further runtime into a row.
  migrate   Rewrite rows of an earlier version in place.
  snapshot  Freeze a dated copy of the document.
  pointer   Write the file that points here from another repository.

  Examples:
    conformance run && conformance tracker sync --run latest
    conformance tracker accept D-007 --kind intentional --reason "callers rely on it"
    conformance tracker done D-007 go@1a2b3c4
    conformance tracker check
"""


@pytest.fixture(scope="module")
def command() -> WarmCommand:
    """Return the command, warm."""
    return warm_command()


def test_the_help_of_the_group(tmp_path: Path) -> None:
    """It lists the verbs in the order of a row's life, with examples."""
    done = conformance("tracker", "--help", cwd=tmp_path, COLUMNS="80")

    assert (done.returncode, done.stdout, done.stderr) == (0, HELP, "")


@pytest.mark.parametrize(
    "verb", ["sync", "check", "accept", "done", "reopen", "widen", "migrate", "snapshot", "pointer"]
)
def test_the_help_of_a_verb(command: WarmCommand, tmp_path: Path, verb: str) -> None:
    """It has an example and no traceback."""
    done = command("tracker", verb, "--help", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: conformance tracker {verb} [OPTIONS]")
    assert f"\n    conformance tracker {verb}" in done.stdout.partition("  Example")[2]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("tracker", "snyc"), "Error: No such command 'snyc'; did you mean 'sync'?\n"),
        (("tracker", "accept"), "Error: Missing argument 'ID'.\n"),
        (("decide", "kq3f"), "Error: Missing option '--owner'.\n"),
        (
            ("tracker", "check"),
            (
                "  hint: `mkdir -p cases && echo 'decisions: []' > cases/decisions.yaml` makes one; "
                "or name it with --ledger\n"
            ),
        ),
    ],
)
def test_a_wrong_command_line(
    command: WarmCommand, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """One message that names what was meant or is missing, and exit 2."""
    done = command(*words, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(message)
    assert "Traceback" not in done.stderr

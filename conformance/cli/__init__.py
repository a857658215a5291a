"""The `conformance` command: one verb per file, imported when it is used.

The help of the command itself is plain text that needs no library, so it costs little more than the
start of the interpreter.
"""

import gc
import io
import os
import sys

from conformance import __version__

VERBS = {
    "demo": "Walk from a red run to a green one, with two small services.",
    "run": "Replay cases against runtimes, compare, judge, report.",
    "list": "List the cases of a selection.",
    "explain": "Show one case or cause of a run in full, with curl commands.",
    "next": "Give one undecided cause with its fix, for scripts and agents.",
    "report": "Render a saved run again.",
    "decide": "Write ledger rows for causes that a saved run showed.",
    "gate": "Judge saved runs, all shards as one, by the ledger as it is now.",
    "init": "Write the first files of a new folder of cases.",
    "discover": "Find differences between runtimes without suites, and report them on one page.",
    "import": "Make a suite of curl commands or a HAR file.",
    "changes": "Say what changed from one saved run to another.",
    "record": "Capture what runtimes answer, or check what was captured.",
    "tracker": "Keep the ledger and the document that is rendered from it.",
    "load": "Drive weighted scenarios with many users, and measure each runtime.",
    "review": "Show a change to several models, and count where they converge.",
    "gauntlet": "Run the whole chain that a change has to pass, and give a verdict.",
    "fuzz": "Look for differences that no case is about.",
    "selftest": "Plant defects in front of a runtime, and check that each one is found.",
    "noise": "Propose rules for what runtimes answer differently by themselves.",
    "schema": "Print the JSON Schema of suites, runtimes and decisions, for editors.",
    "doctor": "Say what this machine has and lacks for a run.",
}
_HELP = """\
Usage: conformance [OPTIONS] COMMAND [ARGS]...

  Replay the same requests against any number of runtimes of one service, and see every
  difference with its cause.

Commands:
{verbs}

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit; `conformance COMMAND --help` explains a command.

Exit codes:
  0    parity, differences that are decided included
  1    the gate is red
  2    bad usage, a bad file, or a path that cannot be read or written
  3    a defect in the harness
  4    a runtime could not be started or reached
  5    nothing selected or nothing proved, or fewer than --min-cases or --min-compared
  130  interrupted
  141  the reader of the output ended before it had read all of it

Example:
  conformance run my.yaml --runtime a=http://127.0.0.1:8001 --runtime b=http://127.0.0.1:8002
"""


def help_text() -> str:
    """Return the help of the command itself."""
    return _HELP.format(verbs="\n".join(f"  {verb:<8} {what}" for verb, what in VERBS.items()))


def prepare_streams() -> None:
    """Make sure that the standard streams can be written to.

    A closed stream is replaced by the null device: otherwise the first file or socket would get its
    number. Characters that the charset of a stream lacks are written as escapes.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(number, mode, closefd=False))  # noqa: SIM115 - open as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal of another charset than UTF-8
            stream.reconfigure(errors="backslashreplace")


def _print(text: str) -> int:
    """Print a text and return the exit code."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        from conformance.cli.verbs import report_error  # noqa: PLC0415 - what a verb needs is slow to load

        return report_error(error)
    return 0


def main() -> None:
    """Run the command line and exit with its code."""
    prepare_streams()
    arguments = sys.argv[1:]
    if arguments in (["-h"], ["--help"]):
        sys.exit(_print(help_text()))
    if arguments == ["--version"]:
        sys.exit(_print(f"conformance {__version__}\n"))
    gc.disable()  # imports make no garbage, and the search for it took a tenth of the start
    from conformance.cli.verbs import run_verb  # noqa: PLC0415 - what a verb needs is slow to load

    sys.exit(run_verb())

"""The `conformance` command: one verb a file, loaded only when it is asked for.

Exit codes: 0 parity (known differences included), 1 gate red, 2 usage or bad file, 3 harness error, 4 a runtime could
not be started or reached, 5 nothing selected or fewer than `--min-cases`, 130 interrupted.
"""

import importlib
import signal
import sys
from typing import Final

import click

from conformance import __version__
from conformance.errors import ConformanceError, UsageError

VERBS: Final = {
    "run": "Replay cases against runtimes, compare, judge, report.",
    "list": "List the cases that a selection holds.",
    "explain": "Show one case or cause of a run in full, with curl commands.",
    "report": "Render a saved run again.",
    "gate": "Judge a saved run by the ledger as it is now.",
    "record": "Capture what runtimes answer, or check what was captured.",
    "doctor": "Say what this machine has and lacks for a run.",
}
_HARNESS_ERROR: Final = 3
_INTERRUPTED: Final = 130
_EPILOG: Final = """\b
Exit codes:
  0  parity, known differences included
  1  the gate is red
  2  bad usage or a bad file
  3  a defect in the harness
  4  a runtime could not be started or reached
  5  nothing selected, or fewer than --min-cases

\b
Example:
  conformance run my.yaml --runtime a=http://127.0.0.1:8001 --runtime b=http://127.0.0.1:8002
"""


class _Verbs(click.Group):
    """A group that imports a verb's module when the verb is used, so that `--help` stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"conformance.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=_Verbs, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="conformance")
def cli() -> None:
    """Replay the same requests against any number of runtimes of one service; see every difference and its cause."""


def main() -> None:
    """Run the command line and exit with its code; bad input is one message, never a traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked to end: stop what was started, keep what was seen
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except ConformanceError as error:
        click.echo(f"error: {error}", err=True)
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; what was written so far is kept", err=True)
        code = _INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except OSError as error:
        click.echo(f"error: {error.filename or 'input or output'}: {error.strerror}", err=True)
        code = UsageError.exit_code
    except Exception:  # noqa: BLE001 - the outermost door: anything else is a defect of ours
        sys.excepthook(*sys.exc_info())
        click.echo("error: this is a defect in the harness; please report it with the lines above", err=True)
        code = _HARNESS_ERROR
    sys.exit(code)

"""The verbs behind the command, and the one door through which every error leaves.

Bad input is one message, never a traceback; the exit codes are in the command's help.
"""

import difflib
import errno
import gc
import importlib
import keyword
import signal
import sys
from typing import Final

import click

from conformance.cli import VERBS, help_text
from conformance.errors import ConformanceError, HarnessError, UsageError
from conformance.outgoing import guarded

_INTERRUPTED: Final = 130
_LIKENESS: Final = 0.6
"""Two letters that changed places in a verb of three are as like as this."""
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What is wrong with the disk, and not with what was asked for."""


class _Verbs(click.Group):
    """A group that imports a verb's module when the verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(
            f"conformance.cli.{cmd_name}{'_' * keyword.iskeyword(cmd_name)}"
        )
        _spare_collections()
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that is meant.

        Raises UsageError for a word that is none, with the one it is like.
        """
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], VERBS, 1, _LIKENESS)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise UsageError(
                f"{args[0]}: no such verb{meant}", hint="`conformance --help` lists the verbs"
            )
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:  # noqa: ARG002
        return help_text().rstrip("\n")


def _spare_collections() -> None:
    """Collect garbage less often, and never imports: what a run makes has hardly any cycles."""
    gc.freeze()
    gc.set_threshold(10_000, 50, 50)


@click.group(
    cls=_Verbs,
    subcommand_metavar="VERB [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
def _conformance() -> None:
    """Run one of the verbs."""


def run_verb() -> int:
    """Run the verb of the command line and return the exit code."""
    for number in (
        signal.SIGTERM,
        signal.SIGHUP,
    ):  # asked to end: stop what was started, keep what was seen
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    sys.stdout, sys.stderr = guarded(sys.stdout), guarded(sys.stderr)
    try:
        code: int = _conformance.main(prog_name="conformance", standalone_mode=False)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; there is nobody to tell
        return 0
    except Exception as error:  # noqa: BLE001 - the outermost door
        return _tell(error)
    except KeyboardInterrupt:
        return _tell(click.Abort())
    return code


def _tell(error: Exception) -> int:
    """Say what stopped the command, in one message, and return its exit code."""
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, click.Abort):
        click.echo("interrupted; what was written so far is kept", err=True)
        return _INTERRUPTED
    if isinstance(error, ConformanceError):
        click.echo(f"error: {error}", err=True)
        return error.exit_code
    if isinstance(error, OSError):
        click.echo(f"error: {error.filename or 'standard output'}: {error.strerror}", err=True)
        return HarnessError.exit_code if error.errno in _NO_ROOM else UsageError.exit_code
    sys.excepthook(*sys.exc_info())
    click.echo(
        "error: this is a defect in the harness; please report it with the lines above", err=True
    )
    return HarnessError.exit_code

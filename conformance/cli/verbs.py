"""The verbs of the command, and the one place where all errors are reported.

Bad input results in one message, never a traceback; the exit codes are in the command's help.
"""

import errno
import gc
import importlib
import keyword
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from typing import IO, Any, Final

import click

from conformance.cli import VERBS, help_text
from conformance.errors import (
    ConformanceError,
    HarnessError,
    NameNotUtf8Error,
    UsageError,
    hint_for,
)
from conformance.outgoing import guarded
from conformance.safe_text import is_no_utf8, visible

_READER_GONE: Final = 141
"""The exit code of a program that SIGPIPE ended.

It is neither parity nor red: the reader may have ended before it saw the verdict.
"""
_LIKENESS: Final = 0.6
"""The least similarity of a suggestion: that of a three-letter verb with two letters swapped."""


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
        """Return the command of a verb.

        Raises UsageError for an unknown verb, with the most similar one.
        """
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            import difflib  # noqa: PLC0415 - only for a verb that is unknown

            near = difflib.get_close_matches(args[0], VERBS, 1, _LIKENESS)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise UsageError(
                f"{args[0]}: no such command{meant}",
                hint="`conformance --help` lists the commands",
            )
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:  # noqa: ARG002
        return help_text().rstrip("\n")


def _spare_collections() -> None:
    """Run the garbage collector less often, and not on imports: runs make few cycles."""
    gc.freeze()
    gc.set_threshold(10_000, 50, 50)
    gc.enable()


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
    ):  # handled like Ctrl-C: stop what was started, keep what was written
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    sys.stdout, sys.stderr = guarded(sys.stdout), guarded(sys.stderr)
    try:
        _refuse_other_words(sys.argv[1:])
        code: int = _conformance.main(prog_name="conformance", standalone_mode=False)
    except (KeyboardInterrupt, click.Abort):
        return report_error(_Interruption())
    except SystemExit:  # click raises it if the reader of the output has ended
        return report_error(BrokenPipeError(errno.EPIPE, ""))
    except Exception as error:  # noqa: BLE001 - the outermost handler
        return report_error(_Interruption() if _is_of_interruption(error) else _named(error))
    return code


def _refuse_other_words(words: Sequence[str]) -> None:
    """Raise NameNotUtf8Error for a word that is not UTF-8: records have the command line."""
    for word in filter(is_no_utf8, words):
        raise NameNotUtf8Error(visible(word))


def _named(error: Exception) -> Exception:
    """Return the error, or a NameNotUtf8Error if it is about a name that is not UTF-8."""
    if isinstance(error, UnicodeEncodeError) and is_no_utf8(error.object[error.start : error.end]):
        return NameNotUtf8Error(visible(error.object))
    return error


class _Interruption(click.ClickException):
    """The command was interrupted by a person, a signal, or a closed terminal."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("interrupted; what was written so far is kept")

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message."""
        click.echo(self.message, file=file, err=True)


def _is_of_interruption(error: Exception) -> bool:
    """Return whether an error was raised while an interruption was handled.

    A closed terminal interrupts the command, and then refuses its output.
    """
    earlier = error.__context__
    while isinstance(earlier, OSError):
        earlier = earlier.__context__
    return isinstance(error, OSError) and isinstance(earlier, KeyboardInterrupt)


def report_error(error: Exception) -> int:
    """Print what stopped the command, if that is possible, and return its exit code."""
    for say in (partial(_tell, error), sys.stdout.flush, sys.stderr.flush):
        try:
            say()
        except OSError:
            _discard_output()
    return _exit_code(error)


def _discard_output() -> None:
    """Redirect the output to the null device: buffered output would be tried again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _exit_code(error: Exception) -> int:
    if isinstance(error, OSError):
        # A missing file, or a disk without room: the user can change that
        return _READER_GONE if error.errno == errno.EPIPE else UsageError.exit_code
    code: int = getattr(error, "exit_code", HarnessError.exit_code)
    return code


def _tell(error: Exception) -> None:
    """Print what stopped the command, in one message."""
    if isinstance(error, click.ClickException):
        error.show()
    elif isinstance(error, ConformanceError):
        click.echo(f"error: {error}", err=True)
    elif isinstance(error, BrokenPipeError):
        raise error
    elif isinstance(error, OSError):
        where = error.filename or "standard output"
        click.echo(
            f"error: {UsageError(f'{where}: {error.strerror}', hint=hint_for(error))}", err=True
        )
    else:
        sys.excepthook(type(error), error, error.__traceback__)
        click.echo(
            "error: this is a defect in the harness; please report it with the lines above",
            err=True,
        )

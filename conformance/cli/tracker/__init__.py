"""`conformance tracker`: the ledger's rows, and the living document rendered from them."""

import importlib
from typing import Final

import click

from conformance.suites.field_check import suggestion

_VERBS: Final = {
    "sync": ("document", "Bring the document up to date from the ledger and a complete run."),
    "check": ("document", "Exit 1 for any drift between ledger, document, evidence and copies."),
    "accept": ("rows", "Say that a difference is kept on purpose."),
    "done": ("rows", "Say that a difference is fixed, in which commit."),
    "reopen": ("rows", "Take a row back to open."),
    "widen": ("rows", "Take a further runtime into a row."),
    "migrate": ("rows", "Rewrite rows of an earlier version in place."),
    "snapshot": ("copies", "Freeze a dated copy of the document."),
    "pointer": ("copies", "Write the file that points here from another repository."),
}
_EPILOG = """\b
Examples:
  conformance run && conformance tracker sync --run latest
  conformance tracker accept D-007 --kind intentional --reason "callers rely on it"
  conformance tracker done D-007 go@1a2b3c4
  conformance tracker check
"""


class _TrackerVerbs(click.Group):
    """A group that imports a verb's module when the verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _VERBS:
            return None
        module = importlib.import_module(f"conformance.cli.tracker.{_VERBS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _VERBS:
            ctx.fail(f"No such command {args[0]!r}{suggestion(args[0], list(_VERBS))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in _VERBS.items()])


@click.group("tracker", cls=_TrackerVerbs, subcommand_metavar="COMMAND [ARGS]...", epilog=_EPILOG)
def command() -> None:
    """Keep the ledger of decisions, and the document that is rendered from it."""

"""The reference of the command line, made of what each verb says of itself.

`python -m tests.docs.cli_reference` writes docs/cli.md; a test holds the file against what would be
written.
"""

import importlib
import keyword
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from conformance.cli import VERBS, help_text

FILE: Final = Path(__file__).parents[2] / "docs/cli.md"
_WIDTH: Final = 100
_HEAD: Final = """\
# The command line

Made by `python -m tests.docs.cli_reference` of what `conformance COMMAND --help` says; not to be edited.

A shell completes commands and options once one of these lines is in its start-up file:

    eval "$(_CONFORMANCE_COMPLETE=bash_source conformance)"    # bash: ~/.bashrc
    eval "$(_CONFORMANCE_COMPLETE=zsh_source conformance)"     # zsh: ~/.zshrc
    _CONFORMANCE_COMPLETE=fish_source conformance | source     # fish: ~/.config/fish/config.fish
"""


def reference() -> str:
    """Return the whole page."""
    return "\n".join([_HEAD, *_section("conformance", help_text()), *_verbs()])


def _verbs() -> Iterator[str]:
    for verb in VERBS:
        module = importlib.import_module(f"conformance.cli.{verb}{'_' * keyword.iskeyword(verb)}")
        yield from _command(module.command, f"conformance {verb}")


def _command(command: click.Command, name: str) -> Iterator[str]:
    context = click.Context(
        command,
        info_name=name,
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )
    yield from _section(name, command.get_help(context))
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _command(found, f"{name} {below}")


def _section(name: str, text: str) -> Iterator[str]:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    yield from (f"## {name}", "", "```text", *lines, "```", "")


if __name__ == "__main__":
    FILE.write_text(reference())

"""`conformance schema`: what editors check files by."""

import click

from conformance.cli.file_kinds import KINDS
from conformance.suites.json_schema import schema_text

_EPILOG = """\b
Example:
  conformance schema > .conformance.schema.json
  and, as the first line of a suite in `cases/`:
  # yaml-language-server: $schema=../.conformance.schema.json
"""


@click.command("schema", epilog=_EPILOG)
@click.argument("kind", type=click.Choice(tuple(KINDS)), required=False)
def command(*, kind: str | None) -> int:
    """Print the JSON Schema (draft-07) of a kind of file, for editors; without KIND, of all kinds in one.

    It is made from the tables that the reader itself checks by. What only the reader knows, such as that case names
    are not repeated, `conformance list` says.
    """
    click.echo(schema_text(KINDS, kind), nl=False)
    return 0

"""`conformance schema`: prints schemas for editors, and for programs that read the output."""

import click

from conformance.cli.file_kinds import KINDS
from conformance.reporting.output_schemas import OUTPUTS, output_schema_text
from conformance.suites.json_schema import schema_text

_EPILOG = f"""\b
Kinds:
  {", ".join(KINDS)}
  {", ".join(OUTPUTS)}

\b
Example:
  conformance schema > .conformance.schema.json
  and, as the first line of a suite in `cases/`:
  # yaml-language-server: $schema=../.conformance.schema.json
"""


@click.command("schema", epilog=_EPILOG)
@click.argument("kind", metavar="[KIND]", type=click.Choice((*KINDS, *OUTPUTS)), required=False)
def command(*, kind: str | None) -> int:
    """Print the JSON Schema (draft-07) of a kind of file, for editors.

    Without KIND, it is the schema of all files that people write.

    It is made from the tables that the reader itself uses. Rules that a schema cannot express, such
    as unique case names, are checked by `conformance list`.

    `report` is report.json, `record` a line of run.ndjson, `next` and `verification` the output of
    `next --json` (JSON Schema 2020-12). Within one `format` their members keep name and meaning;
    members may be added.
    """
    click.echo(output_schema_text(kind) if kind in OUTPUTS else schema_text(KINDS, kind), nl=False)
    return 0

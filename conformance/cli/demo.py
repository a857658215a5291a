"""`conformance demo`: shows two small services, from the first red run to a green one."""

from pathlib import Path

import click

from conformance.cli.path_type import PATH
from conformance.demo.walk import DemoWalk
from conformance.errors import UsageError

_EPILOG = """\b
Example:
  conformance demo
"""


@click.command("demo", epilog=_EPILOG)
@click.argument("folder", default="conformance-demo", type=PATH)
def command(*, folder: Path) -> int:
    """Walk from the first red run to a green one, with two small services it starts and stops.

    Their files, the cases, the decisions and the reports are kept in FOLDER [conformance-demo].
    Nothing is downloaded, and nothing outside FOLDER is written.
    """
    if folder.exists():
        raise UsageError(f"{folder} is there already", hint="remove it, or name another folder")
    DemoWalk(folder, click.echo).take()
    return 0

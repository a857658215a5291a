"""The options of a run, from the command line, and its time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reference_impl.kit.clock import given_now
from reference_impl.kit.command_line import OneLineParser
from reference_impl.kit.settings import SettingsError
from reference_impl.materializer.service.transforms import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,98}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A run: its root, the sources that it reads, its id and its time."""

    root: Path
    sources: tuple[str, ...]
    run_id: str
    now: str
    dry_run: bool
    as_json: bool


def options_from(arguments: Sequence[str]) -> Options:
    """Return the options of the command line.

    Raises SettingsError, and SystemExit(0) after `--help`.
    """
    parsed = _parser().parse_args(arguments)
    if not parsed.root.is_dir():
        raise SettingsError(f"--root {parsed.root}: no such folder")
    try:
        now = given_now()
    except ValueError as error:
        raise SettingsError(str(error)) from None
    run_id = parsed.run_id or f"{now[:19].replace('-', '').replace(':', '')}Z"
    if not _RUN_ID.match(run_id):
        raise SettingsError(f"--run-id {run_id}: wanted letters, digits, '.', '_' and '-'")
    chosen = parsed.source or list(TRANSFORMS)
    return Options(
        root=parsed.root,
        sources=tuple(source for source in TRANSFORMS if source in chosen),
        run_id=run_id,
        now=now,
        dry_run=parsed.dry_run,
        as_json=parsed.json,
    )


def _parser() -> OneLineParser:
    parser = OneLineParser(
        prog="materializer",
        description="Turn append-only sources below ROOT/data/_kb into evidence by day.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--root",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="the folder with data/_kb (default .)",
    )
    parser.add_argument(
        "--source",
        action="append",
        choices=list(TRANSFORMS),
        metavar="NAME",
        help="only this source",
    )
    parser.add_argument("--run-id", metavar="ID", help="the name of the run (default: the time)")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be written, and write nothing"
    )
    parser.add_argument("--json", action="store_true", help="print the receipt")
    return parser

"""The options of a replay, from the command line."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reference_impl.kit.clock import given_now
from reference_impl.kit.command_line import OneLineParser
from reference_impl.kit.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_GATEWAY = "http://127.0.0.1:5110"
DEFAULT_MODEL = "local"
# Part of the tool (docs/distillation.md): a small model has room for the task and its answer.
DEFAULT_BUDGET = 1_500
_GATEWAY = re.compile(r"https?://[^/\s?#]+(?:/[^\s?#]*)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of one replay."""

    root: Path
    task: str
    gateway: str
    models: tuple[str, ...]
    budget_tokens: int
    retrieves: bool
    dry_run: bool
    as_json: bool
    run_id: str
    now: str


def options_from(arguments: Sequence[str]) -> Options:
    """Return the options of the command line.

    Raises SettingsError, and SystemExit(0) after `--help`.
    """
    parsed = _parser().parse_args(arguments)
    gateway = parsed.gateway or os.environ.get("LAKEHOUSE_GATEWAY") or DEFAULT_GATEWAY
    if not _GATEWAY.match(gateway):
        raise SettingsError(
            f"--gateway {gateway}: wanted http:// or https://, a host, and no query"
        )
    if parsed.budget < 0:
        raise SettingsError(f"--budget {parsed.budget}: must not be negative")
    if not parsed.task.strip():
        raise SettingsError("--task: empty")
    if not parsed.root.is_dir():
        raise SettingsError(f"--root {parsed.root}: no such folder")
    try:
        now = given_now()
    except ValueError as error:
        raise SettingsError(str(error)) from None
    return Options(
        root=parsed.root,
        now=now,
        task=parsed.task,
        gateway=gateway,
        models=tuple(parsed.model or (DEFAULT_MODEL,)),
        budget_tokens=parsed.budget,
        retrieves=not parsed.no_retrieval,
        dry_run=parsed.dry_run,
        as_json=parsed.json,
        run_id=parsed.run_id or secrets.token_hex(16),
    )


def _parser() -> OneLineParser:
    parser = OneLineParser(
        prog="replay",
        description="Run one task: retrieve, bundle, ask, validate, escalate, log.",
        allow_abbrev=False,
    )
    parser.add_argument("--task", required=True, metavar="TEXT", help="what to do")
    parser.add_argument(
        "--root", type=Path, default=Path(), metavar="DIR", help="the folder with data (default .)"
    )
    parser.add_argument(
        "--gateway",
        metavar="URL",
        help=f"the gateway to call ($LAKEHOUSE_GATEWAY, else {DEFAULT_GATEWAY})",
    )
    parser.add_argument(
        "--model",
        action="append",
        metavar="NAME",
        help="the model, and the next one to escalate to",
    )
    parser.add_argument(
        "--budget",
        type=int,
        default=DEFAULT_BUDGET,
        metavar="TOKENS",
        help="the most tokens of a bundle",
    )
    parser.add_argument("--no-retrieval", action="store_true", help="use no records")
    parser.add_argument("--dry-run", action="store_true", help="send no request and write nothing")
    parser.add_argument("--json", action="store_true", help="print the line of the log")
    parser.add_argument("--run-id", metavar="ID", help="the id of the run (default: random)")
    return parser

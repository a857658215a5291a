"""The command line of a daemon: one flag per setting, made from the settings type.

In: arguments. Out: settings, or `SettingsError` with one line. `--help` and `--version` print and
exit 0. No flag may be abbreviated, so that a later setting cannot change the meaning of a script.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import msgspec

from reference_impl.kit.settings import Settings, SettingsError, load_settings, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

S = TypeVar("S", bound=Settings)


class OneLineParser(argparse.ArgumentParser):
    """An argument parser that raises its errors."""

    def error(self, message: str) -> NoReturn:
        """Raise the error instead of printing the whole usage."""
        raise SettingsError(f"{message} (see --help)")


def settings_from(arguments: Sequence[str], *, kind: type[S], name: str, version: str) -> S:
    """Return the settings from the command line and the stack file that it names.

    Raises SettingsError, and SystemExit(0) after `--help` and `--version`.
    """
    parser = _parser(kind, name, version)
    parsed, unknown = parser.parse_known_args(arguments)
    if unknown:
        # argparse has no public list of flags
        flags = [text for action in parser._actions for text in action.option_strings]  # noqa: SLF001
        raise SettingsError(f"unknown argument {unknown[0]}{suggestion(unknown[0], flags)}")
    given = {field: value for field, value in vars(parsed).items() if value is not None}
    config_file = given.pop("config", None)
    return load_settings(kind, name, config_file, given)


def _parser(kind: type[Settings], name: str, version: str) -> OneLineParser:
    parser = OneLineParser(
        prog=name,
        description=f"{name} of the lakehouse, reference implementation. Serves HTTP until "
        "SIGTERM or SIGINT.",
        epilog=f"example: python -m reference_impl {name} --config stack.toml --port 0",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{name} {version}")
    parser.add_argument(
        "--config",
        metavar="FILE",
        help=f"TOML stack file; its tables [stack] and [daemon.{name}] are read",
    )
    for field in msgspec.structs.fields(kind):
        flag = "--" + field.name.replace("_", "-")
        parser.add_argument(flag, metavar="VALUE", dest=field.name, help=_help(kind, field))
    return parser


def _help(kind: type[Settings], field: msgspec.structs.FieldInfo) -> str:
    described: Any = msgspec.json.schema_components([kind])[1][kind.__name__]["properties"][
        field.name
    ]
    default = "" if field.default is None else f" (default {field.default})"
    return f"{described.get('description', '')}{default}".replace("%", "%%")

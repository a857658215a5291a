"""Values as YAML text on one line, plain where that is safe, quoted where it is not."""

import json
import re
from collections.abc import Sequence
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9 _./()'-]*[A-Za-z0-9_./()'-])?\Z")
_PLAIN_IN_LIST: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./*-]*\Z")
_RESERVED: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def yaml_value(value: str | int | Sequence[str]) -> str:
    """Return a string, an integer or a list of strings as YAML on one line."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return value if _PLAIN.match(value) and value.lower() not in _RESERVED else _quoted(value)
    return f"[{', '.join(map(_item, value))}]"


def _item(value: str) -> str:
    return value if _PLAIN_IN_LIST.match(value) and value.lower() not in _RESERVED else _quoted(value)


def _quoted(value: str) -> str:
    """Return a double-quoted scalar; what YAML does not allow as it is, is written as its escape."""
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(character if character.isprintable() else f"\\U{ord(character):08x}" for character in quoted)

"""Values as YAML on one line, from which every YAML reader gets exactly the same texts.

The strict reader and YAML 1.1 tools differ in what a plain word is; only words that are text for
both stay plain.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*\Z")
_PLAIN_TARGET: Final = re.compile(r"/[A-Za-z0-9_./~%=&+?-]*\Z")
_NOT_TEXT: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Zl", "Zp"})


YamlValue = str | int | Decimal | Sequence["YamlValue"] | Mapping[str, "YamlValue"]


def yaml_value(value: YamlValue) -> str:
    """Return a text, a number, true or false, a list or an object as one line of YAML.

    Raises ValueError as `yaml_text` does.
    """
    match value:
        case bool():  # before int, because bool is a subclass of it
            return str(value).lower()
        case int() | Decimal():
            return str(value)
        case str():
            return yaml_text(value)
        case Mapping():
            members = (f"{yaml_text(name)}: {yaml_value(inner)}" for name, inner in value.items())
            return f"{{{', '.join(members)}}}"
        case _:
            return f"[{', '.join(map(yaml_value, value))}]"


def yaml_text(text: str) -> str:
    """Return a text as one line of YAML, quoted if necessary.

    Raises ValueError for a lone surrogate.

    YAML has no way to write a lone surrogate.  Invisible characters are escaped.
    """
    # YAML 1.1 tools read `no` and `on` as flags
    is_word = _PLAIN.match(text) is not None and text.lower() not in _NOT_TEXT
    is_target = _PLAIN_TARGET.match(text) is not None
    if is_word or is_target:
        return text
    characters = "".join(map(_character, text))
    return f'"{characters}"'


def _character(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    number = ord(character)
    category = unicodedata.category(character)
    # A surrogate is half a character, and cannot be written in YAML
    if category == "Cs":
        raise ValueError(f"a lone surrogate (U+{number:04X}) cannot be written in YAML")
    if category not in _HIDDEN:
        return character
    if number > 0xFFFF:  # noqa: PLR2004 - the end of the BMP
        return f"\\U{number:08X}"
    return f"\\u{number:04X}"

r"""Patterns of the field tables in the dialect that Python and ECMAScript share.

Editors therefore read them in the same way.

A field table's pattern must match a whole text.  JSON Schema searches within the text, and editors
run ECMAScript: it writes inline flags, named groups and `\Z` in another way, and with the flag `u`
an unnecessary escape is an error.  A pattern that cannot be translated is refused.
"""

import re
from typing import Final

from conformance.errors import HarnessError

_END: Final = r"(?![\s\S])"  # `$` of Python also matches before a line end
_CLOSING_FIRST: Final = re.compile(r"^(\[\^?)\]")  # a class may begin with `]` in Python only
_TOKEN: Final = re.compile(
    r"(?P<end>\\Z\Z)"
    r"|(?P<escape>\\[dDwWsS0trn.\\/()\[\]{}|*+?^$]|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4})"
    r"|(?P<choice>\[\^?\]?(?:[^\]\\]|\\[dDwWsS0trn.\\/()\[\]{}|*+?^$-]|\\x[0-9a-fA-F]{2}"
    r"|\\u[0-9a-fA-F]{4})*\])"
    r"|(?P<named>\(\?P<[a-z_]+>)"
    r"|(?P<group>\((?!\?)|\(\?[:=!])"
    r"|(?P<dot>\.)"
    r"|(?P<plain>[^\\\[(.])",
    re.DOTALL,
)


def portable_pattern(pattern: str, but: tuple[str, ...] = ()) -> str:
    """Return a pattern that finds exactly the texts that `re.fullmatch(pattern)` accepts.

    The names in `but` are excluded.
    """
    any_character = r"[\s\S]" if pattern.startswith("(?s)") else r"[^\n]"
    rest, at, parts = pattern.removeprefix("(?s)"), 0, []
    while at < len(rest):
        token = _TOKEN.match(rest, at)
        if token is None:
            raise HarnessError(
                f"pattern {pattern!r}: cannot be said in a JSON Schema from "
                f"{rest[at : at + 20]!r} on"
            )
        at = token.end()
        replaced = {
            "end": "",
            "named": "(?:",
            "dot": any_character,
            "choice": _CLOSING_FIRST.sub(r"\1\\]", token[0]),
        }
        parts.append(replaced.get(token.lastgroup or "", token[0]))
    clashing = [re.escape(name) for name in but if re.fullmatch(pattern, name)]
    apart = f"(?!(?:{'|'.join(clashing)}){_END})" if clashing else ""
    return f"^{apart}(?:{''.join(parts)}){_END}"

"""Escapes of characters and bytes in `$'…'`, as bash reads them."""

import re
from typing import Final

_ANSI: Final = re.compile(
    r"\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\(?:u(?P<short>[0-9a-fA-F]{1,4})|U(?P<long>[0-9a-fA-F]{1,8}))"
    r"|\\(?:x(?P<hexadecimal>[0-9a-fA-F]{1,2})|(?P<octal>[0-7]{1,3})|(?P<letter>.))"
    r"|(?P<plain>[^\\]+)",
    re.DOTALL,
)
_ANSI_LETTERS: Final = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
    "v": "\v",
}  # fmt: skip


def ansi_text(written: str) -> str:
    r"""Return the text of the content of `$'…'`.

    A pair of `\u` surrogates, as browsers write them, is one character.
    """
    return b"".join(map(_ansi_bytes, _ANSI.finditer(written))).decode("utf-8", "surrogateescape")


def _ansi_bytes(found: re.Match[str]) -> bytes:
    part = found.groupdict()
    if part["high"]:
        return bytes.fromhex(part["high"] + part["low"]).decode("utf-16-be").encode()
    code = part["short"] or part["long"]
    if code:
        # A larger number becomes the last code point of Unicode
        return chr(min(int(code, 16), 0x10FFFF)).encode("utf-8", "surrogatepass")
    if part["hexadecimal"]:
        return bytes([int(part["hexadecimal"], 16)])
    if part["octal"]:
        # Three octal digits may be more than a byte; bash takes the lower bits
        return bytes([int(part["octal"], 8) & 0xFF])
    if part["letter"]:
        return _escaped_letter(part["letter"]).encode()
    return found[0].encode()


def _escaped_letter(letter: str) -> str:
    """Return the meaning of a backslash and a letter, or both characters if they have none."""
    if letter in "\\'\"?":
        return letter
    return _ANSI_LETTERS.get(letter, f"\\{letter}")

"""Paths into a JSON value: an RFC 9535 subset, and `.**` for any depth.

The subset is names, indexes and wildcards.

A path is a tuple of segments.  `$.items[*].id` is `("items", ANY_ELEMENT, "id")`.  Signatures and
findings hold generalised paths, in which every array index is the wildcard, so that the same
difference in two elements counts as one. Rules, captures and ledger rows use this one grammar.
"""

import enum
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import partial


class Wildcard(enum.Enum):
    """A segment that stands for other segments, or for JSON within a text.

    It stands for any element, for any member, or for any number of segments. `$.payload → $.a` is
    the member `a` of the JSON value that is written in the text at `$.payload`.
    """

    ELEMENT = "[*]"
    MEMBER = ".*"
    DEPTH = ".**"
    IN_TEXT = " → $"


ANY_ELEMENT = Wildcard.ELEMENT
ANY_MEMBER = Wildcard.MEMBER
ANY_DEPTH = Wildcard.DEPTH
IN_TEXT = Wildcard.IN_TEXT

Segment = str | int | Wildcard
JsonPath = tuple[Segment, ...]

# A message names the column where the unreadable text starts; a long rest adds nothing
_MAX_SHOWN = 60
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_TOKEN = re.compile(
    r"\.(?P<name>[A-Za-z_][A-Za-z0-9_-]*)"
    r"|(?P<wildcard>\.\*\*|\.\*|\[\*\]| → \$)"
    r"|\[(?P<index>0|[1-9][0-9]{0,8})\]"
    r"|\['(?P<quoted>(?:[^'\\]|\\['\\]|\\u[0-9a-f]{4})*)'\]"
)
_SURROGATE = re.compile(r"(?<!\\)(?:\\\\)*\\ud[89a-f]")
_LAST_OF_FOUR_DIGITS = 0xFFFF
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|(.))", re.DOTALL)


def render_path(path: JsonPath) -> str:
    """Return a path as text; names that are no plain identifiers are quoted.

    A character that looks like another one, such as a no-break space or a separate accent, is
    written as its code.
    """
    return "$" + "".join(map(_render_segment, path))


def _render_segment(segment: Segment) -> str:
    if isinstance(segment, Wildcard):
        return segment.value
    if isinstance(segment, int):
        return f"[{segment}]"
    if _PLAIN_NAME.match(segment):
        return f".{segment}"
    escaped = segment.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{_with_codes(escaped)}']"


def _with_codes(name: str) -> str:
    """Return a name with codes in place of the characters that NFKC changes.

    NFKC is a normal form of Unicode that replaces characters which look like others.
    """
    if unicodedata.is_normalized("NFKC", name):
        return name
    return "".join(map(_with_code, name))


def _with_code(character: str) -> str:
    """Return the code of a character that looks like another one; any other character unchanged."""
    if not _looks_like_another(character):
        return character
    return f"\\u{ord(character):04x}"


def _looks_like_another(character: str) -> bool:
    # A path has codes of four digits alone
    if ord(character) > _LAST_OF_FOUR_DIGITS:
        return False
    if unicodedata.combining(character):
        return True
    return not unicodedata.is_normalized("NFKC", character)


def parse_path(text: str, *, printed: bool = False) -> JsonPath:
    """Return a parsed path; raise ValueError with the column of the first unreadable text.

    With `printed`, two forms are accepted that only reports and ledger rows write: a place within
    a text that is JSON, and the code of a lone surrogate in a name.  Codes of other characters are
    accepted in every path.
    """
    if not text.startswith("$"):
        raise ValueError(f"a path starts with '$', not {text[:1]!r}")
    return tuple(_segments(text, printed=printed))


def path_of_place(place: str) -> JsonPath | None:
    """Return the path of a place that a rule can be about, else None.

    It is None for a header field, and for a place within a text.
    """
    try:
        return parse_path(place)
    except ValueError:
        return None


def _segments(text: str, *, printed: bool) -> Iterator[Segment]:
    at = 1  # behind the `$`
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or (not printed and _is_only_printed(token)):
            raise ValueError(
                f"cannot read {text[at : at + _MAX_SHOWN]!r} at column {at + 1}; "
                "names, [0], [*], .*, .** and ['quoted'] are known"
            )
        at = token.end()
        yield _segment(token)


def _segment(token: re.Match[str]) -> Segment:
    """Return the segment that a token stands for."""
    kind = token.lastgroup or ""
    return _READ[kind](token[kind])


def _is_only_printed(token: re.Match[str]) -> bool:
    """Return whether a token is one that only reports and ledger rows write, and no rule."""
    # Reports print places within a text that is JSON; rules cannot be about them
    if token["wildcard"] == Wildcard.IN_TEXT.value:
        return True
    return _SURROGATE.search(token["quoted"] or "") is not None


def _unescaped(escape: re.Match[str]) -> str:
    """Return the character for an escape in a quoted name; a code has four hexadecimal digits."""
    code, character = escape.groups()
    if code is None:
        return str(character)
    return chr(int(code, 16))


_READ: Mapping[str, Callable[[str], Segment]] = {
    "name": str,
    "index": int,
    "quoted": partial(_ESCAPE.sub, _unescaped),
    "wildcard": Wildcard,
}
"""The functions that make a segment of the text of a token, by the token's group."""


def covers(pattern: JsonPath, path: JsonPath) -> bool:
    """Return whether a pattern covers a path.

    The pattern may contain wildcards, and the path may be generalised.
    """
    if ANY_DEPTH not in pattern:
        is_as_long = len(pattern) == len(path)
        return is_as_long and all(map(_segment_covers, pattern, path))
    # The first `.**` matches as many segments as let the rest match
    at = pattern.index(ANY_DEPTH)
    head = pattern[:at]
    tail = pattern[at + 1 :]
    if not covers(head, path[:at]):
        return False
    # Any number of segments may lie between, even none
    ends = (path[start:] for start in range(at, len(path) + 1))
    return any(map(partial(covers, tail), ends))


def _segment_covers(pattern: Segment, segment: Segment) -> bool:
    if pattern == segment:
        return True
    if pattern is ANY_ELEMENT:
        return isinstance(segment, int)
    if pattern is ANY_MEMBER:
        return isinstance(segment, str)
    return False

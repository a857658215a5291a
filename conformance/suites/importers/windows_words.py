r"""The words of a command that was copied for the command prompt of Windows.

Two programs read such a line.  The command prompt (cmd.exe) comes first: outside quotes a caret
takes the meaning from the next character, and at the end of a line it continues the line.  Then the
C runtime of the program splits the rest into words: `\"`, and `""` within quotes, is a quote.  The
rules are those of Microsoft's pages "cmd" and "Parsing C command-line arguments".

Browsers also double every backslash, which Windows undoes before a quote alone, and some put carets
within quotes, where they mean nothing.  What a browser copied is read as it was meant; where a
person may have meant something else, the command is a problem.
"""

import re
from typing import Final

from msgspec import Struct

_PROMPT: Final = re.compile(r"[ \t]*[A-Za-z]:\\[^<>|\"\n]*>")
_SPECIAL: Final = re.compile(
    r"\^(?P<continued>\n)?(?P<escaped>.)?|(?P<quote>\")|(?P<end>\n|&&?|\|\|?)|(?P<file>[<>])"
    r"|(?P<plain>[^\^\"\n&|<>]+)",
    re.DOTALL,
)
_QUOTED: Final = re.compile(r"[^\"\n]+")
_AMBIGUOUS: Final = re.compile(r"\^|\\\\(?!\\*\Z)")
"""A caret or a doubled backslash within quotes."""
_BEFORE_A_QUOTE: Final = re.compile(r"(?<!\\)(?:\\\\)+\"\"")
"""A doubled backslash before what a browser means as a quote and Windows as the end of quotes."""
_SLASHES: Final = re.compile(r"(?<!\\)\\+(?![\\\"])")
"""Backslashes that no quote follows."""
_OUTSIDE: Final = re.compile(r"(?P<slashes>\\+)(?P<before>\")?|(?P<quote>\")|[ \t]+|[^\\\" \t]+")
_WITHIN: Final = re.compile(
    r"(?P<slashes>\\+)(?P<before>\")?|(?P<twice>\"\")|(?P<quote>\")|[^\\\"]+"
)
_IN_QUOTES: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_VARIABLE: Final = re.compile(r"%(?![0-9A-Fa-f]{2}%)[A-Za-z_]\w*%", re.ASCII)
"""`%NAME%`; a name of two hexadecimal digits is more likely an escape of a URL."""


class WindowsLine(Struct, frozen=True, kw_only=True):
    """One command as the command prompt reads it: the text that it hands on, and where it ends.

    `end` is the place behind it in the text, `mark` what ended it.
    """

    handed_on: str
    variables: tuple[str, ...]
    problem: str | None
    end: int
    mark: str

    @property
    def words(self) -> list[str]:
        """Return the words that the program gets."""
        return _words(self.handed_on)[0]

    @property
    def outside_quotes(self) -> str:
        """Return the text without what stands in quotes."""
        return _IN_QUOTES.sub("", self.handed_on)


def windows_line(source: str, at: int) -> WindowsLine:
    """Read the command that starts at a place in a text, as cmd.exe does."""
    prompt = _PROMPT.match(source, at)
    at = prompt.end() if prompt else at
    start, kept, quoted = at, list[str](), False
    problem, mark = None, "\n"
    while at < len(source):
        found = (_QUOTED.match(source, at) if quoted else None) or _SPECIAL.match(source, at)
        if found is None:
            break
        at = found.end()
        part = found.groupdict()
        if part.get("end"):
            mark = found[0]
            break
        if part.get("file"):
            problem = "it reads or writes a file by < or >"
        if found.re is _QUOTED and _AMBIGUOUS.search(found[0]):
            problem = "it has ^ or \\\\ within quotes; copy it for bash"
        quoted = quoted != bool(part.get("quote"))
        kept.append(_handed_on(found))
    handed_on = "".join(kept)
    if '^"' in source[start:at]:
        handed_on = _without_doubled(handed_on)
    elif _BEFORE_A_QUOTE.search(handed_on):
        problem = "it has \\\\ before a quote; copy it for bash"
    if _words(handed_on)[1]:
        problem = "a quote is not closed"
    return WindowsLine(
        handed_on=handed_on,
        variables=tuple(_VARIABLE.findall(source[start:at])),
        problem=problem,
        end=at,
        mark=mark,
    )


def _without_doubled(line: str) -> str:
    """Return a line without the second backslash of each pair, if it was copied by a browser."""
    if any(len(found[0]) % 2 for found in _SLASHES.finditer(line)):
        return line
    return _SLASHES.sub(lambda found: found[0][: len(found[0]) // 2], line)


def _handed_on(found: re.Match[str]) -> str:
    """Return what a part of a line is for the program: without its caret, if it has one."""
    return found[0] if found[0][0] != "^" or found.re is _QUOTED else found["escaped"] or ""


def _words(line: str) -> tuple[list[str], bool]:
    """Split a command line as the C runtime of Microsoft does.

    The second value is whether the last word has a quote that nothing closes.
    """
    words: list[str] = []
    word: list[str] | None = None
    quoted, at = False, 0
    while found := (_WITHIN if quoted else _OUTSIDE).match(line, at):
        at = found.end()
        if not quoted and found[0][0] in " \t":
            words += [] if word is None else ["".join(word)]
            word = None
            continue
        text, turns = _part_of_word(found)
        word = [] if word is None else word
        word.append(text)
        quoted = quoted != turns
    return (words if word is None else [*words, "".join(word)]), quoted


def _part_of_word(found: re.Match[str]) -> tuple[str, bool]:
    """Return the text of a part, and whether a quoted text begins or ends with it."""
    part = found.groupdict()
    if part["slashes"] and part["before"]:
        count = len(part["slashes"])
        return "\\" * (count // 2) + '"' * (count % 2), count % 2 == 0
    if part["quote"]:
        return "", True
    return ('"' if part.get("twice") else found[0]), False

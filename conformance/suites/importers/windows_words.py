r"""The words of a command that was copied for the command prompt of Windows.

Two programs read such a line.  The command prompt (cmd.exe) comes first: outside quotes a caret
makes the next character plain, and at the end of a line it continues the line.  Then the C runtime
of the program splits the rest into words: `\"`, and `""` within quotes, is a quote.  The rules are
those of Microsoft's pages "cmd" and "Parsing C command-line arguments".

Browsers also double every backslash, which Windows undoes only before a quote.  Some browsers put
carets within quotes, where they have no meaning.  A line that a browser copied is read as it was
meant; if a person may have meant something else, the command is a problem.
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
"""A doubled backslash before `""`: a quote for a browser, the end of quotes for Windows."""
_SLASHES: Final = re.compile(r"(?<!\\)\\+(?![\\\"])")
"""Backslashes without a quote after them."""
_OUTSIDE: Final = re.compile(r"(?P<slashes>\\+)(?P<before>\")?|(?P<quote>\")|[ \t]+|[^\\\" \t]+")
_WITHIN: Final = re.compile(
    r"(?P<slashes>\\+)(?P<before>\")?|(?P<twice>\"\")|(?P<quote>\")|[^\\\"]+"
)
_IN_QUOTES: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_VARIABLE: Final = re.compile(r"%(?![0-9A-Fa-f]{2}%)[A-Za-z_]\w*%", re.ASCII)
"""`%NAME%`; a name of two hexadecimal digits is more likely an escape of a URL."""


class WindowsLine(Struct, frozen=True, kw_only=True):
    """One command as the command prompt reads it: the text that it passes on, and its end.

    `end` is the position after the command in the text; `mark` is the token that ended it.
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
        """Return the text without its quoted parts."""
        return _IN_QUOTES.sub("", self.handed_on)


def windows_line(source: str, at: int) -> WindowsLine:
    """Read the command that starts at a place in a text, as cmd.exe does."""
    prompt = _PROMPT.match(source, at)
    start = prompt.end() if prompt else at
    at = start
    kept: list[str] = []
    is_quoted = False
    problem = None
    mark = "\n"
    while at < len(source):
        part = _next_part(source, at, is_quoted=is_quoted)
        if part is None:
            break
        at = part.end()
        groups = part.groupdict()
        if groups.get("end"):
            mark = part[0]
            break
        if groups.get("file"):
            problem = "it reads or writes a file by < or >"
        if part.re is _QUOTED and _AMBIGUOUS.search(part[0]):
            problem = "it has ^ or \\\\ within quotes; copy it for bash"
        is_quoted = is_quoted != bool(groups.get("quote"))
        kept.append(_handed_on(part))
    handed_on = "".join(kept)
    # A caret before a quote is how browsers write a command for Windows
    if '^"' in source[start:at]:
        handed_on = _without_doubled(handed_on)
    elif _BEFORE_A_QUOTE.search(handed_on):
        problem = "it has \\\\ before a quote; copy it for bash"
    _, is_open = _words(handed_on)
    if is_open:
        problem = "a quote is not closed"
    return WindowsLine(
        handed_on=handed_on,
        variables=tuple(_VARIABLE.findall(source[start:at])),
        problem=problem,
        end=at,
        mark=mark,
    )


def _next_part(source: str, at: int, *, is_quoted: bool) -> re.Match[str] | None:
    """Return the part of a line at a position; within quotes only a quote is special."""
    if is_quoted:
        quoted = _QUOTED.match(source, at)
        if quoted is not None:
            return quoted
    return _SPECIAL.match(source, at)


def _without_doubled(line: str) -> str:
    """Return a line with doubled backslashes made single, if a browser has doubled them."""
    # An odd number of backslashes shows that no browser doubled them
    if any(len(slashes[0]) % 2 for slashes in _SLASHES.finditer(line)):
        return line
    return _SLASHES.sub(lambda slashes: slashes[0][: len(slashes[0]) // 2], line)


def _handed_on(part: re.Match[str]) -> str:
    """Return a part of a line as the program gets it: without its caret, if it has one."""
    has_caret = part[0].startswith("^") and part.re is not _QUOTED
    if not has_caret:
        return part[0]
    # After a caret at the end of a line no character follows
    return part["escaped"] or ""


def _words(line: str) -> tuple[list[str], bool]:
    """Split a command line as the C runtime of Microsoft does.

    Return the words, and whether the last word has a quote that is not closed.
    """
    words: list[str] = []
    word: list[str] | None = None
    is_quoted = False
    at = 0
    while part := (_WITHIN if is_quoted else _OUTSIDE).match(line, at):
        at = part.end()
        is_blank = not is_quoted and part[0][0] in " \t"
        if is_blank:
            if word is not None:
                words.append("".join(word))
            word = None
            continue
        text, turns = _part_of_word(part)
        word = word or []
        word.append(text)
        is_quoted = is_quoted != turns
    if word is not None:
        words.append("".join(word))
    return words, is_quoted


def _part_of_word(part: re.Match[str]) -> tuple[str, bool]:
    """Return the text of a part, and whether a quoted text begins or ends with it."""
    groups = part.groupdict()
    if groups["slashes"] and groups["before"]:
        count = len(groups["slashes"])
        # An odd backslash makes the quote a character
        is_quote = count % 2 == 0
        quote = "" if is_quote else '"'
        return "\\" * (count // 2) + quote, is_quote
    if groups["quote"]:
        return "", True
    if groups.get("twice"):
        return '"', False
    return part[0], False

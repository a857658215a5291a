r"""The words of shell commands, as bash would hand them to a program.

Quotes ('…', "…", $'…'), backslashes, line continuations, comments and redirections are understood.
What depends on the shell it runs in is not: a variable stays as it is written and is noted, a
command in a command is a problem.  A word is text; bytes that are no UTF-8, which `$'\xff'` can
write, are in it as surrogate escapes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(
    r"(?P<continued>\\\n)"
    r"|(?P<escaped>\\.)"
    r"|(?P<ansi>\$'(?:[^'\\]|\\.)*')"
    r"|(?P<single>'[^']*')"
    r'|(?P<double>\$?"(?:[^"\\]|\\.)*")'
    r"|(?P<nested>\$\(|`)"
    r"|(?P<variable>\$(?:\{[^}\n]{0,200}\}|\w+))"
    r"|(?P<redirect>[0-9]?(?:>>|>|<)(?:&[0-9-])?)"
    r"|(?P<end>\n|;|&&|\|\||\||&)"
    r"|(?P<blank>[ \t]+)"
    r"|(?P<plain>[^\\'\"`$<>;&|\s]+|.)",
    re.DOTALL,
)
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
_IN_DOUBLE: Final = re.compile(r"\\([\\\"$`\n])|(\$\(|`)|(\$(?:\{[^}\n]{0,200}\}|\w+))")


@dataclass(slots=True, kw_only=True)
class Command:
    """One command: its first line, its words, the variables in them, and its problem.

    The first line is the number of the line where it starts. The problem is why it cannot be read,
    or None.

    `piped` tells that it reads what the command before it prints.
    """

    line: int
    piped: bool = False
    words: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    problem: str | None = None


def shell_commands(text: str) -> Iterator[Command]:
    """Yield the commands of a text.

    What is not closed before its end makes the last one a problem.
    """
    source, line = text.replace("\r\n", "\n"), 1
    reader = _Reader(line)
    at = 0
    while at < len(source):
        if reader.at_word_start and source[at] == "#":
            line_end = source.find("\n", at)
            at = line_end if line_end >= 0 else len(source)
            continue
        token = _TOKEN.match(source, at)
        if token is None:
            break
        at = token.end()
        line += token[0].count("\n")
        if token.lastgroup == "end":
            yield from reader.finished()
            reader = _Reader(line, piped=token[0] == "|")
        else:
            reader.take(token)
    yield from reader.finished()


class _Reader:
    """Gathers the words of one command."""

    def __init__(self, line: int, *, piped: bool = False) -> None:
        self._command = Command(line=line, piped=piped)
        self._word: list[str] | None = None
        self._skips_word = False

    @property
    def at_word_start(self) -> bool:
        return self._word is None

    def finished(self) -> Iterator[Command]:
        self._end_word()
        if self._command.words[:1] in (["$"], ["%"]):  # a prompt that was copied along
            del self._command.words[0]
        if self._command.words or self._command.problem:
            yield self._command

    def take(self, token: re.Match[str]) -> None:
        kind, written = token.lastgroup, token[0]
        if kind == "blank":
            self._end_word()
        elif kind == "redirect":
            self._end_word()
            self._skips_word = not written[-1].isdigit() and written[-1] != "-"
        elif kind != "continued":
            if self._word is None:
                self._word = []
            self._word.append(self._text(kind, written))

    def _text(self, kind: str | None, written: str) -> str:
        if kind == "escaped":
            return written[1]
        if kind == "single":
            return written[1:-1]
        if kind == "double":
            return _IN_DOUBLE.sub(self._in_double, written.removeprefix("$")[1:-1])
        if kind == "ansi":
            return _ansi_text(written[2:-1])
        if kind == "nested":
            self._command.problem = "it runs another command for a part of it"
        elif kind == "variable":
            self._command.variables.append(written)
        elif written in {"'", '"'}:
            self._command.problem = "a quote is not closed"
        elif written == "^":
            self._command.problem = (
                "it is written for the command prompt of Windows; copy it for bash"
            )
        return written

    def _in_double(self, found: re.Match[str]) -> str:
        if found[1] is not None:
            return "" if found[1] == "\n" else found[1]
        return self._text("nested" if found[2] else "variable", found[0])

    def _end_word(self) -> None:
        if self._word is not None and not self._skips_word:
            self._command.words.append("".join(self._word))
        self._skips_word = self._skips_word and self._word is None
        self._word = None


def _ansi_text(written: str) -> str:
    r"""Return what `$'…'` stands for.

    A pair of `\u` surrogates, as browsers write them, is the character it means.
    """
    return b"".join(map(_ansi_bytes, _ANSI.finditer(written))).decode("utf-8", "surrogateescape")


def _ansi_bytes(found: re.Match[str]) -> bytes:
    part = found.groupdict()
    if part["high"]:
        return bytes.fromhex(part["high"] + part["low"]).decode("utf-16-be").encode()
    if code := part["short"] or part["long"]:
        return chr(min(int(code, 16), 0x10FFFF)).encode("utf-8", "surrogatepass")
    if part["hexadecimal"]:
        return bytes([int(part["hexadecimal"], 16)])
    if part["octal"]:
        return bytes([int(part["octal"], 8) & 0xFF])
    if letter := part["letter"]:
        return _ANSI_LETTERS.get(letter, letter if letter in "\\'\"?" else "\\" + letter).encode()
    return found[0].encode()

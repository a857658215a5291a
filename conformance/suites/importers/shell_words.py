r"""The words of shell commands, as bash would pass them to a program.

Quotes ('…', "…", $'…'), backslashes, line continuations, comments, here-documents and redirections
are understood.
Nothing is expanded: a variable stays as it is written and is noted, and a nested command is a
problem.  A word is text; bytes that are no UTF-8, which `$'\xff'` can write, are in it as surrogate
escapes.

A command with a caret before its quotes or its line ends is read as one for the command prompt of
Windows.
"""

import re
from collections.abc import Iterator
from typing import Final

from conformance.suites.importers.command_reader import Command, CommandReader
from conformance.suites.importers.windows_words import windows_line

_TOKEN: Final = re.compile(
    r"(?P<continued>\\\n)"
    r"|(?P<escaped>\\.)"
    r"|(?P<ansi>\$'(?:[^'\\]|\\.)*')"
    r"|(?P<single>'[^']*')"
    r'|(?P<double>\$?"(?:[^"\\]|\\.)*")'
    r"|(?P<nested>\$\(|`)"
    r"|(?P<variable>\$(?:\{[^}\n]{0,200}\}|\w+|[$?!@*#-]))"
    r"|(?P<herestring><<<)"
    r"|<<(?P<heredoc>-?[ \t]*(?:'[^'\n]+'|\"[^\"\n]+\"|\\?[\w.-]+))"
    r"|(?P<redirect>[0-9]?(?:>>|>|<)(?:&[0-9-])?)"
    r"|(?P<end>\n|;|&&|\|\||\||&)"
    r"|(?P<blank>[ \t]+)"
    r"|(?P<plain>[^\\'\"`$<>;&|\s]+|.)",
    re.DOTALL,
)
_NEXT_CURL: Final = re.compile(r"\n(?=[ \t]*(?:[$%>][ \t]+)?curl(?:\.exe)?[ \t])")
"""The end of a line, if the next line starts another curl command."""
_LAST_LINE: Final = re.compile(r"(?<![\\`^])\n")
"""The end of a line without the continuation sign of bash, PowerShell or the command prompt."""
_QUOTE_OF_WINDOWS: Final = re.compile(r'"(?:[^"\\$`]|\\.)*"(?="(?!\$))', re.DOTALL)
"""Quoted text with another quote right behind it; neither has a variable of bash."""


def shell_commands(text: str) -> Iterator[Command]:
    """Yield the commands of a text.

    A command that cannot be read ends before the next line that starts with curl.
    """
    yield from _Scanner(text.removeprefix("\ufeff").replace("\r\n", "\n")).commands()


class _Scanner:
    """A scanner that reads a text token by token and line by line."""

    def __init__(self, source: str) -> None:
        self._source, self._at, self._line = source, 0, 1
        self._start = 0
        self._reader = CommandReader(1)
        self._of_this_line: list[CommandReader] = []

    def commands(self) -> Iterator[Command]:
        while self._at < len(self._source):
            if self._reader.at_word_start and self._source[self._at] == "#":
                self._go_to(self._source.find("\n", self._at))
                continue
            token = _TOKEN.match(self._source, self._at)
            if token is None:
                break
            if self._is_of_windows(token):
                yield from self._windows_command()
            elif self._is_within_a_word(token):
                self._reader.cannot_be_read("it has & outside quotes, which ends a command")
                self._go_to_end_of_command()
            elif token.lastgroup == "end":
                self._go_to(token.end())
                yield from self._ended(token[0])
            else:
                self._take(token)
        yield from self._ended("\n")

    def _take(self, token: re.Match[str]) -> None:
        another = _NEXT_CURL.search(token[0])
        if another:
            self._reader.cannot_be_read("a quote is not closed before the next curl command")
            self._go_to(token.start() + another.start())
            return
        if _QUOTE_OF_WINDOWS.match(self._source, token.start()):
            self._reader.cannot_be_read(
                'it has "" within quotes, which only Windows reads as a quote; write \\"'
            )
        self._reader.take(token, self._source[token.end() : token.end() + 1])
        self._go_to(token.end())
        if self._reader.unreadable:
            self._go_to_end_of_command()

    def _is_of_windows(self, token: re.Match[str]) -> bool:
        """Return whether a token ends with a caret of the Windows command prompt.

        It stands before the quotes of a word, or ends a line that is continued.
        """
        if token.lastgroup != "plain" or not token[0].endswith("^"):
            return False
        following = self._source[token.end() : token.end() + 1]
        ends_line = following in {"\n", ""}
        stands_before_quotes = f"{token[0]}{following}" == '^"'
        return ends_line or stands_before_quotes

    def _windows_command(self) -> Iterator[Command]:
        """Read the current command again from its start, as the Windows command prompt does."""
        line = windows_line(self._source, self._start)
        self._reader = self._reader.again()
        self._reader.take_windows_line(line)
        self._at, self._line = self._start, self._reader.line
        self._go_to(line.end)
        yield from self._ended(line.mark)

    def _is_within_a_word(self, token: re.Match[str]) -> bool:
        """Return whether a token is an unquoted `&` in the middle of a URL."""
        around = self._source[max(token.start() - 1, 0) : token.end() + 1]
        return token[0] == "&" and re.fullmatch(r"[^\s&;|]&[^\s&;|]", around) is not None

    def _go_to_end_of_command(self) -> None:
        """Go to the end of a command that cannot be read, which is the end of its last line.

        If a quote is not closed, this is before the next line that starts with curl.
        """
        end = (_NEXT_CURL if self._reader.in_quotes else _LAST_LINE).search(self._source, self._at)
        self._go_to(end.start() if end else -1)

    def _ended(self, mark: str) -> Iterator[Command]:
        """End a command; at the end of a line, yield its commands with their here-documents."""
        self._of_this_line.append(self._reader)
        if mark == "\n":
            for reader in self._of_this_line:
                self._read_here_documents(reader)
                yield from reader.finished()
            self._of_this_line = []
        self._reader = CommandReader(self._line, piped=mark == "|")
        self._start = self._at

    def _read_here_documents(self, reader: "CommandReader") -> None:
        for document in reader.here_documents:
            lines: list[str] = []
            first = self._at, self._line
            while self._at < len(self._source):
                start = self._at
                self._go_to(self._source.find("\n", start) + 1)
                line = self._source[start : self._at].removesuffix("\n")
                line = line.lstrip("\t") if document.indented else line
                if line == document.end:
                    break
                lines.append(f"{line}\n")
            else:
                reader.cannot_be_read(f"its here-document has no end, {document.end[:40]!r}")
                self._at, self._line = first  # these lines may be other commands
            reader.take_here_document(document, "".join(lines))

    def _go_to(self, at: int) -> None:
        """Go to a position in the text; a position before the current one means the end."""
        at = at if at >= self._at else len(self._source)
        self._line += self._source.count("\n", self._at, at)
        self._at = at

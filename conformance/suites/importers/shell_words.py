r"""The words of shell commands, as bash would hand them to a program.

Quotes ('…', "…", $'…'), backslashes, line continuations, comments, here-documents and redirections
are understood.
What depends on the shell it runs in is not: a variable stays as it is written and is noted, a
command in a command is a problem.  A word is text; bytes that are no UTF-8, which `$'\xff'` can
write, are in it as surrogate escapes.

A command whose quotes or lines have a caret is read as one for the command prompt of Windows.
"""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from conformance.suites.importers.ansi_quoting import ansi_text
from conformance.suites.importers.windows_words import WindowsLine, windows_line

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
"""The end of a line before one that starts another curl command."""
_LAST_LINE: Final = re.compile(r"(?<![\\`^])\n")
"""The end of a line that no shell continues: not bash, PowerShell or the command prompt."""
_NOT_OF_A_SHELL: Final = (
    (re.compile("[\u2018-\u201f\u00ab\u00bb]"), "it has typographic quotes; write ' or \""),
    (re.compile("[\u2010-\u2015\u2212]"), "it has a typographic dash; write -"),
    (
        re.compile("[\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]"),
        "it has a space that no shell reads as one, such as a no-break space",
    ),
)
"""Characters that word processors and chat programs put in place of those that were typed."""
_QUOTE_OF_WINDOWS: Final = re.compile(r'"(?:[^"\\$`]|\\.)*"(?="(?!\$))', re.DOTALL)
"""Quoted text that goes on with a further one, and neither is a variable of bash."""
_IN_DOUBLE: Final = re.compile(r"\\([\\\"$`\n])|(\$\(|`)|(\$(?:\{[^}\n]{0,200}\}|\w+|[$?!@*#-]))")
_BRACES: Final = re.compile(r"\{.*(?:,|\.\.).*\}", re.DOTALL)
"""What bash makes several words of, outside quotes."""
_QUOTED: Final = "\0"
"""Stands for quoted text among what is not."""


class Command(Struct, kw_only=True):
    """One command: its first line, its words, the variables in them, and its problem.

    The first line is the number of the line where it starts. The problem is why it cannot be read,
    or None.

    `piped` tells that it reads what the command before it prints; `stdin` is a here-document.
    """

    line: int
    piped: bool = False
    words: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    stdin: str | None = None
    problem: str | None = None


def shell_commands(text: str) -> Iterator[Command]:
    """Yield the commands of a text.

    A command that cannot be read ends before the next line that starts with curl.
    """
    yield from _Scanner(text.removeprefix("\ufeff").replace("\r\n", "\n")).commands()


class _Scanner:
    """Goes through a text, token by token and line by line."""

    def __init__(self, source: str) -> None:
        self._source, self._at, self._line = source, 0, 1
        self._start = 0
        self._reader = _Reader(1)
        self._of_this_line: list[_Reader] = []

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
        """Return whether a token has a caret as the command prompt of Windows needs it.

        It stands before the quotes of a word, or ends a line that goes on.
        """
        if token.lastgroup != "plain" or not token[0].endswith("^"):
            return False
        following = self._source[token.end() : token.end() + 1]
        ends_line = following in {"\n", ""}
        stands_before_quotes = f"{token[0]}{following}" == '^"'
        return ends_line or stands_before_quotes

    def _windows_command(self) -> Iterator[Command]:
        """Read the present command again, from its start."""
        line = windows_line(self._source, self._start)
        self._reader = self._reader.again()
        self._reader.take_windows_line(line)
        self._at, self._line = self._start, self._reader.line
        self._go_to(line.end)
        yield from self._ended(line.mark)

    def _is_within_a_word(self, token: re.Match[str]) -> bool:
        """Return whether a token is a `&` between two parts of what was meant as one URL."""
        around = self._source[max(token.start() - 1, 0) : token.end() + 1]
        return token[0] == "&" and re.fullmatch(r"[^\s&;|]&[^\s&;|]", around) is not None

    def _go_to_end_of_command(self) -> None:
        """Go to the end of a command that cannot be read: that of its last line.

        A quote that nothing closes goes on to the next line that starts with curl.
        """
        end = (_NEXT_CURL if self._reader.in_quotes else _LAST_LINE).search(self._source, self._at)
        self._go_to(end.start() if end else -1)

    def _ended(self, mark: str) -> Iterator[Command]:
        """End a command; the commands of a line are complete with its here-documents."""
        self._of_this_line.append(self._reader)
        if mark == "\n":
            for reader in self._of_this_line:
                self._read_here_documents(reader)
                yield from reader.finished()
            self._of_this_line = []
        self._reader = _Reader(self._line, piped=mark == "|")
        self._start = self._at

    def _read_here_documents(self, reader: "_Reader") -> None:
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
                self._at, self._line = first  # other commands may stand there
            reader.take_here_document(document, "".join(lines))

    def _go_to(self, at: int) -> None:
        """Go to a place in the text; what is no place is its end."""
        at = at if at >= self._at else len(self._source)
        self._line += self._source.count("\n", self._at, at)
        self._at = at


class _HereDocument(Struct, frozen=True, kw_only=True):
    """A here-document: the line that ends it, and how its lines are read."""

    end: str
    indented: bool
    literal: bool


class _Reader:
    """Gathers the words of one command."""

    def __init__(self, line: int, *, piped: bool = False) -> None:
        self._command = Command(line=line, piped=piped)
        self._word: list[str] | None = None
        self._unquoted: list[str] = []
        self._skips_word = False
        self._takes_stdin = False
        self.here_documents: list[_HereDocument] = []
        self._in_backticks = False
        self.unreadable = False
        self.in_quotes = False

    @property
    def line(self) -> int:
        return self._command.line

    def again(self) -> "_Reader":
        """Return a reader for the same command that has read nothing of it."""
        return _Reader(self._command.line, piped=self._command.piped)

    @property
    def at_word_start(self) -> bool:
        return self._word is None

    def finished(self) -> Iterator[Command]:
        self._end_word()
        if self._command.words[:1] in (["$"], ["%"], [">"]):  # a prompt that was copied along
            del self._command.words[0]
        if self._command.words or self._command.problem:
            yield self._command

    def cannot_be_read(self, problem: str) -> None:
        """Note a problem after which the rest of a command means nothing."""
        self._note(problem)
        self.unreadable = True

    def _note(self, problem: str) -> None:
        """Keep the first problem of a command."""
        self._command.problem = self._command.problem or problem

    def take(self, token: re.Match[str], following: str) -> None:
        kind, written = token.lastgroup, token[0]
        if kind in {"blank", "heredoc", "herestring"}:
            self._end_word()
        if kind == "heredoc":
            self.here_documents.append(_here_document(token["heredoc"]))
        elif kind == "herestring":
            self._takes_stdin = True
        elif kind == "redirect":
            self._redirect(written)
        elif written == "`" and following in {"\n", ""} and not self._in_backticks:
            self.cannot_be_read("it is written for PowerShell; copy it for bash")
        elif kind not in {"blank", "continued"}:
            self._word = self._word or []
            self._word.append(self._text(kind, written))
            self._unquoted.append(written if kind == "plain" else _QUOTED)

    def _redirect(self, written: str) -> None:
        # A digit at the end of a word is part of it: `file2>out`
        if self._word is not None and written[0].isdigit():
            self._word.append(written[0])
        self._end_word()
        # `2>&1` and `>&-` name no file
        self._skips_word = not written[-1].isdigit() and written[-1] != "-"

    def take_windows_line(self, line: WindowsLine) -> None:
        self._command.words = line.words
        self._command.variables += line.variables
        self._command.problem = line.problem
        self._look_for_typographic(line.outside_quotes)

    def take_here_document(self, document: _HereDocument, text: str) -> None:
        """Make a here-document the standard input of the command."""
        self._command.stdin = text
        is_filled_in = re.search(r"[\\$`]", text)
        if is_filled_in and not document.literal:
            self._note(f"its here-document is filled in by the shell; write <<'{document.end}'")

    def _text(self, kind: str | None, written: str) -> str:
        if kind == "escaped":
            return written[1]
        if kind == "single":
            if '\\"' in written and self._command.words[:1] == ["curl.exe"]:
                self.cannot_be_read("it is written for PowerShell; copy it for bash")
            return written[1:-1]
        if kind == "double":
            return _IN_DOUBLE.sub(self._in_double, written.removeprefix("$")[1:-1])
        if kind == "ansi":
            text = ansi_text(written[2:-1])
            if "\0" in text:
                self._command.problem = "it has a NUL character, where bash ends a text"
            return text
        if kind == "nested":
            self._in_backticks = self._in_backticks != (written == "`")
            self._command.problem = "it runs another command for a part of it"
        elif kind == "variable":
            self._command.variables.append(written)
        else:
            self._look_at_plain(written)
        return written

    def _look_at_plain(self, written: str) -> None:
        """Note what no shell of Unix understands."""
        if written in {"'", '"'}:
            self.in_quotes = True
            self.cannot_be_read("a quote is not closed")
        elif written.startswith("^"):
            self.cannot_be_read("it is written for the command prompt of Windows; copy it for bash")
        self._look_for_typographic(written)

    def _look_for_typographic(self, unquoted: str) -> None:
        for characters, problem in _NOT_OF_A_SHELL:
            if characters.search(unquoted):
                self.cannot_be_read(problem)

    def _in_double(self, found: re.Match[str]) -> str:
        if found[1] is not None:
            return "" if found[1] == "\n" else found[1]
        return self._text("nested" if found[2] else "variable", found[0])

    def _end_word(self) -> None:
        if self._word is None:
            return
        word = "".join(self._word)
        if self._takes_stdin:
            self._command.stdin = f"{word}\n"
        elif not self._skips_word:
            self._command.words.append(word)
            if _BRACES.search("".join(self._unquoted)):
                self._note("it has braces outside quotes, of which bash makes several words")
        self._takes_stdin = self._skips_word = False
        self._word = None
        self._unquoted = []


def _here_document(written: str) -> _HereDocument:
    r"""Read what stands behind `<<`: `-` for lines without tabs before them, and a word.

    A word in quotes, or behind a backslash, makes the lines literal.
    """
    word = written.removeprefix("-").strip(" \t")
    return _HereDocument(
        end=word.strip("'\"\\"),
        indented=written.startswith("-"),
        literal=word[0] in "'\"\\",
    )

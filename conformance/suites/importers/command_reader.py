"""One shell command, read token by token: its words, its variables, and its problem."""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from conformance.suites.importers.ansi_quoting import ansi_text
from conformance.suites.importers.windows_words import WindowsLine

_NOT_OF_A_SHELL: Final = (
    (re.compile("[\u2018-\u201f\u00ab\u00bb]"), "it has typographic quotes; write ' or \""),
    (re.compile("[\u2010-\u2015\u2212]"), "it has a typographic dash; write -"),
    (
        re.compile("[\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]"),
        "it has a space that no shell reads as one, such as a no-break space",
    ),
)
"""Characters that word processors and chat programs put in place of typed ones."""
_IN_DOUBLE: Final = re.compile(r"\\([\\\"$`\n])|(\$\(|`)|(\$(?:\{[^}\n]{0,200}\}|\w+|[$?!@*#-]))")
_BRACES: Final = re.compile(r"\{.*(?:,|\.\.).*\}", re.DOTALL)
"""Braces outside quotes that bash expands to several words."""
_QUOTED: Final = "\0"
"""Stands for a piece of quoted text."""


class Command(Struct, kw_only=True):
    """One command: its first line, its words, the variables in them, and its problem.

    `line` is the number of the line where it starts. `problem` is why it cannot be read, or None.

    `piped` says that it reads the output of the command before it; `stdin` is a here-document.
    """

    line: int
    piped: bool = False
    words: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    stdin: str | None = None
    problem: str | None = None


class _HereDocument(Struct, frozen=True, kw_only=True):
    """The start of a here-document: the line that ends it, and how its lines are read."""

    end: str
    indented: bool
    literal: bool


class CommandReader:
    """A reader that collects the words of one command."""

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
        """Return the number of the line where the command starts."""
        return self._command.line

    def again(self) -> "CommandReader":
        """Return a new reader for the same command."""
        return CommandReader(self._command.line, piped=self._command.piped)

    @property
    def at_word_start(self) -> bool:
        """Return whether the next token starts a word."""
        return self._word is None

    def finished(self) -> Iterator[Command]:
        """Yield the command, unless it has neither words nor a problem."""
        self._end_word()
        if self._command.words[:1] in (["$"], ["%"], [">"]):  # a prompt that was copied along
            del self._command.words[0]
        if self._command.words or self._command.problem:
            yield self._command

    def cannot_be_read(self, problem: str) -> None:
        """Note a problem after which the rest of the command cannot be read."""
        self._note(problem)
        self.unreadable = True

    def _note(self, problem: str) -> None:
        """Keep a problem, unless the command has an earlier one."""
        self._command.problem = self._command.problem or problem

    def take(self, token: re.Match[str], following: str) -> None:
        """Take a token; `following` is the next character, or empty at the end."""
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
        """Take all words of a line for the command prompt of Windows."""
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
        """Note plain text that no Unix shell understands."""
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
                self._note("it has braces outside quotes, which bash expands to several words")
        self._takes_stdin = self._skips_word = False
        self._word = None
        self._unquoted = []


def _here_document(written: str) -> _HereDocument:
    """Return the here-document for the text after `<<`: an optional `-`, and a word.

    With `-`, tabs before the lines are removed.  A quoted or escaped word makes the lines literal.
    """
    word = written.removeprefix("-").strip(" \t")
    return _HereDocument(
        end=word.strip("'\"\\"),
        indented=written.startswith("-"),
        literal=word[0] in "'\"\\",
    )

"""Decisions that are named outside the ledger: in the document's prose and in suites.

In suites, only comments and reasons count.  Code blocks and generated regions of the document, and
what suites send, are no prose: an id there names no decision.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import yaml

from conformance.errors import Place, Problem
from conformance.model.decision import Ledger
from conformance.suites.field_check import suggestion
from conformance.tracker.markdown_file import MarkdownFile

_ID: Final = re.compile(r"(?<![\w-])D-[0-9]{3,}(?![\w-])")
_REASON: Final = "why"
_WORD: Final = re.compile(r"\S")


def unknown_ids(ledger: Ledger, file: MarkdownFile, suites: Iterable[Path]) -> Iterator[Problem]:
    """Yield where the document or a suite names a decision that the ledger does not have."""
    known = list(ledger.by_id)
    no_prose = file.code | file.generated
    prose = [(index, line) for index, line in enumerate(file.lines) if index not in no_prose]
    yield from _unknown(file.name, prose, known)
    for suite in suites:
        source = suite.read_text("utf-8")
        # YAML is slow to scan, and few suites name a decision
        if not _ID.search(source):
            continue
        lines = enumerate(_prose(source).split("\n"))
        yield from _unknown(str(suite), lines, known)


def _unknown(name: str, lines: Iterable[tuple[int, str]], known: list[str]) -> Iterator[Problem]:
    for index, line in lines:
        for mention in _ID.finditer(line):
            named = mention[0]
            if named in known:
                continue
            place = Place(name, index + 1, mention.start() + 1)
            advice = suggestion(named, known)
            yield Problem(place, f"{named} is no decision of the ledger{advice}")


def _prose(suite: str) -> str:
    """Return a suite's text in which everything except comments and reasons is blank."""
    prose = suite
    for start, end in _no_prose(suite):
        # One space for each character, so that lines and columns stay the same
        prose = prose[:start] + _WORD.sub(" ", prose[start:end]) + prose[end:]
    return prose


def _no_prose(suite: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each key, and of each value that is no reason."""
    key = ""
    is_key = False
    for token in yaml.scan(suite, yaml.SafeLoader):
        if isinstance(token, yaml.KeyToken | yaml.ValueToken):
            is_key = isinstance(token, yaml.KeyToken)
        if not isinstance(token, yaml.ScalarToken):
            continue
        if is_key:
            key = token.value
        if is_key or key != _REASON:
            yield token.start_mark.index, token.end_mark.index

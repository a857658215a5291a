"""Where decisions are named outside the ledger.

These places are the document's prose, and the comments and reasons of suites.

Code blocks and generated regions of the document, and what suites send, are no prose: an id there
names no decision.
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
    known = [row.id for row in ledger.decisions]
    regions = file.regions.values()
    no_prose = file.code.union(*(range(region.begin, region.end) for region in regions))
    prose = [(index, line) for index, line in enumerate(file.lines) if index not in no_prose]
    yield from _unknown(file.name, prose, known)
    for suite in suites:
        written = suite.read_text("utf-8")
        if _ID.search(written):
            yield from _unknown(str(suite), enumerate(_prose(written).split("\n")), known)


def _unknown(name: str, lines: Iterable[tuple[int, str]], known: list[str]) -> Iterator[Problem]:
    for index, line in lines:
        for mention in _ID.finditer(line):
            if mention[0] not in known:
                place = Place(name, index + 1, mention.start() + 1)
                advice = suggestion(mention[0], known)
                yield Problem(place, f"{mention[0]} is no decision of the ledger{advice}")


def _prose(suite: str) -> str:
    """Return a suite's text with everything blank but comments and reasons."""
    prose, key, in_key = suite, "", False
    for token in yaml.scan(suite, yaml.SafeLoader):
        if isinstance(token, yaml.KeyToken | yaml.ValueToken):
            in_key = isinstance(token, yaml.KeyToken)
        elif isinstance(token, yaml.ScalarToken):
            key = token.value if in_key else key
            if in_key or key != _REASON:
                start, end = token.start_mark.index, token.end_mark.index
                prose = prose[:start] + _WORD.sub(" ", prose[start:end]) + prose[end:]
    return prose

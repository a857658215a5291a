"""R1, R12 and R15: texts, files and patterns that nobody should have sent."""

import time
from typing import Final

import re2

from conformance.comparison.values.lossless_json import NoJsonError, parse
from conformance.errors import BadFileError
from conformance.suites.document import parse_document
from conformance.suites.expect_fields import pattern_problem
from conformance.suites.suite_file import cases_of
from tests.reliability.json_texts import INVALID, UNDECIDED, VALID
from tests.reliability.mutated_files import KINDS, mutated
from tests.reliability.row import SEED, Figure
from tests.reliability.tests_as_rows import run_tests

_PATTERNS: Final = (
    r"(a+)+$",
    r"(a|a)*$",
    r"(a|aa)+$",
    r"(.*a){20}$",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(x+x+)+y",
    r"^(a?){30}a{30}$",
    r"(\w+\s?)*$",
    r"([a-zA-Z]+)*$",
    r"(a*)*b",
)
_LONG_TEXT: Final = "a" * 50_000 + "!"
_PATTERN_S: Final = 0.05
_ALIASES: Final = ("a0: &a0 [x, x]\n") + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)
_MERGES: Final = "m0: &m0 {k: v}\n" + "".join(
    f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 9)}]}}\n" for n in range(1, 8)
)
_BOMBS: Final = {
    "aliases": _ALIASES.encode(),
    "merge keys": _MERGES.encode(),
    "brackets": b"[" * 100_000,
    "braces": b"{a: " * 100_000,
    "digits": b"suite: " + b"9" * 100_000,
    "one long line": b"suite: " + b"x" * (2 << 20),
}
_BOMB_S: Final = 0.5
_FILE_S: Final = 2.0


def json_kinds() -> Figure:
    """Parse texts that are JSON, are not, or are JSON to some parsers."""
    wrong = [text for text in VALID if _outcome(text.encode()) != "plain"]
    wrong += [text for text in INVALID if _outcome(text.encode()) != "refused: invalid-json"]
    wrong += [repr(raw[:40]) for raw, pinned in UNDECIDED if _outcome(raw) != pinned]
    right = len(VALID) + len(INVALID) + len(UNDECIDED) - len(wrong)
    return Figure(
        text=(
            f"{right} right of {len(VALID)} valid, {len(INVALID)} invalid and {len(UNDECIDED)} "
            "undecided texts"
        ),
        is_met=not wrong,
        numbers={"wrong": wrong},
    )


def _outcome(raw: bytes) -> str:
    try:
        return ", ".join(parse(raw).notes) or "plain"
    except NoJsonError as error:
        return f"refused: {error.note}"


def bad_files(mutations: int) -> Figure:
    """Run the tests of files written wrong by hand, and read files mutated at random."""
    by_hand = run_tests([f"tests/suites/test_bad_{name}.py" for name in _BY_HAND])
    outcomes = [mutated(kind, mutations // len(KINDS), SEED) for kind in KINDS]
    raised = [failure for one in outcomes for failure in one.failures]
    slowest_s = max(one.slowest_s for one in outcomes)
    count, refused = sum(one.count for one in outcomes), sum(one.refused for one in outcomes)
    return Figure(
        text=(
            f"{by_hand.text}; {count:,} mutated files of {len(KINDS)} kinds: {refused:,} refused, "
            f"{len(raised)} tracebacks, the slowest in {slowest_s:.2f} s"
        ),
        is_met=by_hand.is_met and not raised and slowest_s < _FILE_S,
        numbers={
            "mutated": {one.kind: one.count for one in outcomes},
            "refused": {one.kind: one.refused for one in outcomes},
            "tracebacks": raised[:10],
        },
    )


_BY_HAND: Final = ("cases", "grammar", "suites", "yaml")


def patterns_and_bombs() -> Figure:
    """Match patterns that make other engines run for ever, and read documents that explode."""
    slowest_s = max(_matching_s(pattern) for pattern in _PATTERNS)
    refused_s = {name: _refusing_s(raw) for name, raw in _BOMBS.items()}
    taken = [name for name, took_s in refused_s.items() if took_s is None]
    slowest_bomb_s = max(took_s or 0.0 for took_s in refused_s.values())
    return Figure(
        text=(
            f"{len(_PATTERNS)} patterns on {len(_LONG_TEXT):,} characters, the slowest in "
            f"{slowest_s * 1000:.1f} ms; {len(_BOMBS) - len(taken)} of {len(_BOMBS)} documents "
            f"refused, the slowest in {slowest_bomb_s * 1000:.0f} ms"
        ),
        is_met=slowest_s < _PATTERN_S and not taken and slowest_bomb_s < _BOMB_S,
        numbers={"refused_s": refused_s},
    )


def _matching_s(pattern: str) -> float:
    """Return how long a pattern takes as a suite uses it; one that is refused takes nothing."""
    if pattern_problem(pattern) is not None:
        return 0.0
    started_s = time.process_time()
    re2.search(pattern, _LONG_TEXT)
    return time.process_time() - started_s


def _refusing_s(raw: bytes) -> float | None:
    """Return how long it takes to refuse a document, in CPU seconds; None if it is read."""
    started_s = time.process_time()
    try:
        cases_of(parse_document(raw, "bomb.yaml"))
    except BadFileError:
        return time.process_time() - started_s
    return None

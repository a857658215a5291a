"""Mutants that no test kills, as nobody sees them from outside, each with the reason."""

from typing import Final

_VECTORD: Final = "reference_impl/vectord"
EQUIVALENT: Final[dict[tuple[str, str, str, str], str]] = {
    (
        f"{_VECTORD}/store/changes.py",
        "apply",
        'matrix = np.frombuffer(change.vectors, "<f4").reshape(len(change.ids), -1)',
        'matrix = np.frombuffer(change.vectors, "<f4").reshape(len(change.ids), -2)',
    ): "numpy takes any negative number for the length that is left",
    (
        f"{_VECTORD}/store/generations.py",
        "_bytes_of",
        "return vectors.reshape(-1).view(np.uint8).data",
        "return vectors.reshape(-2).view(np.uint8).data",
    ): "numpy takes any negative number for the length that is left",
    (
        f"{_VECTORD}/store/generations.py",
        "_rows",
        "rows = Rows(dim, count + count // 8)",
        "rows = Rows(dim, count + count // 9)",
    ): "a guess at how many rows will come; there is room for more whenever they do",
    (
        f"{_VECTORD}/store/generations.py",
        "forget_before",
        "sync_folder(folder)",
        "pass",
    ): "a file that is back when power was lost is older than a save that holds",
    (
        f"{_VECTORD}/service/conditions.py",
        "_holds",
        "return False",
        "return None",
    ): "only asked whether true",
    (
        f"{_VECTORD}/service/index.py",
        "is_quick",
        "return False",
        "return None",
    ): "only asked whether true",
    (
        f"{_VECTORD}/service/durable_index.py",
        "change",
        "self._unsaved += 1",
        "self._unsaved += 2",
    ): "only asked whether there is something",
    (
        "conformance/ledger/draft_sides.py",
        "side_labels",
        "numbers = range(1, count + len(runtimes) + 1)",
        "numbers = range(1, count + len(runtimes) + 2)",
    ): "no more numbers are taken than there are sides",
    (
        "conformance/verdicts/judgement.py",
        "_undecided_past_limit",
        'return ""',
        "return None",
    ): "only asked whether there is a reason",
    (
        "conformance/verdicts/moved_runtimes.py",
        "_still_differ",
        'return ""',
        "return None",
    ): "what says nothing is left out, an empty text or none",
    (
        "conformance/verdicts/shown_places.py",
        "why_nothing_shown",
        "has_refusal = max(statuses, default=0) >= FIRST_ERROR",
        "has_refusal = max(statuses, default=1) >= FIRST_ERROR",
    ): "neither is the status of an error",
    (
        "conformance/runner/http/content_coding.py",
        "_inflate",
        "most = min(_PIECE_BYTES, self._left + 1 - len(decoded))",
        "most = min(_PIECE_BYTES, self._left + 2 - len(decoded))",
    ): "one byte past the bound is refused, and so are two",
    (
        "conformance/runner/http/response_reader.py",
        "_take_head",
        "return False",
        "return None",
    ): "only asked whether true",
    (
        "conformance/runner/http/dialer.py",
        "connect",
        "if fault.kind not in _TIMEOUTS or late_s < STOOD_STILL_S:",
        "if fault.kind not in _TIMEOUTS or late_s <= STOOD_STILL_S:",
    ): "no time that is measured is just the bound",
    (
        "conformance/comparison/answers/cookies.py",
        "_is_past",
        "return False",
        "return None",
    ): "only asked whether true",
}
"""By file, function, line of code and the line that stands there instead."""

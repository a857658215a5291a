"""Mutants that no test kills, as nobody sees them from outside, each with the reason."""

from typing import Final

_VECTORD: Final = "reference_impl/vectord"
EQUIVALENT: Final[dict[tuple[str, str, str], str]] = {
    (
        f"{_VECTORD}/store/changes.py",
        'matrix = np.frombuffer(change.vectors, "<f4").reshape(len(change.ids), -1)',
        "2",
    ): "numpy takes any negative number for the length that is left",
    (
        f"{_VECTORD}/store/generations.py",
        "return vectors.reshape(-1).view(np.uint8).data",
        "2",
    ): "numpy takes any negative number for the length that is left",
    (
        f"{_VECTORD}/store/generations.py",
        "rows = Rows(dim, count + count // 8)",
        "9",
    ): "a guess at how many rows will come; there is room for more whenever they do",
    (
        f"{_VECTORD}/store/generations.py",
        "sync_folder(folder)",
        "pass",
    ): "a file that is back when power was lost is older than a save that holds",
    (f"{_VECTORD}/service/conditions.py", "return False", "return None"): "only asked whether true",
    (f"{_VECTORD}/service/index.py", "return False", "return None"): "only asked whether true",
    (
        f"{_VECTORD}/service/durable_index.py",
        "self._unsaved += 1",
        "2",
    ): "only asked whether there is something",
    (
        "conformance/runner/http/response_reader.py",
        "return False",
        "return None",
    ): "only asked whether true",
}
"""By file, line of code and what stands there instead."""

"""The meaning of the symbols in the list of cases."""

from typing import Final

from conformance.model.verdict import Verdict

LEGEND: Final = {
    Verdict.PASSED: ("✓", "nothing differs"),
    Verdict.FAILED: ("✕", "an undecided difference, or an answer that the case does not expect"),
    Verdict.ERRORED: ("!", "no answer to judge"),
    Verdict.SKIPPED: ("\N{EN DASH}", "not compared, for the reason beside it"),
    Verdict.KNOWN: ("≈", "every difference is decided"),
    Verdict.NONDETERMINISTIC: ("?", "asked twice, the case did not show the same twice"),
}
"""The symbol of each verdict, and its meaning."""

"""The fixes that cases of a run give one of its runtimes."""

from collections.abc import Sequence

from conformance.model.evidence import FixEvidence
from tests.comparison.evidence.judged import Asked, evidence_of, groups_of, results


def fixes(
    cases: Sequence[Asked], language: str, evidence: FixEvidence | str | None = "of the run"
) -> list[str]:
    """Return the fixes proposed for a, of three runtimes, in the first cause that has any."""
    judged = results(cases, 3)
    known = evidence_of(judged) if isinstance(evidence, str) else evidence
    return [
        remedy.where
        for group in groups_of(judged, {"a": language}, known)
        for remedy in group.remedies
    ]

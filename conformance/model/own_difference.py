"""Differences of a runtime from itself, when it is sent the same request again."""

from msgspec import Struct

from conformance.model.finding import Finding


class OwnDifference(Struct, frozen=True, kw_only=True):
    """A difference of a runtime from itself: its two answers are the "runtimes" of the finding.

    `rule` is a rule, as YAML, that would allow it; if a rule is not right, `no_rule` says why.
    """

    runtime: str
    finding: Finding
    rule: str = ""
    no_rule: str = ""

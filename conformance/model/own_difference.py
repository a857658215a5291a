"""What a runtime answered differently when it was asked the same again."""

from msgspec import Struct

from conformance.model.finding import Finding


class OwnDifference(Struct, frozen=True, kw_only=True):
    """A difference of a runtime from itself: its two askings are the "runtimes" of the finding.

    `rule` would excuse it, as YAML; where a rule is not right, `no_rule` says which one and why.
    """

    runtime: str
    finding: Finding
    rule: str = ""
    no_rule: str = ""

"""The rules of validatord: pure, one module a kind of artifact.

And the iteration that has a model keep to them.

In: a kind, an artifact as it was parsed, the context and the roster. Out: what a passing verdict
did not look at, or the first rule that fails, raised as an `ArtifactError`. No I/O, no clock.
Order: Schema, Completeness, Policy, Consistency.
"""

from reference_impl.validatord.service.artifact import judge
from reference_impl.validatord.service.iteration import iterate

__all__ = ["iterate", "judge"]

"""The pure rules of validatord, one module for each kind of artifact, and the iteration.

In: a kind, a parsed artifact, the context and the roster. Out: the checks that were not possible,
or the first rule that fails, raised as an `ArtifactError`. No I/O, no clock. Order: Schema,
Completeness, Policy, Consistency.
"""

from reference_impl.validatord.service.artifact import judge
from reference_impl.validatord.service.iteration import iterate

__all__ = ["iterate", "judge"]

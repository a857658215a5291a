"""The four ways in which an artifact can fail.

    ArtifactError                 reason: one fixed English sentence with values in it
    ├── ArtifactSchemaError       a member is missing or malformed; `field` names it
    ├── ArtifactCompletenessError too long, too short, too many, too few
    ├── ArtifactPolicyError       it has content that must not be sent
    └── ArtifactConsistencyError  it contradicts the roster or itself

The groups are checked in this order. The first rule that fails is raised; failures are not
collected.
"""


class ArtifactError(Exception):
    """An artifact fails a rule."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ArtifactSchemaError(ArtifactError):
    """A member of the artifact is missing or malformed."""

    def __init__(self, field: str, requirement: str) -> None:
        super().__init__(f"{field} must {requirement}")
        self.field = field


class ArtifactCompletenessError(ArtifactError):
    """The artifact has too much or too little of something."""


class ArtifactPolicyError(ArtifactError):
    """The artifact has content that must not be sent."""


class ArtifactConsistencyError(ArtifactError):
    """The artifact contradicts the roster or itself."""

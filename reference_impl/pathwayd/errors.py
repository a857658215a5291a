"""The ways an action on a trace can fail, each with the status that tells the caller.

    PathwayError                    detail: one sentence that never holds what the caller sent
    ├── UnknownTraceError           404: no trace has the uid
    ├── RetiredTraceError           409: a retired trace does not change and is not revised
    ├── CycleError                  409: a trace would be among its own predecessors
    ├── UnknownPredecessorError     422: no trace has the uid that is to be the predecessor
    └── LongMetadataError           422: the metadata are too long

Nothing has changed when one is raised.
"""

from typing import ClassVar


class PathwayError(Exception):
    """Something cannot be done to a trace."""

    status: ClassVar[int]
    detail: ClassVar[str]
    pointer: ClassVar[str | None] = None
    """The member of the body that is wrong, if one is."""


class UnknownTraceError(PathwayError):
    """No trace has the uid."""

    status = 404
    detail = "there is no trace with this uid"


class RetiredTraceError(PathwayError):
    """A retired trace does not change and is not revised."""

    status = 409
    detail = "the trace is retired: it does not change and is not revised"


class CycleError(PathwayError):
    """A trace would be among its own predecessors."""

    status = 409
    detail = "the trace would be among its own predecessors"


class UnknownPredecessorError(PathwayError):
    """No trace has the uid that is to be the predecessor."""

    status = 422
    detail = "there is no trace with this uid"
    pointer = "/predecessor"


class LongMetadataError(PathwayError):
    """The metadata are too long."""

    status = 422
    detail = "over 16384 bytes as JSON"
    pointer = "/metadata"

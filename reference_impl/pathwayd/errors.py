"""The ways in which an action on a trace can fail, each with the status of its answer.

    PathwayError                    detail: one sentence without any text of the caller
    ├── UnknownTraceError           404: no trace has the uid
    ├── RetiredTraceError           409: a retired trace cannot be changed or revised
    ├── CycleError                  409: a trace would be among its own predecessors
    ├── UnknownPredecessorError     422: no trace has the uid of the predecessor
    └── LongMetadataError           422: the metadata are too long

Nothing has changed when one is raised.
"""

from typing import ClassVar


class PathwayError(Exception):
    """An action on a trace failed."""

    status: ClassVar[int]
    detail: ClassVar[str]
    pointer: ClassVar[str | None] = None
    """The member of the body that is wrong, if one is."""


class UnknownTraceError(PathwayError):
    """No trace has the uid."""

    status = 404
    detail = "there is no trace with this uid"


class RetiredTraceError(PathwayError):
    """A retired trace cannot be changed or revised."""

    status = 409
    detail = "the trace is retired: it does not change and is not revised"


class CycleError(PathwayError):
    """A trace would be among its own predecessors."""

    status = 409
    detail = "the trace would be among its own predecessors"


class UnknownPredecessorError(PathwayError):
    """No trace has the uid of the predecessor."""

    status = 422
    detail = "there is no trace with this uid"
    pointer = "/predecessor"


class LongMetadataError(PathwayError):
    """The metadata are too long."""

    status = 422
    detail = "over 16384 bytes as JSON"
    pointer = "/metadata"

"""The errors of a request to vectord.

VectordError                  message: one sentence for the caller
├── UnknownIndexError         no index has this name
├── UnknownItemError          the index has no item with this id
├── IndexConflictError        an index of this name exists with other settings
├── SaveFailedError           an index could not be saved
└── UnfitVectorError          vectors do not fit this index; `errors` has the JSON Pointer of
                              each place
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_impl.kit.problem import sentence_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reference_impl.kit.problem import FieldError


class VectordError(Exception):
    """A request cannot be carried out."""


class UnknownIndexError(VectordError):
    """No index has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no index {name}; POST /vectors/index makes one")


class UnknownItemError(VectordError):
    """The index has no item with this id."""

    def __init__(self) -> None:
        super().__init__("the index has no item with this id")


class IndexConflictError(VectordError):
    """An index of this name exists with other settings."""


class SaveFailedError(VectordError):
    """An index could not be saved; its log still has everything."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"index {name} could not be saved; nothing is lost, the log of the daemon says why"
        )


class UnfitVectorError(VectordError):
    """Vectors do not fit this index."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(sentence_of(errors))
        self.errors = tuple(errors)

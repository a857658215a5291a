"""What can stop a request to vectord.

VectordError                  message: one sentence for the caller
├── UnknownIndexError         no index of this name
├── UnknownItemError          the index has no item with this id
├── IndexConflictError        an index of this name exists with other settings
└── UnfitVectorError          a vector cannot be in this index; opens with the JSON Pointer of the place
"""


class VectordError(Exception):
    """A request cannot be done."""


class UnknownIndexError(VectordError):
    """There is no index of this name."""

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
        super().__init__(f"index {name} could not be saved; nothing is lost, the log of the daemon says why")


class UnfitVectorError(VectordError):
    """A vector cannot be in this index."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")

"""The results of an importer: requests, and entries that were left out."""

from msgspec import Struct

from conformance.model.request import HeaderList


class ImportedRequest(Struct, frozen=True, kw_only=True):
    """One request as its client would send it.

    `notes` are differences from what was written. `of_browser` says that a browser chose the header
    fields, and not a person.
    """

    origin: str
    host: str
    method: str
    target: str
    headers: HeaderList = ()
    body: bytes | None = None
    notes: tuple[str, ...] = ()
    of_browser: bool = False


class LeftOutEntry(Struct, frozen=True, kw_only=True):
    """An entry of a file that is no case of the suite, and why.

    `by_choice` says that an option of the import leaves it out.
    """

    origin: str
    why: str
    by_choice: bool = False


Import = ImportedRequest | LeftOutEntry


class NotImportableError(ValueError):
    """A request that no suite can hold, or that its source describes incompletely.

    The message says why.
    """

"""What an importer makes of a file: requests, and what it could not import."""

from msgspec import Struct

from conformance.model.request import HeaderList


class ImportedRequest(Struct, frozen=True, kw_only=True):
    """One request as its client would send it.

    `notes` say where that differs from what was written. `of_browser` tells that a browser chose
    the fields, and not a person.
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
    """Something in a file that is no case of the suite, and why.

    `by_choice` tells that an option of the import chose so.
    """

    origin: str
    why: str
    by_choice: bool = False


Import = ImportedRequest | LeftOutEntry


class NotImportableError(ValueError):
    """A request that no suite can hold, or that its own text does not tell.

    The message says why.
    """

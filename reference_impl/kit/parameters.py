"""Parameters of a request outside its body: in the path, the query and the headers.

In: a struct type with one field per parameter, with descriptions, limits and defaults as in any
other shape; a request. Out: a value of that type, or a `ProblemError` 422 that names every wrong
parameter (`/limit`). The document is made from the same types, so a parameter is declared once.
Values arrive as text and are converted by their type (`limit=10`). A query may have no undeclared
parameter, and none twice.

A header parameter is named like its field, with hyphens: `if_match` is `If-Match`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar
from urllib.parse import parse_qsl

import msgspec

from reference_impl.kit.problem import FieldError, ProblemError, misfit
from reference_impl.kit.strict_json import MisfitError, fit_text

if TYPE_CHECKING:
    from starlette.requests import Request

T = TypeVar("T", bound=msgspec.Struct)

Place = Literal["path", "query", "header"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters(Generic[T]):
    """The parameters of one place, as the fields of a struct."""

    place: Place
    kind: type[T]

    def read(self, request: Request) -> T:
        """Return the values of all parameters.

        Raises ProblemError.
        """
        try:
            return fit_text(_READERS[self.place](request, self), self.kind)
        except MisfitError as error:
            raise self.misfit(*error.errors) from None

    def misfit(self, *errors: FieldError) -> ProblemError:
        """Return the problem for wrong parameters of this place."""
        return misfit(*errors, what=f"the {self.place} parameters do")

    def names(self) -> dict[str, str]:
        """Return the name on the wire for each field name."""
        fields = [field.encode_name for field in msgspec.structs.fields(self.kind)]
        return {name: _header_name(name) if self.place == "header" else name for name in fields}


def _path(request: Request, _parameters: Parameters[Any]) -> dict[str, str]:
    return dict(request.path_params)


def _query(request: Request, parameters: Parameters[Any]) -> dict[str, str]:
    try:
        text = request.scope["query_string"].decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        raise ProblemError(400, "the query cannot be read") from None
    values = dict(pairs)
    if len(values) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = sorted(
            {name for name in names if names.count(name) > 1} & set(parameters.names())
        )
        errors = [FieldError(f"/{name}", "it stands more than once") for name in repeated]
        raise parameters.misfit(*errors or [FieldError("", "a parameter stands more than once")])
    return values


def _header(request: Request, parameters: Parameters[Any]) -> dict[str, str]:
    """Return the declared headers.

    A list in several lines is one value (RFC 9110, section 5.3).
    """
    sent = {field: request.headers.getlist(name) for field, name in parameters.names().items()}
    return {field: ", ".join(values) for field, values in sent.items() if values}


_READERS = {"path": _path, "query": _query, "header": _header}


def _header_name(field: str) -> str:
    return "-".join(word.capitalize() for word in field.split("_"))

"""The endpoint of queryd: from a request to the result of a statement.

In: requests. Out: a result, or a problem: 422 at `/sql` for a faulty statement, 409 for a broken
dataset, 503 when all workers are busy. Messages of the SQL engine are passed on to the author of
the statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic_ns
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from reference_impl.kit.operation import Answer, operation, refusal
from reference_impl.kit.problem import FieldError, ProblemError, misfit
from reference_impl.kit.worker_pool import BusyError
from reference_impl.queryd.errors import DatasetBrokenError, StatementError
from reference_impl.queryd.wire import SQL_BODY, Result

if TYPE_CHECKING:
    from starlette.requests import Request

    from reference_impl.kit.json_body import JsonBodies
    from reference_impl.queryd.service.queries import Queries

_NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """The endpoint over all datasets."""

    bodies: JsonBodies
    queries: Queries

    @operation(
        "POST",
        "/sql",
        "Run one query over all datasets by name; nothing else can be read, and nothing changed.",
        body=SQL_BODY,
        calls=("catalogd", "storaged"),
        answers=(
            Answer(
                status=200,
                meaning="Its result, cut off at max_rows and at a size.",
                shapes=(Result,),
            ),
            refusal(409, "A dataset's object in storaged is gone or changed."),
            refusal(
                422, "The statement is refused, wrong, too slow or too large; `detail` says so."
            ),
        ),
    )
    async def sql(self, request: Request) -> Response:
        """Answer with columns and rows, and the time that the statement took."""
        statement = await self.bodies.read(request, SQL_BODY)
        started_ns = monotonic_ns()
        try:
            table = await self.queries.answer(statement)
        except StatementError as error:
            raise misfit(FieldError("/sql", str(error))) from None
        except DatasetBrokenError as error:
            raise ProblemError(
                409, f"the dataset {error.name} is not in storaged as the catalog has it"
            ) from None
        except BusyError:
            raise ProblemError(503, "all workers are busy") from None
        members = {
            "columns": table.columns,
            "rows": table.rows,
            "row_count": table.row_count,
            "truncated": table.truncated,
            "elapsed_ms": (monotonic_ns() - started_ns) // _NS_PER_MS,
        }
        return Response(msgspec.json.encode(members), media_type="application/json")

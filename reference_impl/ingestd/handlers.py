"""The endpoint of ingestd: from a file to a dataset.

In: requests. Out: 201 with the dataset, or 422 with the faulty line. Refusals of catalogd and
storaged are passed on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from reference_impl.ingestd.errors import FileError
from reference_impl.ingestd.wire import FORMATS, INGEST_BODY, INGEST_QUERY, BadFile, Ingested
from reference_impl.kit.byte_stream import media_type_of
from reference_impl.kit.operation import Answer, operation, refusal
from reference_impl.kit.problem import MEDIA_TYPE, TITLES, ProblemError
from reference_impl.kit.worker_pool import BusyError

if TYPE_CHECKING:
    from starlette.requests import Request

    from reference_impl.ingestd.service.ingests import Ingests
    from reference_impl.kit.byte_stream import ByteBodies


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """The endpoint over storaged and catalogd."""

    bodies: ByteBodies
    ingests: Ingests

    @operation(
        "POST",
        "/ingest",
        "Make a dataset of a CSV, JSON Lines or Parquet file, or give one of the same schema new "
        "rows. Objects of earlier rows stay in storaged, where their owner deletes them.",
        body=INGEST_BODY,
        parameters=(INGEST_QUERY,),
        calls=("storaged", "catalogd"),
        answers=(
            Answer(status=201, meaning="The file is a dataset now.", shapes=(Ingested,)),
            refusal(409, "The dataset is registered with another schema; nothing was changed."),
            Answer(
                status=422,
                meaning="A row is bad, or the file is; `line` says where.",
                shapes=(BadFile,),
                media_type=MEDIA_TYPE,
            ),
        ),
    )
    async def ingest(self, request: Request) -> Response:
        """Answer 201 once the dataset is registered, 422 for a bad file, 503 when all are busy."""
        name = INGEST_QUERY.read(request).name
        pieces = self.bodies.stream(request, INGEST_BODY)
        try:
            done = await self.ingests.ingest(name, FORMATS[media_type_of(request)], pieces)
        except FileError as error:
            return _bad_file(request, error)
        except BusyError:
            raise ProblemError(503, "all converters are busy") from None
        return Response(msgspec.json.encode(done), 201, media_type="application/json")


def _bad_file(request: Request, error: FileError) -> Response:
    where = "the file" if error.line is None else f"line {error.line}"
    document = BadFile(
        type="about:blank",
        title=TITLES[422],
        status=422,
        detail=f"{where}: {error.reason}",
        instance=request.scope["raw_path"].decode("ascii", "backslashreplace"),
        line=error.line,
    )
    return Response(msgspec.json.encode(document), 422, media_type=MEDIA_TYPE)

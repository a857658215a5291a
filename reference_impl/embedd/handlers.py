"""The endpoints of embedd: from texts to vectors.

In: requests. Out: JSON, or 422 for an unknown model. A few short texts for the default model take
less time than a change of thread; everything else goes to a thread.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET
from starlette.responses import Response

from reference_impl.embedd.errors import UnknownModelError
from reference_impl.embedd.service.models import DEFAULT, ENTRIES
from reference_impl.embedd.wire import EMBED_BODY, Embedded, ModelList
from reference_impl.kit.operation import Answer, operation
from reference_impl.kit.problem import FieldError, misfit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from reference_impl.embedd.service.models import Entry, Models
    from reference_impl.embedd.store import Cache
    from reference_impl.kit.json_body import JsonBodies

# With more characters, embedding takes longer than a change of thread.
_QUICK_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over the models and one cache."""

    bodies: JsonBodies
    models: Models
    cache: Cache

    @operation(
        "POST",
        "/embed",
        "Return a vector for each text; the same text always has the same vector.",
        body=EMBED_BODY,
        answers=(
            Answer(
                status=200, meaning="The vectors, in the order of the texts.", shapes=(Embedded,)
            ),
        ),
    )
    async def embed(self, request: Request) -> Response:
        """Answer with the vectors; those of known texts are from the cache."""
        asked = await self.bodies.read(request, EMBED_BODY)
        try:
            entry = self.models.find(DEFAULT if asked.model is UNSET else asked.model)
        except UnknownModelError as error:
            raise misfit(FieldError("/model", str(error))) from None
        vectors = [msgspec.Raw(vector) for vector in await self._vectors(entry, asked.texts)]
        return _json(Embedded(model=entry.name, dim=entry.dim, vectors=vectors))

    @operation(
        "GET",
        "/embed/models",
        "List the models, and which are installed.",
        answers=(Answer(status=200, meaning="All there are.", shapes=(ModelList,)),),
    )
    async def list_models(self, _request: Request) -> Response:
        """Answer with all models, installed or not."""
        return _json(ModelList(default=DEFAULT, models=tuple(entry.state() for entry in ENTRIES)))

    async def _vectors(self, entry: Entry, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of texts; each new text is embedded once."""
        known = {text: self.cache.get(entry.name, text) for text in texts}
        new = [text for text, vector in known.items() if vector is None]
        made = dict(zip(new, await self._embedded(entry, new), strict=True))
        for text, vector in made.items():
            self.cache.put(entry.name, text, vector)
        return [known[text] or made[text] for text in texts]

    async def _embedded(self, entry: Entry, texts: Sequence[str]) -> Sequence[bytes]:
        if not texts:
            return ()
        if entry.name == DEFAULT and sum(map(len, texts)) <= _QUICK_CHARACTERS:
            return self.models.embed(entry, texts)
        return await asyncio.to_thread(self.models.embed, entry, texts)


def _json(body: Any) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json")

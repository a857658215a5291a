"""A worker: the process in which statements run, with limits set in the kernel.

In: questions as frames; limits as arguments. Out: a reply for each. It can write no file and use no
more memory than allowed, and it is killed when a statement is out of time.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

from reference_impl.kit.cage import end_after, limit_resources, serve_frames
from reference_impl.queryd.errors import StatementError
from reference_impl.queryd.service.frames import Names, Plan, Question, Refusal

if TYPE_CHECKING:
    from reference_impl.queryd.service.engine import Engine
    from reference_impl.queryd.service.frames import Reply

_AROUND_ENGINE_MB = 1024  # address space of the interpreter, the engine's code and its threads


def main(memory_mb: int, threads: int) -> None:
    """Answer questions until the input ends."""
    limit_resources(space_mb=memory_mb + _AROUND_ENGINE_MB, file_bytes=0)
    # loaded inside the limits
    from reference_impl.queryd.service.engine import Engine  # noqa: PLC0415

    engine = Engine(memory_mb=memory_mb, threads=threads)
    decoder: msgspec.json.Decoder[Question] = msgspec.json.Decoder(Question)
    serve_frames(lambda content: msgspec.json.encode(_answer(engine, decoder.decode(content))))


def _answer(engine: Engine, question: Question) -> Reply:
    end_after(question.allowed_s)
    try:
        if isinstance(question, Plan):
            return Names(names=tuple(sorted(engine.names_in(question.sql))))
        return engine.run(question)
    except StatementError as error:
        return Refusal(detail=str(error))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

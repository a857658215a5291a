"""A worker: the process in which statements run, with limits that the kernel keeps.

In: frames on standard input; limits as arguments. Out: a frame for each, on standard output. It can write no file and
have no more memory than allowed, and it is ended by an alarm when a statement is out of time, whether or not the daemon
still lives. It ends when its input does.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from reference_impl.kit.cage import end_after, limit_resources
from reference_impl.queryd.errors import StatementError
from reference_impl.queryd.service.frames import LENGTH_BYTES, Names, Plan, Question, Refusal, frame

if TYPE_CHECKING:
    from reference_impl.queryd.service.engine import Engine
    from reference_impl.queryd.service.frames import Reply

_AROUND_ENGINE_MB = 1024  # address space of the interpreter, the engine's code and its threads


def main(memory_mb: int, threads: int) -> None:
    """Answer frames until there are no more."""
    limit_resources(space_mb=memory_mb + _AROUND_ENGINE_MB, file_bytes=0)
    from reference_impl.queryd.service.engine import Engine  # noqa: PLC0415  # loaded inside the limits

    engine = Engine(memory_mb=memory_mb, threads=threads)
    decoder: msgspec.json.Decoder[Question] = msgspec.json.Decoder(Question)
    while (content := _read(sys.stdin.buffer)) is not None:
        question = decoder.decode(content)
        end_after(max(question.allowed_s, 0.001))
        reply = _answer(engine, question)
        end_after(0)
        sys.stdout.buffer.write(frame(reply))
        sys.stdout.buffer.flush()


def _answer(engine: Engine, question: Question) -> Reply:
    try:
        if isinstance(question, Plan):
            return Names(names=tuple(sorted(engine.names_in(question.sql))))
        return engine.run(question)
    except StatementError as error:
        return Refusal(detail=str(error))


def _read(source: BinaryIO) -> bytes | None:
    length = source.read(LENGTH_BYTES)
    return source.read(int.from_bytes(length, "big")) if length else None


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

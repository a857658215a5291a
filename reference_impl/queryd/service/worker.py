"""A worker: the process in which statements run, with limits that the kernel keeps.

In: frames on standard input; limits as arguments. Out: a frame for each, on standard output. It can write no file and
have no more memory than allowed, and it is ended by an alarm when a statement is out of time, whether or not the daemon
still lives. It ends when its input does.
"""

from __future__ import annotations

import resource
import signal
import sys
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from reference_impl.queryd.errors import StatementError
from reference_impl.queryd.service.frames import LENGTH_BYTES, Names, Plan, Question, Refusal, frame

if TYPE_CHECKING:
    from reference_impl.queryd.service.engine import Engine
    from reference_impl.queryd.service.frames import Reply

_AROUND_ENGINE_MB = 1024  # address space of the interpreter, the engine's code and its threads
_OPEN_FILES = 256


def main(memory_mb: int, threads: int) -> None:
    """Answer frames until there are no more."""
    _limit(memory_mb)
    from reference_impl.queryd.service.engine import Engine  # noqa: PLC0415  # loaded inside the limits

    engine = Engine(memory_mb=memory_mb, threads=threads)
    decoder: msgspec.json.Decoder[Question] = msgspec.json.Decoder(Question)
    while (content := _read(sys.stdin.buffer)) is not None:
        question = decoder.decode(content)
        signal.setitimer(signal.ITIMER_REAL, max(question.allowed_s, 0.001))
        reply = _answer(engine, question)
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.buffer.write(frame(reply))
        sys.stdout.buffer.flush()


def _limit(memory_mb: int) -> None:
    space_bytes = (memory_mb + _AROUND_ENGINE_MB) * 2**20
    limits = {
        resource.RLIMIT_AS: space_bytes,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
    }
    for number, value in limits.items():
        resource.setrlimit(number, (value, value))


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

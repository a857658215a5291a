"""Asking a program: the prompt on its standard input, its answer on its output.

In: a command and a prompt. Out: what it printed, or NoAnswerError with the reason. It gets a process group of its own,
which is ended with it; no shell reads anything, and nothing that an answer says is ever run.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from conformance.review.endpoints import MAX_BYTES, Completion, NoAnswerError
from conformance.review.plan import PATHS, CommandReviewer

_TOLD_CHARACTERS: Final = 300


async def consult(command: CommandReviewer, prompt: str, paths: Iterable[str], timeout_s: float) -> Completion:
    """Ask a program; raises NoAnswerError."""
    argv = list(_filled(command.argv, sorted(paths)))
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=command.directory,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise NoAnswerError(f"{argv[0]}: {error.strerror}") from error
    try:
        async with asyncio.timeout(timeout_s):
            said, complaint = await process.communicate(prompt.encode())
    except TimeoutError:
        raise NoAnswerError(f"no answer within {timeout_s:g} s") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    return _completion(process.returncode, said, complaint)


def _completion(code: int | None, said: bytes, complaint: bytes) -> Completion:
    if code:
        last = complaint.decode("utf-8", "replace").strip()[-_TOLD_CHARACTERS:]
        raise NoAnswerError(f"exit code {code}" + (f": {last}" if last else ""))
    if len(said) > MAX_BYTES:
        raise NoAnswerError(f"the answer is longer than {MAX_BYTES} bytes")
    text = said.decode("utf-8", "replace")
    if not text.strip():
        raise NoAnswerError("the answer is empty")
    return Completion(text=text)


def _filled(argv: Sequence[str], paths: Sequence[str]) -> Iterator[str]:
    for word in argv:
        if word == PATHS:
            yield from paths
        else:
            yield sys.executable if word == "${python}" else word

"""A program as a reviewer: the prompt is its standard input, the answer is its output.

In: a command and a prompt. Out: what the program printed, or NoAnswerError with the reason. The
program gets its own process group, which is killed at the end; no shell is used, and nothing in an
answer is ever executed. A command with `${paths}` runs at the top of the checkout, because the
paths start there; a path that does not exist is a failure.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from conformance.input_file import input_file
from conformance.project.git import git
from conformance.review.endpoints import MAX_BYTES, Completion, NoAnswerError
from conformance.review.plan import PATHS, CommandReviewer

_SHOWN_CHARACTERS: Final = 300


async def consult(
    command: CommandReviewer, prompt: str, paths: Sequence[str], timeout_s: float
) -> Completion:
    """Run a program on files of the checkout, with paths from its top; raises NoAnswerError."""
    directory = _top_with(paths) if PATHS in command.argv else command.directory
    argv = list(_filled(command.argv, paths))
    try:
        with input_file(prompt.encode()) as stdin:
            process = await asyncio.create_subprocess_exec(
                *argv,
                cwd=directory,
                stdin=stdin,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
    except OSError as error:
        raise NoAnswerError(f"{argv[0]}: {error.strerror}") from error
    try:
        async with asyncio.timeout(timeout_s):
            printed, complaint = await process.communicate()
    except TimeoutError:
        raise NoAnswerError(f"no answer within {timeout_s:g} s") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    return _completion(process.returncode, printed, complaint)


def checkout_top() -> Path:
    """Return the top folder of the checkout, where the paths of a diff start."""
    return Path(git(Path.cwd(), "rev-parse", "--show-toplevel") or ".")


def _top_with(paths: Sequence[str]) -> Path:
    """Return the top folder of the checkout.

    Raises NoAnswerError if one of the files does not exist there.
    """
    top = checkout_top()
    missing = [path for path in paths if not os.path.lexists(top / path)]
    if missing:
        raise NoAnswerError(f"{missing[0]} is not in the working tree, so it cannot be read")
    return top


def _completion(code: int | None, printed: bytes, complaint: bytes) -> Completion:
    if code:
        last = complaint.decode("utf-8", "replace").strip()[-_SHOWN_CHARACTERS:]
        raise NoAnswerError(f"exit code {code}" + (f": {last}" if last else ""))
    if len(printed) > MAX_BYTES:
        raise NoAnswerError(f"the answer is longer than {MAX_BYTES} bytes")
    text = printed.decode("utf-8", "replace")
    if not text.strip():
        raise NoAnswerError("the answer is empty")
    return Completion(text=text)


def _filled(argv: Sequence[str], paths: Sequence[str]) -> Iterator[str]:
    """Yield the words of a command with its placeholders replaced."""
    fillings = {PATHS: tuple(map(_as_operand, paths)), "${python}": (sys.executable,)}
    for word in argv:
        yield from fillings.get(word, (word,))


def _as_operand(path: str) -> str:
    """Return a path in a form that no program takes for an option."""
    return f"./{path}" if path.startswith("-") else path

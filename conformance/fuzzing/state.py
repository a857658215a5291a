"""Save and read what a later fuzz continues from: progress, seed, and the suite of cases."""

import json
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict

from conformance.atomic_file import replace_file
from conformance.errors import UNREADABLE_JSON, RunRecordError

FILE_NAME: Final = "fuzz.json"
_FORMAT: Final = 1


class State(Struct, frozen=True, kw_only=True):
    """The progress of a fuzz: `tried` probes in the order of `seed`, and the suite of findings.

    `suite` is empty if nothing was found.
    """

    seed: int
    tried: int
    dry: bool
    suite: str = ""
    operations: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    requests: int = 0
    seconds: float = 0.0
    causes: tuple[str, ...] = ()


def write_state(folder: Path, state: State) -> None:
    """Write the state into the folder of a run."""
    text = json.dumps({"format": _FORMAT, **asdict(state)}, indent=2, ensure_ascii=False)
    replace_file(folder / FILE_NAME, f"{text}\n".encode())


def read_state(folder: Path) -> State:
    """Read the state of a fuzz; raise RunRecordError where there is none or it cannot be read."""
    file = folder / FILE_NAME
    if not file.is_file():
        hint = "only a run of `conformance fuzz` can be resumed"
        raise RunRecordError(f"{folder} holds no {FILE_NAME}", hint=hint)
    try:
        return _state(json.loads(file.read_bytes()))
    except UNREADABLE_JSON as error:
        raise RunRecordError(
            f"{file} cannot be read: {error}", hint="start without --resume"
        ) from error


def _state(read: dict[str, Any]) -> State:
    if read.pop("format") != _FORMAT:
        raise ValueError("it was written by another version")
    lists = {name: tuple(value) for name, value in read.items() if isinstance(value, list)}
    return State(**(read | lists))

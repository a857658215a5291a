"""One bit of what vectord has saved is flipped, and vectord is started on it.

It may refuse, by name, or make good from what else is there.  Serving another item, fewer items or
crashing is wrong.
"""

import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from tests.reference_impl.conftest import LiveDaemon, running
from tests.reference_impl.vectord.killing import DIM, PROGRAM, vector_of

INDEX: Final = "/vectors/index/held"
ITEMS: Final = 2_100
"""So many that the index has a graph."""
_BATCH: Final = 700
_ASKED: Final = 20
_SETTINGS: Final = {"dim": DIM, "metric": "cosine", "m": 16, "ef_construction": 200}


def flipped(count: int, chance: random.Random) -> Counter[str]:
    """Flip so many bits, each in a fresh copy; count what vectord made of them."""
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        sound = Path(scratch) / "sound"
        _save_index(sound)
        files = sorted(file for file in sound.glob("vectord/indexes/*/*") if file.stat().st_size)
        for number in range(count):
            copy = Path(scratch) / f"copy{number}"
            shutil.copytree(sound, copy)
            file = copy / chance.choice(files).relative_to(sound)
            _flip(file, chance)
            outcomes[_outcome(copy, file, chance)] += 1
            shutil.rmtree(copy)
    return outcomes


def _save_index(folder: Path) -> None:
    folder.mkdir()
    with running(folder / "log", "--data-dir", str(folder), program=PROGRAM) as daemon:
        daemon.post({"name": "held", "dim": DIM}, "/vectors/index")
        for start in range(0, ITEMS, _BATCH):
            items = [
                {"id": f"i{number}", "vector": vector_of(number)}
                for number in range(start, start + _BATCH)
            ]
            daemon.post({"items": items}, f"{INDEX}/add")
        assert daemon.ask("POST", f"{INDEX}/save").status == 200
        daemon.stop()


def _flip(file: Path, chance: random.Random) -> None:
    raw = bytearray(file.read_bytes())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    file.write_bytes(raw)


def _outcome(folder: Path, file: Path, chance: random.Random) -> str:
    block = running(folder / "log", "--data-dir", str(folder), program=PROGRAM)
    try:
        daemon = block.__enter__()
    except AssertionError as error:  # it did not start; its log is in the error
        return "refused" if str(file) in str(error) or str(file.parent) in str(error) else "wrong"
    try:
        return "made good" if _is_whole(daemon, chance) else "wrong"
    except OSError:
        return "wrong"
    finally:
        block.__exit__(None, None, None)


def _is_whole(daemon: LiveDaemon, chance: random.Random) -> bool:
    """Return whether settings and items are as saved, and some items nearest to themselves."""
    state = daemon.ask("GET", INDEX).json()
    if state["count"] != ITEMS or not _SETTINGS.items() <= state.items():
        return False
    return all(
        _nearest(daemon, number) == f"i{number}" for number in chance.sample(range(ITEMS), _ASKED)
    )


def _nearest(daemon: LiveDaemon, number: int) -> str:
    found = daemon.post({"vector": vector_of(number), "k": 1}, f"{INDEX}/search").json()
    return str(found["results"][0]["id"])

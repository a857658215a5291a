"""A plugin of pytest: ends the run where a test takes much longer than it did without a mutant.

    python -m pytest -p tests.mutation.patience

The file that `MUTATION_SECONDS` names has what each test takes; the one that `MUTATION_NOW` names
gets the name of each test before it runs.
"""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

_SLACK: Final = 10
"""How many times as long as it does a test may take: the machine may be that busy."""
_LOADING_S: Final = 30.0
"""Loading the tests and the code, setting up what tests share, ending, on a busy machine."""
_SECONDS: Final[dict[str, float]] = json.loads(Path(os.environ["MUTATION_SECONDS"]).read_text())
_NOW: Final = Path(os.environ["MUTATION_NOW"])

signal.setitimer(signal.ITIMER_REAL, _LOADING_S)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let SIGALRM end the process, whatever it does, if the test does not end in time."""
    _NOW.write_text(item.nodeid)
    signal.setitimer(signal.ITIMER_REAL, _LOADING_S + _SLACK * _SECONDS.get(item.nodeid, 0.0))
    ended = yield
    signal.setitimer(signal.ITIMER_REAL, _LOADING_S)
    return ended

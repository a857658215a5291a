"""Each daemon's OpenAPI document against the live daemon, by schemathesis.

The seed and the example count are fixed.

schemathesis makes requests of the document, fitting and not, and holds each answer against it:
statuses, media types, headers, shapes, refusals, `Allow`. It runs as a command of its own, since
its pytest plugin is off in this suite.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reference_impl.kit.ports import PORTS
from tests.reference_impl.stack.conftest import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = "1"
EXAMPLES = "10"
CONFIG = str(Path(__file__).with_name("schemathesis.toml"))


@pytest.fixture(scope="module")
def live_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all daemons."""
    stack = Stack(data_dir=tmp_path_factory.mktemp("schemathesis") / "data")
    code, _, err = stack.call("up", "--free-ports", "--detach")
    assert (code, err) == (0, "")
    yield stack
    assert stack.call("down")[0] == 0


@pytest.mark.parametrize("name", PORTS)
def test_the_document_of_a_daemon_is_true(live_stack: Stack, tmp_path: Path, name: str) -> None:
    """No answer, to whatever comes of the document, is one that it does not foresee."""
    url = live_stack.daemon(name)["url"]
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", CONFIG, "run",
            f"{url}/openapi.json",
        "--url", url, "--seed", SEED, "--max-examples", EXAMPLES, "--phases",
        "examples,coverage,fuzzing",
        "--suppress-health-check", "all", "--generation-database", "none", "--no-color",
    ]  # fmt: skip
    with (tmp_path / "said").open("wb") as said:
        code = subprocess.run(
            command, cwd=tmp_path, stdout=said, stderr=said, check=False
        ).returncode
    text = (tmp_path / "said").read_text(errors="replace")

    assert code == 0, "\n".join(line[:200] for line in text.splitlines())[:8000]
    assert " passed\n" in text
    assert live_stack.daemon(name)["restarts"] == 0

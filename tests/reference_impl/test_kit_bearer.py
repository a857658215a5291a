"""The bearer token: who is let in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reference_impl.conftest import LiveDaemon

ROOT = Path(__file__).parents[2]
TOKEN = "s3cret-token"  # noqa: S105
AUTHORIZED = {"authorization": f"Bearer {TOKEN}"}


def test_only_the_token_opens(closed_validatord: LiveDaemon) -> None:
    """Everything but health needs it, unknown paths included.

    It stands in no answer and no log line.
    """
    assert closed_validatord.ask("GET", "/metrics", headers=AUTHORIZED).status == 200
    assert (
        closed_validatord.ask(
            "GET", "/metrics", headers={"authorization": f"bearer {TOKEN}"}
        ).status
        == 200
    )
    for headers in (
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": "Bearer"},
        {"authorization": f"Bearer {TOKEN}x"},
        {"authorization": TOKEN},
    ):
        for path in ("/metrics", "/v1/validate", "/openapi.json", "/nope"):
            answer = closed_validatord.ask("GET", path, headers=headers)

            assert (answer.status, answer.header("www-authenticate")) == (401, "Bearer")
    assert TOKEN not in closed_validatord.log_file.read_text()


@pytest.mark.parametrize("path", ["/health", "/v1/health"])
def test_health_stays_open(closed_validatord: LiveDaemon, path: str) -> None:
    """Whoever starts daemons can see that they are up."""
    assert closed_validatord.ask("GET", path).status == 200
    assert closed_validatord.ask("HEAD", path).status == 200


def test_the_description_tells_of_the_token(
    closed_validatord: LiveDaemon, validatord: LiveDaemon
) -> None:
    """401 is declared where it can happen and nowhere else."""
    assert "401" in closed_validatord.document["paths"]["/validate"]["post"]["responses"]
    assert "401" not in closed_validatord.document["paths"]["/health"]["get"]["responses"]
    assert "401" not in validatord.document["paths"]["/validate"]["post"]["responses"]


def test_a_token_from_the_environment(start_miniature: Callable[..., LiveDaemon]) -> None:
    """The setting names the variable, not the token; with it, other hosts may be let in."""
    daemon = start_miniature("--token-env", "MINIATURE_TOKEN", token=TOKEN)

    assert daemon.ask("GET", "/metrics", headers=AUTHORIZED).status == 200
    assert daemon.ask("GET", "/metrics").status == 401


def test_a_token_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """A secret in the open is none."""
    token_file = tmp_path / "token"
    token_file.write_text(TOKEN)
    token_file.chmod(0o644)
    command = [
        sys.executable,
        "-m",
        "reference_impl",
        "validatord",
        "--port",
        "0",
        "--token-file",
        str(token_file),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=20, check=False, cwd=ROOT
    )

    assert done.returncode == 2
    assert done.stderr == f"validatord: {token_file}: others may read this token (chmod 600 it)\n"

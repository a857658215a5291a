"""The example of one application behind three servers runs as its page says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import conformance

ROOT = Path(__file__).parents[2]


def test_one_app_behind_three_servers(tmp_path: Path) -> None:
    """All three servers answer every case, and the causes are those in the page's table.

    Each cause has as many cases as the table says.
    """
    pytest.importorskip("hypercorn")
    pytest.importorskip("granian")
    done = conformance("run", "cases/examples", "--runs", str(tmp_path), "--json", cwd=ROOT)
    report = json.loads(done.stdout)
    page = (ROOT / "docs/one-app-three-servers.md").read_text()
    rows = re.findall(r"(?m)^\| .+ \| (\d+) \| ([a-z, ·]+) \|$", page)

    assert done.returncode == 1
    assert report["counts"]["errored"] == 0
    assert report["headline"]["text"] in page
    assert [(str(group["cases"]), _who(group)) for group in report["groups"]] == rows


def _who(group: dict[str, Any]) -> str:
    return ", ".join(group["odd"]) or " · ".join(
        ", ".join(side["runtimes"]) for side in group["sides"]
    )

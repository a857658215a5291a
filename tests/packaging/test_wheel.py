"""The wheel: complete by itself, and the import contracts complete for what is in it."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from tests.miniatures.server import always, serve

ROOT = Path(__file__).parents[2]


def _installed(folder: Path) -> dict[str, str]:
    """Build a wheel and unpack it; return the environment in which Python finds it."""
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        ".",
    ]
    subprocess.run([*build, str(ROOT)], cwd=folder, check=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return {**os.environ, "PYTHONPATH": str(folder / "site")}


def test_the_wheel_works_outside_the_repository(tmp_path: Path) -> None:
    """Installed from a wheel, with no file but a suite, a run reports in every format."""
    site = _installed(tmp_path)
    (tmp_path / "my.yaml").write_text(
        "suite: my/first\ncases:\n  - name: one\n    request: {GET: /}\n"
    )
    where = (
        "import conformance, sys; print(conformance.__file__); from conformance.cli import "
        "main; main()"
    )
    with serve(always({})) as a, serve(always({})) as b:
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                where,
                "run",
                "my.yaml",
                "--runtime",
                f"a={a}",
                "--runtime",
                f"b={b}",
            ],
            cwd=tmp_path,
            env=site,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.stdout.startswith(f"{tmp_path}/site/conformance/__init__.py\n")
    assert "1 case: 1 passed\nPARITY\n" in done.stdout
    assert (tmp_path / "reports/runs/latest/report.md").read_text().startswith("# PARITY\n")
    assert (
        (tmp_path / "reports/runs/latest/report.html").read_text().startswith("<!doctype html>\n")
    )
    assert (done.stderr, done.returncode) == ("", 0)
    command = [sys.executable, "-m", "conformance", "demo"]
    walk = subprocess.run(
        command, cwd=tmp_path, env=site, capture_output=True, text=True, check=False
    )
    assert "PARITY, with 2 cases that differ as decided" in walk.stdout
    assert walk.returncode == 0


def test_every_room_is_under_contract() -> None:
    """Each daemon's package is in the contract for the inside of a room, and among the rooms."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    inside = next(
        contract for contract in contracts if contract["name"].startswith("inside a room")
    )
    rooms = {
        package.parent.name
        for package in (ROOT / "reference_impl").glob("*/__init__.py")
        if package.parent.name not in {"kit", "stack", "materializer", "replay"}
    }

    assert {f"reference_impl.{room}" for room in rooms} == set(inside["containers"])

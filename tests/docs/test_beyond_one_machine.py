"""The matrix that the page on several machines gives: its steps run as printed, and judge as one.

Installing is left out: it needs the package index, where the package is not.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import yaml

from tests.cli.command import conformance
from tests.miniatures.server import Service, always, json_reply, serve

PAGE: Final = Path(__file__).parents[2] / "docs/beyond-one-machine.md"


def jobs() -> Any:
    """Return the jobs of the pipeline on the page."""
    (found,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    return yaml.safe_load(found)["jobs"]


def run_step(job: Any, folder: Path, **matrix: int) -> int:
    """Run the last command of a job in a folder; return its exit code."""
    script = [step["run"] for step in job["steps"] if "run" in step][-1]
    for name, value in matrix.items():
        script = script.replace(f"${{{{ matrix.{name} }}}}", str(value))
    command = f'set -e\nconformance() {{ {sys.executable} -m conformance "$@"; }}\n{script}'
    return subprocess.run(["bash", "-c", command], cwd=folder, check=False).returncode


def verdict(tmp_path: Path, a: Service, b: Service) -> int:
    """Replay each part in a folder of its own; return the exit code of the verdict on all."""
    pipeline, suites = jobs(), tmp_path / "repository"
    (suites / "cases").mkdir(parents=True)
    cases = "".join(f"  - {{name: n{at}, request: {{GET: /{at}}}}}\n" for at in range(30))
    (suites / "cases/s.yaml").write_text(f"suite: shop/parts\ncases:\n{cases}")
    with serve(a) as first, serve(b) as second:
        (suites / "cases/runtimes.yaml").write_text(
            f"runtimes: {{a: {{url: {first}}}, b: {{url: {second}}}}}\n"
        )
        for part in pipeline["part"]["strategy"]["matrix"]["part"]:
            machine = tmp_path / f"machine-{part}"
            shutil.copytree(suites, machine)
            assert run_step(pipeline["part"], machine, part=part) == 0
            shutil.copytree(machine / "reports/runs/latest", suites / f"parts/part-{part}")
    return run_step(pipeline["verdict"], suites)


def test_all_parts_agree(tmp_path: Path) -> None:
    """Each case is in one part, and the gate is green."""
    assert verdict(tmp_path, always({"n": 1}), always({"n": 1})) == 0


def test_one_part_differs(tmp_path: Path) -> None:
    """A difference in one case of one part makes the whole red."""

    def other(received: Any) -> Any:
        return json_reply({"n": "1"} if received.target == "/17" else {"n": 1})

    assert verdict(tmp_path, always({"n": 1}), other) == 1


def test_a_part_that_is_missing(tmp_path: Path) -> None:
    """The gate refuses to judge."""
    assert verdict(tmp_path, always({"n": 1}), always({"n": 1})) == 0
    shutil.rmtree(tmp_path / "repository/parts/part-2")
    done = conformance("gate", "parts/part-1", "parts/part-3", cwd=tmp_path / "repository")
    assert done.returncode == 2

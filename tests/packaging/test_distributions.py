"""The two distributions: built, checked, and installed from the built files in a fresh environment.

Nothing is downloaded: the packages that they depend on are those of this environment, and `pip
check` holds them against what the distributions declare.
"""

import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import conformance
import reference_impl
from tests.miniatures.server import always, serve

ROOT = Path(__file__).parents[2]
PROJECTS = {"conformance": ROOT, "reference_impl": ROOT / "reference_impl"}
"""The folder of each distribution by the package that it holds."""
VERSIONS = {
    "conformance": conformance.__version__,
    "reference_impl": reference_impl.__version__,
}


def ran(*words: str | Path, cwd: Path, expected: int = 0) -> str:
    """Run a command without the folders and settings of this environment; return what it prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = list(map(str, words))
    done = subprocess.run(command, cwd=cwd, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == expected, (command, done.stdout, done.stderr)
    return done.stdout


def build(folder: Path) -> Path:
    """Build both: a source archive each, and a wheel from it."""
    tool = [sys.executable, "-m", "build", "--no-isolation"]
    for project in PROJECTS.values():
        ran(*tool, "--outdir", folder, project, cwd=folder.parent)
    return folder


@pytest.fixture(scope="module", name="built")
def built_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built files."""
    return build(tmp_path_factory.mktemp("built") / "dist")


@pytest.fixture(scope="module", name="fresh")
def fresh_environment(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs of a new environment with both wheels, and what they depend on."""
    folder = tmp_path_factory.mktemp("fresh")
    ran(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    site = next(folder.glob("lib/python*/site-packages"))
    # A folder that is named in a .pth file is searched, but its own .pth files, by which this
    # checkout is installed, are not read.
    (site / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    python = str(folder / "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    wheels = sorted(built.glob("*.whl"))
    ran(*pip, "--no-deps", "--no-index", "--force-reinstall", *wheels, cwd=folder)
    return folder / "bin"


def named(package: str) -> str:
    """Return the name of the distribution of a package, as its files begin."""
    return str(declared(package)["name"]).replace("-", "_")


def declared(package: str) -> dict[str, Any]:
    """Return what a distribution says of itself."""
    project: dict[str, Any] = tomllib.loads((PROJECTS[package] / "pyproject.toml").read_text())
    return dict(project["project"])


@pytest.mark.parametrize("package", PROJECTS)
def test_a_wheel_holds_its_package_alone(built: Path, package: str) -> None:
    """Every module of it, and no other top-level name but its metadata."""
    (wheel,) = built.glob(f"{named(package)}-*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    modules = {str(file.relative_to(ROOT)) for file in (ROOT / package).rglob("*.py")}

    assert {name.partition("/")[0] for name in held} == {package}
    assert {name for name in held if name.endswith(".py")} == modules
    assert f"{package}/py.typed" in held


@pytest.mark.parametrize("package", PROJECTS)
def test_a_source_archive_holds_no_more(built: Path, package: str) -> None:
    """No test, no page and no case is in it; the licence is."""
    (archive,) = built.glob(f"{named(package)}-*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}

    assert {"LICENSE", "README.md", "pyproject.toml"} < names
    assert not [name for name in names if name.startswith(("tests/", "docs/", "cases/", "peers/"))]


def test_the_same_source_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    """Archives and wheels are equal, whenever they are built."""
    again = build(tmp_path / "dist")

    first = {file.name: file.read_bytes() for file in built.iterdir()}
    assert len(first) == 4
    assert {file.name: file.read_bytes() for file in again.iterdir()} == first


def test_the_index_would_take_them(built: Path) -> None:
    """Their metadata is complete, and their descriptions can be rendered."""
    checked = ran(sys.executable, "-m", "twine", "check", "--strict", *built.iterdir(), cwd=built)

    assert checked.count("PASSED") == 4


@pytest.mark.parametrize("package", PROJECTS)
def test_the_metadata(package: str) -> None:
    """Both have one version, that of the code, one home, and the same versions of Python."""
    project, other = declared(package), declared("conformance")

    assert project["version"] == VERSIONS[package] == other["version"]
    assert project["urls"]["Source"] == other["urls"]["Source"]
    assert project["authors"] == other["authors"]
    wanted = f"conformance-reference=={project['version']}"
    assert other["optional-dependencies"]["reference"] == [wanted]
    pythons = [each for each in project["classifiers"] if each.startswith("Programming Language")]
    assert pythons == [
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
    ]


def test_everything_that_they_need_is_declared(fresh: Path) -> None:
    """What is installed beside them satisfies what they ask for."""
    python = fresh / "python"
    listed = ran(sys.executable, "-m", "pip", "--python", python, "check", cwd=fresh)

    assert listed == "No broken requirements found.\n"


def test_the_demo_runs_from_the_installed_files(fresh: Path, tmp_path: Path) -> None:
    """The walk from red to green, by the command that the wheel brings."""
    walk = ran(fresh / "conformance", "demo", cwd=tmp_path)

    assert "PARITY, with 2 cases that differ as decided" in walk


def test_a_run_needs_no_file_but_a_suite(fresh: Path, tmp_path: Path) -> None:
    """It reports in every format, from the package that was installed."""
    suite = "suite: my/first\ncases:\n  - name: one\n    request: {GET: /}\n"
    (tmp_path / "my.yaml").write_text(suite)
    where = "import conformance; print(conformance.__file__)"
    with serve(always({})) as a, serve(always({})) as b:
        runtimes = ["--runtime", f"a={a}", "--runtime", f"b={b}"]
        printed = ran(fresh / "conformance", "run", "my.yaml", *runtimes, cwd=tmp_path)

    latest = tmp_path / "reports/runs/latest"
    assert "1 case: 1 passed\nPARITY\n" in printed
    assert (latest / "report.md").read_text().startswith("# PARITY\n")
    assert (latest / "report.html").read_text().startswith("<!doctype html>\n")
    at = Path(ran(fresh / "python", "-c", where, cwd=tmp_path).strip())
    assert at.is_relative_to(fresh.parent)


def test_the_reference_runs_from_the_installed_files(fresh: Path, tmp_path: Path) -> None:
    """Each program of it can be loaded, without the checkout."""
    said = ran(fresh / "python", "-m", "reference_impl", "up", "--help", cwd=tmp_path)

    assert said.startswith("usage: ")

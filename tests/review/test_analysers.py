"""The shipped analysers: what each finds in real files, which classes block.

One that cannot work has failed.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ANALYSERS = "conformance.review.analysers"
GO = {
    "go.mod": "module x\n\ngo 1.21\n",
    "x.go": 'package x\n\nimport "fmt"\n\nfunc F() { fmt.Printf("%d", "x") }\n',
}
GO_BROKEN = {
    "go.mod": "module x\n\ngo 1.21\n",
    "x.go": "package x\n\nfunc F() int { return missing }\n",
}
RUST = {
    "Cargo.toml": '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n',
    "Cargo.lock": 'version = 3\n\n[[package]]\nname = "x"\nversion = "0.1.0"\n',
    "src/lib.rs": "pub fn f(x: u32) -> bool {\n    x < 0\n}\npub fn g(v: &Vec<i32>) -> usize {\n  "
    "  v.len()\n}\n",
}
FOUND = {
    "ruff": ({"x.py": "import os\n\nprint(missing)\n"}, ["x.py:1 WARN F401", "x.py:3 BLOCK F821"]),
    "mypy": (
        {"x.py": "def f() -> int:\n    return 'x'\n\n\nassert (1, 'x')\n"},
        ["x.py:2 BLOCK return-value", "x.py:5 WARN misc"],
    ),
    "go-vet": (GO, ["x.go:5 BLOCK printf"]),
    "go-vet: does not compile": (GO_BROKEN, ["x.go:3 BLOCK compile"]),
    "clippy": (
        RUST,
        [
            "src/lib.rs:2 BLOCK error",
            "src/lib.rs:2 WARN unused_comparisons",
            "src/lib.rs:4 WARN clippy::ptr_arg",
        ],
    ),
}
STEERING = {
    "RUFF_OUTPUT_FILE": "elsewhere",
    "GOFLAGS": "-vettool=/bin/true",
    "RUSTFLAGS": "--cap-lints=allow",
    "CARGO_ENCODED_RUSTFLAGS": "--cap-lints=allow",
}
"""Variables by which the programs find nothing; no diff shows them."""
OF_CARGO = '[build]\nrustflags = ["--cap-lints=allow"]\n'
TOOLCHAINS = {"go-vet": "/usr/local/go/bin", "clippy": str(Path.home() / ".cargo/bin")}


def analysed(
    name: str, folder: Path, *paths: str, path: str = os.environ["PATH"], **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run an analyser on files of a folder."""
    argv = [sys.executable, "-m", ANALYSERS, name, *paths]
    environment = {**os.environ, "PATH": path, **variables}
    return subprocess.run(
        argv, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=280
    )


def written(folder: Path, files: dict[str, str]) -> list[str]:
    """Write some files, and return their names."""
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return list(files)


@pytest.mark.parametrize("case", FOUND)
def test_what_each_finds(tmp_path: Path, case: str) -> None:
    """A finding that must not ship, and one that may, each at its line.

    Variables and settings above the checkout take none of them away.
    """
    name, _, _ = case.partition(":")
    path = f"{os.environ['PATH']}:{TOOLCHAINS.get(name, '')}"
    if name in TOOLCHAINS and not os.environ.get("CONFORMANCE_REQUIRE_LIVE"):
        program = {"go-vet": "go", "clippy": "cargo-clippy"}[name]
        if not any((Path(folder) / program).is_file() for folder in path.split(":")):
            pytest.skip(f"{program} is not installed")
    files, found = FOUND[case]
    (tmp_path / ".cargo").mkdir()
    (tmp_path / ".cargo/config.toml").write_text(OF_CARGO)
    done = analysed(name, tmp_path, *written(tmp_path, files), path=path, **STEERING)
    assert done.returncode == 0, done.stderr
    *found_entries, read = done.stdout.strip().split("\n\n")
    assert read == f"READ: {(tmp_path / FOUND[case][1][0].partition(':')[0]).stat().st_size} bytes"
    entries = [entry.splitlines() for entry in found_entries]
    told = [
        f"{where[7:]} {severity[10:]} {claim[7:].partition(': ')[0]}"
        for where, severity, claim in entries
    ]
    assert told == found


@pytest.mark.parametrize(("name", "file"), [("go-vet", "x.go"), ("clippy", "x.rs")])
def test_a_toolchain_that_is_missing(tmp_path: Path, name: str, file: str) -> None:
    """It has failed, also where there is nothing to look at."""
    written(tmp_path, {"go.mod": "module x\n", "Cargo.toml": "[package]\n", file: "package x\n"})
    failed = analysed(name, tmp_path, file, path="/nowhere")
    assert failed.returncode == 1
    assert failed.stderr in {"go is not installed\n", "cargo is not installed\n"}
    assert analysed(name, tmp_path, "a.md", path="/nowhere").returncode == 1


def test_what_an_analyser_read(tmp_path: Path) -> None:
    """Of a change without a file of its own it read nothing."""
    written(tmp_path, {"a.md": "# A\n"})
    assert analysed("ruff", tmp_path, "a.md").stdout == "NO FINDINGS\n\nREAD: 0 bytes\n"


def test_a_file_outside_any_project_is_no_clean_file(tmp_path: Path) -> None:
    """Go files without a module cannot be looked at."""
    written(tmp_path, {"x.go": "package x\n"})
    done = analysed("go-vet", tmp_path, "x.go")
    assert (done.returncode, done.stderr) == (1, "x.go: no go.mod above it\n")


def test_unknown_names(tmp_path: Path) -> None:
    """One line with those that there are."""
    done = analysed("pylint", tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "no analyser 'pylint': there are ruff, mypy, go-vet, clippy\n",
    )

"""Which files a command means: suites below the paths, runtimes and ledger above them."""

import contextlib
from pathlib import Path

import pytest

from conformance.errors import BadFileError, UsageError
from conformance.project.files import find_above, read_suites, suite_files

SUITE = "suite: {id}\ncases:\n  - {{name: x, request: {{GET: /}}}}\n"


def write(file: Path, content: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    return file


def test_suites_below_a_folder(tmp_path: Path) -> None:
    """Every YAML file with a root key `suite:` or `cases:` is found, sorted.

    Other kinds and hidden places are not.
    """
    wanted = [
        write(tmp_path / "a" / "b.yaml", SUITE.format(id="b")),
        write(tmp_path / "a" / "c.yml", "# a comment first\n---\n'suite' : c\n"),
        write(tmp_path / "d.yaml", "\ufeff" + SUITE.format(id="d")),
        write(tmp_path / "e.yaml", "cases: []\nsuite: e\n"),
        write(tmp_path / "f.yaml", "sutie: f\ncases: []\n"),
        write(tmp_path / "g.yaml", '{"suite": "g", "cases": []}\n'),
    ]
    write(tmp_path / "runtimes.yaml", "runtimes: {}\n")
    write(tmp_path / "nested.yaml", "load:\n  suite: x\n")
    write(tmp_path / "suite.txt", SUITE.format(id="t"))
    write(tmp_path / ".hidden" / "h.yaml", SUITE.format(id="h"))
    write(tmp_path / "a" / ".h.yaml", SUITE.format(id="h"))
    (tmp_path / "folder.yaml").mkdir()
    assert suite_files([tmp_path]) == tuple(wanted)


def test_a_folder_with_runtimes_of_its_own(tmp_path: Path) -> None:
    """Its suites are not for the runtimes above, and are found when it is named."""
    above = write(tmp_path / "a.yaml", SUITE.format(id="a"))
    own = write(tmp_path / "example" / "deep" / "b.yaml", SUITE.format(id="b"))
    write(tmp_path / "example" / "runtimes.yaml", "runtimes: {}\n")
    write(tmp_path / "runtimes.yaml", "runtimes: {}\n")
    assert suite_files([tmp_path]) == (above,)
    assert (
        suite_files([tmp_path / "example"])
        == suite_files([tmp_path / "example" / "deep"])
        == (own,)
    )


def test_hidden_part_above_the_folder_does_not_count(tmp_path: Path) -> None:
    """Only what lies hidden below the given folder is passed by, not the folder itself."""
    file = write(tmp_path / ".work" / "a.yaml", SUITE.format(id="a"))
    assert suite_files([tmp_path / ".work"]) == (file,)


def test_named_files_are_taken_as_they_are(tmp_path: Path) -> None:
    """A file named outright is taken for a suite whatever it holds, and only once."""
    file = write(tmp_path / ".odd.txt", "hello")
    assert suite_files([file, file, tmp_path]) == (file,)


def test_paths_that_do_not_exist(tmp_path: Path) -> None:
    """A path that names nothing is a usage error."""
    with pytest.raises(UsageError, match="none: no such file or folder"):
        suite_files([tmp_path / "none"])


def test_problems_of_all_files_together(tmp_path: Path) -> None:
    """Every bad file is reported in one go, good ones beside them notwithstanding."""
    files = [
        write(tmp_path / f"{name}.yaml", text) for name, text in (("a", "suite: A\n"), ("b", "x"))
    ]
    good = write(tmp_path / "c.yaml", SUITE.format(id="c"))
    with pytest.raises(BadFileError) as caught:
        list(read_suites([*files, good]))
    assert {problem.place.file for problem in caught.value.problems} == {
        str(file) for file in files
    }
    assert len(caught.value.problems) == 3


def test_two_files_with_one_suite_id(tmp_path: Path) -> None:
    """A suite id belongs to one file: the second names the first."""
    first = write(tmp_path / "a.yaml", SUITE.format(id="s"))
    second = write(tmp_path / "b.yaml", SUITE.format(id="s"))
    with pytest.raises(BadFileError) as caught:
        list(read_suites([first, second]))
    assert str(caught.value) == f"{second}:3:5: suite 's' is already in {first}"


def test_nearest_file_above_wins(tmp_path: Path) -> None:
    """The file beside the suites is taken before one further up."""
    (tmp_path / ".git").mkdir()
    top = write(tmp_path / "runtimes.yaml", "")
    near = write(tmp_path / "cases" / "runtimes.yaml", "")
    suite = write(tmp_path / "cases" / "area" / "a.yaml", "")
    assert find_above("runtimes.yaml", [suite]) == near
    near.unlink()
    assert find_above("runtimes.yaml", [suite.parent]) == top


@pytest.mark.parametrize("marker", ["folder", "file"])
def test_search_ends_at_the_repository(tmp_path: Path, marker: str) -> None:
    """The search ends at the top of the repository.

    The mark of the top may be a folder or a worktree's file.
    """
    write(tmp_path / "runtimes.yaml", "")
    suite = write(tmp_path / "repo" / "cases" / "a.yaml", "")
    git = tmp_path / "repo" / ".git"
    git.mkdir() if marker == "folder" else git.write_text("gitdir: elsewhere")
    assert find_above("runtimes.yaml", [suite]) is None


def test_file_in_the_working_folder_is_shown_short(tmp_path: Path) -> None:
    """A file below the working folder is named relative to it."""
    (tmp_path / ".git").mkdir()
    write(tmp_path / "cases" / "decisions.yaml", "")
    with contextlib.chdir(tmp_path):
        assert find_above("decisions.yaml", [Path("cases")]) == Path("cases/decisions.yaml")

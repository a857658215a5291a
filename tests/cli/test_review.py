"""`conformance review` in a real repository, with real endpoints that speak the protocol.

Endpoints speak it badly where their name says so.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import cold_conformance, conformance, settled
from tests.miniatures.chat_endpoints import (
    FAULTS,
    GOOD,
    is_rate_limited,
    keeps,
    rejects_response_format,
    says,
    says_as_chatd,
)
from tests.miniatures.server import Received, Service, serve

ROOT = Path(__file__).parents[2]
CONSOLE = Path(sys.executable).parent / "conformance"
BLOCKED = "BLOCKED: at 1 place distinct lineages agree, and one of them blocks\n"
NOT_BLOCKED = "NOT BLOCKED: no place at which distinct lineages agree and one of them blocks\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Make a repository whose last commit changes one file."""
    _git(tmp_path, "init", "--quiet")
    (tmp_path / "shop.py").write_text("def total(rows):\n    return sum(rows)\n")
    _commit(tmp_path)
    (tmp_path / "shop.py").write_text(
        'def total(rows):\n    import os; sum(rows)\n    password = "correct-horse"\n'
    )
    _commit(tmp_path)
    return tmp_path


def _git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


def _commit(folder: Path) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "change")


@contextlib.contextmanager
def reviewers(shop: Path, timeout_s: int = 20, **services: Service) -> Iterator[None]:
    """Write a review file with an endpoint of its own for each service.

    The lineage is the first word of the name.
    """
    with contextlib.ExitStack() as stack:
        lines = ["review:", "  components: {shop: [shop.py]}", "  reviewers:"]
        for name, service in services.items():
            url = stack.enter_context(serve(service))
            lineage = name.partition("_")[0]
            row = f"{{lineage: {lineage}, url: '{url}/chat', model: m, timeout_s: {timeout_s}}}"
            lines.append(f"    {name.replace('_', '-')}: {row}")
        (shop / "cases").mkdir(exist_ok=True)
        (shop / "cases" / "review.yaml").write_text("\n".join(lines) + "\n")
        yield


def outcome(shop: Path) -> dict[str, object]:
    """Return the report for scripts of the one review there is."""
    (folder,) = (shop / "reports" / "reviews").iterdir()
    read: dict[str, object] = json.loads((folder / "review.json").read_text())
    return read


def test_two_lineages_that_agree_block(shop: Path) -> None:
    """The whole output, the exit code, and the files that are left."""
    with reviewers(
        shop,
        one=says(GOOD),
        two=says_as_chatd(GOOD.replace("BLOCK", "NOTE")),
        two_again=says("NO FINDINGS"),
    ):
        done = conformance("review", "--base", "HEAD~1", cwd=shop)
    assert settled(done.stdout) == (
        "shop → 1 convergent / 1 distinct\n"
        "  one (one): answered 1 of 1, 1 claim, 66 characters, 7 tokens\n"
        "  two (two): answered 1 of 1, 1 claim, 65 characters, 3 tokens\n"
        "  two-again (two): answered 1 of 1, 0 claims, 11 characters, 7 tokens\n"
        f"{BLOCKED}"
        "reports: reports/reviews/RUN/review.md, reports/reviews/RUN/review.sarif\n"
    )
    assert done.returncode == 1
    (folder,) = (shop / "reports" / "reviews").iterdir()
    assert sorted(file.name for file in folder.iterdir()) == [
        "review.json",
        "review.md",
        "review.ndjson",
        "review.sarif",
    ]
    (result,) = json.loads((folder / "review.sarif").read_text())["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("convergent", "error")
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}


def test_one_lineage_blocks_nothing(shop: Path) -> None:
    """Its word is reported, and two of its models are still one voice."""
    with reviewers(shop, one=says(GOOD), one_again=says(GOOD)):
        done = conformance("review", "--base", "HEAD~1", cwd=shop)
    assert "shop → 0 convergent / 1 distinct\n" in done.stdout
    assert NOT_BLOCKED in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_reviewer_without_a_usable_answer_has_failed(shop: Path, fault: str) -> None:
    """Each fault has its reason; a change that nobody answered for is unreviewed, never clean."""
    service, reason = FAULTS[fault]
    with reviewers(shop, timeout_s=1, one=service):
        done = conformance("review", "--base", "HEAD~1", cwd=shop)
    assert f"    failed at shop-1: {reason}\n" in done.stdout
    assert "UNREVIEWED: nobody gave a usable answer to shop-1\n" in done.stdout
    assert done.returncode == 4


def test_endpoints_that_can_be_helped(shop: Path) -> None:
    """One that knows no form of answer is asked without; one that is busy is asked again."""
    with reviewers(shop, one=rejects_response_format, two=is_rate_limited(2)):
        done = conformance("review", "--base", "HEAD~1", cwd=shop)
    assert "shop → 1 convergent / 1 distinct\n" in done.stdout


def with_analysers(shop: Path, *names: str) -> None:
    """Have the shipped analysers review the shop."""
    (shop / "cases").mkdir()
    rows = "".join(
        f"    {name}: {{lineage: {name}, "
        f'command: ["${{python}}", -P, -m, conformance.review.analysers, {name}, "${{paths}}"]}}\n'
        for name in names
    )
    (shop / "cases" / "review.yaml").write_text(f"review:\n  reviewers:\n{rows}")


BAD = "def total(rows: list[int]) -> int:\n    return summ(rows)\n"


def _switched_off(shop: Path) -> None:
    (shop / "shop.py").write_text(f"# ruff: noqa\n{BAD}")


def _ignored_settings(shop: Path) -> None:
    (shop / ".git/info/exclude").write_text("mypy.ini\n")
    (shop / "mypy.ini").write_text("[mypy]\nignore_errors = True\n")


def _named_as_an_option(shop: Path) -> None:
    _git(shop, "mv", "shop.py", "./-x.py")
    (shop / "-x.py").write_text(BAD)


def _beside_modules_of_those_names(shop: Path) -> None:
    for name in ("conformance", "ruff", "mypy"):
        (shop / name).mkdir()
        (shop / name / "__init__.py").touch()
        (shop / name / "__main__.py").write_text("print('NO FINDINGS')\n")
    (shop / ".git/info/exclude").write_text("conformance\nruff\nmypy\n")


ATTACKS = {
    "the rules are switched off in the file": (_switched_off, 1, BLOCKED),
    "settings that git does not keep": (
        _ignored_settings,
        0,
        "failed at other-1: exit code 1: mypy.ini has settings",
    ),
    "a name that begins with a dash": (_named_as_an_option, 1, BLOCKED),
    "modules of the same names": (_beside_modules_of_those_names, 1, BLOCKED),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_change_cannot_silence_the_analysers(shop: Path, name: str) -> None:
    """They agree on what is wrong, or one of them has failed."""
    attack, code, says = ATTACKS[name]
    (shop / "shop.py").write_text(BAD)
    attack(shop)
    _commit(shop)
    with_analysers(shop, "ruff", "mypy")
    argv = [str(CONSOLE), "review", "--base", "HEAD~1"]
    done = subprocess.run(argv, cwd=shop, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, says in done.stdout + done.stderr) == (code, True), (
        done.stdout + done.stderr
    )


def test_analysers_look_at_what_the_new_state_has(shop: Path) -> None:
    """From a folder below, at a file that is there.

    One that was deleted is no failure, one that is not there is.
    """
    (shop / "other.py").write_text(BAD)
    _git(shop, "rm", "--quiet", "shop.py")
    _commit(shop)
    with_analysers(shop, "ruff", "mypy")
    done = conformance("review", "--base", "HEAD~1", cwd=shop / "cases")
    assert BLOCKED in done.stdout, done.stdout + done.stderr
    (shop / "other.py").unlink()
    done = conformance("review", "--base", "HEAD~1", cwd=shop)
    assert done.returncode == 4
    assert "failed: other.py is not in the working tree, so it cannot be read" in done.stderr


def test_two_analysers_that_agree_block(shop: Path) -> None:
    """Without a network: ruff and mypy, which share no rule, find a name that is not defined."""
    (shop / "shop.py").write_text("def total(rows: list[int]) -> int:\n    return summ(rows)\n")
    _commit(shop)
    with_analysers(shop, "ruff", "mypy")
    done = conformance("review", "--base", "HEAD~1", cwd=shop)
    assert done.returncode == 1, done.stdout + done.stderr
    assert BLOCKED in done.stdout
    points = outcome(shop)["points"]
    assert isinstance(points, list)
    claims = [(voice["reviewer"], voice["claim"]["severity"]) for voice in points[0]["voices"]]
    assert claims == [("mypy", "BLOCK"), ("ruff", "BLOCK")]
    assert points[0]["line"] == 2


def test_an_analyser_that_is_not_installed_has_failed(shop: Path) -> None:
    """It found nothing because it did not look: never NO FINDINGS."""
    with_analysers(shop, "ruff")
    hidden = shop / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text("import sys\nsys.modules['ruff'] = None\n")
    done = cold_conformance("review", "--base", "HEAD~1", cwd=shop, PYTHONPATH=f"{hidden}:{ROOT}")
    assert done.returncode == 4
    assert (
        f"failed at other-1: exit code 1: ruff is not installed beside {sys.executable}\n"
        in done.stdout
    )


def test_a_large_change_is_one_bundle_for_those_who_read_files(shop: Path) -> None:
    """Nobody reads its text, so that it is neither split nor refused."""
    (shop / "shop.py").write_text("".join(f"x{number} = {'1' * 90}\n" for number in range(1_200)))
    _commit(shop)
    with_analysers(shop, "ruff")
    done = conformance("review", "--base", "HEAD~1", cwd=shop)
    assert done.returncode == 0, done.stderr
    assert "  ruff (ruff): answered 1 of 1, 0 claims, 32 characters\n" in done.stdout
    assert "warning" not in done.stderr


def test_what_looks_like_a_secret_stays_here(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No credential of the change and no reviewer token is in a prompt or anything kept."""
    monkeypatch.setenv("REVIEW_TOKEN", "t0ken-of-the-reviewer")
    seen: list[Received] = []
    with reviewers(shop, one=keeps(seen, says("NO FINDINGS. t0ken-of-the-reviewer"))):
        file = shop / "cases" / "review.yaml"
        file.write_text(file.read_text().replace("model: m", "model: m, token_env: REVIEW_TOKEN"))
        conformance("review", "--base", "HEAD~1", cwd=shop)
    assert seen[0].headers["authorization"] == "Bearer t0ken-of-the-reviewer"
    assert b"correct-horse" not in seen[0].body
    assert b"[secret]" in seen[0].body
    kept = b"".join(file.read_bytes() for file in (shop / "reports").rglob("*") if file.is_file())
    assert b"correct-horse" not in kept
    assert b"t0ken" not in kept
    assert b"1 values that look like credentials" in kept


def test_kept_replies_are_tallied_again_without_a_call(shop: Path) -> None:
    """The same reports come of them, byte for byte."""
    with reviewers(shop, one=says(GOOD), two=says(GOOD)):
        conformance("review", "--base", "HEAD~1", cwd=shop)
    (folder,) = (shop / "reports" / "reviews").iterdir()
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    done = conformance("review", "--tally", str(folder), cwd=shop)
    assert done.returncode == 1
    assert BLOCKED in done.stdout
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_too_large_a_hunk_is_refused_unless_forced(shop: Path) -> None:
    """The refusal says which file, how large, and what forces it; a forced one warns."""
    (shop / "shop.py").write_text("".join(f"x{number} = {'1' * 90}\n" for number in range(1_200)))
    _commit(shop)
    with reviewers(shop, one=says("NO FINDINGS")):
        refused = conformance("review", "--base", "HEAD~1", cwd=shop)
        forced = conformance("review", "--base", "HEAD~1", cwd=shop, CONFORMANCE_FORCE_OVERSIZE="1")
    assert refused.returncode == 2
    assert "more than 100000 bytes in one piece: shop-1 (" in refused.stderr
    assert "hint: --force-oversize or CONFORMANCE_FORCE_OVERSIZE=1" in refused.stderr
    assert forced.returncode == 0
    assert "warning: shop-1 has" in forced.stderr


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "no --base, and no accepted baseline in reports/gauntlet/baseline.json"),
        (("--base", "HEAD~1", "--tally", "x"), "wanted either --base or --tally, got both"),
        (("--base", "nowhere"), "--base nowhere: git knows no change from it to HEAD"),
        (("--base", "--output=x"), "--base --output=x: git knows no change from it to HEAD"),
        (("--base", "HEAD"), "there is no change to review"),
        (
            ("--base", "HEAD~1", "--reviewer", "on"),
            "--reviewer on: no such reviewer; did you mean 'one'?",
        ),
        (("--tally", "nowhere"), "nowhere/review.ndjson: No such file or directory"),
    ],
)
def test_bad_usage(shop: Path, words: tuple[str, ...], complaint: str) -> None:
    """One message, and exit code 2."""
    with reviewers(shop, one=says("NO FINDINGS")):
        done = conformance("review", *words, cwd=shop)
    assert complaint in done.stderr
    assert done.returncode == 2


def test_bad_review_files_are_refused_with_places(shop: Path) -> None:
    """Every problem at once."""
    (shop / "cases").mkdir()
    (shop / "cases" / "review.yaml").write_text(
        "review:\n  reviewers:\n    a: {lineage: a, url: 'http://h/x'}\n    b: {url: "
        "'http://h/x', comand: [x]}\n"
        "    c: {lineage: c, command: [x], model: m}\n"
    )
    done = conformance("review", "--base", "HEAD~1", cwd=shop)
    assert done.returncode == 2
    assert "cases/review.yaml:4:28: unknown field 'comand'; did you mean 'command'?" in done.stderr
    assert "cases/review.yaml:4:8: field 'lineage' is missing" in done.stderr
    assert "cases/review.yaml:5:35: field 'model' goes with 'url' only" in done.stderr

"""What a first run and a first decision say that a newcomer has to know."""

from pathlib import Path

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import Received, Reply, Service, always, json_reply, serve
from tests.tracker.small_shop import CASE, GIVEN, SmallShop


def test_two_runtimes_at_one_address_are_named(tmp_path: Path, command: WarmCommand) -> None:
    """A service that is compared with itself shows nothing of another one."""
    SmallShop(tmp_path, command).write()
    with serve(always({"v": 1})) as url:
        runtimes = ("--runtime", f"a={url}", "--runtime", f"z={url}/")
        done = command("run", "cases", *runtimes, cwd=tmp_path)
    said = " ".join((done.stdout + done.stderr).split())
    assert f"warning: a, z are one address, {url}: that a service agrees with itself" in said


def test_two_rows_that_differ_by_code_have_two_titles(tmp_path: Path, command: WarmCommand) -> None:
    """The code alone sets them apart."""
    small = SmallShop(tmp_path, command)
    small.write(CASE.format(rules="") + "  - {name: two, request: {GET: /two}}\n")
    small.run(a=_refusal(422), b=_refusal(400))
    code, said = small.decide("--all", *GIVEN)
    assert code == 0, said
    titles = [line for line in small.ledger().splitlines() if "title:" in line]
    assert len(titles) == len({*titles}), titles


def test_a_needless_pin_says_what_to_do(tmp_path: Path, command: WarmCommand) -> None:
    """The report speaks of a pin that is written into the row, and so does the refusal."""
    small = SmallShop(tmp_path, command)
    small.write()
    _, said = small.run(a=always({"v": 1}), b=always({"v": "1"}))
    key = said.partition("conformance decide ")[2].split()[0]
    code, said = small.decide(key, "--pin", "{any: true}", *GIVEN)
    assert code == 2
    assert "write a `pin` into the row afterwards" in said


def _refusal(status: int) -> Service:
    def serving(asked: Received) -> Reply:
        code = "missing_name" if asked.target == "/two" else "bad_id"
        return json_reply({"code": code}, status)

    return serving

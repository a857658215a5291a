"""Runs of one case on a service, held beside the same service: what tests of proof share."""

from pathlib import Path

from tests.cli.command import conformance
from tests.miniatures.server import Service, serve

SUITE = "suite: shop/items\ncases:\n  - name: one\n    request: {{GET: /items/1}}\n{more}"


def run(
    folder: Path, service: Service, *words: str, more: str = "", second: bool = True
) -> tuple[int, str]:
    """Run a case against one or two of a service; return the exit code and the last sentence."""
    (folder / "shop.yaml").write_text(SUITE.format(more=more))
    with serve(service) as a, serve(service) as b:
        others = ("--runtime", f"b={b}") if second else ()
        done = conformance(
            "run", "shop.yaml", "--runtime", f"a={a}", *others, *words, "--quiet", cwd=folder
        )
    return done.returncode, done.stdout.strip() or done.stderr

"""What `conformance fuzz` has found between two services, as the methods of each case."""

from pathlib import Path

import yaml

from tests.cli.command import conformance
from tests.miniatures.server import Service, serve

_RESET = {"POST": "/reset"}


def methods_of_found_cases(folder: Path, a: Service, b: Service) -> list[list[str]]:
    """Fuzz two services that `POST /reset` resets; return the methods of each case with steps.

    The reset at its start is left out.
    """
    with serve(a) as first, serve(b) as second:
        declared = {
            name: {"url": url, "disposable": True, "reset": {"request": {"POST": "/reset"}}}
            for name, url in (("a", first), ("b", second))
        }
        (folder / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": declared}))
        words = ("--seed", "1", "--requests", "2500", "--output", "found.yaml")
        done = conformance("fuzz", *words, cwd=folder)
    assert "refused:" not in done.stdout, done.stdout
    cases = yaml.safe_load((folder / "found.yaml").read_text())["cases"]
    every = [
        [step["request"] for step in case["steps"] if step["request"] != _RESET]
        for case in cases
        if "steps" in case
    ]
    return [[next(iter(request)) for request in requests] for requests in every]

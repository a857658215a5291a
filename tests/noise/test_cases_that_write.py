"""What `noise` says of a read where another case writes what it reads."""

import itertools
import json
from pathlib import Path
from typing import Any

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, json_reply, serve
from tests.noise.askings import comments_of, noise_of

_READ = {"name": "read", "request": {"GET": "/profile"}}
_WRITE = {"name": "write", "request": {"PUT": "/profile", "json": {"name": "f"}}}
_SAYS = (
    "shop/write is a PUT: if it changes what shop/read reads, isolate it, or see that no rule is "
    "about what it changed"
)


def _suite(*cases: dict[str, Any]) -> dict[str, Any]:
    return {"suite": "shop", "compare": "value", "cases": list(cases)}


def _profile() -> Service:
    """Return a service that keeps the name that was put last."""
    kept = {"name": "first"}

    def serving(request: Received) -> Reply:
        if request.method == "PUT":
            kept.update(json.loads(request.body))
        return json_reply(kept)

    return serving


def test_a_read_is_not_blamed_for_what_another_case_wrote(tmp_path: Path) -> None:
    """The comment names the case that writes; the rule does not say that the read is restless."""
    printed = noise_of(tmp_path, _suite(_READ, _WRITE), _profile())
    assert _SAYS in comments_of(printed)
    assert "by itself in" not in printed
    assert 'why: "differs when it is asked again in a, in 1 case"' in printed


def test_a_read_beside_an_isolated_case_differs_by_itself(tmp_path: Path) -> None:
    """What is isolated touches nothing else."""
    printed = noise_of(tmp_path, _suite(_READ, {**_WRITE, "isolate": "names"}), _profile())
    assert _SAYS not in comments_of(printed)
    assert "differs by itself in a" in printed


def test_a_write_that_another_runtime_alone_was_asked_has_changed_nothing(tmp_path: Path) -> None:
    """The case that writes is against another service: what the read shows is its own."""
    for name, case in (("shop", _READ), ("bank", _WRITE)):
        written = {"suite": name, "against": name, "compare": "value", "cases": [case]}
        (tmp_path / f"{name}.yaml").write_text(json.dumps(written))
    with serve(_restless()) as shop, serve(_profile()) as bank:
        (tmp_path / "runtimes.yaml").write_text(
            "runtimes:\n"
            f"  a: {{labels: [shop], url: '{shop}'}}\n"
            f"  b: {{labels: [bank], url: '{bank}'}}\n"
        )
        done = conformance("noise", "shop.yaml", "bank.yaml", cwd=tmp_path)
    printed = done.stdout
    assert "bank/write" not in printed
    assert "differs by itself in a" in printed


def _restless() -> Service:
    """Return a service that counts its answers."""
    count = itertools.count()
    return lambda _: json_reply({"name": next(count)})

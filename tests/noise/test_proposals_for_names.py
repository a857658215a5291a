"""What `noise` proposes where names are made for one run, or stand for captured ids."""

import itertools
import uuid
from pathlib import Path

from tests.miniatures.server import Received, Reply, json_reply
from tests.noise.askings import (
    Answers,
    asked,
    comments_of,
    noise_of,
    pasted,
    rules_of,
    service,
    suite,
)
from tests.noise.test_proposals import shuffled

OF_NAMES: dict[str, tuple[Answers, dict[str, str] | None]] = {
    "ids": (
        lambda count: {"orders": {f"order-{count}00001": {"n": 1}}},
        {"path": "$.orders", "is": "object"},
    ),
    "taking-turns": (
        lambda count: {"turns": {f"v{count}": 1}},
        {"path": "$.turns", "is": "object"},
    ),
    "at-the-root": (lambda count: {f"order-{count}00001": {"n": 1}}, None),
    "beside-others": (lambda count: {"all": 1, f"order-{count}00001": 1}, None),
    "below": (
        lambda count: {"by": {"u-5d41402abc4b": {"n": count}, "all": 1}},
        {"path": "$.by.*.n", "is": "integer"},
    ),
    "address": (
        lambda count: {"at": {"10.0.0.7:80": {"n": count}, "all": 1}},
        {"path": "$.at.*.n", "is": "integer"},
    ),
    "plain": (lambda count: {"iso8601": count}, {"path": "$.iso8601", "is": "integer"}),
    "order": (lambda _: shuffled(list(range(9))), None),
    "text": (lambda count: Reply(body=b"%d" % count, headers={"content-type": "text/plain"}), None),
    "header": (lambda count: json_reply({}, content_type=f"application/v{count}+json"), None),
}
"""For each case what is answered, and the rule that is proposed; None: a comment says why there is
none.
"""


def test_names_made_for_one_run_and_whole_bodies_are_in_no_rule(tmp_path: Path) -> None:
    """A rule is about what holds such names, or about all of its members; never about the root."""
    printed = noise_of(
        tmp_path,
        suite(*OF_NAMES),
        service(**{name: answer for name, (answer, _) in OF_NAMES.items()}),
    )

    rules, comments = rules_of(printed), comments_of(printed)
    for name, (_, wanted) in OF_NAMES.items():
        assert rules.get(name, []) == ([] if wanted is None else [wanted]), name
        assert sum(f"shop/orders/{name}" in comment for comment in comments) == (wanted is None), (
            name
        )
    of_rules = [line for line in printed.splitlines() if line.lstrip().startswith("- {")]
    assert not any(part in line for line in of_rules for part in ("0001", '"$"', "5d41402"))


def test_fresh_names_are_in_no_rule(tmp_path: Path) -> None:
    """A name that the harness made is never proposed, even as only a part of a member's name."""
    case = {"name": "read", "isolate": "names", "request": {"GET": "/read?as=${fresh:t}"}}
    written = {"suite": "shop/orders", "compare": "value", "cases": [case]}
    count, names = itertools.count(), list[str]()

    def read(request: Received) -> Reply:
        name = request.target.partition("=")[2]
        names.append(name)
        rows = [{"count": at, "of": f"{name}/{at}", "at": next(count)} for at in range(6)]
        return json_reply(
            {
                "tables": {name: {"at": next(count)}},
                f"of-{name}": 1,
                "plain": {f"{name}/x": next(count)},
                "rows": shuffled(rows),
            }
        )

    printed = noise_of(tmp_path, written, read, read)
    assert rules_of(printed) == {
        "read": [
            {"path": "$.plain.*", "is": "integer"},
            {"path": "$.rows", "key": "of"},
            {"path": "$.rows[*].at", "is": "integer"},
            {"path": "$.tables.*.at", "is": "integer"},
        ]
    }
    assert asked("run", tmp_path, pasted(written, printed), read, read).returncode == 0
    noise_of(tmp_path, written, read)
    assert len(set(names)) == len(names)


def test_steps_and_identities(tmp_path: Path) -> None:
    """An identity is no noise, wherever it stands.

    A rule is about a step as it is about the others.
    """
    case = {
        "name": "create-and-read",
        "steps": [
            {
                "request": {"POST": "/create", "json": {}},
                "capture": {"id": {"path": "$.id", "identity": "order"}},
            },
            {"request": {"GET": "/read?id=${id}"}},
        ],
    }
    written = {"suite": "shop/orders", "compare": "value", "isolate": "names", "cases": [case]}

    def shop(request: Received) -> Reply:
        if request.target == "/create":
            return json_reply({"id": str(uuid.uuid4()), "step": 1}, 201)
        text = f"read {uuid.uuid4()}"
        return json_reply(
            {"id": request.target.partition("=")[2], "by": {text: 1}, text: 1, "token": text}
        )

    printed = noise_of(tmp_path, written, shop, shop)
    assert rules_of(printed) == {
        "create-and-read": [{"path": "$.by", "is": "object"}, {"path": "$.token", "is": "string"}]
    }
    assert {comment.partition(" (")[0] for comment in comments_of(printed)} == {
        "not proposed for a, b, in shop/orders/create-and-read: step 2: member@$.*"
    }

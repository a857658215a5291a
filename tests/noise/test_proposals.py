"""What `noise` proposes, from outside: which rules, for which cases, and for what it has none."""

import random
import uuid
from pathlib import Path
from typing import Any

from tests.miniatures.server import Received, Reply, always, json_reply
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


def shuffled(items: list[Any]) -> list[Any]:
    """Return a list in another order than the last one, by the clock of its caller."""
    return random.sample(items, len(items))


def lines(count: int) -> list[dict[str, object]]:
    """Return the lines of an order, each time in another order, with a clock in each."""
    listed = [{"sku": f"r{at}", "at": f"2026-11-24T00:0{at}:{count % 60:02}Z"} for at in range(6)]
    return shuffled(listed)


WRITTEN = suite("order", "orders", "text")
ISOLATE = "it sends a POST, and its second answer differs; if it changes what it reads, isolate it"


def restless(number_as: type = int) -> dict[str, Answers]:
    """Return the answers of a service with noise of many kinds."""
    return {
        "order": lambda count: {
            "id": str(uuid.uuid4()),
            "number": number_as(count),
            "name": "rope",
        },
        "orders": lambda count: {
            "id": str(uuid.uuid4()),
            "lines": lines(count),
            "tags": shuffled(list("abcdefgh")),
            "log": ["asked"] * (count + 1),
            **({"next": "/orders"} if count % 2 else {}),
        },
        "text": lambda _: {"steady": True},
    }


def test_what_is_pasted_makes_the_run_green(tmp_path: Path) -> None:
    """Each rule goes to the suite or the case that needs it.

    With all of them two runs of one service are equal.
    """
    printed = noise_of(tmp_path, WRITTEN, service(**restless()), service(**restless()))

    assert rules_of(printed) == {
        "": [{"path": "$.id", "is": "uuid"}],
        "order": [{"path": "$.number", "is": "integer"}],
        "orders": [
            {"path": "$.lines", "key": "sku"},
            {"path": "$.lines[*].at", "is": "timestamp"},
            {"path": "$.log", "is": "array"},
            {"path": "$.next", "is": "any"},
            {"path": "$.tags", "as": "set"},
        ],
    }
    assert comments_of(printed) == []
    before = asked("run", tmp_path, WRITTEN, service(**restless()), service(**restless()))
    after = asked(
        "run", tmp_path, pasted(WRITTEN, printed), service(**restless()), service(**restless())
    )
    assert (before.returncode, after.returncode) == (1, 0), after.stdout
    assert (
        noise_of(tmp_path, pasted(WRITTEN, printed), service(**restless())).splitlines()[-1]
        == "noise: []"
    )


def test_each_runtime_is_learned_by_itself(tmp_path: Path) -> None:
    """A rule names the runtimes that need it, and hides no difference of a kind between them."""
    written = suite("order")
    services = (
        service(**restless()),
        service(**restless(str)),
        service(order=lambda _: {"name": "rope"}),
    )
    printed = noise_of(tmp_path, written, *services)

    assert '{path: "$.id", is: uuid, why: "differs by itself in a, b, in 1 case"}' in printed
    assert '{path: "$.number", is: integer, why: "differs by itself in a, in 1 case"}' in printed
    assert '{path: "$.number", is: string, why: "differs by itself in b, in 1 case"}' in printed
    done = asked(
        "run", tmp_path, pasted(written, printed), service(**restless()), service(**restless(str))
    )
    assert "number as string" in done.stdout


BESIDE: dict[str, tuple[Answers, Answers, list[dict[str, str]], str]] = {
    "two-spellings-of-a-time-are-seen-with-the-rule": (
        lambda count: f"2026-11-24T00:00:{count % 60:02}Z",
        lambda count: f"2026-11-24T00:00:{count % 60:02}+00:00",
        [{"is": "timestamp"}],
        "",
    ),
    "two-precisions-of-a-time-are-seen-with-the-rule": (
        lambda count: f"2026-11-24T00:00:{count % 60:02}.123456Z",
        lambda count: f"2026-11-24T00:00:{(count + 7) % 60:02}.654Z",
        [{"is": "timestamp"}],
        "",
    ),
    "integers-and-others": (
        lambda count: count,
        lambda count: count + 0.5,
        [],
        "b: value@X (differs | differs): `is: number` would hide type@X (a integer | b number)",
    ),
    "a-steady-value-beside-noise": (
        lambda count: [str(count), "one"],
        lambda count: [str(count), "two"],
        [],
        (
            'a, b: value@X[*] (differs | differs): `is: string` would hide a "one" | b "two" at X[*], '
            "which stay the same"
        ),
    ),
    "what-is-in-a-list": (
        lambda count: ["a"] * (count + 1),
        lambda count: [{"a": 1}] * (count + 1),
        [],
        (
            "a, b: length@X (differs | differs): `is: array` would hide type@X[*] (a string | b "
            "object)"
        ),
    ),
    "a-null-that-only-one-has": (
        lambda count: count if count // len(BESIDE) % 2 else None,
        lambda _: 7,
        [],
        "a: type@X (integer | null): `is: any` would hide type@X (a null | b integer)",
    ),
    "one-that-is-steady": (lambda count: count, lambda _: 7, [{"is": "integer"}], ""),
    "integers-far-apart-are-no-clock": (
        lambda count: 3_000_000_000 - 99_999 * count,
        lambda count: 1_800_000_000 + count,
        [{"is": "integer"}],
        "",
    ),
    "lists-of-two-lengths": (
        lambda count: [{"k": "stamp", "v": str(count)}, {"k": "owner", "v": "123"}],
        lambda count: [
            {"k": "stamp", "v": str(count)},
            {"k": "owner", "v": "000"},
            {"k": "extra", "v": "1"},
        ],
        [],
        'a, b: value@X[*].v (differs | differs): `is: string` would hide a "123" | b "000" at ',
    ),
    "names-that-only-one-has": (
        lambda count: {f"order-{count}00001": 1},
        lambda _: {},
        [],
        "a: member@X.* (absent | present): `as: map` would hide ",
    ),
    "names-that-both-have": (
        lambda count: {"all": 1, f"order-{count}00001": 1},
        lambda count: {"all": 1, f"order-{count}00002": 1},
        [{"is": "object"}],
        "",
    ),
    "json-in-a-text": (
        lambda count: {"a": count} if count // len(BESIDE) % 2 else '{"a": 1}',
        lambda _: {"a": 1},
        [],
        "a: json-in-text@X (JSON | JSON in a text): `is: any` would hide json-in-text@X ",
    ),
    "clocks": (
        lambda count: 1_800_000_000 + count,
        lambda count: 1_800_000_000 + count,
        [{"is": "timestamp"}],
        "",
    ),
}
"""For each case what a and b answer, the rules that are proposed, and how the comment starts: `X`
is the place.
"""


def test_one_rule_is_proposed_for_a_place(tmp_path: Path) -> None:
    """Where one runtime only reorders a list and another changes it, one rule is for both."""
    reordering = service(list=lambda asked: {"items": [[1, 2], [2, 1]][asked % 2]})
    changing = service(list=lambda asked: {"items": [[1, 2], [2, 1, 3]][asked % 2]})
    printed = noise_of(tmp_path, suite("list"), reordering, changing)
    assert rules_of(printed)["list"] == [{"path": "$.items", "is": "array"}]
    assert "differs by itself in a, b, in 1 case" in printed


def test_no_difference_between_runtimes_is_hidden(tmp_path: Path) -> None:
    """A rule is proposed only where it hides nothing that the same askings showed.

    Else a comment says what.
    """

    def named(name: str, answer: Answers) -> Answers:
        return lambda count: {name: answer(count)}

    a = service(**{name: named(name, answer) for name, (answer, _, _, _) in BESIDE.items()})
    b = service(**{name: named(name, answer) for name, (_, answer, _, _) in BESIDE.items()})
    printed = noise_of(tmp_path, suite(*BESIDE), a, b)
    rules, comments = rules_of(printed), comments_of(printed)
    for name, (_, _, wanted, comment) in BESIDE.items():
        place = f"$.{name}"
        assert rules.get(name, []) == [{"path": place, **rule} for rule in wanted], name
        who, _, what = comment.replace("X", place).partition(": ")
        start = f"not proposed for {who}, in shop/orders/{name}: {what}"
        assert not comment or any(line.startswith(start) for line in comments), name
    refused = {name for name, (_, _, _, comment) in BESIDE.items() if comment}
    assert {line.partition("shop/orders/")[2].partition(":")[0] for line in comments} == refused


def test_a_rule_is_for_the_suite_only_where_it_hides_nothing_in_it(tmp_path: Path) -> None:
    """Where another case shows what a rule would hide, the rule stays with cases that need it."""
    written = suite("order", "cart", "user")
    noisy: dict[str, Answers] = {
        "order": lambda count: {"n": count},
        "cart": lambda count: {"n": count},
    }
    same = noise_of(tmp_path, written, *(service(**noisy, user=lambda _: {"n": 1}) for _ in "ab"))
    apart = noise_of(
        tmp_path,
        written,
        service(**noisy, user=lambda _: {"n": 1}),
        service(**noisy, user=lambda _: {"n": 2}),
    )

    rule = {"path": "$.n", "is": "integer"}
    assert rules_of(same) == {"": [rule]}
    assert rules_of(apart) == {"order": [rule], "cart": [rule]}


def test_a_matrix_is_one_case(tmp_path: Path) -> None:
    """A rule goes to the case that is written, whatever a matrix makes of it."""
    case = {"name": "page", "matrix": {"at": ["1", "2"]}, "request": {"GET": "/page"}}
    written = {"suite": "shop/orders", "compare": "value", "cases": [case]}
    answers: Answers = lambda count: {"n": count}  # noqa: E731 - as all answers here
    printed = noise_of(tmp_path, written, service(page=answers))

    assert rules_of(printed) == {"page": [{"path": "$.n", "is": "integer"}]}
    done = asked(
        "run", tmp_path, pasted(written, printed), service(page=answers), service(page=answers)
    )
    assert done.returncode == 0


def test_nothing_is_learned_where_a_status_changes(tmp_path: Path) -> None:
    """Such a case is named; where it changes what it reads, the remedy is, too.

    Others have their proposals.
    """
    made: set[str] = set()

    def shop(request: Received) -> Reply:
        again = request.target in made
        made.add(request.target)
        return json_reply(
            {"id": str(uuid.uuid4())},
            (409 if again else 201) if request.target == "/create" else 200,
        )

    unsteady = service(flaky=lambda count: json_reply({"n": count}, 503 if count % 2 else 200))
    written = suite("order")
    written["cases"] += [
        {"name": "create", "request": {"POST": "/create", "json": {}}},
        {"name": "note", "request": {"POST": "/note", "json": {}}},
    ]
    printed = noise_of(tmp_path, written, shop)
    flaky = noise_of(tmp_path, suite("flaky"), unsteady)

    assert rules_of(printed) == {"": [{"path": "$.id", "is": "uuid"}]}
    assert comments_of(printed) == [
        f"shop/orders/note: {ISOLATE}, or see that no rule is about what it changed",
        (
            "shop/orders/create is a POST, like 1 more case: if it changes what shop/orders/order "
            "reads, isolate it, or see that no rule is about what it changed"
        ),
        f"not proposed for a, in shop/orders/create: answered 201, then 409; {ISOLATE}",
    ]
    assert (rules_of(flaky), comments_of(flaky)) == (
        {},
        ["not proposed for a, in shop/orders/flaky: answered 200, then 503"],
    )


def test_what_never_differs_has_no_noise(tmp_path: Path) -> None:
    """Nothing is proposed, and nothing is left."""
    assert noise_of(tmp_path, suite("order"), always({"name": "rope"})).splitlines()[3:] == [
        "noise: []"
    ]

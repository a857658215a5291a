"""What runtimes answer differently by themselves, beside causes, forms and steps that stay."""

from itertools import count
from pathlib import Path

from tests.cli.command import conformance
from tests.cli.test_by_itself import numbered
from tests.miniatures.server import Received, Reply, Service, always, json_reply, serve

RANDOM_AND_STEADY = """\
suite: s
compare: value
cases:
  - {name: r1, request: {GET: /r/1}}
  - {name: r2, request: {GET: /r/2}}
  - {name: r3, request: {GET: /r/3}}
  - {name: v, request: {GET: /v}}
"""
TWO_STEPS = """\
suite: s
compare: value
cases:
  - name: two
    steps:
      - {request: {GET: /v}}
      - {request: {GET: /r/1}}
"""
LOCATION = """\
suite: s
compare: value
RULEScases:
  - {name: up, request: {GET: /up}, expect: {status: 202}}
"""


class Counting:
    """Answers another number below `/r/` whenever it is asked, and one value elsewhere."""

    def __init__(self, value: object) -> None:
        self._numbers = count(10)
        self._value = value

    def __call__(self, request: Received) -> Reply:
        """Answer."""
        changes = request.target.startswith("/r/")
        return json_reply({"v": next(self._numbers) if changes else self._value})


def test_the_main_cause_is_one_of_the_cases_that_differ(tmp_path: Path) -> None:
    """Cases in which a runtime only differs from itself do not explain those that differ."""
    (tmp_path / "s.yaml").write_text(RANDOM_AND_STEADY)
    with (
        serve(lambda _: json_reply({"v": 1})) as a,
        serve(Counting(1)) as b,
        serve(Counting("x")) as c,
    ):
        words = ("--runtime", f"a={a}", "--runtime", f"b={b}", "--runtime", f"c={c}")
        said = conformance("run", "s.yaml", *words, cwd=tmp_path).stdout
    (line,) = [line for line in said.splitlines() if line.startswith("  c: ")]
    assert line.startswith("  c: 1 of 4 cases differs, because of [")
    assert "type of $.v" in line.partition(";")[0]
    assert line.endswith(" differs by itself")
    assert "; see also [" in line


def test_a_place_is_named_with_its_step(tmp_path: Path) -> None:
    """Of a case of two steps the step in which a runtime differs by itself is said."""
    (tmp_path / "s.yaml").write_text(TWO_STEPS)
    with serve(lambda _: json_reply({"v": 1})) as a, serve(Counting(1)) as b:
        said = conformance(
            "run", "s.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=tmp_path
        ).stdout
    assert "   b at step 2: $.v\n" in said
    markdown = (tmp_path / "reports" / "runs" / "latest" / "report.md").read_text()
    assert "differs by itself: b at step 2: $.v |" in markdown
    assert "| s/two | `step 2: $.v` | b (first) " in markdown


def redirecting(prefix: str = "") -> Service:
    """Return a service that names a new place on every request, in one form."""
    numbers = count(1)

    def answer(request: Received) -> Reply:
        base = prefix and f"http://{request.headers['host']}"
        return Reply(status=202, headers={"location": f"{base}/up/{next(numbers)}x"}, body=b"")

    return answer


def test_the_form_of_a_location_stays_beside_targets_that_change(tmp_path: Path) -> None:
    """A rule about the value of a Location does not excuse its form; `any` does."""
    with serve(redirecting("http://")) as a, serve(redirecting()) as b, serve(redirecting()) as c:
        words = ("--runtime", f"a={a}", "--runtime", f"b={b}", "--runtime", f"c={c}")
        said = {}
        for accepted in ("", "string", "any"):
            rule = f"rules: [{{header: location, is: {accepted}, why: w}}]\n" if accepted else ""
            (tmp_path / "s.yaml").write_text(LOCATION.replace("RULES", rule))
            said[accepted] = conformance("run", "s.yaml", *words, cwd=tmp_path).stdout
    form = "form of Location"
    assert "a absolute URL · b, c absolute path" in said[""]
    assert "a rule would excuse it, if that is right: {header: location, is: string}" in said[""]
    assert "no rule is proposed" not in said[""]
    assert f"] {form} — 1 of 1 case" in said["string"]
    assert "a is the odd one out (absolute URL); b, c: absolute path" in said["string"]
    assert "PARITY" in said["any"]


def test_a_rule_frees_an_order_in_json_that_is_called_text(tmp_path: Path) -> None:
    """Bytes that a rule accepts are no other text."""
    suite = "suite: s\ncompare: value\nRULEScases:\n  - {name: x, request: {GET: /}}\n"
    numbers = count()

    def rotating(_: Received) -> Reply:
        names = ["a", "b", "c"]
        turn = next(numbers) % 3
        body = json_reply({"r": names[turn:] + names[:turn], "k": 1}).body
        return Reply(headers={"content-type": "text/plain"}, body=body)

    with serve(lambda _: json_reply({"r": ["a", "b", "c"], "k": 1})) as a, serve(rotating) as b:
        words = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        (tmp_path / "s.yaml").write_text(suite.replace("RULES", ""))
        before = conformance("run", "s.yaml", *words, cwd=tmp_path).stdout
        rule = 'rules: [{path: "$.r", as: set, why: w}]\n'
        (tmp_path / "s.yaml").write_text(suite.replace("RULES", rule))
        after = conformance("run", "s.yaml", *words, cwd=tmp_path).stdout
    assert '{path: "$.r", as: set}' in before
    assert "differs by itself" not in after
    assert "content-type" in after


def test_two_integers_that_are_no_clock_are_integers(tmp_path: Path) -> None:
    """Of two random integers one may look like seconds since 1970: a rule is about integers."""
    numbers = (968_724_831, 731_973_789)
    suite = "suite: s\ncompare: value\ncases: [{name: x, request: {GET: /}}]\n"
    (tmp_path / "s.yaml").write_text(suite)
    with serve(always({"v": 5})) as a, serve(numbered(lambda n: {"v": numbers[n % 2]})) as b:
        words = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        said = conformance("run", "s.yaml", *words, cwd=tmp_path).stdout
    assert '{path: "$.v", is: integer}' in said

"""Write found causes as a suite: each form of a cause is a case that shows the cause under `run`.

The case keeps showing it until the cause is fixed or decided.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.answers.named_headers import COMPARED_BY_MEANING
from conformance.comparison.rules.rule_text import rule_line
from conformance.fuzzing.form import Form, FormStep, is_fresh, placeholder_names
from conformance.fuzzing.json_nodes import Items, JsonObject, Node, with_scalars
from conformance.fuzzing.probe import TIMEOUT_MS, Probe
from conformance.model.capture import Capture
from conformance.model.json_path import render_path
from conformance.model.made_value import fresh_text
from conformance.model.rule import HeaderRule, Rule
from conformance.model.yaml_text import yaml_text
from conformance.safe_text import visible
from conformance.suites.importers.body_text import body_lines
from conformance.suites.importers.imported import ImportedRequest
from conformance.suites.importers.suite_text import values_by_name
from conformance.suites.substitution import escaped
from conformance.wording import plural

# The name of a case is in every line about it
_MAX_NAME: Final = 70
_FRESH: Final = re.compile(r"\$\{fresh:([^}]+)\}")
# A comment has to stay readable, and the report lists all titles
_TITLES_SHOWN: Final = 3
_WHY: Final = "differs by itself"
_HEADER_PLACE: Final = re.compile("header ([^;]*)")
"""Place of a finding in a header field, with or without a parameter of it: `header etag; weak`."""


class FoundCase(Struct, frozen=True, kw_only=True):
    """A form of a cause as a case: its name, unique in the suite, and the rules it needs.

    `title` is the comment above it, `status` the status expected of its last answer, if any.
    `shows` are the titles of the causes that it shows from a fresh state.
    """

    name: str
    title: str
    probe: Probe
    rules: tuple[Rule, ...] = ()
    status: int | None = None
    shows: frozenset[str] = frozenset()


def named(
    forms: Iterable[tuple[str, Probe, tuple[Rule, ...]]], *, fresh: bool
) -> Iterator[FoundCase]:
    """Yield forms as cases with unique names.

    Each form is (title of its cause, probe, rules). A request that shows several causes becomes one
    case. Without `fresh`, each fresh name becomes a fixed text that no other case sends; then a
    person can read the cases and send them one by one. This works because runtimes that are started
    for a run hold no data yet.
    """
    used: Counter[str] = Counter()
    titles: dict[tuple[FormStep, ...], dict[str, None]] = {}
    first: dict[tuple[FormStep, ...], tuple[Probe, tuple[Rule, ...]]] = {}
    for title, probe, rules in forms:
        titles.setdefault(probe.steps, {})[title] = None
        first.setdefault(probe.steps, (probe, rules))
    for steps, (probe, rules) in first.items():
        title = _listed(list(titles[steps]))
        kept = probe if fresh else literal(probe)
        word = _name(kept)
        used[word] += 1
        name = word if used[word] == 1 else f"{word}-{used[word]}"
        yield FoundCase(name=name, title=title, probe=kept, rules=rules)


def _listed(titles: Sequence[str]) -> str:
    """Return the first few titles as one text, and how many more there are."""
    more = len(titles) - _TITLES_SHOWN
    further = [f"and {plural(more, 'more cause')}"] if more > 0 else []
    return "; ".join([*titles[:_TITLES_SHOWN], *further])


def suite_lines(
    suite: str, source: str, cases: Sequence[FoundCase], headers: Sequence[str]
) -> Iterator[str]:
    """Yield the lines of a suite file with the found cases."""
    yield f"# Found by {visible(source)}: each case shows a difference, named above it."
    yield f"suite: {suite}"
    yield "compare: value"
    yield f"timeout_ms: {TIMEOUT_MS}"
    if headers:
        yield f"headers: [{', '.join(map(yaml_text, headers))}]"
    yield "cases:"
    for case in cases:
        yield from case_head_lines(case, [rule_line(rule, rule.why or _WHY) for rule in case.rules])
        yield from request_lines(case)


def with_compared_rules(case: FoundCase, headers: Sequence[str]) -> FoundCase:
    """Return the case with only the rules that matter where `headers` are the compared fields."""
    compared = filter(partial(_is_compared, headers), case.rules)
    return replace(case, rules=tuple(compared))


def _is_compared(headers: Sequence[str], rule: Rule) -> bool:
    """Return whether a rule can matter where `headers` are the compared fields."""
    return not isinstance(rule, HeaderRule) or rule.header in {*headers, *COMPARED_BY_MEANING}


def case_head_lines(
    case: FoundCase, rules: Sequence[str], more: Sequence[str] = ()
) -> Iterator[str]:
    """Yield the lines of a case before its requests: title, name, rules.

    `rules` are as a suite spells them; `more` are lines of further fields.
    """
    yield f"  # {visible(case.title)}"
    yield f"  - name: {case.name}"
    if any(map(is_fresh, placeholder_names(case.probe.steps))):
        yield "    isolate: names"
    yield from _indented("    ", more)
    if rules:
        yield "    rules:"
        yield from _indented("      - ", rules)


def _indented(indent: str, lines: Iterable[str]) -> Iterator[str]:
    return map(indent.__add__, lines)


def request_lines(case: FoundCase) -> Iterator[str]:
    """Yield the lines of the requests of a case."""
    probe = case.probe
    expected = [] if case.status is None else [f"expect: {{status: {case.status}}}"]
    if len(probe.steps) == 1:
        yield from _step_lines(probe.steps[0], "    ", "    ")
        yield from _indented("    ", expected)
        return
    yield "    steps:"
    for step in probe.steps:
        yield from _step_lines(step, "      - ", "        ")
    yield from _indented("        ", expected)


def _step_lines(step: FormStep, first: str, indent: str) -> Iterator[str]:
    form = step.form
    names = placeholder_names([step])
    yield f"{first}request:"
    target = _with_placeholders(yaml_text(escaped(form.target)), names)
    if re.fullmatch(r"[A-Z][A-Z0-9_-]*", form.method):
        yield f"{indent}  {form.method}: {target}"
    else:
        yield f"{indent}  method: {yaml_text(form.method)}"
        yield f"{indent}  target: {target}"
    within = f"{indent}  "
    yield from _indented(within, _header_lines(form, names))
    request = ImportedRequest(
        origin="fuzz",
        host="",
        method=form.method,
        target=form.target,
        headers=form.headers,
        body=form.raw_body,
    )
    if form.raw_body is not None:
        body = map(partial(_with_placeholders, names=names), body_lines(request))
        yield from _indented(within, body)
    if step.captures:
        yield f"{indent}capture:"
        yield from _indented(within, map(_capture_line, step.captures))


def _header_lines(form: Form, names: Sequence[str]) -> Iterator[str]:
    if form.headers:
        yield "headers:"
    for name, written in values_by_name(form.headers).items():
        values = [_with_placeholders(yaml_text(escaped(value)), names) for value in written]
        is_one = len(values) == 1
        rendered = values[0] if is_one else f"[{', '.join(values)}]"
        yield f"  {yaml_text(name)}: {rendered}"


def _capture_line(capture: Capture) -> str:
    fields: dict[str, str] = {}
    if capture.header is not None:
        fields["header"] = capture.header
    if capture.regex is not None:
        fields["regex"] = yaml_text(capture.regex)
    if not fields:
        fields["path"] = yaml_text(render_path(capture.path or ()))
    if capture.as_url:
        fields["as"] = "url"
    if capture.identity:
        fields["identity"] = yaml_text(capture.identity)
    written = ", ".join(f"{name}: {value}" for name, value in fields.items())
    return f"{capture.name}: {{{written}}}"


def _with_placeholders(line: str, names: Iterable[str]) -> str:
    """Return a line in which the placeholders of the given names are no longer escaped."""
    for name in names:
        line = line.replace("$${" + name + "}", "${" + name + "}")
    return line


def literal(probe: Probe) -> Probe:
    """Return a probe with a fixed, unique text in place of each fresh name."""
    seed = repr(probe.steps)

    def text(written: str) -> str:
        # The fixed text keeps the form that was sent: another form may be refused
        return _FRESH.sub(lambda found: fresh_text(found[1], f"{seed}\n{found[1]}"), written)

    steps = [replace(step, form=_changed(step.form, text)) for step in probe.steps]
    return replace(probe, steps=tuple(steps))


def _changed(form: Form, text: Callable[[str], str]) -> Form:
    body: Node | bytes | None = form.body
    if isinstance(body, JsonObject | Items):
        body = with_scalars(body, text)
    elif isinstance(body, bytes):
        body = text(body.decode("latin-1")).encode("latin-1")
    query = tuple((name, None if value is None else text(value)) for name, value in form.query)
    return replace(form, path=tuple(map(text, form.path)), query=query, body=body)


def _name(probe: Probe) -> str:
    """Return a name for a case, in lower-case words: the operation and what is tried."""
    about = f"{probe.target} {probe.where}"
    if probe.stage == "sequence":
        about = probe.operations[-1]
    words = re.findall(r"[a-z0-9]+", f"{about} {probe.entry}".lower())
    name = "-".join(words)[:_MAX_NAME].strip("-")
    return name or "request"


def headers_of(places: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Return the header fields in the given places of findings, sorted; only those in `known`.

    A suite must list these fields, because other fields are not compared.
    """
    of_headers = filter(None, map(_HEADER_PLACE.match, places))
    fields = {place[1] for place in of_headers}
    return tuple(sorted(fields.intersection(known)))

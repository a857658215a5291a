"""Proposed rules as a YAML file in the layout of suites.

The lists under `rules:` can be pasted under the `rules:` of a suite.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from conformance.comparison.rules.rule_text import place_of, rule_line
from conformance.model.yaml_text import yaml_text
from conformance.noise.learning import Noise, Proposal, SuiteNoise
from conformance.reporting.phrases import names, plural
from conformance.safe_text import visible
from conformance.wording import if_it_changes, verb, with_article

# Examples are enough: the proposals name the suite
_SHOWN_CASES: Final = 3
_IN_TWO_FORMS: Final = "# runtimes write this time in two ways: only `form: any` excuses that"


def noise_lines(noise: Noise) -> Iterator[str]:
    """Yield the lines of a file of proposals."""
    yield (
        f"# What {names(noise.runtimes) or 'nobody'} answered differently when asked the same "
        "again."
    )
    yield (
        "# Each list of rules belongs under `rules:` of the suite or the case that it stands in "
        "here."
    )
    yield "# Paste the rules that you agree with, and say in `why` what is behind them."
    for only in noise.only_instances:
        instead = "it was asked after a restart" if only.restarted else "it was asked again only"
        yield visible(
            f"# {only.runtime}: no second instance beside the first: {only.reason}; {instead}"
        )
    for case, method in noise.of_changing.items():
        yield (
            f"# {visible(case)}: {if_it_changes(method)}, or see that no rule is about what it "
            "changed"
        )
    if noise.beside_changing:
        yield _may_have_changed(noise)
    for each in noise.not_proposed:
        yield visible(
            f"# not proposed for {names(each.runtimes)}, in {_cases(each.cases)}: {each.what}"
        )
    yield "noise:" if noise.suites else "noise: []"
    for suite in noise.suites:
        yield from _suite_lines(suite)


def _may_have_changed(noise: Noise) -> str:
    """Return a comment on cases that may have changed what other cases read."""
    first, method = next(iter(noise.changing.items()))
    more = len(noise.changing) - 1
    others = f", like {plural(more, 'more case')}" if more else ""
    read = _cases(noise.beside_changing)
    reads = verb(len(noise.beside_changing), "read")
    return visible(
        f"# {first} is {with_article(method)}{others}: if it changes what {read} {reads}, isolate "
        "it, or see that no rule is about what it changed"
    )


def _cases(ids: Sequence[str]) -> str:
    """Return the first case ids and the number of the others."""
    more = len(ids) - _SHOWN_CASES
    return names(ids[:_SHOWN_CASES]) + (f" and {plural(more, 'other case')}" if more > 0 else "")


def _suite_lines(suite: SuiteNoise) -> Iterator[str]:
    yield f"  - suite: {yaml_text(suite.suite)}  # {visible(suite.file)}"
    if suite.proposals:
        yield "    rules:"
        yield from _rule_lines(suite.proposals, "      ")
    if suite.of_cases:
        yield "    cases:"
    for name, proposals in suite.of_cases.items():
        yield f"      - name: {yaml_text(name)}"
        yield "        rules:"
        yield from _rule_lines(proposals, "          ")


def _rule_lines(proposals: Iterable[Proposal], indent: str) -> Iterator[str]:
    for proposal in sorted(proposals, key=lambda proposal: place_of(proposal.rule)):
        how = "by itself" if proposal.unchanged else "when it is asked again"
        why = (
            f"differs {how} in {names(list(proposal.runtimes))}, in "
            f"{plural(len(proposal.cases), 'case')}"
        )
        if proposal.in_two_forms:
            yield f"{indent}{_IN_TWO_FORMS}"
        yield f"{indent}- {rule_line(proposal.rule, why)}"

"""The sentences that all reports share, so that no two say the same thing differently."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import filterfalse, pairwise, starmap
from typing import Final

from msgspec import Struct

from conformance.comparison.causes import LEAST_KEY_LETTERS
from conformance.comparison.sentences import (
    EMPTY,
    first_sent,
    place_of,
    shown_sides,
    side_by_side,
    sides_sentence,
)
from conformance.grouped import grouped
from conformance.model.finding import Finding
from conformance.model.group import Group, GroupExample, Remedy
from conformance.model.report import CaseLine, RunReport, RuntimeCount
from conformance.reporting.excerpts import cut_parts, letters_alike
from conformance.wording import plural as plural  # noqa: PLC0414 - one of the phrases
from conformance.wording import some, verb

CAUSES_IN_FULL: Final = 50
"""Only the first causes have examples and proposed rows in a file; `explain KEY` shows others."""
WHATEVER: Final = "--pin '{any: true}'"
"""The option that decides a value that changes with every request."""
_TITLE_COLUMNS: Final = 70
"""A title up to this length is shown whole: with key and count it fits on a line."""


def explains(group: Group, total: int) -> str:
    """Return how many of the cases show a cause: `2 of 5 cases`."""
    return f"{group.cases} of {plural(total, 'case')}"


def short_keys(groups: Sequence[Group]) -> dict[str, str]:
    """Return for each key its shortest unique prefix, of at least four characters."""
    known = sorted({group.key for group in groups})
    shared = [0, *starmap(letters_alike, pairwise(known)), 0]
    needed = (max(before, after) + 1 for before, after in pairwise(shared))
    return {
        key: key[: max(length, LEAST_KEY_LETTERS)]
        for key, length in zip(known, needed, strict=False)
    }


class DifferingShare(Struct, frozen=True, kw_only=True):
    """In how many of its cases a runtime differs, and why.

    `why` is empty if it never differs.
    """

    runtime: str
    cases: str
    why: str


def runtime_shares(report: RunReport) -> tuple[DifferingShare, ...]:
    """Return in how many cases each runtime differs, and why; empty if nothing differs."""
    if not report.groups:
        return ()
    keys, titles = short_keys(report.groups), short_titles(report.groups)
    named = {group.key: f"[{keys[group.key]}] {titles[group.key]}" for group in report.groups}
    return tuple(_share(count, report.groups, named) for count in report.runtimes)


def _share(
    count: RuntimeCount, groups: Sequence[Group], by_key: Mapping[str, str]
) -> DifferingShare:
    mine = [group for group in groups if count.runtime in (group.odd or group.runtimes)]
    cases = (
        f"{count.cases} of {plural(count.asked, 'case')}" if count.asked else "compared in no case"
    )
    by_itself = grouped(mine, lambda group: group.by_itself)
    causes = by_itself.get(False, [])
    has_causes = bool(count.cases and causes)
    why = _why(causes, count.cases, by_key) if has_causes else ""
    see = "; see also " if has_causes else "but see "
    beside = "".join(f"{see}{by_key[group.key]}" for group in by_itself.get(True, ()))
    return DifferingShare(runtime=count.runtime, cases=cases, why=why + beside)


def runtime_lines(report: RunReport) -> Iterator[str]:
    """Yield a sentence on each runtime: in how many cases it differs, and why."""
    for share, count in zip(runtime_shares(report), report.runtimes, strict=False):
        # The forms are "1 of 4 cases differs" and "0 of 1 case differs"
        is_singular = 1 in {count.asked, count.cases}
        differs = f" {differ(int(is_singular))}" if count.asked else ""
        parts = (f"{share.runtime}: {share.cases}{differs}", share.why)
        yield ", ".join(filter(None, parts))


def pair_shares(report: RunReport) -> dict[tuple[str, str], str]:
    """Return in how many common cases each two runtimes differ: `2 of 5`.

    Each pair is a key in both orders.
    """
    shares = {(pair.first, pair.second): f"{pair.cases} of {pair.asked}" for pair in report.pairs}
    return shares | {(second, first): share for (first, second), share in shares.items()}


def differ(cases: int) -> str:
    """Return the verb for a number of cases: `differs` or `differ`."""
    return verb(cases, "differ")


def _why(groups: Sequence[Group], cases: int, by_key: Mapping[str, str]) -> str:
    """Return the main cause, or how many causes there are.

    The main cause is the only one, or the one that explains more cases than any other and more than
    half.
    """
    first, *others = sorted(groups, key=lambda group: -group.cases)
    named = by_key[first.key]
    if not others:
        return f"because of {named}"
    if first.cases > others[0].cases and 2 * first.cases > cases:
        return f"mostly because of {named}"
    often = f", most often {named}" if first.cases > others[0].cases else ""
    return f"for {plural(len(groups), 'cause')}{often}"


def short_titles(groups: Sequence[Group]) -> dict[str, str]:
    """Return the title of each cause by its key, with long parts cut.

    A title stays whole if its short form is also that of another cause.
    """
    short = [cut_parts(group.title, _TITLE_COLUMNS) for group in groups]
    count = Counter(short)
    return {
        group.key: title if count[title] == 1 else group.title
        for group, title in zip(groups, short, strict=True)
    }


def example_place(example: GroupExample) -> str:
    """Return the place of an example, with its step if the case has several steps."""
    return place_of(example.finding, example.steps)


def who(group: Group) -> str:
    """Return the runtimes that are odd or differ by themselves in a cause, else `they differ`."""
    apart = group.runtimes if group.by_itself else group.odd
    return names(apart) or "they differ"


def also(group: Group) -> str:
    """Return the places that follow from a cause's own, as `also: $.sha256 (the sha256 of it)`."""
    if not group.also:
        return ""
    places = [f"{each.place} ({each.how})" for each in group.also]
    return f"also: {some(places)}"


def shown(group: Group) -> str:
    """Return what each side shows in the leading example of a cause: facts, or a short value."""
    if group.by_itself:
        return sides(group)
    if group.same_as:
        return not_compared(group)
    return side_by_side(shown_sides(group.examples[0].finding))


def sides(group: Group) -> str:
    """Return the sides of a cause with their runtimes, and the runtimes that are on no side."""
    strangers = "".join(
        f"; {' and '.join(pair)} have other elements there" for pair in group.strangers
    )
    apart = f"; {not_compared(group)}" if group.not_compared else ""
    noisy = f"; {by_themselves(group.noisy)}" if group.noisy else ""
    standing = _standing_apart(group) + "".join(_agreeing(group))
    return "; ".join((standing + strangers + apart + noisy, *group.beside, *group.other_facts))


def not_compared(group: Group) -> str:
    """Return the runtimes that have no fact in a cause, and the cause that shows theirs, if any."""
    if group.same_as:
        key = group.same_as[:LEAST_KEY_LETTERS]
        return f"as [{key}], with {names(group.not_compared)} not compared"
    return f"not compared: {names(group.not_compared)}"


def _agreeing(group: Group) -> Iterator[str]:
    """Yield which sides agree although they are separate, as happens with a tolerance."""
    pairs = [
        f"{names(group.sides[first].runtimes)} from {names(group.sides[second].runtimes)}"
        for first, second in group.agreeing
    ]
    if pairs:
        yield f", but not {', '.join(pairs)}"
    if group.within:
        yield f"; {names(group.within)} {differ(len(group.within))} from none of them"


def _standing_apart(group: Group) -> str:
    if group.by_itself:
        return " · ".join(f"{names(side.runtimes)} at {some(side.facts)}" for side in group.sides)
    if len(group.sides) == 1 and group.beside:
        return side_by_side(group.sides)
    return sides_sentence(group.sides, group.largest, group.kind)


def fix(remedy: Remedy, group: Group) -> str:
    """Return the usual place of a fix in a runtime, with the number of lines if it is known."""
    size = fix_size(remedy)
    where = f"{fix_start(group)} {remedy.runtime} ({remedy.language}): {remedy.where}"
    return ", ".join(filter(None, (where, size)))


def fix_start(group: Group) -> str:
    """Return the start of a sentence on a fix; it differs if no runtime of the cause is odd."""
    if not group.for_any:
        return "Fix in"
    is_of_two = len(group.sides) == 2  # noqa: PLR2004 - one of two
    if is_of_two:
        return "Fix one side, in"
    return "Fix all sides but one, in"


def fix_size(remedy: Remedy) -> str:
    """Return about how many lines a fix takes; empty if that is unknown."""
    if not remedy.lines:
        return ""
    return f"about {plural(remedy.lines, 'line')}"


def sent_lines(finding: Finding, occurrence: int | None = None) -> list[tuple[str, str]]:
    """Return pairs of runtimes and the value that they sent in an occurrence, odd ones first.

    Without a number, it is the first occurrence, or several that belong to the same list.
    """
    sent = first_sent(finding) if occurrence is None else dict(finding.sent[occurrence])
    together = grouped(sent, lambda runtime: sent[runtime] or EMPTY)
    odd: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for value, runtimes in together.items():
        # If no runtime is odd, the order stays
        is_odd = not finding.odd or runtimes[0] in finding.odd
        lines = odd if is_odd else others
        lines.append((names(runtimes), value))
    return odd + others


def follows(finding: Finding) -> str:
    """Return the places that a finding follows from, and how; empty if it is independent."""
    leading = finding.follows
    if leading is None:
        return ""
    return f"follows {some(leading.places)}: {leading.how}"


def standing(group: Group, report: RunReport) -> str:
    """Return the state of a cause: the rows about it, and the number of undecided cases."""
    back = returned(group, report)
    live = list(filterfalse(back.__contains__, group.decisions))
    parts = (
        f"decided in {names(live)}" if live else "",
        f"{names(back)} done, and it is back" if back else "",
        undecided(group) if group.undecided else "",
    )
    return ", ".join(filter(None, parts))


def returned(group: Group, report: RunReport) -> tuple[str, ...]:
    """Return the rows that say that a cause is fixed, although it is in this run."""
    done = {decision.id for decision in report.decisions if not decision.live}
    return tuple(filter(done.__contains__, group.decisions))


def by_themselves(runtimes: Sequence[str]) -> str:
    """Return that runtimes differ by themselves at a place, as part of a sentence."""
    how = "differs by itself" if len(runtimes) == 1 else "differ by themselves"
    return f"{names(runtimes)} {how} there"


def undecided(group: Group) -> str:
    """Return how many cases of a cause no row covers, and which rows it reopens."""
    if group.by_itself:
        remedy = "a rule" if group.rules else "not even a rule"
        return f"{plural(group.undecided, 'case')}; {remedy} can excuse it"
    open_cases = f"{plural(group.undecided, 'case')} undecided"
    if not group.reopens:
        return open_cases
    return f"{open_cases}; reopens {names(group.reopens)}"


def case_name(line: CaseLine) -> str:
    """Return the name of a case, and how many more cases of its suite its line stands for."""
    if not line.alike:
        return line.case_id
    return f"{line.case_id} and {plural(line.alike, 'more case')} of its suite"


def decide(group: Group, key: str) -> str:
    """Return the command that decides a cause, with placeholders for the owner and the reason.

    If a row only lacks a runtime, it is the command that adds the runtime.
    """
    if group.widens:
        return widen(group)
    facts_of_odd = {side.facts for at, side in enumerate(group.sides) if at != group.largest}
    remedies = () if group.for_any else group.remedies
    runtime, *_ = (*(remedy.runtime for remedy in remedies), *group.odd, "")
    fix = f" --fix {runtime}" if runtime and len(facts_of_odd) == 1 else ""
    return f"conformance decide {key}{fix}{pin_of(group.varying)} --owner WHO --reason WHY"


def pin_of(varying: Iterable[object]) -> str:
    """Return the option that decides values which change each time; empty if none does."""
    if not any(varying):
        return ""
    return f" {WHATEVER}"


def widen(group: Group) -> str:
    """Return the command that adds further runtimes to the rows that nearly decide a cause."""
    if len(group.widens) == 1:
        return f"conformance tracker widen {group.widens[0].row_id}"
    return f"conformance tracker widen --all --runtime {group.widens[0].runtimes[0]}"


def varying(group: Group) -> str:
    """Return a sentence on a value that changes with every request; empty if none does.

    No row can list such a value.
    """
    if not group.varying:
        return ""
    return (
        f"{names(group.varying)} {verb(len(group.varying), 'answer')} another value each time: "
        "give a rule that fits every runtime, or decide it whatever the values"
    )


def names(items: Sequence[str]) -> str:
    """Return names joined by commas."""
    return ", ".join(items)

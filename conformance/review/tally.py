"""The tally of a review: replies in, points out, with the lineages that agree on each.

In: the bundles of a change and the replies to them. Out: a tally; the same replies give the same
tally. A claim is moved to the nearest line that the change shows, at most `NEAR_LINES` away in a
file of the change; any other claim is listed as unanchored. Of the claims of one reviewer at one
location, only the most severe counts. Claims at most `NEAR_LINES` apart become one point.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.grouped import grouped
from conformance.review.answer import ReviewAnswer, read_answer
from conformance.review.bundles import Bundle
from conformance.review.claims import (
    ComponentTally,
    Point,
    Reply,
    ReviewerTally,
    ReviewFailure,
    ReviewTally,
    Severity,
    Voice,
)

# Models miscount lines by a few; git shows the same number of context lines around a change
NEAR_LINES: Final = 3
# Enough to recognise a reply that follows no form of the grammar
EXCERPT_CHARACTERS: Final = 300
_ORDER: Final = list(Severity)


class _ShownFile(Struct, frozen=True):
    """The lines of a file that the change shows, and the component of the file."""

    component: str
    lines: dict[int, str] = field(default_factory=dict)


class _Answered(Struct, frozen=True):
    """A reply with its parsed answer; the answer has no claims if the reply is not usable."""

    reply: Reply
    answer: ReviewAnswer
    usable: bool


def tally_review(bundles: Sequence[Bundle], replies: Sequence[Reply]) -> ReviewTally:
    """Return the tally of all replies."""
    answers = list(map(_answered, replies))
    files = _shown_files(bundles)
    anchored: list[Voice] = []
    unanchored: list[Voice] = []
    for voice in _voices(answers):
        snapped = _snapped(voice, files)
        if snapped is None:
            unanchored.append(voice)
        else:
            anchored.append(snapped)
    points = list(_points(_once_a_location(anchored), files))
    standing = sorted((point for point in points if point.standing), key=_weight)
    return ReviewTally(
        components=tuple(_component_tallies(bundles, answers, standing)),
        reviewers=tuple(_reviewer_tallies(answers)),
        points=tuple(standing),
        retracted=tuple(point for point in points if not point.standing),
        unanchored=tuple(_once_a_location(unanchored)),
    )


def _answered(reply: Reply) -> _Answered:
    answer = read_answer(reply.text) if reply.failure is None else None
    return _Answered(reply, answer or ReviewAnswer(claims=()), usable=answer is not None)


def _shown_files(bundles: Iterable[Bundle]) -> dict[str, _ShownFile]:
    """Return the files of a change by path; the hunks of a file may be in several bundles."""
    files: dict[str, _ShownFile] = {}
    for bundle in bundles:
        for path, lines in bundle.anchors.items():
            files.setdefault(path, _ShownFile(bundle.component)).lines.update(lines)
    return files


def _voices(answers: Iterable[_Answered]) -> Iterator[Voice]:
    for each in answers:
        for claim in each.answer.claims:
            yield Voice(reviewer=each.reply.reviewer, lineage=each.reply.lineage, claim=claim)


def _snapped(voice: Voice, files: Mapping[str, _ShownFile]) -> Voice | None:
    """Return a voice moved to the nearest line that the change shows; None if no line is near."""
    file = files.get(voice.claim.path)
    if file is None or not file.lines:
        return None
    distances = {line: abs(line - voice.claim.line) for line in file.lines}
    distance, nearest = min((distance, line) for line, distance in distances.items())
    if distance > NEAR_LINES:
        return None
    return replace(voice, claim=replace(voice.claim, line=nearest))


def _once_a_location(voices: Iterable[Voice]) -> list[Voice]:
    """Return one claim per reviewer and location: the most severe that is not retracted."""
    kept: dict[tuple[str, str, int], Voice] = {}
    gravest_first = sorted(
        voices, key=lambda each: (each.claim.retracted, _ORDER.index(each.claim.severity))
    )
    for voice in gravest_first:
        kept.setdefault((voice.reviewer, voice.claim.path, voice.claim.line), voice)
    return sorted(kept.values(), key=lambda each: (each.claim.path, each.claim.line, each.reviewer))


def _points(voices: Iterable[Voice], files: Mapping[str, _ShownFile]) -> Iterator[Point]:
    """Yield the voices that are near each other as one point, at the line of the first one."""
    by_path: dict[str, list[list[Voice]]] = defaultdict(list)
    for voice in voices:
        groups = by_path[voice.claim.path]
        if groups and voice.claim.line - groups[-1][0].claim.line <= NEAR_LINES:
            groups[-1].append(voice)
        else:
            groups.append([voice])
    for group in chain.from_iterable(by_path.values()):
        first = group[0].claim
        file = files[first.path]
        yield Point(
            component=file.component,
            path=first.path,
            line=first.line,
            source=file.lines[first.line],
            voices=tuple(group),
        )


def _weight(point: Point) -> tuple[int, int, str, int]:
    return -len(point.lineages), _ORDER.index(point.severity), point.path, point.line


def _component_tallies(
    bundles: Sequence[Bundle], answers: Sequence[_Answered], points: Sequence[Point]
) -> Iterator[ComponentTally]:
    answered = {each.reply.bundle for each in answers if each.usable}
    points_of = grouped(points, lambda point: point.component)
    for name, own in grouped(bundles, lambda bundle: bundle.component).items():
        own_points = points_of.get(name, ())
        unreviewed = [bundle.id for bundle in own if bundle.id not in answered]
        yield ComponentTally(
            name=name,
            bundles=len(own),
            size_bytes=sum(bundle.size_bytes for bundle in own),
            convergent=sum(point.convergent for point in own_points),
            distinct=len(own_points),
            unreviewed=tuple(unreviewed),
        )


def _reviewer_tallies(answers: Iterable[_Answered]) -> Iterator[ReviewerTally]:
    """Yield the figures of each reviewer, in the order of their names."""
    by_reviewer = grouped(answers, lambda each: each.reply.reviewer)
    for name, own in sorted(by_reviewer.items()):
        replies = [each.reply for each in own]
        failures = [_failure(each.reply) for each in own if not each.usable]
        tokens = [each.completion_tokens for each in replies if each.completion_tokens is not None]
        yield ReviewerTally(
            name=name,
            lineage=replies[0].lineage,
            asked=len(own),
            failures=tuple(failures),
            shown_bytes=sum(reply.shown_bytes for reply in replies),
            reply_characters=sum(len(reply.text) for reply in replies),
            reply_tokens=sum(tokens) if tokens else None,
            claims=sum(len(each.answer.claims) for each in own),
            malformed=sum(each.answer.malformed for each in own),
        )


def _failure(reply: Reply) -> ReviewFailure:
    return ReviewFailure(
        bundle=reply.bundle,
        why=reply.failure or "the answer keeps to no form of the grammar",
        excerpt=reply.text[:EXCERPT_CHARACTERS],
    )

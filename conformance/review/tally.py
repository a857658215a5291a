"""The tally: replies in, points out, and how many of them two lineages see.

In: the bundles of a change and the replies to them. Out: a tally; the same replies give the same
one. A claim counts at the nearest line that the change shows, at most `NEAR_LINES` away in a file
of the change; any other is listed as unanchored. A reviewer has one claim at a location: the
gravest. Points at most `NEAR_LINES` apart are one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.review.answer import Answer, read_answer
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

NEAR_LINES: Final = 3
SAID_CHARACTERS: Final = 300
_ORDER: Final = list(Severity)


class _Shown(Struct, frozen=True):
    """The lines of a file that the change shows, and the component they belong to."""

    component: str
    lines: Mapping[int, str]


def tally_review(bundles: Sequence[Bundle], replies: Sequence[Reply]) -> ReviewTally:
    """Add up what reviewers answered."""
    answers = [
        (reply, read_answer(reply.text) if reply.failure is None else None) for reply in replies
    ]
    shown = _shown(bundles)
    anchored: list[Voice] = []
    unanchored: list[Voice] = []
    for voice in _voices(answers):
        snapped = _snapped(voice, shown)
        (unanchored if snapped is None else anchored).append(snapped or voice)
    points = list(_points(_once_a_location(anchored), shown))
    standing = sorted((point for point in points if point.standing), key=_weight)
    return ReviewTally(
        components=tuple(_component_tallies(bundles, answers, standing)),
        reviewers=tuple(_reviewer_tallies(answers)),
        points=tuple(standing),
        retracted=tuple(point for point in points if not point.standing),
        unanchored=tuple(_once_a_location(unanchored)),
    )


def _shown(bundles: Iterable[Bundle]) -> dict[str, _Shown]:
    shown: dict[str, _Shown] = {}
    for bundle in bundles:
        for path, lines in bundle.anchors.items():
            known = shown[path].lines if path in shown else {}
            shown[path] = _Shown(bundle.component, {**known, **lines})
    return shown


def _voices(answers: Iterable[tuple[Reply, Answer | None]]) -> Iterator[Voice]:
    for reply, answer in answers:
        for claim in answer.claims if answer is not None else ():
            yield Voice(reviewer=reply.reviewer, lineage=reply.lineage, claim=claim)


def _snapped(voice: Voice, shown: Mapping[str, _Shown]) -> Voice | None:
    file = shown.get(voice.claim.path)
    if file is None or not file.lines:
        return None
    line = min(file.lines, key=lambda at: (abs(at - voice.claim.line), at))
    near = abs(line - voice.claim.line) <= NEAR_LINES
    return replace(voice, claim=replace(voice.claim, line=line)) if near else None


def _once_a_location(voices: Iterable[Voice]) -> list[Voice]:
    """Keep one claim of a reviewer at a location, the gravest that stands."""
    kept: dict[tuple[str, str, int], Voice] = {}
    for voice in sorted(
        voices, key=lambda each: (each.claim.retracted, _ORDER.index(each.claim.severity))
    ):
        kept.setdefault((voice.reviewer, voice.claim.path, voice.claim.line), voice)
    return sorted(kept.values(), key=lambda each: (each.claim.path, each.claim.line, each.reviewer))


def _points(voices: Iterable[Voice], shown: Mapping[str, _Shown]) -> Iterator[Point]:
    """Yield voices that are near each other as one point, at the line of the first."""
    by_path: dict[str, list[list[Voice]]] = defaultdict(list)
    for voice in voices:
        groups = by_path[voice.claim.path]
        if groups and voice.claim.line - groups[-1][0].claim.line <= NEAR_LINES:
            groups[-1].append(voice)
        else:
            groups.append([voice])
    for path, groups in by_path.items():
        for group in groups:
            line = group[0].claim.line
            source = shown[path].lines[line]
            component = shown[path].component
            yield Point(
                component=component, path=path, line=line, source=source, voices=tuple(group)
            )


def _weight(point: Point) -> tuple[int, int, str, int]:
    return -len(point.lineages), _ORDER.index(point.severity), point.path, point.line


def _component_tallies(
    bundles: Sequence[Bundle],
    answers: Sequence[tuple[Reply, Answer | None]],
    points: Sequence[Point],
) -> Iterator[ComponentTally]:
    answered = {reply.bundle for reply, answer in answers if answer is not None}
    for name in dict.fromkeys(bundle.component for bundle in bundles):
        own = [bundle for bundle in bundles if bundle.component == name]
        found = [point for point in points if point.component == name]
        yield ComponentTally(
            name=name,
            bundles=len(own),
            size_bytes=sum(bundle.size_bytes for bundle in own),
            convergent=sum(point.convergent for point in found),
            distinct=len(found),
            unreviewed=tuple(bundle.id for bundle in own if bundle.id not in answered),
        )


def _reviewer_tallies(answers: Sequence[tuple[Reply, Answer | None]]) -> Iterator[ReviewerTally]:
    for name in sorted({reply.reviewer for reply, _ in answers}):  # in the order of names
        own = [(reply, answer) for reply, answer in answers if reply.reviewer == name]
        counted = [
            reply.completion_tokens for reply, _ in own if reply.completion_tokens is not None
        ]
        yield ReviewerTally(
            name=name,
            lineage=own[0][0].lineage,
            asked=len(own),
            failures=tuple(
                ReviewFailure(
                    bundle=reply.bundle,
                    why=reply.failure or "the answer keeps to no form of the grammar",
                    said=reply.text[:SAID_CHARACTERS],
                )
                for reply, answer in own
                if answer is None
            ),
            shown_bytes=sum(reply.shown_bytes for reply, _ in own),
            reply_characters=sum(len(reply.text) for reply, _ in own),
            reply_tokens=sum(counted) if counted else None,
            claims=sum(len(answer.claims) for _, answer in own if answer is not None),
            malformed=sum(answer.malformed for _, answer in own if answer is not None),
        )

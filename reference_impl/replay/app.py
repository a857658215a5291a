"""One replay: retrieve, bundle, ask, validate, escalate, log.

In: arguments. Out: 0 when an answer passed, 1 when none did or the line could not be written, 2 for
a wrong command line.
"""

from __future__ import annotations

import hashlib
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from reference_impl.kit.settings import SettingsError
from reference_impl.replay.chat import ask
from reference_impl.replay.config import Options, options_from
from reference_impl.replay.errors import LogError, NoAnswerError
from reference_impl.replay.service.bundle import make_bundle
from reference_impl.replay.service.retrieval import retrieve
from reference_impl.replay.service.validation import fault_of
from reference_impl.replay.store import Evidence, append_run
from reference_impl.replay.wire import RUN_SCHEMA, ReplayRun

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run one replay and return its exit code."""
    try:
        options = options_from(arguments)
        run = replay(options)
        if not options.dry_run:
            append_run(options.root, run)
    except SettingsError as error:
        return _fail(error, 2)
    except (LogError, OSError) as error:
        return _fail(error, 1)
    sys.stdout.write(f"{_said(run, options)}\n")
    return 0 if run.passed or options.dry_run else 1


def replay(options: Options) -> ReplayRun:
    """Run all steps except writing the line, and return it."""
    records = retrieve(options.task, Evidence(options.root)) if options.retrieves else []
    bundle = make_bundle(records, options.budget_tokens)
    attempt = _Attempt(reasons=["dry run"]) if options.dry_run else _ask_in_turn(options, bundle)
    return ReplayRun(
        schema=RUN_SCHEMA,
        run_id=options.run_id,
        task=options.task,
        task_hash=hashlib.sha256(options.task.encode()).hexdigest(),
        retrieved=tuple(record.provenance.sig_hash for record in records),
        bundle_chars=len(bundle),
        model=attempt.asked[-1] if attempt.asked else options.models[0],
        escalation_path=tuple(attempt.asked),
        passed=attempt.passed,
        reasons=tuple(attempt.reasons),
        prompt_tokens=attempt.prompt_tokens,
        completion_tokens=attempt.completion_tokens,
        latency_ms=round(attempt.seconds * 1000),
        recorded_at=options.now,
    )


@dataclass(slots=True)
class _Attempt:
    """The result of asking one model after the other."""

    asked: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    passed: bool = False
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0


def _ask_in_turn(options: Options, bundle: str) -> _Attempt:
    attempt = _Attempt()
    for model in options.models:
        attempt.asked.append(model)
        started_s = time.monotonic()
        try:
            answer = ask(options.gateway, model, bundle, options.task)
        except NoAnswerError as error:
            reason: str | None = f"the model could not be asked: {error}"
        else:
            attempt.prompt_tokens += answer.usage.prompt_tokens
            attempt.completion_tokens += answer.usage.completion_tokens
            reason = fault_of(answer.content, options.task)
        attempt.seconds += time.monotonic() - started_s
        if reason is None:
            attempt.passed = True
            return attempt
        attempt.reasons.append(reason)
    return attempt


def _said(run: ReplayRun, options: Options) -> str:
    if options.as_json:
        return msgspec.json.encode(run).decode()
    return f"passed with {run.model}" if run.passed else f"failed: {run.reasons[-1]}"


def _fail(error: Exception, code: int) -> int:
    sys.stderr.write(f"replay: {error}\n")
    return code

"""The local provider: what it makes of a conversation, always the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reference_impl.chatd.service.extraction import NOTHING_FOUND
from reference_impl.chatd.service.local import complete_locally
from reference_impl.chatd.wire import Chat, Message

CONTEXT = (
    "Maria Lopez is a picker in Dallas. Sam Reed drives a forklift in Austin.\nThe shift "
    "starts at 7 on Monday."
)
ROSTER = [
    {"worker_id": "w1", "name": "Ann Lee", "status": "active", "city": "Dallas"},
    {"worker_id": "w2", "name": "Bob Ray", "status": "inactive", "city": "Dallas"},
    {"worker_id": "w3", "name": "Cy Poe", "status": "active", "city": "Austin"},
    {"worker_id": "w4", "name": "Di Fox", "status": "active", "city": "Dallas"},
]
ASK = "Answer with one JSON object. Context: " + json.dumps({"city": "Dallas", "roster": ROSTER})


def say(*contents: str, system: str | None = None, max_tokens: int | None = None) -> str:
    """Give the answer to a conversation in which user and assistant take turns."""
    messages = [
        Message(role="assistant" if turn % 2 else "user", content=content)
        for turn, content in enumerate(contents)
    ]
    if system is not None:
        messages.insert(0, Message(role="system", content=system))
    chat = Chat(model="local", messages=tuple(messages))
    if max_tokens is not None:
        chat = Chat(model="local", messages=tuple(messages), max_tokens=max_tokens)
    return complete_locally(chat).content


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Where does Maria work?", "Maria Lopez is a picker in Dallas."),
        ("Who drives a forklift in Austin?", "Sam Reed drives a forklift in Austin."),
        ("When does the Monday shift start?", "The shift starts at 7 on Monday."),
        ("What is the capital of France?", NOTHING_FOUND),
        ("", NOTHING_FOUND),
    ],
)
def test_it_answers_from_the_context(question: str, answer: str) -> None:
    """The answer is the sentence that shares most words with the question.

    It is from a system message or from the same message.
    """
    assert say(question, system=CONTEXT) == answer
    assert say(f"{CONTEXT}\n{question}") == answer or not question


def test_it_counts_its_tokens_and_keeps_to_the_limit() -> None:
    """Words and other signs are a token each."""
    messages = (
        Message(role="system", content=CONTEXT),
        Message(role="user", content="Where is Maria?"),
    )
    completion = complete_locally(Chat(model="local", messages=messages, max_tokens=3))

    assert completion.content == "Maria Lopez is"
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (28, 3)


@pytest.mark.parametrize(
    ("prompt", "artifact"),
    [
        ('Send {"to": "x", "body": "Hi {Ann}"} please.', {"to": "x", "body": "Hi {Ann}"}),
        ('First {"a": 1}, then {"b": {"c": "}"}}.', {"b": {"c": "}"}}),
        (
            'to: +1-555\nbody: Hi: there\nnames: ["A", "B"]',
            {"to": "+1-555", "body": "Hi: there", "names": ["A", "B"]},
        ),
        ('body: "quoted"\nother: [1,', {"body": "quoted", "other": "[1,"}),
    ],
)
def test_it_finds_the_object_that_is_asked_for(prompt: str, artifact: Any) -> None:
    """The last JSON object, else lines `name: text`."""
    assert json.loads(say(prompt, system=ASK)) == artifact


def test_without_an_object_it_extracts() -> None:
    """It does not invent an artifact."""
    assert say("Please write something nice.", system=ASK) == NOTHING_FOUND


@pytest.mark.parametrize(
    ("draft", "demand", "revised"),
    [
        (
            {"body": "one two three"},
            "body has 13 characters, at most 9 are allowed",
            {"body": "one two"},
        ),
        ({"body": "x" * 20}, "body has 20 characters, at most 9 are allowed", {"body": "x" * 9}),
        ({"body": "No 123-45-6789."}, "body holds a US social security number", {"body": "No."}),
        ({"body": "Earn $22.50 per hour now"}, "body holds a pay rate", {"body": "Earn now"}),
        (
            {"body": "see you"},
            "body does not hold the first name of worker w1",
            {"body": "Hello Ann, see you"},
        ),
        (
            {"body": "see you"},
            "body does not hold the first name of worker w9",
            {"body": "see you"},
        ),
        (
            {"fills": []},
            "0 fills for a target of 2",
            {
                "fills": [
                    {"worker_id": "w1", "name": "Ann Lee"},
                    {"worker_id": "w4", "name": "Di Fox"},
                ]
            },
        ),
        (
            {"fills": [{"worker_id": "w1"}, {}]},
            "2 fills for a target of 1",
            {"fills": [{"worker_id": "w1"}]},
        ),
        ({"fills": [{"worker_id": "w9"}, {}]}, "worker w9 is not on the roster", {"fills": [{}]}),
        (
            {"fills": [{"worker_id": "w2"}]},
            "worker w2 has status inactive, not active",
            {"fills": []},
        ),
        (
            {"fills": [{"worker_id": "w1"}, {"worker_id": "w1"}]},
            "worker w1 is used more than once",
            {"fills": [{"worker_id": "w1"}]},
        ),
        (
            {"fills": [{"worker_id": "w1", "name": "A"}]},
            "worker w1 is on the roster as Ann Lee, not A",
            {"fills": [{"worker_id": "w1", "name": "Ann Lee"}]},
        ),
        ({"body": "as it is"}, "body must be nicer", {"body": "as it is"}),
        ({"fills": 5}, "worker w9 is not on the roster", {"fills": []}),
        ({"body": 5}, "body holds a pay rate", {"body": 5}),
        (
            {"fills": [{"worker_id": []}, 7]},
            "2 fills for a target of 1",
            {"fills": [{"worker_id": []}]},
        ),
    ],
)
def test_it_revises_by_rule(draft: Any, demand: str, revised: Any) -> None:
    """Each sentence of a validator is one edit; what it has no rule for stays."""
    assert (
        json.loads(say("Write it.", json.dumps(draft), f"It fails: {demand}.", system=ASK))
        == revised
    )


@pytest.mark.parametrize(
    "content",
    [
        "{" * 200_000,
        '{"' * 100_000,
        '"' + '\\"' * 100_000,
        " " * 200_000,
        "$1 " * 60_000,
        "worker " * 30_000,
        "\n" * 200_000,
    ],
    ids=["braces", "keys", "escapes", "spaces", "amounts", "workers", "lines"],
)
def test_a_hostile_text_is_read_once(content: str) -> None:
    """No text takes more than its length to read.

    What is scanned twice from each of its places takes minutes.
    """
    say(content, content, content, system=ASK)

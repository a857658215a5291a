"""Every way in which an exchange can go wrong has its own name, within the budget.

The ids count them.
"""

import asyncio
import re
import ssl
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from conformance.comparison.answers.notes import MEANINGS, meaning_of
from conformance.comparison.bodies.reading import read_body_of
from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.request import Request
from conformance.runner import event_loop
from conformance.runner.http.dialer import connect
from conformance.runner.http.exchange_fault import ExchangeFaultError
from conformance.runner.http.response_reader import ResponseReader
from tests.miniatures import faulty
from tests.miniatures.server import serve_connections, serve_script
from tests.miniatures.tls_servers import serve_tls
from tests.runner.asking import BUDGET_MS, GET, LIMITS, ask

TOLERANCE_S = 0.5
AS_MANY_AS_MEASURED_ELSEWHERE = 75
HEAD = Request(method="HEAD", target="/")
UPLOAD = Request(method="POST", target="/", body=bytes(16 << 20))
BY_KIND: dict[tuple[FaultKind, str], list[str]] = {
    (FaultKind.CONNECT_REFUSED, "connect"): ["refuses", "refuses_at_both_addresses"],
    (FaultKind.CONNECT_TIMEOUT, "connect"): ["fills_backlog"],
    (FaultKind.CONNECT_FAILED, "connect"): ["has_no_name"],
    (FaultKind.TLS_NOT_SPOKEN, "tls"): ["closes_the_handshake"],
    (FaultKind.TLS_TIMEOUT, "tls"): ["hangs_in_handshake"],
    (FaultKind.TLS_FAILED, "tls"): ["drops_the_handshake"],
    (FaultKind.TLS_BAD_CERTIFICATE, "tls"): ["shows_unknown_certificate"],
    (FaultKind.TLS_SPOKEN, "headers"): ["speaks_tls"],
    (FaultKind.TIMEOUT_IDLE, "request"): ["takes_nothing"],
    (FaultKind.TIMEOUT_IDLE, "headers"): [
        "hangs_before_headers",
        "hangs_in_headers",
        "drips_status",
    ],
    (FaultKind.TIMEOUT_IDLE, "body"): ["hangs_in_body"],
    (FaultKind.TIMEOUT_TOTAL, "headers"): ["drips_headers"],
    (FaultKind.TIMEOUT_TOTAL, "body"): ["drips_body", "drips_chunks", "drips_trailers"],
    (FaultKind.CLOSED_BEFORE_RESPONSE, "headers"): ["closes_at_once"],
    (FaultKind.CLOSED_IN_HEADERS, "headers"): [
        "closes_in_status",
        "closes_in_headers",
        "closes_after_informational",
    ],
    (FaultKind.TRUNCATED_BODY, "body"): ["truncates_body", "truncates_chunk", "omits_last_chunk"],
    (FaultKind.RESET, "headers"): ["resets", "resets_in_headers", "resets_an_upload"],
    (FaultKind.RESET, "body"): ["resets_in_body"],
    (FaultKind.NOT_HTTP, "headers"): [
        "speaks_ssh",
        "greets_first",
        "speaks_http_09",
        "speaks_lower_case",
    ],
    (FaultKind.HTTP2_SPOKEN, "headers"): ["speaks_http_2", "goes_away_in_http_2"],
    (FaultKind.BAD_VERSION, "headers"): [
        "speaks_http_3",
        "speaks_http_12",
        "speaks_http_without_dot",
    ],
    (FaultKind.BAD_STATUS, "headers"): [
        "answers_099",
        "answers_20",
        "answers_2000",
        "answers_a_word",
    ],
    (FaultKind.SWITCHED_PROTOCOLS, "headers"): ["answers_101", "answers_bare_101"],
    (FaultKind.BAD_LENGTH, "headers"): [
        "negative_length",
        "plus_length",
        "underscored_length",
        "empty_length",
        "enormous_length",
        "listed_lengths",
    ],
    (FaultKind.AMBIGUOUS_LENGTH, "headers"): [
        "two_lengths",
        "one_length_twice",
        "length_and_chunked",
        "chunked_and_length",
    ],
    (FaultKind.BAD_TRANSFER_CODING, "headers"): [
        "unknown_transfer_coding",
        "chunked_twice",
        "gzip_as_transfer_coding",
    ],
    (FaultKind.BAD_CHUNK, "body"): [
        "bad_chunk_size",
        "chunk_size_with_sign",
        "chunk_size_with_prefix",
        "chunk_longer_than_its_size",
        "endless_chunk_line",
    ],
    (FaultKind.TRAILERS_TOO_LARGE, "body"): ["fat_chunk_extensions", "endless_trailers"],
    (FaultKind.BAD_HEADER, "headers"): [
        "nul_in_header",
        "nul_in_reason",
        "carriage_return_in_header",
        "no_colon",
        "space_before_colon",
        "non_ascii_name",
    ],
    (FaultKind.FOLDED_HEADER, "headers"): ["folded_header"],
    (FaultKind.BARE_LINE_FEED, "headers"): ["bare_line_feeds", "one_bare_line_feed"],
    (FaultKind.HEADERS_TOO_LARGE, "headers"): ["huge_header", "endless_headers"],
    (FaultKind.TOO_MANY_HEADERS, "headers"): ["many_headers"],
    (FaultKind.BODY_TOO_LARGE, "body"): [
        "endless_body",
        "endless_chunks",
        "huge_declared_length",
        "huge_chunk_size",
    ],
    (FaultKind.DECODED_TOO_LARGE, "body"): ["gzip_bomb", "brotli_bomb", "zstd_bomb"],
    (FaultKind.BAD_CONTENT_ENCODING, "body"): [
        "broken_gzip",
        "cut_gzip",
        "coded_four_times",
        "broken_brotli",
        "cut_brotli",
        "junk_after_brotli",
        "broken_zstd",
        "cut_zstd",
        "wide_zstd",
    ],
    (FaultKind.INFORMATIONAL_FLOOD, "headers"): ["floods_informational"],
}
BY_NOTE: dict[str, list[str]] = {
    "informational:103": ["hints_first"],
    "bytes_after_message": [
        "says_more_than_its_length",
        "says_more_than_its_chunks",
        "answers_twice",
        "answers_204_with_body",
        "answers_304_with_body",
        "answers_head_with_body",
    ],
    "answered_before_request_end": ["refuses_an_upload"],
    "http_version:2.0": ["says_http_2"],
    "http_version:0.9": ["says_http_09"],
    "odd_status:999": ["answers_999"],
    "non_ascii_head": ["non_ascii_value"],
    "bytes_after_coded_body": ["junk_after_gzip"],
    "content_coding_kept:compress": ["unknown_coding"],
    "not-utf-8": ["json_in_latin_1", "json_in_utf_16"],
    "byte-order-mark": ["json_with_mark"],
    "invalid-json": ["json_cut_off", "json_with_nul"],
    "duplicate-key": ["json_with_key_twice"],
    "non-finite-number": ["json_with_nan"],
    "integer-past-2^53": ["json_with_big_integer"],
    "minus-zero": ["json_with_minus_zero"],
    "number-too-long": ["json_with_long_number"],
    "too-deep": ["json_too_deep"],
    "lone-surrogate": ["json_with_lone_surrogate"],
}
# what naive clients stumble over, and is an answer like any other: compared as it is, never
# followed
NOTHING_ODD = [
    "redirects_to_itself",
    "redirects_to_a_file",
    "redirects_elsewhere",
    "lies_about_charset",
    "json_with_one_as_float",
    "json_with_overflow",
]


@dataclass(frozen=True, slots=True)
class Special:
    """A miniature that is no script for `serve_script`, or is asked another thing."""

    open: Callable[[], AbstractContextManager[str]]
    request: Request = GET
    scheme: str = "http"


def unknown_certificate() -> AbstractContextManager[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return serve_tls(context)


SPECIAL = {
    **{
        name: Special(getattr(faulty, name)) for name in ("refuses", "fills_backlog", "has_no_name")
    },
    "refuses_at_both_addresses": Special(faulty.refuses_at_both_addresses),
    "closes_the_handshake": Special(
        partial(serve_connections, faulty.closes_the_handshake), scheme="https"
    ),
    "hangs_in_handshake": Special(
        partial(serve_connections, faulty.hangs_in_handshake), scheme="https"
    ),
    "drops_the_handshake": Special(
        partial(serve_connections, faulty.drops_the_handshake), scheme="https"
    ),
    "shows_unknown_certificate": Special(unknown_certificate, scheme="https"),
    "greets_first": Special(partial(serve_connections, faulty.greets_first)),
    "takes_nothing": Special(partial(serve_connections, faulty.takes_nothing), UPLOAD),
    "resets_an_upload": Special(partial(serve_connections, faulty.resets_an_upload), UPLOAD),
    "refuses_an_upload": Special(partial(serve_connections, faulty.refuses_an_upload), UPLOAD),
    "answers_head_with_body": Special(partial(serve_script, faulty.answers_twice), HEAD),
}
FAULTS = [(name, kind, phase) for (kind, phase), names in BY_KIND.items() for name in names]
NOTED = [(name, note) for note, names in BY_NOTE.items() for name in names]
_COUNT = len(FAULTS) + len(NOTED) + len(NOTHING_ODD)


def numbered(rows: list[tuple[str, ...]], first: int) -> list[object]:
    return [
        pytest.param(*row, id=f"{number:03}-of-{_COUNT:03}-{row[0]}")
        for number, row in enumerate(rows, start=first)
    ]


def faulty_server(name: str) -> Special:
    """Return the miniature of a name, as it is opened and asked."""
    return SPECIAL.get(name) or Special(partial(serve_script, getattr(faulty, name)))


def seen_of(name: str) -> Answer | Fault:
    """Ask a miniature once; whatever comes must come within the budget."""
    special = faulty_server(name)
    with special.open() as url:
        started = time.monotonic()
        seen = ask(url.replace("http:", f"{special.scheme}:"), special.request)
        took_s = time.monotonic() - started
    assert took_s < BUDGET_MS / 1000 + TOLERANCE_S
    assert seen.elapsed_ms <= took_s * 1000
    return seen


def notes_of(name: str) -> tuple[str, ...]:
    """Return the notes on an answer and on its body."""
    seen = seen_of(name)
    assert isinstance(seen, Answer), seen
    return (*seen.notes, *read_body_of(seen).notes)


@pytest.mark.parametrize(("name", "kind", "phase"), numbered(FAULTS, 1))  # type: ignore[arg-type]
def test_each_fault_has_its_name(name: str, kind: FaultKind, phase: str) -> None:
    """A server that misbehaves in one way yields exactly that fault, in its phase, in time."""
    fault = seen_of(name)
    assert isinstance(fault, Fault), fault
    assert (fault.kind, fault.phase) == (kind, phase)
    assert fault.detail


@pytest.mark.parametrize("name", ["speaks_http_2", "answers_101"])
def test_other_protocols_are_out_of_scope(name: str) -> None:
    """A service that goes on in another protocol is refused with words that say so."""
    seen = seen_of(name)
    assert isinstance(seen, Fault)
    assert "out of scope" in seen.detail


def test_who_speaks_first_is_heard_however_slow_we_are() -> None:
    """A greeting that came before the request was sent is the same fault as one that came after."""

    async def late(url: str) -> None:
        connection = await connect("127.0.0.1", urlsplit(url).port or 0, None, BUDGET_MS)
        await asyncio.sleep(0.1)
        await connection.exchange(
            (b"GET / HTTP/1.1\r\n\r\n",),
            ResponseReader("GET", LIMITS),
            LIMITS,
            time.monotonic() + 1,
        )

    with serve_connections(faulty.greets_first) as url, pytest.raises(ExchangeFaultError) as told:
        event_loop.run(late(url))
    assert (told.value.kind, told.value.phase) == (FaultKind.NOT_HTTP, "headers")


@pytest.mark.parametrize(("name", "note"), numbered(NOTED, len(FAULTS) + 1))  # type: ignore[arg-type]
def test_each_oddity_has_its_note(name: str, note: str) -> None:
    """An answer that can be read in spite of what is odd about it says so in exactly one note."""
    assert notes_of(name) == (note,)


@pytest.mark.parametrize(
    "name",
    numbered([(name,) for name in NOTHING_ODD], len(FAULTS) + len(NOTED) + 1),
)
def test_nothing_odd(name: str) -> None:
    """What only a careless client would act on is an answer without notes."""
    assert notes_of(name) == ()


def test_as_many_as_are_known() -> None:
    """The table does not shrink, and every kind of fault of the wire is in it."""
    assert _COUNT >= AS_MANY_AS_MEASURED_ELSEWHERE
    elsewhere = {
        FaultKind.OUT_OF_STEP,
        FaultKind.RUNTIME_CRASHED,
        FaultKind.LOG_FLOOD,
        FaultKind.MEMORY_EXCEEDED,
        FaultKind.OUTPUT_TOO_LARGE,
        FaultKind.OUTPUT_UNREADABLE,
        FaultKind.UNTIL_NOT_MET,
        FaultKind.PAGES_BROKEN,
        FaultKind.NO_ANSWER_RECORDED,
        FaultKind.COMPARISON_BUDGET,
    }
    assert {kind for _, kind, _ in FAULTS} | elsewhere == set(FaultKind)


def test_every_name_is_explained() -> None:
    """The page on faults lists each fault and each note, in order and no other.

    A note has its meaning.
    """
    page = (Path(__file__).parents[3] / "docs" / "faults.md").read_text()
    faults, _, rest = page.partition("## Notes")
    notes, _, _ = rest.partition("## Starts")
    assert re.findall(r"^\| `(.+?)` \|", faults, re.MULTILINE) == [kind.value for kind in FaultKind]
    assert dict(re.findall(r"^\| `([^`:]+)[^`]*` \| (.+) \|$", notes, re.MULTILINE)) == MEANINGS
    assert [note for note in BY_NOTE if not meaning_of(note)] == []

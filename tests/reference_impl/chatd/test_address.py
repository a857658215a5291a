"""Which addresses belong to which network, however they are spelled."""

from __future__ import annotations

import asyncio

import pytest

from reference_impl.chatd.errors import UnusableAnswerError
from reference_impl.chatd.service.address import is_within, look_up

PUBLIC = ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34")
LOOPBACK = ("127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1")
PRIVATE = ("10.1.2.3", "172.16.0.1", "192.168.1.1", "fd00::1", "::ffff:10.0.0.1")
NEITHER = (
    "0.0.0.0",  # noqa: S104  # an address to refuse
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "2001:db8::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
)


@pytest.mark.parametrize("address", PUBLIC + LOOPBACK + PRIVATE + NEITHER)
def test_an_address_belongs_to_one_network_at_most(address: str) -> None:
    """Special addresses belong to none, also when IPv6 wraps them."""
    assert is_within(address, "public") == (address in PUBLIC)
    assert is_within(address, "loopback") == (address in LOOPBACK)
    assert is_within(address, "private") == (address in PRIVATE)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.0.0.1", "localhost", "127.0.0.1"])
def test_spellings_of_this_machine_are_not_public(host: str) -> None:
    """What counts is the address that a name leads to."""
    with pytest.raises(UnusableAnswerError, match="not public"):
        asyncio.run(look_up(host, 80, "public"))
    assert is_within(asyncio.run(look_up(host, 80, "loopback")), "loopback")


@pytest.mark.parametrize("host", ["a" * 70 + ".invalid", ".", "a..b"])
def test_a_host_that_is_nowhere(host: str) -> None:
    """A name that can be none is an unusable upstream; nobody is asked for it."""
    with pytest.raises(UnusableAnswerError):
        asyncio.run(look_up(host, 80, "public"))

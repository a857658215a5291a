"""The plan of a stack: the settings of all daemons, checked before any start, and their ports.

In: a stack file, a data directory. Out: for each daemon its settings, its URL and the flags that
give its own process the same settings. A port is reserved by a socket that is bound but does not
listen: no other program gets it, the daemon can still take it, and while the daemon is down its
callers are refused at once.
"""

from __future__ import annotations

import os
import random
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reference_impl.kit.bearer import read_token
from reference_impl.kit.data_directory import locked_folder
from reference_impl.kit.settings import (
    Settings,
    SettingsError,
    StackFile,
    StartError,
    daemons_called_by,
    load_settings,
    reachable_url,
    read_stack_file,
)
from reference_impl.stack.rooms import ROOMS, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

STACK_FOLDER = "stack"
_OWN_PORTS = range(20_000, 32_000)
"""Below the ports that Linux gives for port 0, which begin at 32,768."""
_MOST_TRIES = 50
_URL_TO_COME = "http://127.0.0.1:1"
"""Stands for the URL of a daemon while settings are checked, before its port is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of the command line that concern the whole stack."""

    config: str | None
    data_dir: str | None
    free_ports: bool
    gateway_port: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDaemon:
    """One daemon: its settings, its URL, and the flags of its process."""

    name: str
    settings: Settings
    url: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole stack, and the folder of its state file and its logs."""

    folder: Path
    daemons: tuple[PlannedDaemon, ...]


def data_dir_of(options: Options) -> str:
    """Return the data directory of a stack with these options.

    Raises SettingsError.
    """
    shared: dict[str, str] = read_stack_file(options.config).stack if options.config else {}
    data_dir = options.data_dir or shared.get("data_dir", Settings().data_dir)
    if not isinstance(data_dir, str):
        raise SettingsError(f"{options.config}: [stack] data_dir: expected str")
    return data_dir


@contextmanager
def planned(options: Options) -> Iterator[Plan]:
    """Check all settings, then lock the data directory and reserve all ports for the block.

    Raises SettingsError before any port is reserved, and StartError.
    """
    file = (
        read_stack_file(options.config)
        if options.config
        else StackFile(path="", stack={}, daemons={})
    )
    data_dir = data_dir_of(options)
    for name in ROOMS:
        called = {f"{each}_url": _URL_TO_COME for each in daemons_called_by(settings_of(name))}
        _settings(name, options, {"data_dir": data_dir, **called})
    with locked_folder(Path(data_dir) / STACK_FOLDER), _held_ports(file, options) as addresses:
        urls = {name: reachable_url(host, port) for name, (host, port) in addresses.items()}
        daemons = tuple(
            _daemon(name, options, data_dir, addresses[name][1], urls) for name in ROOMS
        )
        yield Plan(folder=Path(data_dir) / STACK_FOLDER, daemons=daemons)


def _daemon(
    name: str, options: Options, data_dir: str, port: int, urls: dict[str, str]
) -> PlannedDaemon:
    kind = settings_of(name)
    given = {"port": str(port), "data_dir": data_dir}
    given |= {f"{called}_url": urls[called] for called in daemons_called_by(kind) if called in urls}
    settings = _settings(name, options, given)
    flags = [
        part for field, text in given.items() for part in (f"--{field.replace('_', '-')}", text)
    ]
    if options.config is not None:
        flags += ["--config", options.config]
    return PlannedDaemon(name=name, settings=settings, url=urls[name], flags=tuple(flags))


def _settings(name: str, options: Options, given: dict[str, str]) -> Settings:
    """Return the checked settings of a daemon; its token, if set, can be read.

    Raises SettingsError.
    """
    settings = load_settings(settings_of(name), name, options.config, given)
    try:
        read_token(settings)
    except SettingsError as error:
        raise SettingsError(f"{name}: {error}") from None
    return settings


@contextmanager
def _held_ports(file: StackFile, options: Options) -> Iterator[dict[str, tuple[str, int]]]:
    held: list[socket.socket] = []
    addresses = {}
    try:
        for name in ROOMS:
            host, port = file.host_and_port_of(name)
            if name == "gateway" and options.gateway_port is not None:
                holder = _hold(host, options.gateway_port, name)
            elif options.free_ports:
                holder = _hold_a_free_one(host, name)
            else:
                holder = _hold(host, port, name)
            held.append(holder)
            addresses[name] = (host, holder.getsockname()[1])
        yield addresses
    finally:
        for holder in held:
            holder.close()


def _hold_a_free_one(host: str, name: str) -> socket.socket:
    """Return a socket bound to a free port below those that the system gives for port 0.

    A port of the system could be given to another program before its daemon binds it.  No other
    stack takes the port as long as this process lives.
    """
    for port in random.sample(_OWN_PORTS, _MOST_TRIES):
        claim = _claim(port)
        if claim is None:
            continue
        try:
            holder = _hold(host, port, name)
        except StartError:
            claim.close()
            continue
        claim.detach()  # the system closes it with this process
        return holder
    return _hold(host, 0, name)


def _claim(port: int) -> socket.socket | None:
    """Return a name that one process has for a port; None if another process has it.

    A port is not bound from the plan until its daemon has started: the daemon of another stack
    could take it and answer in place of this one.
    """
    claim = socket.socket(socket.AF_UNIX)
    try:
        # a name without a file (unix(7), abstract), which ends with the process
        claim.bind(f"\0lakehouse-port-{port}")
    except OSError:
        claim.close()
        return None
    return claim


def _hold(host: str, port: int, name: str) -> socket.socket:
    holder = None
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        holder = socket.socket(family)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(address)
    except (OSError, OverflowError) as error:
        if holder is not None:
            holder.close()
        reason = (
            os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        )
        raise StartError(f"{name}: cannot listen on {host}:{port}: {reason}") from None
    return holder

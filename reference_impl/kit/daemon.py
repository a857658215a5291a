"""A whole daemon: settings, token, socket, application and server in the order that makes failures short.

In: arguments, a settings type and a function that makes the room's operations. Out: an exit code. 0 after a drained
signal, 1 when the address is taken, 2 when the daemon is wrongly configured; each failure is one line on standard
error.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

from reference_impl import __version__
from reference_impl.kit.bearer import BearerGate, read_token
from reference_impl.kit.command_line import settings_from
from reference_impl.kit.exchange import ExchangeLayer
from reference_impl.kit.head_guard import head_guard
from reference_impl.kit.lifecycle import BindError, bind, serve
from reference_impl.kit.log import open_log
from reference_impl.kit.metrics import UNPARSED, Metrics
from reference_impl.kit.routing import make_router
from reference_impl.kit.settings import Settings, SettingsError
from reference_impl.kit.standard_operations import with_standard_operations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp

    from reference_impl.kit.operation import Operation

S = TypeVar("S", bound=Settings)


def run(
    arguments: Sequence[str], *, name: str, kind: type[S], make_operations: Callable[[S, Metrics], Sequence[Operation]]
) -> int:
    """Run the daemon called `name` until it is told to stop, and give its exit code."""
    try:
        settings = settings_from(arguments, kind=kind, name=name, version=__version__)
        token = read_token(settings)
        metrics = Metrics(name, __version__)
        operations = make_operations(settings, metrics)
        listener = bind(settings.host, settings.port)
    except SettingsError as error:
        return _fail(name, error, 2)
    except BindError as error:
        return _fail(name, error, 1)
    open_log(name, settings.log_level)
    app = make_app(operations, name=name, metrics=metrics, token=token)
    serve(app, listener, settings, head_guard(settings.head_timeout_s, _refusal_counter(metrics)))
    return 0


def make_app(operations: Sequence[Operation], *, name: str, metrics: Metrics, token: str | None) -> ASGIApp:
    """Compose the application: exchange around token gate around router."""
    rows = with_standard_operations(
        operations, service=name, version=__version__, metrics=metrics, has_token=token is not None
    )
    inner: ASGIApp = make_router(rows)
    if token is not None:
        inner = BearerGate(inner, token, rows)
    return ExchangeLayer(inner, metrics)


def _refusal_counter(metrics: Metrics) -> Callable[[int], None]:
    def count(status: int) -> None:
        metrics.record(route=UNPARSED, method=UNPARSED, status=status, seconds=0.0)

    return count


def _fail(name: str, error: Exception, code: int) -> int:
    sys.stderr.write(f"{name}: {error}\n")
    return code

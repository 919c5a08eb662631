"""Server: uvicorn with our signals. TERM leaves in order, INT at once, HUP reloads keys and model."""

import asyncio
import contextlib
import gc
import logging
import math
import signal
import socket
import sys
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from service.answering import Context
from service.entrance import Entrance
from service.express import Express
from service.lifecycle import Lifecycle
from service.listener import Listener
from service.logs import FIELDS
from service.protocol import BoundedProtocol
from service.settings import Settings, SettingsError

KEEP_ALIVE_S = 75
"""Longer than the 60 s that balancers keep idle connections, or they send requests into closed ones."""
BACKLOG = 4096
SETTLE_S = 0.1
"""Seconds for connections that were accepted last to send their requests."""
SWITCH_INTERVAL_S = 0.001
"""Python's 5 ms is how long a model thread waits for a busy event loop; 1 ms gave 20 % more answers."""
GARBAGE_THRESHOLD = 500_000
"""Python's 700 is passed every few requests, and a collection then finds nothing: 5 % of the event loop's time. Those
that are over free themselves, and 4,096 that wait are 250,000 objects; passing over 200,000 of them took 0.09 s."""

logger = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Serves one app until a signal or a failed load ends it."""

    def __init__(self, app: FastAPI) -> None:
        context: Context = app.state.context
        self._lifecycle: Lifecycle = context.lifecycle
        self._keys = context.keys
        self._settings = context.settings
        self._express = Express(context)
        self._is_leaving = False
        choices = {
            "headers_timeout_s": context.settings.request_timeout_s,
            "entrance": Entrance(context.admission, context.lifecycle, context.metrics),
            "express": self._express,
        }
        super().__init__(
            uvicorn.Config(
                app,
                host=context.settings.host,
                port=context.settings.port,
                log_config=None,
                access_log=False,
                lifespan="on",
                http=type("Protocol", (BoundedProtocol,), choices),
                ws="none",
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=math.ceil(context.settings.drain_timeout_s),
            )
        )

    def serve_forever(self) -> int:
        """Run until the end.

        Returns: the process's exit code: 0 after a signal, 1 if the model could not be loaded.
        Raises: SettingsError if nobody can listen on the address.
        """
        listener = _bind(self._settings)
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        gc.set_threshold(GARBAGE_THRESHOLD)
        self.run(sockets=[listener])
        return 1 if self._lifecycle.phase == "failed" else 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn.Server; says where it listens, which with port 0 nobody can know before."""
        await super().startup([])
        (listening,) = sockets or []
        self._listener = Listener(listening, self._make_protocol, BACKLOG)
        host, port = listening.getsockname()[:2]
        logger.info("listening", extra={FIELDS: {"host": host, "port": port}})

    async def on_tick(self, counter: int) -> bool:
        """See uvicorn.Server; a load that failed ends the process."""
        return await super().on_tick(counter) or self._lifecycle.phase == "failed"

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, answer what has come in, close.

        uvicorn closes idle connections at once, also one that was accepted a moment ago and is about to ask.
        """
        self._listener.close()
        await asyncio.sleep(SETTLE_S)
        self._lifecycle.drain()
        # uvicorn cuts off tasks then, and what the express took is none.
        limit_s = self.config.timeout_graceful_shutdown or 0
        asyncio.get_running_loop().call_later(limit_s, self._express.cut_off)
        await super().shutdown([])
        logger.info("stopped")

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """See uvicorn.Server, whose own version ends the process by the signal and not with exit code 0."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._leave, "SIGTERM", self._settings.drain_delay_s)
        loop.add_signal_handler(signal.SIGINT, self._leave, "SIGINT", 0.0)
        loop.add_signal_handler(signal.SIGHUP, self._reload)
        yield

    def _make_protocol(self) -> asyncio.Protocol:
        protocol: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
            _loop=asyncio.get_running_loop(),
        )
        return protocol

    def _reload(self) -> None:
        self._lifecycle.request_reload()
        self._reading = asyncio.get_running_loop().create_task(self._keys.reload())

    def _leave(self, name: str, delay_s: float) -> None:
        """Fail readiness, wait until balancers have seen it, then shut down; a second signal does not wait."""
        logger.info("leaving", extra={FIELDS: {"signal": name, "delay_s": delay_s}})
        if self._is_leaving:
            self.should_exit = self.force_exit = True
            return
        self._is_leaving = True
        self._lifecycle.leave()
        asyncio.get_running_loop().call_later(delay_s, self._stop)

    def _stop(self) -> None:
        self.should_exit = True


def _bind(settings: Settings) -> socket.socket:
    """As uvicorn does, which ends the process with an exit code of its own, and for an odd name with a stack trace."""
    try:
        listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; what listens hands it on to what it accepts
            # A client that reads nothing, or is gone without a word, would keep its answer here for ever.
            limit_ms = math.ceil(settings.request_timeout_s * 1000)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, limit_ms)
        listener.bind((settings.host, settings.port))
    except (OSError, TypeError, UnicodeError) as error:  # the last two for what can be the name of no host
        reason = error.strerror if isinstance(error, OSError) else "not the name of a host"
        raise SettingsError(f"SENTIMENT_HOST={settings.host!r}, SENTIMENT_PORT={settings.port}: {reason}") from None
    return listener

"""Patience: how long an answer is worth waiting for."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from types import TracebackType
from typing import Any, Self, TypeVar

from service.errors import ClientGone, DeadlineExceeded, ServiceError

T = TypeVar("T")

WATCH_AFTER_S = 0.05
"""Most requests are answered sooner, and need no task that looks whether the client is still there."""


class Patience:
    """Wait for futures until they are done, the deadline passes or the client leaves, whichever is first.

    A client who leaves within WATCH_AFTER_S is missed only then.

    deadline: on the event loop's clock. receive: the ASGI channel, from which nothing but a disconnect can come once
    the body is read. (`Request.is_disconnected` was never true for plain requests: vllm-mlx#457.)
    """

    def __init__(
        self, deadline: float, timeout_s: float, receive: Callable[[], Awaitable[MutableMapping[str, Any]]]
    ) -> None:
        self._deadline = deadline
        self._timeout_s = timeout_s
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._awaited: asyncio.Future[Any] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._verdict: ServiceError | None = None
        """Why there is nothing more to wait for."""

    async def __aenter__(self) -> Self:
        self._timer = self._loop.call_at(min(self._loop.time() + WATCH_AFTER_S, self._deadline), self._watch)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
        # A cancelled task holds its frame, and an error that was raised this one's: nothing may lead back to them, or
        # only the garbage collector frees the request, in an overload by the thousand and in 0.2 s.
        self._watcher = self._awaited = self._verdict = None

    async def wait(self, future: "asyncio.Future[T]") -> T:
        """The future's result; the future is cancelled when it is no longer worth waiting for.

        Raises: DeadlineExceeded, ClientGone, or what the future raises.
        """
        self._awaited = future
        if self._verdict is not None:
            future.cancel()
        try:
            return await future
        except asyncio.CancelledError:
            if self._verdict is None:  # the handler itself was cancelled
                raise
            raise self._verdict from None

    def _watch(self) -> None:
        self._watcher = self._loop.create_task(self._give_up_once_client_leaves())
        self._timer = self._loop.call_at(
            self._deadline,
            self._give_up,
            too_late(self._timeout_s),
        )

    async def _give_up_once_client_leaves(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._give_up(ClientGone("the client closed the connection before the answer was ready"))

    def _give_up(self, verdict: ServiceError) -> None:
        self._verdict = self._verdict or verdict
        if self._awaited is not None:
            self._awaited.cancel()


def too_late(timeout_s: float) -> DeadlineExceeded:
    """The answer to who asked so long ago."""
    return DeadlineExceeded(
        f"the answer was not ready within {timeout_s} s", field="request_timeout_s", limit=timeout_s
    )

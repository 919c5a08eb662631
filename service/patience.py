"""Patience: how long an answer is worth waiting for."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from types import TracebackType
from typing import Any, Self, TypeVar

from service.errors import ClientGone, DeadlineExceeded

T = TypeVar("T")


class Patience:
    """Wait for futures until they are done, the deadline passes or the client leaves, whichever is first.

    deadline: on the event loop's clock. receive: the ASGI channel, from which nothing but a disconnect can come once
    the body is read. (`Request.is_disconnected` was never true for plain requests: vllm-mlx#457.)
    """

    def __init__(
        self, deadline: float, timeout_s: float, receive: Callable[[], Awaitable[MutableMapping[str, Any]]]
    ) -> None:
        self._deadline = deadline
        self._timeout_s = timeout_s
        self._receive = receive

    async def __aenter__(self) -> Self:
        self._gone = asyncio.ensure_future(self._disconnected())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gone.cancel()

    async def wait(self, future: "asyncio.Future[T]") -> T:
        """The future's result; the future is cancelled when it is no longer worth waiting for.

        Raises: DeadlineExceeded, ClientGone, or what the future raises.
        """
        loop = asyncio.get_running_loop()
        try:
            await asyncio.wait(
                (future, self._gone), timeout=self._deadline - loop.time(), return_when=asyncio.FIRST_COMPLETED
            )
            if future.done():
                return future.result()
            if self._gone.done():
                raise ClientGone("the client closed the connection before the answer was ready")
            raise DeadlineExceeded(
                f"the answer was not ready within {self._timeout_s} s", field="request_timeout_s", limit=self._timeout_s
            )
        finally:
            if not future.done():
                future.cancel()
                # Nobody is left to read what becomes of it, and asyncio would log that as an error.
                future.add_done_callback(lambda given_up: given_up.cancelled() or given_up.exception())

    async def _disconnected(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

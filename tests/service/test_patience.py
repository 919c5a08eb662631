import asyncio
import contextlib
import gc
import weakref
from typing import Any

import pytest

from service import patience as patience_module
from service.errors import ClientGone, DeadlineExceeded
from service.patience import Patience


class Client:
    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}


async def test_answer_is_passed_on() -> None:
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    async with Patience(loop.time() + 60, 60, Client().receive) as patience:
        loop.call_soon(future.set_result, 7)
        assert await patience.wait(future) == 7


async def test_failure_is_passed_on() -> None:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[int] = loop.create_future()
    async with Patience(loop.time() + 60, 60, Client().receive) as patience:
        loop.call_soon(future.set_exception, KeyError("x"))
        with pytest.raises(KeyError):
            await patience.wait(future)


async def test_client_who_leaves_cancels_the_work() -> None:
    loop, client = asyncio.get_running_loop(), Client()
    rows: list[asyncio.Future[int]] = [loop.create_future() for _ in range(3)]
    async with Patience(loop.time() + 60, 60, client.receive) as patience:
        loop.call_soon(client.left.set)
        with pytest.raises(ClientGone):
            await patience.wait(asyncio.gather(*rows, return_exceptions=True))
    await asyncio.sleep(0)
    assert all(row.cancelled() for row in rows)


async def test_deadline_cancels_the_work() -> None:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[int] = loop.create_future()
    async with Patience(loop.time(), 0.5, Client().receive) as patience:
        with pytest.raises(DeadlineExceeded) as caught:
            await patience.wait(future)
    assert caught.value.limit == 0.5
    assert future.cancelled()


@pytest.mark.parametrize("error", [None, ClientGone, DeadlineExceeded])
async def test_request_frees_itself(error: type[Exception] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The collector freed them, by the thousand in an overload: 0.2 s in which nobody was answered."""
    monkeypatch.setattr(patience_module, "WATCH_AFTER_S", 0.0)
    loop, client = asyncio.get_running_loop(), Client()
    future: asyncio.Future[int] = loop.create_future()

    async def ask() -> "weakref.ref[Patience]":
        async with Patience(loop.time() + (0.1 if error is DeadlineExceeded else 60), 60, client.receive) as patience:
            if error is None:
                loop.call_later(0.1, future.set_result, 7)
            elif error is ClientGone:
                loop.call_later(0.1, client.left.set)
            with contextlib.suppress(ClientGone, DeadlineExceeded):
                await patience.wait(future)
            return weakref.ref(patience)

    gc.disable()
    try:
        left = await ask()
        for _ in range(3):
            await asyncio.sleep(0)
        assert left() is None
    finally:
        gc.enable()


async def test_cancelled_handler_cancels_the_work() -> None:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[int] = loop.create_future()

    async def handler() -> int:
        async with Patience(loop.time() + 60, 60, Client().receive) as patience:
            return await patience.wait(future)

    task = asyncio.create_task(handler())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert future.cancelled()

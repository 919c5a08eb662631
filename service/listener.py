"""Listener: accepts connections, all that wait in one turn of the event loop.

libuv, under uvloop, accepts one a turn (libuv#3696). In an overload turns take tenths of a second, and whoever was not
connected yet waited for seconds; and at the end those whom the kernel had accepted for us were reset unheard.
"""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable

MOST_A_TURN = 128
"""So that those who are connected are looked after too."""
RETRY_S = 0.1
"""After which a process without free descriptors tries again."""

logger = logging.getLogger(__name__)


class Listener:
    """One listening socket, until it is closed. Create it in the event loop."""

    def __init__(self, listening: socket.socket, make_protocol: Callable[[], asyncio.Protocol], backlog: int) -> None:
        self._socket = listening
        self._make_protocol = make_protocol
        self._loop = asyncio.get_running_loop()
        self._connecting: set[asyncio.Task[object]] = set()
        listening.setblocking(False)
        listening.listen(backlog)
        self._loop.add_reader(listening, self._accept)

    def close(self) -> None:
        """Take those who are connected already, and no more."""
        self._loop.remove_reader(self._socket)
        while self._accept_one():
            pass
        self._socket.close()

    def _accept(self) -> None:
        for _ in range(MOST_A_TURN):
            if not self._accept_one():
                return

    def _accept_one(self) -> bool:
        try:
            connection, _ = self._socket.accept()
        except (BlockingIOError, InterruptedError):
            return False
        except ConnectionAbortedError:
            return True
        except OSError as error:
            if error.errno not in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                raise
            logger.error("no connection can be accepted: %s", error.strerror)
            self._loop.remove_reader(self._socket)
            self._loop.call_later(RETRY_S, self._go_on)
            return False
        connection.setblocking(False)
        task = self._loop.create_task(self._connect(connection))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)
        return True

    def _go_on(self) -> None:
        if self._socket.fileno() >= 0:
            self._loop.add_reader(self._socket, self._accept)

    async def _connect(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._make_protocol, connection)
        except OSError:  # gone again
            connection.close()

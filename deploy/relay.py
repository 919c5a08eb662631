"""Relay: passes TCP connections on, so that the service itself needs no way out: `relay.py PORT HOST:PORT`.

Docker publishes no port of a container that is on internal networks alone. This one is on both sides, knows no secret,
and runs nothing but the standard library. On SIGTERM it takes no new connections and leaves when the last has ended.
"""

import asyncio
import signal
import sys

CHUNK = 65_536
CONNECT_TIMEOUT_S = 5.0


async def relay(port: int, host: str, target_port: int) -> None:
    """Pass connections on until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    is_leaving = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, is_leaving.set)
    open_connections: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_connections.add(task)
        task.add_done_callback(open_connections.discard)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                target_reader, target_writer = await asyncio.open_connection(host, target_port)
        except OSError:  # also TimeoutError; the service is starting or gone
            writer.transport.abort()
            return
        try:
            async with asyncio.TaskGroup() as group:
                asking = group.create_task(_pass(reader, target_writer))
                await _pass(target_reader, writer)
                asking.cancel()  # the service has closed: whatever the client still says, nobody listens
        except* OSError:  # either side is gone, so the other has to go
            pass
        finally:
            writer.close()
            target_writer.close()

    server = await asyncio.start_server(accept, None, port, backlog=4096)
    print(f"passing port {port} on to {host}:{target_port}", flush=True)
    await is_leaving.wait()
    server.close()
    while open_connections:  # one may have been accepted a moment ago
        await asyncio.wait(open_connections)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(CHUNK):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


def main() -> None:
    """Command line of the relay."""
    port, target = sys.argv[1:]
    host, _, target_port = target.rpartition(":")
    asyncio.run(relay(int(port), host, int(target_port)))


if __name__ == "__main__":
    main()

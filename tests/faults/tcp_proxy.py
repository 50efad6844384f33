"""A TCP proxy that misbehaves on demand: late, cut in the middle of a frame, deaf, refusing.

It stands in for `tc netem`, which not every kernel has.
"""

import asyncio
import contextlib
import random
import socket
import struct

_RESET = struct.pack("ii", 1, 0)  # close at once: the peer sees a reset, not an end


class TcpProxy:
    """Listens on `port` of `host` and passes bytes to `target` on 127.0.0.1.

    `delay`: seconds each piece is late. `deaf`: accepts and swallows, answers nothing (half-open).
    """

    def __init__(self, target: int, *, host: str = "127.0.0.1") -> None:
        self.target, self.host, self.port = target, host, 0
        self.delay, self.deaf = 0.0, False
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> "TcpProxy":
        """Listen; the port stays the same when started again."""
        self._server = await asyncio.start_server(self._accept, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def refuse(self) -> None:
        """Cut every connection and listen no more: the machine is there, nobody answers."""
        if self._server is not None:
            self._server.close()
        self.reset_all()

    async def stop(self) -> None:
        """End."""
        await self.refuse()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def reset_all(self) -> None:
        """Reset every connection wherever it is."""
        for writer in list(self._writers):
            _reset(writer)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            back_reader, back_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            _reset(writer)
            self._writers.discard(writer)
            return
        self._writers.add(back_writer)
        pumps = [
            asyncio.create_task(self._pump(reader, back_writer)),
            asyncio.create_task(self._pump(back_reader, writer)),
        ]
        self._tasks.update(pumps)
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        self._tasks.difference_update(pumps)
        for one in (writer, back_writer):
            self._writers.discard(one)
            one.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(65_536):
                if self.deaf:
                    continue
                if self.delay:
                    await asyncio.sleep(self.delay * random.uniform(0.5, 1.5))
                writer.write(piece)
                await writer.drain()

    def cut_in_a_frame(self) -> None:
        """Let one more byte through to everybody, then reset: a frame that never ends."""
        for writer in list(self._writers):
            with contextlib.suppress(OSError):
                writer.write(b"\x01")
        self.reset_all()


def _reset(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()

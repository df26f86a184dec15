"""Answers webhooks with 204, as fast as it can: `python -m bench.receiver <port>`. It shares the processors with them."""

import asyncio
import sys
from typing import cast

import uvloop

_END = b"\r\n\r\n"
_LENGTH = b"content-length: "
_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class _Line(asyncio.Protocol):
    """One keep-alive connection: answers each request when it is complete."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are not subclasses of asyncio's
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (head := self._buffer.find(_END)) >= 0:
            at = self._buffer.lower().find(_LENGTH, 0, head) + len(_LENGTH)
            end = head + len(_END) + int(self._buffer[at : self._buffer.find(b"\r", at)])
            if len(self._buffer) < end:
                return
            del self._buffer[:end]
            if self._transport is not None:
                self._transport.write(_ANSWER)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Line, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))

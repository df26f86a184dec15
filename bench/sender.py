"""Sends the requests of a `client.Job`: `python -m bench.sender <file of the job> <file for the answer>`.

It shares the processors with the measured server, so it does as little as possible: httpx would need more time than
the server.
"""

import asyncio
import pickle
import sys
import time
from collections import deque
from pathlib import Path
from typing import cast

import uvloop

from bench.client import END, Answers, Job

_LENGTH = b"content-length: "


class _Line(asyncio.Protocol):
    """One keep-alive connection with one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self._start = self._end = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are not subclasses of asyncio's
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("closed by the server"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._end < 0:
            head = self._buffer.find(END)
            if head < 0:
                return
            at = self._buffer.find(_LENGTH, 0, head) + len(_LENGTH)
            self._end = head + len(END) + int(self._buffer[at : self._buffer.find(b"\r", at)])
            self._start = head + len(END)
        if len(self._buffer) >= self._end and self._waiting is not None:
            status, body = int(self._buffer[9:12]), bytes(self._buffer[self._start : self._end])
            self._buffer.clear()
            self._end = -1
            self._waiting.set_result((status, body))

    def send(self, raw: bytes) -> asyncio.Future[tuple[int, bytes]]:
        """Send a request; the future holds its status and body."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        return self._waiting

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()


class _Run:
    def __init__(self, job: Job) -> None:
        self.job = job
        self.queue = deque(job.requests)
        self.times: list[float] = []
        self.statuses: dict[int, int] = {}
        self.bodies: list[bytes] = []
        self.stop_at = float("inf")

    async def send(self, line: _Line, raw: bytes, since: float) -> None:
        status, body = await line.send(raw)
        self.times.append(time.perf_counter() - since)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if self.job.keep_bodies:
            self.bodies.append(body)

    async def as_fast_as_answered(self, line: _Line) -> None:
        while self.queue and (now := time.perf_counter()) < self.stop_at:
            await self.send(line, self.queue.popleft(), now)

    async def at_a_rate(self, line: _Line, began: float, place: int) -> None:
        """Send every n-th request at its time; one that must wait for its connection counts from that time."""
        assert self.job.per_second is not None
        for turn in range(place, len(self.job.requests), self.job.connections):
            due = began + turn / self.job.per_second
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            await self.send(line, self.job.requests[turn], due)


async def _work(job: Job) -> Answers:
    loop = asyncio.get_running_loop()
    lines = [(await loop.create_connection(_Line, "127.0.0.1", job.port))[1] for _ in range(job.connections)]
    work = _Run(job)
    began = time.perf_counter()
    if job.seconds is not None:
        work.stop_at = began + job.seconds
    if job.per_second is None:
        await asyncio.gather(*(work.as_fast_as_answered(line) for line in lines))
    else:
        await asyncio.gather(*(work.at_a_rate(line, began, place) for place, line in enumerate(lines)))
    seconds = time.perf_counter() - began
    for line in lines:
        line.close()
    return Answers(seconds, work.times, work.statuses, work.bodies)


def main() -> None:
    """Execute the job in the first file, and write the answer to the second."""
    job: Job = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301 - from our own parent
    Path(sys.argv[2]).write_bytes(pickle.dumps(uvloop.run(_work(job))))


if __name__ == "__main__":
    main()

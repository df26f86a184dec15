"""Prepared requests, sent by a small separate process, and their results."""

import hashlib
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Job:
    """Requests for keep-alive connections: sent as fast as they are answered, or `per_second` at even intervals."""

    port: int
    requests: Sequence[bytes]
    connections: int
    per_second: float | None = None
    seconds: float | None = None
    keep_bodies: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """The results: total seconds, seconds of each request, the count of each status, and bodies if requested."""

    seconds: float
    times: list[float]
    statuses: dict[int, int]
    bodies: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Return the rate of answers."""
        return len(self.times) / self.seconds

    def only(self, *expected: int) -> "Answers":
        """Return self if all have this status. Raises RuntimeError: a rate of refusals is no measurement."""
        if set(self.statuses) - set(expected):
            raise RuntimeError(f"expected {expected}, answers were {self.statuses}")
        return self


def request(method: str, path: str, key: str, body: bytes = b"", **headers: str) -> bytes:
    """Return the bytes of a request; header names are given with underscores."""
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {key}"]
    head += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head.append(f"Content-Length: {len(body)}")
    return "\r\n".join(head).encode() + END + body


def digest(body: bytes) -> str:
    """Return the digest of a part for the manifest of an import."""
    return hashlib.sha256(body).hexdigest()


def run(job: Job) -> Answers:
    """Send the requests from a separate process."""
    with tempfile.TemporaryDirectory(prefix="shensu-bench-") as folder:
        job_file, answer_file = Path(folder) / "job", Path(folder) / "answer"
        job_file.write_bytes(pickle.dumps(job))
        command = (sys.executable, "-m", "bench.sender", str(job_file), str(answer_file))
        subprocess.run(command, check=True, cwd=Path(__file__).parents[1])  # noqa: S603 - our own module
        answers: Answers = pickle.loads(answer_file.read_bytes())  # noqa: S301 - from our own child
    return answers

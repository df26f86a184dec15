"""A steady load that never gives up: every request is sent until it is acknowledged, always under the same key."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from tests.running import Stack

SENDERS = 4
PAUSE = 0.01
RETRY = 0.05
_MAY_BE_SENT_AGAIN = frozenset({409, 500, 503})


@dataclass
class Load:
    """Posts from threads of its own. `acknowledged` holds every 201 by its key, as bytes."""

    stack: Stack
    name: str
    filing: dict[str, Any]
    acknowledged: dict[str, bytes] = field(default_factory=dict)
    disturbed: int = 0
    wrong: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._threads = [
            threading.Thread(target=self._send_on, args=(place,), name=f"sender-{place}")
            for place in range(SENDERS)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Send nothing new; wait until what was begun is acknowledged."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def has_stopped(self) -> bool:
        """Tell whether every request that was begun is acknowledged."""
        return not any(thread.is_alive() for thread in self._threads)

    def end(self) -> None:
        """Send nothing new, without waiting."""
        self._stop.set()

    def _send_on(self, sender: int) -> None:
        with httpx.Client(timeout=5, trust_env=False) as http:
            sent = 0
            while not self._stop.is_set():
                key = f"{self.name}-{sender}-{sent}"
                self._send(http, key)
                if sent % 5 == 4:
                    # an impatient sender: the same once more, although it was answered
                    self._send(http, f"{self.name}-{sender}-{sent - 4}")
                sent += 1
                time.sleep(PAUSE)

    def _send(self, http: httpx.Client, key: str) -> None:
        give_up = time.monotonic() + 40
        while time.monotonic() < give_up:
            try:
                answer = self.post(http, key)
            except httpx.HTTPError:
                self.disturbed += 1
            else:
                if answer.status_code == 201:
                    if self.acknowledged.setdefault(key, answer.content) != answer.content:
                        self.wrong.append(f"{key}: another answer")
                    return
                self.disturbed += 1
                if answer.status_code not in _MAY_BE_SENT_AGAIN:
                    self.wrong.append(f"{key}: {answer.status_code}")
                    return
            time.sleep(RETRY)
        self.wrong.append(f"{key}: never acknowledged")

    def post(self, http: httpx.Client, key: str) -> httpx.Response:
        """Post the complaint of a key once."""
        headers = self.stack.as_client("call-centre") | {"Idempotency-Key": key}
        return http.post(f"{self.stack.intake}/v1/complaints", json=self.filing, headers=headers)

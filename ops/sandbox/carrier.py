"""A simulated carrier: it receives messages by webhook or from its feed, handles each once, and follows a behaviour.

Used by tests as a library, by integrators from the command line. A webhook is answered at once and handled afterwards, by
one thread, in the order of arrival: receivers should be built like this.
"""

import contextlib
import queue
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx
from standardwebhooks import Webhook, WebhookVerificationError

from ops.sandbox import behaviours, traces
from ops.sandbox.api import CarrierApi
from ops.sandbox.behaviours import HANDED_OVER, LACKS, Behaviour
from ops.sandbox.server import Listener
from ops.sandbox.traces import Way
from shared import clock, serialisation
from shared.serialisation import Json

TAKEN, BAD_SIGNATURE = 204, 401
_IDLE_SECONDS = 30.0


class CommandError(Exception):
    """An unknown or impossible command."""


@dataclass
class Heard:
    """The record of the sandbox. `answers`: status and body of each response that it got."""

    events: list[Json] = field(default_factory=list)
    repeated: int = 0
    unverified: int = 0
    answers: list[tuple[str, int, Any]] = field(default_factory=list)


class Sandbox:
    """A carrier with its own address; `with Sandbox(…) as carrier` listens until the block ends."""

    def __init__(
        self,
        api: CarrierApi,
        *,
        behaviour: Behaviour = Behaviour.PROMPT,
        secrets: Sequence[str] = (),
        way: Way | None = None,
        port: int = 0,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self.api = api
        self.behaviour = behaviour
        self.secrets = list(secrets)
        self.way = way
        self.status = TAKEN
        self.heard = Heard()
        self.cursor: str | None = None
        self._say = say or (lambda _line: None)
        self._event_ids: set[str] = set()
        self._lock = threading.Lock()
        self._work: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._refs: dict[str, int] = {}
        self._ended: dict[tuple[str, Way], datetime] = {}
        self._listener = Listener(self, port)

    @property
    def url(self) -> str:
        """The address for webhooks; register this address."""
        return f"{self._listener.url}/hooks"

    @property
    def control_url(self) -> str:
        """The address for commands (POST) and for the record (GET)."""
        return f"{self._listener.url}/control"

    def __enter__(self) -> Self:
        self._listener.up()
        threading.Thread(target=self._work_on, name="sandbox", daemon=True).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._listener.down()
        self._work.put(None)

    def down(self) -> None:
        """Stop listening: connections are refused."""
        self._listener.down()

    def up(self) -> None:
        """Listen again, at the same address."""
        self._listener.up()

    def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        """Receive a webhook; return the status of the response. Only a new message is handled, afterwards."""
        if not self._is_genuine(headers, body):
            self.heard.unverified += 1
            return BAD_SIGNATURE
        if self.status == TAKEN:
            self.hear(serialisation.from_text(body))
        return self.status

    def _is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        for secret in self.secrets:
            with contextlib.suppress(WebhookVerificationError, ValueError):
                Webhook(secret).verify(body, dict(headers), json_parse=False)
                return True
        return False

    def hear(self, event: Json) -> None:
        """Handle a message once, from webhook or feed."""
        with self._lock:
            if event["id"] in self._event_ids:
                self.heard.repeated += 1
                return
            self._event_ids.add(event["id"])
            self.heard.events.append(event)
        self._say(f"{event['type']} {event.get('subject', '')}")
        if event["type"] in HANDED_OVER | {LACKS}:
            self._work.put(lambda: self._behave(event["type"], event["subject"]))

    def poll(self) -> int:
        """Read the feed from the last cursor, and handle new messages; return the number of messages."""
        count = 0
        while True:
            page = self.api.feed(self.cursor).raise_for_status().json()
            for event in page["items"]:
                self.hear(event)
            count += len(page["items"])
            if not page["items"]:
                return count
            self.cursor = page["next"]

    def _work_on(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            except (httpx.HTTPError, CommandError) as error:
                self._say(f"failed: {type(error).__name__}")
            finally:
                self._work.task_done()

    def settle(self, seconds: float = _IDLE_SECONDS) -> None:
        """Wait until every received message is handled. Raises TimeoutError."""
        finished = threading.Event()
        self._work.put(finished.set)
        if not finished.wait(seconds):
            raise TimeoutError("the sandbox still handles messages")

    def _behave(self, kind: str, number: str) -> None:
        if self.behaviour is Behaviour.NEVER:
            return
        self._note(f"acknowledge {number}", self.api.acknowledge(number))
        self._note(f"case {number}", self.api.case(number), keep=False)
        shuffled = self.behaviour is Behaviour.OUT_OF_ORDER
        if self.way is not None and kind in HANDED_OVER and not shuffled:
            self.trace(number, self.way)
        for reply in behaviours.replies_to(self.behaviour, kind, self._next_ref(number)):
            self.send(number, reply)
        if shuffled and kind in HANDED_OVER:
            # the scans after the reply: one by one, shuffled, some of them twice
            self.trace(number, self.way or Way.DELAYED, shuffled=True)

    def _next_ref(self, number: str) -> str:
        self._refs[number] = self._refs.get(number, 0) + 1
        return f"{number}-{self._refs[number]}"

    def reply(self, number: str, **changes: Any) -> httpx.Response:
        """Send a complete reply now; a change of None omits the field."""
        fields = behaviours.whole(self._next_ref(number)) | changes
        return self.send(number, {name: value for name, value in fields.items() if value is not None})

    def send(self, number: str, reply: Json) -> httpx.Response:
        """Send a reply as it is."""
        return self._note(f"reply {number}", self.api.reply(number, reply))

    def trace(self, number: str, way: Way, *, shuffled: bool = False) -> None:
        """Push the scans of a case's item: as one batch, or one by one, shuffled, some of them twice."""
        # a repeated scan has the same content
        end = self._ended.setdefault((number, way), clock.now())
        scans = traces.scans(way, number, end)
        if not shuffled:
            self._note(f"trace {number}", self.api.track(scans))
            return
        mixed = scans + random.sample(scans, len(scans) // 2)
        random.shuffle(mixed)
        for scan in mixed:
            self._note(f"scan {number}", self.api.track(scan))

    def _note(self, what: str, answer: httpx.Response, *, keep: bool = True) -> httpx.Response:
        # a case is unmasked: its body is not recorded
        self.heard.answers.append(
            (what, answer.status_code, answer.json() if keep and answer.content else None)
        )
        self._say(f"  {what}: {answer.status_code}")
        return answer

    def control(self, command: Json) -> Json:
        """Execute a command: sets `behaviour`, `status` and `way`; `do` is reply, trace or poll. Raises CommandError."""
        try:
            if "behaviour" in command:
                self.behaviour = Behaviour(command["behaviour"])
            if "way" in command:
                self.way = Way(command["way"]) if command["way"] else None
            if "status" in command:
                self.status = int(command["status"])
            return self._do(command)
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f"not a command: {error}") from error

    def _do(self, command: Json) -> Json:
        match command.get("do"):
            case None:
                return self.report()
            case "poll":
                return {"messages": self.poll()}
            case "reply":
                answer = self.reply(command["number"], **command.get("reply", {}))
                return {"status": answer.status_code, "body": answer.json()}
            case "trace":
                self.trace(command["number"], Way(command["trace"]), shuffled=bool(command.get("shuffled")))
                return self.report()
            case unknown:
                raise CommandError(f"there is no command {unknown}; there are reply, trace, poll")

    def report(self) -> Json:
        """Return the record of messages and responses."""
        return {
            "behaviour": self.behaviour,
            "status": self.status,
            "events": self.heard.events,
            "repeated": self.heard.repeated,
            "unverified": self.heard.unverified,
            "answers": [list(answer) for answer in self.heard.answers],
        }

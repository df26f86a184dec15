"""The ledger of a module's tests: what they were told was stored, against what is."""

from dataclasses import dataclass, field

import httpx


@dataclass
class Ledger:
    """What a module's tests were told was stored, and what must be found nowhere."""

    stored: int = 0
    canaries: set[str] = field(default_factory=set)

    def note(self, answer: httpx.Response) -> httpx.Response:
        """Count what an answer says was stored for the first time."""
        if answer.status_code == 201 and "idempotent-replayed" not in answer.headers:
            self.stored += answer.request.url.path == "/v1/complaints"
        elif answer.status_code == 200 and answer.request.url.path == "/v1/complaints/batch":
            self.stored += answer.json()["stored"]
        elif answer.status_code == 200 and "/parts/" in answer.request.url.path:
            self.stored += sum(result["status"] == 201 for result in answer.json()["results"])
        return answer

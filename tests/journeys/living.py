"""What a journey speaks through: the desk, the carrier, the hotline and the figures, each over real HTTP, for one case."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx

from shared import clock
from tests.running import Stack, wait_for

Json = dict[str, Any]
CONFIRMED = {
    "reached": True,
    "account_matches": True,
    "solved": True,
    "satisfied_administration": True,
    "satisfied_enterprise": True,
}
CONSENT = {"consented_at": "2026-11-20T10:00:00+08:00", "means": "PHONE"}


def closing(**changes: Any) -> Json:
    """Return what an officer fills in who closes a settled case with the enterprise responsible."""
    plain = {
        "close_reason": "SETTLED",
        "responsibility": "ENTERPRISE",
        "responsible_unit": "杭州文三路网点",
        "failing_link": "DELIVERY",
        "settlement_lawful": True,
        "answer": "企业已赔偿并致歉，如有异议可依法起诉。",
    }
    return {name: value for name, value in (plain | changes).items() if value is not None}


@dataclass(frozen=True)
class Life:
    """One case, as the people around it see it. Every act of the desk first reads the version that it is decided on."""

    stack: Stack
    number: str

    def _desk(self, client: str, operator: str) -> dict[str, str]:
        return self.stack.as_client(client) | {"X-Operator-Id": operator}

    def case(self, *, client: str = "desk-hangzhou", operator: str = "li.na") -> Json:
        """Return the case as the officer sees it."""
        answer = self.stack.http.get(
            f"{self.stack.intake}/v1/desk/cases/{self.number}", headers=self._desk(client, operator)
        )
        assert answer.status_code == 200, answer.text
        body: Json = answer.json()
        return body

    def try_act(
        self, verb: str, *, client: str = "desk-hangzhou", operator: str = "li.na", **form: Any
    ) -> httpx.Response:
        """Perform a verb on the present version; returns the answer, whatever it is.

        Where the worker wrote to the case in between (a reminder), the desk reads it again and decides anew.
        """
        for _ in range(5):
            version = self.case(client=client, operator=operator)["version"]
            headers = self._desk(client, operator) | {"If-Match": f'"{version}"'}
            answer = self.stack.http.post(
                f"{self.stack.intake}/v1/desk/cases/{self.number}/{verb}", json=form, headers=headers
            )
            if answer.status_code != HTTPStatus.PRECONDITION_FAILED:
                break
        return answer

    def act(self, verb: str, **form: Any) -> Json:
        """Perform a verb that must succeed."""
        answer = self.try_act(verb, **form)
        assert answer.status_code == 200, answer.text
        done: Json = answer.json()
        return done

    def refused(self, verb: str, **form: Any) -> Json:
        """Perform a verb that must be refused, by its form or as a conflict; returns the problem."""
        answer = self.try_act(verb, **form)
        assert answer.status_code in {403, 409, 422}, answer.text
        problem: Json = answer.json()
        return problem

    def until(self, status: str, *, seconds: float = 20) -> Json:
        """Wait until the case stands in a state; before it is routed no bureau sees it."""
        self.stack.wait_until_routed(self.number)
        whole_case: Json = wait_for(
            lambda: case if (case := self.case())["status"] == status else None,
            f"{self.number} {status}",
            seconds=seconds,
        )
        return whole_case

    def deadlines(self) -> dict[str, Json]:
        """Return the latest round of every deadline, explained."""
        answer = self.stack.http.get(
            f"{self.stack.intake}/v1/desk/cases/{self.number}/deadlines",
            headers=self._desk("desk-hangzhou", "li.na"),
        )
        return {
            deadline["key"]: deadline
            for deadline in sorted(answer.json()["deadlines"], key=lambda deadline: deadline["round"])
        }

    def kinds(self) -> list[str]:
        """Return the kinds of what happened, oldest first."""
        return [event["kind"] for event in self.case()["history"]]

    def words(self, kind: str) -> Json:
        """Return the words of the latest event of a kind, as the officer reads them."""
        event = next(event for event in reversed(self.case()["history"]) if event["kind"] == kind)
        texts: Json = event["texts"]
        return texts

    def explanation(self) -> Json:
        """Return why the case went where it went."""
        explanation: Json = self.stack.get(f"/v1/complaints/{self.number}/explanation").json()
        return explanation

    def let_pass(self, key: str, by: timedelta) -> None:
        """Let time pass for one running deadline, by moving it back, so that the worker finds it as after that time."""
        self.stack.query(
            "UPDATE case_deadline k SET started_at = started_at - $2::interval, due_at = due_at - $2::interval, "
            "next_check_at = next_check_at - $2::interval FROM complaint c WHERE c.number = $1 AND k.complaint_id = c.id "
            "AND k.bucket = c.bucket AND k.stopped_at IS NULL AND k.key = $3 RETURNING 1",
            self.number,
            by,
            key,
        )


@dataclass(frozen=True)
class Figures:
    """What the analytics count at a moment, for comparison with another moment."""

    received: int
    accepted: int
    closed: int
    valid: int
    reply_overdue: int
    reply_untruthful: int
    recovered_fen: int
    satisfied_administration: int
    satisfied_enterprise: int

    def __sub__(self, other: "Figures") -> Json:
        """Return what was added since, without what was not."""
        mine, theirs = vars(self), vars(other)
        return {name: mine[name] - theirs[name] for name in mine if mine[name] != theirs[name]}


def figures(stack: Stack) -> Figures:
    """Read today's counts, and the circular of the present month."""
    dashboard = stack.as_client("dashboard")

    def _today(basis: str) -> int:
        query = {"period": "day", "last": "1", "basis": basis}
        answer = stack.http.get(
            f"{stack.analytics}/v1/figures/volume", params=query, headers=dashboard
        ).json()
        return int(answer["totals"][-1]["count"])

    month = clock.civil_day(clock.now()).isoformat()[:7]
    summary = stack.http.get(f"{stack.analytics}/v1/circulars/{month}", headers=dashboard).json()["summary"]
    return Figures(
        **{basis: _today(basis) for basis in ("received", "accepted", "closed", "valid")},
        reply_overdue=summary["reply_overdue"],
        reply_untruthful=summary["reply_untruthful"],
        recovered_fen=summary["recovered_fen"],
        satisfied_administration=summary["satisfaction_administration"]["satisfied"],
        satisfied_enterprise=summary["satisfaction_enterprise_express"]["satisfied"],
    )


def settled(stack: Stack) -> Figures:
    """Read the figures once nothing waits to be counted or worked."""
    waits = "SELECT (SELECT count(*) FROM dirty_day) + (SELECT count(*) FROM task WHERE state <> 'dead')"
    wait_for(lambda: True if not stack.query(waits)[0][0] else None, "everything is worked and counted")
    return figures(stack)


Filed = Callable[..., Life]


def file(stack: Stack, filing: Callable[..., Json], *, client: str = "call-centre", **changes: Any) -> Life:
    """File a complaint about an item of its own and wait until it has its bureau."""
    item = {"item": {"waybill": f"77{uuid.uuid4().int % 10**13:013d}"}}
    posted = stack.post(filing(**(item | changes)), client=client)
    assert posted.status_code == 201, posted.text
    number = posted.json()["number"]
    stack.wait_until_routed(number)
    return Life(stack, number)

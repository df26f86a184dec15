"""One complete case: a routed complaint is forwarded to its carrier, answered, verified with the user, and closed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from ops.demo.calls import Patience, ask
from ops.sandbox import behaviours, traces
from ops.sandbox.traces import Way
from ops.stack.processes import StackError
from shared import clock
from shared.serialisation import Json

_PATIENCE_SECONDS = 30
_OFFICER = "li.na"


@dataclass(frozen=True, slots=True)
class People:
    """The participants: the enterprise's system and the bureau's desk, each with its own key."""

    carrier: httpx.AsyncClient
    desk: httpx.AsyncClient


@dataclass(frozen=True, slots=True)
class Lived:
    """The result: the closed case as the officer sees it, and its explained deadlines."""

    case: Json
    deadlines: list[Json]


async def live(people: People, number: str) -> Lived:
    """Work a case from forwarding to closing. Raises StackError if a step is refused or late."""
    await _until(people, number, "FORWARDED")
    await ask(people.carrier, "POST", f"/v1/carrier/cases/{number}/acknowledge")
    scans = traces.scans(Way.LOCKER, number, clock.now())
    await ask(people.carrier, "POST", "/v1/carrier/tracking", json=scans)
    reply = behaviours.whole(f"demo-{number}") | {
        "responsible_link": "STATION_LOCKER",
        "compensation_fen": 5_000,
        "paid_on": clock.civil_day(clock.now()).isoformat(),
    }
    await ask(people.carrier, "POST", f"/v1/carrier/cases/{number}/replies", json=reply)
    await _until(people, number, "REPLIED")
    await _act(
        people,
        number,
        "visit",
        {
            "reached": True,
            "account_matches": True,
            "solved": True,
            "satisfied_administration": True,
            "satisfied_enterprise": True,
            "note": "用户确认已送货上门并收到赔偿。",
        },
    )
    await _act(people, number, "remedy", {"kind": "COMPENSATION", "amount_fen": 5_000})
    await _act(
        people,
        number,
        "close",
        {
            "close_reason": "SETTLED",
            "responsibility": "ENTERPRISE",
            "responsible_unit": reply["responsible_unit"],
            "failing_link": "STATION_LOCKER",
            "settlement_lawful": True,
            "answer": "快递企业未经同意将快件投入快递柜，已送货上门并赔偿五十元。",
        },
    )
    path = f"/v1/desk/cases/{number}"
    explanation = await ask(people.desk, "GET", f"{path}/deadlines", headers=_officer_headers())
    return Lived(await _case(people, number), explanation["deadlines"])


async def _case(people: People, number: str) -> Json:
    case: Json = await ask(people.desk, "GET", f"/v1/desk/cases/{number}", headers=_officer_headers())
    return case


async def _until(people: People, number: str, status: str) -> None:
    deadline = Patience(_PATIENCE_SECONDS)
    while (case_status := (await _case(people, number))["status"]) != status:
        if deadline.passed:
            raise StackError(
                f"complaint {number} is {case_status}, and was not {status} within {_PATIENCE_SECONDS} s"
            )
        await asyncio.sleep(0.05)


async def _act(people: People, number: str, verb: str, form: Mapping[str, Any]) -> None:
    version = (await _case(people, number))["version"]
    headers = _officer_headers() | {"If-Match": f'"{version}"'}
    await ask(people.desk, "POST", f"/v1/desk/cases/{number}/{verb}", json=form, headers=headers)


def _officer_headers() -> dict[str, str]:
    return {"X-Operator-Id": _OFFICER}

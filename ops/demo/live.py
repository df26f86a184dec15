"""One live complaint: filed, routed, explained."""

import asyncio
import secrets
import time
from dataclasses import dataclass
from typing import Any

import httpx

from ops.demo.calls import Patience, ask
from ops.stack.processes import StackError

_PATIENCE_SECONDS = 30
_COMPLAINT: dict[str, Any] = {
    "channel": "PHONE_12305",
    "business": "EXPRESS",
    "carrier_code": "YTO",
    "issue_code": "DELIVERY_SERVICE",
    "issue_detail_code": "LOCKER_NO_CONSENT",
    "complainant": {
        "name": "王秀兰",
        "role": "ADDRESSEE",
        "address": "浙江省杭州市上城区解放路8号",
    },
    "sender": {"name": "陈明", "region_code": "440305"},
    "addressee": {"name": "王秀兰", "region_code": "330102"},
    "dispute": {"region_code": "330102", "address": "浙江省杭州市上城区解放路8号"},
    "cause": "快递员未打电话就把药品投进快递柜，老人行动不便无法去取，多次联系网点仍不送上门。",
    "request": "请送货上门，今后投递前先联系。",
    "enterprise_complaint": {"outcome": "DISSATISFIED"},
    "urgency": ["ELDERLY"],
}


def complaint() -> dict[str, Any]:
    """Return a new complaint each time: the same item and telephone would be a repetition."""
    nonce = secrets.randbelow(10**4)
    who = _COMPLAINT["complainant"] | {"phone": f"1390000{nonce:04d}"}
    item = {"waybill": f"YT88{secrets.randbelow(10**11):011d}", "goods": "MEDICINE"}
    return _COMPLAINT | {"complainant": who, "item": item}


@dataclass(frozen=True, slots=True)
class LiveComplaint:
    """The result of the live complaint."""

    number: str
    posted_ms: float
    routed_ms: float
    case: dict[str, Any]
    explanation: dict[str, Any]


async def follow(client: httpx.AsyncClient) -> LiveComplaint:
    """File a complaint and wait until it is routed. Raises StackError if it is not routed in time."""
    started = time.perf_counter()
    receipt = await ask(
        client,
        "POST",
        "/v1/complaints",
        json=complaint(),
        headers={"Idempotency-Key": f"demo-{secrets.token_hex(8)}"},
    )
    post_seconds = time.perf_counter() - started
    number, deadline = str(receipt["number"]), Patience(_PATIENCE_SECONDS)
    while True:
        case = await ask(client, "GET", f"/v1/complaints/{number}")
        if case["routed_at"] is not None:
            break
        if deadline.passed:
            raise StackError(
                f"complaint {number} was not routed within {_PATIENCE_SECONDS} s; is the worker up?"
            )
        await asyncio.sleep(0.02)
    route_seconds = time.perf_counter() - started
    explanation = await ask(client, "GET", f"/v1/complaints/{number}/explanation")
    return LiveComplaint(
        number, round(post_seconds * 1000, 1), round(route_seconds * 1000, 1), case, explanation
    )

"""Complaints for measurements: every one different, spread over regions, carriers and issues, the same in each run."""

import csv
import random
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import orjson

REFERENCE = Path(__file__).parents[1] / "shared" / "reference_data"
YEAR = 2024
_HOURS = 366 * 24
WAYBILLS = {
    "ZTO": "7{:013d}",
    "YTO": "YT{:013d}",
    "YD": "4{:012d}",
    "STO": "77{:013d}",
    "SF": "SF{:013d}",
    "JTSD": "JT{:013d}",
    "EMS": "1{:012d}",
    "JD": "JD{:013d}",
}
CARRIERS = tuple(WAYBILLS)
TEXTS = (
    "快件显示已签收，本人并未收到，多次联系网点无人接听，客服只回复等待核实，至今没有任何结果。",
    "包裹外包装严重破损，内件缺少两件，当面拒收后快递员仍然点了签收，商家要求提供证明。",
    "快件在中转站停留超过十天没有更新，寄递的是急用的证件，客服每次都说已经加急催办。",
    "未经同意把快件放在驿站，打电话要求送货上门被拒绝，并且态度恶劣，还说可以随便投诉。",
)


@cache
def codes() -> tuple[list[str], list[str]]:
    """Return the counties in force, and the issues of express service."""
    with (REFERENCE / "regions.csv").open(encoding="utf-8") as file:
        regions = [
            row["code"]
            for row in csv.DictReader(file)
            if row["level"] == "COUNTY" and row["status"] == "in_force"
        ]
    with (REFERENCE / "issues.csv").open(encoding="utf-8") as file:
        issues = [
            row["code"] for row in csv.DictReader(file) if not row["parent"] and row["express"] == "true"
        ]
    return regions, issues


def filing(serial: int, rng: random.Random) -> dict[str, Any]:
    """Return one complaint about express service; no two of one run share phone, waybill or text."""
    regions, issues = codes()
    carrier = rng.choice(CARRIERS)
    return {
        "channel": "PHONE_12305",
        "business": "EXPRESS",
        "carrier_code": carrier,
        "issue_code": rng.choice(issues),
        "complainant": {"name": f"申诉人{serial}", "phone": f"13{serial:09d}", "role": "ADDRESSEE"},
        "sender": {"region_code": rng.choice(regions), "name": "寄件人", "phone": f"15{serial:09d}"},
        "addressee": {"region_code": rng.choice(regions), "address": f"解放路{serial}号3单元502室"},
        "item": {"waybill": WAYBILLS[carrier].format(serial), "declared_value_fen": rng.randrange(100_000)},
        "cause": f"{rng.choice(TEXTS)}（{serial}）",
        "request": "请企业说明情况、赔偿损失并道歉。",
        "requested_fen": rng.randrange(50_000),
        "enterprise_complaint": {"outcome": "DISSATISFIED"},
    }


def historical(serial: int, rng: random.Random) -> dict[str, Any]:
    """Return one closed complaint of the year measured, received and closed within it."""
    received = datetime(YEAR, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange((_HOURS - 9) * 3600))
    last = datetime(YEAR, 12, 31, 15, 59, tzinfo=UTC)
    closed = min(received + timedelta(hours=rng.randrange(24, 700)), last)
    return filing(serial, rng) | {
        "external_ref": f"old-{serial}",
        "received_at": received.isoformat(),
        "outcome": {
            "accepted_at": received.isoformat(),
            "closed_at": closed.isoformat(),
            "close_reason": "SETTLED",
            "responsibility": "ENTERPRISE" if rng.random() < 0.2 else "NONE",
            "satisfied_administration": rng.random() < 0.98,
            "satisfied_enterprise": rng.random() < 0.97,
            "recovered_fen": rng.randrange(20_000),
        },
    }


def lines(start: int, count: int, *, history: bool = False) -> bytes:
    """Return complaints as NDJSON, with a sequence number from `start`."""
    rng = random.Random(start)  # noqa: S311 - repeatable, not secret
    make = historical if history else filing
    return b"\n".join(orjson.dumps(make(serial, rng)) for serial in range(start, start + count))

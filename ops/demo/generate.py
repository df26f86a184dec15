"""Generates the complaints of a month: as many as its circular counted, the same ones every time.

The totals are distributed exactly; all other values come from a random generator seeded with the month.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ops.demo import items, persons, texts
from ops.demo.margins import CHINA_POST, Margins
from ops.demo.moments import Calendar, Moments
from shared import serialisation

EDITION = "demo1"
"""Part of every reference: change it when the generator changes."""
CARRIER_NAMES = {
    "YZPY": "中国邮政",
    "EMS": "EMS",
    "SF": "顺丰速运",
    "ZTO": "中通快递",
    "STO": "申通快递",
    "YTO": "圆通速递",
    "YD": "韵达快递",
    "JTSD": "极兔速递",
    "JD": "京东快递",
    "DBL": "德邦快递",
    "HTKY": "百世快递",
    "HHTT": "天天快递",
    "SINOAIRINEX": "中外运-空运",
    "UC": "优速快递",
    "ZJS": "宅急送",
    "KYSY": "跨越速运",
    "SNWL": "苏宁物流",
}
_MONEY_ISSUES = frozenset({"LOSS_SHORTAGE", "DAMAGE", "COD", "OVERCHARGE"})


@dataclass(slots=True)
class Dealt:
    """The values of one complaint that the totals require."""

    business: str
    valid: bool = False
    satisfied_administration: bool | None = None
    satisfied_enterprise: bool | None = None
    overdue_at: tuple[str, str] | None = None


def deal(margins: Margins) -> list[Dealt]:
    """Return the required values of every complaint of a month, shuffled; they add up to the totals."""
    random = Random(f"{EDITION} {margins.name} deal")  # noqa: S311 - the same complaints every time, no secret
    postal = [Dealt("POSTAL") for _ in range(margins.postal)]
    express = [Dealt("EXPRESS") for _ in range(margins.express)]
    valid = [*postal[: margins.valid_postal], *express[: margins.valid_express]]
    for demand in valid:
        demand.valid, demand.satisfied_administration, demand.satisfied_enterprise = True, False, False
    for demand in random.sample(valid, margins.satisfied_administration):
        demand.satisfied_administration = True
    for satisfied, among in (
        (margins.satisfied_postal, postal[: margins.valid_postal]),
        (margins.satisfied_express, express[: margins.valid_express]),
    ):
        for demand in random.sample(among, satisfied):
            demand.satisfied_enterprise = True
    free = {
        "POSTAL": iter(random.sample(postal, len(postal))),
        "EXPRESS": iter(random.sample(express, len(express))),
    }
    for carrier, province in margins.overdue:
        next(free["POSTAL" if carrier == CHINA_POST else "EXPRESS"]).overdue_at = (carrier, province)
    demands = [*postal, *express]
    random.shuffle(demands)
    return demands


def complaints(margins: Margins, *, numbered_from: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the complaints of a month as historical filings (JSON values). Persons and waybills get serial numbers."""
    random = Random(f"{EDITION} {margins.name}")  # noqa: S311 - as above
    calendar = Calendar(margins.month)
    for place, dealt in enumerate(deal(margins), 1):
        reference = f"{EDITION}-{margins.name}-{place:05d}"
        yield _Complaint(random, dealt, calendar.draw(random), numbered_from + place).filing(reference)


def parts(margins: Margins, *, rows: int = 1000, numbered_from: int = 0) -> Iterator[bytes]:
    """Yield a month's complaints as NDJSON parts for `POST /v1/imports`."""
    lines: list[bytes] = []
    for filing in complaints(margins, numbered_from=numbered_from):
        lines.append(serialisation.to_bytes(filing))
        if len(lines) == rows:
            yield b"\n".join(lines) + b"\n"
            lines = []
    if lines:
        yield b"\n".join(lines) + b"\n"


class _Complaint:
    """One complaint while it is generated."""

    def __init__(self, random: Random, dealt: Dealt, moments: Moments, number: int) -> None:
        self.random, self.dealt, self.moments, self.number = random, dealt, moments, number
        self.postal = dealt.business == "POSTAL"
        province = None
        if dealt.overdue_at is not None:
            self.carrier, province = dealt.overdue_at
        else:
            self.carrier = CHINA_POST if self.postal else items.EXPRESS_CARRIERS.draw(random)
        self.issue = (items.POSTAL_ISSUES if self.postal else items.EXPRESS_ISSUES).draw(random)
        self.cause = items.CAUSES[self.issue].draw(random)
        self.here = persons.place(random, province)
        self.there = persons.place(random)
        self.is_sender = self._chance(0.3)
        self.yuan = int(20 + 2000 * random.random() ** 3)
        self.mailed = moments.received_at - timedelta(days=8 + int(random.random() * 30))

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def filing(self, reference: str) -> dict[str, Any]:
        """Return the whole filing."""
        random = self.random
        filing = {
            "external_ref": reference,
            "channel": items.CHANNELS.draw(random),
            "received_at": self.moments.received_at.isoformat(),
            "business": self.dealt.business,
            "business_type": items.POSTAL_TYPES.draw(random) if self.postal else "EXPRESS",
            "carrier_code": self.carrier,
            "issue_code": self.issue,
            "issue_detail_code": self.cause,
            **self._people(),
            "item": self._item(),
            **self._story(),
            "enterprise_complaint": self._before(),
            "outcome": self._outcome(),
        }
        if self.issue in _MONEY_ISSUES:
            filing["requested_fen"] = self.yuan * 100
        if self._chance(0.015):
            filing["urgency"] = [random.choice(("ELDERLY", "DISABLED", "SERVICEMAN", "MINOR"))]
        return filing

    def _people(self) -> dict[str, Any]:
        random, home = self.random, persons.address(self.random, self.here)
        complainant: dict[str, Any] = {
            "name": persons.name(random),
            "phone": persons.phone(self.number),
            "role": "SENDER" if self.is_sender else "ADDRESSEE",
            "address": home,
        }
        if self._chance(0.15):
            complainant["identity_card"] = persons.identity_card(random, self.here.code)
        own_side = {
            "name": complainant["name"],
            "phone": complainant["phone"],
            "region_code": self.here.code,
            "address": home,
        }
        other_side = {
            "name": persons.name(random),
            "phone": persons.phone(self.number + persons.PERSONS // 2),
            "region_code": self.there.code,
        }
        sender, addressee = (own_side, other_side) if self.is_sender else (other_side, own_side)
        people: dict[str, Any] = {"complainant": complainant, "sender": sender, "addressee": addressee}
        if self.dealt.overdue_at is not None or self._chance(0.75):
            people["dispute"] = {"region_code": self.here.code, "address": home}
        return people

    def _item(self) -> dict[str, Any]:
        item: dict[str, Any] = {
            "waybill": items.waybill(self.carrier, self.number),
            "mailed_on": self.mailed.date().isoformat(),
        }
        if self._chance(0.2):
            item["declared_value_fen"] = self.yuan * 100
        if self._chance(0.5):
            item["freight_fen"] = 500 + 100 * int(self.random.random() * 25)
        return item

    def _story(self) -> dict[str, str]:
        random = self.random
        slots = {
            "carrier": CARRIER_NAMES.get(self.carrier, "该企业"),
            "goods": random.choice(texts.POSTAL_GOODS if self.postal else texts.GOODS),
            "day": f"{self.mailed.month}月{self.mailed.day}日",
            "days": str(3 + int(random.random() * 12)),
            "place": self.there.city,
            "yuan": str(self.yuan),
        }
        sentences = (
            random.choice(texts.OPENINGS),
            random.choice(texts.BODIES[self.cause]),
            random.choice(texts.BEFORE),
        )
        return {
            "cause": "".join(sentences).format(**slots),
            "request": random.choice(texts.REQUESTS).format(**slots),
        }

    def _before(self) -> dict[str, Any]:
        outcome = items.ENTERPRISE_OUTCOMES.draw(self.random)
        # 2020 art. 9(2): more than seven days without an answer
        days = 8 + int(self.random.random() * max((self.moments.received_at - self.mailed).days - 7, 1))
        day: datetime = max(self.moments.received_at - timedelta(days=days), self.mailed)
        return {"outcome": outcome, "complained_on": day.date().isoformat()}

    def _outcome(self) -> dict[str, Any]:
        random, dealt = self.random, self.dealt
        finding = (items.VALID_FINDINGS if dealt.valid else items.OTHER_FINDINGS).draw(random)
        outcome: dict[str, Any] = {
            "accepted_at": self.moments.accepted_at.isoformat(),
            "closed_at": self.moments.closed_at.isoformat(),
            "responsibility": finding[0],
            "close_reason": finding[1],
        }
        if dealt.valid:
            outcome["satisfied_administration"] = dealt.satisfied_administration
            outcome["satisfied_enterprise"] = dealt.satisfied_enterprise
        if dealt.overdue_at is not None:
            outcome["reply_overdue"] = True
        if self.issue in _MONEY_ISSUES and (dealt.valid or self._chance(0.3)):
            outcome["recovered_fen"] = int(self.yuan * 100 * (0.3 + 0.7 * random.random()))
        return outcome

"""Why a case went where it went: the stored decision in words, with every rule that was tried and the facts behind it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.access.clients import Caller
from services.cases import lookup
from services.cases.case_row import CaseRow
from services.cases.lookup import READ_ALL
from services.reference import labels
from services.reference.data import ReferenceData
from services.rules.facts import Bureau
from services.views.client_case import bureau
from shared.clock import in_civil_time
from shared.database import Database
from shared.event_kinds import EventKind
from shared.models.cases import case_event
from shared.vocabulary import CaseScope

Json = dict[str, Any]

DECIDING = (EventKind.ROUTED, EventKind.IMPORTED)
"""Kinds of events that carry a decision of routing."""
WEIGHED = EventKind.CONDITIONS_WEIGHED
TOTAL_LIMIT = "邮政法 art. 65: the administration answers within 30 days of receipt"
COUNTING = (
    "The day of receipt is not counted; a limit ends at 24:00 (Asia/Shanghai) of its last day, so the moment shown is "
    "the first at which it has run out (民法典 arts 201, 203)."
)


@dataclass(frozen=True, slots=True)
class Sight:
    """Through whose eyes a case is explained: which cases, whether with what others' cases tell, and under which address."""

    scope: lookup.Visibility
    whole: bool
    address: str

    @classmethod
    def of_client(cls, caller: Caller) -> "Sight":
        """Return the sight of a client that files."""
        return cls(lookup.of_client(caller), READ_ALL in caller.scopes, "/v1/complaints")

    @classmethod
    def of_bureau(cls, desk_of: Bureau) -> "Sight":
        """Return the sight of a bureau's desk."""
        return cls(lookup.of_bureau(desk_of), whole=True, address="/v1/desk/cases")


async def explain(db: Database, number: str, *, sight: Sight, reference: ReferenceData) -> Json:
    """Return the explanation of a case. Raises NotFoundError if there is none within this sight."""
    async with db.transaction() as connection:
        row = await lookup.find(connection, number, sight.scope)
        statement = (
            select(
                case_event.c.seq, case_event.c.kind, case_event.c.actor, case_event.c.at, case_event.c.data
            )
            .where(case_event.c.bucket == row.bucket, case_event.c.complaint_id == row.id)
            .order_by(case_event.c.seq)
        )
        events = (await connection.execute(statement)).all()
    decided = _latest(events, DECIDING)
    explanation: Json = {
        "number": number,
        "status": row.status,
        "routed": decided is not None,
        "deadlines": _limits(row, sight),
        "history": [
            {"seq": event.seq, "kind": event.kind, "by": event.actor, "at": in_civil_time(event.at)}
            for event in events
        ],
    }
    if decided is None:
        explanation["summary"] = [
            "The case was received and waits to be routed; this usually takes less than a second."
        ]
        return explanation
    decision = decided.data | ({"admission": weighed} if (weighed := admission_of(events)) else {})
    decision = decision if sight.whole else _without_others(decision)
    explanation |= {
        "summary": _summary(row, decision, reference),
        "decided_at": in_civil_time(decided.at),
        "rulebook": decision["rulebook"],
        "reference_version": decision["reference"],
        "assignment": _assignment(decision["jurisdiction"], reference),
        "facts": decision["facts"],
    }
    if "level" in decision:
        explanation["level"] = decision["level"] | {
            "name": labels.coded("level", decision["level"]["level"], reference),
            "copied_to": [bureau(code, reference) for code in decision["level"]["copied_to"]],
        }
        explanation["admission"] = decision["admission"] | {
            "checks": tried(decision["admission"]["checks"]),
            "accepted": row.accepted_at is not None,
        }
    return explanation


def _latest(events: Sequence[Any], kinds: Sequence[str]) -> Any:
    return next((event for event in reversed(events) if event.kind in kinds), None)


def admission_of(events: Sequence[Any]) -> Json | None:
    """Return the latest weighing of the eight conditions: when the case was routed, or after a supplement."""
    weighed = _latest(events, (EventKind.ROUTED, WEIGHED))
    if weighed is None:
        return None
    found: Json | None = weighed.data if weighed.kind == WEIGHED else weighed.data.get("admission")
    return found


_NUMBER = re.compile(r"\d{17}", re.ASCII)
_OF_OTHERS = frozenset({"same_matter_number", "same_waybill_open", "provinces_hit"})


def _without_others(decision: Json) -> Json:
    """Leave out what other clients' cases tell: a client sees its own, and not the numbers of others."""
    facts = decision["facts"]
    told = decision | {"facts": {name: value for name, value in facts.items() if name not in _OF_OTHERS}}
    if "admission" in decision:
        checks = [
            [rule, outcome, _NUMBER.sub("of another filing", note)]
            for rule, outcome, note in decision["admission"]["checks"]
        ]
        told["admission"] = decision["admission"] | {"checks": checks}
    return told


def _limits(row: CaseRow, sight: Sight) -> Json | None:
    if row.scope == CaseScope.IMPORT:
        return None
    return {
        "next_due_at": in_civil_time(row.next_due_at),
        "answer_due_at": in_civil_time(row.total_due_at),
        "deadline_rules": row.deadline_version,
        "basis": TOTAL_LIMIT,
        "counting": COUNTING,
        "each": f"{sight.address}/{row.number}/deadlines",
    }


def _assignment(placed: Mapping[str, Any], reference: ReferenceData) -> Json:
    return {
        "handling": bureau(placed["handling"], reference),
        "supervising": bureau(placed["supervising"], reference),
        "rule": placed["rule"],
        "because": _because(placed),
        "needs_triage": placed["triage"],
        "rules_tried": tried(placed["tried"]),
    }


def tried(triples: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """Return rules that were tried, as they are shown."""
    return [{"rule": rule, "outcome": outcome, "note": note} for rule, outcome, note in triples]


def _because(placed: Mapping[str, Any]) -> str:
    notes = (
        note for rule, outcome, note in placed["tried"] if rule == placed["rule"] and outcome == "matched"
    )
    return next(notes, "")


def _summary(row: CaseRow, decision: Mapping[str, Any], reference: ReferenceData) -> list[str]:
    placed = decision["jurisdiction"]
    handling, supervising = bureau(placed["handling"], reference), bureau(placed["supervising"], reference)
    assert handling is not None  # noqa: S101 - a routed case has its bureau: the rules leave none without
    assert supervising is not None  # noqa: S101 - as above
    seats = f"{handling['name']} handles the case and {supervising['name']} supervises it"
    lines = [f"{seats}, by rule {placed['rule']}: {_because(placed)}."]
    if placed["triage"]:
        lines.append("The place is not certain: an officer of that bureau has to confirm or reassign it.")
    if "level" in decision:
        lines += [
            _level_line(decision["level"], reference),
            _admission_line(row, decision["admission"], reference),
        ]
    return lines


def _level_line(level: Mapping[str, Any], reference: ReferenceData) -> str:
    name = f"{level['level']} {labels.coded('level', level['level'], reference)}"
    if not level["triggers"]:
        return f"Its level is {name}: nothing raises it."
    line = f"Its level is {name}, raised by {', '.join(level['triggers'])}"
    copies = [named["name"] for code in level["copied_to"] if (named := bureau(code, reference)) is not None]
    return line + (f"; {', '.join(copies)} got a copy." if copies else ".")


def _admission_line(row: CaseRow, admission: Mapping[str, Any], reference: ReferenceData) -> str:
    if row.accepted_at is not None:
        return "All eight conditions are met: the case was taken up (受理) and goes to the enterprise."
    ground = admission["proposed_ground"]
    if ground is None:
        return "All eight conditions are met; an officer takes the case up, as the bureau wishes or the place is uncertain."
    failed = next(note for _, outcome, note in admission["checks"] if outcome == "failed")
    against = labels.coded("refusal_ground", ground, reference)
    return f"An officer decides whether it is taken up. What may stand against it: {against} ({ground}): {failed}."

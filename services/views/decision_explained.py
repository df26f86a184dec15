"""Why a case went where it went: the stored decision as codes and texts, with every rule that was tried and the facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.access.clients import Caller
from services.cases import events as case_events
from services.cases import lookup
from services.cases.case_row import CaseRow
from services.cases.events import StoredEvent
from services.cases.lookup import READ_ALL
from services.decisions.document import (
    AdmissionDocument,
    DecisionDocument,
    LevelDocument,
    PlacedDocument,
    shown_facts,
)
from services.reference.data import ReferenceData
from services.rules.facts import Bureau
from services.rules.levels import Trigger
from services.views import deadline_texts, decision_summary, decision_texts, later_changes
from services.views.explanation import (
    Assignment,
    DeadlineSummary,
    ExplainedAdmission,
    ExplainedEvent,
    ExplainedLevel,
    Explanation,
    RaisedBy,
)
from services.views.language import Language
from services.views.later_changes import LaterChanges
from services.views.rendering import Rendering
from shared.clock import SHANGHAI
from shared.database import Database
from shared.event_kinds import EventKind
from shared.models.cases import complaint, complaint_party
from shared.privacy.keyring import KeyRing
from shared.vocabulary import CaseScope, Urgency

DECIDING = (EventKind.ROUTED, EventKind.IMPORTED)
"""Kinds of events that carry a decision of routing."""
REEVALUATED = EventKind.CONDITIONS_REEVALUATED


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads the explanation: which cases, whether with what others' cases tell, and under which address.

    `ring` has the keys of what officers wrote; it is None for an audience that does not read it.
    """

    visibility: lookup.Visibility
    sees_others: bool
    address: str
    ring: KeyRing | None = None

    @classmethod
    def of_client(cls, caller: Caller) -> "Audience":
        """Return the audience of a client that files."""
        return cls(lookup.of_client(caller), READ_ALL in caller.scopes, "/v1/complaints")

    @classmethod
    def of_bureau(cls, bureau: Bureau, ring: KeyRing) -> "Audience":
        """Return the audience of a bureau's desk."""
        return cls(lookup.of_bureau(bureau), sees_others=True, address="/v1/desk/cases", ring=ring)


async def explain(
    db: Database,
    number: str,
    *,
    audience: Audience,
    reference: ReferenceData,
    language: Language = Language.EN,
) -> Explanation:
    """Return the explanation of a case. Raises NotFoundError if there is none that this audience may see."""
    async with db.transaction() as connection:
        case = await lookup.find(connection, number, audience.visibility)
        events = await case_events.of_case(connection, case)
        routing = _latest(events, DECIDING)
        sees_repetition = audience.sees_others or await _repeats_own(connection, case, routing, audience)
    rendering = Rendering(language, reference, audience.sees_others, sees_repetition)
    explanation = Explanation(
        number=number,
        status=case.status,
        language=language,
        routed=False,
        summary=decision_summary.not_routed(language),
        deadlines=_deadlines(case, audience, language),
        history=[
            ExplainedEvent(seq=row.seq, kind=row.kind, by=row.actor, at=row.at.astimezone(SHANGHAI))
            for row in events
            if audience.sees_others or row.kind not in _EVENTS_OF_OTHERS
        ],
    )
    if routing is None:
        return explanation
    later = later_changes.since(routing.seq, events, rendering, audience.ring)
    return _decided(
        explanation,
        case,
        routing,
        admission_of(events, rendering, accepted=case.accepted_at is not None),
        later,
        rendering,
    )


def _decided(
    explanation: Explanation,
    case: CaseRow,
    routing: StoredEvent,
    admission: ExplainedAdmission | None,
    later: LaterChanges,
    rendering: Rendering,
) -> Explanation:
    """Return the explanation with the decision: as it was stored, and in the summary as it was changed since."""
    document = cast("DecisionDocument", routing.data)
    assignment = _assignment(document["jurisdiction"], rendering)
    level = _level(document["level"], rendering) if "level" in document else None
    decided = (assignment, level, admission)
    return explanation.model_copy(
        update={
            "routed": True,
            "summary": decision_summary.summary(case, decided, later, rendering),
            "decided_at": routing.at.astimezone(SHANGHAI),
            "rulebook": document["rulebook"],
            "reference_version": document["reference"],
            "facts": _facts(document, rendering),
            "assignment": assignment,
            "level": level,
            "admission": admission,
        }
    )


async def _repeats_own(
    connection: AsyncConnection, case: CaseRow, routing: StoredEvent | None, audience: Audience
) -> bool:
    """Tell whether an earlier case of the same item is one that this audience sees, or of the same person.

    A client learns of a repetition only then. No statement where the decision found none.
    """
    document = cast("DecisionDocument", routing.data if routing is not None else {})
    if "level" not in document or Trigger.REPEATED not in document["level"]["triggers"]:
        return False
    mine, earlier = complaint_party.alias("mine"), complaint_party.alias("earlier")
    same_person = or_(
        earlier.c.phone_index == mine.c.phone_index, earlier.c.identity_index == mine.c.identity_index
    )
    statement = (
        select(complaint.c.number)
        .join(earlier, (earlier.c.bucket == complaint.c.bucket) & (earlier.c.complaint_id == complaint.c.id))
        .join(mine, mine.c.waybill_index == earlier.c.waybill_index)
        .where(
            mine.c.bucket == case.bucket,
            mine.c.complaint_id == case.id,
            earlier.c.complaint_id < case.id,
            complaint.c.carrier_code == case.carrier_code,
            or_(and_(*audience.visibility), same_person),
        )
    )
    return await connection.scalar(statement.limit(1)) is not None


def _latest(events: Sequence[StoredEvent], kinds: Sequence[str]) -> StoredEvent | None:
    return next((event for event in reversed(events) if event.kind in kinds), None)


def admission_of(
    events: Sequence[StoredEvent], rendering: Rendering, *, accepted: bool
) -> ExplainedAdmission | None:
    """Return the latest evaluation of the eight conditions: when the case was routed, or after a supplement."""
    event = _latest(events, (EventKind.ROUTED, REEVALUATED))
    if event is None or "admission" not in event.data:
        return None
    stored = cast("AdmissionDocument", event.data["admission"])
    return ExplainedAdmission(
        passed=stored["passed"],
        accepted=accepted,
        proposed_ground=stored["proposed_ground"],
        checks=rendering.tried(stored["checks"]),
        version=stored["version"],
    )


_OF_OTHERS = frozenset({"same_matter_number", "same_waybill_open", "provinces_hit"})
"""Facts that other clients' cases tell: a client sees its own cases, and no number of others."""
_EVENTS_OF_OTHERS = frozenset(
    {EventKind.DUPLICATE_PROPOSED, EventKind.DUPLICATE_DISMISSED, EventKind.TOOK_OVER, EventKind.GAVE_BACK}
)
"""Events that say that another case is about the same matter; a client need not know of a case that it did not file."""


def _facts(document: DecisionDocument, rendering: Rendering) -> dict[str, object]:
    hidden = frozenset() if rendering.sees_others else _OF_OTHERS
    return {name: value for name, value in shown_facts(document["facts"]).items() if name not in hidden}


def _deadlines(case: CaseRow, audience: Audience, language: Language) -> DeadlineSummary | None:
    if case.scope == CaseScope.IMPORT:
        return None
    return DeadlineSummary(
        next_due_at=case.next_due_at.astimezone(SHANGHAI) if case.next_due_at is not None else None,
        answer_due_at=case.total_due_at.astimezone(SHANGHAI),
        deadline_rules=case.deadline_version,
        basis=deadline_texts.ANSWER_BASIS.in_language(language),
        counting=deadline_texts.COUNTING.in_language(language),
        each=f"{audience.address}/{case.number}/deadlines",
    )


def _assignment(placed: PlacedDocument, rendering: Rendering) -> Assignment:
    tried = rendering.tried(placed["tried"])
    decided = (row.text for row in tried if row.rule == placed["rule"] and row.outcome == "matched")
    return Assignment(
        handling=rendering.bureau(placed["handling"]),
        supervising=rendering.bureau(placed["supervising"]),
        rule=placed["rule"],
        reason=next(decided, ""),
        needs_triage=placed["triage"],
        rules_tried=tried,
    )


def _trigger(code: str, rendering: Rendering) -> str:
    """Return the name of a trigger: a flag of urgency, a kind of goods, or a rule of levels."""
    text = decision_texts.OUTSIDE if code == decision_texts.NOT_SHOWN else decision_texts.TRIGGERS.get(code)
    if text is not None:
        return text.in_language(rendering.language)
    return rendering.name("urgency" if code in set(Urgency) else "goods", code)


def _level(level: LevelDocument, rendering: Rendering) -> ExplainedLevel:
    codes = [
        decision_texts.NOT_SHOWN if code == Trigger.REPEATED and not rendering.sees_repetition else code
        for code in level["triggers"]
    ]
    triggers = [RaisedBy(code=code, text=_trigger(code, rendering)) for code in codes]
    return ExplainedLevel(
        level=level["level"],
        name=rendering.name("level", level["level"]),
        triggers=triggers,
        copied_to=[rendering.bureau(code) for code in level["copied_to"]],
        version=level["version"],
    )

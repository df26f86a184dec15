"""One case by its public number, with its persons masked."""

from collections.abc import Callable
from typing import Any

from services.access.clients import Caller
from services.cases import lookup, parties
from services.reference.data import ReferenceData
from services.reference.labels import CodeName
from shared.clock import in_civil_time
from shared.database import Database
from shared.privacy import masking
from shared.privacy.keyring import KeyRing

SHOWN = (
    "number",
    "external_ref",
    "scope",
    "channel",
    "status",
    "level",
    "business",
    "business_type",
    "carrier_code",
    "issue_code",
    "issue_detail_code",
    "role",
    "goods",
    "urgency",
    "dispute_region",
    "mailing_region",
    "delivery_region",
    "complainant_region",
    "declared_value_fen",
    "freight_fen",
    "requested_fen",
    "mailed_on",
    "enterprise_outcome",
    "enterprise_complained_on",
    "other_procedure",
    "outlet",
    "received_at",
    "next_due_at",
    "total_due_at",
    "handling_bureau",
    "supervising_bureau",
    "copied_to",
    "triage",
    "routed_at",
    "accepted_at",
    "refused_at",
    "refusal_ground",
    "forwarded_at",
    "replied_at",
    "closed_at",
    "close_reason",
    "responsibility",
    "responsible_unit",
    "failing_link",
    "overturned",
    "satisfied_administration",
    "satisfied_enterprise",
    "reply_overdue",
    "reply_untruthful",
    "recovered_fen",
    "version",
)


async def find(
    db: Database, number: str, *, caller: Caller, reference: ReferenceData, ring: KeyRing
) -> dict[str, Any]:
    """Return one case, its persons masked. Raises NotFoundError if there is none that the caller may see."""
    async with db.transaction() as connection:
        row = await lookup.find(connection, number, lookup.of_client(caller))
        content = await parties.read(connection, row, ring)
    shown = {name: in_civil_time(getattr(row, name)) for name in SHOWN}
    shown["handling_bureau"] = bureau(row.handling_bureau, reference)
    shown["supervising_bureau"] = bureau(row.supervising_bureau, reference)
    shown["persons"] = masked(content)
    shown["waybill"] = masking.waybill(content["waybill"]) if content["waybill"] else None
    return shown


def bureau(code: str | None, reference: ReferenceData) -> CodeName | None:
    """Return code and name of a bureau."""
    if code is None:
        return None
    entry = reference.jurisdictions.bureaus.get(code)
    return {"code": code, "name": entry.name if entry else code}


def _phone(number: str) -> str:
    return masking.phone(number.removeprefix("+86"))


_MASKS: dict[str, Callable[[str], str]] = {
    "name": masking.name,
    "phone": _phone,
    "other_phone": _phone,
    "address": masking.address,
    "identity_card": masking.identity,
}


def masked(content: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return the persons of a sealed record, each field masked; what has no mask is not shown at all."""
    people = ((who, content.get(who)) for who in ("complainant", "agent", "sender", "addressee"))
    return {
        who: {name: mask(person[name]) for name, mask in _MASKS.items() if person.get(name)}
        for who, person in people
        if person is not None
    }

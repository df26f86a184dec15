"""One case by its public number, with its persons masked."""

from collections.abc import Callable
from datetime import date

from pydantic import Field

from services.access.clients import Caller
from services.cases import lookup, parties
from services.cases.parties import PersonField, SealedRecord
from services.fields import CivilTime, CloseReasonCode, View
from services.reference.data import ReferenceData
from services.reference.labels import CodeName
from services.views.masked_persons import MaskedPersons
from shared.database import Database
from shared.privacy import masking
from shared.privacy.keyring import KeyRing
from shared.vocabulary import (
    Business,
    BusinessType,
    CaseScope,
    Channel,
    EnterpriseOutcome,
    FailingLink,
    Goods,
    Level,
    OtherProcedure,
    RefusalGround,
    Responsibility,
    Role,
    Status,
    Urgency,
)


class ClientColumns(View):
    """The columns of a case that the client that filed it may read."""

    number: str
    external_ref: str | None = Field(description="The sender's own number.")
    scope: CaseScope
    channel: Channel
    status: Status
    level: Level
    business: Business
    business_type: BusinessType
    carrier_code: str
    issue_code: str
    issue_detail_code: str | None
    role: Role
    goods: Goods
    urgency: list[Urgency]
    dispute_region: str | None
    mailing_region: str | None
    delivery_region: str | None
    complainant_region: str | None
    declared_value_fen: int | None
    freight_fen: int | None
    requested_fen: int | None
    mailed_on: date | None
    enterprise_outcome: EnterpriseOutcome | None
    enterprise_complained_on: date | None
    other_procedure: OtherProcedure
    outlet: str | None
    received_at: CivilTime
    next_due_at: CivilTime | None
    total_due_at: CivilTime = Field(description="Until when the user is answered at the latest.")
    copied_to: list[str] = Field(description="Codes of the bureaus that got a copy.")
    triage: bool = Field(description="Whether an officer has to find the place.")
    routed_at: CivilTime | None
    accepted_at: CivilTime | None
    refused_at: CivilTime | None
    refusal_ground: RefusalGround | None
    forwarded_at: CivilTime | None
    replied_at: CivilTime | None
    closed_at: CivilTime | None
    close_reason: CloseReasonCode | None
    responsibility: Responsibility | None
    responsible_unit: str | None
    failing_link: FailingLink | None
    overturned: bool
    satisfied_administration: bool | None
    satisfied_enterprise: bool | None
    reply_overdue: bool
    reply_untruthful: bool
    recovered_fen: int
    version: int


class ClientCase(ClientColumns):
    """A case for the client that filed it."""

    handling_bureau: CodeName | None
    supervising_bureau: CodeName | None
    persons: MaskedPersons
    waybill: str | None = Field(description="The waybill number, masked.")


async def find(
    db: Database, number: str, *, caller: Caller, reference: ReferenceData, ring: KeyRing
) -> ClientCase:
    """Return one case, its persons masked. Raises NotFoundError if there is none that the caller may see."""
    async with db.transaction() as connection:
        row = await lookup.find(connection, number, lookup.of_client(caller))
        content = await parties.read(connection, row, ring)
    return ClientCase(
        **dict(ClientColumns.model_validate(row)),
        handling_bureau=bureau(row.handling_bureau, reference),
        supervising_bureau=bureau(row.supervising_bureau, reference),
        persons=MaskedPersons.model_validate(masked(content)),
        waybill=masking.waybill(content["waybill"]) if content["waybill"] else None,
    )


def bureau(code: str | None, reference: ReferenceData) -> CodeName | None:
    """Return code and name of a bureau."""
    if code is None:
        return None
    entry = reference.jurisdictions.bureaus.get(code)
    return {"code": code, "name": entry.name if entry else code}


def _phone(number: str) -> str:
    return masking.phone(number.removeprefix("+86"))


_MASKS: dict[PersonField, Callable[[str], str]] = {
    "name": masking.name,
    "phone": _phone,
    "other_phone": _phone,
    "address": masking.address,
    "identity_card": masking.identity,
}


def masked(content: SealedRecord) -> dict[str, dict[str, str]]:
    """Return the persons of a sealed record, each field masked; what has no mask is not shown at all."""
    return {
        role: {name: mask(text) for name, mask in _MASKS.items() if (text := person.get(name))}
        for role, person in parties.persons(content).items()
    }

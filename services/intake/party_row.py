"""The sealed record of a filing: its persons with normal numbers, and the words of the complaint."""

import uuid
from collections.abc import Callable

from typing_extensions import TypedDict

from services.cases import parties
from services.cases.parties import SealedPerson, SealedRecord
from services.intake import checks
from services.intake.filing import Filing, OrderFiling, Party
from shared import identifiers
from shared.privacy.keyring import KeyRing
from shared.vocabulary import Role


class PartyRow(TypedDict):
    """The row of the sealed record, with the indexes by which it is found."""

    bucket: int
    complaint_id: uuid.UUID
    sealed: bytes
    phone_index: bytes
    identity_index: bytes | None
    waybill_index: bytes | None


def of_filing(
    filing: Filing,
    persons: checks.Persons,
    waybill: str | None,
    bucket: int,
    complaint_id: uuid.UUID,
    ring: KeyRing,
) -> PartyRow:
    """Return the row of a filing: its persons and words sealed, bound to the case."""
    index: Callable[[str, str], bytes] = ring.index.of
    return {
        "bucket": bucket,
        "complaint_id": complaint_id,
        "sealed": parties.seal(_sealed_content(filing, persons, waybill), ring, complaint_id),
        "phone_index": index("phone", persons.phone),
        "identity_index": index("identity", persons.identity_card) if persons.identity_card else None,
        "waybill_index": index("waybill", identifiers.bare_waybill(waybill)) if waybill else None,
    }


def _sealed_content(filing: Filing, persons: checks.Persons, waybill: str | None) -> SealedRecord:
    who, first = filing.complainant, filing.enterprise_complaint
    complainant: SealedPerson = {"name": who.name, "phone": persons.phone, "address": who.address}
    if persons.identity_card:
        complainant["identity_card"] = persons.identity_card
    if isinstance(filing, OrderFiling) and filing.other_phone:
        # beside the first, never among the words of the case, which are shown unmasked
        complainant["other_phone"] = filing.other_phone
    content: SealedRecord = {
        "complainant": complainant,
        "cause": filing.cause,
        "request": filing.request,
        "waybill": waybill or filing.item.waybill,
    }
    if who.agent is not None and who.role is Role.AGENT:
        content["agent"] = {
            "name": who.agent.name,
            "phone": persons.agent,
            "authorisation_ref": who.agent.authorisation_ref,
        }
    if filing.sender is not None:
        content["sender"] = _party_content(filing.sender, persons.sender)
    if filing.addressee is not None:
        content["addressee"] = _party_content(filing.addressee, persons.addressee)
    if filing.dispute is not None and filing.dispute.address:
        content["dispute_address"] = filing.dispute.address
    if first is not None and (first.channel or first.result):
        content["enterprise_complaint"] = {"channel": first.channel, "result": first.result}
    return content


def _party_content(party: Party, phone: str | None) -> SealedPerson:
    return {"name": party.name, "phone": phone, "address": party.address}

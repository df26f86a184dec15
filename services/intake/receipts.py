"""The public number of a filing, and the receipt that its sender gets, now and at every repetition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.intake.preparation import Prepared
from services.intake.request_keys import Identity
from shared import clock, ids, serialisation


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """A prepared filing with its public number and its receipt."""

    prepared: Prepared
    number: str
    receipt: bytes
    identities: tuple[Identity, ...]


def number(prepared: Sequence[Prepared], serials: Sequence[int]) -> list[Numbered]:
    """Return filings with their numbers of today, one serial of its bucket for each."""
    today = clock.civil_day(clock.now())
    return [_numbered(filing, today, serial) for filing, serial in zip(prepared, serials, strict=True)]


def _numbered(filing: Prepared, today: date, serial: int) -> Numbered:
    number = ids.complaint_number(today, filing.bucket, serial)
    identities = tuple((filing.client_id, key) for key in filing.keys)
    return Numbered(filing, number, serialisation.to_bytes(_receipt(filing, number)), identities)


def _receipt(filing: Prepared, number: str) -> dict[str, object]:
    complaint = filing.complaint
    receipt: dict[str, object] = {
        "number": number,
        "external_ref": complaint["external_ref"],
        "status": complaint["status"],
        "received_at": complaint["received_at"].astimezone(clock.SHANGHAI),
        "notices": filing.notices,
        "links": {
            "self": f"/v1/complaints/{number}",
            "explanation": f"/v1/complaints/{number}/explanation",
        },
    }
    if filing.due_times is not None:
        receipt |= filing.due_times
    receipt |= filing.answer
    return receipt

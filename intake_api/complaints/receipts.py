"""Receipts of filings as they are answered. The use case writes them as JSON once, stored and sent byte for byte."""

from typing import Any

from pydantic import Field

from services.fields import CivilTime, View
from shared.vocabulary import Status


class ReceiptNotice(View):
    """A remark on a field of a filing that was accepted all the same."""

    code: str
    pointer: str = Field(description="JSON pointer into the filing.")
    message: str


class ReceiptLinks(View):
    """Addresses of the complaint."""

    self: str
    explanation: str


class Receipt(View):
    """The receipt of a complaint. Due moments are the first moment at which a deadline has passed."""

    number: str = Field(description="The public number, 17 digits.")
    external_ref: str | None = Field(description="The sender's own number.")
    status: Status
    received_at: CivilTime
    accept_due_at: CivilTime | None = Field(
        default=None, description="Deadline of the decision on acceptance."
    )
    total_due_at: CivilTime | None = Field(default=None, description="Deadline of the answer to the user.")
    due_provisional: bool | None = Field(
        default=None, description="Whether a deadline rests on days that the calendar does not know yet."
    )
    notices: list[ReceiptNotice]
    links: ReceiptLinks


class FilingResult(View):
    """The result of one row: a receipt, or a problem."""

    row: int = Field(description="The place of the row, from 0.")
    status: int = Field(description="201 stored, 200 stored before, else the status of its problem.")
    receipt: Receipt | None = None
    problem: dict[str, Any] | None = None


class BatchResult(View):
    """The results of a batch, one for each row, in the order of the rows."""

    stored: int
    stored_before: int
    refused: int
    results: list[FilingResult]

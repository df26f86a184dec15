"""The row of a hotline's order, typed: its fields are the columns of the table, in their order."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shared.models.work_orders import hotline_order


@dataclass(frozen=True, slots=True)
class OrderRow:
    """All columns of an order."""

    bucket: int
    region: str
    order_no: str
    parent_order_no: str | None
    kind: str
    # the complaint that it made, and the case that it follows since a merge
    complaint_bucket: int
    complaint_id: uuid.UUID
    case_bucket: int
    case_id: uuid.UUID
    received_at: datetime
    due_at: datetime | None
    extension: str | None
    extension_requested_to: datetime | None
    signed_at: datetime | None
    returned_at: datetime | None
    return_reason: str | None
    interim_due_at: datetime | None
    interim_at: datetime | None
    answered_at: datetime | None
    finished_at: datetime | None
    withdrawn_at: datetime | None
    urged: int
    urged_at: datetime | None
    supervised_at: datetime | None
    redone: int


SELECT = select(*(hotline_order.c[name] for name in OrderRow.__slots__))
"""Selects the columns of `OrderRow`, in their order."""

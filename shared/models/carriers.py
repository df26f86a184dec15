"""Data from carriers: replies, traces of items, scans."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from shared.models.base import _complaint_id, _seq, bucket, code, metadata, moment, of_case, one_of, stamped
from shared.vocabulary import FailingLink

reply = Table(
    "reply",
    metadata,
    bucket(),
    _complaint_id(),
    _seq(),
    Column("reply_ref", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    stamped("at"),
    Column("by", Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("missing", ARRAY(Text), nullable=False),
    Column("late", Boolean, nullable=False),
    Column("untruthful", Boolean, nullable=False, server_default=text("false")),
    Column("responsibility_admitted", Boolean),
    Column("responsible_unit", Text),
    code("responsible_link", nullable=True),
    Column("compensation_fen", BigInteger),
    Column("paid_on", Date),
    code("other_procedure", nullable=True),
    Column("sealed", LargeBinary, nullable=False),
    of_case(),
    UniqueConstraint("bucket", "complaint_id", "by", "reply_ref"),
    one_of("responsible_link", FailingLink),
    CheckConstraint("compensation_fen >= 0", name="compensation"),
)
"""A reply of an enterprise to a case; its words are sealed."""


trace = Table(
    "trace",
    metadata,
    bucket(),
    Column("carrier_code", Text, primary_key=True),
    Column("waybill_index", LargeBinary, primary_key=True),
    code("state"),
    moment("occurred_at"),
    Column("events", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    # region by issue: where delay, loss and damage belong, if the scans show it with enough certainty for routing
    Column("regions", JSON, nullable=False),
)
"""The summary of all scans of an item, recomputed with each scan; keyed by the blind index of the waybill."""


trace_event = Table(
    "trace_event",
    metadata,
    bucket(),
    Column("carrier_code", Text, primary_key=True),
    Column("waybill_index", LargeBinary, primary_key=True),
    Column("event_id", Text, primary_key=True),
    moment("occurred_at"),
    Column("seq", BigInteger, nullable=False, server_default=text("0")),
    code("system"),
    code("code"),
    code("state"),
    code("region", nullable=True),
    Column("outlet", Text),
    stamped("received_at"),
    one_of("system", ("KDNIAO", "S10", "SHENSU")),
)
"""One scan of an item, as the carrier sent it."""
